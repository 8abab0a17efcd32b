"""The pages of the book put together: links resolved, the writer's own pages added, everything staged.

Holds the pages until all are there, for a link can lead to any of them; then each is written once.
"""

from __future__ import annotations

import dataclasses
import posixpath
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import TYPE_CHECKING

from docutils import nodes
from lxml import etree
from sphinx import addnodes
from sphinx.environment.adapters.indexentries import IndexEntries
from sphinx.locale import _

from octavo.covers import cover_png, letters_lacking
from octavo.diagnostics import Diagnostic, Location, WriterError
from octavo.metadata import Metadata
from octavo.metadata.naming import file_name
from octavo.reading.lines import exact_line
from octavo.reading.lists_of_things import list_title, named_lists
from octavo.reading.log import source_and_line
from octavo.reading.reporting import report
from octavo.staging import NavigationPoint, Publication, Resource, SpineItem
from octavo.writers.epub import (
    accessibility,
    anchors,
    captions,
    fonts,
    front_matter,
    index_pages,
    navigation,
    page,
    page_list,
    semantics,
)
from octavo.writers.epub.attachments import attachment
from octavo.writers.epub.content_model import h
from octavo.writers.epub.linking import AttachmentNames, Linker, Page, Targets
from octavo.writers.epub.meaning import set_program_text_left_to_right
from octavo.writers.epub.navigation import Landmark, ListOf
from octavo.writers.epub.pictures import PictureStore
from octavo.writers.epub.repair import manifest_properties
from octavo.writers.epub.scaling import most_pixels
from octavo.writers.epub.soup import Finding
from octavo.writers.epub.stylesheet import stylesheet
from octavo.writers.epub.words import direction, word

if TYPE_CHECKING:
    from octavo.writers.epub.builder import EpubBuilder
    from octavo.writers.epub.contents import Contents
    from octavo.writers.epub.translator import EpubTranslator

XHTML_TYPE = "application/xhtml+xml"
Place = tuple[str | None, int | None]  # source path as Sphinx says it, and 1-based line
# EPUB 3.3 section 7.4.1: lists of illustrations and of tables
_LISTS = {"figures": "loi", "tables": "lot"}
# names that no document of the sources has
_COVER, _TITLE, _COPYRIGHT, _NAVIGATION, _INDEX = "\0cover", "\0title", "\0copyright", "\0navigation", "genindex"


