"""What stands inside of lines: text, emphasis, literals, references, footnotes, formulas."""

# ruff: noqa: N802, N815 -- docutils finds handlers by the names of classes

from __future__ import annotations

import re
from collections.abc import Iterator
from urllib.parse import unquote

from docutils import nodes
from sphinx import addnodes

from octavo.covers.scripts import is_east_asian_letter
from octavo.diagnostics import Diagnostic
from octavo.writers.pdf import highlighting, links, rawtext
from octavo.writers.pdf.core import Core, ancestors
from octavo.writers.pdf.escape import array, held, humps, pieces, printable, string
from octavo.writers.pdf.placed import marked

_PAGE_CLASSES = {"std-ref", "std-numref", "std-doc", "doc", "ref", "myst"}
_SPACE = "#h(0.25em, weak: true);"
"""Between a formula and a letter that fills its square: what Typst itself sets between that and a Latin letter."""
_ADDRESS = re.compile(r"((?:https?|ftp)://\S{12,})")
_LONG = 14
"""Characters of a literal from which on it may be broken at its joints."""
_CLASSES = {
    "kbd": "kbd", "guilabel": "guilabel", "menuselection": "guilabel", "sd-badge": "badge", "strike": "strike",
    "s": "strike", "del": "strike", "underline": "underline", "u": "underline", "strong": "strong", "b": "strong",
    "emphasis": "emph", "em": "emph", "i": "emph", "small-caps": "small-caps", "smallcaps": "small-caps",
    "mark": "highlight", "file": "emph", "samp": "plain", "program": "strong", "command": "strong", "dfn": "emph",
    "sub": "sub", "sup": "super", "small": "smallprint",
}  # fmt: skip


def _few_words(text: str) -> Iterator[str]:
    """Code in parts of a long word or of some short ones, with the spaces behind them."""
    part = ""
    for word in re.findall(r"^ +|[^ ]+ *", text):
        if part and len((part + word).rstrip(" ")) > _LONG:
            yield part
            part = ""
        part += word
    yield part


def _piece(text: str) -> str:
    """A piece of code in a line: a string, or an array in which every second one may not be broken."""
    parts = held(text)
    return string(text) if len(parts) == 1 else array(map(string, parts))


def _in_cell(text: str) -> list[str]:
    """A piece of code in a table, as arguments: its words too may be parted where a column is narrow."""
    parts = humps(text)
    if len(parts) == 1 or len(held(text)) > 1:
        return [_piece(text)]
    return [argument for part in parts for argument in (string(part), "name-break")][:-1]


