"""Rules of Markdown that are asked only where they can apply give the tokens that markdown-it-py gives."""

from __future__ import annotations

from importlib.util import find_spec, module_from_spec
from typing import Any

import pytest
from hypothesis import example, given
from hypothesis import strategies as st
from markdown_it import MarkdownIt
from markdown_it.parser_block import ParserBlock
from markdown_it.parser_inline import ParserInline
from markdown_it.renderer import RendererHTML
from myst_parser.config.main import MdParserConfig
from myst_parser.parsers.mdit import create_md_parser

from octavo.reading import patches, quick_rules

patches.apply()

DEFAULTS = {"dollarmath", "amsmath", "deflist", "colon_fence"}
OTHERS = {"fieldlist", "substitution", "attrs_block", "attrs_inline", "tasklist", "strikethrough", "alert", "linkify"}
PIECES = (
    *"abc_*`$%&<>!?~=-+#()[]{}\\:|^.,'\"1 \n\t",
    *("\n\n", "\n- ", "\n1. ", "\n> ", "\n    ", "  \n", "---", "===", "```", "~~~", ":::", "$$", "\n(a)=\n", "+++\n"),
    *("[^a]", "[^a]: ", "[a]: b\n", "{a}`b`", "<b>", "<!--", "|a|b|\n|-|-|\n", "\n: ", "\n~ ", "# ", "&amp;", "://"),
    *("\\begin{align}", "\\end{align}", "\xa0(a)=", "\x0b", "\0", "{{ a }}", "{.a}\n", ":a: b\n", "[ ] ", "**", "a\n"),
)
TEXTS = st.lists(st.sampled_from(PIECES), max_size=40).map("".join)


def parser(extensions: set[str]) -> MarkdownIt:
    return create_md_parser(MdParserConfig(enable_extensions=extensions), RendererHTML)


def parsed(markdown: MarkdownIt, text: str, *, quickly: bool) -> Any:
    """Tokens, or what is said instead."""
    with pytest.MonkeyPatch.context() as patch:
        if not quickly:
            patch.setattr(ParserBlock, "tokenize", originals["tokenize"])
            patch.setattr(ParserInline, "tokenize", originals["tokenize_inline"])
            patch.setattr(ParserInline, "parse", quick_rules.originals["parse"])
        try:
            return [token.as_dict() for token in markdown.parse(text, {})]
        except Exception as error:  # noqa: BLE001 -- plugins have their own bugs
            return repr(error)


def of_library() -> dict[str, Any]:
    """What markdown-it-py has, which is not kept where it is not needed."""
    found = {}
    for module, cls, name in (
        ("parser_block", "ParserBlock", "tokenize"),
        ("parser_inline", "ParserInline", "tokenize_inline"),
    ):
        spec = find_spec(f"markdown_it.{module}")
        assert spec is not None
        assert spec.loader is not None
        made = module_from_spec(spec)
        spec.loader.exec_module(made)
        found[name] = getattr(made, cls).tokenize
    return found


originals = of_library()
PARSERS = {name: parser(found) for name, found in (("few", set()), ("usual", DEFAULTS), ("all", DEFAULTS | OTHERS))}


@pytest.mark.parametrize("extensions", PARSERS)
@given(text=TEXTS)
@example("- x---\n  a\n---\n- b")  # front matter begins in the first line, wherever the first item begins
@example("a\n- b\n1. c\n2. d")  # which lists can end a paragraph hangs on what was before
@example("a\n\n2. b\n\na\n2. b")
@example("a\n\xa0(b)=\nc\n(b)=\nd")
@example("a\n\n: b\n\nc\n~ d")
@example("a\nb\n===\nc\n---\n- d\n===")
def test_tokens(extensions: str, text: str) -> None:
    markdown = PARSERS[extensions]
    assert parsed(markdown, text, quickly=True) == parsed(markdown, text, quickly=False)


def test_a_rule_that_is_not_known_is_always_asked() -> None:
    markdown = parser(DEFAULTS)
    asked = []

    def mine(state: Any, start_line: int, end_line: int, silent: bool) -> bool:
        asked.append((start_line, silent))
        return False

    def mine_inline(state: Any, silent: bool) -> bool:
        asked.append((state.src[state.pos], silent))
        return False

    markdown.block.ruler.before("blockquote", "mine", mine, {"alt": ["paragraph"]})
    markdown.inline.ruler.before("newline", "mine", mine_inline)
    markdown.parse("a\nb *\n\nc", {})
    assert asked == [(0, False), (1, True), (3, False), ("\n", False), ("*", False)]


def test_rules_that_are_added_or_disabled_later_count() -> None:
    markdown = parser(DEFAULTS)
    text = "a *b*\n\n# c"
    markdown.parse(text, {})
    markdown.disable(["heading", "emphasis"])
    tokens = markdown.parse(text, {})
    assert [token.type for token in tokens] == ["paragraph_open", "inline", "paragraph_close"] * 2
    assert [child.content for child in tokens[1].children or []] == ["a *b*"]
    markdown.enable(["heading", "emphasis"])
    assert "heading_open" in {token.type for token in markdown.parse(text, {})}


def test_a_text_rule_of_another_is_asked() -> None:
    markdown = parser(DEFAULTS)
    found = []

    def mine(state: Any, silent: bool) -> bool:
        found.append(state.pos)
        return False

    markdown.inline.ruler.before("text", "mine", mine)
    markdown.parse("words", {})
    assert found == [0]


def test_plugins_of_another_version_are_always_asked(monkeypatch: pytest.MonkeyPatch) -> None:
    target = "mdit_py_plugins.myst_blocks.index.target"
    rules = parser(DEFAULTS).block.ruler.getRules("")
    assert target in map(quick_rules._name, rules)
    monkeypatch.setattr(quick_rules, "_are_plugins_tested", lambda: False)
    assert not any(name.startswith("mdit_py_plugins") for name in map(quick_rules._name, rules))
