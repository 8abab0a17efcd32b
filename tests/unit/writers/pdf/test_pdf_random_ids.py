"""Unlabelled equations get the same names in every build."""

from __future__ import annotations

from docutils import nodes
from docutils.utils import new_document

from octavo.writers.pdf.random_ids import count_random_ids

FIRST = "equation-bdd149f0-1232-4164-b34e-8eb9c8690d2d"
SECOND = "equation-5303ee58-8dda-42a6-9b3d-18a96ebaae0b"


def test_counts_in_order_and_follows_references() -> None:
    tree = new_document("a")
    link = nodes.reference("", "1", refid=SECOND)
    away = nodes.reference("", "x", refuri=f"%other#{FIRST}x")
    tree += [nodes.target("", "", ids=[FIRST, "own"]), nodes.target("", "", ids=[SECOND]), link, away]
    count_random_ids(tree)
    assert [element["ids"] for element in tree.children[:2]] == [["equation-auto-1", "own"], ["equation-auto-2"]]
    assert link["refid"] == "equation-auto-2"


def test_leaves_everything_else() -> None:
    tree = new_document("a")
    tree += nodes.target("", "", ids=["id1", "deadbeef-not-a-uuid"])
    before = tree.pformat()
    count_random_ids(tree)
    assert tree.pformat() == before
