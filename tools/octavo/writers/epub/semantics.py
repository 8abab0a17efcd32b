# ruff: noqa: E501 -- titles in many languages
"""What a document of the book is: chapter, preface, glossary, ..., by what its author says or by its name and title.

Guesses sparingly: the whole title has to be the word for it. What is not known is a chapter when it stands in the
table of contents, and nothing else.
"""

from __future__ import annotations

import re

# kind -> whether there is a DPUB-ARIA role of the same name
KINDS: dict[str, bool] = {
    "abstract": True, "acknowledgments": True, "afterword": True, "appendix": True, "bibliography": True,
    "chapter": True, "colophon": True, "conclusion": True, "contributors": False, "copyright-page": False,
    "dedication": True, "endnotes": True, "epigraph": True, "epilogue": True, "errata": True, "foreword": True,
    "frontispiece": False, "glossary": True, "halftitlepage": False, "imprint": False, "index": True,
    "introduction": True, "other-credits": False, "part": True, "preamble": False, "preface": True, "prologue": True,
    "titlepage": False,
}  # fmt: skip
FRONTMATTER = frozenset(
    {
        "abstract", "acknowledgments", "copyright-page", "dedication", "epigraph", "foreword", "frontispiece",
        "halftitlepage", "imprint", "introduction", "preamble", "preface", "prologue", "titlepage",
    }
)  # fmt: skip

_TITLES: dict[str, str] = {
    "preface": "preface|preface to the .* edition|vorwort|préface|avant-propos|prefacio|prefácio|prefazione|voorwoord|предисловие|"
    "はじめに|まえがき|前言|序|förord|forord|przedmowa|předmluva|önsöz",
    "foreword": "foreword|geleitwort|prólogo del editor|前書き",
    "introduction": "introduction|einleitung|einführung|introducción|introdução|introduzione|inleiding|введение|序論|引言|导言|"
    "wstęp|úvod|giriş|مقدمة",
    "dedication": "dedication|widmung|dédicace|dedicatoria|dedicatória|dedica|opdracht|посвящение|献辞",
    "epigraph": "epigraph|motto|épigraphe|epígrafe|epigrafe",
    "acknowledgments": "acknowledge?ments|acknowledgements and thanks|danksagung|dank|remerciements|agradecimientos|"
    "agradecimentos|ringraziamenti|dankwoord|благодарности|謝辞|致谢|podziękowania|poděkování|teşekkür",
    "glossary": "glossary|glossar|glossaire|glosario|glossário|glossario|woordenlijst|глоссарий|用語集|术语表|ordlista|słownik",
    "bibliography": "bibliography|references|works cited|literature|bibliographie|literatur|literaturverzeichnis|bibliografía|"
    "referencias|bibliografia|referências|riferimenti|literatuur|литература|список литературы|参考文献|källor|literatura",
    "index": "general index|register|sachregister",
    "colophon": "colophon|kolophon|colofón|colofão|colofon|колофон|奥付",
    "conclusion": "conclusions?|schluss|fazit|conclusión|conclusão|conclusione|conclusie|заключение|結論|结论",
    "epilogue": "epilogue|epilog|épilogue|epílogo|epiloog|эпилог",
    "prologue": "prologue|prolog|prólogo|proloog|пролог",
    "afterword": "afterword|nachwort|postface|epílogo del autor|posfácio|postfazione|nawoord|послесловие|あとがき|后记",
    "errata": "errata|corrigenda|erratum",
    "titlepage": "title page|titelseite|titelblatt|page de titre|portada|frontespizio|titelpagina",
    "copyright-page": "copyright|imprint|impressum|mentions légales|créditos|colophon and copyright",
    "abstract": "abstract|zusammenfassung|résumé|resumen|resumo|riassunto|samenvatting|аннотация|要旨|摘要",
}
_APPENDIX = re.compile(
    r"(?:appendix|appendices|anhang|annexe|apéndice|apêndice|appendice|bijlage|приложение|付録|附录)(?:\b.*)?",
    re.IGNORECASE,
)


def kind_of(docname: str, title: str, given: str | None, *, has_glossary: bool, in_contents: bool) -> str | None:
    """The epub:type of a document; None for none. given: what the author's metadata field `epub_type` says."""
    if given is not None:
        return given.strip().lower() if given.strip().lower() in KINDS else None
    plain = (
        re.sub(r"^[\dA-ZIVX.]+\.?\s+", "", " ".join(title.split())).casefold()
        if title[:1].isdigit()
        else " ".join(title.split()).casefold()
    )
    for kind, pattern in _TITLES.items():
        if re.fullmatch(pattern, plain):
            # a glossary is one only where terms are defined in it
            return kind if kind != "glossary" or has_glossary else "chapter"
    if _APPENDIX.fullmatch(plain):
        return "appendix"
    stem = docname.rpartition("/")[2].casefold()
    if stem in (
        "preface",
        "foreword",
        "dedication",
        "epigraph",
        "colophon",
        "bibliography",
        "acknowledgments",
        "copyright",
    ):
        return "copyright-page" if stem == "copyright" else stem
    if stem in ("title-page", "titlepage"):
        return "titlepage"
    return "chapter" if in_contents else None


def role_of(kind: str | None) -> str | None:
    """The DPUB-ARIA role that matches."""
    return f"doc-{kind}" if kind is not None and KINDS.get(kind) else None
