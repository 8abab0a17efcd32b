"""The reference of `book.toml`: its example is right, and every key is in it."""

import re
from pathlib import Path

from octavo.metadata import book_toml

REFERENCE = Path(__file__).parents[3] / "docs/reference/book-toml.md"


def test_the_example_has_no_fault(tmp_path):
    example = re.findall(r"```toml\n(.*?)```", REFERENCE.read_text(encoding="utf-8"), re.DOTALL)[-1]
    (tmp_path / "_static").mkdir()
    (tmp_path / "_static/cover.png").write_bytes(b"")
    (tmp_path / "book.toml").write_text(example, encoding="utf-8")
    metadata = book_toml.load(tmp_path / "book.toml")
    assert metadata.full_title == "Wave by Wave: A short history of the tide gauge"
    assert [c.role for c in metadata.contributors] == ["aut", "ill"]


def test_every_key_is_documented():
    text = REFERENCE.read_text(encoding="utf-8")
    assert [k for k in book_toml.TOP_KEYS if f"`{k}`" not in text and f"[{k}]" not in text] == []