class Assembly:
    """One book while it is made."""

    def __init__(self, builder: EpubBuilder, root: Path, metadata: Metadata, contents: Contents) -> None:
        self.builder = builder
        self.root = root
        self.metadata = metadata
        self.contents = contents
        self.pictures = PictureStore(root, most_pixels(builder.config))
        # before any page is there: setting it takes half as much memory as all the rest of a book
        self._set_cover = cover_png(metadata) if metadata.cover.image is None else None
        self._fonts = fonts.named_fonts(builder.config)
        self._confdir = Path(builder.confdir)
        self._pages: list[Page] = []
        self._places: dict[str, tuple[Place, ...]] = {}
        self._formulas = self._unconverted = self._described = self._without_alternative = 0
        self._properties: dict[str, tuple[str, ...]] = {}
        self._with_terms: set[str] | None = None
        self._lists = named_lists("octavo_epub_lists", builder.config.octavo_epub_lists)
        self._captioned: list[captions.Captioned] = []

    def add(self, made: Page, translator: EpubTranslator, doctree: nodes.document) -> None:
        """Take a page in reading order."""
        self._pages.append(made)
        # a node would keep its whole document in memory
        self._places[made.docname] = tuple(map(source_and_line, translator.marks))
        self._formulas += translator.formulas
        self._unconverted += translator.unconverted
        self._without_alternative += translator.without_alternative
        given = self.builder.env.metadata.get(made.docname, {})
        kind = given.get("epub_type", given.get("epub-type", given.get("epub:type")))
        made.semantics = semantics.kind_of(
            made.docname,
            made.title,
            None if kind is None else str(kind),
            has_glossary=self._holds_glossary(made.docname, doctree),
            in_contents=made.docname not in self.contents.orphans and made.docname != self.builder.config.root_doc,
        )
        made.fold()

    def _holds_glossary(self, docname: str, doctree: nodes.document) -> bool:
        """Documents that have no terms are not looked through."""
        if self._with_terms is None:
            objects = self.builder.env.domaindata.get("std", {}).get("objects", {})
            self._with_terms = {place[0] for (kind, _name), place in objects.items() if kind == "term"}
        return docname in self._with_terms and next(iter(doctree.findall(addnodes.glossary)), None) is not None

    def finish(self) -> Publication:
        """Resolve, write, and describe what was written."""
        self._add_indices()
        texts = list(self._pages)
        linker = self._linker()
        # the other edition's pages are marked, and the letters of fonts counted, when all documents are there
        at_once = self.builder.printed_edition is None and not (self._fonts.text or self._fonts.code)
        for made in texts:
            made.unfold()
            linker.resolve(made)
            # a decorative one has no words either, and conveys nothing
            self._described += sum(1 for image in made.body.iter(h("img")) if image.get("alt"))
            if self._lists:
                self._captioned += captions.captioned(made)
            if at_once:
                self._write(made)
                made.release()
        attachments = [self._attachment(path, href) for path, href in linker.targets.attachments.items()]
        cover_href = self._cover_picture()
        front = list(self._front_pages(cover_href))
        for made in (*front, *texts, *attachments):
            self._report(made)
        self._without_alternative += linker.without_alternative
        toc = self._toc(texts, front)
        nav = self._navigation_page(toc, texts, front)
        # as late as can be: the other edition may still be in the making
        printed = self.builder.printed_edition() if self.builder.printed_edition is not None else None
        breaks = page_list.mark_pages(printed, front=front, nav=nav, texts=texts) if printed is not None else ()
        navigation.add_page_list(nav.body, breaks, language=self.metadata.language)
        for made in (*front, *(() if at_once else texts), *attachments):
            self._write(made)
        self._write_page(nav)
        embedded = fonts.embed(self._fonts, (p.body for p in (*front, *texts, *attachments, nav)), self._confdir)
        for finding in embedded.findings:
            report(finding)
        for href, content in embedded.files.items():
            self._write_bytes(href, content)
        self._write_bytes(page.STYLESHEET, stylesheet(embedded.css).encode())
        return Publication(
            root=self.root,
            name=file_name(self.metadata),
            metadata=self.metadata,
            resources=(
                *self._resources(front, texts, attachments, cover_href),
                *(Resource(href=href, media_type=fonts.MEDIA_TYPE) for href in sorted(embedded.files)),
            ),
            spine=(
                *(SpineItem(href=p.href) for p in front),
                # a link may lead only to what is in the spine, and the landmarks lead to the contents
                SpineItem(href=navigation.HREF),
                *(SpineItem(href=p.href) for p in texts),
                *(SpineItem(href=p.href, linear=False) for p in attachments),
            ),
            toc=toc,
            page_breaks=breaks,
            accessibility=accessibility.statement(self.metadata, self._counts(texts, has_pages=bool(breaks))),
            direction=direction(self.metadata.language),
            page_source=page_list.source(self.metadata) if breaks else None,
        )

    def _linker(self) -> Linker:
        builder = self.builder
        env = builder.env
        names = {made.docname: made.href for made in self._pages}
        sources = Path(builder.srcdir)
        out = Path(builder.outdir)
        statics = [Path(builder.confdir) / str(p) for p in builder.config.html_static_path]
        targets = Targets(
            pages={made.href: made.ids for made in self._pages},
            names=names,
            downloads={
                posixpath.join(builder.dlpath, destination): sources / source
                for source, (_docs, destination) in env.dlfiles.items()
            },
            images={posixpath.join(builder.imgpath, name): sources / source for source, name in builder.images.items()},
            folders=(sources, out, *(p.parent for p in statics), *statics),
        )
        return Linker(targets, self.pictures, AttachmentNames(frozenset(targets.pages)))

    def _add_indices(self) -> None:
        builder = self.builder
        if builder.use_index:
            groups = IndexEntries(builder.env).create_index(builder)
            if groups:
                body = index_pages.general_index(groups, _("Index"), _("see %s"), _("see also %s"))
                self._add_own(_INDEX, builder.get_target_uri(_INDEX), _("Index"), body, "index")
        if not builder.config.html_domain_indices:
            return
        for domain in builder.env.domains.sorted():
            for index_class in domain.indices:
                content, _collapse = index_class(domain).generate()
                if content:
                    docname = f"{domain.name}-{index_class.name}"
                    uris = {made.docname: made.href for made in self._pages}
                    title = str(index_class.localname)
                    body = index_pages.domain_index(content, title, uris)
                    self._add_own(docname, builder.get_target_uri(docname), title, body, "index")

    def _add_own(self, docname: str, href: str, title: str, body: etree._Element, kind: str | None) -> None:
        ids, _twice = anchors.settle_ids(body)
        self._pages.append(Page(docname=docname, href=href, title=title, body=body, ids=ids, semantics=kind))

    def _attachment(self, path: Path, href: str) -> Page:
        body = attachment(path, self.builder.highlighter)
        return Page(docname=href, href=href, title=path.name, body=body)

    def _front_pages(self, cover_href: str) -> Iterator[Page]:
        language = self.metadata.language
        body = front_matter.cover(self.metadata, cover_href)
        yield Page(docname=_COVER, href=front_matter.COVER_HREF, title=word("cover", language), body=body)
        # an author who has written these pages needs none of ours
        if not self._has("titlepage"):
            body = front_matter.title_page(self.metadata)
            yield Page(docname=_TITLE, href=front_matter.TITLE_HREF, title=self.metadata.full_title, body=body)
        rights = front_matter.copyright_page(self.metadata)
        if rights is not None and not self._has("copyright-page"):
            title = word("copyright", language)
            yield Page(docname=_COPYRIGHT, href=front_matter.COPYRIGHT_HREF, title=title, body=rights)

    def _has(self, kind: str) -> bool:
        return any(
            made.semantics == kind or (made.semantics in semantics.FRONTMATTER and kind in made.ids)
            for made in self._pages
        )

    def _cover_picture(self) -> str:
        """The author's picture, or one set from the metadata."""
        given = self.metadata.cover.image
        href = self.pictures.stage_cover(given) if given is not None else None
        if given is not None and href is None:
            finding = Diagnostic(
                rule="links/image-missing", value=str(given.name), hint="the cover was set from the metadata instead"
            )
            report(finding)
        if href is None:
            href = self.pictures.stage_bytes(self._set_cover or cover_png(self.metadata), "cover.png")
            for script, families in letters_lacking(self.metadata).items():
                hint = f"install one of {', '.join(families)}, or name a picture of your own in [cover]"
                report(Diagnostic(rule="epub/cover-letters-missing", value=script, hint=hint))
        if href is None:
            raise WriterError("the cover that was set from the metadata is no picture")
        return href

    def _write(self, made: Page) -> None:
        role = semantics.role_of(made.semantics)
        if made.semantics is not None:
            page.section(made.body, made.semantics, role)
        if direction(self.metadata.language) == "rtl":
            set_program_text_left_to_right(made.body)
        self._properties[made.href] = manifest_properties(made.body)
        self._write_page(made)

    def _write_page(self, made: Page) -> None:
        language = self.metadata.language
        content = page.serialise(
            made.body, title=made.title or self.metadata.title, language=language, direction=direction(language)
        )
        (self.root / made.href).write_bytes(content)

    def _write_bytes(self, href: str, content: bytes) -> None:
        path = self.root / href
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(content)

    def _toc(self, texts: list[Page], front: list[Page]) -> tuple[NavigationPoint, ...]:
        """The contents with only such targets as are there, documents of no toctree and the indices at the end."""
        ids = {made.href: made.ids for made in texts}
        existing = _Existing(ids)
        points = [p for point in self.contents.points if (p := existing.point(point)) is not None]
        points += [
            NavigationPoint(title=self.contents.title(d), href=self.builder.get_target_uri(d))
            for d in self.contents.orphans
        ]
        points += [
            NavigationPoint(title=p.title, href=p.href)
            for p in texts
            if p.semantics == "index" and p.docname not in self.contents.order
        ]
        rights = [p for p in front if p.docname == _COPYRIGHT]
        return (*(NavigationPoint(title=p.title, href=p.href) for p in rights), *points)

    def _navigation_page(self, toc: tuple[NavigationPoint, ...], texts: list[Page], front: list[Page]) -> Page:
        language = self.metadata.language
        marks = [Landmark(type="cover", title=word("cover", language), href=front_matter.COVER_HREF)]
        title_page = next((p for p in (*front, *texts) if p.docname == _TITLE or p.semantics == "titlepage"), None)
        if title_page is not None:
            marks.append(Landmark(type="titlepage", title=word("title-page", language), href=title_page.href))
        marks += [Landmark(type="copyright-page", title=p.title, href=p.href) for p in front if p.docname == _COPYRIGHT]
        marks.append(Landmark(type="toc", title=word("contents", language), href=f"{navigation.HREF}#toc"))
        lists = [found for kind in self._lists if (found := self._list_of(kind)).points]
        marks += [Landmark(type=f.type, title=f.title, href=f"{navigation.HREF}#{f.type}") for f in lists]
        body_text = next((p for p in texts if p.semantics not in semantics.FRONTMATTER), texts[0] if texts else None)
        if body_text is not None:
            marks.append(Landmark(type="bodymatter", title=word("start", language), href=body_text.href))
        seen = set()
        for made in texts:
            if made.semantics in ("glossary", "bibliography", "index") and made.semantics not in seen:
                seen.add(made.semantics)
                marks.append(Landmark(type=str(made.semantics), title=made.title, href=made.href))
        body = navigation.body(toc, marks, language=language, lists=lists)
        return Page(docname=_NAVIGATION, href=navigation.HREF, title=word("contents", language), body=body)

    def _list_of(self, kind: str) -> ListOf:
        points = tuple(NavigationPoint(title=c.title, href=c.href) for c in self._captioned if c.kind == kind)
        return ListOf(type=_LISTS[kind], title=list_title(kind, self.metadata.language), points=points)

    def _resources(
        self, front: list[Page], texts: list[Page], attachments: list[Page], cover_href: str
    ) -> Iterator[Resource]:
        yield Resource(href=navigation.HREF, media_type=XHTML_TYPE, properties=("nav",))
        yield Resource(href=page.STYLESHEET, media_type="text/css")
        for made in (*front, *texts, *attachments):
            yield Resource(href=made.href, media_type=XHTML_TYPE, properties=self._properties[made.href])
        for href, media_type in sorted(self.pictures.staged.items()):
            properties = ("cover-image",) if href == cover_href else ()
            yield Resource(href=href, media_type=media_type, properties=properties)

    def _counts(self, texts: list[Page], *, has_pages: bool) -> accessibility.Counts:
        return accessibility.Counts(
            pictures=self._described + self._without_alternative,
            without_alternative=self._without_alternative,
            formulas=self._formulas,
            unconverted=self._unconverted,
            animated=self.pictures.animated,
            has_index=any(made.docname == _INDEX for made in texts),
            has_pages=has_pages,
        )

    def _report(self, made: Page) -> None:
        marks = self._places.get(made.docname, ())
        for finding in made.findings:
            place = marks[finding.place] if finding.place is not None and finding.place < len(marks) else None
            diagnostic = Diagnostic(
                rule=finding.rule,
                value=finding.value,
                context=self._context(finding),
                hint=finding.hint,
                location=self._location(made, finding, place),
            )
            report(diagnostic)

    def _context(self, finding: Finding) -> str | None:
        """For a missing anchor: the source file that it should be in."""
        if finding.rule == "links/anchor-missing" and finding.context in self.builder.env.found_docs:
            return str(self.builder.env.doc2path(finding.context))
        return finding.context

    def _location(self, made: Page, finding: Finding, place: Place | None) -> Location:
        """The line of the source on which the value stands; without a place, the page's source file."""
        env = self.builder.env
        own = str(env.doc2path(made.docname)) if made.docname in env.found_docs else None
        if place is None:
            return Location(artefact=made.href) if own is None else Location(source=own)
        source, block = place
        source = str(env.srcdir / source) if source else own
        if source is None:
            return Location(artefact=made.href)
        return Location(source=source, line=exact_line(Path(source), block, (finding.value,)))


