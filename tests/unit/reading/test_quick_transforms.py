"""Each quick transform leaves the document as Sphinx's own does, messages among it."""

from __future__ import annotations

import random
from collections.abc import Iterator
from types import SimpleNamespace

import pytest
from docutils import frontend, nodes
from docutils.transforms import Transformer
from docutils.utils import new_document
from hypothesis import example, given
from hypothesis import strategies as st
from sphinx import addnodes
from sphinx.transforms import ApplySourceWorkaround, SphinxSmartQuotes
from sphinx.transforms.references import SphinxDanglingReferences

from octavo.reading import quick_transforms

pytestmark = pytest.mark.filterwarnings("ignore::DeprecationWarning")

PIECES = [
    '"',
    "'",
    "-",
    "--",
    "---",
    "...",
    ". . .",
    ".",
    "`",
    "``",
    "''",
    "\\",
    "\0",
    "&quot;",
    "&#34;",
    "&",
    " ",
    "\n",
]
TEXTS = st.lists(st.sampled_from([*PIECES, "a", "word", "80s", "(", "”", "é"]), max_size=6).map("".join)
LANGUAGES = st.sampled_from(["en", "de", "fr-ch", "de-x-altquot", "tlh", "pt-BR"])
ACTIONS = st.sampled_from(["qDe", "qde", "1", "2", "3", "-1", "0", "qBiew", "b", "w", ""])
INLINE = (nodes.emphasis, nodes.literal, nodes.math, nodes.problematic, nodes.inline, addnodes.literal_emphasis)
BLOCKS = (nodes.paragraph, nodes.title, nodes.literal_block, nodes.comment, nodes.rubric, addnodes.desc_signature)


def document_with(chance: random.Random, texts: list[str], languages: list[str]) -> nodes.document:
    settings = frontend.get_default_settings()
    settings.report_level, settings.halt_level, settings.warning_stream = 5, 5, False
    document = new_document("a.rst", settings)
    into: nodes.Element = document
    for text in texts:
        if chance.random() < 0.2:
            into = nodes.section() if chance.random() < 0.7 else nodes.option_list_item()
            document += into
            if chance.random() < 0.4:
                into["classes"].append(f"language-{chance.choice(languages)}")
        block = chance.choice(BLOCKS)()
        into += block
        if chance.random() < 0.1:
            block["support_smartquotes"] = False
        for _ in range(chance.randrange(3)):
            block += nodes.Text(chance.choice(texts))
            inner = chance.choice(INLINE)("", chance.choice(texts))
            block += inner
            if chance.random() < 0.3:
                inner += nodes.strong("", text)
        if chance.random() < 0.2:  # a block within another
            inner = chance.choice(BLOCKS)("", "", nodes.Text(chance.choice(texts)))
            block += nodes.option_string("", text) if chance.random() < 0.1 else nodes.container("", inner)
        block += nodes.Text(text)
        if chance.random() < 0.1:
            block.children[-1].support_smartquotes = False
    return document


def told(document: nodes.document) -> Iterator[object]:
    """All that a document is."""
    for node in document.findall():
        words = str(node) if isinstance(node, nodes.Text) else node.attributes
        yield type(node), node.source, node.line, getattr(node, "rawsource", None), words
    for message in [*document.parse_messages, *document.transform_messages]:
        yield message.astext(), message.attributes


@given(
    st.integers(0, 9_999),
    st.lists(TEXTS, min_size=1, max_size=6),
    st.lists(LANGUAGES, min_size=2),
    ACTIONS,
    st.sampled_from([True, "alt", False, None]),
    st.sampled_from([None, [("tlh", "<>[]")], [("PT-br", "abcd")]]),
)
@example(5, [""] * 6, ["en", "en", "tlh"], "qDe", True, None)  # a language from above, since docutils 0.22
@example(5, ['"a"', "b"], ["en", "de"], "qDe", True, None)
def test_quotes(
    seed: int,
    texts: list[str],
    languages: list[str],
    action: str,
    smart_quotes: object,
    locales: list[tuple[str, str]] | None,
) -> None:
    def educated(transform: type[SphinxSmartQuotes]) -> list[object]:
        document = document_with(random.Random(seed), texts, languages)
        document.settings.smart_quotes, document.settings.smartquotes_locales = smart_quotes, locales
        return told_with_quotes(document, transform, languages[0], action)

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr("docutils.utils.smartquotes.smartchars.quotes", dict(QUOTES))
        theirs = educated(SphinxSmartQuotes)
        patch.setattr("docutils.utils.smartquotes.smartchars.quotes", dict(QUOTES))
        assert educated(quick_transforms.QuickSmartQuotes) == theirs


