"""Whether a page is so made that building its tree would take time quadratic in its size.

The tree builder searches the stack of open elements for each block, and reopens formatting elements in each
paragraph (measured: 40,000 nested `div` take 2.8 s, ten times as many a hundred times as long); each attribute of a
tag is compared with all before it. No page that a person made comes near; a page made to stop the checker does.
"""

from __future__ import annotations

import re
from collections import Counter

_TAG = re.compile(rb"<(/?[a-zA-Z][^\s/>]*)")
_CHUNK = 16 * 1024  # bytes; what nests inside one chunk costs at most some 20 ms
_MOST_OPEN = 3000
_MOST_FORMATTING = 200
_MOST_ROOTS = 100  # a second <html> or <body> gives its attributes to the first
_FORMATTING = frozenset(b"a b big code em font i nobr s small strike strong tt u".split())
# what stands in drawings by the thousand, each with an end of its own; outside of them it nests like anything else
_SHAPES = frozenset(b"path use circle rect line polyline polygon ellipse stop".split())
# void elements, and those whose end tag is left out and which nest only within others that are counted
_UNCOUNTED = _SHAPES | frozenset(
    b"area base br col embed hr img input link meta param source track wbr li p dt dd tr td th tbody thead tfoot "
    b"colgroup caption html head body".split()
)
# each attribute is compared with all before it: one tag of so many is read by nobody
_ATTRIBUTE = rb"""[\s/]++[^\s/>=][^\s/>=]*+(?:\s*+=\s*+(?:"[^"]*+"|'[^']*+'|[^\s>]*+))?+"""
_LONG_TAG = re.compile(
    rb"<[a-zA-Z][^\s/>]*+(?:(?P<long>(?:%(a)s){2000})|(?:%(a)s)*)" % {b"a": _ATTRIBUTE},
)
_NAMED = re.compile(rb"<(/?)([a-zA-Z][^\s/>]*+)([^<>]*+)")
# what ends a drawing, or stands in it as HTML (HTML 13.2.6.5)
_NO_DRAWING = frozenset(
    b"foreignobject desc title b big blockquote body br center code dd div dl dt em embed font h1 h2 h3 h4 h5 h6 "
    b"head hr i img li listing "
    b"menu meta nobr ol p pre ruby s small span strong strike sub sup table tt u ul var".split()
)


def is_too_deep(data: bytes) -> bool:
    """True when a tree builder may have to hold too many elements at once, or too many attributes on one.

    An upper bound by counting start and end tags of each name; a wrong True costs only time.
    """
    if len(data) <= 4 * _CHUNK:
        return False
    still_open: dict[bytes, int] = {}
    roots = shapes = 0
    for start in range(0, len(data), _CHUNK):
        tags = Counter(_TAG.findall(data, start, start + _CHUNK))
        for tag, count in tags.items():
            if tag[:1] != b"/":
                name = tag.lower()
                if name in _SHAPES:
                    shapes += count
                elif name in {b"html", b"body"}:
                    roots += count
                elif name not in _UNCOUNTED:
                    still_open[name] = still_open.get(name, 0) + count
        for tag, count in tags.items():
            if tag[:1] == b"/":
                name = tag[1:].lower()
                if name in still_open:
                    still_open[name] = max(0, still_open[name] - count)
        if sum(still_open.values()) > _MOST_OPEN or roots > _MOST_ROOTS:
            return True
        if sum(still_open.get(name, 0) for name in _FORMATTING) > _MOST_FORMATTING:
            return True
    return (shapes > _MOST_OPEN and _shapes_nest(data)) or any(tag["long"] for tag in _LONG_TAG.finditer(data))


def _shapes_nest(data: bytes) -> bool:
    """Whether too many of the elements of drawings stand where nothing ends them."""
    still_open, is_drawing = 0, False
    for slash, written, rest in _NAMED.findall(data):
        name = written.lower()
        if name == b"svg":
            is_drawing = not slash
        elif name in _NO_DRAWING:
            is_drawing = False
        elif name in _SHAPES and not (is_drawing and rest.endswith(b"/")):
            still_open = max(0, still_open - 1) if slash else still_open + 1
            if still_open > _MOST_OPEN:
                return True
    return False
