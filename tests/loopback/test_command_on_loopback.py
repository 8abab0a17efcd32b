"""`octavo check links` as a user runs it, on servers of this machine."""

from __future__ import annotations

import json
import subprocess
import zipfile
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from loopback_server import Answer, LoopbackWeb

Command = Callable[..., object]


@pytest.fixture(scope="module")
def web(tmp_path_factory: pytest.TempPathFactory) -> Iterator[LoopbackWeb]:
    started = LoopbackWeb(tmp_path_factory.mktemp("web"))
    try:
        yield started
    finally:
        started.close()


@pytest.fixture
def base(web: LoopbackWeb) -> str:
    """A server, by its address. Its pages are the same whoever asks."""
    place = web.plain_place("127.0.0.2")
    host = place.partition(":")[0]
    web.routes[host, "/fine"] = Answer(body='<h1 id="here">x</h1>' + "words " * 100)
    web.routes[host, "/moved"] = Answer(301, headers=(("Location", "/fine"),))
    web.routes[host, "/limited"] = Answer(429, headers=(("Retry-After", "4000"),))
    web.asked.clear()
    return f"http://{place}"


@pytest.fixture
def listed(tmp_path: Path, base: str) -> Path:
    path = tmp_path / "urls.txt"
    names = ("/fine", "/fine#here", "/fine#gone", "/moved", "/limited", "/none")
    path.write_text("# a list\n" + "".join(f"{base}{name}\n" for name in names) + "javascript:void(0)\n")
    return path


def test_a_list_is_decided_and_reported_in_every_format(
    octavo: Command, listed: Path, base: str, tmp_path: Path
) -> None:
    reports = [f"--report={name}={tmp_path / name}" for name in ("junit", "sarif", "github", "markdown")]
    done = octavo("check", "links", "--urls", listed, "--allow-private", "--report", "json", *reports, cwd=tmp_path)
    assert done.status == 2
    report = json.loads(done.out)
    found = {link["url"].removeprefix(base): (link["verdict"], link.get("reason")) for link in report["links"]}
    assert found == {
        "/fine": ("ok", None),
        "/fine#here": ("ok", None),
        "/fine#gone": ("broken", "anchor-missing"),
        "/moved": ("redirected", "moved"),
        "/limited": ("unknown", "rate-limited"),
        "/none": ("broken", "status"),
        "javascript:void(0)": ("ignored", "scheme"),
    }
    assert report["totals"] == {"ok": 2, "redirected": 1, "unknown": 1, "ignored": 1, "broken": 2}
    gone = next(link for link in report["links"] if link["url"].endswith("#gone"))
    assert gone["places"] == [{"source": str(listed), "source_line": 4}]
    assert "7 links: 2 ok, 1 redirected, 1 unknown, 1 ignored, 2 broken" in done.err
    assert all((tmp_path / name).stat().st_size > 100 for name in ("junit", "sarif", "github", "markdown"))


def test_only_what_is_asked_for_fails_the_run(octavo: Command, base: str, tmp_path: Path) -> None:
    urls = tmp_path / "u.txt"
    urls.write_text(f"{base}/fine\n{base}/moved\n")
    common = ("check", "links", "--urls", urls, "--allow-private")
    assert octavo(*common, cwd=tmp_path).status == 0
    assert octavo(*common, "--fail-on", "broken,redirected", cwd=tmp_path).status == 2
    assert octavo(*common, "--fail-on", "ok", cwd=tmp_path).status == 3


def test_this_machine_is_not_asked_unless_told(octavo: Command, web: LoopbackWeb, listed: Path, tmp_path: Path) -> None:
    done = octavo("check", "links", "--urls", listed, cwd=tmp_path)
    assert done.status == 0
    assert "0 ok, 0 redirected, 0 unknown, 7 ignored, 0 broken" in done.err
    assert web.asked == []


