"""Whatever text or HTML goes in, well-formed XML comes out, and no visible word is lost."""

import itertools
import re

from hypothesis import given, settings
from hypothesis import strategies as st
from lxml import etree

from octavo.writers.epub import anchors, page, soup
from octavo.writers.epub.content_model import KEPT, MATHML, SVG, XHTML, h
from octavo.writers.epub.repair import repair

TAGS = [
    "p", "div", "span", "a", "b", "em", "h1", "h2", "h3", "ul", "ol", "li",
    "dl", "dt", "dd", "table", "tr", "td", "th", "pre", "code", "section", "figure", "figcaption",
    "blockquote", "details", "summary", "label", "button", "form", "input", "select", "option", "svg", "math", "mi",
    "foo-bar", "center", "font", "tt", "main", "header", "footer", "img", "br", "hr", "iframe", "video",
    "ruby", "rt", "address", "caption",
]  # fmt: skip
ATTRIBUTES = ("id='a'", 'id="b c"', "class=x", "onclick='x()'", "href='#a'", "href=javascript:x", "data-x='1'",
              "style='color:red'", "src=x.png", "colspan=0", "role=tab",
              "lang='??'", "type=checkbox", "title='&lt;'")  # fmt: skip

words = st.text(alphabet="abcxyzäßあ0 ", min_size=1, max_size=8)
pieces = st.one_of(
    words,
    st.sampled_from(TAGS).map(lambda t: f"</{t}>"),
    st.tuples(st.sampled_from(TAGS), st.lists(st.sampled_from(ATTRIBUTES), max_size=3)).map(
        lambda t: f"<{t[0]} {' '.join(t[1])}>"
    ),
    st.sampled_from(
        ["<!-- a -- b --->", "&nbsp;", "&amp;", "&#0;", "\x00\x0b\x1f", "<!--octavo:3-->", "<![CDATA[x]]>"]
    ),
)
soups = st.lists(pieces, max_size=25).map("".join)


def cleaned(html: str) -> tuple[etree._Element, bytes]:
    body = soup.parse(html).body
    repair(body)
    anchors.settle_ids(body)
    anchors.settle_headings(body)
    written = page.serialise(body, title="T", language="en", direction="ltr")
    return body, written


@given(soups)
@settings(max_examples=150)
def test_any_soup_becomes_well_formed_and_known_elements(html):
    _, written = cleaned(html)
    root = etree.fromstring(written)
    for element in root.find(h("body")).iter(etree.Element):
        name = etree.QName(element)
        assert name.namespace in (XHTML, MATHML, SVG)
        assert name.namespace != XHTML or name.localname in KEPT | {"body"}
        assert not any(a.startswith(("on", "data-")) for a in element.attrib)


@given(soups)
@settings(max_examples=150)
def test_ids_are_unique_xml_names(html):
    _, written = cleaned(html)
    ids = etree.fromstring(written).xpath("//@id")
    assert len(ids) == len(set(ids))
    assert all(re.fullmatch(r"[^\W\d][\w.-]*", i) for i in ids)


@given(soups)
@settings(max_examples=150)
def test_content_model_holds(html):
    _, written = cleaned(html)
    root = etree.fromstring(written)
    for name in ("p", "span", "em", "b", "code", "pre", *(f"h{n}" for n in range(1, 7))):
        for element in root.iter(h(name)):
            assert not [e.tag for e in element.iterdescendants(h("div"), h("p"), h("ul"), h("table"), h("section"))]
    for link in root.iter(h("a")):
        assert not list(link.iterdescendants(h("a")))
    for terms in root.iter(h("ul"), h("ol")):
        assert {c.tag for c in terms} == {h("li")}
    for terms in root.iter(h("dl")):
        kinds = "".join("t" if c.tag == h("dt") else "d" if c.tag == h("dd") else "?" for c in terms)
        assert re.fullmatch(r"(t+d+)+", kinds)
    for item in root.iter(h("li")):
        assert item.getparent().tag in (h("ul"), h("ol"))


@given(soups)
@settings(max_examples=150)
def test_heading_ranks_have_no_gaps_and_one_h1(html):
    _, written = cleaned(html)
    ranks = [int(e.tag[-1]) for e in etree.fromstring(written).iter(*(h(f"h{n}") for n in range(1, 7)))]
    assert ranks.count(1) == (1 if ranks else 0)
    assert all(after <= before + 1 for before, after in itertools.pairwise(ranks))


@given(st.text(), st.sampled_from(["p", "div", "td", "li", "dd", "em", "h2", "foo"]))
@settings(max_examples=150)
def test_text_is_kept_to_the_letter(text, tag):
    visible = soup.without_forbidden_characters(text).replace("\r\n", "\n").replace("\r", "\n")
    escaped = text.replace("&", "&amp;").replace("<", "&lt;").replace("\r", "\n")
    opening, closing = ("<table><tr>", "</tr></table>") if tag == "td" else ("", "")
    body, _ = cleaned(f"{opening}<{tag}>|{escaped}|</{tag}>{closing}")
    assert "".join("".join(body.itertext()).split()) == "".join(f"|{visible}|".split())


@given(st.text(alphabet="ab:./#é0- あ²\u0301_", min_size=1))
def test_every_id_has_one_xml_name_and_keeps_it(name):
    made = anchors.xml_id(name)
    etree.fromstring(f'<!DOCTYPE a [<!ATTLIST a id ID #IMPLIED>]><a id="{made}"/>')
    assert ":" not in made
    assert anchors.xml_id(made) == made or not made.isascii()


def test_what_is_too_deep_keeps_its_text():
    _, written = cleaned("<div>" * 3000 + "deep" + "</div>" * 3000)
    assert b"deep" in written
    etree.fromstring(written)
