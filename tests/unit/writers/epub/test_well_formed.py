"""A page that needs no HTML parser comes out as through one; a page that needs one is not read at all."""

import random

import pytest
from hypothesis import given
from hypothesis import strategies as st
from lxml import etree

from octavo.mathematics.mathml import to_mathml
from octavo.writers.epub import anchors, soup, well_formed
from octavo.writers.epub.meaning import mark_meaning
from octavo.writers.epub.repair import repair

MATH = to_mathml(r"\frac{a}{b} \neq \sum_{i=1}^n x_i < y", display=True)
MATH.set("alttext", "words")
FORMULA = etree.tostring(MATH, encoding="unicode")
TAGS = (
    "p",
    "div",
    "span",
    "a",
    "ul",
    "ol",
    "li",
    "dl",
    "dt",
    "dd",
    "em",
    "b",
    "code",
    "pre",
    "h1",
    "h2",
    "table",
    "thead",
)
TAGS += (
    "tbody",
    "tr",
    "td",
    "th",
    "caption",
    "figure",
    "figcaption",
    "aside",
    "section",
    "nav",
    "blockquote",
    "br",
    "hr",
)
TAGS += ("img", "details", "label", "center", "font", "button", "select", "my-thing", "svg", "colgroup", "col")
ATTRIBUTES = (
    "",
    ' class="a b"',
    ' class=" a"',
    ' class=""',
    ' id="x"',
    ' id="a b"',
    ' href="y.html#z"',
    ' src="p.png"',
    ' alt=" q "',
    ' lang="de"',
    ' style="color: red; text-align: right"',
    ' role="note"',
    ' width="50%"',
    ' height="20.4px"',
    ' title="t"',
    ' align="right"',
    ' name="n"',
    ' colspan="2"',
    ' onclick="x()"',
    ' class="headerlink"',
    ' start="3"',
    ' type="a"',
    ' aria-hidden="true"',
    ' epub:type="tip"',
    ' data-x="1"',
    ' aria-labelledby="x"',
    ' target="_blank"',
)
TEXTS = (
    "",
    "",
    "\n",
    "a",
    " b ",
    "&amp;",
    "&#160;",
    "&#8217;",
    "&nbsp;",
    "&lt;c&gt;",
    "é",
    "&#7;",
    "<!--octavo:3-->",
    "<!-- c -->",
)


def both(html: str, formulas: int = 0) -> tuple[str | None, str]:
    """The page read quickly (None where it is not), and the long way."""
    quick = well_formed.read(html, formulas)
    return None if quick is None else settled(quick), settled(soup.parse(html))


def settled(cleaned: soup.Cleaned) -> str:
    repair(cleaned.body, is_plain=cleaned.is_plain)
    anchors.settle_ids(cleaned.body)
    anchors.settle_headings(cleaned.body)
    mark_meaning(cleaned.body)
    for element in cleaned.body.iter(etree.Element):
        # it goes before a page is written, so that its place among the attributes is nobody's concern
        place = element.attrib.pop(soup.PLACE, None)
        if place is not None:
            element.set(soup.PLACE, place)
    return str(etree.tostring(cleaned.body, encoding="unicode"))


@pytest.mark.parametrize(
    "html",
    [
        '<section id="a">\n<h1>A</h1>\n<p>b '
        '<a class="reference internal" href="c.xhtml#d"><span class="std">e</span></a></p>\n</section>\n',
        '<ul class="simple">\n<li><p>a</p></li>\n<li><p>b</p><ul><li>c</li></ul></li>\n</ul>',
        '<dl class="glossary">\n<dt id="t">t</dt><dd><p>u</p></dd><dt>v</dt></dl>',
        '<table class="docutils"><colgroup><col style="width: 10%" /></colgroup>\n'
        '<thead><tr><th class="head"></th><th><p>a</p>'
        "</th></tr></thead><tbody><tr><td>b</td><td></td></tr></tbody></table>",
        '<figure id="f"><a class="image-reference" href="p.png"><img alt="q" src="p.png" style="width: 30%;" /></a>'
        '<figcaption><p><span class="caption-text">r</span></p></figcaption></figure>',
        "<pre>\n\nx\n</pre><p></p><p id='left'></p><hr /><br/>",
        "<p>&#64; &#x2192; &quot;&apos;\u200b</p><nav class='contents'><p class='topic-title'>a</p></nav>",
        '<!--octavo:0--><p>a <!--octavo:1--><a href="b">c</a> d <!--octavo:2-->e<img src="f"/> g</p>',
        '<div class="admonition tip"><p class="admonition-title">a</p>'
        '<aside class="footnote" role="doc-footnote">b</aside></div>',
        '<p lang="de" xml:lang="de">a</p>'
        '<span id="x:y"></span><span id="x:y"></span><i id="id-3f2504e04f8941d39a0c0305e82c3301">a</i>',
    ],
)
def test_the_same_page_without_a_parser(html: str) -> None:
    quick, slow = both(html)
    assert quick == slow


