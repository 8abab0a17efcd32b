"""Pages that a book has before its text, and what tells that a document is one of them."""

from __future__ import annotations

import re

HALF_TITLE, TITLE_PAGE, COPYRIGHT_PAGE = "halftitlepage", "titlepage", "copyright-page"
DEDICATION, EPIGRAPH = "dedication", "epigraph"
BEFORE_CONTENTS = (HALF_TITLE, TITLE_PAGE, COPYRIGHT_PAGE, DEDICATION, EPIGRAPH)
"""Roles (the names are those of EPUB's structural semantics) in the order in which their pages stand."""

FRONT = {
    "front matter", "frontmatter", "preliminaries", "prelims", "titelei", "vorspann", "pages liminaires", "liminaires",
    "preliminares", "pagine preliminari", "voorwerk",
}  # fmt: skip
APPENDIX = {
    "appendix", "appendices", "anhang", "anhänge", "annexe", "annexes", "apéndice", "apéndices", "apêndice",
    "apêndices", "appendice", "appendici", "bijlage", "bijlagen", "приложение", "приложения", "付録", "附录",
}  # fmt: skip
BACK = {
    "back matter", "backmatter", "end matter", "endmatter", "nachspann", "pages finales", "nawerk", "paratexte final",
}  # fmt: skip
"""Captions of toctrees that name a place in the book, and no part of it."""

_STEMS = {
    "title-page": TITLE_PAGE, "titlepage": TITLE_PAGE, "title_page": TITLE_PAGE, "copyright": COPYRIGHT_PAGE,
    "copyright-page": COPYRIGHT_PAGE, "copyright_page": COPYRIGHT_PAGE, "dedication": DEDICATION, "epigraph": EPIGRAPH,
}  # fmt: skip
_TITLES = (
    (TITLE_PAGE, r"title page|titelseite|titelblatt|page de titre|portada|frontespizio|titelpagina"),
    (COPYRIGHT_PAGE, r"copyright( page)?|imprint|impressum|mentions légales|créditos"),
    (DEDICATION, r"dedication|widmung|dédicace|dedicatoria|dedicatória|dedica|opdracht|посвящение|献辞"),
    (EPIGRAPH, r"epigraph|motto|épigraphe|epígrafe|epigrafe"),
)


def matter_of(caption: str | None) -> str:
    """Where a toctree of this caption has its documents: "front", "body", "appendix" or "back"."""
    name = " ".join((caption or "").split()).casefold()
    return "front" if name in FRONT else "appendix" if name in APPENDIX else "back" if name in BACK else "body"


def role_of(docname: str, title: str, given: str | None, *, in_front: bool) -> str | None:
    """The role of a document, or None when it is a chapter like any other.

    - given: what the author's field `epub_type` says of it.
    - in_front: whether its toctree is the front matter's; elsewhere a name alone makes no such page but the title's.
    """
    if given is not None:
        return given.strip().casefold() if given.strip().casefold() in BEFORE_CONTENTS else None
    found = _STEMS.get(docname.rpartition("/")[2].casefold()) or role_of_title(title)
    return found if in_front or found == TITLE_PAGE else None


def role_of_title(title: str) -> str | None:
    """The role that a heading names, or None."""
    plain = " ".join(title.split()).casefold()
    return next((role for role, pattern in _TITLES if re.fullmatch(pattern, plain)), None)
