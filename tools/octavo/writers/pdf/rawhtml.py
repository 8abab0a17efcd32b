"""Raw HTML as nodes: what a reader of the site sees there is set as any other text of the book.

A document's raw nodes are replaced by the nodes that say the same, so that links, pictures, tables and lists in them
go the way of all others. Tags may stand in nodes of their own with text between them (MyST reads `<a href="x">*y*</a>`
so): the children of one paragraph are read as one piece of HTML, in which they keep their places.

What shows nothing that can be printed (scripts, styles, frames) is left as it is, for `rawtext` to name.
"""

from __future__ import annotations

import base64
import binascii
import hashlib
import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import TypeVar
from urllib.parse import unquote

from docutils import nodes
from selectolax.lexbor import LexborHTMLParser, LexborNode

from octavo.diagnostics import Diagnostic
from octavo.reading.log import source_and_line
from octavo.reading.reporting import report
from octavo.writers.pdf.links import Site, picture_file

_Node = TypeVar("_Node", bound=nodes.Node)
_PLACEHOLDER = "x-octavo-node"
_DEEPEST = 60
"""Levels of elements that are followed; what is deeper gives its text."""
_DROPPED = {
    "style", "template", "noscript", "title", "head", "meta", "link", "py-script", "py-config", "py-env", "-comment",
    "-doctype", "datalist", "wbr", "col", "colgroup", "source", "track",
}  # fmt: skip
_MEDIA = {"iframe", "video", "audio", "canvas", "object", "embed", "select", "map", "textarea", "svg", "math"}
"""What needs a screen: `rawtext` says what becomes of it, where it has no address of its own."""
_ADDRESSED = {"iframe": "src", "video": "src", "audio": "src", "embed": "src", "object": "data"}
_PICTURE = re.compile(r"\.(?:svg|png|gif|jpe?g|webp)$")
_INLINE: dict[str, type[nodes.TextElement]] = {
    "b": nodes.strong, "strong": nodes.strong, "i": nodes.emphasis, "em": nodes.emphasis, "cite": nodes.emphasis,
    "dfn": nodes.emphasis, "var": nodes.emphasis, "sub": nodes.subscript, "sup": nodes.superscript,
    "code": nodes.literal, "tt": nodes.literal, "samp": nodes.literal,
}  # fmt: skip
_INLINE_CLASSES = {
    "kbd": "kbd", "u": "underline", "ins": "underline", "s": "strike", "del": "strike", "strike": "strike",
    "mark": "mark", "small": "small",
}  # fmt: skip
_HEADINGS = {"h1", "h2", "h3", "h4", "h5", "h6", "summary"}
_BLOCKS = {
    "p", "div", "section", "article", "aside", "main", "header", "footer", "nav", "center", "details", "figure",
    "figcaption", "address", "fieldset", "form", "ul", "ol", "li", "dl", "dt", "dd", "blockquote", "pre", "hr",
    "table", "caption", "thead", "tbody", "tfoot", "tr", "td", "th", *_HEADINGS,
}  # fmt: skip


