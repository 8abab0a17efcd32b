"""Diagrams that a browser's script or a program of its own draws: drawn while building, or described.

The rule is one for all writers: where the program is there (`dot`, `mmdc`), a diagram is an SVG picture; where it is
not, its description stands, and its source below it under a heading that says what it is, and a finding says so.
"""

from __future__ import annotations

import functools
import hashlib
import json
import shutil
import subprocess
import sys
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from docutils import nodes

from octavo.diagnostics import Diagnostic
from octavo.reading.log import source_and_line
from octavo.reading.reporting import report

if TYPE_CHECKING:
    from sphinx.builders import Builder

MERMAID, GRAPHVIZ = "Mermaid", "Graphviz"
_MAKERS = {
    "sphinxcontrib.mermaid": MERMAID, "sphinx.ext.graphviz": GRAPHVIZ, "sphinx.ext.inheritance_diagram": GRAPHVIZ,
    "sphinxcontrib.plantuml": "PlantUML",
}  # fmt: skip
SECONDS = 60
MAX_BYTES = 5_000_000
HINT = "its source stands in its place; a picture with a description would say more"
_SOURCE = {
    "en": "Source of the diagram", "de": "Quelltext des Diagramms", "fr": "Source du diagramme",
    "es": "Fuente del diagrama", "it": "Sorgente del diagramma", "pt": "Fonte do diagrama",
    "nl": "Bron van het diagram",
    "ja": "図のソース", "zh": "图表源码", "ru": "Исходный текст диаграммы", "fa": "متن نمودار", "pl": "Źródło diagramu",
}  # fmt: skip
_INHERITANCE = {
    "en": "Inheritance diagram of", "de": "Vererbungsdiagramm von", "fr": "Diagramme d'héritage de",
    "es": "Diagrama de herencia de", "it": "Diagramma di ereditarietà di", "pt": "Diagrama de herança de",
    "nl": "Overervingsdiagram van", "ja": "継承図:", "zh": "继承图：", "ru": "Диаграмма наследования:",
    "fa": "نمودار وراثت:", "pl": "Diagram dziedziczenia:",
}  # fmt: skip
# more of them are no description that anyone listens to
_MOST_CLASSES = 12
# labels as text of the drawing and not as HTML in it, which no e-reader has to show
_MERMAID_SETTINGS = {"htmlLabels": False, "flowchart": {"htmlLabels": False}, "class": {"htmlLabels": False}}


@dataclass(frozen=True, slots=True, kw_only=True)
class DiagramRule:
    """What a writer says of a diagram that is not drawn. in_context: whether its rule names the maker beside it."""

    id: str
    format: str
    in_context: bool


RULES: Mapping[str, DiagramRule] = {
    "epub": DiagramRule(id="epub/content-replaced", format="epub", in_context=True),
    "pdf": DiagramRule(id="pdf/diagram-not-drawn", format="pdf", in_context=False),
}


def settle_diagrams(document: nodes.document, builder: Builder, rule: DiagramRule) -> None:
    """Replace in place: by pictures, or by descriptions with their sources. Says each one that is not drawn."""
    if not any(maker in sys.modules for maker in _MAKERS):
        return
    for node in [n for n in document.findall(nodes.Element) if maker_of(n)]:
        name, code = maker_of(node), _code_of(node, builder)
        if not code:
            continue
        drawn = _drawn(name, code, builder)
        if drawn is not None:
            node.replace_self(_picture(node, drawn, builder))
            continue
        value = next((line.strip() for line in code.splitlines() if line.strip()), name)
        report(
            Diagnostic(
                rule=rule.id,
                value=value if rule.in_context else name,
                context=f"a diagram by {name}" if rule.in_context else None,
                hint=HINT,
                formats=(rule.format,),
            ),
            _place(node, value),
        )
        node.replace_self(_described(node, code, str(builder.config.language or "en")))


def _place(node: nodes.Element, first_line: str) -> nodes.Element:
    """The node itself where it knows its line, else one at the line on which its source begins."""
    path, around = source_and_line(node)
    if node.line is not None or path is None:
        return node
    try:
        lines = Path(path).read_text(encoding="utf-8", errors="replace").splitlines()
    except OSError:
        return node
    place = nodes.Element()
    place.source = path
    place.line = next((n for n, text in enumerate(lines, 1) if n >= (around or 1) and first_line in text), around)
    return place


def maker_of(node: nodes.Element) -> str:
    """What a diagram's node would be drawn by; "" for all else."""
    return _maker(type(node).__module__)


