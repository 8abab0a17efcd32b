"""Asks for the builder, and changes things for it, wherever an extension can."""

from docutils import nodes
from sphinx.transforms.post_transforms import SphinxPostTransform
from sphinx.util.docutils import SphinxDirective


class WhoReads(SphinxDirective):
    """Writes down which builder seems to read."""

    def run(self):
        return [nodes.paragraph(text=f"Read by {self.env.app.builder.name}.")]


class Said(nodes.General, nodes.Element):
    """Replaced while writing, by each builder in its own way."""


class SaidDirective(SphinxDirective):
    def run(self):
        return [Said()]


class SaySo(SphinxPostTransform):
    default_priority = 200

    def run(self, **kwargs):
        for node in list(self.document.findall(Said)):
            builder = self.env.app.builder
            tags = sorted(t for t in builder.tags if t.startswith(("builder_", "format_")))
            text = f"Written by {builder.name}, a {builder.format} builder tagged {' '.join(tags)}."
            node.replace_self(nodes.paragraph(text=text))


class HtmlOnly(SphinxPostTransform):
    default_priority = 300
    builders = ("html",)

    def run(self, **kwargs):
        self.document += nodes.paragraph(text="A post-transform for html alone.")


def builder_inited(app):
    name = app.builder.name
    app.config.html_context["inited"] = [*app.config.html_context.get("inited", []), name]
    app.config.html_static_path.append("_more")
    app.add_css_file(f"for-{name}.css")
    app.tags.add(f"inited_{name.replace('-', '_')}")
    app.connect(
        "doctree-resolved", lambda app, doctree, docname: doctree.append(nodes.paragraph(text=f"Seen by {name}."))
    )


def reading_begins(app, env, docnames):
    app.add_js_file("added-while-reading.js")


def setup(app):
    app.add_directive("who-reads", WhoReads)
    app.add_directive("said", SaidDirective)
    app.add_node(Said)
    app.add_post_transform(SaySo)
    app.add_post_transform(HtmlOnly)
    app.connect("builder-inited", builder_inited)
    app.connect("env-before-read-docs", reading_begins)
    return {"parallel_read_safe": True, "parallel_write_safe": True}
