"""`octavo serve` as a user runs it: the command, HTTP and the browsers' connection; browsers are in tests/browser."""

from __future__ import annotations

import http.client
import json
import os
import re
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import pytest

from octavo_testing import Run

websockets = pytest.importorskip("websockets.sync.client", reason="the extra octavo[serve] is not installed")
pytestmark = pytest.mark.skipif(os.name != "posix", reason="signals and process groups")

PATIENCE = 60.0  # seconds
FILES: dict[str, str | bytes] = {
    "index.md": "# The book\n\n```{toctree}\none\ntwo\n```\n",
    "one.md": "# One\n\nWords of one.\n",
    "two.md": "# Two\n\nWords of two.\n",
}
FUSSY = """
from docutils.parsers.rst import Directive
class Fussy(Directive):
    has_content = True
    def run(self):
        raise IndexError("no content")
def setup(app):
    app.add_directive("fussy", Fussy)
    return {"parallel_read_safe": True}
"""


class Preview:
    """A running `octavo serve`."""

    def __init__(self, root: Path, *options: str) -> None:
        self.root = root
        command = [sys.executable, "-m", "octavo", "serve", str(root), "--port", "0", "--jobs", "1", *options]
        self.process = subprocess.Popen(
            command,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
            encoding="utf-8",
            env={**os.environ, "COLUMNS": "200"},
            start_new_session=True,
        )
        assert self.process.stdout is not None
        line = self.process.stdout.readline()
        found = re.search(r"http://\S+/", line)
        assert found, line
        self.address = found[0]
        self.netloc = urlsplit(self.address).netloc

    def get(self, path: str, headers: dict[str, str] | None = None, method: str = "GET") -> tuple[int, str]:
        """Status and text of an answer. path: sent as it is."""
        connection = http.client.HTTPConnection(self.netloc, timeout=PATIENCE)
        connection.putrequest(method, path, skip_host=True)
        for name, value in {"Host": self.netloc, **(headers or {})}.items():
            connection.putheader(name, value)
        connection.endheaders()
        answer = connection.getresponse()
        text = answer.read().decode("utf-8", "replace")
        connection.close()
        return answer.status, text

    def page(self, name: str) -> str:
        """A page of the site, once it is there."""
        end = time.monotonic() + PATIENCE
        while time.monotonic() < end:
            status, text = self.get(f"/site/{name}")
            if status == 200:
                return text
            time.sleep(0.1)
        raise AssertionError(f"{name} does not come")

    @contextmanager
    def browser(self, page: str | None = None) -> Iterator[Browser]:
        """A connection as a page's script opens it."""
        with websockets.connect(f"ws://{self.netloc}/_octavo/live", origin=f"http://{self.netloc}") as socket:
            socket.send(json.dumps({"page": page, "digest": None}))
            yield Browser(socket)

    def children(self) -> list[int]:
        """Process ids of all that it started."""
        found, waiting = [], [self.process.pid]
        while waiting:
            parent = waiting.pop()
            for task in Path(f"/proc/{parent}/task").glob("*/children"):
                waiting += [int(pid) for pid in task.read_text().split()]
            found.append(parent)
        return found[1:]

    def write(self, name: str, content: str) -> None:
        """Edit a file."""
        (self.root / name).write_text(content, encoding="utf-8")

    def end(self, number: int = signal.SIGINT) -> tuple[int, str]:
        """Send a signal, and wait; the exit status and what was said after the first line."""
        self.process.send_signal(number)
        out, _ = self.process.communicate(timeout=PATIENCE)
        return self.process.returncode, out


class Browser:
    """The browser's end of the connection."""

    def __init__(self, socket: Any) -> None:
        self._socket = socket

    def next(self, kind: str, suits: Callable[[dict[str, Any]], bool] = lambda message: True) -> dict[str, Any]:
        """The next message of a kind that suits."""
        end = time.monotonic() + PATIENCE
        while time.monotonic() < end:
            message: dict[str, Any] = json.loads(self._socket.recv(timeout=PATIENCE))
            if message["kind"] == kind and suits(message):
                return message
        raise AssertionError(f"no {kind} in time")

    def drop(self) -> None:
        """Go without a word, as a browser does that is killed."""
        self._socket.socket.shutdown(socket.SHUT_RDWR)

    def kinds(self, seconds: float) -> set[str]:
        """What kinds of messages come until it is quiet for so long."""
        found: set[str] = set()
        with suppress(TimeoutError):
            while True:
                found.add(json.loads(self._socket.recv(timeout=seconds))["kind"])
        return found

    def problems(self, suits: Callable[[list[dict[str, str]]], bool]) -> list[dict[str, str]]:
        """The findings, once they suit."""
        found: list[dict[str, str]] = self.next("problems", lambda message: suits(message["problems"]))["problems"]
        return found


