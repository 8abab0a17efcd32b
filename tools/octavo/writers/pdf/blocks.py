"""What stands between paragraphs: sections, lists, quotations, code, boxes, notes."""

from __future__ import annotations

import re

from docutils import nodes
from sphinx import addnodes
from sphinx.locale import _, admonitionlabels

from octavo.covers.scripts import only_left_to_right
from octavo.writers.pdf import escape, highlighting
from octavo.writers.pdf.contents import ContentsTranslator
from octavo.writers.pdf.core import is_hard_to_break
from octavo.writers.pdf.escape import array, string
from octavo.writers.pdf.neighbours import begins_with_block, follows_paragraph, has_paragraphs_together, leads_in
from octavo.writers.pdf.placed import marked

_FROM_LEFT = (r"\u{2066}", r"\u{2069}")
"""Around a paragraph of Latin letters in a book from right to left, whose full stop would else stand on the left."""
_NUMBERINGS = {"arabic": "1", "loweralpha": "a", "upperalpha": "A", "lowerroman": "i", "upperroman": "I"}


class BlockTranslator(ContentsTranslator):
    """Handlers for blocks. What a heading looks like is decided by `heading`, which the document's translator has."""

    def heading(self, node: nodes.Element, body: str, number: str | None, label: str | None, plain: str) -> str:
        """The markup of a section's title."""
        raise NotImplementedError

    def _depart(self, node: nodes.Element) -> None:
        self.close()

    def _depart_nothing(self, node: nodes.Element) -> None:
        """Nothing to close."""

    # ---- sections and titles

    def visit_section(self, node: nodes.Element) -> None:
        """A section: its ids go to its title."""
        self.rank += 1
        self.wait(node["ids"])

    def depart_section(self, node: nodes.Element) -> None:
        """The end of a section."""
        self.rank -= 1

    def visit_title(self, node: nodes.Element) -> None:
        """A heading, or the title of a box or topic."""
        label = self.claim(node)
        with self.being(in_title=True):
            body = self.capture(node.children).strip()
        if isinstance(node.parent, nodes.section):
            plain = self.assembly.substituted(_plain_title(node))
            self.add(self.heading(node, body, self.section_number(node.parent), label, plain))
        else:
            self.block("minor", f"id: {marked(label)}" if label else "", body=body)
        raise nodes.SkipNode

    def section_number(self, section: nodes.Element) -> str | None:
        """The number that Sphinx gave a section, the one that the other formats print; None for none."""
        numbers = self.builder.env.toc_secnumbers.get(self.docname, {})
        name = f"#{section['ids'][0]}" if section["ids"] else ""
        found = numbers.get(name if name in numbers else "")
        return ".".join(map(str, found)) if found else None

    def visit_subtitle(self, node: nodes.Element) -> None:
        """A second title."""
        self.open(f"\n\n#minor({self.id_of(node)})[", "]\n\n")

    depart_subtitle = _depart

    def visit_rubric(self, node: nodes.Element) -> None:
        """A heading that is in no table of contents."""
        if _("Footnotes") == node.astext() or node.astext().lower() == "footnotes":
            following = node.parent[node.parent.index(node) + 1 :]
            if following and all(isinstance(n, nodes.footnote) for n in following):
                self.wait(node["ids"])  # the footnotes are at the foot of their pages
                raise nodes.SkipNode
        self.open(f"\n\n#minor({self.id_of(node)})[", "]\n\n")

    depart_rubric = _depart

    def visit_centered(self, node: nodes.Element) -> None:
        """A centred line."""
        self.open(f"\n\n#centred({self.id_of(node)})[#strong[", "]]\n\n")

    depart_centered = _depart

    def visit_transition(self, node: nodes.Element) -> None:
        """A break between passages."""
        self.wait(node["ids"])
        following = node.parent[node.parent.index(node) + 1 :]
        if following and all(isinstance(n, (nodes.footnote, nodes.target, nodes.comment)) for n in following):
            raise nodes.SkipNode  # it parts the text from footnotes that are elsewhere on paper
        self.block("transition")

    depart_transition = _depart_nothing

    # ---- paragraphs and quotations

    def visit_paragraph(self, node: nodes.Element) -> None:
        """A paragraph."""
        foreign = self.assembly.right_to_left and only_left_to_right(node.astext())
        begin, end = _FROM_LEFT if foreign else ("", "")
        begin = f"{self.anchor(node)}{begin}"
        if "sd-card-title" in node.get("classes", ()):
            self.open(f"\n\n{begin}#strong[", f"];{end}\n\n")
            return
        if not self.in_table and is_hard_to_break(node):
            begin, end = f"#ragged[\n\n{begin}", f"{end}\n\n]"
        if not self.in_table and not self.in_note and leads_in(node):
            follows = "follows: true" if follows_paragraph(node) else ""
            begin, end = f"#lead-in({follows})[\n\n{begin}", f"{end}\n\n]"
        self.open(f"\n\n{begin}", f"{end}\n\n")

    depart_paragraph = _depart
    visit_compact_paragraph = visit_paragraph
    depart_compact_paragraph = _depart

    def visit_block_quote(self, node: nodes.Element) -> None:
        """A quotation, an epigraph, or an indented passage."""
        classes = node.get("classes", ())
        kind = "epigraph" if "epigraph" in classes else "pull-quote" if "pull-quote" in classes else "quoted"
        self.block(kind, self.id_of(node), body=self.capture(node.children))
        raise nodes.SkipNode

    def visit_attribution(self, node: nodes.Element) -> None:
        """Whose words they are."""
        text = self.capture(node.children).strip()
        text = re.sub(r"^(\\-\\-\\-?|[—–])\s*", "", text)
        wide = isinstance(node.parent, nodes.Element) and "epigraph" in node.parent.get("classes", ())
        self.block("attribution", "wide: true" if wide else "", body=text)
        raise nodes.SkipNode

    def visit_line_block(self, node: nodes.Element) -> None:
        """Verse and addresses: lines as they stand."""
        rows = [f"({depth}, [{body}])" for depth, body in self._lines(node, 0)]
        self.add(f"\n\n#poem({', '.join(a for a in (self.id_of(node), *rows) if a)})\n\n")
        raise nodes.SkipNode

    def _lines(self, node: nodes.Element, depth: int) -> list[tuple[int, str]]:
        rows: list[tuple[int, str]] = []
        for child in node.children:
            if isinstance(child, nodes.line_block):
                rows += self._lines(child, depth + 1)
            else:
                rows.append((depth, self.capture(child.children).strip() if isinstance(child, nodes.Element) else ""))
        return rows

    def visit_line(self, node: nodes.Element) -> None:
        """A line outside of a line block."""
        self.open("", "#linebreak();")

    depart_line = _depart

    # ---- lists

    def visit_bullet_list(self, node: nodes.Element) -> None:
        """A list with bullets."""
        items = [self._item(item) for item in node.children]
        self.add(f"\n\n#[#list({self._spacing(node)}, {', '.join(items)}){self._label(node)}]\n\n")
        raise nodes.SkipNode

    def _item(self, item: nodes.Node) -> str:
        anchor = self.anchor(item) if isinstance(item, nodes.Element) else ""
        return f"[{anchor}{self.capture(item.children).strip()}]"

    def _label(self, node: nodes.Element) -> str:
        label = self.claim(node)
        return f"#label({marked(label)})" if label else ""

    def _spacing(self, node: nodes.Element) -> str:
        """How far items stand apart, as arguments: as paragraphs in them do, where one has several."""
        if any(isinstance(item, nodes.Element) and has_paragraphs_together(item) for item in node.children):
            return "tight: false, spacing: loose-spacing"
        return f"tight: {'true' if self._is_tight(node) else 'false'}"

    @staticmethod
    def _is_tight(node: nodes.Element) -> bool:
        """Whether each item is at most one paragraph with lists below: its lines then follow each other closely."""
        simple = (nodes.bullet_list, nodes.enumerated_list, nodes.target, nodes.comment, addnodes.index)
        for item in node.children:
            rest = [c for c in item.children if not isinstance(c, simple)]
            if len(rest) > 1 or any(not isinstance(c, (nodes.paragraph, addnodes.compact_paragraph)) for c in rest):
                return False
        return sum(len(item.astext()) for item in node.children) < 90 * max(1, len(node.children))

    def visit_enumerated_list(self, node: nodes.Element) -> None:
        """A numbered list."""
        kind = _NUMBERINGS.get(node.get("enumtype", "arabic"), "1")
        kind = self.assembly.settings.digits[1] if kind == "1" else kind
        pattern = f"{node.get('prefix', '')}{kind}{node.get('suffix', '.') or '.'}"
        items = [self._item(item) for item in node.children]
        arguments = f"numbering: {string(pattern)}, start: {int(node.get('start', 1))}, {self._spacing(node)}"
        self.add(f"\n\n#[#enum({arguments}, {', '.join(items)}){self._label(node)}]\n\n")
        raise nodes.SkipNode

    def visit_list_item(self, node: nodes.Element) -> None:
        """An item outside of a list, as transforms of extensions leave it."""
        self.open(f"\n\n{self.anchor(node)}", "\n\n")

    depart_list_item = _depart

    def visit_definition_list(self, node: nodes.Element) -> None:
        """Terms with definitions."""
        items: list[str] = []
        label = self.id_of(node)
        for item in node.children:
            if isinstance(item, nodes.definition_list_item):
                items.append(self._definition(item))
            elif isinstance(item, nodes.Element) and not isinstance(item, nodes.comment):
                items.append(f"((), {self.content([item])})")
        bodies = (body for item in node.children for body in item.children if isinstance(body, nodes.definition))
        apart = "apart: true" if any(map(has_paragraphs_together, bodies)) else ""
        self.add(f"\n\n#definitions({', '.join(a for a in (label, apart, *items) if a)})\n\n")
        raise nodes.SkipNode

    def _definition(self, item: nodes.Element) -> str:
        terms, bodies, classifiers = [], [], []
        for child in item.children:
            if isinstance(child, nodes.term):
                with self.being(in_caption=True):
                    terms.append(self.anchor(child) + self.capture(child.children).strip())
            elif isinstance(child, nodes.classifier):
                with self.being(in_caption=True):
                    kind = self.capture(child.children).strip()
                classifiers.append(f'#text(weight: "regular")[ \\: {kind}];')
            else:
                bodies.append(self.capture(child.children) if isinstance(child, nodes.Element) else "")
        terms = [*terms[:-1], "".join([*terms[-1:], *classifiers])]
        return f"({array(f'[{term}]' for term in terms)}, [{''.join(bodies).strip()}])"

    def visit_glossary(self, node: nodes.Element) -> None:
        """A glossary: the list inside is set as any other."""
        self.wait(node["ids"])

    depart_glossary = _depart_nothing

    def visit_field_list(self, node: nodes.Element) -> None:
        """Names with values."""
        label = self.id_of(node)
        self.add(f"\n\n#fields({', '.join(a for a in (label, *self._fields(node)) if a)})\n\n")
        raise nodes.SkipNode

    def _fields(self, node: nodes.Element) -> list[str]:
        rows = []
        for field in node.children:
            parts = list(field.children)
            name = self.capture(parts[0].children).strip() if parts else ""
            body = self.capture(c for part in parts[1:] for c in part.children)
            alone = ", true" if any(begins_with_block(p) for p in parts[1:] if isinstance(p, nodes.Element)) else ""
            rows.append(f"([{name}\\:], [{body.strip()}]{alone})")
        return rows

    def visit_docinfo(self, node: nodes.Element) -> None:
        """Bibliographic fields of one document."""
        rows = []
        for field in node.children:
            if isinstance(field, nodes.field):
                rows += self._fields(nodes.field_list("", field.deepcopy()))
            else:
                name = type(field).__name__.capitalize()
                rows.append(f"([{self.text(name)}\\:], {self.content(field.children)})")
        self.add(f"\n\n#fields({', '.join(a for a in (self.id_of(node), *rows) if a)})\n\n")
        raise nodes.SkipNode

    def visit_option_list(self, node: nodes.Element) -> None:
        """Options of a command with what they do."""
        rows = []
        for item in node.children:
            options = ", ".join(self.literal_text(o.astext()) for o in item[0].children)
            rows.append(f"([{options}], {self.content(item[1].children)})")
        self.add(f"\n\n#fields({', '.join(a for a in (self.id_of(node), *rows) if a)})\n\n")
        raise nodes.SkipNode

    def literal_text(self, text: str) -> str:
        """Code in a line that is not broken."""
        return f"#lit({string(self.assembly.substituted(text))});"

    def visit_hlist(self, node: nodes.Element) -> None:
        """A list in columns."""
        self.wait(node["ids"])
        cells = [self.content(column.children) for column in node.children]
        self.add(f"\n\n#columned({', '.join([str(max(1, len(cells))), *cells])})\n\n")
        raise nodes.SkipNode

    def visit_acks(self, node: nodes.Element) -> None:
        """Names in one paragraph."""
        names = [item.astext() for item in node.findall(nodes.list_item)]
        self.add(f"\n\n{self.anchor(node)}{self.text(', '.join(names))}\n\n")
        raise nodes.SkipNode

    # ---- code

    def visit_literal_block(self, node: nodes.Element) -> None:
        """Code, in the colours of its lexer; a parsed literal keeps its own markup."""
        if any(not isinstance(child, nodes.Text) for child in node.children):
            self._parsed_literal(node)
        else:
            # as in HTML: what is not as it was written has no language
            language = str(node.get("language", "default")) if node.rawsource == node.astext() else "none"
            self.add(self.code(node, node.astext(), language))
        raise nodes.SkipNode

    def visit_doctest_block(self, node: nodes.Element) -> None:
        """A Python session."""
        self.add(self.code(node, node.astext(), "pycon"))
        raise nodes.SkipNode

    def _parsed_literal(self, node: nodes.Element) -> None:
        with self.being(in_code=True):
            parts: list[str] = []
            for child in node.children:
                if isinstance(child, nodes.Text):
                    parts.append(escape.preserved(self.assembly.substituted(child.astext()), begins=not parts))
                else:
                    made = self.capture([child])
                    parts.append(re.sub(r"(?<!^)\n", " ", made))
        lines = highlighting.columns_argument(node.astext().split("\n"))
        self.block("parsed-code", self.id_of(node), lines, body="".join(parts))

    def code(self, node: nodes.Element, source: str, language: str, *, boxed: bool = True) -> str:
        """The markup of a block of code."""
        source = highlighting.normal_source(self.assembly.substituted(source))
        label = self.id_of(node)
        if not source.strip():
            return ""
        options = self.config.highlight_options.get(language, {})
        lines = list(highlighting.code_lines(highlighting.tokens(source, language, options, node)))[
            : source.count("\n") + 1
        ]
        arguments = [label, *self._line_arguments(node), "" if boxed else "boxed: false", "styles: code-palette"]
        rows = highlighting.rows_source(lines)
        return f"\n\n#code({', '.join(a for a in arguments if a)}, {string(source)}, {rows})\n\n"

    @staticmethod
    def _line_arguments(node: nodes.Element) -> list[str]:
        given = node.get("highlight_args", {})
        start = int(given.get("linenostart", 1) or 1)
        emphasised = [str(int(n)) for n in given.get("hl_lines", ())]
        return [
            f"numbers: {start}" if node.get("linenos") else "",
            f"emphasised: {array(emphasised)}" if emphasised else "",
        ]

    def visit_productionlist(self, node: nodes.Element) -> None:
        """A grammar, its symbols aligned."""
        self.wait(node["ids"])
        rows, lines, width = [], [], max((len(p.get("tokenname", "")) for p in node.children), default=0)
        for production in node.children:
            if not isinstance(production, nodes.Element):
                continue
            name = str(production.get("tokenname", ""))
            anchor = self.anchor(production)
            with self.being(in_code=True):
                body = "".join(
                    self.text(str(c)) if isinstance(c, nodes.Text) else self.capture([c]) for c in production.children
                )
            if name and not production.astext().startswith(name):
                head = f"{self.text(name)}{'~' * (width - len(name))}~::\\=~"
            else:
                head = ""
            rows.append(f"{anchor}{head}{body}")
            lines.append(f"{' ' * (width + 5 if head else 0)}{production.astext()}")
        self.block("parsed-code", highlighting.columns_argument(lines), body="#linebreak();".join(rows))
        raise nodes.SkipNode

    # ---- boxes and notes

    def visit_admonition(self, node: nodes.Element) -> None:
        """A box with a title of its own."""
        classes = node.get("classes", ())
        kind = next((c for c in classes if c in admonitionlabels), "note")
        self.boxed(node, kind=kind)

    def _named_box(self, node: nodes.Element) -> None:
        kind = type(node).__name__
        self.boxed(node, kind=kind, title=self.text(str(admonitionlabels[kind])))

    visit_attention = visit_caution = visit_danger = visit_error = visit_hint = visit_important = _named_box
    visit_note = visit_tip = visit_warning = visit_seealso = _named_box

    def visit_todo_node(self, node: nodes.Element) -> None:
        """A note of the author's to the author, when the project prints them."""
        if not getattr(self.config, "todo_include_todos", False):
            raise nodes.SkipNode
        self.boxed(node, kind="note")

    def visit_topic(self, node: nodes.Element) -> None:
        """A passage apart from the text, or the contents of a document or a section."""
        if "contents" in node.get("classes", ()):
            self.local_contents(node)
        self._aside(node)

    def _aside(self, node: nodes.Element) -> None:
        children, title, label = list(node.children), None, self.id_of(node)
        if children and isinstance(children[0], nodes.title):
            title = self.content(children.pop(0).children)
        self.block("aside", label, f"title: {title}" if title else "", body=self.capture(children))
        raise nodes.SkipNode

    visit_sidebar = _aside

    def visit_versionmodified(self, node: nodes.Element) -> None:
        """Since when, or until when."""
        self.block("version-note", self.id_of(node), body=self.capture(node.children))
        raise nodes.SkipNode

    def visit_container(self, node: nodes.Element) -> None:
        """A group without a look of its own."""
        self.wait(node["ids"])
        self.open("\n\n", "\n\n")

    depart_container = _depart

    # ---- what has no place on a page

    def _skip(self, node: nodes.Element) -> None:
        self.wait(node.get("ids", ()))
        raise nodes.SkipNode

    visit_comment = visit_substitution_definition = visit_toctree = visit_system_message = visit_meta = _skip
    visit_highlightlang = visit_tabular_col_spec = visit_pending = visit_decoration = _skip

    def visit_only(self, node: nodes.Element) -> None:
        """Already decided when the document was resolved."""

    depart_only = _depart_nothing

    def visit_start_of_file(self, node: nodes.Element) -> None:
        """A document inside a document."""

    depart_start_of_file = _depart_nothing


def _plain_title(title: nodes.Element) -> str:
    """A title's text without footnote marks and raw markup, for running heads."""
    parts = [
        text.astext()
        for text in title.findall(nodes.Text)
        if not isinstance(text.parent, (nodes.footnote_reference, nodes.raw, nodes.image))
    ]
    return " ".join("".join(parts).split())
