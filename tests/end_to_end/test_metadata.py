"""Every field of book.toml in one EPUB: valid, and each statement where EPUB 3.3 has it."""

from __future__ import annotations

import os
import zipfile
from collections.abc import Callable
from pathlib import Path

import pytest
from lxml import etree

from octavo.checks.epub.epubcheck import epubcheck, find_epubcheck
from octavo_testing import Run

BOOK = """\
title = "Kafka on the Shore"
title-file-as = "Kafka on the Shore"
title-alternate-script = [{ text = "海辺のカフカ", language = "ja" }]
subtitle = "A novel"
language = "en"
other-languages = ["ja"]
date = 2026-11-22
modified = 2026-11-23T09:30:00Z
description = "A boy, a library."
publisher = "Example House"
rights = "© 2026 Example House"
source = "urn:isbn:9780306406157"
type = "textbook"
coverage = ["Japan", "1958 to 2002"]
relation = "https://example.org/companion"

[[identifier]]
type = "isbn-13"
value = "978-3-16-148410-0"

[[identifier]]
type = "proprietary"
value = "EX-17"

[[identifier]]
type = "urn"
value = "urn:nbn:de:101:1-2026"

[[other-title]]
text = "Kafka"
type = "short"
file-as = "Kafka"

[[contributor]]
name = "Haruki Murakami"
file-as = "Murakami, Haruki"
alternate-script = [{ text = "村上 春樹", language = "ja" }]

[[contributor]]
name = "Philip Gabriel"
role = "trl"

[[subject]]
term = "Music / General"
authority = "BISAC"
code = "MUS000000"

[[subject]]
term = "Fiction"

[series]
name = "World Letters"
position = 2
file-as = "World Letters"
identifier = "urn:issn:1234-5679"

[[collection]]
name = "Collected Works"
type = "set"
position = "4.1"
alternate-script = [{ text = "全作品", language = "ja" }]

[accessibility]
summary = "Everything is text."
hazards = ["none"]
certified-by = "A. Certifier"
certifier-credential = ["https://example.org/badge", "Member of a body"]
certifier-report = "https://example.org/report"
exemption = ["eaa-microenterprise"]
"""
OPF = "{http://www.idpf.org/2007/opf}"
DC = "{http://purl.org/dc/elements/1.1/}"
LANG = "{http://www.w3.org/XML/1998/namespace}lang"


@pytest.fixture(scope="module")
def book(tmp_path_factory: pytest.TempPathFactory, octavo: Callable[..., Run]) -> Path:
    root = tmp_path_factory.mktemp("metadata")
    (root / "conf.py").write_text('project = "x"\nextensions = ["myst_parser"]\n', encoding="utf-8")
    (root / "book.toml").write_text(BOOK, encoding="utf-8")
    (root / "index.md").write_text("# Kafka on the Shore\n\nA boy, a library.\n", encoding="utf-8")
    run = octavo("build", "--format", "epub", "-W", root)
    assert run.status == 0, run.err
    return next((root / "_build/epub").glob("*.epub"))


def test_epubcheck_has_nothing_to_say(book: Path) -> None:
    tool = find_epubcheck(os.environ)
    if tool is None:
        pytest.skip("EPUBCheck is not installed")
    assert [str(d) for d in epubcheck(book, tool)] == []


def test_every_shop_but_for_suggestions(book: Path, octavo: Callable[..., Run]) -> None:
    run = octavo("check", "epub", "--no-epubcheck", "--profile", "all", "-W", book)
    assert run.status == 0, run.err


def test_every_statement_is_in_the_package(book: Path) -> None:
    root = etree.fromstring(zipfile.ZipFile(book).read("EPUB/content.opf"))
    found = set()
    for element in root.find(f"{OPF}metadata"):
        name = str(element.tag).replace(DC, "dc:").replace(OPF, "")
        name = element.get("property") or element.get("rel") or element.get("name") or name
        if not name.startswith("schema:"):
            about = element.get("refines", "")
            value = (element.text or element.get("href") or element.get("content") or "").strip()
            found.add(f"{name}{about}={value}" + (f"@{element.get(LANG)}" if element.get(LANG) else ""))
    wanted = """dcterms:modified=2026-11-23T09:30:00Z
dc:identifier=urn:isbn:9783161484100
dc:identifier=EX-17
dc:identifier=urn:nbn:de:101:1-2026
identifier-type#pub-id=15
identifier-type#pub-id-2=01
identifier-type#pub-id-3=22
dc:title=Kafka on the Shore
title-type#title=main
file-as#title=Kafka on the Shore
alternate-script#title=海辺のカフカ@ja
dc:title=A novel
title-type#subtitle=subtitle
dc:title=Kafka
title-type#title-1=short
file-as#title-1=Kafka
display-seq#title=1
display-seq#subtitle=2
display-seq#title-1=3
dc:language=en
dc:language=ja
dc:creator=Haruki Murakami
role#creator-1=aut
file-as#creator-1=Murakami, Haruki
alternate-script#creator-1=村上 春樹@ja
display-seq#creator-1=1
dc:contributor=Philip Gabriel
role#creator-2=trl
display-seq#creator-2=2
dc:publisher=Example House
dc:date=2026-11-22
dc:description=A boy, a library.
dc:rights=© 2026 Example House
dc:source=urn:isbn:9780306406157
dc:type=textbook
dc:coverage=Japan
dc:coverage=1958 to 2002
dc:relation=https://example.org/companion
dc:subject=Music / General
authority#subject-1=BISAC
term#subject-1=MUS000000
dc:subject=Fiction
belongs-to-collection=World Letters
collection-type#series=series
group-position#series=2
dcterms:identifier#series=urn:issn:1234-5679
file-as#series=World Letters
belongs-to-collection=Collected Works
collection-type#collection-1=set
group-position#collection-1=4.1
alternate-script#collection-1=全作品@ja
dcterms:conformsTo=EPUB Accessibility 1.1 - WCAG 2.2 Level AA
a11y:certifiedBy#conformance=A. Certifier
a11y:certifierCredential#certifier=https://example.org/badge
a11y:certifierCredential#certifier=Member of a body
a11y:certifierReport#certifier=https://example.org/report
a11y:exemption=eaa-microenterprise"""
    assert sorted(w for w in wanted.splitlines() if w not in found) == []
    assert sorted(f for f in found if f not in wanted.splitlines() and not f.startswith("cover=")) == []
