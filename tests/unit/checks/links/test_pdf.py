"""Links of a PDF: title, what is put into a clean one, what must be found and nothing else."""

# ruff: noqa: E501 -- a case is a line of its table
from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pikepdf
import pytest
from pikepdf import Array, Dictionary, Name, String

from octavo.checks.links import check_pdf
from octavo.reading.trace import Trace, TracedReference

Change = Callable[[pikepdf.Pdf], None]


def link(pdf: pikepdf.Pdf, page: int = 0, **entries: object) -> None:
    """Put a link annotation on a page (0-based)."""
    annotation = Dictionary(Type=Name.Annot, Subtype=Name.Link, Rect=[0, 0, 9, 9], **entries)
    target = pdf.pages[page].obj
    if "/Annots" not in target:
        target.Annots = Array()
    target.Annots.append(pdf.make_indirect(annotation))


def action(kind: str, **entries: object) -> Dictionary:
    return Dictionary(S=Name(f"/{kind}"), **entries)


def to_page(pdf: pikepdf.Pdf, page: int) -> Array:
    return Array([pdf.pages[page].obj, Name.Fit])


def lost_page(pdf: pikepdf.Pdf) -> Array:
    return Array([pdf.make_indirect(Dictionary(Type=Name.Page, MediaBox=[0, 0, 9, 9])), Name.Fit])


def clean() -> pikepdf.Pdf:
    pdf = pikepdf.new()
    for _ in range(3):
        pdf.add_blank_page()
    names = Array([String("ch1#start"), to_page(pdf, 0), String("ch2#set-up"), Dictionary(D=to_page(pdf, 1))])
    pdf.Root.Names = Dictionary(Dests=pdf.make_indirect(Dictionary(Kids=[pdf.make_indirect(Dictionary(Names=names))])))
    pdf.Root.Dests = Dictionary(old=to_page(pdf, 2))
    first = pdf.make_indirect(Dictionary(Title=String("One"), Dest=String("ch1#start")))
    second = pdf.make_indirect(Dictionary(Title=String("Two"), A=action("GoTo", D=to_page(pdf, 1))))
    first.Next, second.Prev = second, first
    pdf.Root.Outlines = pdf.make_indirect(Dictionary(First=first, Last=second, Count=2))
    pdf.Root.OpenAction = to_page(pdf, 0)
    pdf.Root.PageLabels = Dictionary(Nums=[0, Dictionary(S=Name.r), 1, Dictionary(S=Name.D)])
    return pdf


def found(path: Path, trace: Trace | None = None) -> list[str]:
    report = check_pdf(path, artefact="book.pdf", trace=trace)
    assert all(d.formats == ("pdf",) and d.location.artefact == "book.pdf" for d in report.diagnostics)
    counts = report.counts
    assert counts.references == counts.internal + counts.external + counts.ignored
    return [f"{d.rule} {d.value} p. {d.location.page}" for d in report.diagnostics]


def circle(pdf: pikepdf.Pdf) -> None:
    outline = pdf.Root.Outlines
    outline.Last.Next = outline.First
    outline.First.First = outline.First
    dests = pdf.Root.Names.Dests
    dests.Kids.append(dests)
    chain = pdf.make_indirect(action("Named", N=Name.NextPage))
    chain.Next = chain
    link(pdf, A=chain)


def outline_entry(pdf: pikepdf.Pdf, **entries: object) -> None:
    entry = pdf.make_indirect(Dictionary(Title=String("Three"), **entries))
    pdf.Root.Outlines.Last.Next = entry


def set_root(key: str, make: Callable[[pikepdf.Pdf], object]) -> Change:
    def change(pdf: pikepdf.Pdf) -> None:
        pdf.Root[key] = make(pdf)

    return change


