"""The links of a PDF, ours or anyone's: annotations, bookmarks, named destinations, the opening action, page labels.

ISO 32000-2: destinations 12.3.2, outline 12.3.3, page labels 12.4.2, actions 12.6. Every walk remembers where it was:
a PDF whose objects go round in circles ends all the same.
"""

from __future__ import annotations

import enum
import posixpath
from collections.abc import Iterator
from pathlib import Path, PureWindowsPath
from urllib.parse import urljoin

import pikepdf
from pikepdf import Array, Dictionary, Name, Object, Pdf, String

from octavo.checks.links.follow import did_you_mean
from octavo.checks.links.places import Finding, diagnose
from octavo.checks.links.report import LinkReport, Tally
from octavo.checks.links.suggest import Suggestions
from octavo.checks.links.url import Kind, resolve
from octavo.reading.trace import Trace

_MOST_LEVELS = 64  # of a name tree; a million names need four
_MOST_ACTIONS = 100  # in one chain of /Next
# what a destination may say of the view after its page (12.3.2.2)

# qpdf's own complaints about a page tree are a RuntimeError; the keys of a dictionary are names, and UTF-8 (7.3.5)
_BROKEN = (pikepdf.PdfError, pikepdf.PasswordError, RuntimeError, UnicodeDecodeError, OSError)


class _Verdict(enum.Enum):
    GOOD = enum.auto()
    NO_NAME = enum.auto()
    NO_PAGE = enum.auto()
    MALFORMED = enum.auto()


def check_pdf(path: Path, *, artefact: str, trace: Trace | None) -> LinkReport:
    """Check every link of the PDF at `path`. artefact: its name for the user."""
    try:
        # repaired by guessing, a truncated file would pass for a whole one with many dead links
        pdf = pikepdf.open(path, attempt_recovery=False)
    except _BROKEN as error:
        return _unreadable(_reason(error, path), artefact)
    with pdf:
        try:
            check = _PdfCheck(pdf, path, _SourceNames(trace))
            check.check_all()
        except _BROKEN as error:  # found only when the object is asked for
            return _unreadable(_reason(error, path), artefact)
    diagnostics = diagnose(check.findings, artefact=artefact, format="pdf", trace=trace)
    return check.tally.report(diagnostics)


def _unreadable(reason: str, artefact: str) -> LinkReport:
    finding = Finding(rule="artefact/unreadable", value=reason, context=artefact)
    return Tally().report(diagnose([finding], artefact=artefact, format="pdf", trace=None))


def _reason(error: Exception, path: Path) -> str:
    if isinstance(error, pikepdf.PasswordError):
        return "encrypted with a password"
    text = (error.strerror or str(error)) if isinstance(error, OSError) else str(error)
    return text.replace(str(path), "").strip(" :") or type(error).__name__


class _SourceNames:
    """The trace's targets for a destination's name: `%docname#anchor`, `%docname`, or the name itself."""

    def __init__(self, trace: Trace | None) -> None:
        self._known: frozenset[str] = frozenset(r.target for r in trace.references) if trace else frozenset()

    def target_of(self, name: str) -> str:
        for target in (f"%{name}", name, f"#{name}", name.replace("#", ".html#", 1)):
            if target in self._known:
                return target
        return name


