"""Nodes of well-known extensions: cards, tabs, dropdowns, grids, notebook cells, diagrams, proofs.

What opens on a click in a browser stands open on paper, in its order, under its title. The extensions are known by
their nodes' names and attributes alone: none of them has to be installed.
"""

# ruff: noqa: N802, N815 -- docutils finds handlers by the names of classes

from __future__ import annotations

from docutils import nodes

from octavo.reading.components import PROOF, box_heading, is_numbered_box
from octavo.writers.pdf.escape import string
from octavo.writers.pdf.interfaces import InterfaceTranslator


class ComponentTranslator(InterfaceTranslator):
    """Handlers for nodes that neither docutils nor Sphinx has."""

    def visit_container(self, node: nodes.Element) -> None:
        """A component of sphinx-design, a cell of a notebook, or a plain group."""
        component = str(node.get("design_component", ""))
        handler = {
            "card": self._card, "tab-set": self._tabs, "dropdown": self._dropdown, "grid-row": self._grid_row,
        }.get(component)  # fmt: skip
        if handler is not None:
            handler(node)
            raise nodes.SkipNode
        if "tabs" in node.get("classes", ()) and node.get("type") == "tabs":
            self._tabs(node)
            raise nodes.SkipNode
        kind = node.get("nb_element")
        if kind in ("cell_code_output", "cell_outputs") or "cell_output" in node.get("classes", ()):
            self.block("output", self.id_of(node), body=self.capture(node.children))
            raise nodes.SkipNode
        if kind == "mime_bundle":
            self._mime_bundle(node)
            raise nodes.SkipNode
        super().visit_container(node)

    # ---- sphinx-design

    @staticmethod
    def _named(node: nodes.Element, name: str) -> bool:
        return str(node.get("design_component", "")) == name

    def _card(self, node: nodes.Element) -> None:
        label = self.id_of(node)
        parts = [c for c in node.children if isinstance(c, nodes.Element)]
        footer = next((c for c in parts if self._named(c, "card-footer")), None)
        links = [c for c in parts if not str(c.get("design_component", "")).startswith("card-")]
        rest = [c for c in parts if c is not footer and c not in links]
        body = self.capture(rest)
        leads = "".join(self._card_link(c) for c in links)
        arguments = [label, f"footer: {self.content(footer.children)}" if footer is not None else ""]
        self.block("card", *arguments, body=f"{body}\n\n{leads}")

    def _card_link(self, node: nodes.Element) -> str:
        """The link that covers a card on a screen; its words are only there for who can't see the card."""
        made = self.capture([node])
        return f"#smallprint[→ {made.strip()}]" if node.astext().strip() else ""

    def _tabs(self, node: nodes.Element) -> None:
        self.wait(node["ids"])
        for item in node.children:
            if not isinstance(item, nodes.Element):
                continue
            children = [c for c in item.children if isinstance(c, nodes.Element)]
            if self._named(item, "tab-item") and children:
                self._panel(item, children[0], children[1:])
            else:
                self.add(self.capture([item]))

    def _panel(self, node: nodes.Element, title: nodes.Element, rest: list[nodes.Element]) -> None:
        label = self.id_of(node)
        with self.being(in_title=True):
            heading = self.content(title.children)
        self.block("panel", label, f"title: {heading}", body=self.capture(rest))

    def _dropdown(self, node: nodes.Element) -> None:
        label, children = self.id_of(node), list(node.children)
        title = None
        if children and (node.get("has_title") or isinstance(children[0], nodes.rubric)):
            first = children.pop(0)
            with self.being(in_title=True):
                title = self.content(first.children)
        self.block("aside", label, f"title: {title}" if title and title != "[]" else "", body=self.capture(children))

    def _grid_row(self, node: nodes.Element) -> None:
        self.wait(node["ids"])
        for child in node.children:
            self.add(self.capture([child]))

    def _flat(self, node: nodes.Element) -> None:
        self.wait(node.get("ids", ()))
        self.open("\n\n", "\n\n")

    def _close_flat(self, node: nodes.Element) -> None:
        self.close()

    visit_dropdown_main = visit_SphinxTabsContainer = visit_SphinxTabsTabpanelContainer = _flat
    depart_dropdown_main = depart_SphinxTabsContainer = depart_SphinxTabsTabpanelContainer = _close_flat

    def _minor(self, node: nodes.Element) -> None:
        with self.being(in_title=True):
            body = self.capture(node.children)
        self.block("minor", self.id_of(node), body=body)
        raise nodes.SkipNode

    visit_dropdown_title = visit_sd_tab_label = _minor

    def _nothing(self, node: nodes.Element) -> None:
        self.wait(node.get("ids", ()))
        raise nodes.SkipNode

    visit_sd_tab_input = visit_tab_input = visit_fontawesome = visit_sd_icon = visit_sd_line_break = _nothing
    visit_viewcode_anchor = visit_thebe_button = visit_ToggleButton = visit_HiddenCellNode = _nothing

    # ---- sphinx-tabs: names first, then panels; on paper each panel comes under its name

    def visit_SphinxTabsTablist(self, node: nodes.Element) -> None:
        self._tab_names = list(node.children)
        self.wait(node.get("ids", ()))
        raise nodes.SkipNode

    def visit_SphinxTabsPanel(self, node: nodes.Element) -> None:
        """A panel under its name."""
        names = getattr(self, "_tab_names", [])
        title = names.pop(0) if names else None
        label = self.id_of(node)
        if isinstance(title, nodes.Element):
            with self.being(in_title=True):
                heading = self.content(title.children)
            with self.being(_tab_names=[]):
                body = self.capture(node.children)
            self.block("panel", label, f"title: {heading}", body=body)
        else:
            self.block("panel", label, body=self.capture(node.children))
        raise nodes.SkipNode

    visit_SphinxTabsTab = _minor

    # ---- sphinx-inline-tabs

    def visit_TabContainer(self, node: nodes.Element) -> None:
        """A tab: what it holds, under its label."""
        children = [child for child in node.children if isinstance(child, nodes.Element)]
        if children and isinstance(children[0], nodes.label):
            self._panel(node, children[0], children[1:])
            raise nodes.SkipNode
        super().visit_container(node)

    def depart_TabContainer(self, _node: nodes.Element) -> None:
        """The end of one that is not as it is known."""
        self.close()

    # ---- notebooks

    _PREFERRED = (
        "image/svg+xml", "image/png", "image/jpeg", "application/pdf", "text/latex", "text/markdown", "text/html",
        "text/plain",
    )  # fmt: skip

    def _mime_bundle(self, node: nodes.Element) -> None:
        """One result in several forms: the first that prints."""
        forms = {str(c.get("mime_type", "")): c for c in node.children if isinstance(c, nodes.Element)}
        for mime in self._PREFERRED:
            if mime in forms:
                body = self.capture(forms[mime].children)
                if body.strip():
                    self.add(body)
                    return
        for child in node.children:
            self.add(self.capture([child]))

    # ---- sphinx-proof, sphinx-exercise: titled boxes with numbers

    def unknown_visit(self, node: nodes.Node) -> None:
        """A theorem, an exercise and the like as a box; nothing is known of any other."""
        if not isinstance(node, nodes.Element) or not is_numbered_box(node):
            if type(node).__module__ == f"{PROOF}.nodes":
                # a proof: text like any other, which begins with its word
                self.wait(node.get("ids", ()))
                self.open("\n\n", "\n\n")
                return
            super().unknown_visit(node)
            return
        label = self.id_of(node)
        title = next(child for child in node.children if isinstance(child, nodes.title))
        with self.being(in_title=True):
            own = self.capture(title.children).strip()
        heading = " ".join(part for part in (self.text(box_heading(node, self.builder.env, self.docname)), own) if part)
        body = self.capture(child for child in node.children if child is not title)
        self.block("admonition", label, 'kind: "note"', f"title: [{heading}]" if heading else "", body=body)
        raise nodes.SkipNode

    # ---- films

    def visit_youtube(self, node: nodes.Element) -> None:
        """A film on the web: where it is."""
        self._film(node, "https://www.youtube.com/watch?v=")

    def visit_vimeo(self, node: nodes.Element) -> None:
        """A film on the web: where it is."""
        self._film(node, "https://vimeo.com/")

    def _film(self, node: nodes.Element, base: str) -> None:
        url = f"{base}{node.get('id', '')}"
        self.add(f"\n\n{self.anchor(node)}#link({string(url)})[{self.text(url)}]\n\n")
        raise nodes.SkipNode
