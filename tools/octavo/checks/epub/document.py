"""The accessibility rules that one XHTML document answers by itself, and what it adds to the counts of the book.

WCAG 2.2 and EPUB Accessibility 1.1 as far as static markup tells; names of rules and what they are for are in the
table of rules.
"""

from __future__ import annotations

import posixpath
import re
from collections.abc import Callable, Iterator
from urllib.parse import unquote, urlsplit

from lxml import etree

from octavo.checks.epub import markup
from octavo.checks.epub.facts import Facts
from octavo.checks.epub.markup import H, M, S
from octavo.checks.links.places import Finding

# epub:type -> the DPUB-ARIA role that says the same to a screen reader (EPUB 3 Structural Semantics, "Related ARIA")
_ROLES = {
    "abstract": "doc-abstract", "acknowledgments": "doc-acknowledgments", "afterword": "doc-afterword",
    "appendix": "doc-appendix", "backlink": "doc-backlink", "biblioref": "doc-biblioref",
    "bibliography": "doc-bibliography", "chapter": "doc-chapter", "colophon": "doc-colophon",
    "conclusion": "doc-conclusion", "credit": "doc-credit", "credits": "doc-credits", "dedication": "doc-dedication",
    "endnotes": "doc-endnotes", "epigraph": "doc-epigraph", "epilogue": "doc-epilogue", "errata": "doc-errata",
    "footnote": "doc-footnote", "foreword": "doc-foreword", "glossary": "doc-glossary", "glossref": "doc-glossref",
    "index": "doc-index", "introduction": "doc-introduction", "noteref": "doc-noteref", "notice": "doc-notice",
    "page-list": "doc-pagelist", "pagebreak": "doc-pagebreak", "part": "doc-part", "preface": "doc-preface",
    "prologue": "doc-prologue", "pullquote": "doc-pullquote", "qna": "doc-qna", "toc": "doc-toc",
}  # fmt: skip
# where no such role may stand
_ROLELESS = frozenset({f"{H}body", f"{H}html", f"{H}head"})
_RANKS = {f"{H}h{n}": n for n in range(1, 7)}
_FILE_NAME = re.compile(r"[^\s/]+\.(?:png|jpe?g|gif|svg|webp|tiff?|bmp|avif|pdf|eps)", re.IGNORECASE)
_PATH = re.compile(r"(?:\.{0,2}/)?(?:[\w.%-]+/)+[\w.%-]+")
_PLACEHOLDERS = frozenset({"image", "picture", "figure", "photo", "img", "graphic", "alt", "alt text", "untitled"})
_LATEX = re.compile(r"\\\((?=[^)]).{1,400}?\\\)|\\\[.{1,2000}?\\\]|\$\$.{1,2000}?\$\$|\\begin\{[a-z]+\*?\}", re.DOTALL)
_VERBATIM = ("pre", "code", "kbd", "samp", "script", "style", "textarea")
_DESCRIBED = ("aria-details", "aria-describedby", "longdesc")
_LONGEST_SHOWN = 60


