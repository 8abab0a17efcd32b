import pytest
from docutils import nodes

from octavo.reading.shown_text import shown_text


def raw(text, format="html"):
    return nodes.raw("", text, format=format)


@pytest.mark.parametrize(
    ("parts", "words"),
    [
        ([nodes.Text("a\n b"), nodes.emphasis("", " c ")], "a b c"),
        ([raw("<kbd>"), nodes.Text("Tab"), raw("</kbd>")], "Tab"),
        ([raw('<svg viewBox="0 0 1 1"><title>an icon</title><path d="M0"/></svg>'), nodes.Text(" Cloud")], "Cloud"),
        ([raw("<b>R&amp;D</b><!-- <i>no</i> --> 1 < 2")], "R&D 1 < 2"),
        ([nodes.Text("a"), raw("\\newpage", "latex"), nodes.footnote_reference("", "1")], "a"),
        ([nodes.image("", uri="a.png", alt="the sun"), nodes.literal("", " x")], "the sun x"),
        ([], ""),
    ],
)
def test_what_a_reader_sees_of_a_title(parts, words):
    title = nodes.title("", "", *parts)
    assert shown_text(title) == words