@dataclass(slots=True, kw_only=True)
class Grafter:
    """Replaces the raw HTML of one document.

    - docname: its links and pictures are relative to it.
    - folder: where pictures go that are written into the HTML itself.
    """

    docname: str
    site: Site
    folder: Path
    _kept: list[nodes.Node] = field(default_factory=list)
    _origin: nodes.Node | None = None
    # nodes of which only the words are left, in an alternative text
    _spent: list[nodes.Node] = field(default_factory=list)
    _findings: list[Diagnostic] = field(default_factory=list)

    def graft(self, tree: nodes.document) -> None:
        """Do so in place."""
        raws = [n for n in tree.findall(nodes.raw) if "html" in str(n.get("format", "")).split()]
        done: set[int] = set()
        for raw in raws:
            if raw.parent is None or id(raw) in done:
                continue
            if isinstance(raw.parent, nodes.TextElement):
                siblings = [c for c in raw.parent.children if isinstance(c, nodes.raw)]
                done.update(map(id, siblings))
                self._line(raw.parent)
            else:
                self._block(raw)

    # ---- where raw nodes stand

    def _block(self, raw: nodes.raw) -> None:
        self._kept, self._origin, self._findings = [], raw, []
        body = _parsed(raw.astext())
        if body is not None:
            made = list(self._blocks(body, 0))
            place = raw.parent.index(raw)
            raw.parent[place : place + 1] = made
            self._report()

    def _line(self, parent: nodes.TextElement) -> None:
        """All children of a paragraph as one piece of HTML."""
        self._kept, self._spent, self._findings, source = [], [], [], []
        self._origin = next(c for c in parent.children if _is_html(c))
        for child in parent.children:
            if _is_html(child):
                source.append(child.astext())
            else:
                source.append(f'<{_PLACEHOLDER} n="{len(self._kept)}"></{_PLACEHOLDER}>')
                self._kept.append(child)
        body = _parsed("".join(source))
        if body is None:
            return
        made = list(self._inlines(body, 0))
        inside = {id(n) for top in made for n in top.findall()} | {id(n) for n in self._spent}
        if all(id(n) in inside for n in self._kept):
            parent.children = []
            parent.extend(made)
            self._report()

    # ---- blocks

    def _blocks(self, element: LexborNode, depth: int) -> Iterator[nodes.Node]:
        """What an element holds as blocks; runs of inline content become paragraphs."""
        run: list[LexborNode] = []
        for child in element.iter(include_text=True):
            if _holds_blocks(child):
                yield from self._paragraph(run, depth)
                run = []
                yield from self._one_block(child, depth + 1)
            else:
                run.append(child)
        yield from self._paragraph(run, depth)

    def _paragraph(
        self, run: Iterable[LexborNode], depth: int, kind: type[nodes.Element] = nodes.paragraph
    ) -> Iterator[nodes.Node]:
        """A run of inline content as a paragraph; what shows nothing stands by itself."""
        inside = _trimmed([n for child in run for n in self._inline(child, depth + 1)])
        if any(_prints(n) for top in inside for n in top.findall()):
            yield self._made(kind("", "", *inside) if issubclass(kind, nodes.TextElement) else kind("", *inside))
        else:
            yield from (n for n in inside if isinstance(n, nodes.Element))

    def _one_block(self, element: LexborNode, depth: int) -> Iterator[nodes.Node]:
        if depth > _DEEPEST:
            yield from self._flat(element)
            return
        tag = element.tag or ""
        ids = _ids(element)
        if tag == "pre":
            text = (element.text() or "").strip("\n")
            made: list[nodes.Node] = [nodes.literal_block(text, text, language="none")] if text else []
        elif tag == "hr":
            made = [nodes.transition()]
        elif tag in ("ul", "ol"):
            made = self._list(element, depth)
        elif tag == "dl":
            made = self._definitions(element, depth)
        elif tag == "table":
            made = self._table(element, depth)
        elif tag == "blockquote":
            made = [nodes.block_quote("", *self._blocks(element, depth))]
        elif tag in _HEADINGS:
            kind = nodes.rubric
            made = list(self._paragraph(element.iter(include_text=True), depth, kind))
        else:
            made = list(self._blocks(element, depth))
        yield from self._with_ids(ids, [self._made(n) for n in made])

    def _flat(self, element: LexborNode) -> Iterator[nodes.Node]:
        text = " ".join((element.text(separator=" ") or "").split())
        if text:
            yield self._made(nodes.paragraph("", "", nodes.Text(text)))

    def _list(self, element: LexborNode, depth: int) -> list[nodes.Node]:
        items: list[nodes.list_item] = []
        for child in element.iter(include_text=True):
            # what stands between the items shows as they do
            inside = self._blocks(child, depth + 1) if child.tag == "li" else self._paragraph([child], depth + 1)
            item = self._made(nodes.list_item("", *inside))
            if item.children and (child.tag == "li" or item.astext().strip()):
                items.append(item)
        if not items:
            return list(self._blocks(element, depth + 1)) if not any(c.tag == "li" for c in element.iter()) else []
        if element.tag == "ul":
            return [nodes.bullet_list("", *items)]
        made = nodes.enumerated_list("", *items, enumtype="arabic", prefix="", suffix=".")
        start = str(element.attributes.get("start") or "")
        if start.isdigit() and len(start) < 9:
            made["start"] = int(start)
        return [made]

    def _definitions(self, element: LexborNode, depth: int) -> list[nodes.Node]:
        items: list[nodes.Element] = []
        for child in element.iter():
            if child.tag == "dt" or not items:
                items.append(self._made(nodes.definition_list_item()))
            if child.tag == "dt":
                inside = _trimmed(list(self._inlines(child, depth + 1)))
                items[-1] += self._made(nodes.term("", "", *inside))
            else:
                items[-1] += self._made(nodes.definition("", *self._blocks(child, depth + 1)))
        return [nodes.definition_list("", *items)] if items else []

    def _table(self, element: LexborNode, depth: int) -> list[nodes.Node]:
        rows = [r for r in element.css("tr") if _table_of(r) == element]
        cells = _with_one_head([[c for c in row.iter() if c.tag in ("td", "th")] for row in rows])
        count = max((sum(_span(c, "colspan") for c in row) for row in cells), default=0)
        if not count:
            return list(self._blocks(element, depth + 1)) if not rows else []
        heads = 0
        while heads < len(cells) and cells[heads] and _is_head(cells[heads]):
            heads += 1
        if heads == len(cells):
            heads = 0
        group = nodes.tgroup("", cols=count)
        stub = all(row and row[0].tag == "th" for row in cells[heads:])
        group += [nodes.colspec("", colwidth=1, **({"stub": 1} if n == 0 and stub else {})) for n in range(count)]
        for kind, part in ((nodes.thead, cells[:heads]), (nodes.tbody, cells[heads:])):
            if part:
                group += kind("", *(nodes.row("", *(self._cell(c, depth) for c in row)) for row in part))
        table = nodes.table("", group)
        caption = next((c for c in element.iter() if c.tag == "caption"), None)
        if caption is not None and (caption.text() or "").strip():
            table.insert(0, self._made(nodes.title("", "", *_trimmed(list(self._inlines(caption, depth + 1))))))
        return [table]

    def _cell(self, cell: LexborNode, depth: int) -> nodes.entry:
        made = nodes.entry("", *self._blocks(cell, depth + 2))
        for name, attribute in (("morecols", "colspan"), ("morerows", "rowspan")):
            if _span(cell, attribute) > 1:
                made[name] = _span(cell, attribute) - 1
        made["ids"] += _ids(cell)
        return made

    # ---- lines

    def _inlines(self, element: LexborNode, depth: int) -> Iterator[nodes.Node]:
        for child in element.iter(include_text=True):
            yield from self._inline(child, depth + 1)

    def _inline(self, element: LexborNode, depth: int) -> Iterator[nodes.Node]:
        tag = element.tag or ""
        if tag == "-text":
            yield nodes.Text(re.sub(r"[ \t\n\r\f]+", " ", element.text_content or ""))
        elif tag == _PLACEHOLDER:
            yield self._kept[int(element.attributes.get("n") or 0)]
        elif tag in _DROPPED or (tag == "script" and "src" not in element.attributes):
            return
        elif tag in _ADDRESSED and (stand_in := list(self._media(tag, element, depth))):
            yield from self._with_ids(_ids(element), stand_in)
        elif tag == "canvas":
            yield from self._inlines(element, depth)
        elif tag in _MEDIA or tag == "script":
            yield self._made(nodes.raw("", element.html or "", format="html"))
        elif depth > _DEEPEST:
            yield nodes.Text(element.text(separator=" ") or "")
        else:
            yield from self._with_ids(_ids(element), self._phrase(tag, element, depth))

    def _media(self, tag: str, element: LexborNode, depth: int) -> Iterator[nodes.Node]:
        """The poster and a titled link for what plays or frames another page; a plugged-in picture as a picture."""
        attributes = element.attributes
        source = element.css_first("source")
        given = attributes.get(_ADDRESSED[tag]) or (source.attributes.get("src") if source is not None else None)
        target, title = (given or "").strip(), attributes.get("title") or attributes.get("aria-label") or ""
        inside = list(self._inlines(element, depth))
        if not any(_prints(n) for top in inside for n in top.findall()):
            self._spent += inside
            inside = []
        kind = (attributes.get("type") or "").lower()
        if tag in ("object", "embed") and (kind.startswith("image/") or _PICTURE.search(target.lower())):
            words = " ".join("".join(n.astext() for n in inside).split())
            self._spent += [n for top in inside for n in top.findall()]
            alt = words or title or attributes.get("alt") or ""
            yield self._picture(target, {"alt": alt} if alt else {})
            return
        if not target:
            yield from inside
            return
        is_remote = re.match(r"(?:https?:)?//", target) is not None
        rule = "pdf/remote-media" if is_remote else "pdf/content-replaced"
        self._findings.append(Diagnostic(rule=rule, value=target, context=f"<{tag}>", formats=("pdf",)))
        if attributes.get("poster"):
            yield self._picture(str(attributes["poster"]), {"alt": title})
        address = f"https:{target}" if target.startswith("//") else target
        leads = [nodes.Text(title)] if title else inside or [nodes.Text(target)]
        yield nodes.Text(" ")
        yield self._made(nodes.reference("", "", *leads, refuri=address))
        yield from (inside if title else ())
        yield nodes.Text(" ")

    def _report(self) -> None:
        """Say what was found in HTML that has been replaced."""
        for found in self._findings:
            report(found, self._origin)
        self._findings = []

    def _phrase(self, tag: str, element: LexborNode, depth: int) -> list[nodes.Node]:
        attributes = element.attributes
        if tag == "br":
            return [self._made(nodes.raw("", "#linebreak();", format="typst"))]
        if tag == "img":
            return [self._image(element)]
        if tag == "input":
            kind = (attributes.get("type") or "").lower()
            return [nodes.Text("☑ " if "checked" in attributes else "☐ ")] if kind == "checkbox" else []
        inside = list(self._inlines(element, depth))
        if tag in _BLOCKS:
            return [nodes.Text(" "), *inside, nodes.Text(" ")]
        if not inside:
            return []
        if tag == "a" and (attributes.get("href") or "").strip():
            return [self._link(str(attributes["href"]).strip(), inside)]
        if tag == "q":
            return [nodes.Text("“"), *inside, nodes.Text("”")]
        if tag in _INLINE:
            return [self._made(_INLINE[tag]("", "", *inside))]
        classes = [_INLINE_CLASSES[tag]] if tag in _INLINE_CLASSES else []
        language = attributes.get("lang") or ""
        if language:
            classes.append(f"language-{language.partition('-')[0].lower()}")
        if tag == "abbr" and attributes.get("title"):
            return [self._made(nodes.abbreviation("", "", *inside, explanation=attributes["title"]))]
        return [self._made(nodes.inline("", "", *inside, classes=classes))] if classes else inside

    def _link(self, href: str, inside: list[nodes.Node]) -> nodes.Node:
        if any(isinstance(n, nodes.reference) for top in inside for n in top.findall()):
            return self._made(nodes.inline("", "", *inside))  # a link in a link leads where it says
        return self._made(nodes.reference("", "", *inside, refuri=href))

    def _image(self, element: LexborNode) -> nodes.Node:
        return self._picture((element.attributes.get("src") or "").strip(), element.attributes)

    def _picture(self, source: str, attributes: Mapping[str, str | None]) -> nodes.Node:
        image = nodes.image("", uri=source)
        for name in ("alt", "width", "height"):
            value = attributes.get(name)
            if value is not None:
                image[name] = value
        if "alt" not in image and attributes.get("title"):
            image["alt"] = attributes["title"]
        if source.startswith("data:"):
            written = self._written(source)
            image["uri"] = str(written) if written is not None else f"{source[:40]}…"
        elif not re.match(r"(?:[a-z][a-z0-9+.-]*:)?//", source, re.IGNORECASE):
            found = picture_file(source, self.docname, self.site)
            if found is not None:
                image["uri"] = str(found)
        elif source.startswith("//"):
            image["uri"] = f"https:{source}"
        return self._made(image)

    def _written(self, source: str) -> Path | None:
        """A picture whose bytes stand in its address, as a file."""
        header, _comma, data = source.partition(",")
        try:
            content = base64.b64decode(unquote(data)) if header.endswith(";base64") else unquote(data).encode()
        except (binascii.Error, ValueError):
            return None
        self.folder.mkdir(parents=True, exist_ok=True)
        file = self.folder / hashlib.sha256(content).hexdigest()[:16]
        file.write_bytes(content)
        return file

    # ---- what every node gets

    def _made(self, node: _Node) -> _Node:
        """The node with the place of the raw one that it comes from."""
        if isinstance(node, nodes.Element) and self._origin is not None and node.line is None:
            node.source, node.line = source_and_line(self._origin)
        return node

    def _with_ids(self, ids: list[str], made: list[nodes.Node]) -> Iterator[nodes.Node]:
        """The nodes, the first of which has the ids; a target where none can bear them."""
        if not ids:
            yield from made
            return
        first = made[0] if made else None
        if (
            isinstance(first, nodes.Element)
            and not isinstance(first, nodes.raw)
            and not any(first is k for k in self._kept)
        ):
            first["ids"] += ids
        else:
            yield self._made(nodes.target("", "", ids=ids))
        yield from made


