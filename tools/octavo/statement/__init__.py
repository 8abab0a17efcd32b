"""What is said of an EPUB's accessibility: no more than its content bears out, for machines and in plain words.

The claims are held against the finished EPUB by the same rules as `octavo check epub`; what it does not bear out is
taken back. A report and a page for readers stand beside the EPUB.
"""

from octavo.statement.publishing import HEARD_RULES, publish

__all__ = ["HEARD_RULES", "publish"]
