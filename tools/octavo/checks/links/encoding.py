"""The characters of an HTML page: by byte order mark, by its own declaration, else UTF-8, else windows-1252."""

from __future__ import annotations

import codecs
import re

_BOMS = ((codecs.BOM_UTF8, "utf-8"), (codecs.BOM_UTF16_BE, "utf-16-be"), (codecs.BOM_UTF16_LE, "utf-16-le"))
_DECLARED = re.compile(rb"<(?:meta|\?xml)\b[^>]*?\b(?:charset|encoding)\s*=\s*[\"']?\s*([a-zA-Z0-9_:.\-]+)", re.I)
_PRESCAN = 1024  # bytes, HTML "prescan a byte stream to determine its encoding"
# labels that the Encoding Standard reads as something wider than their name says, or that Python calls otherwise
_LABELS = {
    "iso-8859-1": "cp1252",
    "latin1": "cp1252",
    "us-ascii": "cp1252",
    "ascii": "cp1252",
    "iso-8859-9": "cp1254",
    "shift_jis": "cp932",
    "gb2312": "gb18030",
    "gbk": "gb18030",
    "ks_c_5601-1987": "cp949",
    "euc-kr": "cp949",
    "x-sjis": "cp932",
}


def as_utf8(data: bytes) -> bytes:
    """The page as UTF-8 without a byte order mark; bytes that mean nothing become U+FFFD."""
    for bom, name in _BOMS:
        if data.startswith(bom):
            rest = data[len(bom) :]
            return rest if name == "utf-8" else _transcoded(rest, name)
    declared = _DECLARED.search(data, 0, _PRESCAN)
    name = _LABELS.get(declared[1].decode("ascii").lower(), declared[1].decode("ascii").lower()) if declared else ""
    if name in {"utf-8", "utf8"} or name.startswith("utf-16"):  # a page whose declaration was readable is not UTF-16
        return data
    if not name:
        return data if _is_utf8(data) else _transcoded(data, "cp1252")
    try:
        text_encoding = codecs.lookup(name)
    except LookupError:
        return data
    # "hex" and "zlib" are codecs of Python's, and no encodings
    return _transcoded(data, name) if text_encoding._is_text_encoding else data


def _is_utf8(data: bytes) -> bool:
    try:
        data.decode("utf-8")
    except UnicodeDecodeError:
        return False
    return True


def _transcoded(data: bytes, name: str) -> bytes:
    return data.decode(name, "replace").encode("utf-8", "replace")
