"""A look at a project without reading its documents."""

from __future__ import annotations

import tempfile
from dataclasses import dataclass
from pathlib import Path

from sphinx.application import builtin_extensions

from octavo.reading.book import READER, Listener, ReadOptions, open_application
from octavo.reading.project import Project

OWN_FONTS = ("Libertinus Serif", "New Computer Modern Math", "DejaVu Sans Mono")


@dataclass(frozen=True, slots=True, kw_only=True)
class Inspection:
    """What a project is.

    - documents: how many sources there are.
    - extensions: of the project and of what they load, without Sphinx's own.
    - metadata: where the book's metadata come from.
    - pdf_fonts: families that the PDF is set in, in order of preference.
    """

    name: str
    language: str
    theme: str
    documents: int
    extensions: tuple[str, ...]
    metadata: str
    pdf_fonts: tuple[str, ...]


def inspect(project: Project) -> Inspection:
    """Load the configuration and the extensions, and list the sources.

    Raises: ConfigurationError when Sphinx can't start on this project.
    """
    nobody = Listener(found=lambda _: None, reading=lambda done, total: None, writing=lambda done, total: None)
    with tempfile.TemporaryDirectory(prefix="octavo-") as folder:
        state = Path(folder)
        app = open_application(
            project, ReadOptions(), state, builder_name=READER, outdir=state / "reading", listener=nobody
        )
        app.env.find_files(app.config, app.builder)
        fonts = getattr(app.config, "octavo_pdf_fonts", None) or ()
        metadata = next((p for p in (project.conf / "book.toml", project.source / "book.toml") if p.is_file()), None)
        return Inspection(
            name=str(app.config.project),
            language=str(app.config.language),
            theme=str(app.config.html_theme),
            documents=len(app.env.found_docs),
            extensions=tuple(
                n
                for n in app.extensions
                if n not in {*builtin_extensions, "octavo"} and not n.startswith("sphinx.builders.")
            ),
            metadata="conf.py" if metadata is None else metadata.name,
            pdf_fonts=(*map(str, fonts), *OWN_FONTS),
        )
