"""Siblings: each takes the environment and writes one format. A writer never sees another writer."""
