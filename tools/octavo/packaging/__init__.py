"""A staged publication to one EPUB file: the same bytes each time, on every machine."""
