"""The statement beside an EPUB: by the command and by the extension alone, true to what is in the EPUB."""

from __future__ import annotations

import json
import struct
import subprocess
import sys
import zipfile
import zlib
from collections.abc import Callable
from pathlib import Path

import jsonschema
from lxml import html

from octavo_testing import ROOT, Run

SCHEMA = json.loads((ROOT / "docs/reference/accessibility.schema.json").read_text(encoding="utf-8"))
LACKING = {
    "book.toml": 'title = "Wände"\nlanguage = "de"\n[accessibility]\ncertified-by = "A. Zeugin"\n'
    'exemption = "eaa-microenterprise"\n',
    "index.md": "# Wände\n\n```{toctree}\nzwei\n```\n\n![Eine Tür](a.png)\n\n![](b.png)\n\nSo $x^2$ ist es.\n",
    "zwei.md": "# Zwei\n\n```{image} c.png\n:class: decorative\n```\n\n| a | b |\n| --- | --- |\n| 1 | 2 |\n",
}
WHOLE = {
    "book.toml": 'title = "Walls & Doors"\nlanguage = "en"\n[accessibility]\ncertified-by = "A. Witness"\n'
    'certifier-credential = "https://example.org/badge"\n',
    "index.md": "# Walls\n\n![A red door](a.png)\n\nThen $x^2$.\n",
}


def png() -> bytes:
    def chunk(name: bytes, data: bytes) -> bytes:
        return struct.pack(">I", len(data)) + name + data + struct.pack(">I", zlib.crc32(name + data))

    rows = b"".join(b"\0" + bytes([30, 60, 90]) * 4 for _ in range(4))
    head = struct.pack(">IIBBBBB", 4, 4, 8, 2, 0, 0, 0)
    return b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", head) + chunk(b"IDAT", zlib.compress(rows)) + chunk(b"IEND", b"")


CONF = 'myst_enable_extensions = ["dollarmath"]\n'
Make = Callable[..., Path]


def made(project: Make, octavo: Callable[..., Run], files: dict[str, str]) -> tuple[dict, Path, Run]:
    pictures = {name: png() for name in ("a.png", "b.png", "c.png") if any(name in str(t) for t in files.values())}
    root = project({**files, **pictures}, conf=CONF)
    run = octavo("build", "--format", "epub", "-j", "1", root)
    assert run.status == 0, run.err
    folder = root / "_build/epub"
    report = json.loads((folder / "accessibility.json").read_text(encoding="utf-8"))
    jsonschema.Draft202012Validator.check_schema(SCHEMA)
    jsonschema.validate(report, SCHEMA)
    return report, folder, run


def features(report: dict) -> set[str]:
    return {c["value"] for c in report["claims"] if c["property"] == "schema:accessibilityFeature"}


def opf(folder: Path) -> str:
    return zipfile.ZipFile(next(folder.glob("*.epub"))).read("EPUB/content.opf").decode()


def test_what_lacks_is_said_with_its_place_and_not_claimed(project: Make, octavo: Callable[..., Run]) -> None:
    report, folder, run = made(project, octavo, LACKING)
    assert report["evidence"]["pictures"] == {
        "described": 1,
        "decorative": 1,
        "undescribed": 1,
        "longDescriptions": 0,
        "places": [{"value": "b.png", "source": "index.md", "line": 9}],
    }
    assert report["evidence"]["formulas"]["mathML"] == 1
    assert report["evidence"]["tables"] == {"withHeaders": 1, "withoutHeaders": 0}
    assert "alternativeText" not in features(report)
    assert {"MathML", "describedMath", "tableOfContents"} <= features(report)
    assert report["conformance"]["claimed"] is None
    assert report["conformance"]["reasons"] == ["1 pictures have no description"]
    assert report["exemptions"] == ["eaa-microenterprise"]
    assert "conformance is not claimed, though A. Zeugin confirms it: 1 pictures have no description" in run.err
    package = opf(folder)
    assert 'property="dcterms:conformsTo" id="conformance">none<' in package
    assert "certifiedBy" not in package
    assert 'property="a11y:exemption">eaa-microenterprise' in package
    page = html.fromstring((folder / "accessibility.html").read_bytes())
    assert page.get("lang") == "de"
    assert [h.text for h in page.iter("h1")] == ["Barrierefreiheit: Wände"]
    said = page.text_content()
    assert "Bilder ohne Beschreibung: 1 von 2." in said
    assert "Kleinstunternehmen" in said
    summary = report["summary"]
    assert summary.endswith(
        "Bilder ohne Beschreibung: 1 von 2. Alle Formeln sind MathML und lassen sich vorlesen. Formeln: 1."
    )
    assert f'property="schema:accessibilitySummary">{summary}' in package


def test_what_is_confirmed_and_borne_out_is_claimed(project: Make, octavo: Callable[..., Run]) -> None:
    report, folder, run = made(project, octavo, WHOLE)
    assert report["conformance"]["claimed"] == "EPUB Accessibility 1.1 - WCAG 2.2 Level AA"
    assert (report["conformance"]["certifiedBy"], report["conformance"]["reasons"]) == ("A. Witness", [])
    assert "alternativeText" in features(report)
    assert "withheld" not in run.err
    package = opf(folder)
    assert all(f">{feature}<" in package for feature in features(report))
    page = html.fromstring((folder / "accessibility.html").read_bytes())
    assert [a.get("href") for a in page.iter("a")] == ["https://example.org/badge"]
    assert [s.tag for s in page.iter("script", "img", "link")] == []


def test_a_rule_outweighs_the_certifier(project: Make, octavo: Callable[..., Run]) -> None:
    table = "# Walls\n\n```{raw} html\n<table><tr><td>1</td><td>2</td></tr></table>\n```\n"
    report, folder, run = made(project, octavo, {**WHOLE, "index.md": table})
    assert report["conformance"]["claimed"] is None
    assert [f["rule"] for f in report["conformance"]["findings"]] == ["accessibility/table-header-missing"]
    assert 'property="dcterms:conformsTo" id="conformance">none<' in opf(folder)
    assert "accessibility/conformance-withheld" in run.err


def test_the_check_agrees_with_the_statement(project: Make, octavo: Callable[..., Run]) -> None:
    _, folder, _ = made(project, octavo, WHOLE)
    run = octavo("check", "epub", "--no-epubcheck", "-W", next(folder.glob("*.epub")))
    assert run.status == 0, run.err


def test_the_extension_alone_writes_the_same(project: Make, octavo: Callable[..., Run]) -> None:
    _, folder, _ = made(project, octavo, LACKING)
    root = folder.parents[1]
    conf = root / "conf.py"
    conf.write_text(conf.read_text(encoding="utf-8") + '\nextensions += ["octavo"]\n', encoding="utf-8")
    alone = root / "alone"
    command = [sys.executable, "-m", "sphinx", "-q", "-b", "octavo-epub", "-D", "exclude_patterns=_build", root, alone]
    subprocess.run([str(c) for c in command], check=True, capture_output=True, timeout=300)
    for name in ("accessibility.html", "accessibility.json"):
        assert (alone / name).read_bytes() == (folder / name).read_bytes()


def test_clean_takes_them_away(project: Make, octavo: Callable[..., Run]) -> None:
    _, folder, _ = made(project, octavo, WHOLE)
    assert octavo("clean", folder.parents[1]).status == 0
    assert not folder.exists()
