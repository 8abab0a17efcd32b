"""A browser that connects is told what it has missed since its page was served."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

pytest.importorskip("starlette", reason="the extra octavo[serve] is not installed")

from octavo.preview.messages import NewFiles, PreviewRequest
from octavo.preview.session import Session, digest_of
from octavo.preview.viewer import Viewer
from octavo.reading.project import locate

PAGE = b"<html><body><img src='_images/a.svg'></body></html>"


@pytest.fixture
def session(project: Callable[..., Path], tmp_path: Path) -> Session:
    site = tmp_path / "site"
    site.mkdir()
    (site / "one.html").write_bytes(PAGE)
    request = PreviewRequest(
        project=locate(project({"index.md": "# The book\n"})),
        formats=(), jobs=1, overrides=(), tags=(), builder="html", state=tmp_path / "state", site=site,
    )  # fmt: skip
    return Session(request, lambda _: None)


def told(session: Session, digest: str | None) -> list[object]:
    """The names of files that a browser is told of when it connects, with a page of this version."""
    viewer = Viewer(page="one.html", digest=digest)
    session.join(viewer)
    messages = [viewer._outbox.get_nowait() for _ in range(viewer._outbox.qsize())]
    return [name for message in messages if message["kind"] == "files" for name in message["names"]]


def test_pictures_that_changed_while_a_page_was_loaded(session: Session) -> None:
    digest = digest_of(PAGE)
    session._heard_reader(NewFiles(names=("_images/before.svg",)))
    session.remember(digest, PAGE)
    assert told(session, digest) == []
    session._heard_reader(NewFiles(names=("_images/a.svg", "_static/own.css")))
    session._heard_reader(NewFiles(names=("_images/a.svg",)))
    assert told(session, digest) == ["_images/a.svg", "_static/own.css"]
    session.remember(digest, PAGE)
    assert told(session, digest) == []
    assert session.remembered(digest) == PAGE


def test_a_page_that_nobody_remembers(session: Session) -> None:
    session._heard_reader(NewFiles(names=("_images/a.svg",)))
    assert told(session, digest_of(b"another")) == ["_images/a.svg"]
    assert session.remembered(digest_of(b"another")) is None
