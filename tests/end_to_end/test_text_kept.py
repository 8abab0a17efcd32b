"""Nothing of the text is lost on the way into the EPUB: page for page, every word of the site is there."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

from octavo_testing import ROOT, Run
from text_of_pages import lost, missing, words_of_epub


@pytest.mark.parametrize(("book", "least"), [(ROOT, 10_000)], ids=["sample"])
def test_every_word_of_the_site_is_in_the_epub(
    octavo: Callable[..., Run], tmp_path: Path, book: Path, least: int
) -> None:
    run = octavo("build", book, "--format", "html", "--format", "epub", "--out", tmp_path, "-D", "html_theme=basic")
    assert run.status == 0, run.err
    count, found = missing(tmp_path)
    assert found == {}
    assert count >= least


def test_what_is_lost_is_found() -> None:
    site = '<div class="body" role="main"><h1>One two<a class="headerlink">#</a></h1><p>three three</p></div>'
    assert lost(site, "<html><body><h1>One</h1><p>three</p></body></html>") == {"two": 1, "three": 1}
    assert not lost(site, "<html><body><h1>One <em>two</em></h1><p>three</p>three</body></html>")
    assert words_of_epub("<html><body>a<math><mi>x</mi></math></body></html>") == {"a": 1}