class DocumentRules:
    """Judges one document; `facts` are those of the whole book, and grow.

    may_hold_latex: whether there is a backslash or two dollar signs in it at all.
    """

    def __init__(
        self,
        member: str,
        root: etree._Element,
        facts: Facts,
        *,
        is_navigation: bool,
        cover: str | None = None,
        may_hold_latex: bool = True,
    ) -> None:
        self._may_hold_latex = may_hold_latex
        self._member = member
        self._root = root
        self._facts = facts
        self._is_navigation = is_navigation
        self._cover = cover

    def findings(self) -> Iterator[Finding]:
        """Everything that the document's own markup shows."""
        self._facts.documents += 1
        yield from self._frame()
        headings: list[etree._Element] = []
        tags = _JUDGED if _UNNAMED_LINKS(self._root) else _JUDGED_WITHOUT_LINKS
        for element in self._root.iter(*tags, *_RANKS):
            judged = _JUDGED.get(str(element.tag))
            if judged is None:
                headings.append(element)
            else:
                yield from judged(self, element)
        has_others = False
        for element in _WITH_MEANING(self._root):
            has_others |= element.tag not in _RANKS and "heading" in markup.roles(element)
            yield from self._semantics(element)
        if has_others:
            headings = [e for e in markup.elements(self._root) if e.tag in _RANKS or "heading" in markup.roles(e)]
        yield from self._headings(headings)
        if self._may_hold_latex:
            yield from self._latex()

    def _say(
        self,
        rule: str,
        value: str,
        element: etree._Element,
        *,
        context: str | None = None,
        target: str | None = None,
    ) -> Finding:
        return Finding(
            rule=rule, value=value, member=self._member, line=element.sourceline, context=context, target=target
        )

    def _frame(self) -> Iterator[Finding]:
        """Title and language of the document (WCAG 2.4.2, 3.1.1)."""
        title = self._root.find(f"{H}head/{H}title")
        if title is None or not markup.text(title):
            yield self._say("accessibility/document-title-missing", posixpath.basename(self._member), self._root)
        plain, xml = markup.languages(self._root)
        if not (plain or "").strip() and not (xml or "").strip():
            yield self._say("accessibility/language-missing", posixpath.basename(self._member), self._root)
        elif plain is not None and xml is not None and plain.lower() != xml.lower():
            yield self._say("accessibility/language-differs", f"{plain} and {xml}", self._root)
        for element in self._root.iter(f"{H}meta"):
            content = element.get("content", "").replace(" ", "").lower()
            if element.get("name") == "viewport" and ("user-scalable=no" in content or "user-scalable=0" in content):
                yield self._say("accessibility/zoom-forbidden", element.get("content", ""), element)

    def _headings(self, headings: list[etree._Element]) -> Iterator[Finding]:
        """Ranks in steps of one, and one `h1` (WCAG 1.3.1, 2.4.6)."""
        last, first_ranks = 0, 0
        for element in headings:
            rank = _RANKS.get(str(element.tag)) or _aria_rank(element)
            if rank is None or (markup.is_hidden(element) and not self._is_navigation):
                continue
            self._facts.headings += 1
            said = _short(markup.spoken(element))
            if not said:
                yield self._say("accessibility/heading-empty", markup.name(element), element)
                continue
            if rank > last + 1:
                self._facts.skipped_ranks += 1
                context = f"rank {rank} after {f'rank {last}' if last else 'no heading'}"
                yield self._say("accessibility/heading-rank-skipped", said, element, context=context)
            if rank == 1:
                first_ranks += 1
                if first_ranks > 1:
                    yield self._say("accessibility/heading-several-first", said, element)
            last = rank

    def _picture(self, element: etree._Element) -> Iterator[Finding]:
        """A text alternative that is one (WCAG 1.1.1)."""
        tag = str(element.tag)
        is_other = (tag == f"{H}object" and _is_no_picture(element)) or (
            tag == f"{H}input" and element.get("type") != "image"
        )
        if is_other or markup.is_hidden(element):
            return
        member = self._remember(element)
        if markup.roles(element) & {"presentation", "none"}:
            self._facts.decorative += 1
            return
        alternative = element.get("alt")
        said = (alternative or "").strip() or markup.label(element) or _inner_name(element)
        if alternative is not None and not said:
            self._facts.decorative += 1
            return
        # no access mode and no feature is claimed for a cover alone
        self._facts.pictures += member is None or member != self._cover
        if any(element.get(name) for name in _DESCRIBED):
            self._facts.long_descriptions += 1
        shown = markup.source(element) or markup.name(element)
        target = markup.source(element) or None
        self._facts.alternatives.append((self._member, element.sourceline, shown, len(said)))
        if not said:
            self._facts.without_alternative += 1
            yield self._say("epub/alternative-text-missing", _short(shown), element, target=target)
        elif alternative and _is_no_description(alternative, shown):
            self._facts.without_alternative += 1
            yield self._say(
                "accessibility/alternative-text-useless", _short(alternative), element, target=target, context=shown
            )
        if "math" in element.get("class", "").split() or (alternative and _LATEX.search(alternative)):
            self._facts.formulas_otherwise += 1

    def _remember(self, element: etree._Element) -> str | None:
        """The picture's file in the EPUB, which is now known to be shown here; None for a remote one or none."""
        try:
            parts = urlsplit(markup.source(element))
        except ValueError:
            return None
        if not parts.path or parts.scheme or parts.netloc:
            return None
        member = posixpath.normpath(posixpath.join(posixpath.dirname(self._member), unquote(parts.path)))
        self._facts.embedded.setdefault(self._member, set()).add(member)
        return member

    def _formula(self, element: etree._Element) -> Iterator[Finding]:
        self._facts.formulas += 1
        if not element.get("alttext", "").strip() and not markup.label(element):
            self._facts.without_words += 1
        left = next((t for t in element.iter(f"{M}mtext", f"{M}mi", f"{M}mo") if "\\" in (t.text or "")), None)
        # a lone backslash is the sign of set difference
        if left is not None and (left.text or "").strip() != "\\":
            self._facts.formulas_otherwise += 1
            yield self._say("accessibility/formula-as-source", _short(markup.text(left)), element)

    def _table(self, element: etree._Element) -> Iterator[Finding]:
        """Header cells that say something (WCAG 1.3.1)."""
        if markup.roles(element) & {"presentation", "none"} or markup.is_hidden(element):
            return
        self._facts.tables += 1
        own = [e for e in element.iter(f"{H}th", f"{H}td") if _table_of(e) is element]
        heads = [e for e in own if e.tag == f"{H}th" or markup.roles(e) & {"columnheader", "rowheader"}]
        caption = element.find(f"{H}caption")
        named = markup.text(caption) if caption is not None else markup.label(element)
        shown = _short(named or next((t for e in own if (t := markup.text(e))), "table"))
        if own and not heads:
            self._facts.tables_without_headers += 1
            yield self._say("accessibility/table-header-missing", shown, element)
        for head in heads:
            if head.tag == f"{H}th" and not markup.spoken(head):
                yield self._say("accessibility/table-header-empty", shown, head)

    def _link(self, element: etree._Element) -> Iterator[Finding]:
        """A link has a name (WCAG 2.4.4, 4.1.2)."""
        href = element.get("href")
        if href is None or (element.text or "").strip() or markup.is_hidden(element) or markup.spoken(element):
            return
        yield self._say("accessibility/link-unnamed", _short(href), element, target=href)

    def _frame_within(self, element: etree._Element) -> Iterator[Finding]:
        """A frame has a name (WCAG 4.1.2)."""
        if not markup.label(element) and not markup.is_hidden(element):
            yield self._say("accessibility/frame-unnamed", element.get("src", "iframe"), element)

    def _medium(self, element: etree._Element) -> Iterator[Finding]:
        if str(element.tag) == f"{H}audio":
            self._facts.audio += 1
        else:
            self._facts.video += 1
            self._facts.captioned += any(t.get("kind") in ("captions", "subtitles") for t in element.iter(f"{H}track"))
        return iter(())

    def _script(self, element: etree._Element) -> Iterator[Finding]:
        if element.get("type", "").rpartition("/")[2] not in ("json", "ld+json"):
            self._facts.scripts += 1
        return iter(())

    def _semantics(self, element: etree._Element) -> Iterator[Finding]:
        """What `epub:type` says is said by a role as well; page breaks have a name."""
        kinds = markup.types(element)
        roles = markup.roles(element)
        if not kinds and not roles:
            return
        if "index" in kinds or "doc-index" in roles:
            self._facts.has_index = True
        if "pagebreak" in kinds or "doc-pagebreak" in roles:
            self._facts.page_breaks.append(f"{self._member}#{element.get('id', '')}")
            if not markup.label(element) and not markup.text(element):
                yield self._say("accessibility/page-break-unnamed", element.get("id", "pagebreak"), element)
        if not kinds or str(element.tag) in _ROLELESS or (self._is_navigation and markup.inside(element, "nav")):
            return
        for kind in sorted(kinds):
            wanted = _ROLES.get(kind)
            if wanted is not None and wanted not in roles and not _says_it(element, kind):
                yield self._say("accessibility/role-missing", kind, element, context=wanted)

    def _latex(self) -> Iterator[Finding]:
        """LaTeX that was left in the text, outside of what quotes source code."""
        for element in _holding_signs(self._root):
            pieces = [element.text or "", *(child.tail or "" for child in element)]
            found = next(
                (m for piece in pieces if ("\\" in piece or "$$" in piece) and (m := _LATEX.search(piece))), None
            )
            if found is None or markup.inside(element, *_VERBATIM):
                continue
            self._facts.formulas_otherwise += 1
            yield self._say("accessibility/formula-as-source", _short(found.group()), element)


