"""Pages are served whole."""

from __future__ import annotations

import asyncio
import os
import time
from collections.abc import Awaitable
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

pytest.importorskip("starlette", reason="the extra octavo[serve] is not installed")

from octavo.preview.web import whole_page

PAGE = b"<!DOCTYPE html>\n<html><body><p>Words.</p></body></html>\n"


def run(made: Awaitable[bytes], seconds: float = 20) -> bytes:
    """In a thread of its own: a browser test of the same process may have left a loop in this one."""

    async def in_time() -> bytes:
        return await asyncio.wait_for(made, seconds)

    with ThreadPoolExecutor(1) as pool:
        return pool.submit(asyncio.run, in_time()).result()


def test_page_that_is_being_written(tmp_path: Path) -> None:
    page = tmp_path / "page.html"
    page.touch()

    async def served_while_written() -> bytes:
        served = asyncio.create_task(whole_page(page))
        for part in (PAGE[:20], PAGE[:40], PAGE):
            await asyncio.sleep(0.05)
            assert not served.done()
            page.write_bytes(part)
        return await served

    assert run(served_while_written()) == PAGE


def test_page_without_an_end(tmp_path: Path) -> None:
    """It is served as it is, at once when it is old."""
    page = tmp_path / "page.html"
    page.write_bytes(b"<p>Words.")
    os.utime(page, (time.time() - 60,) * 2)
    assert run(whole_page(page), 0.5) == b"<p>Words."
    page.write_bytes(b"<p>More.")
    assert run(whole_page(page)) == b"<p>More."
