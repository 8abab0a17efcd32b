"""The PDF writer: resolved documents to Typst, Typst to a tagged PDF.

It owns everything between a resolved document and the finished file: the template, the escaping, the mathematics, the
compiler's refusals, the named destinations. It refuses to fetch anything, to run any program, and to know of HTML.
"""

from octavo.writers.pdf.builder import PdfBuilder
from octavo.writers.pdf.settings import register_config

__all__ = ["PdfBuilder", "register_config"]
