"""Program text: a formatter is made once for the same options, and for other options another one."""

from __future__ import annotations

from octavo.writers.epub.highlighting import BookHighlighter


def test_formatters_are_made_once() -> None:
    highlighter = BookHighlighter("html", "default")
    assert highlighter.get_formatter(nowrap=True) is highlighter.get_formatter(nowrap=True)
    assert highlighter.get_formatter(hl_lines=[1]) is not highlighter.get_formatter(hl_lines=[2])


def test_text_is_written_by_its_own_options() -> None:
    highlighter = BookHighlighter("html", "default")
    texts = [highlighter.highlight_block("a\nb", "none", hl_lines=lines) for lines in ([1], [2], [1])]
    assert texts[0] == texts[2] != texts[1]
    assert '<span class="hll">a\n</span>' in texts[0]
    assert "linenos" in highlighter.highlight_block("a", "none", linenos=True)
    assert "linenos" not in highlighter.highlight_block("a", "none")
