"""Forms of notebook outputs: pictures before HTML, and conf.py's own words for EPUB kept."""

from types import SimpleNamespace

import pytest
from docutils import nodes

from octavo.reading import notebook_outputs
from octavo.reading.notebook_outputs import FORMS, OVERRIDES, choose_outputs, is_scripted


def chosen(given: list[tuple[str, str, int | None]]) -> dict[str, int | None]:
    """The priorities that MyST-NB comes to: the last entry of a form decides."""
    config = SimpleNamespace(values={OVERRIDES: None}, **{OVERRIDES: given})
    choose_outputs(config, "octavo-epub", like="epub")
    return {form: place for name, form, place in getattr(config, OVERRIDES) if name in ("*", "octavo-epub")}


def test_pictures_stand_before_html_and_text_comes_last():
    assert sorted(chosen([]), key=chosen([]).get) == list(FORMS)


def test_what_conf_py_says_for_epub_holds():
    assert chosen([("epub", "text/html", 1), ("html", "text/plain", 1), ("*", "image/png", None)]) == {
        **chosen([]),
        "text/html": 1,
        "image/png": None,
    }


def test_without_myst_nb_nothing_is_set():
    config = SimpleNamespace(values={})
    choose_outputs(config, "octavo-epub", like="epub")
    assert not hasattr(config, OVERRIDES)


@pytest.mark.parametrize(
    ("html", "scripted"),
    [
        ('<div id="vis"></div><script>vegaEmbed("#vis")</script>', True),
        ('<div><div class="bk-root"><span>Loading BokehJS ...</span></div></div><script>run()</script>', True),
        ("<canvas></canvas>", True),
        ("<style>p { color: red }</style><div></div><script src='x.js'></script>", True),
        ("<p>words</p><script>run()</script>", False),
        ("<table><tr><td>1</td></tr></table><script>sort()</script>", False),
        ('<img src="plot.png"><script>zoom()</script>', False),
        ("<b>words</b>", False),
        ("<div></div>", False),
    ],
)
def test_what_only_a_script_draws(html, scripted):
    assert is_scripted(html) is scripted


def bundle(**forms: str) -> nodes.container:
    made = nodes.container("", nb_element="mime_bundle")
    made.source, made.line = "book.ipynb", 30_002
    for name, content in forms.items():
        kind = {"html": "text/html", "png": "image/png", "plain": "text/plain"}[name]
        child = nodes.raw("", content, format="html") if name == "html" else nodes.literal_block(content, content)
        made += nodes.container("", child, mime_type=kind)
    return made


SCRIPT = "<div></div><script>draw()</script>"


@pytest.mark.parametrize(
    ("forms", "base", "left", "said"),
    [
        ({"html": SCRIPT, "png": "p", "plain": "Chart()"}, "", "image/png text/plain", []),
        ({"html": SCRIPT, "plain": "Chart()"}, "", "text/plain", ["Chart()"]),
        ({"html": SCRIPT}, "", "", ["text/html"]),
        ({"html": SCRIPT}, "https://example.org/", "text/plain", ["text/html"]),
        ({"html": "<p>words</p>", "plain": "x"}, "", "text/html text/plain", []),
    ],
)
def test_scripted_outputs_give_way(monkeypatch, forms, base, left, said):
    found = []
    monkeypatch.setattr(notebook_outputs, "report", lambda d, place: found.append((d, place)))
    made = bundle(**forms)
    builder = SimpleNamespace(config=SimpleNamespace(html_baseurl=base))
    notebook_outputs.settle_bundle(made, builder, "a/page", "pdf/content-replaced", "pdf")
    assert " ".join(c["mime_type"] for c in made.children) == left
    assert [d.value for d, _ in found] == said
    assert all("cell 3" in (d.context or "") and place.line is None for d, place in found)
    links = [r["refuri"] for r in made.findall(nodes.reference)]
    assert links == (["https://example.org/a/page.html"] if base else [])
