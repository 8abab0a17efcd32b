"""Each rule of the link checks fires on one input, and on its clean twin nothing does."""

from __future__ import annotations

from pathlib import Path

import pytest

from octavo.checks.links import check_site

# rule, body where it fires, the same body mended
RULES = [
    ("links/anchor-missing", '<a href="b.html#no">', '<a href="b.html#yes">'),
    ("links/page-missing", '<a href="no.html">', '<a href="b.html">'),
    ("links/file-missing", '<script src="no.js"></script>', '<script src="yes.js"></script>'),
    ("links/image-missing", '<img src="no.png">', '<img src="yes.png">'),
    ("links/case-mismatch", '<a href="B.html">', '<a href="b.html">'),
    ("links/outside-root", '<a href="../b.html">', '<a href="./b.html">'),
    ("links/local-file", '<a href="file:///b.html">', '<a href="b.html">'),
    ("links/url-invalid", '<a href="https://:80/">', '<a href="https://x.example:80/">'),
    ("links/id-duplicate", '<p id="d">1</p><p id="d">2</p><a href="#d">', '<p id="d"></p><p id="e"></p><a href="#d">'),
]


@pytest.mark.parametrize(("rule", "broken", "mended"), RULES, ids=[rule[0] for rule in RULES])
def test_rule(tmp_path: Path, rule: str, broken: str, mended: str) -> None:
    (tmp_path / "b.html").write_text('<p id="yes">')
    (tmp_path / "yes.js").touch()
    (tmp_path / "yes.png").touch()
    for body, expected in ((broken, [rule]), (mended, [])):
        (tmp_path / "a.html").write_text(body)
        report = check_site(tmp_path, artefact="site", trace=None)
        assert [d.rule for d in report.diagnostics] == expected
