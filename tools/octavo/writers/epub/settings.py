"""Configuration values of the EPUB writer, and what it shares with the PDF's while documents are resolved."""

from __future__ import annotations

from typing import TYPE_CHECKING

from octavo.reading.notebook_outputs import StaticOutputs

if TYPE_CHECKING:
    from sphinx.application import Sphinx

# how far the headings of a document go into the table of contents: its title and its sections
SECTION_DEPTH = 2


def register_config(app: Sphinx) -> None:
    """Add both."""
    app.add_post_transform(StaticOutputs)
    app.add_config_value("octavo_epub_section_depth", SECTION_DEPTH, "", types=frozenset({int}))
    app.add_config_value("octavo_epub_lists", [], "", types=frozenset({list, tuple}))
    app.add_config_value("octavo_epub_fonts", {}, "", types=frozenset({dict, list, tuple, str}))
    app.add_config_value("octavo_epub_max_image_pixels", None, "", types=frozenset({int, type(None)}))
