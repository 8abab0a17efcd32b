"""Whether a page nests so deeply that building its tree would take time quadratic in its size.

The tree builder searches the stack of open elements for each block, and reopens formatting elements in each
paragraph (measured: 40,000 nested `div` take 2.8 s, ten times as many a hundred times as long). No page that a
person made comes near; a page made to stop the checker does.
"""

from __future__ import annotations

import re
from collections import Counter

_TAG = re.compile(rb"<(/?[a-zA-Z][^\s/>]*)")
_CHUNK = 16 * 1024  # bytes; what nests inside one chunk costs at most some 20 ms
_MOST_OPEN = 3000
_MOST_FORMATTING = 200
_FORMATTING = frozenset(b"a b big code em font i nobr s small strike strong tt u".split())
# void elements, and those whose end tag is left out and which nest only within others that are counted
_UNCOUNTED = frozenset(
    b"area base br col embed hr img input link meta param source track wbr li p dt dd tr td th tbody thead tfoot "
    b"option optgroup rp rt colgroup caption html head body path use circle rect line polyline polygon ellipse "
    b"stop".split()
)


def is_too_deep(data: bytes) -> bool:
    """True when more elements may be open at once than a tree builder should be asked to hold.

    An upper bound by counting start and end tags of each name; a wrong True costs only time.
    """
    if len(data) <= 4 * _CHUNK:
        return False
    still_open: dict[bytes, int] = {}
    for start in range(0, len(data), _CHUNK):
        tags = Counter(_TAG.findall(data, start, start + _CHUNK))
        for tag, count in tags.items():
            if tag[:1] != b"/":
                name = tag.lower()
                if name not in _UNCOUNTED:
                    still_open[name] = still_open.get(name, 0) + count
        for tag, count in tags.items():
            if tag[:1] == b"/":
                name = tag[1:].lower()
                if name in still_open:
                    still_open[name] = max(0, still_open[name] - count)
        if sum(still_open.values()) > _MOST_OPEN:
            return True
        if sum(still_open.get(name, 0) for name in _FORMATTING) > _MOST_FORMATTING:
            return True
    return False
