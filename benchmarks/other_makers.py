"""Sites, EPUBs and PDFs of other makers, as Debian 12 ships them, beside what a person found wrong with each.

    python benchmarks/other_makers.py [FOLDER]

Downloads the packages with `apt-get download` into FOLDER (a temporary one without it), unpacks them into one tree,
checks every artefact, and prints a table of Markdown. Ends with status 1 if a check says more or less than the table
of truths here. Each truth was looked up by hand in the file named.
"""

from __future__ import annotations

import argparse
import os
import subprocess
import sys
import tempfile
from pathlib import Path

from octavo.checks.links import LinkReport, check_epub, check_pdf, check_site
from octavo.diagnostics import Diagnostic

PACKAGES = (
    "apt-doc", "aptitude-doc-en", "bash-doc", "calibre", "debian-faq", "debian-handbook", "debian-history",
    "debian-policy", "debmake-doc", "developers-reference", "git-doc", "haskell98-report", "libjs-jquery",
    "libjs-sphinxdoc", "libjs-underscore", "maint-guide", "octave-doc", "pari-doc", "postgresql-doc-15", "publican",
    "python3.11-doc", "r-doc-pdf", "texlive-latex-base-doc", "zsh-doc",
)  # fmt: skip
ON_DISK = frozenset(
    f"local-file file:///usr/share/doc/{name}"
    for name in ("doc-base/doc-base.html/index.html", "quilt/quilt.html", "reportbug/README.developers.gz")
)
DEBMAKE_EPUB = ON_DISK | {
    "image-missing images/draft.png",
    "image-missing xslt/debian-openlogo.png",
    "manifest-missing xslt/debian-openlogo.png",
    "unmanifested OEBPS/debian-openlogo.png",
}
# artefact -> what is truly wrong with it, as "rule value"
TRUTHS: dict[str, frozenset[str]] = {
    "usr/share/doc/python3.11/html": frozenset(
        {
            "anchor-missing index-19",
            "anchor-missing index-20",
            "page-missing ../whatsnew/changelog.html",
            "page-missing changelog.html",
            "page-missing whatsnew/changelog.html",
        }
    ),
    "usr/share/doc/git/html": frozenset(
        {
            "anchor-missing Ref-index",
            "anchor-missing Update-transactions",
            "page-missing git-p4.html",
            "url-invalid http://<servername>/my-new-repo.git",
            "url-invalid http://<username>@<servername>/my-new-repo.git",
        }
    ),
    "usr/share/doc/debian-policy/policy.html": frozenset(
        {
            "local-file file:///usr/share/doc/debian-policy/fhs/",
        }
    ),
    "usr/share/doc/debian-policy/fhs": frozenset(),
    "usr/share/doc/debian/FAQ": frozenset(),
    "usr/share/developers-reference": frozenset(
        {
            "id-duplicate documentation",
            "id-duplicate id1",
            "id-duplicate id10",
            "id-duplicate id2",
            "id-duplicate id3",
            "id-duplicate id4",
            "id-duplicate id5",
            "id-duplicate id6",
            "id-duplicate id7",
            "id-duplicate id8",
            "id-duplicate id9",
        }
    ),
    "usr/share/doc/apt-doc": frozenset(),
    "usr/share/doc/debian-handbook/html/en-US": frozenset(),
    "usr/share/doc/maint-guide/html": frozenset(
        {
            "image-missing images/draft.png",
        }
    ),
    "usr/share/doc/aptitude/html/en": frozenset(),
    "usr/share/doc/debian-history/docs": frozenset(),
    "usr/share/doc/haskell98-report": frozenset(),
    "usr/share/doc/octave/octave.html": frozenset(),
    "usr/share/doc/postgresql-doc-15/html": frozenset(),
    "usr/share/doc/zsh-doc": frozenset(),
    "usr/share/calibre/quick_start/eng.epub": frozenset(),
    "usr/share/calibre/quick_start/tur.epub": frozenset(),
    "usr/share/developers-reference/developers-reference.epub": frozenset(),
    "usr/share/doc/debian-history/docs/project-history.en.epub": frozenset({"unmanifested OEBPS/debian-openlogo.png"}),
    "usr/share/doc/debian-policy/policy.epub": frozenset(
        {
            "local-file file:///usr/share/doc/debian-policy/fhs/",
        }
    ),
    "usr/share/doc/debmake-doc/debmake-doc.en.epub": DEBMAKE_EPUB,
    "usr/share/doc/debmake-doc/debmake-doc.ja.epub": DEBMAKE_EPUB,
    "usr/share/doc/debmake-doc/debmake-doc.ru.epub": DEBMAKE_EPUB,
    "usr/share/doc/publican/Users_Guide/en-US/Publican/4.2/epub/Users_Guide/Publican-4.2-Users_Guide-en-US.epub": (
        frozenset()
    ),
    "usr/share/developers-reference/developers-reference.pdf": frozenset(),
    "usr/share/doc/debian-history/docs/project-history.en.pdf": frozenset(),
    "usr/share/doc/octave/octave.pdf": frozenset({"file-missing readline.pdf"}),
    "usr/share/doc/texlive-doc/latex/l3kernel/interface3.pdf": frozenset(),
    "usr/share/doc/zsh-doc/zsh.pdf": frozenset(),
    "usr/share/pari/doc/users.pdf": frozenset(),
    "usr/share/R/doc/manual/R-intro.pdf": frozenset(),
    "usr/share/doc/bash-doc/bashref.pdf": frozenset(),
    "usr/share/doc/maint-guide/maint-guide.en.pdf": frozenset(),
    "usr/share/doc/debmake-doc/debmake-doc.en.pdf": ON_DISK,
    "usr/share/doc/debmake-doc/debmake-doc.ja.pdf": ON_DISK,
}


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("folder", nargs="?", type=Path, help="where packages are kept, to be used again")
    kept = parser.parse_args().folder
    if kept is not None:
        sys.exit(compare(kept.resolve()))
    with tempfile.TemporaryDirectory(prefix="octavo-makers-") as folder:
        sys.exit(compare(Path(folder).resolve()))


