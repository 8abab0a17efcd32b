"""Each patch gives what Sphinx's own code gives, and stays out of a Sphinx that it wasn't tested with."""

from __future__ import annotations

import importlib.util
import inspect
import sys
from functools import partial
from importlib.util import find_spec
from types import ModuleType

import docutils
import pytest
import sphinx
from hypothesis import given
from hypothesis import strategies as st
from sphinx.environment.adapters import toctree

from octavo.reading import patches

NAMES = st.sampled_from(["a", "b", "c", "d", "e", "index"])
INCLUDES = st.dictionaries(NAMES, st.lists(NAMES, max_size=4))


def unpatched() -> ModuleType:
    """Sphinx's module as it is on disk."""
    spec = importlib.util.find_spec("sphinx.environment.adapters.toctree")
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


THEIRS = unpatched()


@given(INCLUDES, NAMES)
def test_ancestors(includes: dict[str, list[str]], docname: str) -> None:
    assert list(patches._toctree_ancestors(includes, docname)) == list(THEIRS._get_toctree_ancestors(includes, docname))


def test_a_document_that_was_read_again_has_other_children() -> None:
    includes = {"index": ["a"]}
    assert list(patches._toctree_ancestors(includes, "a")) == ["a"]
    includes["index"] = ["b"]
    assert list(patches._toctree_ancestors(includes, "a")) == []
    assert list(patches._toctree_ancestors(includes, "b")) == ["b"]


def test_another_sphinx_keeps_its_own_code(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(toctree, "_get_toctree_ancestors", THEIRS._get_toctree_ancestors)
    monkeypatch.setattr(sphinx, "version_info", (99, 1, 0, "final", 0))
    patches.apply()
    assert toctree._get_toctree_ancestors is THEIRS._get_toctree_ancestors
    assert all(said.startswith("not in use: tested with Sphinx 8.2 or 9.0") for said in patches.described().values())


def test_the_sphinx_at_hand_was_tested() -> None:
    patches.apply()
    assert toctree._get_toctree_ancestors is patches._toctree_ancestors
    left_out = {name for name, said in patches.described().items() if "not in use" in said}
    # what autodoc2 and bibliographies work with is here only if that is
    needed = {name for name in ("astroid", "pybtex") if find_spec(name) is None}
    left_out -= {p.name for p in patches.PATCHES if p.package in needed}
    # Sphinx 8.2 leaves settings to docutils
    assert left_out <= ({"sphinx.util.docutils._get_settings"} if sphinx.version_info < (9,) else set())


def test_what_a_version_lacks_is_left_out(monkeypatch: pytest.MonkeyPatch) -> None:
    lacking = ModuleType("lacking")
    patch = patches.Patch(name="a", why="b", place=lacking, attribute="gone", ours=print)
    monkeypatch.setattr(patches, "PATCHES", (patch,))
    patches.apply()
    assert not hasattr(lacking, "gone")
    assert patches.described() == {"a": "not in use: this version has nothing of the name"}


def test_what_a_book_does_not_need_is_not_loaded(monkeypatch: pytest.MonkeyPatch) -> None:
    """Nor is it patched in another version, and what was there is kept."""
    kept: dict[str, object] = {}
    ours = partial(print)
    patch = patches.Patch(
        name="a", why="b", place="some_module:Some", attribute="do", ours=ours, package="p", versions=((1, 2),),
        originals=kept,
    )  # fmt: skip
    monkeypatch.setattr(patches, "PATCHES", (patch,))
    monkeypatch.setattr(patches, "installed", {"p": (1, 2)}.get)
    patches.apply()
    assert "some_module" not in sys.modules
    module = ModuleType("some_module")
    module.Some = type("Some", (), {"do": 1})
    monkeypatch.setitem(sys.modules, "some_module", module)
    monkeypatch.setattr(patches, "installed", {"p": (1, 3)}.get)
    patches.apply()
    assert module.Some.do == 1
    assert patches.described() == {"a": "not in use: tested with p 1.2"}
    monkeypatch.setattr(patches, "installed", {"p": (1, 2)}.get)
    patches.apply()
    patches.apply()
    assert module.Some.do is ours
    assert kept == {"do": 1}
    assert patches.described() == {"a": "b"}


def test_versions() -> None:
    assert patches.installed("docutils") == docutils.__version_info__[:2]
    assert patches.installed("no-such-thing") is None


def test_what_is_patched_looks_as_it_was(monkeypatch: pytest.MonkeyPatch) -> None:
    """To autodoc, for which Sphinx's own documentation asks."""

    class Theirs:
        def do(self, some: int = 1) -> str:
            """Their text."""

        @property
        def value(self) -> int:
            """Their value."""

    def do(self: Theirs, *args: object) -> str:
        """Our text."""
        return "ours"

    def value(self: Theirs) -> int:
        """Our value."""
        return 1

    signature = inspect.signature(Theirs.do)
    table = [
        patches.Patch(name=name, why="b", place=Theirs, attribute=name, ours=ours)
        for name, ours in (("do", do), ("value", property(value)))
    ]
    monkeypatch.setattr(patches, "PATCHES", table)
    patches.apply()
    assert Theirs().do() == "ours"
    assert inspect.signature(Theirs.do) == signature
    assert Theirs.do.__doc__ == "Their text."
    assert Theirs.do.__qualname__.endswith("Theirs.do")
    assert Theirs().value == 1
    assert Theirs.value.__doc__ == "Their value."
