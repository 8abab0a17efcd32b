"""Pictures on the web, fetched for the formats that can't leave them there: a book has to be whole without the web.

What was fetched stays beside the doctrees and is not asked for again, so that a second build gives the same bytes. A
picture that can't be had stays where it is, and the writer says so; a host that does not answer is asked once.
"""

from __future__ import annotations

import hashlib
import html
import os
import posixpath
import re
import socket
import time
from collections.abc import Iterable
from pathlib import Path
from typing import TYPE_CHECKING, Any
from urllib.parse import urljoin, urlsplit

from docutils import nodes
from sphinx.transforms.post_transforms import SphinxPostTransform
from sphinx.util import logging

from octavo.reading.addresses import is_public

if TYPE_CHECKING:
    import requests
    from sphinx.builders import Builder
    from sphinx.config import Config

logger = logging.getLogger(__name__)

BUILDERS = ("octavo-epub", "octavo-pdf")
FOLDER = "remote-pictures"
PRIVATE = "private"

_FETCHER = "octavo_fetcher"
_SOURCE_OF_IMG = re.compile(
    r"""(?P<before><img\b(?:[^>"']|"[^"]*"|'[^']*')*?\ssrc\s*=\s*)(?:"(?P<quoted>[^"]*)"|'(?P<single>[^']*)'|(?P<bare>[^\s"'>]+))""",
    re.IGNORECASE,
)

MAX_BYTES = 20_000_000
MAX_REDIRECTS = 5
CONNECT_SECONDS, READ_SECONDS, PICTURE_SECONDS = 5.0, 10.0, 30.0
_CHUNK = 65_536
_REDIRECTS = (301, 302, 303, 307, 308)
# first bytes of what readers and Typst show or Pillow converts
_SIGNATURES = (
    (b"\x89PNG\r\n\x1a\n", ".png"), (b"\xff\xd8\xff", ".jpg"), (b"GIF87a", ".gif"), (b"GIF89a", ".gif"),
    (b"II*\x00", ".tiff"), (b"MM\x00*", ".tiff"), (b"BM", ".bmp"), (b"%PDF-", ".pdf"),
)  # fmt: skip


class NotFetchedError(Exception):
    """A picture that can't be had; the message says why."""


class RemotePictures(SphinxPostTransform):
    """Put what was fetched in the place of what is on the web, for our builders alone."""

    default_priority = 99  # before Sphinx's own downloader and its converters of formats

    def run(self, **_: Any) -> None:
        """Do so in place."""
        # Sphinx 8.2 has no other name for it, and Sphinx 9 deprecates that one
        app = getattr(self.env, "_app", None) or self.env.app
        wanted = app.config.octavo_remote_pictures
        if app.builder.name not in BUILDERS or not wanted:
            return
        fetcher = getattr(app.builder, _FETCHER, None)
        if fetcher is None:
            fetcher = Fetcher(Path(app.doctreedir) / FOLDER, app.config, private=wanted == PRIVATE)
            setattr(app.builder, _FETCHER, fetcher)
        for node in self.document.findall(nodes.image):
            uri = str(node.get("uri", ""))
            if uri.startswith(("http://", "https://")):
                path = fetcher.get(uri)
                if path is not None:
                    _take(node, path)
                    self.env.images.add_file(self.env.docname, str(path))
        for raw in self.document.findall(nodes.raw):
            if {"html", "epub", "xhtml"} & set(raw.get("format", "").split()):
                self._in_html(raw, fetcher, app.builder)

    def _in_html(self, raw: nodes.raw, fetcher: Fetcher, builder: Builder) -> None:
        """Let each `<img>` of raw HTML name the file as Sphinx's visitors name the builder's copy of it."""

        def fetched(found: re.Match[str]) -> str:
            url = html.unescape(found["quoted"] or found["single"] or found["bare"] or "").strip()
            url = f"https:{url}" if url.startswith("//") else url
            path = fetcher.get(url) if url.startswith(("http://", "https://")) else None
            if path is None:
                return found[0]
            name = self.env.images.add_file(self.env.docname, str(path))
            builder.images[str(path)] = name
            return f'{found["before"]}"{posixpath.join(builder.imgpath, name)}"'

        text = raw.astext()
        if "<img" in text.lower():
            made = _SOURCE_OF_IMG.sub(fetched, text)
            if made != text:
                raw.children = []
                raw += nodes.Text(made)


def _take(node: nodes.image, path: Path) -> None:
    """As Sphinx's own downloader leaves a picture."""
    node["candidates"] = {"*": str(path)}
    node["uri"] = str(path)


