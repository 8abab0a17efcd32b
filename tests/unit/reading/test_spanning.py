"""Which pages an edit may have changed, by what they need of others."""

from __future__ import annotations

from collections import defaultdict
from types import SimpleNamespace
from typing import Any

import pytest
from docutils import nodes

from octavo.reading.spanning import Navigation, Needs, Spanning, name_of, spanning


def environment(**changed: Any) -> Any:
    """Two documents, `a` and `b`, and a domain."""
    labels = changed.get("labels", {"one": ("a", "one", "One"), "two": ("b", "two", "Two")})
    domain = SimpleNamespace(
        name=changed.get("domain", "std"),
        data={"labels": labels, "version": 1, **changed.get("data", {})},
        get_objects=lambda: changed.get("objects", ()),
    )
    titles = {name: nodes.title("", changed.get(f"title_{name}", name)) for name in ("a", "b")}

    def toc(name: str) -> nodes.bullet_list:
        headings = [nodes.list_item("", nodes.paragraph("", x)) for x in changed.get(f"headings_{name}", ["x"])]
        top = nodes.list_item("", nodes.paragraph("", name), nodes.bullet_list("", *headings))
        return nodes.bullet_list("", top)

    return SimpleNamespace(
        all_docs={"a": 1, "b": 1},
        domains=SimpleNamespace(sorted=lambda: [domain]),
        titles=titles,
        longtitles=titles,
        tocs={name: toc(name) for name in ("a", "b")},
        metadata={"a": {"wordcount": changed.get("words", 1)}},
        toctree_includes=changed.get("toctrees", {"a": ["b"]}),
        numbered_toctrees=set(),
        glob_toctrees=set(),
        toc_secnumbers=changed.get("sections", {}),
        toc_fignumbers=changed.get("figures", defaultdict(dict)),
        toc_num_entries={},
    )


def made(**changed: Any) -> Spanning:
    return spanning(environment(**changed), changed.get("parts", ["configuration"]))


def needs(**given: Any) -> Needs:
    values = {"documents": (), "neighbours": (), "names": (), **given}
    navigation = given.get("navigation", Navigation.NOTHING)
    sets = {name: frozenset(values[name]) for name in ("documents", "neighbours", "names")}
    return Needs(**sets, navigation=navigation)


def test_nothing_changed() -> None:
    changes = made(words=1).changes(made(words=2))
    assert changes is not None
    assert not changes.touch("a", needs(documents="ab", names={"one"}, navigation=Navigation.HEADINGS))


@pytest.mark.parametrize(
    "changed",
    [
        {"parts": ["another"]},
        {"toctrees": {"a": ["b"], "b": []}},
        {"data": {"whose": {"key": "value"}}},
        {"data": {"version": 2}},
    ],
)
def test_what_belongs_to_no_document_shows_everywhere(changed: dict[str, Any]) -> None:
    assert made(**changed).changes(made()) is None


@pytest.mark.parametrize(
    "changed",
    [
        {"labels": {"one": ("a", "one", "One"), "two": ("b", "two", "Other")}},
        {"labels": {"one": ("a", "one", "One"), "two": ("b", "two", "Two"), "three": ("b", "x", "X")}},
        {"labels": {"one": ("a", "one", "One")}},
        {"figures": {"b": {"figure": {"x": (1,)}}}},
        {"data": {"objects": {("kind", "thing"): ("b", "id")}}},
        {"data": {"referred": {"thing": {"b"}}}},
        {"data": {"by document": {"b": ["thing"]}}},
        {"data": {"tree": object()}, "objects": [("thing", "thing", "class", "b", "id", 1)]},
    ],
)
def test_what_changed_in_a_document_touches_who_needs_it(changed: dict[str, Any]) -> None:
    changes = made(**changed).changes(made(data={"tree": object()} if "objects" in changed else {}))
    assert changes is not None
    assert changes.documents == {"b"}
    assert changes.touch("b", needs())
    assert changes.touch("a", needs(documents={"b"}))
    assert not changes.touch("a", needs(documents={"a"}, names={"one"}))
    assert not changes.touch("a", needs(neighbours={"b"}, navigation=Navigation.HEADINGS))


@pytest.mark.parametrize(
    ("looked_for", "touched"),
    [("three", True), ("Three ", True), ("mod.three", True), ("~thr", True), ("four", False), ("one", False)],
)
def test_a_name_that_comes_touches_who_looks_for_it(looked_for: str, touched: bool) -> None:
    labels = {"one": ("a", "one", "One"), "two": ("b", "two", "Two"), "three": ("b", "three", "Three")}
    for changes in (made(labels=labels).changes(made()), made().changes(made(labels=labels))):
        assert changes is not None
        assert changes.touch("a", needs(names={name_of(looked_for)})) == touched


def test_a_title_touches_navigation_and_neighbours() -> None:
    changes = made(title_b="New").changes(made())
    assert changes is not None
    assert changes.touch("a", needs(neighbours={"b"}))
    assert changes.touch("a", needs(navigation=Navigation.TITLES))
    assert changes.touch("a", needs(navigation=Navigation.HEADINGS))
    assert not changes.touch("a", needs())


@pytest.mark.parametrize("changed", [{"headings_b": ["x", "y"]}, {"sections": {"b": {"#x": (1, 1)}}}])
def test_a_heading_touches_navigation_that_shows_it(changed: dict[str, Any]) -> None:
    changes = made(**changed).changes(made())
    assert changes is not None
    assert changes.touch("a", needs(navigation=Navigation.HEADINGS))
    assert not changes.touch("a", needs(navigation=Navigation.TITLES, neighbours={"b"}))


def test_a_number_of_the_whole_document_is_part_of_its_title() -> None:
    changes = made(sections={"b": {"": (2,)}}).changes(made(sections={"b": {"": (1,)}}))
    assert changes is not None
    assert changes.touch("a", needs(navigation=Navigation.TITLES))


def test_entries_of_indices_show_on_no_page() -> None:
    changes = made(domain="index").changes(made(domain="index", labels={}))
    assert changes is not None
    assert not changes.documents
