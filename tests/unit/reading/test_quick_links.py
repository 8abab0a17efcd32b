"""Addresses are what markdown-it makes of them."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from markdown_it.common.normalize_url import normalizeLink as made_by_markdown_it

from octavo.reading import quick_links


def test_each_is_made_once(monkeypatch: pytest.MonkeyPatch) -> None:
    asked = []

    def theirs(url: str) -> str:
        asked.append(url)
        return made_by_markdown_it(url)

    monkeypatch.setitem(quick_links.originals, "normalizeLink", theirs)
    urls = ["https://bücher.example/ä?b=ö#ü", "a b.html", "mailto:x@y", "HTTP://[::1]/", ""]
    assert [quick_links.normalized(url) for url in urls * 3] == [made_by_markdown_it(url) for url in urls] * 3
    assert asked == urls


def test_another_function_is_asked_again(monkeypatch: pytest.MonkeyPatch) -> None:
    other: Callable[[str], str] = str.upper
    monkeypatch.setitem(quick_links.originals, "normalizeLink", other)
    assert quick_links.normalized("a") == "A"