def _parsed(source: str) -> LexborNode | None:
    return LexborHTMLParser(f"<!DOCTYPE html><body>{source}").body


def _is_html(node: nodes.Node) -> bool:
    return isinstance(node, nodes.raw) and "html" in str(node.get("format", "")).split()


def _prints(node: nodes.Node) -> bool:
    return isinstance(node, nodes.image) or (isinstance(node, nodes.Text) and not isinstance(node.parent, nodes.raw))


def _ids(element: LexborNode) -> list[str]:
    """What links may lead to: ids, and the names of old anchors."""
    attributes = element.attributes
    found = [attributes.get("id"), attributes.get("name") if element.tag == "a" else None]
    return list(dict.fromkeys(i for i in found if i))


def _holds_blocks(element: LexborNode) -> bool:
    """Whether an element is a block, or an inline one around blocks (`<a><div>`, `<font><table>`)."""
    return element.tag in _BLOCKS


def _table_of(row: LexborNode) -> LexborNode | None:
    parent = row.parent
    while parent is not None and parent.tag != "table":
        parent = parent.parent
    return parent


def _is_head(cells: list[LexborNode]) -> bool:
    row = cells[0].parent
    group = None if row is None else row.parent
    return (group is not None and group.tag == "thead") or all(c.tag == "th" for c in cells)


