"""Formulas: LaTeX to presentation MathML at build time, and MathML to words.

Both the EPUB and the PDF writer start from the MathML, so that a formula is parsed once and reads the same in both.
"""