def compare(folder: Path) -> int:
    root = folder / "root"
    if not root.is_dir():
        unpack(folder, root)
    print("| artefact | references | internal | external | true findings | false | missed |")
    print("| --- |" + " --: |" * 6)
    wrong = 0
    for name, truths in TRUTHS.items():
        report = checked(root / name)
        found = {said(d) for d in report.diagnostics}
        false, missed = found - truths, truths - found
        wrong += len(false) + len(missed)
        counts = report.counts
        short = name.removeprefix("usr/share/").removeprefix("doc/")
        print(
            f"| {short} | {counts.references} | {counts.internal} | {counts.external} "
            f"| {len(found & truths)} | {len(false)} | {len(missed)} |",
            flush=True,
        )
        for text in sorted(false):
            print(f"not in the table of truths: {name}: {text}", file=sys.stderr)
        for text in sorted(missed):
            print(f"not found: {name}: {text}", file=sys.stderr)
    return 1 if wrong else 0


def unpack(folder: Path, root: Path) -> None:
    folder.mkdir(parents=True, exist_ok=True)
    for package in PACKAGES:
        subprocess.run(["apt-get", "download", "-qq", package], cwd=folder, check=True, capture_output=True)
    for archive in sorted(folder.glob("*.deb")):
        subprocess.run(["dpkg-deb", "-x", str(archive), str(root)], check=True)
    # packages point to each other by absolute paths, too
    for path, _, files in os.walk(root):
        for file in files:
            link = Path(path, file)
            if link.is_symlink() and link.readlink().is_absolute():
                target = root / link.readlink().relative_to("/")
                link.unlink()
                link.symlink_to(target)


def checked(path: Path) -> LinkReport:
    if path.is_dir():
        return check_site(path, artefact=path.name, trace=None)
    check = check_epub if path.suffix == ".epub" else check_pdf
    return check(path, artefact=path.name, trace=None)


def said(diagnostic: Diagnostic) -> str:
    return f"{diagnostic.rule.rpartition('/')[2]} {diagnostic.value}"


if __name__ == "__main__":
    main()
