"""Recording where each reference comes from, while a builder resolves the documents."""

from __future__ import annotations

import dataclasses
import posixpath
import re
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING

from docutils import nodes
from sphinx import addnodes
from sphinx.errors import NoUri
from sphinx.util.nodes import NodeMatcher

from octavo.reading.lines import exact_line
from octavo.reading.log import relative_to_root, source_and_line
from octavo.reading.shares import gathered
from octavo.reading.trace import Trace, TracedReference

if TYPE_CHECKING:
    from sphinx.application import Sphinx
    from sphinx.builders import Builder

_HTML_REFERENCE = re.compile(r"""\b(?:href|src|poster|data)\s*=\s*["']?([^"'\s>]+)""", re.IGNORECASE)

_LEADING = NodeMatcher(  # nodes that `_targets` knows
    nodes.reference,
    nodes.image,
    nodes.raw,
    nodes.problematic,
    addnodes.download_reference,
    addnodes.toctree,
)


@dataclasses.dataclass(frozen=True, slots=True, kw_only=True)
class _Share:
    """What one process recorded: of so many documents, out of `total`."""

    references: tuple[TracedReference, ...]
    documents: int
    total: int

    def __reduce__(self) -> tuple[object, ...]:
        """As texts and numbers: Python asks each record of a class like this for its fields."""
        plain = tuple((r.docname, r.target, r.kind, r.source, r.line) for r in self.references)
        return _share_of, (plain, self.documents, self.total)


def _share_of(plain: tuple[tuple[str, str, str, str, int | None], ...], documents: int, total: int) -> _Share:
    references = tuple(
        TracedReference(docname=docname, target=target, kind=kind, source=source, line=line)
        for docname, target, kind, source, line in plain
    )
    return _Share(references=references, documents=documents, total=total)


class TraceRecorder:
    """Collects the references of every resolved document of one builder."""

    def __init__(self, app: Sphinx, root: Path, writing: Callable[[int, int], None]) -> None:
        self._root = root
        self._writing = writing
        self._done = self._total = 0
        self._references: list[TracedReference] = []
        self._sharing, self._in_share = False, 0
        self._share: list[TracedReference] = []
        # after all other handlers: what they add is traced as well
        app.connect("doctree-resolved", self._record, priority=10_000)
        gathered(app).append(self)

    def begin_share(self) -> None:
        """See `octavo.reading.shares`."""
        self._sharing = True

    def taken(self) -> _Share:
        """See `octavo.reading.shares`."""
        share = _Share(references=tuple(self._share), documents=self._in_share, total=self._total)
        self._share.clear()
        self._in_share = 0
        return share

    def put(self, share: object) -> None:
        """See `octavo.reading.shares`."""
        assert isinstance(share, _Share)  # noqa: S101 -- what `taken` gives
        self._references.extend(share.references)
        self._done += share.documents
        self._writing(self._done, share.total)

    def _record(self, app: Sphinx, doctree: nodes.document, docname: str) -> None:
        own = relative_to_root(str(app.env.doc2path(docname)), self._root)
        found_here = self._share if self._sharing else self._references
        places: dict[str | None, tuple[str, Path]] = {}
        for node in doctree.findall(_LEADING):
            for found in _targets(node, app.builder, docname):
                path, block = source_and_line(node)
                if path not in places:
                    source = relative_to_root(path, self._root) if path else own
                    places[path] = source, self._root / source
                source, file = places[path]
                line = exact_line(file, block, found.needles)
                found_here.append(
                    TracedReference(docname=docname, target=found.target, kind=found.kind, source=source, line=line)
                )
        self._total = len(app.env.found_docs)
        if self._sharing:
            self._in_share += 1
        else:
            self._done += 1
            self._writing(self._done, self._total)

    def trace(self, builder: Builder) -> Trace:
        """What was recorded, with the page of each document."""
        pages: dict[str, str] = {}
        for docname in sorted(builder.env.found_docs):
            try:
                pages[docname] = builder.get_target_uri(docname)
            except NoUri:
                continue
        sources = {d: relative_to_root(str(builder.env.doc2path(d)), self._root) for d in pages}
        return Trace(
            format=builder.name,
            pages=pages,
            sources=sources,
            references=tuple(_placed(r, builder, pages) for r in self._references),
            base=getattr(builder, "content_base", ""),
            base_url=builder.config.html_baseurl or None,
        )


def _placed(reference: TracedReference, builder: Builder, pages: dict[str, str]) -> TracedReference:
    """Pictures and downloads get their names in the artefact only while writing: what leads to them then is that."""
    if reference.kind == "image" and reference.target in builder.images:
        member = posixpath.join(builder.imagedir, builder.images[reference.target])
    elif reference.kind == "download":
        member = posixpath.join("_downloads", reference.target)
    else:
        return reference
    page = pages.get(reference.docname, "")
    return dataclasses.replace(reference, target=posixpath.relpath(member, posixpath.dirname(page) or "."))


@dataclasses.dataclass(frozen=True, slots=True, kw_only=True)
class _Found:
    """A reference in a document: needles are what it may look like in the source, most telling first."""

    kind: str
    target: str
    needles: tuple[str, ...]


def _targets(node: nodes.Element, builder: Builder, docname: str) -> list[_Found]:
    """Everything that a node leads to."""
    match node:
        case nodes.reference() if node.get("refuri"):
            return [_link(str(node["refuri"]), node.astext())]
        case nodes.reference() if node.get("refid"):
            return [_link(f"#{node['refid']}", node.astext())]
        case nodes.problematic() if node.get("refid"):  # Sphinx leaves a link to a message that it takes away
            return [_link(f"#{node['refid']}", node.astext())]
        case nodes.image():
            uri = str(node.get("uri", ""))
            return [_Found(kind="image", target=uri, needles=_needles(uri, posixpath.basename(uri)))]
        case addnodes.download_reference():
            wanted = str(node.get("reftarget", ""))
            return [_Found(kind="download", target=str(node.get("filename", wanted)), needles=_needles(wanted))]
        case addnodes.toctree():
            return [f for _, ref in node["entries"] if ref and (f := _toctree_entry(ref, builder, docname))]
        case nodes.raw() if "html" in node.get("format", "").split():
            return [_link(target, "") for target in _HTML_REFERENCE.findall(node.astext())]
    return []


def _link(target: str, text: str) -> _Found:
    fragment = target.rpartition("#")[2] if "#" in target else ""
    return _Found(kind="link", target=target, needles=_needles(target, fragment, text))


def _toctree_entry(ref: str, builder: Builder, docname: str) -> _Found | None:
    if "://" in ref:
        return _link(ref, "")
    try:
        target = builder.get_relative_uri(docname, ref)
    except NoUri:
        return None
    return _Found(kind="link", target=target, needles=_needles(ref, posixpath.basename(ref)))


def _needles(*texts: str) -> tuple[str, ...]:
    """Those that are long enough to be told from other words, and stand on one line."""
    return tuple(t for t in texts if len(t) > 2 and "\n" not in t)