CASES: list[tuple[str, Change, list[str]]] = [
    ("clean", lambda p: None, []),
    ("named destination", lambda p: link(p, Dest=String("ch2#set-up")), []),
    ("name of PDF 1.1", lambda p: link(p, Dest=Name("/old")), []),
    ("name that is not there", lambda p: link(p, 1, Dest=String("ch2#setup")), ["links/destination-missing ch2#setup p. 2"]),
    ("go to a name", lambda p: link(p, A=action("GoTo", D=String("ch1#start"))), []),
    ("go to a name that is not there", lambda p: link(p, A=action("GoTo", D=Name("/nowhere"))), ["links/destination-missing nowhere p. 1"]),
    ("explicit destination", lambda p: link(p, Dest=to_page(p, 2)), []),
    ("page that is not in the tree", lambda p: link(p, Dest=lost_page(p)), ["*links/destination-missing p. 1"]),
    ("page by its index", lambda p: link(p, Dest=Array([2, Name.Fit])), []),
    ("index behind the last page", lambda p: link(p, Dest=Array([3, Name.Fit])), ["links/destination-missing page 4 p. 1"]),
    ("no page at all", lambda p: link(p, Dest=Array([])), ["links/destination-missing an empty destination p. 1"]),
    ("every place", lambda p: (link(p, 0, Dest=String("x")), link(p, 2, Dest=String("x")))[0],
     ["links/destination-missing x p. 1", "links/destination-missing x p. 3"]),
    ("bookmark to nowhere", lambda p: outline_entry(p, Dest=String("gone")), ["links/destination-missing gone p. None"]),
    ("bookmark to a lost page", lambda p: outline_entry(p, A=action("GoTo", D=lost_page(p))), ["*links/destination-missing p. None"]),
    ("opening action", set_root("/OpenAction", lambda p: action("GoTo", D=String("gone"))), ["links/destination-missing gone p. None"]),
    ("opening at a lost page", set_root("/OpenAction", lost_page), ["*links/destination-missing p. None"]),
    ("unused name of a lost page", set_root("/Dests", lambda p: Dictionary(bad=lost_page(p))), ["links/destination-missing bad p. None"]),
    ("action's name that is not there", lambda p: link(p, 2, A=action("GoTo", D=String("ch1#Start"))), ["links/destination-missing ch1#Start p. 3"]),
    ("action to a lost page", lambda p: link(p, 1, A=action("GoTo", D=lost_page(p))), ["*links/destination-missing p. 2"]),
    ("action's index behind the last page", lambda p: link(p, 1, A=action("GoTo", D=Array([7, Name.Fit]))), ["links/destination-missing page 8 p. 2"]),
    ("bookmark by an action", lambda p: outline_entry(p, A=action("GoTo", D=String("ch9"))), ["links/destination-missing ch9 p. None"]),
    ("relative URI with an encoded name", lambda p: link(p, 2, A=action("URI", URI=String("sub/na%20me.html"))), ["links/file-missing sub/na%20me.html p. 3"]),
    ("port too high", lambda p: link(p, A=action("URI", URI=String("https://x.example:70000/"))), ["links/url-invalid https://x.example:70000/ p. 1"]),
    ("scheme mistyped", lambda p: link(p, A=action("URI", URI=String("htp://x.example/"))), ["links/url-invalid htp://x.example/ p. 1"]),
    ("external", lambda p: link(p, A=action("URI", URI=String("https://x.example/"))), []),
    ("mail", lambda p: link(p, A=action("URI", URI=String("mailto:a@b"))), []),
    ("relative URI", lambda p: link(p, A=action("URI", URI=String("other.html#x"))), ["links/file-missing other.html p. 1"]),
    ("relative URI on a base", lambda p: (p.Root.__setitem__("/URI", Dictionary(Base=String("https://x.example/"))),
     link(p, A=action("URI", URI=String("other.html"))))[0], []),
    ("file: URI", lambda p: link(p, A=action("URI", URI=String("file:///etc/x"))), ["links/local-file file:///etc/x p. 1"]),
    ("malformed URI", lambda p: link(p, A=action("URI", URI=String("https://"))), ["links/url-invalid https:// p. 1"]),
    ("other PDF", lambda p: link(p, A=action("GoToR", F=String("other.pdf"), D=Array([0, Name.Fit]))), ["links/file-missing other.pdf p. 1"]),
    ("other PDF that is there", lambda p: link(p, A=action("GoToR", F=Dictionary(F=String("book.pdf")))), []),
    ("other PDF by an absolute path", lambda p: link(p, A=action("GoToR", F=String("/home/x.pdf"))), ["links/local-file /home/x.pdf p. 1"]),
    ("program", lambda p: link(p, A=action("Launch", F=String("run.exe"))), ["links/local-file run.exe p. 1"]),
    ("named action", lambda p: link(p, A=action("Named", N=Name.NextPage)), []),
    ("second action of a chain", lambda p: link(p, A=action("Named", N=Name.NextPage, Next=Array([action("GoTo", D=String("gone"))]))),
     ["links/destination-missing gone p. 1"]),
    ("objects in circles", circle, []),
    ("annotation that is none", lambda p: p.pages[0].obj.__setitem__("/Annots", Array([1, String("x")])), []),
    ("name that is not UTF-8", lambda p: link(p, A=Dictionary(S=pikepdf.Object.parse(b"/#df#ff"))), []),
    ("page labels not from the first page", set_root("/PageLabels", lambda p: Dictionary(Nums=[1, Dictionary(S=Name.D)])),
     ["artefact/unreadable the first label is for page 2, and not for the first page p. None"]),
    ("page labels behind the end", set_root("/PageLabels", lambda p: Dictionary(Nums=[0, Dictionary(), 7, Dictionary()])),
     ["artefact/unreadable a label for page 8 of 3 p. None"]),
    ("page labels not in order", set_root("/PageLabels", lambda p: Dictionary(Nums=[0, Dictionary(), 2, Dictionary(), 1, Dictionary()])),
     ["artefact/unreadable page 2 stands behind page 3 p. None"]),
    ("page labels without labels", set_root("/PageLabels", lambda p: Dictionary(Nums=[])), ["artefact/unreadable no labels in it p. None"]),
]  # fmt: skip


