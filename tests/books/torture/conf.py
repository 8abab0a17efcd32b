"""A project of everything that an EPUB can't hold as a site holds it."""

import sys
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parent / "_extensions"))

project = "Torture"
author = "N. N."
language = "en"
extensions = [
    "myst_nb",
    "sphinx.ext.graphviz",
    "sphinx.ext.inheritance_diagram",
    "sphinx.ext.todo",
    "sphinx_copybutton",
    "sphinx_design",
    "sphinx_exercise",
    "sphinx_proof",
    "sphinx_tabs.tabs",
    "sphinx_togglebutton",
    "sphinxcontrib.bibtex",
    "sphinxcontrib.mermaid",
]
myst_enable_extensions = [
    "amsmath", "attrs_block", "attrs_inline", "colon_fence", "deflist", "dollarmath", "fieldlist", "html_admonition",
    "html_image", "replacements", "smartquotes", "strikethrough", "substitution", "tasklist",
]
myst_substitutions = {"who": "**everyone**"}
nb_execution_mode = "off"
numfig = True
bibtex_bibfiles = ["works.bib"]
html_static_path = ["_static"]
html_css_files = ["site.css"]
html_js_files = ["https://example.org/remote.js"]
# no program that makes pictures of graphs is run: the test is of what stands in their place
graphviz_dot = "no-such-program"
todo_include_todos = True
# where the site would be: outputs of notebooks that need it are led there
html_baseurl = "https://torture.example.org/book/"
# no test asks the web: what stands in the place of remote pictures is tested
octavo_remote_pictures = False


def setup(app):
    """Nodes of extensions that know none of our writers, and what is added at the end of a build."""
    import unknown_nodes

    unknown_nodes.register(app)
