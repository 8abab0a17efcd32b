"""What is wrong with what was built: each check reads finished artefacts and returns diagnostics.

A check changes nothing, needs no Sphinx, and works on any site, EPUB or PDF, whoever made it.
"""
