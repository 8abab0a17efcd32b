"""Octavo as a Sphinx extension: its builders and their configuration, for `octavo build` and for `sphinx-build`."""

from __future__ import annotations

from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING

from octavo import __version__
from octavo.reading import outlines, patches, quick_references, quick_transforms
from octavo.reading.neutral import (
    ReaderBuilder,
    load_theme,
    present_after_reading,
    present_while_reading,
    run_theme_handlers,
)
from octavo.reading.overhearing import Overheard
from octavo.reading.remote_pictures import RemotePictures
from octavo.reading.reporting import report
from octavo.statement import HEARD_RULES, publish
from octavo.writers import epub, html, pdf

if TYPE_CHECKING:
    from sphinx.application import Sphinx
    from sphinx.util.typing import ExtensionMetadata

OUR_BUILDERS = (ReaderBuilder, epub.EpubBuilder, pdf.PdfBuilder)
AFTER_ALL_OTHERS = 10_000


def register(app: Sphinx) -> ExtensionMetadata:
    """Add builders, configuration values and event handlers."""
    for builder in OUR_BUILDERS:
        app.add_builder(builder)
    app.add_config_value("octavo_output_directory", "", "", types=frozenset({str}))
    app.add_config_value("octavo_metadata", None, "", types=frozenset({str, type(None)}))
    app.add_config_value("octavo_remote_pictures", True, "", types=frozenset({bool, str}))
    app.add_post_transform(RemotePictures)
    patches.apply()
    if patches.tested():
        app.connect("builder-inited", quick_transforms.take_places, priority=AFTER_ALL_OTHERS)
    outlines.register(app)
    quick_references.register(app)
    html.register(app)
    epub.register_config(app)
    pdf.register_config(app)
    app.connect("builder-inited", _load_theme, priority=0)
    app.connect("env-before-read-docs", _while_reading)
    app.connect("env-updated", _after_reading, priority=0)
    app.connect("builder-inited", _overhear_epub)
    return {"version": __version__, "parallel_read_safe": True, "parallel_write_safe": True}


def _load_theme(app: Sphinx) -> None:
    """The reading builder has loaded it already; under plain `sphinx-build` ours must read as it does."""
    if isinstance(app.builder, OUR_BUILDERS) and not isinstance(app.builder, ReaderBuilder):
        run_theme_handlers(app, load_theme(app))


def _while_reading(app: Sphinx, *_: object) -> None:
    if isinstance(app.builder, OUR_BUILDERS):
        present_while_reading(app.builder)


def _after_reading(app: Sphinx, *_: object) -> None:
    if isinstance(app.builder, OUR_BUILDERS):
        present_after_reading(app.builder)


def _overhear_epub(app: Sphinx) -> None:
    """Keep what the EPUB's writer says until the EPUB is made."""
    if isinstance(app.builder, epub.EpubBuilder):
        heard = Overheard(app, HEARD_RULES)
        # after all others: some extensions put their style sheets in place only on this event
        app.connect("build-finished", partial(_package_epub, heard), priority=AFTER_ALL_OTHERS)


def _package_epub(heard: Overheard, app: Sphinx, exception: Exception | None) -> None:
    heard.close()
    builder = app.builder
    if exception is None and isinstance(builder, epub.EpubBuilder):
        publication = builder.publication
        destination = Path(builder.outdir) / f"{publication.name}.epub"
        for diagnostic in publish(publication, destination, heard.findings):
            report(diagnostic)
