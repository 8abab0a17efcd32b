"""A project of everything that an EPUB can't hold as a site holds it."""

project = "Torture"
author = "N. N."
language = "en"
extensions = [
    "myst_nb",
    "sphinx.ext.graphviz",
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