def told_with_quotes(
    document: nodes.document, transform: type[SphinxSmartQuotes], language: str, action: str
) -> list[object]:
    settings = document.settings
    settings.language_code = language
    config = SimpleNamespace(smartquotes=True, smartquotes_action=action, smartquotes_excludes={}, language="en")
    settings.env = SimpleNamespace(
        config=config, settings={"language_code": "en"}, _builder_cls=SimpleNamespace(name="html"), app=None
    )
    settings.env.app = SimpleNamespace(builder=SimpleNamespace(name="html"), config=config)  # before Sphinx 9
    made = transform(document, None)  # docutils says of a language only once that it doesn't know it
    document.reporter.attach_observer(document.note_transform_message)
    made.apply()
    return list(told(document))


@pytest.mark.parametrize("inner", [nodes.paragraph, nodes.literal_block, nodes.literal])
@pytest.mark.parametrize("outer", [nodes.paragraph, nodes.literal_block])
def test_quotes_of_a_block_within_another(inner: type[nodes.TextElement], outer: type[nodes.TextElement]) -> None:
    """Those after it follow what it ends with, and its own are looked at twice."""

    def educated(transform: type[SphinxSmartQuotes]) -> list[object]:
        document = document_with(random.Random(0), [], [])
        within = nodes.container("", inner("", "", nodes.Text("'b' \\\\'"), nodes.Text("(")))
        document += outer("", "", nodes.Text("a"), within, nodes.Text("\"c\" 'd'"))
        document.settings.smart_quotes, document.settings.smartquotes_locales = True, None
        return told_with_quotes(document, transform, "en", "qDe")

    assert educated(quick_transforms.QuickSmartQuotes) == educated(SphinxSmartQuotes)


QUOTES = dict(quick_transforms.smartquotes.smartchars.quotes)


@given(st.integers(0, 9_999), st.booleans())
def test_references(seed: int, debug: bool) -> None:
    def resolved(transform: type[SphinxDanglingReferences]) -> list[object]:
        chance = random.Random(seed)
        document = document_with(chance, ["a", "b", "c"], ["en", "de"])
        document.reporter.debug_flag = debug
        document.transformer = Transformer(document)
        document.reporter.attach_observer(document.note_transform_message)
        for node in list(document.findall(nodes.TextElement)):
            kind = chance.choice([nodes.reference, nodes.footnote_reference, nodes.citation_reference, nodes.target])
            names = {"refname": chance.choice(["here", "there", "<a"])} if kind is not nodes.target else {"refid": "x"}
            node.insert(0, kind("", "text", nodes.reference("", "inner", refname="there"), **names))
        target = nodes.target("", "", names=["here"])
        document += target
        document.note_explicit_target(target, target)
        transform(document, None).apply()
        return list(told(document))

    assert resolved(quick_transforms.QuickDanglingReferences) == resolved(SphinxDanglingReferences)


@given(st.integers(0, 9_999))
def test_sources(seed: int) -> None:
    def mended(transform: type[ApplySourceWorkaround]) -> list[object]:
        chance = random.Random(seed)
        document = document_with(chance, ["a", "b : c", "d"], ["en", "de"])
        for node in list(document.findall(nodes.section)):
            term, classifier = nodes.term("b : c", "b"), nodes.classifier("", "c")
            item = nodes.definition_list_item("", term, classifier)
            item.source, item.line = "i.rst", 5
            node.append(nodes.definition_list("", item))
            node.append(nodes.image(uri="a.png"))
            node.append(nodes.topic("", nodes.title("", "t")))
            node.append(nodes.line("", "l"))
        for node in document.findall(nodes.Element):
            if chance.random() < 0.5:
                node.source = chance.choice([None, "", "b.rst"])
            if chance.random() < 0.5:
                node.rawsource = chance.choice(["", "raw"])
        transform(document, None).apply()
        return list(told(document))

    assert mended(quick_transforms.QuickSourceWorkaround) == mended(ApplySourceWorkaround)


def test_places() -> None:
    class Another(SphinxSmartQuotes):
        pass

    registry = SimpleNamespace(transforms=[Another, SphinxSmartQuotes, ApplySourceWorkaround])
    listed = registry.transforms
    quick_transforms.take_places(SimpleNamespace(registry=registry))
    assert listed == [Another, quick_transforms.QuickSmartQuotes, quick_transforms.QuickSourceWorkaround]


def test_what_is_in_use_is_said(monkeypatch: pytest.MonkeyPatch) -> None:
    said = quick_transforms.described()
    assert said["sphinx.transforms.SphinxSmartQuotes"].startswith("walks a document once")
    assert len(said) == 3
    monkeypatch.setattr("sphinx.version_info", (99, 1, 0, "final", 0))
    assert {text.partition(" with ")[0] for text in quick_transforms.described().values()} == {"not in use: tested"}