def test_a_site_has_lines_and_internal_breaks(octavo: Command, base: str, tmp_path: Path) -> None:
    site = tmp_path / "site"
    site.mkdir()
    (site / "index.html").write_text(
        f'<!DOCTYPE html><title>t</title>\n<p>\n<a href="{base}/none">x</a>\n<a href="b.html#no">y</a>\n'
        '<a href="mailto:nobody">z</a>'
    )
    (site / "b.html").write_text('<!DOCTYPE html><title>t</title><p id="yes">')
    done = octavo("check", "links", "site", "--allow-private", "--report", "json", cwd=tmp_path)
    links = {link["reason"]: link for link in json.loads(done.out)["links"]}
    assert done.status == 2
    assert links["status"]["places"] == [{"artefact": "site", "file": "index.html", "line": 3}]
    assert links["anchor-missing"]["url"] == "b.html#no"
    assert links["anchor-missing"]["places"] == [{"artefact": "site", "file": "index.html", "line": 4}]
    assert links["url-invalid"]["url"] == "mailto:nobody"
    assert octavo("check", "site", cwd=tmp_path).status == 2, "octavo check stays as it is"


def test_a_folder_that_is_called_links(octavo: Command, tmp_path: Path) -> None:
    folder = tmp_path / "links"
    folder.mkdir()
    (folder / "index.html").write_text("<!DOCTYPE html><title>t</title>")
    done = octavo("check", "./links", cwd=tmp_path)
    assert done.status == 0
    assert "0 references" in done.err


def test_the_cache_spares_the_second_run_its_questions(
    octavo: Command, web: LoopbackWeb, base: str, tmp_path: Path
) -> None:
    urls = tmp_path / "u.txt"
    urls.write_text(f"{base}/fine#here\n{base}/moved\n")
    common = ("check", "links", "--urls", urls, "--allow-private", "--cache", tmp_path / "c.sqlite")
    first = octavo(*common, cwd=tmp_path)
    count = len(web.asked)
    again = octavo(*common, cwd=tmp_path)
    assert len(web.asked) == count > 0
    assert again.err.splitlines()[-1] == first.err.splitlines()[-1]
    assert octavo(*common, "--offline", cwd=tmp_path).err.splitlines()[-1] == first.err.splitlines()[-1]
    unasked = octavo(*common, "--offline", "--no-cache", "--report", "github", cwd=tmp_path)
    assert unasked.err == "2 links: 0 ok, 0 redirected, 2 unknown, 0 ignored, 0 broken\n"
    assert unasked.out == "0 ok, 0 redirected, 2 unknown, 0 ignored, 0 broken\n"
    octavo(*common, "--refresh", cwd=tmp_path)
    assert len(web.asked) == 2 * count


@pytest.mark.slow
def test_a_project_with_rules_of_both_kinds(
    octavo: Command, project: Callable[..., Path], web: LoopbackWeb, base: str
) -> None:
    root = project(
        {
            "conf.py": (
                'extensions = ["myst_parser"]\nlinkcheck_ignore = [r".*/by-conf"]\n'
                'linkcheck_exclude_documents = ["draft"]\nlinkcheck_anchors_ignore = ["made-"]\n'
                f'linkcheck_request_headers = {{"{base}": {{"X-Token": "from-conf"}}}}\n'
            ),
            "links.toml": 'ignore = [".*/by-toml"]\n',
            "index.md": (
                "# Book\n\n% octavo: ignore-link */by-comment\n\n"
                f"[a]({base}/by-conf) [b]({base}/by-toml) [c]({base}/by-comment) [d]({base}/fine#made-x)\n\n"
                f"[e]({base}/none)\n\n"
                "```{toctree}\ndraft\nrest\n```\n"
            ),
            "draft.md": f"# Draft\n\n[f]({base}/in-a-draft)\n",
            "rest.rst": f"Rest\n====\n\n.. octavo: ignore-link {base}/by-rst\n\n`g <{base}/by-rst>`_\n",
        }
    )
    built = octavo("build", "--format", "html", cwd=root)
    assert built.status == 0, built.err
    done = octavo("check", "links", "--allow-private", "--report", "json", cwd=root)
    found = {link["url"].removeprefix(base): link for link in json.loads(done.out)["links"] if base in link["url"]}
    ignored = {url: link["detail"] for url, link in found.items() if link["verdict"] == "ignored"}
    assert ignored == {
        "/by-conf": ".*/by-conf",
        "/by-toml": ".*/by-toml",
        "/by-comment": "comment at index.md:3",
        "/by-rst": "comment at rest.rst:4",
        "/in-a-draft": "file draft.md",
    }
    assert found["/fine#made-x"]["verdict"] == "ok"
    (place,) = (p for p in found["/none"]["places"] if p["file"] == "index.html")
    assert (place["source"], place["source_line"]) == ("index.md", 7)
    tokens = {asked.headers.get("x-token") for asked in web.asked if asked.host == "127.0.0.2"}
    assert tokens == {"from-conf"}


