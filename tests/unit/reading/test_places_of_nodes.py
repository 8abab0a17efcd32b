"""Source and line of a node: its own, else those of what it stands in."""

from __future__ import annotations

from docutils import nodes

from octavo.reading.log import source_and_line


def test_a_line_of_zero_is_no_line() -> None:
    paragraph = nodes.paragraph()
    paragraph.source, paragraph.line = "a.md", 5
    image = nodes.image()
    image.source, image.line = "a.md", 0
    paragraph += image
    assert source_and_line(image) == ("a.md", 5)


def test_nothing_known() -> None:
    assert source_and_line(nodes.image()) == (None, None)