@pytest.fixture
def serve(project: Callable[..., Path]) -> Iterator[Callable[..., Preview]]:
    """Start `octavo serve` on a project of a few files; it is ended after the test."""
    running: list[Preview] = []

    def start(*options: str, files: dict[str, str | bytes] | None = None, conf: str = "") -> Preview:
        preview = Preview(project(dict(files or FILES), conf=conf), *options)
        running.append(preview)
        return preview

    yield start
    for preview in running:
        preview.process.kill()
        preview.process.wait()
        assert preview.process.stdout is not None
        preview.process.stdout.close()


def is_running(pid: int) -> bool:
    try:
        state = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[0]
    except OSError:
        return False
    return state != "Z"


def gone(pids: list[int]) -> bool:
    """Whether all of them end within a while."""
    end = time.monotonic() + 15
    while time.monotonic() < end:
        if not any(is_running(pid) for pid in pids):
            return True
        time.sleep(0.1)
    return False


def test_edit_reaches_the_browser(serve: Callable[..., Preview]) -> None:
    """With the file on disk as a build writes it; and the server survives a browser that goes without a word."""
    preview = serve("--format", "html")
    assert "Words of one" in preview.page("one.html")
    assert 'data-octavo-page="one.html"' in preview.page("one.html")
    on_disk = preview.root / "_build" / ".octavo" / "preview" / "html" / "one.html"
    assert "octavo" not in on_disk.read_text(encoding="utf-8")
    with preview.browser("one.html") as browser:
        browser.next("page")
        preview.write("one.md", "# One\n\nOther words.\n")
        message = browser.next("page")
        assert (message["page"], message["edited"]) == ("one.html", True)
        assert "Other words" in message["html"]
        browser._socket.socket.shutdown(socket.SHUT_RDWR)  # no farewell
    with preview.browser("one.html") as browser:
        preview.write("one.md", "# One\n\nLast words.\n")
        assert "Last words" in browser.next("page", lambda m: "Last" in m["html"])["html"]
    assert preview.get("/")[0] == 200
    assert preview.get("/site/", method="GET")[0] == 307
    assert preview.get("/site/nowhere.html")[0] == 404
    status, _ = preview.end()
    assert status == 0


def test_configuration_half_way_through_typing(serve: Callable[..., Preview]) -> None:
    """The error comes with file and line; the site stays, and edits go on; when it is mended all is as it says."""
    preview = serve("--format", "html")
    preview.page("index.html")
    conf = (preview.root / "conf.py").read_text(encoding="utf-8")
    with preview.browser("one.html") as browser:
        browser.next("state", lambda m: m["phase"] == "ready")
        preview.write("conf.py", conf + "html_title = (\n")
        (found,) = browser.problems(bool)
        assert found["severity"] == "error"
        assert re.search(r"conf\.py(?::\d+)?", found["text"])
        assert "Words of two" in preview.page("two.html")
        preview.write("one.md", "# One\n\nStill alive.\n")
        browser.next("page", lambda m: "Still alive" in m["html"])
        preview.write("conf.py", conf + "html_title = 'Mended'\n")
        browser.problems(lambda found: not found)
        browser.next("page", lambda m: "Mended" in m["html"])
    assert "<title>Two &#8212; Mended</title>" in preview.page("two.html")


