"""The only reader: one Sphinx read of all sources, into an environment that every writer shares."""