class InlineTranslator(Core):
    """Handlers for inline nodes."""

    def visit_Text(self, node: nodes.Text) -> None:
        """Characters; an over-long word in a narrow column may be broken at its joints."""
        text = node.astext()  # without the marks of escaped spaces, which print nothing
        if self.in_code:
            self.add(self._breakable_code(text))
        elif self.in_table and re.search(r"\S{16,}", text):
            self.add(re.sub(r"\S{16,}|\s+|\S+", lambda m: self._breakable(m[0]), text))
        elif _ADDRESS.search(text) and not self.in_title:
            self.add(
                *(
                    self._address_shown(part) if number % 2 else self.text(part)
                    for number, part in enumerate(_ADDRESS.split(text))
                )
            )
        elif isinstance(node.parent, addnodes.number_reference) or isinstance(
            node.parent.parent, addnodes.number_reference
        ):
            # "Figure 3" is one word
            self.add(self.text(re.sub(r" (\S*\d\S*)$", lambda m: "\u00a0" + self.assembly.numbered(m[1]), text)))
        else:
            self.add(self.text(text))

    def _address_shown(self, url: str) -> str:
        """An address that is broken at its joints; Typst by itself would break its longer words anywhere."""
        scheme, *parts = pieces(url)
        first, *rest = parts or ("",)
        short = len(first) <= _LONG  # then the scheme need not stand alone at a line's end
        begin = [f"#held[{self.text(scheme + first)}];"] if short else [self.text(scheme), self.text(first)]
        return f"#text(hyphenate: false)[{'#may-break;'.join((*begin, *map(self.text, rest)))}];"

    def _breakable_code(self, text: str) -> str:
        """Code whose spaces stay and whose names may be broken: a signature has no other place for a line to end."""
        parts = pieces(text) if len(text) > _LONG else (text,)
        return "#may-break;".join(map(self._held, parts)) + (
            "#may-break;" if text.endswith(("[", "(", "=", ",", "|")) else ""
        )

    def _held(self, text: str) -> str:
        """Markup of code, in which no operator and no option is broken."""
        return "".join(
            f"#held[{self.text(part)}];" if number % 2 else self.text(part) for number, part in enumerate(held(text))
        )

    def _breakable(self, word: str) -> str:
        if len(word) < 16 or not word.isascii():
            return self.text(word)
        return "#may-break;".join("#name-break;".join(map(self.text, humps(p))) for p in pieces(word))

    def depart_Text(self, node: nodes.Text) -> None:
        """Nothing to close."""

    def _enclose(self, function: str, node: nodes.Element) -> None:
        self.open(f"#{function}[{self.anchor(node)}", "];")

    def visit_emphasis(self, node: nodes.Element) -> None:
        """Emphasis."""
        self._enclose("emph", node)

    def visit_strong(self, node: nodes.Element) -> None:
        """Strong emphasis."""
        self._enclose("strong", node)

    def visit_subscript(self, node: nodes.Element) -> None:
        """Below the line."""
        self._enclose("sub", node)

    def visit_superscript(self, node: nodes.Element) -> None:
        """Above the line."""
        self._enclose("super", node)

    def visit_problematic(self, node: nodes.Element) -> None:
        """What docutils could not read, which it has said."""
        self._enclose("problem", node)

    def _depart(self, node: nodes.Element) -> None:
        self.close()

    visit_title_reference = visit_literal_emphasis = visit_manpage = visit_emphasis
    visit_literal_strong = visit_strong
    depart_emphasis = depart_strong = depart_subscript = depart_superscript = depart_problematic = _depart
    depart_title_reference = depart_literal_emphasis = depart_manpage = depart_literal_strong = _depart

    def visit_inline(self, node: nodes.Element) -> None:
        """A span: what its classes say in print, else nothing but its text."""
        classes = node.get("classes", ())
        function = next((_CLASSES[c] for c in classes if c in _CLASSES), "")
        language = next((c.removeprefix("language-") for c in classes if c.startswith("language-")), None)
        if language and re.fullmatch(r"[a-z]{2,3}", language):
            function = f"text(lang: {string(language)})"
        self.open(f"#{function}[{self.anchor(node)}", "];")

    depart_inline = _depart
    visit_acronym = visit_generated = visit_pending_xref = visit_inline
    visit_substitution_reference = visit_not_smartquotable = visit_pending_xref_condition = visit_inline
    visit_translatable = visit_sd_badge = visit_PassthroughTextElement = visit_inline
    depart_abbreviation = depart_acronym = depart_generated = depart_pending_xref = _depart
    depart_substitution_reference = depart_not_smartquotable = depart_pending_xref_condition = _depart
    depart_translatable = depart_sd_badge = depart_PassthroughTextElement = _depart

    def visit_abbreviation(self, node: nodes.Element) -> None:
        """An abbreviation, with what it stands for where the document has it first; elsewhere that shows on hover."""
        explanation = None if self.in_code or self.in_title else node.get("explanation")
        if explanation:
            key = (node.astext(), explanation)
            explanation = None if key in self.explained else explanation
            self.explained.add(key)
        self.open(f"#[{self.anchor(node)}", f"{self.text(f' ({explanation})') if explanation else ''}];")

    def visit_literal(self, node: nodes.Element) -> None:
        """Code in a line, in the colours of its language if it says one; long names may be broken at their joints."""
        language = str(node.get("language", "")) if "code" in node.get("classes", ()) else ""
        made = self.coloured(node, language) if language and not self.in_title else None
        self.add(self.anchor(node), made or self.literal(node.astext()))
        raise nodes.SkipNode

    def coloured(self, node: nodes.Element, language: str) -> str | None:
        """Markup of code in a line, in the colours that a block has; None where there is nothing to colour."""
        source = " ".join(printable(self.assembly.substituted(node.astext())).split("\n"))
        options = self.config.highlight_options.get(language, {})
        line = next(highlighting.code_lines(highlighting.tokens(source, language, options, node)))
        if all(style == 0 for style, _ in line) or "".join(text for _, text in line) != source:
            return None
        parts = (f"({style}, {array(self._pieces(text))})" for style, text in line)
        return f"#coloured-lit(code-palette, {', '.join(parts)});"

    def literal(self, text: str) -> str:
        """Markup of code in a line."""
        text = " ".join(printable(self.assembly.substituted(text)).split("\n"))
        if not text.strip():
            return self.text(text)
        return f"#lit({', '.join(self._pieces(text))});"

    def _pieces(self, text: str) -> Iterator[str]:
        """Code in a line as arguments of `lit`, between which a line may end.

        Justification stretches no space within a few short words of it; cells have more places for narrow columns.
        """
        if self.in_table:
            for part in pieces(text) if len(text) > _LONG else (text,):
                yield from _in_cell(part)
            return
        for words in _few_words(text):
            code = words.rstrip(" ")
            after = words[len(code) :]
            if " " in code.lstrip(" "):
                yield array(map(string, ("", code, after)))
            else:
                *others, last = pieces(code) if len(text) > _LONG and code else (code,)
                yield from (_piece(part) for part in (*others, last + after))

    def visit_raw(self, node: nodes.Element) -> None:
        """What was written for another format: as much of it as can be printed."""
        kinds = str(node.get("format", "")).split()
        if "typst" in kinds:
            self.add(node.astext())
            raise nodes.SkipNode
        found = rawtext.read(node.astext(), kinds)
        self.wait([*node.get("ids", ()), *found.ids])
        inline = isinstance(node.parent, nodes.TextElement)
        if found.text:
            self.add(self._raw_text(found.text, inline=inline))
        elif found.lost:
            self.assembly.report(
                Diagnostic(rule="pdf/raw-skipped", value=found.lost, context=" ".join(kinds) or "content"), node
            )
        if (
            found.page_break
            and not inline
            and not self.in_table
            and isinstance(node.parent, (nodes.section, nodes.document))
        ):
            self.add("\n\n#pagebreak(weak: true)\n\n")
        raise nodes.SkipNode

    def _raw_text(self, text: str, *, inline: bool) -> str:
        if inline:
            before, after = " " * text[:1].isspace(), " " * text[-1:].isspace()
            if text.strip(" \n") == "\v":
                return "#linebreak();"
            return before + "#linebreak();".join(self.text(line.strip()) for line in text.strip().split("\v")) + after
        paragraphs = ("#linebreak();".join(map(self.text, p.strip().split("\v"))) for p in text.split("\n\n"))
        return "\n\n" + "\n\n".join(p for p in paragraphs if p) + "\n\n"

    # ---- references

    def visit_reference(self, node: nodes.Element) -> None:
        """A link: inside the book, to the world, or to what can't be reached from a page."""
        uri, refid = str(node.get("refuri", "")), node.get("refid")
        anchor = self.anchor(node)
        target = None
        if refid:
            target = self.target(str(refid))
        elif uri.startswith("%"):
            docname, _, fragment = uri[1:].partition("#")
            target = f"{docname}#{fragment}" if fragment else docname
        elif uri.startswith("#"):
            target = self.target(unquote(uri[1:])) if len(uri) > 1 else self.docname
        self._name_pictures(node, target, uri)
        if target is not None and not self.in_title:
            mark = self.assembly.refer(target, node, with_page=self._with_page(node))
            self.open(f"{anchor}#{mark}[", "];")
        elif target is not None or self.in_title or not uri:
            self.open(f"{anchor}#[", "];")
        else:
            self._external(node, uri, anchor)

    def _name_pictures(self, node: nodes.Element, target: str | None, uri: str) -> None:
        """A link that is a picture without words is called by where it leads (ISO 14289-1, 7.18.5)."""
        pictures = list(node.findall(nodes.image))
        if not pictures or node.astext().strip():  # the alternative text of a picture is text to docutils
            return
        docname = (target or "").partition("#")[0]
        titles = self.builder.env.titles
        name = titles[docname].astext() if docname in titles else uri
        if name:
            pictures[0]["alt"] = name

    def _external(self, node: nodes.Element, uri: str, anchor: str) -> None:
        found = links.resolve(uri, self.docname, self.builder.site)  # type: ignore[attr-defined]  # of PdfBuilder
        if found.url is not None:
            note = self._address(node, found.url)
            self.open(f"{anchor}#link({string(links.ascii_url(found.url))})[", f"];{note}")
            if not node.astext().strip() and not any(node.findall(nodes.image)):
                self.add(self.text(found.url))
            return
        if found.rule is not None:
            self.assembly.report_link(
                Diagnostic(
                    rule=found.rule, value=found.value, context=found.context, hint=found.hint, formats=("pdf",)
                ),
                node,
            )
        self.open(f"{anchor}#[", "];")

    def _address(self, node: nodes.Element, url: str) -> str:
        """Where a link leads, at the foot of the page or behind the link; nothing where the text says it."""
        within = self.in_title or self.in_caption or self.in_table or self.in_code or self.in_note
        urls = self.assembly.settings.urls
        if urls == "no" or within or url.startswith("mailto:"):
            return ""
        bare = url.removeprefix("https://").removeprefix("http://").rstrip("/")
        text = "".join(node.astext().split())
        if not text or text.removeprefix("https://").removeprefix("http://").rstrip("/") == bare:
            return ""
        shown = f"#link({string(links.ascii_url(url))})[{self._breakable_code(url)}]"
        # Typst takes a note out of an item that goes on on the next page for an artifact, which PDF/UA forbids
        in_list = any(isinstance(node_above, nodes.list_item) for node_above in ancestors(node))
        return f"#footnote[{shown}];" if urls == "footnote" and not in_list else f" ({shown})"

    def _with_page(self, node: nodes.Element) -> bool:
        """Whether print needs the page: not inside captions, cells and code, nor where a click is all that is meant."""
        if self.in_caption or self.in_table or self.in_code or isinstance(node, addnodes.download_reference):
            return False
        if (
            any(node.findall(nodes.literal))
            or any(node.findall(nodes.image))
            or "headerlink" in node.get("classes", ())
        ):
            return False
        inner = [set(c.get("classes", ())) for c in node.findall(nodes.inline)]
        roles = set().union(*inner) if inner else set()
        return not roles or bool(roles & _PAGE_CLASSES) or isinstance(node, addnodes.number_reference)

    depart_reference = _depart
    visit_number_reference = visit_reference
    depart_number_reference = _depart

    def visit_download_reference(self, node: nodes.Element) -> None:
        """A file beside the book: paper has none, so its name stays, or its URL."""
        uri = str(node.get("refuri", ""))
        self.open(
            f"{self.anchor(node)}#link({string(links.ascii_url(uri))})[" if "://" in uri else f"{self.anchor(node)}#[",
            "];",
        )

    depart_download_reference = _depart

    def visit_target(self, node: nodes.Element) -> None:
        """A place that references lead to."""
        if node.children:
            self.open(f"#[{self.anchor(node)}", "];")
        else:
            self.wait(node.get("ids", ()))
            self.open(self.anchor() if isinstance(node.parent, nodes.TextElement) else "", "")

    depart_target = _depart

    def visit_index(self, node: nodes.Element) -> None:
        """Where entries of the index lead to."""
        self.wait(entry[2] for entry in node.get("entries", ()) if entry[2])
        if isinstance(node.parent, nodes.TextElement):
            self.add(self.anchor())
        raise nodes.SkipNode

    # ---- footnotes and citations

    def footnotes(self) -> dict[str, nodes.footnote]:
        """The footnotes of this document by id."""
        if not hasattr(self, "_footnotes"):
            self._footnotes = {i: n for n in self.document.findall(nodes.footnote) for i in n["ids"]}
            self._set: set[str] = set()
            self._referenced = {str(r.get("refid")) for r in self.document.findall(nodes.footnote_reference)}
        return self._footnotes

    def visit_footnote_reference(self, node: nodes.Element) -> None:
        """The footnote itself, at the foot of this page; a further reference gets the mark of the first."""
        refid = str(node.get("refid", ""))
        footnote = self.footnotes().get(refid)
        if footnote is None:
            self.add(f"#super[{self.text(node.astext())}];")
        elif self.in_title and refid not in self._set:
            self._set.add(refid)
            self.add(f"#footnote{self._footnote_body(footnote)};")
        elif refid in self._set:
            self.add(f"#footnote(label({string(self.target(refid))}));" if not self.in_title else "")
        else:
            self._set.add(refid)
            back = self.anchor(node)
            names = [self.target(i) for i in footnote["ids"]]
            label = self.assembly.claim([self.target(refid), *names])
            body = self._footnote_body(footnote)
            self.add(back, f"#[#footnote{body}#label({marked(label)})];" if label else f"#footnote{body};")
        raise nodes.SkipNode

    def _footnote_body(self, footnote: nodes.Element) -> str:
        with self.being(in_table=0, in_title=False, in_note=True):
            return self.content(c for c in footnote.children if not isinstance(c, nodes.label))

    def visit_footnote(self, node: nodes.Element) -> None:
        """Set where it is referred to; here only when nothing refers to it."""
        self.footnotes()
        if any(i in self._referenced for i in node["ids"]):
            raise nodes.SkipNode
        label = next(node.findall(nodes.label), None)
        mark = f"#super[{self.text(label.astext())}] " if label is not None else ""
        self.block("passage", self.id_of(node), body=mark + self._footnote_body(node)[1:-1])
        raise nodes.SkipNode

    def visit_citation(self, node: nodes.Element) -> None:
        """An entry of a bibliography."""
        label = next(node.findall(nodes.label), None)
        key = self.text(label.astext()) if label is not None else ""
        body = self.content(c for c in node.children if not isinstance(c, nodes.label))
        self.assembly.citations.update(self.target(i) for i in node["ids"])
        arguments = (self.id_of(node), f"wide: {self._widest_label():g}", f"[{key}]")
        self.add(f"\n\n#citation({', '.join(a for a in arguments if a)}){body}\n\n")
        raise nodes.SkipNode

    def _widest_label(self) -> float:
        """Room for the labels of this document's citations in em; a few long ones may stick out."""
        if not hasattr(self, "_label_width"):
            labels = [n.astext() for c in self.document.findall(nodes.citation) for n in c.findall(nodes.label)]
            lengths = sorted(len(label) for label in labels)
            usual = lengths[int(len(lengths) * 0.9)] if lengths else 0
            self._label_width = min(1.2 + 0.52 * usual, 5.0)
        return self._label_width

    def visit_citation_reference(self, node: nodes.Element) -> None:
        """A citation that leads to its entry."""
        refid = node.get("refid")
        text = f"\\[{self.text(node.astext())}\\]"
        if refid and not self.in_title:
            mark = self.assembly.refer(self.target(str(refid)), node, with_page=False)
            self.add(self.anchor(node), f"#{mark}[{text}];")
        else:
            self.add(self.anchor(node), text)
        raise nodes.SkipNode

    def visit_label(self, node: nodes.Element) -> None:
        """Set with its footnote or citation."""
        raise nodes.SkipNode

    # ---- mathematics

    def _letter_beside(self, node: nodes.Element, step: int) -> bool:
        """Whether the text before (-1) or behind (1) a formula has a letter next to it that fills its square."""
        beside = node.parent.index(node) + step
        text = node.parent[beside] if 0 <= beside < len(node.parent) else None
        if not isinstance(text, nodes.Text) or not text.astext():
            return False
        return is_east_asian_letter(text.astext()[-1 if step < 0 else 0])

    def visit_math(self, node: nodes.Element) -> None:
        """A formula in a line."""
        latex = node.astext().strip()
        if not latex:
            raise nodes.SkipNode
        formula = self.assembly.formula(latex, display=False, node=node, docname=self.docname)
        anchor = self.anchor(node)
        if formula is None or not formula.source:
            # it only defines macros
            self.add(anchor)
        else:
            before, after = (_SPACE * self._letter_beside(node, step) for step in (-1, 1))
            self.add(anchor, f"{before}#formula({string(formula.words)}, ${formula.source}$);{after}")
        raise nodes.SkipNode
