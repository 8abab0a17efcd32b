"""The packager, and each defect of EbookLib that it works around."""

import dataclasses
import datetime
import os
import random
import stat
import tracemalloc
import zipfile
from pathlib import Path

import pytest
from lxml import etree

from octavo.diagnostics import WriterError
from octavo.metadata import Contributor, Identifier, Metadata, Series, Subject
from octavo.packaging.package import package
from octavo.staging import AccessibilityStatement, NavigationPoint, PageBreak, Publication, Resource, SpineItem

XHTML = b"""<?xml version="1.0" encoding="utf-8"?>
<!DOCTYPE html>
<html xmlns="http://www.w3.org/1999/xhtml" lang="en" xml:lang="en"><head><title>T</title></head>\
<body class="b">leading <b>a</b><i>b</i><svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 1 1"/></body></html>
"""
NS = {
    "o": "http://www.idpf.org/2007/opf",
    "dc": "http://purl.org/dc/elements/1.1/",
    "n": "http://www.daisy.org/z3986/2005/ncx/",
}
METADATA = Metadata(
    title="T & <b>",
    subtitle="Sub",
    language="ar",
    identifiers=(Identifier(type="isbn-13", value="978-0-306-40615-7"), Identifier(type="doi", value="10.1000/182")),
    modified=datetime.datetime(2026, 11, 22, tzinfo=datetime.UTC),
    date=datetime.date(2026, 11, 22),
    contributors=(
        Contributor(name="Ada", file_as="A., Ada"),
        Contributor(name="Bo"),
        Contributor(name="Cy", role="trl"),
    ),
    subjects=(Subject(term="Music", authority="BISAC", code="MUS000000"),),
    series=Series(name="Cases", position="2"),
)


def publication(root: Path) -> Publication:
    for name in ("nav.xhtml", "a.xhtml", "b.xhtml"):
        (root / name).write_bytes(XHTML)
    (root / "images").mkdir(exist_ok=True)
    (root / "images" / "c.png").write_bytes(b"\x89PNG\r\n\x1a\n")
    kind = "application/xhtml+xml"
    return Publication(
        root=root,
        name="t",
        metadata=METADATA,
        resources=(
            Resource(href="nav.xhtml", media_type=kind, properties=("nav",)),
            Resource(href="a.xhtml", media_type=kind, properties=("mathml", "svg")),
            Resource(href="b.xhtml", media_type=kind),
            Resource(href="images/c.png", media_type="image/png", properties=("cover-image",)),
        ),
        spine=(SpineItem(href="a.xhtml"), SpineItem(href="b.xhtml", linear=False)),
        toc=(
            NavigationPoint(title="Part", href=None, children=(NavigationPoint(title="A", href="a.xhtml"),)),
            NavigationPoint(title="B", href="b.xhtml"),
        ),
        page_breaks=(PageBreak(label="xii", href="a.xhtml#p"),),
        accessibility=AccessibilityStatement(
            features=("index",), conforms_to="EPUB Accessibility 1.1", certified_by="Ada"
        ),
        direction="rtl",
    )


@pytest.fixture
def staged(tmp_path):
    root = tmp_path / "staged"
    root.mkdir()
    return publication(root)


@pytest.fixture
def archive(staged, tmp_path):
    package(staged, tmp_path / "t.epub")
    with zipfile.ZipFile(tmp_path / "t.epub") as made:
        yield made


def opf(archive: zipfile.ZipFile) -> etree._Element:
    return etree.fromstring(archive.read("EPUB/content.opf"))


def test_mimetype_is_first_and_stored(archive):
    first = archive.infolist()[0]
    assert (first.filename, first.compress_type, first.extra) == ("mimetype", zipfile.ZIP_STORED, b"")
    assert archive.read("mimetype") == b"application/epub+zip"


def test_l426_our_bytes_are_kept_exactly(archive):
    assert archive.read("EPUB/a.xhtml") == XHTML


def test_l963_modified_is_the_metadatas(archive):
    moment = opf(archive).findtext(".//o:meta[@property='dcterms:modified']", namespaces=NS)
    assert moment == "2026-11-22T00:00:00Z"


def test_l1022_properties_are_in_the_manifest(archive):
    found = {i.get("href"): i.get("properties") for i in opf(archive).iterfind(".//o:item", NS)}
    assert found["a.xhtml"] == "mathml svg"
    assert found["nav.xhtml"] == "nav"
    assert found["images/c.png"] == "cover-image"
    assert found["b.xhtml"] is None


def test_l1038_and_l1297_the_spine_names_an_ncx_with_depth_and_pages(archive):
    package_document = opf(archive)
    spine = package_document.find("o:spine", NS)
    assert package_document.find(f".//o:item[@id='{spine.get('toc')}']", NS).get("href") == "toc.ncx"
    assert (spine.get("page-progression-direction"), [i.get("linear") for i in spine]) == ("rtl", [None, "no"])
    table = etree.fromstring(archive.read("EPUB/toc.ncx"))
    heads = {m.get("name"): m.get("content") for m in table.iterfind(".//n:meta", NS)}
    assert (heads["dtb:depth"], heads["dtb:totalPageCount"]) == ("2", "1")
    assert heads["dtb:uid"] == package_document.findtext(".//dc:identifier", namespaces=NS)
    points = [(p.findtext("n:navLabel/n:text", namespaces=NS), p.find("n:content", NS).get("src"), p.get("playOrder"))
              for p in table.iterfind(".//n:navPoint", NS)]  # fmt: skip
    assert points == [("Part", "a.xhtml", "1"), ("A", "a.xhtml", "1"), ("B", "b.xhtml", "2")]


