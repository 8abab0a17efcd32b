"""A hastened translator writes what it would have written."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from docutils import nodes
from docutils.utils import new_document
from hypothesis import given
from hypothesis import strategies as st
from sphinx.testing.util import SphinxTestApp
from sphinx.util.docutils import SphinxTranslator
from sphinx.writers.html5 import HTML5Translator

from octavo.writers.html.quick_translator import QuickWalk, hastened

pytestmark = pytest.mark.filterwarnings("ignore::DeprecationWarning")

WORDS = st.sampled_from(["", "a", "b", "a b", "language-de", "colwidths-auto", "x&y", 'q"', "<", "\n", "é", "a@b"])
ATTRIBUTES = st.dictionaries(
    st.sampled_from(["CLASS", "href", "role", "ROLE", "Title", "classes", "style"]),
    st.one_of(WORDS, st.just("heading"), st.lists(st.sampled_from(["a", "c"]), max_size=2), st.integers(0, 3)),
    max_size=4,
)
NODES = st.sampled_from([nodes.paragraph, nodes.table, nodes.bullet_list, nodes.literal_block, nodes.docinfo])


@pytest.fixture(scope="module")
def app(tmp_path_factory: pytest.TempPathFactory) -> Any:
    source = tmp_path_factory.mktemp("book")
    (source / "conf.py").write_text('root_doc = "index"\nextensions = ["sphinx.ext.graphviz"]\n')
    (source / "index.rst").write_text("Title\n=====\n")
    made = SphinxTestApp(srcdir=source)
    yield made
    made.cleanup()


def translator(app: SphinxTestApp, cls: type[SphinxTranslator] = HTML5Translator) -> Any:
    app.builder.prepare_writing({"index"})
    document = new_document("a.rst", app.builder.docsettings)
    return cls(document, app.builder)


def outcome(write: Callable[[], object]) -> object:
    try:
        return write()
    except (AssertionError, AttributeError, TypeError) as error:
        return type(error)


@given(node=NODES, tag=st.sampled_from(["p", "DIV"]), empty=st.booleans(), attributes=ATTRIBUTES, data=st.data())
def test_same_start_tags(
    app: SphinxTestApp,
    node: type[nodes.Element],
    tag: str,
    empty: bool,
    attributes: dict[str, Any],
    data: st.DataObject,
) -> None:
    if "CLASS" in attributes and not isinstance(attributes["CLASS"], str):
        del attributes["CLASS"]
    if "classes" in attributes and not isinstance(attributes["classes"], list):
        del attributes["classes"]
    classes = data.draw(st.lists(WORDS, max_size=2))
    ids = data.draw(st.lists(st.sampled_from(["one", "two", "three"]), max_size=3, unique=True))
    in_mailto = data.draw(st.booleans())

    def written(made: Any) -> object:
        made.in_mailto = in_mailto
        copied = {name: value[:] if isinstance(value, list) else value for name, value in attributes.items()}
        return outcome(lambda: made.starttag(node(classes=classes, ids=ids), tag, "\n", empty, **copied))

    plain, quick = translator_pair(app)
    assert written(quick) == written(plain)


def translator_pair(app: SphinxTestApp) -> tuple[Any, Any]:
    made = vars(app).setdefault("translators_of_test", (translator(app), hastened(translator(app))))
    assert isinstance(made[1], QuickWalk)
    assert not isinstance(made[0], QuickWalk)
    return made  # type: ignore[no-any-return]


@given(st.text())
def test_same_escapes(app: SphinxTestApp, text: str) -> None:
    plain, quick = translator_pair(app)
    assert quick.encode(text) == plain.encode(text)
    assert quick.attval(text) == plain.attval(text)


class _Own(nodes.emphasis):
    """Written as what it is made of."""


class _Skipped(nodes.paragraph):
    pass


def tree() -> nodes.document:
    document = new_document("a.rst")
    document += nodes.paragraph("", "Text & more ", _Own("", "inner", nodes.strong("", "s")), nodes.image(uri="a.svg"))
    document += _Skipped("", "unseen")
    document += nodes.bullet_list("", nodes.list_item("", nodes.paragraph("", "one")), nodes.list_item())
    return document


@pytest.mark.parametrize("raised", [nodes.SkipNode, nodes.SkipChildren, nodes.SkipDeparture, nodes.StopTraversal, None])
def test_same_walk(app: SphinxTestApp, raised: type[Exception] | None) -> None:
    def visit_skipped(self: Any, node: nodes.Element) -> None:
        self.body.append("<skipped>")
        if raised is not None:
            raise raised

    def depart_skipped(self: Any, node: nodes.Element) -> None:
        self.body.append("</skipped>")

    cls = type("Own", (HTML5Translator,), {"visit__Skipped": visit_skipped, "depart__Skipped": depart_skipped})

    def body(made: Any) -> str:
        tree().walkabout(made)
        return "".join(made.body)

    plain = body(translator(app, cls))
    assert body(hastened(translator(app, cls))) == plain
    assert "<em>inner" in plain or raised is nodes.StopTraversal
    assert "<skipped>" in plain


def test_methods_that_extensions_give_are_called(app: SphinxTestApp) -> None:
    made = translator(app)
    said: list[str] = []
    made.visit__Own = lambda node: said.append("visit")
    made.depart__Own = lambda node: said.append("depart")
    quick = hastened(made)
    assert isinstance(quick, QuickWalk)
    tree().walkabout(quick)
    assert said == ["visit", "depart"]


def test_who_chooses_methods_in_an_own_way_is_left_alone(app: SphinxTestApp) -> None:
    cls = type("Choosing", (HTML5Translator,), {"dispatch_visit": lambda self, node: None})
    assert type(hastened(translator(app, cls))) is cls


def test_who_writes_tags_in_an_own_way_keeps_it(app: SphinxTestApp) -> None:
    cls = type("Tags", (HTML5Translator,), {"starttag": lambda self, *_, **__: "<own>"})
    quick: Any = hastened(translator(app, cls))
    assert isinstance(quick, QuickWalk)
    assert quick.starttag(nodes.paragraph(), "p") == "<own>"
