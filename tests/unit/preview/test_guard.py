"""By which names a browser may know the server."""

from __future__ import annotations

import pytest

pytest.importorskip("starlette", reason="the extra octavo[serve] is not installed")

from octavo.preview.guard import is_name_of_server


@pytest.mark.parametrize(
    ("name", "listening_on", "may"),
    [
        ("localhost", "127.0.0.1", True),
        ("127.0.0.1", "127.0.0.1", True),
        ("::1", "127.0.0.1", True),
        ("192.168.1.5", "127.0.0.1", False),
        ("example.org", "127.0.0.1", False),
        ("localhost.example.org", "127.0.0.1", False),
        ("", "127.0.0.1", False),
        ("192.168.1.5", "0.0.0.0", True),
        ("example.org", "0.0.0.0", False),
        ("desk.local", "desk.local", True),
        ("desk.local", "0.0.0.0", False),
    ],
)
def test_names(name: str, listening_on: str, may: bool) -> None:
    assert is_name_of_server(name, listening_on) is may
