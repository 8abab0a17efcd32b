"""Nodes as extensions bring them: with visitors for nothing, for HTML alone, and for EPUB alone."""

from pathlib import Path

from docutils import nodes
from docutils.parsers.rst import Directive


class mystery(nodes.Element):
    """A node without any visitor."""


class framed(nodes.Element):
    """A node with visitors for HTML, which leave a tag open and write a script."""


class printed(nodes.Element):
    """A node with visitors for EPUB."""


def _directive(kind):
    class Made(Directive):
        has_content = True

        def run(self):
            node = kind()
            node.source, node.line = self.state_machine.get_source_and_line(self.lineno)
            self.state.nested_parse(self.content, self.content_offset, node)
            return [node]

    return Made


def visit_framed(self, node):
    self.body.append('<div class="framed" onclick="run()"><script>run()</script><label>')


def depart_framed(self, node):
    self.body.append("</div>")


def visit_printed(self, node):
    self.body.append('<div class="printed">')


def depart_printed(self, node):
    self.body.append("</div>")


def copy_late(app, exception):
    """As extensions do that copy their style sheet when all is written."""
    if exception is None and app.builder.format == "html":
        target = Path(app.outdir) / "_static"
        target.mkdir(parents=True, exist_ok=True)
        (target / "late.css").write_text("p { color: red }", encoding="utf-8")


def register(app):
    app.add_node(mystery)
    app.add_node(framed, html=(visit_framed, depart_framed))
    app.add_node(printed, html=(visit_printed, depart_printed), epub=(visit_printed, depart_printed))
    for name, kind in (("mystery", mystery), ("framed", framed), ("printed", printed)):
        app.add_directive(name, _directive(kind))
    app.add_css_file("late.css")
    app.connect("build-finished", copy_late)
