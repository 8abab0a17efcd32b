"""The builder: documents of the environment to a staged publication.

Not a site with switches off: it shares with Sphinx's HTML builder the visitors of extensions (hence its format) and the
few attributes that those ask a builder for, and nothing else: no theme, no templates, no scripts.
"""

from __future__ import annotations

import functools
import shutil
import warnings
from pathlib import Path
from typing import TYPE_CHECKING, Any, ClassVar

from docutils import nodes
from docutils.frontend import OptionParser
from sphinx.builders import Builder
from sphinx.writers.html import HTMLWriter

from octavo.diagnostics import WriterError
from octavo.reading.book_metadata import metadata_of
from octavo.reading.diagrams import RULES, settle_diagrams
from octavo.reading.formulas import Formulas
from octavo.reading.garbage import collected_between_documents
from octavo.reading.neutral import asset_paths
from octavo.reading.notebook_outputs import choose_outputs
from octavo.reading.sidenotes import leave_footnotes, number_all_notes
from octavo.writers.epub import anchors, soup, well_formed
from octavo.writers.epub.assembly import Assembly
from octavo.writers.epub.contents import Contents
from octavo.writers.epub.highlighting import BookHighlighter
from octavo.writers.epub.linking import Page
from octavo.writers.epub.meaning import mark_meaning
from octavo.writers.epub.names import SUFFIX, document_names
from octavo.writers.epub.repair import repair
from octavo.writers.epub.settings import SECTION_DEPTH
from octavo.writers.epub.translator import EpubTranslator, Visitors
from octavo.writers.epub.wide_tables import settle_wide_tables

if TYPE_CHECKING:
    from collections.abc import Callable, Set

    from sphinx.application import Sphinx
    from sphinx.environment import BuildEnvironment

    from octavo.staging import PrintedPages, Publication


