"""Notes at the foot of a page on which lines of code end that go on on the next page."""

from __future__ import annotations

import json
import re
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pikepdf
import pytest
import typst

from octavo.writers.pdf.escape import string
from octavo.writers.pdf.highlighting import columns_of

LONG = "a line of code that is longer than the measure of the page, so that it must be broken into two"


def chapter(number: int) -> str:
    """A chapter with a note; what follows breaks at another place of the page in each."""
    filler = "\n".join(f"| Line {line}" for line in range(number))
    code = "\n".join(f"   {LONG}" for _ in range(24))
    return (
        f"Chapter {number}\n{'=' * 12}\n\n{filler}\n\nWords with a note [#a]_ on them.\n\n"
        f".. code-block:: text\n\n{code}\n\n"
        ".. [#a] See `elsewhere <https://example.org/a>`__.\n"
    )


def test_a_page_that_ends_in_a_broken_line_keeps_its_notes(build: Callable[..., Any]) -> None:
    files = {f"c{n}.rst": chapter(n) for n in range(8)}
    files["index.rst"] = "Book\n====\n\n.. toctree::\n\n" + "".join(f"   c{n}\n" for n in range(8))
    book = build(files)
    assert book.warnings == ()
    assert book.builder.standards == ("ua-1", "a-2a")


def test_the_window_is_named_by_the_title(build: Callable[..., Any]) -> None:
    book = build({"index.rst": "Book\n====\n\nText.\n"})
    with pikepdf.open(book.builder.artefact) as pdf:
        assert pdf.Root.ViewerPreferences.DisplayDocTitle is True
        assert "/Suspects" not in pdf.Root.MarkInfo


def torn_edges(book: Any) -> int:
    """How many rows of dots are seen: those that are drawn without those that the paper covers again.

    Each of both has to be an artifact, and what covers wider than the dots, which are round.
    """
    drawn = covered = 0
    origin, dotted, is_dotted = 0.0, 0.0, False
    with pikepdf.open(book.builder.artefact) as pdf:
        for page in pdf.pages:
            kinds: list[str] = []
            for operands, operator in pikepdf.parse_content_stream(page):
                match str(operator):
                    case "BMC" | "BDC":
                        kinds.append(str(operands[0]))
                    case "EMC":
                        kinds.pop()
                    case "cm":
                        origin = float(operands[4])
                    case "d" if len(operands[0]) == 2:
                        drawn += 1
                        is_dotted = True
                        assert "/Artifact" in kinds
                    case "l" | "m" if is_dotted:
                        dotted = max(dotted, origin + float(operands[0]))
                    case "S":
                        is_dotted = False
                    case "l" if float(operands[0]) > 0 and float(operands[1]) == 4:
                        assert origin + float(operands[0]) > dotted + 1
                    case "l" if [float(value) for value in operands] == [0, 4]:
                        covered += 1  # a corner of a rectangle of that height
                        assert "/Artifact" in kinds
    return drawn - covered


def code_of(lines: int) -> str:
    return ".. code-block:: python\n\n" + "".join(f"   line = {n}\n" for n in range(lines)) + "\n"


def test_a_page_that_ends_in_code_has_a_mark_there_and_so_has_the_next(build: Callable[..., Any]) -> None:
    book = build({"index.rst": f"Book\n====\n\nText.\n\n{code_of(90)}Text.\n"})
    assert torn_edges(book) == 2
    assert book.builder.standards == ("ua-1", "a-2a")


def test_code_on_one_page_has_no_marks(build: Callable[..., Any]) -> None:
    assert torn_edges(build({"index.rst": f"Book\n====\n\n{code_of(20)}{code_of(2)}{code_of(6)}"})) == 0


def test_a_listing_with_a_caption_has_no_marks(build: Callable[..., Any]) -> None:
    """What stands in it is centred but for the code."""
    listing = code_of(6).replace("\n\n", "\n   :caption: Lines\n\n", 1)
    assert torn_edges(build({"index.rst": f"Book\n====\n\n{listing}"})) == 0


def test_a_few_lines_of_code_stay_together(build: Callable[..., Any]) -> None:
    chapters = {
        f"c{n}.rst": f"Chapter\n=======\n\n{''.join(f'| line{chr(10)}' for _ in range(n))}\n{code_of(3)}"
        for n in range(26, 46)
    }
    toctree = "Book\n====\n\n.. toctree::\n\n" + "".join(f"   {name[:-4]}\n" for name in chapters)
    book = build({"index.rst": toctree, **chapters})
    assert sum("line = 0" in page for page in book.texts()) == len(chapters)
    for page in book.texts():
        assert ("line = 0" in page) == ("line = 2" in page)


def columns(count: int) -> str:
    """A line of code that is so long, in words, so that it could be broken anywhere."""
    words = "word " * count
    return words[: count - 4].rstrip().ljust(count - 4, "_") + " end"


def block_of(*lines: str, options: str = "") -> str:
    return f".. code-block:: text\n{options}\n\n" + "".join(f"   {line}\n" for line in lines) + "\n"


def test_lines_of_eighty_columns_stay_whole_on_the_page_of_a_book(build: Callable[..., Any]) -> None:
    book = build({"index.rst": f"Book\n====\n\nText.\n\n{block_of(columns(40), columns(80))}"})
    text = "\n".join(book.texts())
    assert columns(80) in text
    assert "↪" not in text


