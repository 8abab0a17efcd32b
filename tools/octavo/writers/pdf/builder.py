"""The Sphinx builder of the PDF: it reads no HTML and writes no TeX, but sets the documents with Typst."""

from __future__ import annotations

import shutil
from collections.abc import Iterable, Mapping, Sequence, Set
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, ClassVar

from docutils import nodes
from sphinx.builders import Builder
from sphinx.locale import _
from sphinx.util.display import progress_message

from octavo.covers import scripts
from octavo.metadata import Contributor
from octavo.metadata.directions import is_right_to_left
from octavo.metadata.naming import file_name
from octavo.reading.book_metadata import book_toml_of, metadata_of
from octavo.reading.formulas import Formulas
from octavo.reading.neutral import asset_paths
from octavo.reading.notebook_outputs import choose_outputs
from octavo.staging import PageOfTarget
from octavo.writers.pdf import (
    attachments,
    backmatter,
    frontmatter,
    glyphs,
    highlighting,
    images,
    links,
    pages,
    preliminaries,
    rawhtml,
    roles,
    theming,
)
from octavo.writers.pdf.assembly import Assembly
from octavo.writers.pdf.compiling import Compilation, Compiled, SourceFile
from octavo.writers.pdf.contents_length import contents_pages
from octavo.writers.pdf.drafting import write_draft
from octavo.writers.pdf.escape import string
from octavo.writers.pdf.finishing import Naming, finish
from octavo.writers.pdf.numbering import Numbering
from octavo.writers.pdf.numerals import digits_of
from octavo.writers.pdf.placed import Labels, placed_labels
from octavo.writers.pdf.random_ids import count_random_ids
from octavo.writers.pdf.settings import settings_of
from octavo.writers.pdf.spine import SpineEntry, linked_orphans, spine
from octavo.writers.pdf.stand_ins import StandIn, stand_in_for_all
from octavo.writers.pdf.translations import Translations
from octavo.writers.pdf.translator import PdfTranslator, Segment, has_prose

if TYPE_CHECKING:
    from sphinx.application import Sphinx
    from sphinx.environment import BuildEnvironment

    from octavo.metadata.model import Metadata
    from octavo.reading.resolved_trees import ResolvedTrees
    from octavo.writers.pdf.latex_values import LatexDocument

_PAGE_WORDS = {
    "de": "S.", "en": "p.", "es": "p.", "fr": "p.", "it": "p.", "nl": "p.", "pt": "p.", "pl": "s.", "cs": "s.",
    "sv": "s.", "da": "s.", "nb": "s.", "fi": "s.", "ru": "с.", "uk": "с.", "ja": "p.", "zh": "p.",
    "ar": "ص", "fa": "ص",
}  # fmt: skip