_JUDGED: dict[str, Callable[[DocumentRules, etree._Element], Iterator[Finding]]] = {
    **dict.fromkeys((f"{H}img", f"{H}object", f"{H}area", f"{H}input", f"{S}svg"), DocumentRules._picture),
    **dict.fromkeys((f"{H}audio", f"{H}video"), DocumentRules._medium),
    f"{M}math": DocumentRules._formula,
    f"{H}table": DocumentRules._table,
    f"{H}a": DocumentRules._link,
    f"{H}iframe": DocumentRules._frame_within,
    f"{H}script": DocumentRules._script,
}
_JUDGED_WITHOUT_LINKS = [tag for tag in _JUDGED if tag != f"{H}a"]
# what Python calls white space, and XPath does not
_OTHER_BLANKS = "".join(c for c in map(chr, range(0x80, 0x3100)) if c.isspace())
# nearly all links have a text, and so a name
_UNNAMED_LINKS = etree.XPath(
    f"boolean(//h:a[@href and not(normalize-space(translate(., '{_OTHER_BLANKS}', '')))])",
    namespaces={"h": H.strip("{}")},
)
# most elements say nothing that a rule is about: libxml2 passes them over
_WITH_MEANING = etree.XPath("//*[@role or @epub:type]", namespaces={"epub": "http://www.idpf.org/2007/ops"})
_SIGNS = etree.XPath("//text()[contains(., '\\') or contains(., '$$')]")
_IN_WHICH_LATEX_SHOWS = frozenset(f"{H}{name}" for name in ("p", "span", "div", "td", "li", "dd"))