class Fetcher:
    """Fetches pictures into a folder. private: whether hosts that are not of the public Internet may be asked."""

    def __init__(self, folder: Path, config: Config, *, private: bool = False) -> None:
        self._folder = folder
        self._config = config
        self._private = private
        self._silent: set[str] = set()
        self._refused: set[str] = set()

    def get(self, url: str) -> Path | None:
        """The file of a picture; None when it can't be had."""
        name = hashlib.sha256(url.encode()).hexdigest()[:32]
        kept = [path for path in sorted(self._folder.glob(f"{name}.*")) if path.suffix != ".new"]
        if kept:
            return kept[0]
        if url in self._refused:
            return None
        try:
            content = self._content(url)
            path = self._folder / f"{name}{_suffix(content)}"
        except NotFetchedError as error:
            logger.info("octavo: %s is not fetched: %s", url, error)
            self._refused.add(url)
            return None
        self._folder.mkdir(parents=True, exist_ok=True)
        aside = path.with_name(f"{path.name}.{os.getpid()}.new")  # another format may fetch the same
        aside.write_bytes(content)
        aside.replace(path)
        return path

    def _content(self, url: str) -> bytes:
        import requests
        import urllib3

        end = time.monotonic() + PICTURE_SECONDS
        with requests.Session() as session:
            session.headers["User-Agent"] = self._config.user_agent or "Octavo"
            for _ in range(MAX_REDIRECTS + 1):
                host = _host(url)
                if host in self._silent:
                    raise NotFetchedError(f"{host} did not answer")
                self._check(host)
                try:
                    with session.get(
                        url,
                        timeout=(CONNECT_SECONDS, READ_SECONDS),
                        stream=True,
                        allow_redirects=False,
                        verify=self._certificates(host),
                    ) as answer:
                        if answer.status_code not in _REDIRECTS:
                            return _body(answer, end)
                        url = _led(url, answer.headers.get("Location", ""))
                except (requests.ConnectionError, requests.Timeout) as error:
                    self._silent.add(host)
                    raise NotFetchedError(f"{host} did not answer") from error
                except (requests.RequestException, urllib3.exceptions.HTTPError, ValueError) as error:
                    # the last two come through requests from addresses and redirections that are none
                    raise NotFetchedError(type(error).__name__) from error
                if not url.startswith(("http://", "https://")):
                    break
        raise NotFetchedError("it is redirected without end")

    def _certificates(self, host: str) -> bool | str:
        """What Sphinx's `tls_verify` and `tls_cacerts` say."""
        if not self._config.tls_verify:
            return False
        given = self._config.tls_cacerts
        found = given.get(host) if isinstance(given, dict) else given
        return str(found) if found else True

    def _check(self, host: str) -> None:
        """Refuse hosts of the local network: who writes a source must not have ours asked for things behind it."""
        if self._private:
            return
        try:
            found = {str(info[4][0]) for info in socket.getaddrinfo(host, None, type=socket.SOCK_STREAM)}
        except (OSError, UnicodeError) as error:
            self._silent.add(host)
            raise NotFetchedError(f"{host} can't be resolved") from error
        if not all(is_public(address) for address in found):
            raise NotFetchedError(f"{host} is not of the public Internet")


def _host(url: str) -> str:
    try:
        return urlsplit(url).hostname or ""
    except ValueError as error:
        raise NotFetchedError("its address is none") from error


def _led(url: str, location: str) -> str:
    try:
        return urljoin(url, location)
    except ValueError as error:
        raise NotFetchedError("it is redirected to what is no address") from error


def _body(answer: requests.Response, end: float) -> bytes:
    """The body of an answer, as far as it is allowed to go on."""
    if answer.status_code != 200:
        raise NotFetchedError(f"status {answer.status_code}")
    return _limited(answer.iter_content(_CHUNK), end)


def _limited(chunks: Iterable[bytes], end: float) -> bytes:
    content = bytearray()
    for chunk in chunks:
        content += chunk
        if len(content) > MAX_BYTES:
            raise NotFetchedError(f"it is larger than {MAX_BYTES // 1_000_000} MB")
        if time.monotonic() > end:
            raise NotFetchedError(f"it takes longer than {PICTURE_SECONDS:.0f} s")
    return bytes(content)


def _suffix(content: bytes) -> str:
    """By the content, since servers answer with a page where a picture is gone."""
    for signature, suffix in _SIGNATURES:
        if content.startswith(signature):
            return suffix
    if content[:4] == b"RIFF" and content[8:12] == b"WEBP":
        return ".webp"
    head = content[:1024].lstrip(b"\xef\xbb\xbf \t\r\n").lower()
    if head.startswith((b"<?xml", b"<svg", b"<!--", b"<!doctype svg")) and b"<svg" in content[:65_536].lower():
        return ".svg"
    raise NotFetchedError("what came is no picture")