class _Existing:
    """Points of the table of contents with only such targets as are there, in the order of the text.

    A section whose id another element had before it is under that id with a number.
    """

    def __init__(self, ids: Mapping[str, Mapping[str, int]]) -> None:
        self._ids = ids
        self._last: dict[str, int] = {}

    def point(self, point: NavigationPoint) -> NavigationPoint | None:
        """The point in the book's form; None when nothing of it is left."""
        if point.href is None:
            children = self._children(point)
            return dataclasses.replace(point, children=children) if children else None
        href, _mark, fragment = point.href.partition("#")
        if href not in self._ids:
            return None
        target: str | None = href
        if fragment:
            name = self._later(href, anchors.xml_id(fragment))
            target = None if name is None else f"{href}#{name}"
        children = self._children(point)
        if target is None:
            # nowhere to lead to: a heading of what is below it, or nothing
            return dataclasses.replace(point, href=None, children=children) if children else None
        return dataclasses.replace(point, href=target, children=children)

    def _children(self, point: NavigationPoint) -> tuple[NavigationPoint, ...]:
        return tuple(made for child in point.children if (made := self.point(child)) is not None)

    def _later(self, href: str, name: str) -> str | None:
        """The id of that name that comes after the last one that was led to (EPUB 3.3 section 7.3)."""
        places = self._ids[href]
        last = self._last.get(href, -1)
        for candidate in (name, *(f"{name}-{number}" for number in range(2, 6))):
            if candidate in places and places[candidate] > last:
                self._last[href] = places[candidate]
                return candidate
        return None
