"""Ids that are drawn anew in each build, counted instead, so that the same sources give the same bytes.

MyST-Parser gives each unlabelled amsmath equation a version 4 UUID (RFC 9562, section 5.4) for a label. Nothing but
the document itself can refer to such an id.
"""

from __future__ import annotations

import re

from docutils import nodes

_RANDOM = re.compile(r"[0-9a-f]{8}-?[0-9a-f]{4}-?4[0-9a-f]{3}-?[89ab][0-9a-f]{3}-?[0-9a-f]{12}")


def count_random_ids(tree: nodes.document) -> None:
    """Put the number in the document in the place of each random part of an id, and of what refers to it."""
    numbers: dict[str, str] = {}
    elements = list(tree.findall(nodes.Element))
    for element in elements:
        for part in _RANDOM.findall(" ".join(element.get("ids", ()))):
            numbers.setdefault(part, f"auto-{len(numbers) + 1}")
    if not numbers:
        return
    for element in elements:
        if element.get("ids"):
            element["ids"] = [_counted(name, numbers) for name in element["ids"]]
        for attribute in ("refid", "refuri"):
            if attribute in element:
                element[attribute] = _counted(element[attribute], numbers)


def _counted(text: str, numbers: dict[str, str]) -> str:
    return _RANDOM.sub(lambda found: numbers.get(found.group(), found.group()), text)