def test_l1119_the_package_has_a_language(archive):
    assert opf(archive).get("{http://www.w3.org/XML/1998/namespace}lang") == "ar"


def test_l696_l703_two_authors_have_ids_roles_and_sort_names_of_their_own(archive):
    package_document = opf(archive)
    ids = [e.get("id") for e in package_document.iterfind(".//dc:creator", NS)]
    assert ids == ["creator-1", "creator-2"]
    assert [e.text for e in package_document.iterfind(".//dc:contributor", NS)] == ["Cy"]
    metas = [
        (m.get("refines"), m.get("property"), m.get("scheme"), m.text)
        for m in package_document.iterfind(".//o:meta", NS)
    ]
    assert ("#creator-1", "file-as", None, "A., Ada") in metas
    assert ("#creator-1", "role", "marc:relators", "aut") in metas
    assert ("#creator-3", "role", "marc:relators", "trl") in metas
    assert ("#pub-id", "identifier-type", "onix:codelist5", "15") in metas
    assert ("#pub-id-2", "identifier-type", "onix:codelist5", "06") in metas
    assert ("#subject-1", "authority", None, "BISAC") in metas
    assert ("#subject-1", "term", None, "MUS000000") in metas
    assert ("#series", "group-position", None, "2") in metas
    assert ("#conformance", "a11y:certifiedBy", None, "Ada") in metas


def test_identifiers_are_unique_in_the_package_document(archive):
    ids = [e.get("id") for e in opf(archive).iter() if e.get("id")]
    assert len(ids) == len(set(ids))


def test_zip_entries_have_fixed_times_and_permissions(archive):
    for info in archive.infolist():
        assert info.date_time == (1980, 1, 1, 0, 0, 0)
        assert info.create_system == 3
        assert stat.S_IMODE(info.external_attr >> 16) == 0o644


def test_same_publication_same_bytes_wherever_and_whenever(tmp_path, monkeypatch):
    made = []
    for number, zone in enumerate(("UTC", "Asia/Tokyo")):
        monkeypatch.setenv("TZ", zone)
        root = tmp_path / str(number) / "staged"
        root.mkdir(parents=True)
        staged = publication(root)
        os.utime(root / "a.xhtml", (number * 86400 * 365 + 10**9,) * 2)
        package(staged, root.parent / "t.epub")
        made.append((root.parent / "t.epub").read_bytes())
    assert made[0] == made[1]


@pytest.mark.parametrize(
    ("change", "said"),
    [
        ({"resources": lambda r: (*r, r[1])}, "stands 2 times in the manifest"),
        ({"resources": lambda r: (*r, Resource(href="x.png", media_type="image/png"))}, "'x.png' is not in"),
        ({"resources": lambda r: (*r, Resource(href="A.xhtml", media_type="text/css"))}, "only in case"),
        ({"resources": lambda r: (*r, Resource(href="ä b.png", media_type="image/png"))}, "plain ASCII path"),
        ({"resources": lambda r: r[1:]}, "0 files are 'nav'"),
        ({"spine": lambda _: ()}, "the spine is empty"),
        ({"spine": lambda s: (*s, SpineItem(href="z.xhtml"))}, "in the spine and not in the manifest"),
        ({"toc": lambda _: (NavigationPoint(title="Z", href="nav.xhtml#z"),)}, "which is not in the spine"),
    ],
)
def test_a_publication_that_contradicts_itself_is_refused(staged, tmp_path, change, said):
    ((name, make),) = change.items()
    broken = dataclasses.replace(staged, **{name: make(getattr(staged, name))})
    (tmp_path / "t.epub").write_bytes(b"earlier")
    with pytest.raises(WriterError, match=said):
        package(broken, tmp_path / "t.epub")
    assert (tmp_path / "t.epub").read_bytes() == b"earlier"


def test_l1784_a_path_that_cant_be_written_is_an_error(staged, tmp_path):
    (tmp_path / "file").write_text("")
    with pytest.raises(WriterError, match="can't be written"):
        package(staged, tmp_path / "file" / "t.epub")


def test_nothing_is_left_beside_the_book(staged, tmp_path):
    package(staged, tmp_path / "t.epub")
    assert sorted(p.name for p in tmp_path.iterdir()) == ["staged", "t.epub"]


def test_the_packager_holds_no_file(tmp_path):
    (tmp_path / "a.xhtml").write_bytes(b"<html/>")
    with (tmp_path / "big.png").open("wb") as file:
        for n in range(60):
            file.write(random.Random(n).randbytes(1_000_000))
    staged = Publication(
        root=tmp_path,
        name="t",
        metadata=METADATA,
        resources=(
            Resource(href="a.xhtml", media_type="application/xhtml+xml", properties=("nav",)),
            Resource(href="big.png", media_type="image/png"),
        ),
        spine=(SpineItem(href="a.xhtml"),),
        toc=(),
    )
    tracemalloc.start()
    try:
        package(staged, tmp_path / "t.epub")
        _, most = tracemalloc.get_traced_memory()
    finally:
        tracemalloc.stop()
    assert (tmp_path / "t.epub").stat().st_size > 60_000_000
    assert most < 8_000_000