class _PdfCheck:
    """One check while it runs."""

    def __init__(self, pdf: Pdf, path: Path, sources: _SourceNames) -> None:
        self.findings: list[Finding] = []
        self.tally = Tally(documents=1)
        self._pdf, self._path, self._sources = pdf, path, sources
        self._near = Suggestions()
        self._pages = {page.obj.objgen: number for number, page in enumerate(pdf.pages, start=1)}
        self._names = dict(_named_destinations(pdf))
        self._used: set[str] = set()
        self._base = _base_uri(pdf)

    def check_all(self) -> None:
        """Annotations in order of page, then outline, opening action, names that nothing uses, page labels."""
        for number, page in enumerate(self._pdf.pages, start=1):
            annotations = page.obj.get("/Annots")
            if isinstance(annotations, Array):
                for annotation in list(annotations.as_list()):
                    if isinstance(annotation, Dictionary):
                        self._check_carrier(annotation, number)
        for entry in _outline_entries(self._pdf):
            self._check_carrier(entry, None)
        opening = self._pdf.Root.get("/OpenAction")
        if isinstance(opening, Array):
            self._check_destination(opening, None)
        elif isinstance(opening, Dictionary):
            self._check_action(opening, None)
        for name in sorted(self._names.keys() - self._used):
            verdict = self._verdict(self._names[name])
            if verdict is not _Verdict.GOOD:
                self._destination_missing(name, None, name, verdict)
        problem = _page_label_problem(self._pdf, len(self._pages))
        if problem is not None:
            self.findings.append(Finding(rule="artefact/unreadable", value=problem, context="the page labels"))

    def _check_carrier(self, carrier: Object, page: int | None) -> None:
        """A link annotation, a button or a bookmark: `/Dest`, else `/A`."""
        destination, action = carrier.get("/Dest"), carrier.get("/A")
        if destination is not None:
            self._check_destination(destination, page)
        elif isinstance(action, Dictionary):
            self._check_action(action, page)

    def _check_action(self, action: Object, page: int | None) -> None:
        waiting, seen = [action], 0
        while waiting and seen < _MOST_ACTIONS:
            current = waiting.pop()
            seen += 1
            self._check_one_action(current, page)
            following = current.get("/Next")
            chained = list(following.as_list()) if isinstance(following, Array) else [following]
            waiting.extend(a for a in reversed(chained) if isinstance(a, Dictionary))

    def _check_one_action(self, action: Object, page: int | None) -> None:
        match _text(action.get("/S")):
            case "/GoTo":
                self._check_destination(action.get("/D"), page)
            case "/URI":
                self._check_uri(action.get("/URI"), page)
            case "/GoToR" | "/Launch" as kind:
                self._check_file(_file_name(action.get("/F")), page, launched=kind == "/Launch")
            case _:  # /Named, /JavaScript, /SubmitForm, ...: nothing that could be missing
                self.tally.ignored += 1

    def _check_destination(self, destination: Object | None, page: int | None) -> None:
        self.tally.internal += 1
        name = _name_of(destination)
        if name is not None:
            self._used.add(name)
            verdict = self._verdict(self._names[name]) if name in self._names else _Verdict.NO_NAME
        else:
            verdict = self._verdict(destination)
        if verdict is not _Verdict.GOOD:
            self._destination_missing(name if name is not None else _described(destination), page, name, verdict)

    def _verdict(self, destination: Object | None) -> _Verdict:
        """Whether an explicit destination (an array, or a dictionary with `/D`) leads to a page of this PDF."""
        if isinstance(destination, Dictionary):
            destination = destination.get("/D")
        if not isinstance(destination, Array) or len(destination) == 0:
            return _Verdict.MALFORMED
        target = destination[0]
        if isinstance(target, Dictionary):
            good = target.objgen in self._pages and target.objgen != (0, 0)
            return _Verdict.GOOD if good else _Verdict.NO_PAGE
        if isinstance(target, int):  # meant for other files, and read as a page's index by every viewer
            return _Verdict.GOOD if 0 <= target < len(self._pages) else _Verdict.NO_PAGE
        return _Verdict.NO_PAGE if target is None else _Verdict.MALFORMED

    def _destination_missing(self, value: str, page: int | None, name: str | None, verdict: _Verdict) -> None:
        hint = None
        if verdict is _Verdict.NO_NAME and name is not None:
            hint = did_you_mean(self._near.near(name, "destinations", self._names.keys()))
        elif verdict is _Verdict.NO_PAGE:
            hint = "its page is not in the PDF"
        self.findings.append(
            Finding(
                rule="links/destination-missing",
                value=value,
                page=page,
                target=None if name is None else self._sources.target_of(name),
                hint=hint,
            )
        )

    def _check_uri(self, uri: Object | None, page: int | None) -> None:
        value = _text(uri)
        joined = value
        if self._base and value:
            try:
                joined = urljoin(self._base, value)
            except ValueError:
                joined = value
        resolved = resolve(joined, "")
        match resolved.kind:
            case Kind.EXTERNAL:
                self.tally.see_external_on_page(resolved.url, page)
                return
            case Kind.IGNORED:
                self.tally.see_ignored_on_page(resolved.url, page)
                return
            case Kind.INTERNAL | Kind.OUTSIDE:
                self._check_file(value.partition("#")[0], page, launched=False, target=value)
                return
            case Kind.LOCAL:
                rule = "links/local-file"
            case Kind.INVALID:
                rule = "links/url-invalid"
        self.tally.internal += 1
        self.findings.append(Finding(rule=rule, value=value, page=page, target=value))

    def _check_file(self, name: str, page: int | None, *, launched: bool, target: str | None = None) -> None:
        """A file beside the PDF. One that is there may not be there for the reader: it is not counted as found."""
        self.tally.internal += 1
        absolute = posixpath.isabs(name) or PureWindowsPath(name).is_absolute() or name.lower().startswith("file:")
        rule = None
        if absolute or launched:
            rule = "links/local-file"
        elif not name or not _is_beside(self._path, name):
            rule = "links/file-missing"
        if rule is None:
            self.tally.internal -= 1
            self.tally.ignored += 1
            return
        self.findings.append(Finding(rule=rule, value=name, page=page, target=target if target is not None else name))


