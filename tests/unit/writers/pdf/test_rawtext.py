"""The words in raw HTML and LaTeX."""

from __future__ import annotations

import pytest

from octavo.writers.pdf.rawtext import read


@pytest.mark.parametrize(
    ("source", "text"),
    [
        ("<b>bold</b> text", "bold text"),
        ("<p>one</p><p>two</p>", "\n\none\n\ntwo"),
        ("a<br>b", "a\vb"),
        ("<script>x()</script><style>p{}</style>", ""),
        ('<input type="checkbox" checked>', "☑ "),
        ('<input type="checkbox">', "☐ "),
        ('<img src="x.png" alt="a cat">', "a cat"),
        ("<!-- nothing -->", ""),
        ("&lt;tag&gt; &amp; more", "&lt;tag&gt; &amp; more"),
    ],
)
def test_html(source: str, text: str) -> None:
    found = read(source, ["html"])
    assert (found.text, found.lost) == (text, None)


def test_html_that_shows_nothing_is_named() -> None:
    assert read('<iframe src="https://example.org"></iframe>', ["html"]).lost is not None


def test_html_ids_are_targets() -> None:
    assert read('<a id="x"></a><span name="no"></span><a name="y"></a>', ["html"]).ids == ("x", "y")


def test_latex() -> None:
    assert read(r"\newpage", ["latex"]).page_break
    assert read("plain words", ["latex"]).text == "plain words"
    assert read(r"\begin{tikzpicture}\end{tikzpicture}", ["latex"]).lost is not None
    assert read(r"\vspace{2cm}", ["latex"]).lost is None


def test_other_formats_are_named() -> None:
    assert read(".sp 2", ["manpage"]).lost == ".sp 2"
