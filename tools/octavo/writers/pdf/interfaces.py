"""Descriptions of programming interfaces: signatures that break at commas, and what is said of them."""

from __future__ import annotations

from docutils import nodes
from sphinx import addnodes

from octavo.writers.pdf.tables import TableTranslator

_SHORT = 40
"""Characters of a parameter that has room in a line wherever it stands."""


class InterfaceTranslator(TableTranslator):
    """Handlers for Sphinx's `desc` nodes."""

    def visit_desc(self, node: nodes.Element) -> None:
        """A described object."""
        self.block("described", self.id_of(node), body=self.capture(node.children))
        raise nodes.SkipNode

    def visit_desc_signature(self, node: nodes.Element) -> None:
        """A signature; one in several lines keeps them."""
        label = self.id_of(node)
        with self.being(in_code=True):
            if any(isinstance(c, addnodes.desc_signature_line) for c in node.children):
                body = "#linebreak();".join(
                    self.capture(c.children) for c in node.children if isinstance(c, addnodes.desc_signature_line)
                )
            else:
                body = self.capture(node.children)
        self.block("signature", label, body=body)
        raise nodes.SkipNode

    def visit_desc_content(self, node: nodes.Element) -> None:
        """What is said of an object."""
        self.wait(node["ids"])
        if node.children:
            self.block("described-body", body=self.capture(node.children))
        raise nodes.SkipNode

    def visit_desc_inline(self, node: nodes.Element) -> None:
        """A signature in a line."""
        with self.being(in_code=True):
            self.add(f"#signature-text[{self.capture(node.children)}];")
        raise nodes.SkipNode

    def _through(self, node: nodes.Element) -> None:
        self.open(self.anchor(node), "")

    def _close(self, node: nodes.Element) -> None:
        self.close()

    visit_desc_addname = visit_desc_classname = visit_desc_signature_line = visit_desc_type = _through
    visit_desc_sig_space = visit_desc_sig_punctuation = visit_desc_sig_operator = visit_desc_sig_literal_number = (
        _through
    )
    visit_desc_sig_literal_char = visit_desc_sig_keyword_type = visit_desc_sig_name = visit_desc_sig_element = _through
    depart_desc_addname = depart_desc_classname = depart_desc_signature_line = depart_desc_type = _close
    depart_desc_sig_space = depart_desc_sig_punctuation = depart_desc_sig_operator = depart_desc_sig_literal_number = (
        _close
    )
    depart_desc_sig_literal_char = depart_desc_sig_keyword_type = depart_desc_sig_name = depart_desc_sig_element = (
        _close
    )

    def visit_desc_name(self, node: nodes.Element) -> None:
        """The name, which the eye looks for."""
        self.open(f"#strong[{self.anchor(node)}", "];")

    depart_desc_name = _close

    def visit_desc_annotation(self, node: nodes.Element) -> None:
        """What kind of thing it is."""
        self.open(f"#emph[{self.anchor(node)}", "];")

    depart_desc_annotation = _close
    visit_desc_sig_keyword = visit_desc_sig_literal_string = visit_desc_annotation
    depart_desc_sig_keyword = depart_desc_sig_literal_string = _close

    def visit_desc_returns(self, node: nodes.Element) -> None:
        """What comes back."""
        self.open(" → ", "")

    depart_desc_returns = _close

    def _parameters(self, node: nodes.Element, left: str, right: str) -> None:
        self.add(self.text(left), "#may-break;", self._list(node, first=True), self.text(right))
        raise nodes.SkipNode

    def _list(self, node: nodes.Element, *, first: bool) -> str:
        parts = []
        for child in node.children:
            if isinstance(child, addnodes.desc_optional):
                inner = self._list(child, first=True)
                comma = "" if first else "\\, "
                parts.append(f"\\[{comma}{inner}\\]")
            else:
                made = self.capture([child])
                whole = f"#box[{made}];" if len(child.astext()) <= _SHORT else made
                parts.append(("" if first else "\\, ") + whole)
            first = False
        return "".join(parts)

    def visit_desc_parameterlist(self, node: nodes.Element) -> None:
        """The parameters of a call."""
        self._parameters(node, "(", ")")

    def visit_desc_type_parameter_list(self, node: nodes.Element) -> None:
        """The type parameters."""
        self._parameters(node, "[", "]")

    def visit_desc_optional(self, node: nodes.Element) -> None:
        """Parameters that may be left out, outside of a list."""
        self._parameters(node, "[", "]")

    visit_desc_parameter = visit_desc_type_parameter = _through
    depart_desc_parameter = depart_desc_type_parameter = _close
