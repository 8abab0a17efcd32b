"""Sphinx settings of the sample book; its metadata are in book.toml beside this file."""

project = "Party Wall"
author = "The Octavo authors"
copyright = "2026, The Octavo authors. Text and figures: CC BY 4.0"
language = "en"

extensions = ["myst_parser", "sphinxcontrib.bibtex"]
exclude_patterns = ["data"]

myst_enable_extensions = ["attrs_block", "attrs_inline", "colon_fence", "deflist", "smartquotes"]

numfig = True
numfig_format = {"figure": "Figure %s", "table": "Table %s", "code-block": "Listing %s", "section": "Chapter %s"}

bibtex_bibfiles = ["../book/references.bib"]
bibtex_default_style = "plain"
bibtex_reference_style = "label"

html_theme = "sphinx_book_theme"
html_title = "Party Wall"
html_static_path = ["_static"]
html_css_files = ["book.css"]
html_theme_options = {"navbar_persistent": [], "show_toc_level": 2, "use_download_button": False}
