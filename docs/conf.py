"""Octavo's own documentation: an ordinary Sphinx project."""

project = "Octavo"
author = "The Octavo authors"
copyright = "The Octavo authors"
language = "en"
extensions = ["myst_parser"]
myst_enable_extensions = ["colon_fence", "deflist"]
myst_heading_anchors = 3
html_theme = "sphinx_book_theme"
html_title = "Octavo"
html_theme_options = {"navbar_persistent": []}
exclude_patterns = ["_build"]