class EpubBuilder(Builder):
    """Stages an EPUB below `outdir`/staged; `publication` is set by `finish`.

    `printed_edition` may be set before: it waits for the pages of the PDF that is made along with this EPUB.
    """

    name: ClassVar[str] = "octavo-epub"
    # the visitors that extensions register for HTML are what we have to go by
    format: ClassVar[str] = "html"
    epilog: ClassVar[str] = "The EPUB is in %(outdir)s."
    default_translator_class = EpubTranslator
    allow_parallel: ClassVar[bool] = False
    supported_image_types: ClassVar[list[str]] = [
        "image/svg+xml",
        "image/png",
        "image/jpeg",
        "image/webp",
        "image/gif",
    ]
    # Sphinx would fetch them: a build goes to no network, and the linker says what was left out
    supported_remote_images: ClassVar[bool] = True
    supported_data_uri_images: ClassVar[bool] = True

    # folder in the package that all pages are in
    content_base: ClassVar[str] = "EPUB"

    # what visitors written for HTML builders ask for
    # a renderer that Sphinx always knows: it checks the name, and the translator never asks it
    math_renderer_name = "mathjax"
    add_permalinks = False
    download_support = True
    search = False
    copysource = False
    embedded = True
    allow_sharp_as_current_path = True
    html_scaled_image_link = False
    supported_linkcode = None
    indexer = None
    out_suffix = SUFFIX
    link_suffix = SUFFIX
    imgpath = "_images"
    dlpath = "_downloads"

    publication: Publication
    printed_edition: Callable[[], PrintedPages | None] | None = None

    def __init__(self, app: Sphinx, env: BuildEnvironment) -> None:
        super().__init__(app, env)
        # Sphinx 8.2 has it by `builder.app` alone, which Sphinx 9 deprecates
        self._handlers = app.registry.translation_handlers
        self._leave_footnotes = functools.partial(leave_footnotes, app, self.name)
        # authors say `only:: epub` of every EPUB
        self.tags.add("epub")

    def init(self) -> None:
        self.imagedir = "_images"
        self.secnumbers: dict[str, tuple[int, ...]] = {}
        self.fignumbers: dict[str, dict[str, tuple[int, ...]]] = {}
        self.current_docname = ""
        self.globalcontext: dict[str, object] = {}
        self.css_files: list[object] = []
        self.script_files: list[object] = []
        self.use_index = bool(self.config.html_use_index)
        self.highlighter = BookHighlighter("html", "default")
        self.formulas = Formulas(builder=self, format="epub")
        self.visitors: dict[type[nodes.Node], Visitors] = {}
        self._names: dict[str, str] = {}

    def get_asset_paths(self) -> list[str]:
        """Folders without documents: the same for every builder of ours."""
        return asset_paths(self)

    def get_outdated_docs(self) -> set[str]:
        """All: a book is written whole."""
        return set(self.env.found_docs)

    def get_target_uri(self, docname: str, typ: str | None = None) -> str:
        """The document's file; flat, so that it is also the relative URI from any other."""
        if not self._names:
            self._names = self._all_names()
        # what is neither a document nor an index (a page that an extension adds to the site) leads to nowhere
        return self._names.get(docname, f"{docname.replace('/', '-')}{SUFFIX}")

    def _all_names(self) -> dict[str, str]:
        indices = {f"{domain.name}-{index.name}" for domain in self.env.domains.sorted() for index in domain.indices}
        return document_names({*self.env.found_docs, "genindex", *indices})

    def create_translator(self, *args: Any) -> nodes.NodeVisitor:
        """Visitors for HTML, and over them those that extensions wrote for EPUB alone."""
        translator = super().create_translator(*args)
        for name, (visit, depart) in self._handlers.get("epub", {}).items():
            setattr(translator, f"visit_{name}", visit.__get__(translator))
            if depart:
                setattr(translator, f"depart_{name}", depart.__get__(translator))
        return translator

    def prepare_writing(self, docnames: Set[str]) -> None:
        root = Path(self.outdir) / "staged"
        if root.exists():
            shutil.rmtree(root)
        root.mkdir(parents=True)
        # extensions copy scripts and style sheets there at the end of a build, and expect the folder
        (Path(self.outdir) / "_static").mkdir(exist_ok=True)
        self._names = self._all_names()
        choose_outputs(self.config, self.name, like="epub")
        self._leave_footnotes()
        with warnings.catch_warnings():
            # docutils plans to replace its OptionParser and has nothing to put in its place yet
            warnings.simplefilter("ignore", DeprecationWarning)
            self._settings = OptionParser(
                defaults=self.env.settings, components=(HTMLWriter,), read_config_files=True
            ).get_default_values()
        metadata = metadata_of(self.config, confdir=Path(self.confdir), srcdir=Path(self.srcdir))
        self.formulas.language = metadata.language
        depth = int(getattr(self.config, "octavo_epub_section_depth", SECTION_DEPTH))
        contents = Contents(self.env, self.config.root_doc, self.get_target_uri, depth)
        self._assembly = Assembly(self, root, metadata, contents)

    def write_documents(self, docnames: Set[str]) -> None:
        """All documents, in reading order, whatever was asked for."""
        with collected_between_documents() as self._document_done:
            self._write_serial(self._assembly.contents.order)

    def write_doc(self, docname: str, doctree: nodes.document) -> None:
        """One document to a page; its links are resolved when all are there."""
        self.current_docname = docname
        self.secnumbers = self.env.toc_secnumbers.get(docname, {})
        self.fignumbers = self.env.toc_fignumbers.get(docname, {})
        settle_diagrams(doctree, self, RULES["epub"])
        number_all_notes(doctree)
        self.formulas.settle_references(doctree, docname)
        self.post_process_images(doctree)
        doctree.settings = self._settings
        translator = self.create_translator(doctree, self)
        if not isinstance(translator, EpubTranslator):
            raise WriterError(
                f"an extension has put {type(translator).__name__} in the place of the EPUB's translator",
                "Remove its app.set_translator('octavo-epub', ...).",
            )
        translator.write(doctree)
        html = "".join(translator.fragment)
        cleaned = well_formed.read(html, translator.formulas - translator.unconverted) or soup.parse(html)
        page = Page(
            docname=docname,
            href=self.get_target_uri(docname),
            title=self._assembly.contents.title(docname),
            body=cleaned.body,
            folder=docname.rpartition("/")[0],
            findings=cleaned.findings,
        )
        repair(page.body, is_plain=cleaned.is_plain)
        page.ids, _ = anchors.settle_ids(page.body)
        anchors.settle_headings(page.body)
        mark_meaning(page.body)
        settle_wide_tables(page.body)
        self._assembly.add(page, translator, doctree)
        # Sphinx keeps each doctree as bytes once it was asked for it, for builders that ask twice
        getattr(self.env, "_pickled_doctree_cache", {}).pop(docname, None)
        self._document_done()

    def finish(self) -> None:
        self.publication = self._assembly.finish()
