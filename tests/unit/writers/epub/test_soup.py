"""What stands for what: one HTML construct and its XHTML, each as an extension really writes it."""

import pytest
from lxml import etree

from octavo.writers.epub import anchors, soup
from octavo.writers.epub.content_model import PLACE
from octavo.writers.epub.repair import repair
from octavo.writers.epub.translator import closed

NAMESPACES = (
    ' xmlns="http://www.w3.org/1999/xhtml"',
    ' xmlns:epub="http://www.idpf.org/2007/ops"',
)


def made(html: str) -> tuple[str, list[tuple[str, str]]]:
    cleaned = soup.parse(html)
    repair(cleaned.body)
    anchors.settle_ids(cleaned.body)
    for element in cleaned.body.iter(etree.Element):
        element.attrib.pop(PLACE, None)
    text = etree.tostring(cleaned.body, encoding="unicode")
    for namespace in NAMESPACES:
        text = text.replace(namespace, "")
    inner = text.removeprefix("<body>").removesuffix("</body>") if text != "<body/>" else ""
    return inner, [(f.rule, f.value) for f in cleaned.findings]


@pytest.mark.parametrize(
    ("html", "xhtml"),
    [
        ("a&nbsp;b<br>c", "a\xa0b<br/>c"),
        ("<p>a<div>b</div>", "<p>a</p><div>b</div>"),
        ("<span><div>b</div></span>", "<div><div>b</div></div>"),
        ("<em><p>b</p></em>", '<div class="as-em"><p>b</p></div>'),
        ("<h2><div>b</div></h2>", '<h2><span class="as-block">b</span></h2>'),
        ("<a href='x'>a<a href='y'>b</a></a>", '<a href="x">a</a><a href="y">b</a>'),
        ("<ul>a<li>b</li><p>c</p></ul>", "<ul>\n<li>a</li>\n<li>b</li>\n<li><p>c</p></li>\n</ul>"),
        ("<dl><dd>a</dd><dt>b</dt></dl>", "<dl>\n<dt/><dd>a</dd>\n<dt>b</dt>\n<dd/></dl>"),
        ("<dl><div><dt>a</dt><dd>b</dd></div></dl>", "<dl>\n<dt>a</dt>\n<dd>b</dd>\n</dl>"),
        ("<p></p><ul></ul>x", "x"),
        ("<p id='a'></p>x", '<span id="a"/>x'),
        ("<li>a</li>", '<div class="as-li">a</div>'),
        ("<table><tr><th></th><th>a</th></tr></table>", "<table><tbody><tr><td/><th>a</th></tr></tbody></table>"),
        ("<center><font color=red>a</font></center>", "<div><span>a</span></div>"),
        ("<my-widget>a</my-widget>", "<span>a</span>"),
        ("<details open><summary>a</summary>b</details>", '<div><p class="octavo-label">a</p>b</div>'),
        ("<details><summary>a<span class=sd-summary-state-marker><svg></svg></span></summary>b</details>",
         '<div><p class="octavo-label">a</p>b</div>'),
        ("<input type=checkbox checked disabled>", "<span>\u2611</span>"),
        ("<input type=checkbox>", "<span>\u2610</span>"),
        ("<select><option>a</option><option>b</option></select>", "<span>a / b</span>"),
        ("<button>copy</button><script>x()</script><style>a{}</style>", ""),
        ("<py-config>a</py-config><py-script id=b>import c\nd()</py-script>", '<span id="b"/>'),
        ("<textarea rows=3>a\n  b</textarea><textarea></textarea>", "<pre>a\n  b</pre>"),
        ("<p>a<textarea>b</textarea></p>", '<div class="as-p">a<pre>b</pre></div>'),
        ("<p onclick='x()' data-a=b style='color:red; text-align:right' class=c>a</p>",
         '<p style="text-align: right" class="c">a</p>'),
        ("<img src=a.png alt=b width=50% height=20px>", '<img src="a.png" alt="b" height="20" style="width: 50%"/>'),
        ("<object data='g.svg' type='image/svg+xml'>words</object>", '<img src="g.svg" alt="words"/>'),
        ("<!-- a -- b ---><p>c</p>", "<p>c</p>"),
        ("a\x00\x0bb", "ab"),
        ("<i id='x:y'>a</i><i id='x:y'>b</i>", '<i id="x_x3A_y">a</i><i id="x_x3A_y-2">b</i>'),
        ("<p role=tab aria-selected=true>a</p>", "<p>a</p>"),
        ("<a class=headerlink href='#a'>¶</a>b", "b"),
    ],
)  # fmt: skip
def test_each_construct_has_its_form(html, xhtml):
    assert made(html) == (xhtml, [])