def _with_one_head(rows: list[list[LexborNode]]) -> list[list[LexborNode]]:
    """A row that only names the columns of the index, as pandas writes it, is put into the row above, empty there.

    Two rows would give each column a second header that says nothing.
    """
    if len(rows) < 3 or not rows[0] or len(rows[0]) != len(rows[1]) or not (_is_head(rows[0]) and _is_head(rows[1])):
        return rows
    above, names = rows[:2]
    if any(_span(c, s) > 1 for c in (*above, *names) for s in ("colspan", "rowspan")):
        return rows
    said = [_says(cell) for cell in names]
    named = sum(said)
    if not named or not all(said[:named]) or any(map(_says, above[:named])) or not any(map(_says, above)):
        return rows
    return [[*names[:named], *above[named:]], *rows[2:]]


def _says(cell: LexborNode) -> bool:
    return bool((cell.text() or "").strip()) or cell.css_first("img, svg") is not None


def _span(cell: LexborNode, name: str) -> int:
    value = cell.attributes.get(name) or "1"
    return min(max(int(value), 1), 100) if value.isdigit() and len(value) < 5 else 1


def _trimmed(inside: list[nodes.Node]) -> list[nodes.Node]:
    """Without the spaces at either end."""
    while inside and isinstance(inside[0], nodes.Text) and not str(inside[0]).strip(" "):
        inside = inside[1:]
    while inside and isinstance(inside[-1], nodes.Text) and not str(inside[-1]).strip(" "):
        inside = inside[:-1]
    if inside and isinstance(inside[0], nodes.Text):
        inside = [nodes.Text(str(inside[0]).lstrip(" ")), *inside[1:]]
    if inside and isinstance(inside[-1], nodes.Text):
        inside = [*inside[:-1], nodes.Text(str(inside[-1]).rstrip(" "))]
    return inside