def test_own_formulas_stay_as_they_are() -> None:
    quick, slow = both(f'<div class="math">{FORMULA}</div><p>{FORMULA}</p>', 2)
    assert quick == slow
    assert well_formed.read(f"<p>{FORMULA}</p>", 0) is None


def test_marks_are_on_what_follows_them() -> None:
    read = well_formed.read('<!--octavo:4--><p>a<img src="b"/></p><!--octavo:5--><a href="c">d</a>', 0)
    assert read is not None
    places = [(e.tag.rpartition("}")[2], e.get(soup.PLACE)) for e in read.body.iter(etree.Element)]
    assert places == [("body", None), ("p", None), ("img", "4"), ("a", "5")]


@pytest.mark.parametrize(
    "html",
    [
        "<p>a<br>b</p>",
        "a&nbsp;b",
        "<p><div>a</div></p>",
        "<span><div>a</div></span>",
        "<a href='b'><em><a href='c'>d</a></em></a>",
        "<table><tr><td>a</td></tr></table>",
        "<table>a<tbody></tbody></table>",
        "<div/>a",
        "<ul><p>a</p></ul>",
        "<DIV>a</DIV>",
        "<details>a</details>",
        "<svg xmlns='http://www.w3.org/2000/svg'/>",
        "<math><mi>x</mi></math>",
        "<!-- a --><p>b</p>",
        "<?a b?>",
        "<p>\x0ba</p>",
        "<p>&#7;</p>",
        "<p>&#128;</p>",
        "<a class='headerlink' href='#a'>b</a>",
        "<script>a</script>",
        "<br>a</br>",
        "<p class='admonition-title expanded'>a</p>",
        "<my-thing>a</my-thing>",
        "<p a:b='c'>d</p>",
        "<![CDATA[a]]>",
        "<p>a</p></div>",
        "<div>" * 130 + "</div>" * 130,
    ],
)
def test_what_has_to_be_parsed_as_html(html: str) -> None:
    assert well_formed.read(html, 0) is None


def page(chance: random.Random, depth: int = 5) -> str:
    parts = []
    for _ in range(chance.randrange(1, 4)):
        parts.append(chance.choice(TEXTS))
        if depth and chance.random() < 0.8:
            tag = chance.choice(TAGS)
            start = f"<{tag}{chance.choice(ATTRIBUTES)}"
            if tag in ("br", "hr", "img", "col"):
                parts.append(f"{start} />")
            else:
                parts.append(f"{start}>{page(chance, depth - 1)}</{tag}>")
    return "".join(parts)


LIKELY = {
    "": ("section", "div", "p", "ul", "dl", "table", "h2", "figure", "pre"),
    "section": ("p", "div", "h2", "section"),
    "div": ("p", "div", "span", "pre", "aside"),
    "p": ("span", "a", "em", "img", "br", "code"),
    "ul": ("li",),
    "li": ("p", "ul"),
    "dl": ("dt", "dd"),
    "dd": ("p", "dl"),
    "dt": ("code", "span"),
    "table": ("caption", "thead", "tbody"),
    "thead": ("tr",),
    "tbody": ("tr",),
    "tr": ("td", "th"),
    "td": ("p", "ul", "span"),
    "th": ("p", "h2"),
    "figure": ("img", "figcaption", "p"),
    "figcaption": ("p",),
    "aside": ("p",),
    "pre": ("span",),
    "h2": ("code", "a"),
    "a": ("span", "img"),
    "caption": ("span", "div"),
}


def likely_page(chance: random.Random, parent: str = "", depth: int = 6) -> str:
    parts = []
    for _ in range(chance.randrange(4)):
        parts.append(
            chance.choice(("", "\n", " ") if parent in ("ul", "dl", "table", "thead", "tbody", "tr") else TEXTS[:8])
        )
        choices = LIKELY.get(parent)
        if choices and depth:
            tag = chance.choice(choices)
            start = f"<{tag}{chance.choice(ATTRIBUTES)}"
            if tag in ("br", "img"):
                parts.append(f"{start} />")
            else:
                parts.append(f"{start}>{likely_page(chance, tag, depth - 1)}</{tag}>")
    return "".join(parts)


@given(st.integers(0, 2**32))
def test_any_page_that_is_read_is_the_same(seed: int) -> None:
    chance = random.Random(seed)
    html = page(chance) if chance.random() < 0.3 else likely_page(chance)
    quick, slow = both(html)
    assert quick is None or quick == slow


def test_most_pages_of_a_usual_form_are_read() -> None:
    pages = [likely_page(random.Random(seed)) for seed in range(300)]
    assert sum(well_formed.read(html, 0) is not None for html in pages) > 100
