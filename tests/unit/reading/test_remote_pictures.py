"""Pictures on the web, from a server on this machine."""

from __future__ import annotations

import re
import struct
import threading
import zipfile
import zlib
from collections.abc import Callable, Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from types import SimpleNamespace

import pytest

from octavo.reading import remote_pictures
from octavo.reading.remote_pictures import Fetcher
from octavo_testing import Run


def chunk(kind: bytes, content: bytes) -> bytes:
    return struct.pack(">I", len(content)) + kind + content + struct.pack(">I", zlib.crc32(kind + content))


PNG = (
    b"\x89PNG\r\n\x1a\n"
    + chunk(b"IHDR", struct.pack(">IIBBBBB", 1, 1, 8, 0, 0, 0, 0))
    + chunk(b"IDAT", zlib.compress(b"\0\0"))
    + chunk(b"IEND", b"")
)
SVG = b'<?xml version="1.0"?>\n<svg xmlns="http://www.w3.org/2000/svg" width="9" height="9"/>'
CONFIG = SimpleNamespace(user_agent="", tls_verify=True, tls_cacerts=None)


class Web(ThreadingHTTPServer):
    """A server that counts what it is asked for."""

    daemon_threads = True

    def __init__(self) -> None:
        super().__init__(("127.0.0.1", 0), Answer)
        self.asked: list[str] = []

    def url(self, path: str) -> str:
        return f"http://127.0.0.1:{self.server_port}{path}"


class Answer(BaseHTTPRequestHandler):
    def do_GET(self) -> None:
        assert isinstance(self.server, Web)
        self.server.asked.append(self.path)
        status, headers, body = {
            "/dot.png": (200, {}, PNG),
            "/dot.png?a=1&b=2": (200, {}, PNG),
            "/drawing": (200, {}, SVG),
            "/moved.png": (302, {"Location": "/dot.png"}, b""),
            "/loop.png": (302, {"Location": "/loop.png"}, b""),
            "/away.png": (302, {"Location": "file:///etc/hostname"}, b""),
            "/nowhere.png": (302, {"Location": "http://[bad"}, b""),
            "/page.png": (200, {"Content-Type": "image/png"}, b"<!doctype html><p>Please log in."),
            "/large.png": (200, {}, PNG + b"\0" * 4000),
        }.get(self.path, (404, {}, PNG))
        self.send_response(status)
        for name, value in headers.items():
            self.send_header(name, value)
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, *_: object) -> None:
        """Say nothing."""


@pytest.fixture
def web() -> Iterator[Web]:
    server = Web()
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01})
    thread.start()
    yield server
    server.shutdown()
    thread.join()
    server.server_close()


def test_a_picture_is_fetched_once_and_named_by_its_content(web: Web, tmp_path: Path) -> None:
    for _ in range(2):  # another fetcher, as of the next build, asks no more
        fetcher = Fetcher(tmp_path, CONFIG, private=True)
        found = {path: fetcher.get(web.url(path)) for path in ("/dot.png", "/drawing", "/moved.png")}
        assert [path.suffix for path in found.values() if path] == [".png", ".svg", ".png"]
        assert found["/dot.png"].read_bytes() == found["/moved.png"].read_bytes() == PNG
    assert web.asked == ["/dot.png", "/drawing", "/moved.png", "/dot.png"]
    assert len(list(tmp_path.iterdir())) == 3


@pytest.mark.parametrize("path", ["/gone.png", "/loop.png", "/away.png", "/nowhere.png", "/page.png", "/large.png"])
def test_what_is_no_picture_is_not_taken(web: Web, tmp_path: Path, path: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(remote_pictures, "MAX_BYTES", 2000)
    fetcher = Fetcher(tmp_path, CONFIG, private=True)
    assert fetcher.get(web.url(path)) is None
    asked = len(web.asked)
    assert fetcher.get(web.url(path)) is None
    assert len(web.asked) == asked
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize("host", ["127.0.0.1", "localhost", "[::1]", "10.0.0.1", "169.254.169.254"])
def test_a_private_host_is_not_asked(web: Web, tmp_path: Path, host: str) -> None:
    assert Fetcher(tmp_path, CONFIG).get(f"http://{host}:{web.server_port}/dot.png") is None
    assert web.asked == []


@pytest.mark.parametrize("url", ["http://[bad/dot.png", "http:///dot.png", f"http://{'a' * 70}.example/dot.png"])
def test_what_is_no_address_is_not_asked(tmp_path: Path, url: str) -> None:
    assert Fetcher(tmp_path, CONFIG).get(url) is None
    assert Fetcher(tmp_path, CONFIG, private=True).get(url) is None


def test_a_silent_host_is_asked_once(tmp_path: Path, web: Web, monkeypatch: pytest.MonkeyPatch) -> None:
    fetcher = Fetcher(tmp_path, CONFIG, private=True)
    port = web.server_port
    web.shutdown()
    web.server_close()
    assert fetcher.get(f"http://127.0.0.1:{port}/dot.png") is None
    monkeypatch.setattr("requests.Session.get", lambda *_args, **_values: pytest.fail("asked again"))
    assert fetcher.get(f"http://127.0.0.1:{port}/other.png") is None


@pytest.mark.parametrize(("setting", "fetched"), [('"private"', True), ("True", False), ("False", False)])
def test_both_formats_have_it(
    octavo: Callable[..., Run], project: Callable[..., Path], web: Web, setting: str, fetched: bool
) -> None:
    sources = {"index.md": f"# Root\n\n![A dot]({web.url('/dot.png')})\n"}
    root = project(sources, conf=f"octavo_remote_pictures = {setting}\n")
    run = octavo("build", root, "--format", "epub", "--format", "pdf")
    assert run.status == 0, run.err
    assert ("remote-media" in run.out + run.err) is not fetched
    with zipfile.ZipFile(next((root / "_build/epub").glob("*.epub"))) as book:
        inside = [name for name in book.namelist() if name.endswith(".png") and "cover" not in name]
        assert [book.read(name) for name in inside] == ([PNG] if fetched else [])


def test_pictures_of_raw_html(octavo: Callable[..., Run], project: Callable[..., Path], web: Web) -> None:
    dot, gone = web.url("/dot.png"), web.url("/gone.png")
    html = [
        f'<p>One <img alt="a > dot" src="{dot}?a=1&amp;b=2"/> and <IMG class=c SRC={dot} alt=again>.</p>',
        f"<div><img src='{gone}' alt='what is gone'><img data-src='{dot}' alt='no source'></div>",
    ]
    sources = {
        "index.md": "# Root\n\n"
        + "\n\n".join(html)
        + f'\n\nText <img src="{web.url("/drawing")}" alt="a drawing"> inline.\n'
    }
    root = project(sources, conf="octavo_remote_pictures = 'private'\n")
    run = octavo("build", root, "--format", "epub", "--format", "pdf")
    assert run.status in (0, 1), run.err
    assert sorted(set(web.asked)) == ["/dot.png", "/dot.png?a=1&b=2", "/drawing", "/gone.png"]
    with zipfile.ZipFile(next((root / "_build/epub").glob("*.epub"))) as book:
        page = book.read("EPUB/index.xhtml").decode()
        shown = re.findall(r'<img[^>]*?src="([^"]*)"', page)
        assert len(shown) == 3
        assert all(f"EPUB/{name}" in book.namelist() for name in shown)
        assert sorted(Path(name).suffix for name in shown) == [".png", ".png", ".svg"]
    said = run.out + run.err
    assert [gone in said, dot in said] == [True, False]
