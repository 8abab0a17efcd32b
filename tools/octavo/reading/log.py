"""Sphinx's warnings as diagnostics: each record of its log becomes one value with a rule and a place."""

from __future__ import annotations

import dataclasses
import functools
import re
from collections.abc import Callable
from io import StringIO
from logging import ERROR, WARNING, LogRecord, getLogger
from pathlib import Path
from typing import TYPE_CHECKING

from docutils import nodes
from sphinx.util import logging

from octavo.diagnostics import Diagnostic, Location
from octavo.reading.lines import exact_line

if TYPE_CHECKING:
    from sphinx.application import Sphinx

# Sphinx's and its extensions' own warning types (`type.subtype`) that say what our rules say
RULE_OF_TYPE = {
    "ref.term": "links/term-missing",
    "ref.ref": "links/label-missing",
    "ref.numref": "links/label-missing",
    "ref.eq": "links/label-missing",
    "ref.equation": "links/label-missing",
    "ref.keyword": "links/label-missing",
    "ref.option": "links/label-missing",
    "ref.doc": "links/page-missing",
    "toc.not_readable": "links/page-missing",
    "image.not_readable": "links/image-missing",
    "download.not_readable": "links/file-missing",
    "myst.xref_missing": "links/target-missing",
    "bibtex.key_not_found": "links/citation-missing",
}
# Warnings whose type alone does not tell, told by words that Sphinx does not translate or that stand in English
RULE_OF_TEXT = (
    (re.compile(r"^(?:could not find bibtex key|citation not found)"), "links/citation-missing"),
    (re.compile(r"reference target not found"), "links/target-missing"),
    (re.compile(r'^Unknown target name: "'), "links/target-missing"),
)
_MYST_ANCHOR = re.compile(r"^local id not found in doc '(?P<docname>[^']*)': '(?P<anchor>[^']*)'")
_ANSI = re.compile(r"\x1b\[[0-9;]*m")
_PLACE = re.compile(r"^(?P<path>.*?)(?::docstring of [^:]*)?(?::(?P<line>\d+|<autosummary>)?)?$")
_QUOTED = re.compile(r"""(?:(?<=\W)|^)["'`“‘«](?P<value>[^"'`”’»]+)["'`”’»]""")
_AFTER_COLON = re.compile(r": (?P<value>\S+)(?: \[[\w.]+\])?$")


class DiagnosticHandler(logging.WarningStreamHandler):
    """Turns the records of Sphinx's log into diagnostics and hands them on.

    It is a WarningStreamHandler so that Sphinx's own `pending_warnings` holds it back while reading.
    """

    def __init__(self, app: Sphinx, root: Path, deliver: Callable[[Diagnostic], None]) -> None:
        super().__init__(logging.SafeEncodingWriter(StringIO()))
        self.setLevel(WARNING)
        self.addFilter(logging.WarningSuppressor(app))
        self.addFilter(logging.OnceFilter())
        self._app = app
        self._root = root
        self._deliver = deliver

    def emit(self, record: LogRecord) -> None:
        """Hand one record on."""
        self._deliver(self.diagnostic(record))

    def diagnostic(self, record: LogRecord) -> Diagnostic:
        """What a record says."""
        return diagnostic_of(record, self._app, self._root)

    def deliver(self, diagnostic: Diagnostic) -> None:
        """Hand on what was said in another process."""
        self._deliver(diagnostic)


def attach(app: Sphinx, root: Path, deliver: Callable[[Diagnostic], None]) -> DiagnosticHandler:
    """Put a handler before Sphinx's own ones, which rewrite the place of a record to a string.

    Handlers that an earlier `attach` put there (in the process that this one was forked from) go.
    """
    logger = getLogger(logging.NAMESPACE)
    for old in [h for h in logger.handlers if isinstance(h, DiagnosticHandler)]:
        logger.removeHandler(old)
    handler = DiagnosticHandler(app, root, deliver)
    logger.handlers.insert(0, handler)
    return handler


def early_warnings(text: str) -> tuple[Diagnostic, ...]:
    """Warnings that Sphinx printed while it loaded conf.py and extensions, before a handler could be attached."""
    found = []
    for line in _ANSI.sub("", text).splitlines():
        message = line.strip()
        if message:
            rule = "sphinx/error" if "ERROR:" in message else "sphinx/warning"
            found.append(Diagnostic(rule=rule, value=re.sub(r"^(?:WARNING|ERROR): ", "", message)))
    return tuple(found)


