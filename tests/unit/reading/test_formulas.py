"""A formula that comes again is converted once, unless its place has a say in it."""

from __future__ import annotations

from types import SimpleNamespace

import pytest
from docutils import nodes
from lxml import etree

from octavo.reading import formulas
from octavo.reading.formulas import Formulas


@pytest.fixture
def converted(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """The formulas that were really converted."""
    asked = []
    original = formulas.to_mathml

    def to_mathml(latex: str, **options: object) -> etree._Element:
        asked.append(latex)
        return original(latex, **options)

    monkeypatch.setattr(formulas, "to_mathml", to_mathml)
    return asked


@pytest.fixture
def book() -> Formulas:
    domain = SimpleNamespace(equations={"one": ("index", 1)})
    config = SimpleNamespace(language="en", math_numfig=False, numfig=False)
    env = SimpleNamespace(domains=SimpleNamespace(math_domain=domain), config=config, found_docs=set())
    return Formulas(SimpleNamespace(env=env, config=config), "epub")


def convert(book: Formulas, latex: str, docname: str = "index", *, display: bool = False) -> bytes:
    made = book.convert(latex, display=display, docname=docname, node=nodes.math())
    return b"" if made is None else etree.tostring(made.math)


def test_once_for_each_form(book: Formulas, converted: list[str]) -> None:
    first = convert(book, "a^2")
    assert convert(book, "a^2", "second") == first
    assert convert(book, "a^2", display=True) != first
    assert converted == ["a^2", "a^2"]


def test_what_a_writer_puts_on_one_is_not_on_the_next(book: Formulas) -> None:
    made = [book.convert("a^2", display=False, docname="index", node=nodes.math()) for _ in range(2)]
    assert made[0] is not None
    assert made[1] is not None
    made[0].math.set("alttext", "mine")
    assert made[1].math.get("alttext") is None
    assert b"alttext" not in convert(book, "a^2")


def test_macros_belong_to_their_document(book: Formulas) -> None:
    plain = convert(book, r"\ln x", "second")
    assert convert(book, r"\renewcommand{\ln}{L}") == b""
    assert convert(book, r"\ln x") != plain
    assert convert(book, r"\ln x", "second") == plain


def test_references_are_looked_up_each_time(book: Formulas, converted: list[str]) -> None:
    assert b"1" in convert(book, r"\eqref{one}")
    convert(book, r"\eqref{one}")
    assert len(converted) == 2


@pytest.mark.parametrize(
    ("of_conf", "of_book", "words"),
    [
        ("de", None, "a Quadrat"),
        ("en", "fr-CA", "a au carré"),
        ("it", None, "a^2"),
        ("de", "it", "a^2"),
        (None, None, "a squared"),
    ],
)
def test_words_are_the_book_s(book: Formulas, of_conf: str | None, of_book: str | None, words: str) -> None:
    book.builder.config.language, book.language = of_conf, of_book
    made = book.convert("a^2", display=False, docname="index", node=nodes.math())
    assert made is not None
    assert made.words == words