def _is_beside(pdf: Path, name: str) -> bool:
    try:
        return (pdf.parent / resolve(name, "").path).is_file()
    except (OSError, ValueError):
        return False


def _text(value: Object | None) -> str:
    """The characters of a string or name; empty for what is neither, and for a name that is not UTF-8 (7.3.5)."""
    if not isinstance(value, (String, Name)):
        return ""
    try:
        return str(value)
    except UnicodeDecodeError:
        return ""


def _name_of(destination: Object | None) -> str | None:
    """The name of a named destination (a string, or a name in PDF 1.1), None for an explicit one."""
    if isinstance(destination, Name):
        return _text(destination).removeprefix("/")
    return _text(destination) if isinstance(destination, String) else None


def _described(destination: Object | None) -> str:
    """An explicit destination as a reader of the finding can find it."""
    if isinstance(destination, Dictionary):
        destination = destination.get("/D")
    if isinstance(destination, Array) and len(destination):
        first = destination[0]
        if isinstance(first, int):
            return f"page {first + 1}"
        if isinstance(first, Dictionary):
            return f"object {first.objgen[0]}"
    return "an empty destination"


def _file_name(specification: Object | None) -> str:
    """The name in a file specification (7.11)."""
    described = isinstance(specification, Dictionary)
    name = specification.get("/UF", specification.get("/F")) if described and specification else specification
    return _text(name)


def _base_uri(pdf: Pdf) -> str:
    uri = pdf.Root.get("/URI")
    return _text(uri.get("/Base")) if isinstance(uri, Dictionary) else ""


def _named_destinations(pdf: Pdf) -> Iterator[tuple[str, Object]]:
    """Names with their destinations: of the catalog's `/Dests` (PDF 1.1) and of the name tree."""
    old = pdf.Root.get("/Dests")
    if isinstance(old, Dictionary):
        for name, destination in old.as_dict().items():
            yield name.removeprefix("/"), destination
    names = pdf.Root.get("/Names")
    tree = names.get("/Dests") if isinstance(names, Dictionary) else None
    for key, value in _tree_leaves(tree, "/Names"):
        if isinstance(key, String):
            yield _text(key), value


def _tree_leaves(root: Object | None, leaves: str) -> Iterator[tuple[Object, Object]]:
    """The pairs of a name tree or number tree (7.9.6, 7.9.7) in order."""
    if not isinstance(root, Dictionary):
        return
    seen: set[tuple[int, int]] = set()
    waiting: list[tuple[Object, int]] = [(root, 0)]
    while waiting:
        node, level = waiting.pop()
        if not isinstance(node, Dictionary) or level > _MOST_LEVELS:
            continue
        if node.objgen != (0, 0):
            if node.objgen in seen:
                continue
            seen.add(node.objgen)
        pairs = node.get(leaves)
        if isinstance(pairs, Array):
            flat = list(pairs.as_list())
            yield from zip(flat[::2], flat[1::2], strict=False)
        kids = node.get("/Kids")
        if isinstance(kids, Array):
            waiting.extend((kid, level + 1) for kid in reversed(list(kids.as_list())))


def _outline_entries(pdf: Pdf) -> Iterator[Object]:
    """The bookmarks in order."""
    outlines = pdf.Root.get("/Outlines")
    if not isinstance(outlines, Dictionary):
        return
    seen: set[tuple[int, int]] = set()
    waiting = [outlines.get("/First")]
    while waiting:
        entry = waiting.pop()
        if not isinstance(entry, Dictionary) or entry.objgen in seen:
            continue
        if entry.objgen != (0, 0):
            seen.add(entry.objgen)
        yield entry
        waiting.extend((entry.get("/Next"), entry.get("/First")))


def _page_label_problem(pdf: Pdf, pages: int) -> str | None:
    """What is wrong with the page labels, or None: indexes ascend from 0, and each has a label dictionary."""
    root = pdf.Root.get("/PageLabels")
    if root is None:
        return None
    if not isinstance(root, Dictionary):
        return "not a number tree"
    previous = -1
    for key, value in _tree_leaves(root, "/Nums"):
        if not isinstance(key, int) or not isinstance(value, Dictionary):
            return "not pairs of an index and a label"
        if previous < 0 < key:
            return f"the first label is for page {key + 1}, and not for the first page"
        if key <= previous:
            return f"page {key + 1} stands behind page {previous + 1}"
        if key >= pages:
            return f"a label for page {key + 1} of {pages}"
        previous = key
    return None if previous >= 0 else "no labels in it"
