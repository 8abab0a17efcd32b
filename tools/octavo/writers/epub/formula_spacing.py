"""Signs in formulas with the room that TeX gives them, where browsers give them more or less.

By attributes of MathML 3, and of MathML Core alike; words that are spoken of a formula are made before.
"""

from __future__ import annotations

from lxml import etree

from octavo.writers.epub.content_model import MATHML

_MO, _MI = f"{{{MATHML}}}mo", f"{{{MATHML}}}mi"


def set_as_tex_does(math: etree._Element) -> None:
    """In place: a slash between its neighbours without gaps, a colon as the sign of a relation, `:=` as one sign."""
    for sign in math.iter(_MO):
        if sign.text == "/" and sign.get("lspace") is None:
            sign.set("lspace", "0")
            sign.set("rspace", "0")
    for colon in [letter for letter in math.iter(_MI) if letter.text == ":"]:
        colon.tag = _MO
        following = colon.getnext()
        if following is not None and following.tag == _MO and following.text == "=":
            colon.text = ":="
            colon.tail = following.tail
            parent = colon.getparent()
            assert parent is not None  # noqa: S101 -- it has a sibling
            parent.remove(following)
