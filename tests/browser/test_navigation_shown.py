"""The navigation that all pages of a site share, put into a page by its script, from a disk as from a server."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from octavo_testing import Run

CONF = """
html_theme = "sphinx_book_theme"
octavo_html_shared_navigation = True
"""
CHAPTERS = [f"c{n}" for n in range(4)]
CURRENT = "nav.bd-docs-nav a[aria-current=page]"
LINKS = "nav.bd-docs-nav a"
OPEN = "nav.bd-docs-nav details[open]"


@pytest.fixture
def page(octavo: Callable[..., Run], project: Callable[..., Path]) -> str:
    files = {"index.md": "# Book\n\n```{toctree}\npart0/index\npart1/index\n```\n"}
    for part in ("part0", "part1"):
        files[f"{part}/index.md"] = f"# {part}\n\n```{{toctree}}\n" + "\n".join(CHAPTERS) + "\n```\n"
        files |= {f"{part}/{name}.md": f"# {part} {name}\n" for name in CHAPTERS}
    source = project(files, conf=CONF)
    assert octavo("build", source, "-f", "html").status == 0
    return (source / "_build/html/part1/c2.html").as_uri()


def opened(browser: Any, address: str, *, scripts: bool) -> tuple[Any, list[str]]:
    context = browser.new_context(java_script_enabled=scripts, viewport={"width": 1400, "height": 900})
    page = context.new_page()
    errors: list[str] = []
    page.on("pageerror", lambda error: errors.append(str(error)))
    page.goto(address, wait_until="load")
    return page, errors


def test_with_scripts_the_whole_tree_is_there(browser: Any, page: str) -> None:
    shown, errors = opened(browser, page, scripts=True)
    assert shown.locator(LINKS).count() == 2 * (1 + len(CHAPTERS)) + 1
    assert shown.locator(CURRENT).all_inner_texts() == ["part1 c2"]
    assert shown.locator(CURRENT).is_visible()
    assert shown.locator(OPEN).count() == 1
    assert not shown.locator(LINKS, has_text="part0 c1").is_visible()
    shown.locator("nav.bd-docs-nav .toctree-toggle").first.click()
    shown.locator(LINKS, has_text="part0 c1").click()
    shown.wait_for_url("**/part0/c1.html")
    assert shown.locator(CURRENT).all_inner_texts() == ["part0 c1"]
    assert errors == []
    shown.context.close()


def test_without_scripts_the_branch_is(browser: Any, page: str) -> None:
    shown, _ = opened(browser, page, scripts=False)
    assert [text.strip() for text in shown.locator(LINKS).all_inner_texts()] == [
        "part1",
        *(f"part1 {name}" for name in CHAPTERS),
        "Complete Table of Contents",
    ]
    assert shown.locator(CURRENT).is_visible()
    shown.locator(LINKS).last.click()
    shown.wait_for_url("**/complete-contents.html")
    shown.locator("main a", has_text="part0 c1").click()
    shown.wait_for_url("**/part0/c1.html")
    shown.context.close()
