"""The table of rules: every id that a diagnostic can carry, with its severity and its sentence.

Ids are public and stable: people write them into ignore lists. A rule that goes is never given to another meaning.
"""

from __future__ import annotations

from dataclasses import dataclass

from octavo.diagnostics.severity import Severity


@dataclass(frozen=True, slots=True, kw_only=True)
class Rule:
    """One kind of finding.

    - id: `area/name`; for warnings of Sphinx and its extensions `sphinx/<type>.<subtype>`.
    - text: the sentence with `{value}` and, when the rule has one, `{context}`.
    - about: what the rule is for, for the reference.
    """

    id: str
    severity: Severity
    text: str
    about: str = ""

    def message(self, value: str, context: str | None) -> str:
        """The sentence for one finding."""
        return self.text.replace("{context}", context if context is not None else "?").replace("{value}", value)


def _rules(severity: Severity, **texts: tuple[str, str]) -> dict[str, Rule]:
    made = {}
    for name, (text, about) in texts.items():
        rule_id = name.replace("__", "/").replace("_", "-")
        made[rule_id] = Rule(id=rule_id, severity=severity, text=text, about=about)
    return made


RULES: dict[str, Rule] = {
    **_rules(
        Severity.ERROR,
        links__anchor_missing=("no anchor '{value}' in {context}", "A fragment that no element of the target has."),
        links__page_missing=("no page '{value}'", "A link to a document that the artefact does not contain."),
        links__file_missing=("no file '{value}'", "A script, style sheet, download or other file that is not there."),
        links__image_missing=("no image '{value}'", "A picture that can't be read or is not in the artefact."),
        links__term_missing=("no glossary term '{value}'", "A {term} reference to nothing."),
        links__label_missing=("no label '{value}'", "A {ref}, {numref} or {eq} reference to nothing."),
        links__target_missing=("no target '{value}'", "Any other reference that found nothing."),
        links__citation_missing=("no citation '{value}'", "A {cite} key or citation label that no bibliography has."),
        links__footnote_missing=("no footnote '{value}'", "A footnote reference without its footnote."),
        links__case_mismatch=(
            "'{value}' differs in case from {context}",
            "Works where file names ignore case, and dies on a web server or in an EPUB.",
        ),
        links__outside_root=("'{value}' leaves the root of the artefact", "A link to a place above the site or EPUB."),
        links__local_file=("'{value}' names a file of this machine", "A file: URL or an absolute path."),
        links__destination_missing=("no destination '{value}' in the PDF", "A PDF link or bookmark to nowhere."),
        links__url_invalid=("'{value}' is not a URL", "Malformed beyond what a browser mends."),
        links__id_duplicate=("id '{value}' stands more than once in {context}", "A link there is ambiguous."),
        epub__invalid=("{context}: {value}", "What EPUBCheck says of the file."),
        epub__manifest_missing=(
            "'{value}' is in the manifest but not in the EPUB",
            "OPF names a file that is not there.",
        ),
        epub__unmanifested=("'{value}' is in the EPUB but not in the manifest", "EPUB 3.3 section 3.4."),
        epub__member_name=("'{value}' leads out of the EPUB", "A name in the zip that is absolute or climbs by `..`."),
        epub__entity_nested=(
            "the entities of '{value}' name one another",
            "A few lines that expand to gigabytes; such a file is given to no validator.",
        ),
        accessibility__claim_false=(
            "the metadata claim {context}, but {value}",
            "What the package document says of accessibility, held against the content.",
        ),
        retailer__file_refused=("{context} takes no EPUB of {value}", "The shop's own limit of the whole file."),
        retailer__cover_missing=("{context} asks for a cover picture: {value}", "The picture that shops show."),
        retailer__cover_refused=("{context} takes no cover of {value}", "The shop's own least and largest sizes."),
        retailer__cover_format=("{context} takes no cover as {value}", "Formats that the shop names."),
        retailer__image_format=("{context} does not show this picture: {value}", "Formats that the shop names."),
        artefact__unreadable=(
            "can't read {context}: {value}",
            "A built file that is broken, truncated or not what it says.",
        ),
        pdf__font_not_embedded=("the font {value} is not in the PDF", "Other machines show another; printers refuse."),
        pdf__text_off_page=("text is off the page: {value}", "Nobody can read it."),
        pdf__standard_broken=("{context}: {value}", "A rule of PDF/UA, as `pdfua` or veraPDF judges it."),
        pdf__part_refused=("Typst refused this part, set as plain text: {value}", "No document stops the book."),
        book__writer_failed=("the {context} writer failed: {value}", "One format is missing; the others were made."),
        sphinx__error=("{value}", "An error of Sphinx or of an extension."),
    ),
    **_rules(
        Severity.WARNING,
        html__navigation_not_shared=(
            "octavo_html_shared_navigation does nothing with the theme '{value}'",
            "It works with pydata-sphinx-theme and themes that are built on it.",
        ),
        sphinx__warning=("{value}", "A warning of Sphinx or of an extension that has no rule of its own here."),
        epub__content_replaced=(
            "{context} can't stand in an EPUB: {value}",
            "Scripted or remote content was replaced.",
        ),
        epub__remote_media=("remote {context} '{value}' is not in the EPUB; a link stands in its place", ""),
        epub__markup_repaired=("{context}: {value}", "Markup from raw HTML or an extension that had to be changed."),
        epub__node_unknown=(
            "no rendering for '{value}': its text was kept",
            "A node of an extension without an HTML visitor.",
        ),
        epub__image_unsupported=(
            "'{value}' has a format that no e-reader must show ({context})",
            "EPUB 3.3 core media types.",
        ),
        epub__font_not_embedded=(
            "the font '{value}' of octavo_epub_fonts is not in the EPUB: {context}",
            "A file that is not there, is broken, or whose licence forbids it.",
        ),
        epub__font_characters_missing=(
            "no font of {context} has {value}",
            "Characters of the book that readers show in another font.",
        ),
        epub__cover_letters_missing=(
            "no font for {value} letters, which stand as boxes on the cover that was set from the metadata",
            "Typst's own fonts have Latin, Greek, Cyrillic and Hebrew letters.",
        ),
        epub__image_not_scaled=(
            "'{value}' has more pixels than octavo_epub_max_image_pixels and was left as it is: {context}",
            "A picture that moves or can't be read is not scaled.",
        ),
        epub__checker_warning=("{context}: {value}", "A warning of EPUBCheck."),
        epub__alternative_text_missing=("no alternative text for '{value}'", "WCAG 2.2, 1.1.1."),
        accessibility__alternative_text_useless=(
            "'{value}' is no alternative text for '{context}'",
            'A file name, a path or a word such as "image" (WCAG 2.2, 1.1.1).',
        ),
        accessibility__heading_empty=("a heading without words ({value})", "WCAG 2.2, 2.4.6."),
        accessibility__heading_rank_skipped=(
            "the heading '{value}' leaves a rank out: {context}",
            "Screen readers go by ranks (WCAG 2.2, 1.3.1).",
        ),
        accessibility__heading_several_first=("'{value}' is a second h1 in its document", "One h1 a document."),
        accessibility__document_title_missing=("no title in {value}", "WCAG 2.2, 2.4.2."),
        accessibility__language_missing=("no language in {value}", "WCAG 2.2, 3.1.1."),
        accessibility__language_differs=("lang and xml:lang differ: {value}", "Readers follow one or the other."),
        accessibility__zoom_forbidden=("the text can't be enlarged: viewport '{value}'", "WCAG 2.2, 1.4.4."),
        accessibility__table_header_missing=("no header cell in the table '{value}'", "WCAG 2.2, 1.3.1."),
        accessibility__table_header_empty=("an empty header cell in the table '{value}'", "WCAG 2.2, 1.3.1."),
        accessibility__link_unnamed=("the link to '{value}' has no words", "WCAG 2.2, 2.4.4."),
        accessibility__frame_unnamed=("the frame '{value}' has no title", "WCAG 2.2, 4.1.2."),
        accessibility__formula_as_source=(
            "LaTeX is left in the text: {value}",
            "A formula that is read out letter by letter, or a command that no converter knew.",
        ),
        accessibility__role_missing=(
            "epub:type '{value}' without the role {context}",
            "Screen readers know roles alone (EPUB Accessibility Techniques 1.1).",
        ),
        accessibility__page_break_unnamed=("the page break '{value}' has no label", "The number of the page."),
        accessibility__page_list_missing=("{value} are marked, and there is no page-list", "EPUB Accessibility 1.1."),
        accessibility__page_list_order=("page '{value}' is out of order in the page-list", "The order of the text."),
        accessibility__page_label_twice=(
            "page '{value}' is in the page-list twice",
            "A page is asked for by its label.",
        ),
        accessibility__page_source_missing=(
            "nothing says what the page-list has the pages of ({value})",
            "`pageBreakSource` (EPUB Accessibility 1.1).",
        ),
        accessibility__contents_order=("'{value}' is out of order in the table of contents", "WCAG 2.2, 2.4.3."),
        accessibility__metadata_missing=("no {value} ({context})", "EPUB Accessibility 1.1 section 2."),
        accessibility__metadata_value=("'{value}' is no value of {context}", "The vocabulary of schema.org."),
        accessibility__conformance_withheld=(
            "conformance is not claimed, though {context} confirms it: {value}",
            "The EPUB is made; its metadata claim no more than it bears out.",
        ),
        accessibility__certifier_missing=(
            "'{value}' is claimed and no a11y:certifiedBy says by whom",
            "EPUB Accessibility 1.1 section 5.3.",
        ),
        retailer__file_large=("{context} advises against an EPUB of {value}", "What the shop advises."),
        retailer__cover_unnamed=("{context} looks for the cover '{value}' by a meta element as well", "EPUB 2's way."),
        retailer__cover_heavy=("{context} advises against a cover of {value}", "What the shop advises."),
        retailer__cover_small=("{context} shows a cover of {value} poorly", "What the shop advises."),
        retailer__image_pixels=("{context} advises against large pictures: {value}", "What the shop advises."),
        retailer__image_heavy=("{context} advises against large pictures: {value}", "What the shop advises."),
        retailer__image_svg_large=("{context} does not show drawings of that size: {value}", "What the shop advises."),
        retailer__image_colours=("{context} asks for RGB: {value}", "Other colours come out wrong."),
        retailer__image_animated=("{context} shows still pictures: {value}", "What moves may stand still, or be gone."),
        retailer__document_heavy=("{context} advises against large documents: {value}", "What the shop advises."),
        retailer__file_name=("{context} advises against the file name '{value}'", "Letters and digits are safe."),
        retailer__interactive=("{context} does not play everything everywhere: {value}", "Scripts, sound and film."),
        pdf__alternative_text_missing=("no alternative text for '{value}'", "PDF/UA-1 7.3."),
        pdf__glyph_missing=("no font has '{value}' ({context})", "A character that was replaced in print."),
        pdf__not_accessible=("the PDF is tagged but does not conform to PDF/UA: {value}", "What stands in the way."),
        pdf__node_unknown=("no rendering for '{value}': its text was kept", "A node of an extension."),
        pdf__diagram_not_drawn=(
            "a diagram of '{value}' is printed as its source",
            "Graphviz, Mermaid and the like draw on screens, or with a program of their own.",
        ),
        pdf__content_replaced=("{context} can't be printed: {value}", "Scripted content was replaced by its words."),
        pdf__remote_media=("remote {context} '{value}' is not in the PDF; a link stands in its place", ""),
        pdf__raw_skipped=("raw {context} can't be printed: {value}", "Raw output for another format."),
        pdf__no_bookmarks=("the PDF has no bookmarks: {value}", "A long document needs a way around in it."),
        pdf__image_coarse=("a picture is too coarse for print: {value}", "Less than 150 pixels an inch show in print."),
        pdf__text_in_margin=("text runs into the margin: {value}", "A word, a line of code or a table was too wide."),
        pdf__image_unsupported=("'{value}' has a format that can't be printed ({context})", ""),
        math__not_converted=("formula not converted ({context}): {value}", "LaTeX that MathML could not be made of."),
        metadata__incomplete=("no {value} in {context}", "Metadata that a retailer or a library asks for."),
        epub__page_list_missing=(
            "the EPUB does not name the pages of the PDF: {value}",
            "Built together with a PDF, an EPUB has a list of its pages.",
        ),
        book__read_time_builder=("{value}", "An extension that asks for the builder while reading."),
    ),
    **_rules(
        Severity.INFO,
        links__differs_by_format=(
            "'{value}' is there in {context}",
            "A link of the sources whose target some formats have and others have not.",
        ),
        pdf__image_fine=("a picture is finer than any print: {value}", "More than 600 pixels an inch only weigh."),
        epub__checker_usage=("{context}: {value}", "A usage note of EPUBCheck."),
        accessibility__landmark_missing=("no landmark for {value}", "Readers jump to them; EPUB 3.3 section 7.4.4."),
        accessibility__feature_unclaimed=(
            "the book has it and the metadata don't say so: {value}",
            "A feature by which readers search for books.",
        ),
        retailer__cover_ratio=("{context} suggests another shape of the cover: it is {value}", "A suggestion."),
        retailer__image_alpha=("{context} shows no transparency: {value}", "Harmless where no pixel is transparent."),
        retailer__alternative_text_long=("{context} advises shorter alternative texts: {value}", "A suggestion."),
        retailer__contents_deep=("{context} shows fewer levels of the table of contents: {value}", "The rest is flat."),
        retailer__isbn_missing=("{context} finds a book by its ISBN: {value}", "What has none is sold without."),
        links__not_checked=("not checked: {value}", "A reference that this check does not follow."),
    ),
}


def rule_of(rule_id: str) -> Rule:
    """The rule of an id.

    Raises: KeyError when the table has no such rule.
    """
    return RULES[rule_id]