@pytest.mark.parametrize(
    ("lines", "part"),
    [
        ((40, 60), 1.0),
        ((40, 72), 0.92),
        ((40, 80), 0.84),
        ((40, 140), 1.0),  # what is broken at any size makes no code smaller
        ((140, 80, 140), 0.84),
    ],
    ids=str,
)
def test_code_is_as_much_smaller_as_its_whole_lines_need(
    build: Callable[..., Any], lines: tuple[int, ...], part: float
) -> None:
    book = build({"index.rst": f"Book\n====\n\n{block_of(*map(columns, lines))}"})
    sizes = []
    with pikepdf.open(book.builder.artefact) as pdf:
        for operands, operator in pikepdf.parse_content_stream(pdf.pages[-1]):
            if str(operator) == "Tf":
                sizes.append(float(operands[1]))
    assert any(abs(size - 10.5 * 0.745 * part) < 0.01 for size in sizes), sizes


def test_numbered_code_goes_on_beside_its_numbers(build: Callable[..., Any]) -> None:
    book = build({"index.rst": f"Book\n====\n\nText.\n\n{block_of(columns(120), columns(20), options='   :linenos:')}"})
    lines = [line for text in book.texts() for line in text.splitlines() if "word" in line]
    first, second, third = lines
    assert first.lstrip().startswith("1 word")
    assert "↪" in second
    assert second.index("↪") >= first.index("word") - 1
    assert third.lstrip().startswith("2 word")


def shown_lines(book: Any, *beginnings: str) -> list[tuple[int, str]]:
    """(indent in characters, text) of the lines of the book from one that begins so on."""
    lines = [line for text in book.texts() for line in text.splitlines() if line.strip()]
    first = next(n for n, line in enumerate(lines) if line.strip().startswith(beginnings))
    return [(len(line) - len(line.lstrip()), line.strip()) for line in lines[first:]]


def test_a_parsed_literal_is_as_wide_as_the_text_and_keeps_its_lines(build: Callable[..., Any]) -> None:
    long = columns(120).replace("word end", "*word* end")
    book = build(
        {"index.rst": f"Book\n====\n\n.. parsed-literal::\n\n   {long}\n   second\n     third      with *spaces*\n"}
    )
    assert book.builder.standards == ("ua-1", "a-2a")
    first, on, second, third = shown_lines(book, "word word")[:4]
    assert f"{first[1]} {on[1]}" == columns(120)
    assert on[0] > first[0] == second[0] < third[0]
    assert second[1] == "second"
    assert re.fullmatch("third {2,}with spaces", third[1])


def test_a_grammar_begins_its_productions_in_one_column(build: Callable[..., Any]) -> None:
    rule = " ".join(f"`b` '{n:010}'" for n in range(8))
    book = build({"index.rst": f"Book\n====\n\n.. productionlist::\n   a: {rule}\n   b: 'x'\n"})
    first, on, second = shown_lines(book, "a ::=")[:3]
    assert second[1].startswith("b ::=")
    assert on[0] > first[0] == second[0]


def test_what_goes_on_of_a_verse_is_indented(build: Callable[..., Any]) -> None:
    book = build({"index.rst": f"Book\n====\n\n| {'verse ' * 20}end\n|   deeper\n| last\n"})
    assert book.builder.standards == ("ua-1", "a-2a")
    first, on, deeper, last = shown_lines(book, "verse verse")[:4]
    assert on[1].endswith("end")
    assert on[0] > deeper[0] > first[0] == last[0]


def broken(folder: Path, line: str, columns: int) -> list[str]:
    """The rows that the templates in a folder make of a line of code."""
    probe = folder / "probe.typ"
    call = f"break-line(((0, {string(line)}),), {columns}).map(row => row.map(piece => piece.at(1)).join())"
    probe.write_text(f'#import "code.typ": *\n#metadata({call})<rows>\n', encoding="utf-8")
    rows: list[str] = json.loads(typst.query(str(probe), "<rows>", field="value", one=True))
    return rows


def test_letters_that_fill_their_square_take_two_columns(build: Callable[..., Any]) -> None:
    folder = Path(build({"index.rst": "Book\n====\n\n::\n\n   code\n"}).builder.outdir) / "typst"
    line = "call('" + "漢字かな" * 8 + "')"
    rows = broken(folder, line, 40)
    assert "".join(rows) == line
    assert [columns_of(row) for row in rows] == [40, 32]
    # what follows a sign is moved whole, and rows after the first have a mark before them
    assert broken(folder, "first(second, " + "x" * 12 + ")", 20) == ["first(second, ", "x" * 12 + ")"]


def test_an_abbreviation_is_explained_once_in_a_document(build: Callable[..., Any]) -> None:
    text = "Words, :abbr:`e.g. (for example)` these, :abbr:`e.g. (for example)` those.\n"
    index = "Book\n====\n\n.. toctree::\n\n   a\n   b\n"
    book = build({"index.rst": index, "a.rst": f"One\n===\n\n{text}", "b.rst": f"Two\n===\n\n{text}"})
    found = " ".join("".join(book.texts()).split())
    assert found.count("Words, e.g. (for example) these, e.g. those.") == 2
