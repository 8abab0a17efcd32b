"""The closed lists that metadata is checked against, each with its source."""

from __future__ import annotations

# Relator codes that concern books, https://id.loc.gov/vocabulary/relators.html
MARC_RELATORS: dict[str, str] = {
    "abr": "abridger", "adp": "adapter", "ann": "annotator", "anm": "animator", "ant": "bibliographic antecedent",
    "arc": "architect", "arr": "arranger", "art": "artist", "asg": "assignee", "asn": "associated name",
    "att": "attributed name", "auc": "auctioneer", "aud": "author of dialog",
    "aui": "author of introduction", "aus": "screenwriter", "aut": "author", "bdd": "binding designer",
    "bjd": "bookjacket designer", "bkd": "book designer", "bkp": "book producer", "blw": "blurb writer",
    "bnd": "binder", "bpd": "bookplate designer", "bsl": "bookseller", "ccp": "conceptor", "chr": "choreographer",
    "cll": "calligrapher", "cmp": "composer", "cns": "censor", "col": "collector", "com": "compiler",
    "cph": "copyright holder", "cre": "creator", "crr": "corrector", "csl": "consultant", "csp": "project consultant",
    "ctb": "contributor", "ctg": "cartographer", "cur": "curator", "cwt": "commentator for written text",
    "dgs": "degree supervisor", "dnr": "donor", "drt": "director", "dst": "distributor", "dte": "dedicatee",
    "dtc": "data contributor", "dtm": "data manager", "dto": "dedicator", "edc": "editor of compilation",
    "edt": "editor", "egr": "engraver", "etr": "etcher", "exp": "expert", "fmo": "former owner", "fnd": "funder",
    "fac": "facsimilist", "grt": "graphic technician", "hnr": "honoree", "ill": "illustrator", "ilu": "illuminator",
    "ins": "inscriber", "inv": "inventor", "isb": "issuing body", "itr": "instrumentalist", "ive": "interviewee",
    "ivr": "interviewer", "lbr": "laboratory", "lbt": "librettist", "ltg": "lithographer", "lyr": "lyricist",
    "mfr": "manufacturer", "mon": "monitor", "mrk": "markup editor", "mus": "musician", "nrt": "narrator",
    "org": "originator", "oth": "other", "own": "owner", "pbd": "publishing director", "pbl": "publisher",
    "pdr": "project director", "pfr": "proofreader", "pht": "photographer", "plt": "platemaker",
    "pra": "praeses", "prc": "process contact", "prd": "production personnel", "prg": "programmer",
    "prm": "printmaker", "prt": "printer", "pta": "patent applicant", "rbr": "rubricator", "rce": "recording engineer",
    "red": "redaktor", "rev": "reviewer", "rpt": "reporter", "rsp": "respondent", "rth": "research team head",
    "rtm": "research team member", "sad": "scientific advisor", "sce": "scenarist", "scl": "sculptor",
    "scr": "scribe", "sec": "secretary", "sgn": "signer", "spk": "speaker", "spn": "sponsor", "srv": "surveyor",
    "stn": "standards body", "str": "stereotyper", "tcd": "technical director", "tch": "teacher",
    "ths": "thesis advisor", "trc": "transcriber", "trl": "translator", "tyd": "type designer", "tyg": "typographer",
    "voc": "vocalist", "wac": "writer of added commentary", "wal": "writer of added lyrics",
    "wam": "writer of accompanying material", "wat": "writer of added text", "wdc": "woodcutter",
    "wde": "wood engraver", "win": "writer of introduction", "wit": "witness", "wpr": "writer of preface",
    "wst": "writer of supplementary textual content",
}  # fmt: skip

# https://www.w3.org/community/reports/a11y-discov-vocab/CG-FINAL-vocabulary-20240422/#accessibilityHazard
HAZARDS: tuple[str, ...] = (
    "flashing", "noFlashingHazard", "unknownFlashingHazard",
    "motionSimulation", "noMotionSimulationHazard", "unknownMotionSimulationHazard",
    "sound", "noSoundHazard", "unknownSoundHazard",
    "none", "unknown",
)  # fmt: skip