@functools.cache
def _maker(module: str) -> str:
    return next((name for known, name in _MAKERS.items() if module == known or module.startswith(f"{known}.")), "")


def _code_of(node: nodes.Element, builder: Builder) -> str:
    """What a diagram is drawn from; "" where there is nothing."""
    graph = node.get("graph")
    if graph is not None and hasattr(graph, "generate_dot"):
        return str(graph.generate_dot("inheritance", {}, env=builder.env)).strip("\n")
    return str(node.get("code") or node.get("uml") or "").strip("\n")


def _description(node: nodes.Element, language: str) -> str:
    options = node.get("options") or {}
    return str(node.get("alt") or options.get("alt") or _classes_of(node, language)).strip()


def _classes_of(node: nodes.Element, language: str) -> str:
    """Of an inheritance diagram: the classes that it is of; if they are few, each with its bases as Python has it."""
    graph, wanted = node.get("graph"), node.get("content")
    if graph is None or not wanted:
        return ""
    words = f"{_of(_INHERITANCE, language)} {wanted}"
    classes = [f"{name}({', '.join(bases)})" for name, _full, bases, _tip in getattr(graph, "class_info", ()) if bases]
    return f"{words}: {', '.join(classes)}" if 0 < len(classes) <= _MOST_CLASSES else words


def _of(words: Mapping[str, str], language: str) -> str:
    return words.get(language.partition("-")[0].partition("_")[0].lower(), words["en"])


def _described(node: nodes.Element, code: str, language: str) -> nodes.container:
    made = nodes.container("", classes=["octavo-diagram"], ids=node.get("ids", []))
    description = _description(node, language)
    if description:
        made += nodes.paragraph("", description)
    name = f"diagram-source-{hashlib.sha256(code.encode()).hexdigest()[:8]}"
    listing = nodes.container("", literal_block=True, classes=["literal-block-wrapper"], ids=[name])
    listing += nodes.caption("", _of(_SOURCE, language))
    block = nodes.literal_block(code, code, language="none")
    listing += block
    made += listing
    for part in made.findall():
        part.source, part.line = node.source, node.line
    return made


def _picture(node: nodes.Element, path: Path, builder: Builder) -> nodes.image:
    image = nodes.image("", uri=str(path), candidates={"*": str(path)}, ids=node.get("ids", []))
    description = _description(node, str(builder.config.language or "en"))
    if description:
        image["alt"] = description
    image.source, image.line = node.source, node.line
    builder.images[str(path)] = path.name
    return image


def _drawn(name: str, code: str, builder: Builder) -> Path | None:
    """The SVG file of a diagram, drawn once for the same source; None when its program is not there, or refuses."""
    command = _command(name, builder)
    if command is None:
        return None
    folder = Path(builder.outdir) / "_diagrams"
    stem = hashlib.sha256(f"{name}\0{code}".encode()).hexdigest()[:20]
    made = folder / f"diagram-{stem}.svg"
    if not made.is_file():
        folder.mkdir(parents=True, exist_ok=True)
        arguments = (
            [*command, "-Tsvg", "-o", str(made)]
            if name == GRAPHVIZ
            else [*command, "-i", "-", "-o", str(made), "-c", str(_mermaid_settings(folder)), "-q"]
        )
        try:
            subprocess.run(  # noqa: S603 -- a program that conf.py names, with no shell
                arguments,
                input=code.encode(),
                capture_output=True,
                timeout=SECONDS,
                check=True,
                cwd=builder.srcdir,
            )
        except (OSError, subprocess.SubprocessError):
            made.unlink(missing_ok=True)
            return None
    size = made.stat().st_size if made.is_file() else 0
    return made if 0 < size < MAX_BYTES else None


def _command(name: str, builder: Builder) -> list[str] | None:
    config = builder.config
    given = {GRAPHVIZ: getattr(config, "graphviz_dot", "dot"), MERMAID: getattr(config, "mermaid_cmd", "mmdc")}.get(
        name
    )
    words = [given] if isinstance(given, str) else list(given or ())
    found = shutil.which(str(words[0])) if words else None
    if found is None:
        return None
    more = getattr(config, "graphviz_dot_args", ()) if name == GRAPHVIZ else getattr(config, "mermaid_params", ())
    return [found, *map(str, words[1:]), *map(str, more)]


def _mermaid_settings(folder: Path) -> Path:
    path = folder / "mermaid.json"
    path.write_text(json.dumps(_MERMAID_SETTINGS), encoding="utf-8")
    return path
