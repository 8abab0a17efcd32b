"""The live preview: a server that shows the site, the EPUB and the PDF while the book is written.

The server's process watches the files and talks to browsers; it never loads Sphinx. A child holds the book in memory
(`reader`), another one builds the EPUB and the PDF by the ordinary pipeline (`books`). Either can be thrown away.
"""
