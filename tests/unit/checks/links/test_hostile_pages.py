"""Pages that would keep a tree builder busy for hours are known beforehand; large drawings and tables are none."""

from __future__ import annotations

import pytest

from octavo.checks.links.nesting import is_too_deep
from octavo.checks.links.page import parse_html
from octavo.checks.links.web.anchors import read_anchors

MANY = 20_000
HOSTILE = [
    ("blocks", "<div>" * MANY),
    ("formatting", "<b><p>" * MANY),
    ("shapes outside of a drawing", "<path><div></div>" * MANY),
    ("shapes that seem to end", "<path/><p></p>" * MANY),
    ("shapes behind a drawing that HTML ended", "<svg><div>" + "<path/><p></p>" * MANY),
    ("shapes in foreign objects", "<svg><foreignObject>" + "<path/><p></p>" * MANY),
    ("shapes that end between quotes", '<svg><path a="/>">' * MANY),
    ("groups of options", "<optgroup><div></div>" * MANY),
    ("ruby texts", "<rt><div></div>" * MANY),
    ("attributes", "<p " + " ".join(f"a{n}=1" for n in range(MANY)) + ">"),
    ("attributes without values", "<p " + "/".join(f"a{n}" for n in range(MANY)) + ">"),
    ("attributes that hold tags", "<p " + " ".join(f"a{n}='<br>'" for n in range(MANY)) + ">"),
    ("attributes of roots", "".join(f"<html a{n}=1>" for n in range(MANY))),
    ("attributes of bodies", "".join(f"<BODY a{n}=1>" for n in range(MANY))),
]
PLAIN = [
    ("a drawing of many shapes", "<svg>" + '<path d="M0 0"/><use xlink:href="#a"/>' * MANY + "</svg>"),
    ("a drawing whose shapes have ends", "<svg>" + "<g><path></path></g>" * MANY + "</svg>"),
    ("many small drawings", '<p><svg viewBox="0 0 1 1"><path d="M0 0"/></svg></p>' * MANY),
    ("a long list", "<ul>" + "<li>x" * MANY + "</ul>"),
    ("a long table", "<table>" + "<tr><td>x<td>y" * MANY + "</table>"),
    ("a long attribute", '<p title="' + "many words / and more " * MANY + '">'),
    ("many paragraphs", '<p class="a" id="b">x' * MANY),
]


@pytest.mark.parametrize("page", [c[1] for c in HOSTILE], ids=[c[0] for c in HOSTILE])
def test_a_hostile_page_is_known_and_still_read(page: str) -> None:
    data = f'<!DOCTYPE html><p id="first">{page}'.encode()
    assert is_too_deep(data)
    assert "first" in parse_html(data).anchors
    assert "first" in read_anchors(data, "text/html").ids


@pytest.mark.parametrize("page", [c[1] for c in PLAIN], ids=[c[0] for c in PLAIN])
def test_a_large_page_is_not_hostile(page: str) -> None:
    assert not is_too_deep(f"<!DOCTYPE html>{page}".encode())