@pytest.mark.parametrize(("change", "expected"), [c[1:] for c in CASES], ids=[c[0] for c in CASES])
def test_pdf(tmp_path: Path, change: Change, expected: list[str]) -> None:
    pdf = clean()
    change(pdf)
    pdf.save(tmp_path / "book.pdf")
    got = found(tmp_path / "book.pdf")
    if any(e.startswith("*") for e in expected):  # the value is the number of an object
        got = [f"*{line.split()[0]} p. {line.rpartition(' ')[2]}" for line in got]
    assert got == expected


def test_hint(tmp_path: Path) -> None:
    pdf = clean()
    link(pdf, Dest=String("ch2#setup"))
    pdf.save(tmp_path / "book.pdf")
    (diagnostic,) = check_pdf(tmp_path / "book.pdf", artefact="book.pdf", trace=None).diagnostics
    assert diagnostic.hint == "did you mean 'ch2#set-up'?"


def test_sources(tmp_path: Path) -> None:
    pdf = clean()
    link(pdf, Dest=String("ch2#setup"))
    link(pdf, 1, A=action("URI", URI=String("file:///x")))
    pdf.save(tmp_path / "book.pdf")
    trace = Trace(
        format="pdf",
        pages={"ch1": "%ch1"},
        sources={"ch1": "book/ch1.md"},
        references=(
            TracedReference(docname="ch1", target="%ch2#setup", kind="link", source="book/ch1.md", line=5),
            TracedReference(docname="ch1", target="file:///x", kind="link", source="book/ch1.md", line=8),
        ),
    )
    report = check_pdf(tmp_path / "book.pdf", artefact="book.pdf", trace=trace)
    assert [(d.location.source_text(), d.location.artefact_text(), d.value) for d in report.diagnostics] == [
        ("book/ch1.md:5", "book.pdf p. 1", "ch2#setup"),
        ("book/ch1.md:8", "book.pdf p. 2", "file:///x"),
    ]


def test_external_are_collected(tmp_path: Path) -> None:
    pdf = clean()
    for page in (0, 2, 2):
        link(pdf, page, A=action("URI", URI=String("https://x.example/")))
    pdf.save(tmp_path / "book.pdf")
    report = check_pdf(tmp_path / "book.pdf", artefact="book.pdf", trace=None)
    assert [(e.url, e.pages) for e in report.external] == [("https://x.example/", (1, 3))]
    assert (report.counts.external, report.counts.internal, report.counts.ignored) == (3, 3, 0)


@pytest.mark.parametrize("password", ["", "secret"])
def test_encrypted(tmp_path: Path, password: str) -> None:
    pdf = clean()
    pdf.save(tmp_path / "book.pdf", encryption=pikepdf.Encryption(owner="o", user=password))
    expected = ["artefact/unreadable encrypted with a password p. None"] if password else []
    assert found(tmp_path / "book.pdf") == expected


@pytest.mark.parametrize("share", [0, 0.3, 0.9])
def test_cut_off(tmp_path: Path, share: float) -> None:
    pdf = clean()
    pdf.save(tmp_path / "book.pdf")
    data = (tmp_path / "book.pdf").read_bytes()
    (tmp_path / "book.pdf").write_bytes(data[: int(len(data) * share)])
    (line,) = found(tmp_path / "book.pdf")
    assert line.startswith("artefact/unreadable ")
    assert str(tmp_path) not in line


@pytest.mark.parametrize("error", [RuntimeError("/Count is wrong"), pikepdf.PdfError("damaged")])
def test_qpdf_gives_up_on_a_page_tree(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, error: Exception) -> None:
    clean().save(tmp_path / "book.pdf")

    def give_up(*_: object, **__: object) -> pikepdf.Pdf:
        raise error

    monkeypatch.setattr(pikepdf, "open", give_up)
    assert found(tmp_path / "book.pdf") == [f"artefact/unreadable {error} p. None"]


def test_no_file(tmp_path: Path) -> None:
    assert found(tmp_path / "no.pdf") == ["artefact/unreadable No such file or directory p. None"]