class PdfBuilder(Builder):
    """Writes the whole project as one tagged PDF.

    After the build: `artefact` is the file, `page_count` its pages, `pages_of_targets` where everything is that can
    be pointed at, `standards` what it conforms to ("ua-1", "a-2a"). `pages_file`, where set before, is what another
    edition needs to name the same pages (`PrintedPages`). `resolved_trees`, where set, holds documents that need not be
    resolved once more, nor translated where nothing else changed. `draft`, where set, says that the PDF is only looked
    at (`writers.pdf.drafting`); of a draft nothing but `artefact` is known afterwards.
    """

    name = "octavo-pdf"
    format = "octavo-pdf"
    epilog = "The PDF is in %(outdir)s."
    default_translator_class = PdfTranslator
    allow_parallel: ClassVar[bool] = True
    supported_image_types: ClassVar[list[str]] = images.MIME_TYPES
    # "true" keeps Sphinx from fetching pictures from the web: none is embedded, a link stands for each
    supported_remote_images: ClassVar[bool] = True
    supported_data_uri_images: ClassVar[bool] = False

    artefact: Path
    page_count: int
    pages_of_targets: tuple[PageOfTarget, ...]
    standards: tuple[str, ...]
    pages_file: Path | None = None
    resolved_trees: ResolvedTrees | None = None
    draft: bool = False

    def __init__(self, app: Sphinx, env: BuildEnvironment) -> None:
        super().__init__(app, env)
        self._components = app.registry  # Sphinx 8.2 has no name for it that is not deprecated in 9
        # what authors mark as for print only (`.. only:: latex`) is for this print as well
        for tag in ("pdf", "latex", "print"):
            self.tags.add(tag)

    def init(self) -> None:
        """Nothing is kept from one build to the next, but by a process that stays (`resolved_trees`)."""
        self._translations = Translations()
        choose_outputs(self.config, self.name, like="latex")
        self.current_docname = ""
        self.assembly: Assembly
        self._metadata: Metadata

    def get_asset_paths(self) -> list[str]:
        """Folders without documents: the same for every builder of ours."""
        return asset_paths(self)

    def get_outdated_docs(self) -> str:
        """One PDF: it is made anew whenever it is asked for."""
        return "all documents"

    def get_target_uri(self, docname: str, typ: str | None = None) -> str:
        """`%docname`, which no URL looks like."""
        return f"%{docname}"

    def get_relative_uri(self, from_: str, to: str, typ: str | None = None) -> str:
        """The same from everywhere: it is one file."""
        return self.get_target_uri(to, typ)

    def prepare_writing(self, docnames: Set[str]) -> None:
        """Settings and metadata, before any document."""
        confdir, srcdir = Path(self.confdir), Path(self.srcdir)
        self._settings = settings_of(self.config, confdir=confdir, documents=self.env.all_docs)
        self._metadata = metadata_of(self.config, confdir=confdir, srcdir=srcdir)
        self._document = self._settings.document
        if self._document is not None and book_toml_of(self.config, confdir, srcdir) is None:
            self._metadata = _retitled(self._metadata, self._document)
        self.start = self._document.start if self._document else self.config.root_doc
        self._folder = Path(self.outdir) / "typst"
        shutil.rmtree(self._folder, ignore_errors=True)
        self._folder.mkdir(parents=True)
        self.site = links.site_of(self)

    def copy_assets(self) -> None:
        """The palette of the code."""
        palette = f"#let code-palette = {highlighting.styles_source()}\n"
        (self._folder / "palette.typ").write_text(palette, encoding="utf-8")

    # ---- writing

    def write_documents(self, docnames: Set[str]) -> None:
        """All documents of the spine, whatever was asked for: a book has no parts that are up to date."""
        tree = self.env.get_doctree(self.start)
        entries = list(spine(self.env, self.start, tree, appendices=self._settings.appendices))
        trees: dict[str, nodes.document] = {}
        with progress_message("resolving references"):
            self._resolve(entries, trees)
            entries = [self._settled(entry, trees[entry.docname]) for entry in entries]
            if self._settings.toplevel == "part":  # documents are the parts, and captions are none
                entries = [replace(e, part=None, opens_part=None, eyebrow=None) for e in entries]
            # what a part of a project leads to is in another of its books
            if self.start == self.config.root_doc:
                linked = linked_orphans(self.env, trees, self._resolved)
                others = sorted(set(self.env.all_docs) - set(trees))
                for docname in others:
                    trees[docname] = self._resolved(docname)
                entries += [SpineEntry(docname=docname, depth=0) for docname in (*linked, *others)]
        self._entries = tuple(entries)
        with progress_message("setting documents"):
            self.assembly = Assembly(
                settings=self._settings,
                pictures=images.Pictures(self._folder / "images"),
                sources={docname: str(self.env.doc2path(docname, base=False)) for docname in trees},
                page_word=_PAGE_WORDS.get(self._metadata.language.partition("-")[0], "p."),
                right_to_left=is_right_to_left(self._metadata.language),
                formulas=Formulas(
                    builder=self,
                    format="pdf",
                    settle_ids=count_random_ids,
                    language=self._metadata.language,
                ),
                publisher=self._metadata.publisher,
                start=self.start,
                elsewhere=frozenset(self.env.all_docs) if self.start != self.config.root_doc else frozenset(),
                numbering=Numbering()
                if self._settings.numbered and not any(self.env.toc_secnumbers.values())
                else None,
            )
            self._find_missing_glyphs(trees)
            self._write_theme()
            self._files = self._translate(self._entries, trees)
            self._add_index()
            self._resolve_marks()

    def _settled(self, entry: SpineEntry, tree: nodes.document) -> SpineEntry:
        """The entry with the role that its content bears out."""
        if entry.docname == self.start and entry.matter == "front":
            blurb = self._has_text(tree) and preliminaries.is_blurb(tree)
            return replace(entry, role=roles.HALF_TITLE if blurb else None)
        if entry.role in (roles.DEDICATION, roles.EPIGRAPH) and not preliminaries.is_short(tree):
            return replace(entry, role=None)
        return entry

    def _resolve(self, entries: Iterable[SpineEntry], trees: dict[str, nodes.document]) -> None:
        for entry in entries:
            trees[entry.docname] = self._resolved(entry.docname)

    def _resolved(self, docname: str) -> nodes.document:
        """A document with its references resolved for this builder, and its toctrees left as they are."""
        kept = self.resolved_trees
        tree = kept.get(docname) if kept is not None else None
        self.current_docname = docname
        if tree is not None:
            return tree
        tree = self.env.get_doctree(docname)
        self.env.resolve_references(tree, docname, self)
        self.post_process_images(tree)
        leaves_files = next(iter(tree.findall(nodes.raw)), None) is not None
        rawhtml.Grafter(docname=docname, site=self.site, folder=self._folder / "embedded").graft(tree)
        links.settle(tree, docname, self.site)
        count_random_ids(tree)
        if kept is not None and not leaves_files:
            kept.keep(docname, tree)
        return tree

    def _find_missing_glyphs(self, trees: dict[str, nodes.document]) -> None:
        texts = {docname: glyphs.all_text(tree) for docname, tree in trees.items()}
        own = [
            self._metadata.full_title,
            *self._metadata.authors,
            self._metadata.rights or "",
            self._metadata.publisher or "",
        ]
        own += [entry.part or "" for entry in self._entries]
        own += [*frontmatter.own_words(self._metadata.language, self._settings), self.assembly.page_word]
        characters = glyphs.used_characters([*texts.values(), *own])
        lacking = self._take_fonts(characters)
        self._take_digits(texts.values())
        missing = glyphs.missing_characters(characters, self._settings)
        if not missing:
            return
        found = glyphs.substitutes(missing)
        self.assembly.substitutes = {ord(c): s for c, s in found.items()}
        for docname, text in texts.items():
            said: set[str] = set()
            for character in missing:
                if character in text and found[character]:
                    script = next((s for s in lacking if scripts.is_of(character, s)), None)
                    if script is None:
                        glyphs.report_character(trees[docname], character, found[character])
                    elif script not in said:  # a whole script is missing: once for each document is enough
                        said.add(script)
                        glyphs.report_script(trees[docname], character, script, lacking[script])
        for tree in trees.values():
            glyphs.strip_titles(tree, found)
        self._entries = tuple(
            replace(
                entry,
                part=entry.part and glyphs.without_ornament(entry.part, found),
                eyebrow=entry.eyebrow and glyphs.without_ornament(entry.eyebrow, found),
            )
            for entry in self._entries
        )

    def _take_fonts(self, characters: str) -> Mapping[str, Sequence[str]]:
        """Take fonts of the machine for scripts that those shipped lack; scripts for which there is none are given."""
        found = scripts.families_of_machine(scripts.scripts_of(characters, self._metadata.language))
        if found.families:
            settings = self._settings
            self._settings = replace(
                settings,
                fonts=(*settings.fonts, *found.families),
                mono_fonts=(*settings.mono_fonts, *found.families),
                math_fonts=(*settings.math_fonts, *found.families),
                font_paths=(*settings.font_paths, scripts.gather(found.files, self._folder / "fonts")),
            )
            self.assembly.settings = self._settings
        return found.lacking

    def _take_digits(self, texts: Iterable[str]) -> None:
        """Count in the digits of the language where the book is in its script, and has a font with them."""
        digits, script = digits_of(self._metadata.language)
        if script is None or not self._settings.own_digits:
            return
        of_script = any(scripts.is_of(character, script) for character in glyphs.used_characters(texts))
        if of_script and not glyphs.missing_characters(digits, self._settings):
            self._settings = self.assembly.settings = replace(self._settings, digits=digits)

    def _write_theme(self) -> None:
        """The templates, and the fonts that they need.

        Raises: ConfigurationError when the project's own template is none.
        """
        if fonts := theming.font_files(self._settings.theme):
            paths = (*self._settings.font_paths, scripts.gather(fonts, self._folder / "fonts-of-theme"))
            self._settings = self.assembly.settings = replace(self._settings, font_paths=paths)
        theming.write_theme(self._folder, self._settings)
        theming.verify_template(self._folder, self._settings)

    def _translate(self, entries: Iterable[SpineEntry], trees: dict[str, nodes.document]) -> list[SourceFile]:
        made: list[SourceFile] = []
        self._title_label: str | None = None
        self._title_names: list[str] = []
        self.assembly.own_pages.update(e.role for e in self._entries if e.role)
        self._translations.begin(self.assembly)
        for number, entry in enumerate(entries, 1):
            tree = trees[entry.docname]
            segments: list[Segment] = []
            if entry.opens_part is not None and entry.part:
                segments.append(Segment(self._part(entry), nodes.title("", entry.part)))
                self.assembly.last_rank = 1
            if entry.docname == self.start and not self._has_text(tree):
                self._title_names = self._names_of(tree)
                continue
            segments += self._segments(entry, tree)
            made.append(SourceFile(name=f"doc-{number:04}.typ", matter=entry.role or entry.matter, segments=segments))
        if self._title_names:
            self._title_label = self.assembly.claim(self._title_names)
        return made

    def _segments(self, entry: SpineEntry, tree: nodes.document) -> list[Segment]:
        first_rank, title = (2 if entry.part else 1) + entry.depth, self.assembly.substituted(self._metadata.title)

        def translate() -> list[Segment]:
            translator = self.translator(tree, entry.docname)
            if entry.role == roles.TITLE_PAGE:
                translator.pending += self._title_names
                self._title_names = []
            translator.begin(entry, first_rank=first_rank, title=title)
            return translator.segments

        trees = self.resolved_trees
        if trees is None or entry.role is not None or entry.docname == self.start or self._has_own_translators():
            return translate()
        version, place = trees.version(entry.docname), (entry, first_rank, title)
        return self._translations.segments(self.assembly, entry.docname, version, place, translate)

    def _has_own_translators(self) -> bool:
        """Whether an extension has a hand in the translation, which may ask for anything."""
        handlers = self._components.translation_handlers
        return self.name in self._components.translators or any(handlers.get(n) for n in ("octavo_pdf", self.name))

    def translator(self, tree: nodes.document, docname: str) -> PdfTranslator:
        """A translator with the handlers that extensions registered for "octavo-pdf" or `octavo_pdf`."""
        self.current_docname = docname
        made = self.create_translator(tree, self)
        handlers = self._components.translation_handlers
        for node_name, (visit, depart) in handlers.get("octavo_pdf", {}).items():
            setattr(made, f"visit_{node_name}", visit.__get__(made))
            if depart:
                setattr(made, f"depart_{node_name}", depart.__get__(made))
        if not isinstance(made, PdfTranslator):
            raise TypeError(f"the translator set for {self.name} is no PdfTranslator: {type(made).__name__}")
        return made

    def _part(self, entry: SpineEntry) -> str:
        number = self.assembly.part_number(entry.opens_part or 1)
        title = self.assembly.substituted(entry.part or "")
        recto = "true" if self._settings.open_right and entry.recto else "false"
        return f"#part(number: {string(number)}, short: {string(title)}, recto: {recto})[{self.assembly.markup(title)}]"

    def _has_text(self, tree: nodes.document) -> bool:
        """Whether the start document has text of its own in the book."""
        return has_prose(tree) and not (self._document is not None and self._document.toctree_only)

    def _names_of(self, tree: nodes.document) -> list[str]:
        """What leads to a root document with nothing but toctrees: for print that is the title page."""
        docname = self.start
        ids = [i for section in tree.findall(nodes.section) for i in section["ids"]]
        ids += [i for target in tree.findall(nodes.target) for i in target["ids"]]
        return [docname, *(f"{docname}#{i}" for i in ids)]

    def _add_index(self) -> None:
        placed = placed_labels(s.source for f in self._files for s in f.segments)
        if self._title_label:
            placed.add(self._title_label)
        self.assembly.targets = {n: label for n, label in self.assembly.targets.items() if label in placed}
        indices = backmatter.domain_indices(self, self.assembly, self._settings.domain_indices)
        general = backmatter.index_source(self, self.assembly)
        if general is not None:
            indices.append(backmatter.Index(name="genindex", title=str(_("Index")), source=general))
        for number, index in enumerate(indices, len(self._entries) + 1):
            label, title = self.assembly.claim([index.name]) or index.name, string(index.title)
            self.assembly.titles[label] = index.title
            opening = f"#chapter(id: {string(label)}, level: 1, short: {title}, recto: false)[#{title}]"
            segment = Segment(f"{opening}\n\n{index.source}", nodes.title("", index.title))
            self._files.append(SourceFile(name=f"doc-{number:04}.typ", matter="body", segments=[segment]))

    def _resolve_marks(self) -> None:
        self.assembly.report_broken()
        labels = Labels()
        for file in self._files:
            for segment in file.segments:
                source, segment.labels = labels.settled(segment.source)
                segment.source = self.assembly.resolve(source)

    def finish(self) -> None:
        """Typst, and the file."""
        timestamp = self._metadata.modified
        with_parts = any(entry.part for entry in self._entries)
        sources = (segment.source for file in self._files for segment in file.segments)
        source = frontmatter.book_source(
            self._metadata,
            self._settings,
            self.assembly,
            files=[(file.matter, file.name) for file in self._files],
            title_label=self._title_label,
            labels=sorted(set(self.assembly.targets.values())),
            timestamp=timestamp,
            with_parts=with_parts,
            contents_pages=contents_pages(sources, self._settings, self._settings.toc_depth + with_parts),
            attached=self._attached(),
        )
        (self._folder / "book.typ").write_text(source, encoding="utf-8")
        with progress_message("compiling with Typst"):
            stand_ins = stand_in_for_all(self._folder / "images", self._folder / "pictures")
            compiled = Compilation(self._folder, self._files, self._settings, timestamp).run()
        artefact = Path(self.outdir) / f"{self._document.name if self._document else file_name(self._metadata)}.pdf"
        self.artefact = artefact
        with progress_message(f"writing {artefact.name}"):
            if self._drafted(compiled, stand_ins):
                return
            naming = Naming(
                names=self.assembly.targets,
                destinations=self.assembly.destinations,
                titles=self.assembly.titles,
                page_word=self.assembly.page_word,
            )
            labels = finish(compiled, naming, stand_ins, artefact, bleed=self._settings.bleed)
        self.page_count = len(labels)
        self.standards = compiled.standards
        self.pages_of_targets = self._pages(compiled, labels)
        if self.pages_file is not None:
            front = pages.kinds_of_front(compiled.targets)
            pages.printed_pages(artefact, self.pages_of_targets, front).save(self.pages_file)

    def _drafted(self, compiled: Compiled, stand_ins: Sequence[StandIn]) -> bool:
        """Whether the file is a draft, and there."""
        if not self.draft or self._settings.bleed is not None:
            return False
        paper, destinations = self._settings.paper, self.assembly.destinations
        return write_draft(compiled, destinations, stand_ins, self.artefact, paper=paper)

    def _attached(self) -> list[str]:
        """Typst calls that attach the files that are asked for."""
        offered = [
            str(name)
            for name, (docnames, _name) in self.env.dlfiles.items()
            if not docnames.isdisjoint(self.assembly.sources)
        ]
        files = attachments.attachments(self._settings.attachments, Path(self.srcdir), offered)
        return attachments.attachment_lines(files, self._folder / "attachments")

    def _pages(self, compiled: Compiled, labels: Sequence[str]) -> tuple[PageOfTarget, ...]:
        by_label = {t.label: t for t in compiled.targets}
        found = []
        for name, label in self.assembly.targets.items():
            target, (docname, _hash, anchor) = by_label.get(label), name.partition("#")
            if target is not None and (docname in self.assembly.sources or docname == "genindex"):
                found.append(
                    PageOfTarget(docname=docname, anchor=anchor, page=target.page, label=labels[target.page - 1])
                )
        return tuple(found)


def _retitled(metadata: Metadata, document: LatexDocument) -> Metadata:
    """The metadata with the title and the authors of an entry of `latex_documents`."""
    others = tuple(c for c in metadata.contributors if c.role != "aut")
    authors = tuple(Contributor(name=name) for name in document.authors)
    return replace(
        metadata,
        title=document.title or metadata.title,
        contributors=(*authors, *others) if authors else metadata.contributors,
    )