def diagnostic_of(record: LogRecord, app: Sphinx, root: Path) -> Diagnostic:
    """The diagnostic that a record carries, or the one that its type, text and place make."""
    place = location_of(getattr(record, "location", None), app, root)
    carried = getattr(record, "octavo_diagnostic", None)
    if isinstance(carried, Diagnostic):
        return _placed(carried, place, root)
    message = _ANSI.sub("", record.getMessage())
    kind = ".".join(str(part) for part in (getattr(record, "type", ""), getattr(record, "subtype", "")) if part)
    rule = RULE_OF_TYPE.get(kind) or next((r for pattern, r in RULE_OF_TEXT if pattern.search(message)), None)
    if rule is None:
        rule = "sphinx/error" if record.levelno >= ERROR else "sphinx/warning"
        return Diagnostic(rule=rule, value=message + (f" [{kind}]" if kind else ""), location=place)
    value = _value_of(record, message)
    if Path(value).is_absolute():
        value = relative_to_root(value, root)
    context = None
    if anchor := _MYST_ANCHOR.match(message):
        rule, context, value = "links/anchor-missing", anchor["docname"], anchor["anchor"]
    if place.source is not None:
        place = dataclasses.replace(place, line=exact_line(root / place.source, place.line, (value,)))
    return Diagnostic(rule=rule, value=value, context=context, location=place)


def _placed(carried: Diagnostic, place: Location, root: Path) -> Diagnostic:
    """A writer's finding with its place, or else that of its record; absolute paths said from the root."""
    source, line = carried.location.source, carried.location.line
    source, line = (place.source, place.line) if source is None else (source, line)
    context = carried.context
    return dataclasses.replace(
        carried,
        location=dataclasses.replace(carried.location, source=source and relative_to_root(source, root), line=line),
        context=relative_to_root(context, root) if context and Path(context).is_absolute() else context,
    )


def location_of(location: object, app: Sphinx, root: Path) -> Location:
    """The place of a record: Sphinx has it as a node, a (docname, line), a docname or a `path:line` string."""
    source: str | None = None
    line: int | None = None
    if isinstance(location, nodes.Node):
        source, line = source_and_line(location)
    elif isinstance(location, tuple):
        docname, number = (*location, None, None)[:2]
        source = str(app.env.doc2path(docname)) if docname else None
        line = int(number) if isinstance(number, int) or (isinstance(number, str) and number.isdigit()) else None
    elif isinstance(location, str) and location:
        if ":" not in location:
            source = str(app.env.doc2path(location))
        elif match := _PLACE.match(location):
            source = match["path"]
            line = int(match["line"]) if match["line"] and match["line"].isdigit() else None
    if not source:
        return Location()
    return Location(source=relative_to_root(source, root), line=line if line and line > 0 else None)


def source_and_line(node: nodes.Node) -> tuple[str | None, int | None]:
    """Source path and 1-based line of a node, or of its nearest ancestor that knows them."""
    source: str | None = None
    line: int | None = None
    current: nodes.Node | None = node
    while current is not None and (source is None or line is None):
        source = source or getattr(current, "source", None)
        # MyST says 0 of what stands within a paragraph
        line = line or getattr(current, "line", None) or None
        current = current.parent
    if source is not None and ":docstring of " in source:  # autodoc says "path/to/module.py:docstring of name"
        source = re.sub(r":docstring of .*$", "", source)
    return source, line


@functools.lru_cache(maxsize=4096)  # it is asked for each reference, and each answer asks the disk
def relative_to_root(path: str, root: Path) -> str:
    """A source path as findings say it: POSIX, relative to the project's root when inside it."""
    full = Path(path) if Path(path).is_absolute() else root / path
    try:
        return full.resolve().relative_to(root).as_posix()
    except ValueError:
        return full.as_posix()


def _value_of(record: LogRecord, message: str) -> str:
    """What the message is about: the reference's target, the record's argument, or what the text quotes."""
    location = getattr(record, "location", None)
    several = getattr(record, "type", "") == "bibtex"  # one node cites many keys; the text names the one
    if isinstance(location, nodes.Element) and location.get("reftarget") and not several:
        return str(location["reftarget"])
    if isinstance(record.args, tuple) and record.args and isinstance(record.args[0], str):
        return record.args[0]
    match = _QUOTED.search(message) or _AFTER_COLON.search(message)
    return match["value"] if match else message
