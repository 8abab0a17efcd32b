"""Which form of a notebook's output stands in the book: what shows without a script, a picture first.

MyST-NB asks by the name of the builder, knows only Sphinx's own, and drops the output for any other. An output that
nothing but a script draws (Altair, Plotly, Bokeh, widgets) stands as its text, with the way to the page of the site.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any

from docutils import nodes
from sphinx.transforms.post_transforms import SphinxPostTransform

from octavo.diagnostics import Diagnostic
from octavo.reading.reporting import report

if TYPE_CHECKING:
    from sphinx.builders import Builder
    from sphinx.config import Config

FORMS = (
    "image/svg+xml", "image/png", "image/jpeg", "image/gif", "text/html", "text/markdown", "text/latex", "text/plain",
)  # fmt: skip
OVERRIDES = "nb_mime_priority_overrides"


def choose_outputs(config: Config, builder: str, *, like: str) -> None:
    """Tell MyST-NB, where it is loaded; what conf.py says for Sphinx's builder `like` holds here as well."""
    if OVERRIDES not in config.values:
        return
    given = [tuple(entry) for entry in getattr(config, OVERRIDES)]
    ours = [(builder, form, 10 * place) for place, form in enumerate(FORMS, start=1)]
    theirs = [(builder, *rest) for name, *rest in given if name in ("*", like)]
    setattr(config, OVERRIDES, [*ours, *theirs, *given])


RULES = {"octavo-epub": ("epub/content-replaced", "epub"), "octavo-pdf": ("pdf/content-replaced", "pdf")}
# what shows something without words
_SHOWN = "img[src], svg, table, math, object[data], hr, input[type=checkbox]"
_UNSEEN = "script, style, template, noscript, link, meta, canvas, iframe[srcdoc], button, select, input"


def is_scripted(html: str) -> bool:
    """Whether HTML shows nothing until its scripts have run."""
    from selectolax.lexbor import LexborHTMLParser

    if not re.search(r"<(?:script|canvas|iframe)\b", html, re.IGNORECASE):
        return False
    tree = LexborHTMLParser(html)
    if tree.css_first(_SHOWN) is not None:
        return False
    for node in tree.css(_UNSEEN):
        node.decompose()
    words = (tree.body.text(separator=" ") if tree.body is not None else "").split()
    return not words or words[:1] == ["Loading"]


class StaticOutputs(SphinxPostTransform):
    """Before MyST-NB chooses: outputs that need a script give way to their other forms."""

    default_priority = 3

    def run(self, **_: Any) -> None:
        """Do so in place, for our builders alone."""
        # Sphinx 8.2 has no other name for it, and Sphinx 9 deprecates that one
        app = getattr(self.env, "_app", None) or self.env.app
        found = RULES.get(app.builder.name)
        if found is None:
            return
        bundles = [n for n in self.document.findall(nodes.container) if n.get("nb_element") == "mime_bundle"]
        for bundle in bundles:
            settle_bundle(bundle, app.builder, self.env.docname, *found)


def settle_bundle(bundle: nodes.container, builder: Builder, docname: str, rule: str, form: str) -> None:
    """Take the scripted form out of a result; where only words are left, say so and lead to the site."""
    forms = {str(c.get("mime_type", "")): c for c in bundle.children if isinstance(c, nodes.Element)}
    scripted = [c for name, c in forms.items() if name == "text/html" and is_scripted(_raw(c))]
    scripted += [c for name, c in forms.items() if name.startswith("application/") and is_scripted(_raw(c))]
    if not scripted:
        return
    for child in scripted:
        bundle.remove(child)
    left = [name for name in forms if forms[name] in bundle.children]
    if any(name.startswith("image/") for name in left):
        return
    plain = forms["text/plain"].astext().strip() if "text/plain" in left else ""
    value = plain.splitlines()[0] if plain else str(scripted[0].get("mime_type"))
    url = page_on_the_web(builder, docname)
    # MyST-NB counts lines from 10,000 times the number of the cell
    cell = (bundle.line or 0) // 10_000
    place = nodes.Element()
    place.source, place.line = bundle.source, None if cell else bundle.line
    context = f"an output of cell {cell} that a script draws" if cell else "an output that a script draws"
    hint = "give the output a picture as well" + ("" if url or plain else ", for nothing stands in its place")
    report(Diagnostic(rule=rule, value=value, context=context, hint=hint, formats=(form,)), place)
    if url is None:
        return
    link = nodes.paragraph("", "", nodes.reference("", url, refuri=url, internal=False))
    link.source, link.line = bundle.source, bundle.line
    home = forms["text/plain"] if "text/plain" in left else nodes.container("", mime_type="text/plain")
    home += link
    if home not in bundle.children:
        bundle += home


def page_on_the_web(builder: Builder, docname: str) -> str | None:
    """The address of a document's page on the site, or None when conf.py does not say where the site is."""
    base = str(getattr(builder.config, "html_baseurl", "") or "")
    if not base.startswith(("http://", "https://")):
        return None
    suffix = getattr(builder.config, "html_link_suffix", None) or getattr(builder.config, "html_file_suffix", None)
    return f"{base.rstrip('/')}/{docname}{suffix or '.html'}"


def _raw(container: nodes.Element) -> str:
    return "\n".join(n.astext() for n in container.findall(nodes.raw))
