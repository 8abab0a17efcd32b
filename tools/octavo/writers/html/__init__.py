"""The site: Sphinx's own builder and the project's own theme.

Nothing is changed in what they write: a site from `octavo build` is the site of `sphinx-build -b html`.
"""

BUILDER = "html"
