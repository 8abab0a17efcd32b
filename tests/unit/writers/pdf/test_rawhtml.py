"""Raw HTML as nodes."""

from __future__ import annotations

from pathlib import Path

import pytest
from docutils import nodes
from docutils.utils import new_document

from octavo.writers.pdf import rawhtml
from octavo.writers.pdf.links import Site
from octavo.writers.pdf.rawhtml import Grafter


@pytest.fixture
def grafter(tmp_path: Path) -> Grafter:
    (tmp_path / "x.png").write_bytes(b"x")
    site = Site(docnames=frozenset({"index"}), srcdir=tmp_path, extra=(), static=(), pictures={})
    return Grafter(docname="index", site=site, folder=tmp_path / "out")


def block(source: str) -> nodes.document:
    document = new_document("index.md")
    raw = nodes.raw("", source, format="html")
    raw.source, raw.line = "index.md", 7
    document += raw
    return document


@pytest.mark.parametrize(
    ("source", "xml"),
    [
        (
            "<p>a <b>b</b>\n <i>c</i></p>",
            "<paragraph>a <strong>b</strong> <emphasis>c</emphasis></paragraph>",
        ),
        ("one<br>two", '<paragraph>one<raw format="typst" xml:space="preserve">#linebreak();</raw>two</paragraph>'),
        ("<div>a<p>b</p>c</div>", "<paragraph>a</paragraph><paragraph>b</paragraph><paragraph>c</paragraph>"),
        ('<a href="x.html">y</a>', '<paragraph><reference refuri="x.html">y</reference></paragraph>'),
        ('<p id="p">y</p>', '<paragraph ids="p">y</paragraph>'),
        ('<a name="n"></a>', '<target ids="n"/>'),
        (
            "<ul><li>a</li><li><p>b</p></li></ul>",
            "<bullet_list><list_item><paragraph>a</paragraph></list_item>"
            "<list_item><paragraph>b</paragraph></list_item></bullet_list>",
        ),
        ("<h2>T</h2><hr>", "<rubric>T</rubric><transition/>"),
        (
            "<dl><dt>t</dt><dd>d</dd></dl>",
            "<definition_list><definition_list_item><term>t</term><definition><paragraph>d</paragraph></definition>"
            "</definition_list_item></definition_list>",
        ),
        ("<script>x()</script><style>p{}</style><!-- c -->", ""),
        ("<p>&lt;tag&gt;</p>", "<paragraph>&lt;tag&gt;</paragraph>"),
        ('<input type="checkbox" checked> done', "<paragraph>☑  done</paragraph>"),
        ("a <q>b</q> <u>c</u>", '<paragraph>a “b” <inline classes="underline">c</inline></paragraph>'),
        ("<pre>a\n b</pre>", '<literal_block language="none" xml:space="preserve">a\n b</literal_block>'),
    ],
)
def test_blocks(grafter: Grafter, source: str, xml: str) -> None:
    document = block(source)
    grafter.graft(document)
    assert "".join(child.asdom().toxml() for child in document.children) == xml
    assert all(n.line == 7 for n in document.findall(nodes.Element) if n is not document)


def test_tables_keep_heads_and_spans(grafter: Grafter) -> None:
    document = block(
        "<table><caption>C</caption><tr><th>a</th><th>b</th></tr><tr><td colspan=2>c</td></tr>"
        "<tr><td><table><tr><td>in</td></tr></table></td><td>d</td></tr></table>"
    )
    grafter.graft(document)
    table = next(document.findall(nodes.table))
    assert next(table.findall(nodes.title)).astext() == "C"
    assert [e.astext() for e in next(table.findall(nodes.thead)).findall(nodes.entry)] == ["a", "b"]
    assert [e.get("morecols", 0) for e in next(table.findall(nodes.tbody)).children[0].children] == [1]
    assert len(list(table.findall(nodes.table))) == 2


def heads(grafter: Grafter, head: str) -> list[list[str]]:
    body = "<tbody><tr><th>0</th><td>1</td><td>2</td></tr></tbody>"
    document = block(f"<table><thead>{head}</thead>{body}</table>")
    grafter.graft(document)
    return [[e.astext() for e in row.children] for row in next(document.findall(nodes.thead)).children]


def test_names_of_an_index_join_the_row_above(grafter: Grafter) -> None:
    columns = "<tr><th></th><th>type</th><th>name</th></tr>"
    assert heads(grafter, columns + "<tr><th>id</th><th></th><th></th></tr>") == [["id", "type", "name"]]