def _holding_signs(root: etree._Element) -> Iterator[etree._Element]:
    """The elements with a backslash or two dollar signs in their own text, each once, in document order of that."""
    seen = set()
    for sign in _SIGNS(root):
        beside = sign.getparent()
        element = beside.getparent() if sign.is_tail else beside
        if element is not None and element.tag in _IN_WHICH_LATEX_SHOWS and element not in seen:
            seen.add(element)
            yield element


def _aria_rank(element: etree._Element) -> int | None:
    if "heading" not in markup.roles(element):
        return None
    level = element.get("aria-level", "")
    return int(level) if level.isdecimal() and level.isascii() and len(level) < 3 else 2


def _is_no_picture(element: etree._Element) -> bool:
    return not element.get("type", "").startswith("image/")


def _inner_name(element: etree._Element) -> str:
    """The name that an element's content gives it: the `title` of an SVG, the fallback of an `object`."""
    if str(element.tag) == f"{S}svg":
        title = element.find(f"{S}title")
        # without a title its words are read one by one: an answer, where it has any
        return markup.text(title) if title is not None else markup.text(element)
    return markup.spoken(element) if str(element.tag) == f"{H}object" else ""


def _is_no_description(alternative: str, source: str) -> bool:
    """Whether an alternative text is a file name, a path, or a word that says "picture"."""
    plain = " ".join(alternative.split())
    stem = posixpath.splitext(posixpath.basename(unquote(source.partition("#")[0])))[0]
    return bool(
        _FILE_NAME.fullmatch(plain)
        or _PATH.fullmatch(plain)
        or plain.casefold().rstrip(".:") in _PLACEHOLDERS
        or (plain == stem and re.search(r"[\d_-]", plain))
    )


def _says_it(element: etree._Element, kind: str) -> bool:
    """Whether the element itself says what the role would."""
    tag = str(element.tag)
    if tag == f"{H}nav":
        return kind in ("toc", "page-list", "landmarks", "loi", "lot")
    # DPUB-ARIA 1.1 deprecates doc-endnote, and a link to a landmark is no landmark
    return tag == f"{H}a" and kind not in ("noteref", "backlink", "biblioref", "glossref")


def _table_of(cell: etree._Element) -> etree._Element | None:
    return next(cell.iterancestors(f"{H}table"), None)


def _short(value: str) -> str:
    plain = " ".join(value.split())
    return plain if len(plain) <= _LONGEST_SHOWN else plain[: _LONGEST_SHOWN - 1] + "…"
