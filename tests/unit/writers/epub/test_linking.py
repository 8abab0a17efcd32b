"""What a link of the sources leads to in the book, and what is said of one that leads nowhere."""

from pathlib import Path

import pytest
from lxml import etree

from octavo.writers.epub.anchors import settle_ids
from octavo.writers.epub.content_model import h
from octavo.writers.epub.linking import AttachmentNames, Linker, Page, Targets
from octavo.writers.epub.pictures import PictureStore
from octavo.writers.epub.soup import parse

NAMES = {"index": "index.xhtml", "part/target": "part-target.xhtml", "part/index": "part-index.xhtml"}


def resolved(tmp_path: Path, html: str, folder: str = "part") -> Page:
    """A page of one document, with its links resolved among three."""
    body = parse(html).body
    ids, _ = settle_ids(body)
    page = Page(docname="part/index", href="part-index.xhtml", title="", body=body, folder=folder, ids=ids)
    targets = Targets(
        pages={"index.xhtml": {}, "part-target.xhtml": {"here": 0}, "part-index.xhtml": ids},
        names=NAMES,
        downloads={"_downloads/1/pack.zip": tmp_path / "pack.zip"},
        images={},
        folders=(tmp_path,),
    )
    Linker(targets, PictureStore(tmp_path), AttachmentNames(frozenset())).resolve(page)
    return page


def hrefs(page: Page) -> list[str | None]:
    return [a.get("href") for a in page.body.iter(h("a"))]


@pytest.mark.parametrize(
    ("written", "href"),
    [
        ("part-target.xhtml#here", "part-target.xhtml#here"),
        ("target.html#here", "part-target.xhtml#here"),
        ("target.html", "part-target.xhtml"),
        ("target.md#here", "part-target.xhtml#here"),
        ("../index.html", "index.xhtml"),
        ("./", "part-index.xhtml"),
        ("#own", "#own"),
        ("index.html#own", "#own"),
        ("https://example.org/a b", "https://example.org/a%20b"),
        ("//example.org/", "https://example.org/"),
        ("mailto:a@example.org", "mailto:a@example.org"),
    ],
)
def test_a_link_leads_to_what_it_means(tmp_path, written, href):
    page = resolved(tmp_path, f'<p id="own"><a href="{written}">words</a></p>')
    assert hrefs(page) == [href]
    assert page.findings == []


@pytest.mark.parametrize(
    ("written", "rule", "value", "context", "hint"),
    [
        ("target.html#gone", "links/anchor-missing", "gone", "part/target", None),
        ("#gone%20too", "links/anchor-missing", "gone too", "part/index", None),
        ("gone.html", "links/page-missing", "gone.html", None, None),
        ("gone.zip", "links/file-missing", "gone.zip", None, None),
        ("../../up.html", "links/outside-root", "../../up.html", None, None),
        ("/root.html", "links/local-file", "/root.html", None, None),
        ("file:///etc/hosts", "links/local-file", "file:///etc/hosts", None, None),
        ("C:\\x.html", "links/local-file", "C:\\x.html", None, None),
        ("javascript:run()", "epub/content-replaced", "javascript:run()", "a script", None),
        ("https://[::1", "links/url-invalid", "https://[::1", None, None),
        ("_downloads/1/pack.zip", "epub/content-replaced", "pack.zip", "a download", None),
    ],
)
def test_a_link_to_nowhere_keeps_its_words_and_is_said(tmp_path, written, rule, value, context, hint):
    page = resolved(tmp_path, f'<p><a href="{written}">words</a></p>')
    assert hrefs(page) == []
    assert etree.tostring(page.body, method="text", encoding="unicode") == "words"
    assert [(f.rule, f.value, f.context, f.hint) for f in page.findings] == [(rule, value, context, hint)]


@pytest.mark.parametrize(
    ("written", "right", "href"),
    [
        ("Target.html", "target.html", "part-target.xhtml"),
        ("TARGET.html#here", "target.html", "part-target.xhtml#here"),
        ("../Part/target.html", "target.html", "part-target.xhtml"),
        ("../INDEX.html", "../index.html", "index.xhtml"),
    ],
)
def test_a_link_in_another_case_is_said_and_leads_there(tmp_path, written, right, href):
    page = resolved(tmp_path, f'<p><a href="{written}">words</a></p>')
    assert hrefs(page) == [href]
    assert [(f.rule, f.value, f.context, f.hint) for f in page.findings] == [
        ("links/case-mismatch", written.partition("#")[0], right, f"did you mean '{right}'?")
    ]


@pytest.mark.parametrize("written", ["_modules/a/b.html#c", "_modules-a-b.xhtml#c", "../search.html", "#", ""])
def test_a_link_to_what_only_a_site_has_goes_silently(tmp_path, written):
    page = resolved(tmp_path, f'<p><a href="{written}">words</a></p>', folder="" if "search" not in written else "part")
    assert hrefs(page) == []
    assert page.findings == []
