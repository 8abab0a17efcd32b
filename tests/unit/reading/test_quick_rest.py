"""Inline text, paragraphs, options and parts of lists of lines come out as docutils has them."""

from __future__ import annotations

from types import SimpleNamespace
from typing import Any

import pytest
from docutils import nodes
from docutils.core import publish_doctree
from docutils.parsers.rst import Directive, directives
from docutils.parsers.rst.states import Body, Inliner, RSTState
from docutils.statemachine import StringList, ViewList
from hypothesis import given, settings
from hypothesis import strategies as st

from octavo.reading import quick_rest

PLACES = {
    (Inliner, "parse"): (quick_rest._parse, quick_rest.parse),
    (Inliner, "implicit_inline"): (quick_rest._implicit_inline, quick_rest.implicit_inline),
    (RSTState, "paragraph"): (quick_rest._paragraph, quick_rest.paragraph),
    (Body, "parse_extension_options"): (
        quick_rest._parse_extension_options,
        quick_rest.parse_extension_options,
    ),
    (ViewList, "__getitem__"): (quick_rest._get_item, quick_rest.get_item),
}
PIECES = st.sampled_from(
    [
        "word", " ", "\n", "\n\n", ":", "::", "http://a.b/c_d", "a@b.c", "mailto:x", "x:y", "urn:a", "*em*", "**",
        "`r`", ":role:`t`", "_", "__", "a_", "[1]_", "|s|", "\\", "\\*", "<http://a>", "ftp:", "é:ü", "RFC 1", "(", ".",
        "PEP 8", "http:", "'", "- ", "   ", ":a: b", ".. note::\n\n   ", "\u2019s", "\\http://no.no", "::\n\n  x",
    ]
)  # fmt: skip


def told(text: str, *, ours: bool, overrides: dict[str, Any] | None = None) -> list[Any]:
    with pytest.MonkeyPatch.context() as patch:
        for (place, name), both in PLACES.items():
            patch.setattr(place, name, both[ours])
        document = publish_doctree(
            text, settings_overrides={"report_level": 1, "warning_stream": "", **(overrides or {})}
        )
    found = []
    for node in document.findall():
        attributes = repr(node.attributes) if isinstance(node, nodes.Element) else str(node)
        found.append((type(node).__name__, attributes, getattr(node, "rawsource", None), node.source, node.line))
    return [*found, document.current_line, document.current_source]


@settings(max_examples=100)
@given(
    st.lists(PIECES, max_size=12), st.sampled_from([{}, {"character_level_inline_markup": True}, {"rfc_references": 1}])
)
def test_of_texts(pieces: list[str], overrides: dict[str, Any]) -> None:
    text = "".join(pieces)
    assert told(text, ours=True, overrides=overrides) == told(text, ours=False, overrides=overrides)


def test_another_pattern_is_asked(monkeypatch: pytest.MonkeyPatch) -> None:
    """As an extension may set one, for markup or addresses of its own."""
    searched = []

    class Pattern:
        def search(self, text: str) -> None:
            searched.append(text)

    inliner = Inliner()
    inliner.init_customizations(quick_rest._Settings(by_character=False))
    document = SimpleNamespace(reporter=None)
    memo = SimpleNamespace(document=document, language=None, reporter=None)
    monkeypatch.setattr(Inliner, "implicit_inline", quick_rest.implicit_inline)
    assert quick_rest.parse(inliner, "plain", 1, memo, nodes.paragraph()) == ([nodes.Text("plain")], [])
    inliner.implicit_dispatch[0] = (Pattern(), None)
    quick_rest.parse(inliner, "one", 1, memo, nodes.paragraph())
    assert searched == ["one"]
    inliner.patterns.initial = Pattern()
    quick_rest.parse(inliner, "two", 1, memo, nodes.paragraph())
    assert searched == ["one", "two", "two"]


class Told(Directive):
    """Says what it was given, and what it finds."""

    has_content = True
    optional_arguments = 1
    final_argument_whitespace = True
    option_spec = {  # noqa: RUF012 -- as docutils has it
        "text": directives.unchanged_required,
        "flag": directives.flag,
        "number": directives.nonnegative_int,
        "choice": lambda value: directives.choice(value, ("a", "b")),
        "more-words": directives.unchanged,
    }

    def run(self) -> list[nodes.Node]:
        inliner, document = self.state.inliner, self.state.document
        found = [self.arguments, sorted(self.options.items(), key=str), list(self.content), self.content_offset]
        found += [document.current_source, document.current_line, getattr(inliner, "document", None) is document]
        found += [getattr(inliner, "reporter", None) is document.reporter]
        found += [type(getattr(inliner, "parent", None)).__name__]
        return [nodes.literal(text=repr(found)), nodes.paragraph("", "made")]


OPTION_LINES = st.sampled_from(
    [
        ":text: a", ":text:", ":TEXT: b : c", ":text:   spaced", ":text: a `b`", ":flag:", ":flag: no", ":number: 3",
        ":number: -1", ":number: x", ":choice: a", ":choice: c", ":more-words: *a* b", ":un known: a", ":unknown: a",
        ":unknown_: a", ":text:no", "   goes on", "", ":number: 4  ", ": a", ":a\\:b: c", ":text: a\\", "text",
        ":*a*: b",        ":http://a: b", ":choice: b\t", ":text: a\u00a0",
    ]
)  # fmt: skip


@settings(max_examples=100)
@given(st.lists(OPTION_LINES, max_size=6), st.sampled_from(["", " an argument"]), st.booleans())
def test_of_options(lines: list[str], argument: str, with_text_before: bool) -> None:
    directives.register_directive("told-options", Told)
    written = "".join(f"   {line}\n" for line in lines)
    text = f"{'Before.' if with_text_before else ''}\n\n.. told-options::{argument}\n{written}\n   content\n\nAfter."
    assert told(text, ours=True) == told(text, ours=False)


def test_options_with_a_line_each_need_no_machine(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(quick_rest, "_parse_extension_options", lambda *_: pytest.fail("they have a line each"))
    directives.register_directive("told-options", Told)
    assert "('number', 3)" in str(told(".. told-options::\n   :flag:\n   :number: 3\n", ours=True))


@given(st.lists(st.text("ab \n"), max_size=5), st.integers(-6, 6) | st.none(), st.integers(-6, 6) | st.none())
def test_of_parts(lines: list[str], start: int | None, stop: int | None) -> None:
    whole = StringList(lines, "source")
    parts = [get(whole, slice(start, stop)) for get in (quick_rest._get_item, quick_rest.get_item)]
    theirs, ours = [(type(x), x.data, x.items, x.parent is whole, x.parent_offset) for x in parts]
    assert ours == theirs
    assert all(quick_rest.get_item(whole, i) == lines[i] for i in range(-len(lines), len(lines)))


def test_of_other_parts() -> None:
    class Own(StringList):
        pass

    assert type(quick_rest.get_item(Own(["a"], "b"), slice(0, 1))) is Own
    assert type(quick_rest.get_item(ViewList(["a"], "b"), slice(0, 1))) is ViewList
    with pytest.raises(AssertionError):
        quick_rest.get_item(StringList(["a"], "b"), slice(0, 1, 2))
    with pytest.raises(IndexError):
        quick_rest.get_item(StringList(["a"], "b"), 1)