# our name of a type -> its code in ONIX code list 5, None where the list has none
IDENTIFIER_TYPES: dict[str, str | None] = {
    "uuid": None, "isbn-13": "15", "isbn-10": "02", "doi": "06", "uri": None,
    "proprietary": "01", "gtin-13": "03", "upc": "04", "lccn": "13", "gtin-14": "14", "legal-deposit": "17",
    "urn": "22", "oclc": "23", "ismn-13": "25",
}  # fmt: skip

# EPUB 3.3 section D.3.11, "main" and "subtitle" have keys of their own
TITLE_TYPES: tuple[str, ...] = ("short", "collection", "edition", "expanded")
COLLECTION_TYPES: tuple[str, ...] = ("series", "set")

# EPUB Subject Authorities Registry; any other scheme is named by a URI
SUBJECT_AUTHORITIES: tuple[str, ...] = (
    "AAT", "BIC", "BISAC", "CLC", "DDC", "CLIL", "EuroVoc", "MEDTOP", "LCSH", "NDC", "Thema", "UDC", "WGS",
)  # fmt: skip

# what can be confirmed: EPUB Accessibility 1.1 section 5.2
CONFORMANCE: tuple[str, ...] = tuple(
    f"EPUB Accessibility 1.1 - WCAG 2.{minor} Level {level}" for minor in (0, 1, 2) for level in ("A", "AA", "AAA")
)
DEFAULT_CONFORMANCE = "EPUB Accessibility 1.1 - WCAG 2.2 Level AA"

# https://www.w3.org/community/reports/a11y-discov-vocab/CG-FINAL-vocabulary-20240422/ sections 2 to 5
ACCESS_MODES: tuple[str, ...] = (
    "auditory", "tactile", "textual", "visual",
    "chartOnVisual", "chemOnVisual", "colorDependent", "diagramOnVisual", "mathOnVisual", "musicOnVisual",
    "textOnVisual",
)  # fmt: skip
SUFFICIENT_MODES: tuple[str, ...] = ("auditory", "tactile", "textual", "visual")
ACCESSIBILITY_FEATURES: tuple[str, ...] = (
    "annotations", "ARIA", "bookmarks", "index", "pageBreakMarkers", "printPageNumbers", "pageNavigation",
    "readingOrder", "structuralNavigation", "tableOfContents", "taggedPDF",
    "alternativeText", "audioDescription", "captions", "closedCaptions", "describedMath", "longDescription",
    "openCaptions", "signLanguage", "transcript",
    "displayTransformability", "displayTransformability/font-size", "displayTransformability/font-family",
    "displayTransformability/line-height", "displayTransformability/word-spacing",
    "displayTransformability/letter-spacing", "displayTransformability/color",
    "displayTransformability/background-color", "synchronizedAudioText", "timingControl", "unlocked",
    "ChemML", "latex", "latex-chemistry", "MathML", "MathML-chemistry", "ttsMarkup",
    "highContrastAudio", "highContrastAudio/noBackground", "highContrastAudio/reducedBackground",
    "highContrastAudio/switchableBackground", "highContrastDisplay", "largePrint",
    "braille", "tactileGraphic", "tactileObject",
    "fullRubyAnnotations", "horizontalWriting", "rubyAnnotations", "verticalWriting",
    "withAdditionalWordSegmentation", "withoutAdditionalWordSegmentation",
    "none", "unknown",
)  # fmt: skip

# EPUB Accessibility Exemption Property, https://www.w3.org/TR/epub-a11y-exemption/ (Directive (EU) 2019/882)
EXEMPTIONS: tuple[str, ...] = ("eaa-microenterprise", "eaa-disproportionate-burden", "eaa-fundamental-alteration")
