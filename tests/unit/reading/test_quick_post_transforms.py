"""Each quick post-transform leaves the document as Sphinx's own does."""

from __future__ import annotations

from types import SimpleNamespace

import pytest
from docutils import frontend, nodes
from docutils.utils import new_document
from hypothesis import given
from hypothesis import strategies as st
from sphinx import addnodes
from sphinx.transforms.post_transforms.code import HighlightLanguageTransform

from octavo.reading import quick_post_transforms

pytestmark = pytest.mark.filterwarnings("ignore::DeprecationWarning")


def block(number: int) -> nodes.Element:
    text = "line\n" * (number % 4)
    made = nodes.literal_block(text, text)
    if number % 3 == 0:
        made["language"] = "c"
    if number % 5 == 0:
        made["linenos"] = True
    return nodes.container("", made) if number % 2 else made


def language(number: int) -> nodes.Element:
    made = addnodes.highlightlang(lang=f"lang{number}", force=bool(number % 2), linenothreshold=number % 3)
    return nodes.section("", made) if number % 2 else made


PARTS = st.lists(
    st.one_of(
        st.integers(0, 14).map(block),
        st.integers(0, 5).map(language),
        st.just(nodes.paragraph("", "text")),
    ),
    max_size=8,
)


@given(parts=PARTS, others=PARTS, several=st.booleans())
def test_same_languages(parts: list[nodes.Element], others: list[nodes.Element], several: bool) -> None:
    def document() -> nodes.document:
        made = new_document("a.rst", settings())
        for part in parts:
            made += part.deepcopy()
        if several:
            made += addnodes.start_of_file("", *(part.deepcopy() for part in others), docname="b")
        made.settings.env = SimpleNamespace(config=SimpleNamespace(highlight_language="default"))
        return made

    plain, quick = document(), document()
    HighlightLanguageTransform(plain).apply()
    quick_post_transforms.QuickHighlightLanguage(quick).apply()
    assert quick.pformat() == plain.pformat()
    assert not list(quick.findall(addnodes.highlightlang))


def settings() -> object:
    made = frontend.get_default_settings()
    made.report_level, made.halt_level, made.warning_stream = 5, 5, False
    return made


def test_they_take_the_places_of_sphinx_own() -> None:
    app = SimpleNamespace(registry=SimpleNamespace(post_transforms=[HighlightLanguageTransform, int]))
    quick_post_transforms.take_places(app)  # type: ignore[arg-type]
    assert app.registry.post_transforms == [quick_post_transforms.QuickHighlightLanguage, int]