def test_only_the_lines_of_a_change(octavo: Command, base: str, tmp_path: Path) -> None:
    def git(*arguments: str) -> None:
        subprocess.run(["git", "-C", str(tmp_path), *arguments], check=True, capture_output=True)

    git("init", "-q")
    urls = tmp_path / "u.txt"
    urls.write_text(f"{base}/none\n")
    git("add", ".")
    git("-c", "user.email=t@example.org", "-c", "user.name=t", "commit", "-qm", "x")
    urls.write_text(f"{base}/none\n{base}/fine\n")
    done = octavo("check", "links", "--urls", "u.txt", "--allow-private", "--only-changed", "HEAD", cwd=tmp_path)
    assert done.status == 0, done.err
    assert "1 link: 1 ok" in done.err
    assert octavo("check", "links", "--urls", "u.txt", "--only-changed", "--help", cwd=tmp_path).status == 3


@pytest.mark.parametrize(
    "arguments",
    [
        ("--report", "yaml"),
        ("--report", "json="),
        ("--report", "json", "--report", "junit"),
        ("--urls", "no-such-file"),
        ("no-such-folder",),
    ],
)
def test_wrong_usage_is_said(octavo: Command, tmp_path: Path, arguments: tuple[str, ...]) -> None:
    done = octavo("check", "links", *arguments, cwd=tmp_path)
    assert done.status == 3
    assert "Traceback" not in done.err


def test_an_epub_of_anybody(octavo: Command, base: str, tmp_path: Path) -> None:
    path = tmp_path / "book.epub"
    xhtml = (
        '<html xmlns="http://www.w3.org/1999/xhtml"><head><title>t</title></head><body>\n'
        f'<a href="{base}/none">x</a></body></html>'
    )
    with zipfile.ZipFile(path, "w") as archive:
        archive.writestr("mimetype", "application/epub+zip")
        archive.writestr(
            "META-INF/container.xml",
            '<container version="1.0" xmlns="urn:oasis:names:tc:opendocument:xmlns:container"><rootfiles><rootfile '
            'full-path="p.opf" media-type="application/oebps-package+xml"/></rootfiles></container>',
        )
        archive.writestr(
            "p.opf",
            '<package xmlns="http://www.idpf.org/2007/opf" version="3.0"><manifest><item id="c" href="c.xhtml" '
            'media-type="application/xhtml+xml"/></manifest><spine><itemref idref="c"/></spine></package>',
        )
        archive.writestr("c.xhtml", xhtml)
    done = octavo("check", "links", "book.epub", "--allow-private", "--report", "json", cwd=tmp_path)
    (link,) = json.loads(done.out)["links"]
    assert (link["verdict"], link["reason"]) == ("broken", "status")
    assert link["places"] == [{"artefact": "book.epub", "file": "c.xhtml", "line": 2}]