def test_svg_keeps_its_case_and_loses_what_runs():
    text, _ = made(
        '<svg viewbox="0 0 1 1" onload="x()"><title>t</title><script>x()</script><linearGradient id="a:b"/>'
        '<rect fill="url(#a:b)"/><image xlink:href="https://e.org/x.png"/></svg>'
    )
    assert 'viewBox="0 0 1 1"' in text
    assert 'role="img"' in text
    assert 'id="a_x3A_b"' in text
    assert "url(#a_x3A_b)" in text
    assert "onload" not in text
    assert "script" not in text
    assert "https://e.org" not in text


@pytest.mark.parametrize(
    ("html", "rule"),
    [
        ("<iframe src='https://e.org/v' title='A film'></iframe>", "epub/remote-media"),
        ("<video controls><source src='https://e.org/v'>A film</video>", "epub/remote-media"),
        ("<audio src='a.mp3'>A film</audio>", "epub/content-replaced"),
    ],
)
def test_what_plays_becomes_a_titled_link_with_a_finding(html, rule):
    text, findings = made(html)
    assert text.startswith('<a href="')
    assert text.endswith(">A film</a>")
    assert [found for found, _ in findings] == [rule]


def test_marks_lead_back_to_nodes():
    cleaned = soup.parse("<!--octavo:7--><p><a href='#x'>a</a><!--octavo:8--><img src='y.png'></p>")
    assert [e.get(PLACE) for e in cleaned.body.iter() if e.get(PLACE)] == ["7", "8"]


@pytest.mark.parametrize(
    ("html", "end", "faults"),
    [
        ("<p>a", "<p>a", 0),
        ("<!-- a", "<!-- a-->", 1),
        ("<script>x()", "<script>x()</script>", 1),
        ("<svg><path/></svg>", "<svg><path/></svg>", 0),
        ("<textarea>", "<textarea></textarea>", 1),
    ],
)
def test_raw_html_cant_swallow_what_follows(html, end, faults):
    text, found = closed(html)
    assert (text, len(found)) == (end, faults)


def test_heading_ranks_are_closed_up():
    body = soup.parse("<h3>a</h3><h5>b</h5><h1>c</h1><h2>d</h2>").body
    anchors.settle_headings(body)
    assert [e.tag[-2:] for e in body] == ["h1", "h2", "h2", "h3"]


def test_formulas_and_drawings_have_no_prefix():
    body = soup.parse('<p><math><mi>x</mi></math><svg viewBox="0 0 1 1"><use xlink:href="#a"/></svg></p>').body
    written = etree.tostring(body, encoding="unicode")
    assert '<math xmlns="http://www.w3.org/1998/Math/MathML" alttext="x"><mi>x</mi></math>' in written
    assert '<svg xmlns="http://www.w3.org/2000/svg"' in written
    assert 'xlink:href="#a"' in written
    assert "ns0" not in written


def test_an_element_that_a_later_tag_closes_stays_open():
    assert closed("<math>", "<mi>x</mi></math>") == ("<math>", ())
    assert closed("<math>", "<mi>x</mi>") == ("<math></math>", ("<math> is not closed",))


def test_html_in_a_drawing_is_its_text():
    svg = '<svg viewBox="0 0 9 9"><foreignObject x="1" y="2"><p>in <b>side</b></p></foreignObject></svg>'
    written = etree.tostring(soup.parse(svg).body, encoding="unicode")
    assert '<text x="1" y="2" dy="1em">in side</text>' in written


def test_a_picture_in_a_drawing_goes_with_its_remote_file():
    html = (
        '<p><svg viewBox="0 0 9 9"><image href="https://example.org/x.png" width="9"/><text>after</text>'
        '<image xlink:href="data:image/png;base64,AA=="/></svg></p>'
    )
    svg = soup.parse(html).body[0][0]
    assert [(etree.QName(e).localname, e.text) for e in svg] == [("text", "after"), ("image", None)]


def test_the_labels_of_what_is_hidden_in_a_notebook_go():
    hidden = '<details><summary><p class="collapsed admonition-title">Show</p></summary>Shown.</details>'
    assert "".join(soup.parse(hidden).body.itertext()) == "Shown."