@pytest.mark.parametrize(
    "second",
    [
        "<tr><th></th><th></th><th></th></tr>",
        "<tr><th>id</th><th></th><th>m</th></tr>",
        "<tr><th></th><th>id</th><th></th></tr>",
        "<tr><th>a</th><th>b</th><th></th></tr>",
        "<tr><th colspan=2>id</th><th></th></tr>",
    ],
    ids=["empty", "units", "not-first", "over-a-name", "span"],
)
def test_other_second_rows_stay(grafter: Grafter, second: str) -> None:
    columns = "<tr><th></th><th>type</th><th>name</th></tr>"
    assert len(heads(grafter, columns + second)) == 2


def test_rows_without_cells_say_nothing(grafter: Grafter) -> None:
    document = block("<table><tr></tr><tr></tr><tr><td>a</td></tr></table>")
    grafter.graft(document)
    assert [e.astext() for e in document.findall(nodes.entry)] == ["a"]


def test_pictures_of_the_project(grafter: Grafter) -> None:
    document = block(
        '<img src="x.png" alt="A"><img src="gone.png"><img src="https://e.org/a.png">'
        '<img src="data:image/gif;base64,R0lGODlh" alt="d">'
    )
    grafter.graft(document)
    images = list(document.findall(nodes.image))
    assert images[0]["uri"] == str(grafter.site.srcdir / "x.png")
    assert images[0]["alt"] == "A"
    assert [i["uri"] for i in images[1:3]] == ["gone.png", "https://e.org/a.png"]
    assert Path(images[3]["uri"]).read_bytes() == b"GIF89a"


def test_tags_around_other_nodes(grafter: Grafter) -> None:
    document = new_document("index.md")
    document += nodes.paragraph(
        "",
        "",
        nodes.Text("a "),
        nodes.raw("", '<a href="x.html">', format="html"),
        nodes.emphasis("", "b"),
        nodes.raw("", "</a>", format="html"),
        nodes.Text(" c"),
    )
    grafter.graft(document)
    assert document.children[0].asdom().toxml() == (
        '<paragraph>a <reference refuri="x.html"><emphasis>b</emphasis></reference> c</paragraph>'
    )


@pytest.mark.parametrize(
    "html", ['<iframe srcdoc="x"></iframe>', "<select><option>a</option></select>", "<svg><path/></svg>"]
)
def test_what_needs_a_screen_stays_raw(grafter: Grafter, html: str) -> None:
    document = block(f"<p>a</p>{html}")
    grafter.graft(document)
    assert [type(n).__name__ for n in document.children] == ["paragraph", "raw"]


@pytest.mark.parametrize(
    ("html", "address", "words"),
    [
        ('<iframe src="https://e.org" title="A film"></iframe>', "https://e.org", "A film"),
        ('<video src="//e.org/v.mp4">no film</video>', "https://e.org/v.mp4", "no film"),
        ('<audio><source src="https://e.org/s.mp3"></audio>', "https://e.org/s.mp3", "https://e.org/s.mp3"),
        ('<embed src="film.swf">', "film.swf", "film.swf"),
    ],
)
def test_what_plays_elsewhere_is_led_to(
    grafter: Grafter, monkeypatch: pytest.MonkeyPatch, html: str, address: str, words: str
) -> None:
    said: list[str] = []
    monkeypatch.setattr(rawhtml, "report", lambda found, _node: said.append(found.rule))
    document = block(html)
    grafter.graft(document)
    assert [(r["refuri"], r.astext()) for r in document.findall(nodes.reference)] == [(address, words)]
    assert said == ["pdf/remote-media" if "e.org" in html else "pdf/content-replaced"]


def test_text_between_items_of_a_list_is_kept(grafter: Grafter) -> None:
    document = block("<ul><p>before</p><li>item</li>after</ul>")
    grafter.graft(document)
    assert [i.astext().strip() for i in document.findall(nodes.list_item)] == ["before", "item", "after"]


def test_depth_has_an_end(grafter: Grafter) -> None:
    document = block("<div>" * 3000 + "deep" + "</div>" * 3000)
    grafter.graft(document)
    assert document.astext().strip() == "deep"


def test_other_formats_are_left(grafter: Grafter) -> None:
    document = new_document("index.md")
    document += nodes.raw("", "\\newpage", format="latex")
    grafter.graft(document)
    assert isinstance(document.children[0], nodes.raw)
