"""Octavo as a Sphinx extension: its builders and their configuration, for `octavo build` and for `sphinx-build`."""

from __future__ import annotations

from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, ClassVar

from sphinx.builders import Builder

from octavo import __version__
from octavo.reading import outlines, patches, quick_post_transforms, quick_references, quick_transforms
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
from octavo.writers import html
from octavo.writers.epub.settings import register_config as register_epub
from octavo.writers.pdf.settings import register_config as register_pdf

if TYPE_CHECKING:
    from sphinx.application import Sphinx
    from sphinx.environment import BuildEnvironment
    from sphinx.util.typing import ExtensionMetadata


class _EpubBuilder(Builder):
    """Stands for the EPUB's builder until it is made, so that no other format waits for it to be loaded."""

    name: ClassVar[str] = "octavo-epub"

    def __new__(cls, app: Sphinx, env: BuildEnvironment) -> Builder:  # type: ignore[misc]  # that is what it is for
        from octavo.writers.epub import EpubBuilder

        return EpubBuilder(app, env)


class _PdfBuilder(Builder):
    """Stands for the PDF's builder likewise."""

    name: ClassVar[str] = "octavo-pdf"

    def __new__(cls, app: Sphinx, env: BuildEnvironment) -> Builder:  # type: ignore[misc]  # that is what it is for
        from octavo.writers.pdf import PdfBuilder

        return PdfBuilder(app, env)


OUR_BUILDERS = (ReaderBuilder, _EpubBuilder, _PdfBuilder)
OUR_NAMES = frozenset(builder.name for builder in OUR_BUILDERS)
AFTER_ALL_OTHERS = 10_000


def _is_ours(builder: Builder) -> bool:
    """By the name of its class: its own is another while it reads."""
    return type(builder).name in OUR_NAMES


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
        app.connect("builder-inited", quick_post_transforms.take_places, priority=AFTER_ALL_OTHERS)
        app.connect("builder-inited", _patch_again, priority=AFTER_ALL_OTHERS)
    outlines.register(app)
    quick_references.register(app)
    html.register(app)
    register_epub(app)
    register_pdf(app)
    app.connect("builder-inited", _load_theme, priority=0)
    app.connect("env-before-read-docs", _while_reading)
    app.connect("env-updated", _after_reading, priority=0)
    app.connect("builder-inited", _overhear_epub)
    return {"version": __version__, "parallel_read_safe": True, "parallel_write_safe": True}


def _load_theme(app: Sphinx) -> None:
    """The reading builder has loaded it already; under plain `sphinx-build` ours must read as it does."""
    if _is_ours(app.builder) and not isinstance(app.builder, ReaderBuilder):
        run_theme_handlers(app, load_theme(app))


def _patch_again(_: Sphinx) -> None:
    """Extensions of the project have brought what some patches are for."""
    patches.apply()


def _while_reading(app: Sphinx, *_: object) -> None:
    if _is_ours(app.builder):
        present_while_reading(app.builder)


def _after_reading(app: Sphinx, *_: object) -> None:
    if _is_ours(app.builder):
        present_after_reading(app.builder)


def _overhear_epub(app: Sphinx) -> None:
    """Keep what the EPUB's writer says until the EPUB is made."""
    if type(app.builder).name == _EpubBuilder.name:
        from octavo.statement import HEARD_RULES

        heard = Overheard(app, HEARD_RULES)
        # after all others: some extensions put their style sheets in place only on this event
        app.connect("build-finished", partial(_package_epub, heard), priority=AFTER_ALL_OTHERS)


def _package_epub(heard: Overheard, app: Sphinx, exception: Exception | None) -> None:
    from octavo.statement import publish
    from octavo.writers.epub import EpubBuilder

    heard.close()
    builder = app.builder
    if exception is None and isinstance(builder, EpubBuilder):
        publication = builder.publication
        destination = Path(builder.outdir) / f"{publication.name}.epub"
        for diagnostic in publish(publication, destination, heard.findings):
            report(diagnostic)
