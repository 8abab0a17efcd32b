"""A project whose extension uses everything that could leak from one format into the next."""

import sys
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parent / "_ext"))

project = "Leaky"
author = "N. N."
extensions = ["myst_parser", "sphinx.ext.ifconfig", "leaks", "sphinx_tabs.tabs"]
exclude_patterns = ["_ext"]
html_theme = "sphinx_book_theme"
html_static_path = ["_static"]
numfig = True
html_last_updated_fmt = None
templates_path = []
