"""What a chapter names of what follows: documents of a toctree, sections of a list that it asks for."""

from __future__ import annotations

from docutils import nodes
from sphinx import addnodes

from octavo.writers.pdf import links
from octavo.writers.pdf.core import Core
from octavo.writers.pdf.escape import string


class ContentsTranslator(Core):
    """Handlers for lists of documents and of sections, with their pages."""

    def visit_compound(self, node: nodes.Element) -> None:
        """Blocks that belong together; where a chapter shows a toctree stands what follows in it."""
        if "toctree-wrapper" in node.get("classes", ()):
            for toctree in node.findall(addnodes.toctree):
                self._list_documents(toctree)
            raise nodes.SkipNode
        self.wait(node["ids"])

    def depart_compound(self, node: nodes.Element) -> None:
        """Nothing to close."""

    def _list_documents(self, toctree: nodes.Element) -> None:
        """The documents that a toctree names, with their pages; those of the start document are the book's contents."""
        if toctree.get("hidden") or self.docname == self.assembly.start:
            return
        entries = [self._listed(title, name, toctree) for title, name in toctree.get("entries", ())]
        rows = [f"[{entry}]" for entry in entries if entry]
        if not rows:
            return
        if caption := toctree.get("caption"):
            self.block("minor", body=self.text(str(caption)))
        marker = "marker: [], indent: 0pt, body-indent: 0pt"
        self.add(f"\n\n#[#set list({marker});#list(tight: true, {', '.join(rows)})]\n\n")

    def _listed(self, title: str | None, name: str, toctree: nodes.Element) -> str | None:
        """An entry of a toctree as a reference; None for a page that only a web site has."""
        if "://" in name:
            return f"#link({string(links.ascii_url(name))})[{self.text(title or name)}];"
        if name not in self.assembly.sources:
            return None
        titles = self.builder.env.titles
        shown = title or (titles[name].astext() if name in titles else name)
        return f"#{self.assembly.refer(name, toctree, with_page=True)}[{self.text(shown)}];"

    def local_contents(self, topic: nodes.Element) -> None:
        """The sections that are named where they begin, with their pages."""
        label = self.id_of(topic)
        title = next((child for child in topic.children if isinstance(child, nodes.title)), None)
        rows = [self._sections(child, 0) for child in topic.children if isinstance(child, nodes.bullet_list)]
        if any(rows):
            named = f"title: [{self.text(title.astext())}]" if title is not None else ""
            self.block("local-contents", label, named, body="".join(rows))
        raise nodes.SkipNode

    def _sections(self, listed: nodes.Element, depth: int) -> str:
        items = [self._named_section(item, depth) for item in listed.children if isinstance(item, nodes.list_item)]
        indent = ["indent: 1.3em"] if depth else []
        return f"#list({', '.join([*indent, *items])});" if items else ""

    def _named_section(self, item: nodes.Element, depth: int) -> str:
        parts = []
        for child in item.children:
            if isinstance(child, nodes.bullet_list):
                parts.append(self._sections(child, depth + 1))
            elif isinstance(child, nodes.Element):
                # their ids are where the headings of a site lead back to
                parts += [
                    self._entry(n) if isinstance(n, nodes.reference) else self.capture([n]) for n in child.children
                ]
        return f"[{''.join(parts).strip()}]"

    def _entry(self, reference: nodes.Element) -> str:
        mark = self.assembly.refer(self.target(str(reference.get("refid", ""))), reference, with_page=True)
        return f"#{mark}[{self.capture(reference.children)}];"