def test_extension_that_gives_up(serve: Callable[..., Preview]) -> None:
    """An exception in a directive ends the reader, not the preview."""
    conf = "import sys\nsys.path.insert(0, __file__.rpartition('/')[0])\nextensions.append('fussy')\n"
    preview = serve("--format", "html", files={**FILES, "fussy.py": FUSSY}, conf=conf)
    preview.page("index.html")
    with preview.browser("one.html") as browser:
        browser.next("state", lambda m: m["phase"] == "ready")
        preview.write("one.md", "# One\n\n```{fussy}\n```\n")
        (found,) = browser.problems(bool)
        assert "IndexError: no content" in found["text"]
        assert "Words of one" in preview.page("one.html")
        preview.write("one.md", "# One\n\nMended.\n")
        browser.problems(lambda found: not found)
        browser.next("page", lambda m: "Mended" in m["html"])


def test_who_may_ask(serve: Callable[..., Preview]) -> None:
    """DNS rebinding, requests from other sites, and ways out of the folder."""
    preview = serve("--format", "html")
    preview.page("index.html")
    port = preview.netloc.rpartition(":")[2]
    for host in ("localhost", "127.0.0.1", "[::1]"):
        assert preview.get("/", {"Host": f"{host}:{port}"})[0] == 200, host
    for host in ("example.org", f"example.org:{port}", f"127.0.0.1.example.org:{port}", "192.168.1.1", "", "[::1"):
        assert preview.get("/site/index.html", {"Host": host})[0] == 403, host
    for headers in (
        {"Origin": "http://example.org"},
        {"Origin": "null"},
        {"Origin": "http://127.0.0.1:1"},
        {"Sec-Fetch-Site": "cross-site"},
        {"Sec-Fetch-Site": "same-site", "Sec-Fetch-Mode": "no-cors", "Sec-Fetch-Dest": "script"},
        {"Sec-Fetch-Site": "cross-site", "Sec-Fetch-Mode": "navigate", "Sec-Fetch-Dest": "iframe"},
    ):
        assert preview.get("/site/index.html", headers)[0] == 403, headers
    visit = {"Sec-Fetch-Site": "cross-site", "Sec-Fetch-Mode": "navigate", "Sec-Fetch-Dest": "document"}
    assert preview.get("/site/index.html", visit)[0] == 200
    for origin in ("http://example.org", "https://127.0.0.1", None):
        with (
            pytest.raises(Exception, match="403"),
            websockets.connect(f"ws://{preview.netloc}/_octavo/live", origin=origin),
        ):
            pass


def test_nothing_outside_of_the_folder(serve: Callable[..., Preview], tmp_path: Path) -> None:
    preview = serve("--format", "html")
    preview.page("index.html")
    site = preview.root / "_build" / ".octavo" / "preview" / "html"
    (tmp_path / "secret.txt").write_text("secret")
    (site / "out.txt").symlink_to(tmp_path / "secret.txt")
    (site / "outside").symlink_to(tmp_path)
    (site / "inside.txt").write_text("not secret")
    assert preview.get("/site/inside.txt") == (200, "not secret")
    for path in (
        "/site/out.txt",
        "/site/outside/secret.txt",
        "/site/../index.html.txt",
        "/site/../../../../conf.py",
        "/site/..%2f..%2f..%2f..%2fconf.py",
        "/site/%2e%2e/%2e%2e/%2e%2e/%2e%2e/conf.py",
        "/site/..%5c..%5cconf.py",
        "/site//etc/passwd",
        "/site/%2fetc/passwd",
        "/_octavo/../web.py",
        "/_octavo/..%2fweb.py",
        "/conf.py",
    ):
        status, text = preview.get(path)
        assert (status, "secret" in text, "project =" in text, "root:" in text) == (404, False, False, False), path
    for page in ("../../../../conf.py", "out.txt", str(tmp_path / "secret.txt"), "outside/secret.txt"):
        with preview.browser(page) as browser:
            preview.write("one.md", f"# One\n\nWords before {page}.\n")
            assert "page" not in browser.kinds(seconds=2)
    assert preview.get("/site/index.html", method="POST")[0] == 405
    assert preview.get("/site/a%00b.txt")[0] == 404


def test_it_ends_with_all_that_it_started(serve: Callable[..., Preview]) -> None:
    preview = serve()
    preview.page("index.html")
    children = preview.children()
    assert children
    status, out = preview.end()
    assert (status, "Traceback" in out) == (0, False), out
    assert gone(children)


