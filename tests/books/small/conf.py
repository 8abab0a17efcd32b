"""A small book with a little of everything."""

project = "A Small Book"
author = "Ada Example"
extensions = ["myst_parser"]
myst_enable_extensions = ["colon_fence", "deflist", "dollarmath"]
numfig = True
html_theme = "alabaster"
