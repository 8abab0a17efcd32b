"""The PDF's names for ids that are drawn anew in each build: counted (see `octavo.reading.random_ids`)."""

from __future__ import annotations

from docutils import nodes

from octavo.reading.random_ids import RANDOM_PART


def count_random_ids(tree: nodes.document) -> None:
    """Put the number in the document in the place of each random part of an id, and of what refers to it."""
    numbers: dict[str, str] = {}
    elements = list(tree.findall(nodes.Element))
    for element in elements:
        for part in RANDOM_PART.findall(" ".join(element.get("ids", ()))):
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
    return RANDOM_PART.sub(lambda found: numbers.get(found.group(), found.group()), text)