@pytest.mark.parametrize(
    "moment", ["at once", "while it reads", "while the books are built", "while the PDF is printed"]
)
def test_ctrl_c_at_any_moment(serve: Callable[..., Preview], moment: str) -> None:
    preview = serve()
    if moment != "at once":
        with preview.browser() as browser:
            if moment == "while it reads":
                browser.next("state", lambda m: m["phase"] == "reading")
            else:
                building = moment == "while the books are built"
                browser.next(
                    "books",
                    lambda m: all(
                        b["building"] is building and (building or b["version"]) for b in m["books"].values()
                    ),
                )
            if moment == "while the PDF is printed":
                preview.write("one.md", "# One\n\nWords to be printed.\n")
                browser.next("edited")
            children = preview.children()
            status, out = preview.end()
    else:
        children = preview.children()
        status, out = preview.end()
    assert (status, "Traceback" in out) == (0, False), out
    assert gone(children)


def test_two_browsers_of_which_one_goes_away(serve: Callable[..., Preview]) -> None:
    preview = serve("--format", "html")
    preview.page("one.html")
    with preview.browser("one.html") as stays:
        with preview.browser("one.html") as goes:
            preview.write("one.md", "# One\n\nWords for two.\n")
            for browser in (stays, goes):
                browser.next("page", lambda m: "Words for two." in m["html"])
            goes.drop()
        preview.write("one.md", "# One\n\nWords for the one that stays.\n")
        stays.next("page", lambda m: "Words for the one that stays." in m["html"])
    with preview.browser("one.html") as comes:
        assert "Words for the one that stays." in comes.next("page")["html"]


def test_children_of_a_server_that_was_killed(serve: Callable[..., Preview]) -> None:
    preview = serve()
    preview.page("index.html")
    children = preview.children()
    preview.process.kill()
    assert gone(children)


def test_port_and_folder_that_are_taken(serve: Callable[..., Preview], octavo: Callable[..., Run]) -> None:
    preview = serve("--format", "html")
    port = preview.netloc.rpartition(":")[2]
    run = octavo("serve", preview.root, "--port", port)
    assert (run.status, f"port {port} is taken" in run.err, "--port 0" in run.err) == (3, True, True)
    run = octavo("serve", preview.root, "--port", "0")
    assert (run.status, "another preview of" in run.err, "--out" in run.err) == (3, True, True)


def test_without_the_extra(octavo: Callable[..., Run], project: Callable[..., Path], tmp_path: Path) -> None:
    (tmp_path / "starlette").mkdir()
    (tmp_path / "starlette" / "__init__.py").write_text(
        "raise ModuleNotFoundError(\"No module named 'starlette'\", name='starlette')\n"
    )
    run = octavo("serve", project(FILES), env={"PYTHONPATH": str(tmp_path)})
    assert (run.status, "pip install 'octavo[serve]'" in run.err) == (4, True), run.err


@pytest.mark.slow
def test_books(serve: Callable[..., Preview]) -> None:
    """The EPUB and the PDF are built, and built again after an edit."""
    preview = serve()
    with preview.browser() as browser:
        built = browser.next("books", lambda m: all(b["version"] and not b["building"] for b in m["books"].values()))
        assert set(built["books"]) == {"pdf", "epub"}
        first = built["books"]
        assert preview.get("/pdf/book.pdf")[1].startswith("%PDF-")
        assert preview.get("/epub/book.epub")[1].startswith("PK")
        preview.write("one.md", "# One\n\nOther words.\n\n![](nowhere.png)\n")
        again = browser.next(
            "books",
            lambda m: all(b["version"] != first[f]["version"] and not b["building"] for f, b in m["books"].items()),
        )["books"]
        assert again["pdf"]["name"] == first["pdf"]["name"]
        printed = preview.root / "_build" / ".octavo" / "preview" / "print" / str(first["pdf"]["name"])
        preview.write("one.md", "# One\n\nWords for the printer.\n")
        shown = browser.next("books", lambda m: m["books"]["pdf"]["version"] != again["pdf"]["version"])["books"]
        end = time.monotonic() + PATIENCE
        while not printed.is_file() and time.monotonic() < end:
            time.sleep(0.1)
        assert printed.read_bytes().startswith(b"%PDF-")
        assert shown["pdf"]["name"] == first["pdf"]["name"]
