import pytest
from latex2mathml.converter import convert
from lxml import etree

from octavo.writers.epub.formula_spacing import set_as_tex_does

TIGHT = {"lspace": "0", "rspace": "0"}


@pytest.mark.parametrize(
    ("latex", "signs"),
    [
        ("a/b", [("/", TIGHT)]),
        ("a+b", [("+", {})]),
        ("k := a", [(":=", {})]),
        ("f: X", [(":", {})]),
        ("a = b", [("=", {})]),
    ],
)
def test_signs_have_the_room_that_tex_gives_them(latex, signs):
    math = etree.fromstring(convert(latex))
    set_as_tex_does(math)
    once = etree.tostring(math)
    assert [(e.text, dict(e.attrib)) for e in math.iter("{*}mo")] == signs
    assert not [e for e in math.iter("{*}mi") if e.text == ":"]
    set_as_tex_does(math)
    assert etree.tostring(math) == once
