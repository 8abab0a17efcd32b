"""From an edit to the screen: `octavo serve` in Chromium, beside sphinx-autobuild.

    python benchmarks/serve.py [--pages 10 100 1000] [--edits 10] [--pdf DOCUMENTS]
        [--autobuild PYTHON] [--autobuild-most 100] [--json FILE]

One sentence of one page is edited, as often as asked for, each time in another page. Measured of each edit are the
time until the browser has drawn the new words, and the processor time of the server with all its children until then;
and once, after all edits, what it takes to bring everything else up to date. With --pdf the same of the PDF of a book
of so many documents (84 make 300 pages): until the page that has changed is drawn. PYTHON is an interpreter with
sphinx-autobuild and what the book needs; there the edit ends when the page on disk has the words and the build is over.
It builds the whole book first, and is left out of books of more pages than --autobuild-most.
"""

from __future__ import annotations

import argparse
import json
import os
import re
import shutil
import statistics
import subprocess
import sys
import tempfile
import time
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import TYPE_CHECKING, Any

sys.path.insert(0, str(Path(__file__).parent.parent / "tests" / "browser"))

from browser_flags import CHROMIUM_FLAGS
from synthetic_book import make_book

if TYPE_CHECKING:
    from collections.abc import Iterator

THEME = ("-D", "html_theme=sphinx_book_theme")
TICKS = os.sysconf("SC_CLK_TCK")
QUIET = 8  # seconds
REST = 1.2  # seconds between two edits
AT_REST = 0.1  # seconds of processor time in QUIET seconds
PDF_SHOWN = "Boolean(window.octavoBook && document.querySelector('.textLayer'))"
FIND_IN_PDF = """
async words => {
  const { pdfDocument } = window.octavoBook.viewer;
  for (let n = 1; n <= pdfDocument.numPages; n++) {
    const { items } = await (await pdfDocument.getPage(n)).getTextContent();
    if (items.map(item => item.str).join('').includes(words)) return window.octavoBook.viewer.currentPageNumber = n;
  }
  return null;
}
"""
SEEN_IN_PDF = """
words => new Promise(done => {
  const look = () => [...document.querySelectorAll('.textLayer')].some(layer => layer.textContent.includes(words));
  const drawn = () => requestAnimationFrame(() => setTimeout(() => done(Date.now())));
  if (look()) return drawn();
  const observer = new MutationObserver(() => { if (look()) { observer.disconnect(); drawn(); } });
  observer.observe(document.querySelector('#pages'), { childList: true, subtree: true });
})
"""
SEEN = """
words => new Promise(done => {
  const look = () => document.querySelector('article, [role=main], main').innerText.includes(words);
  const drawn = () => requestAnimationFrame(() => setTimeout(() => done(Date.now())));
  if (look()) return drawn();
  const observer = new MutationObserver(() => { if (look()) { observer.disconnect(); drawn(); } });
  observer.observe(document.body, { childList: true, subtree: true, characterData: true });
})
"""


def main() -> None:
    """Measure, and print a table."""
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    parser.add_argument("--pages", type=int, nargs="+", default=[10, 100, 1000])
    parser.add_argument("--edits", type=int, default=10)
    parser.add_argument("--autobuild", type=Path, help="a Python with sphinx-autobuild")
    parser.add_argument("--autobuild-edits", type=int, default=2)
    parser.add_argument("--autobuild-most", type=int, default=100, help="pages")
    parser.add_argument("--pdf", type=int, default=0, metavar="DOCUMENTS")
    parser.add_argument("--json", type=Path)
    given = parser.parse_args()
    rows = []
    for pages in given.pages:
        with tempfile.TemporaryDirectory(prefix="octavo-serve-") as folder:
            book = Path(folder) / "book"
            make_book(book, pages)
            rows.append(octavo(book, pages, given.edits))
            print(_line(rows[-1]), flush=True)
            if given.autobuild and pages <= given.autobuild_most:
                shutil.rmtree(book / "_build", ignore_errors=True)
                rows.append(autobuild(book, pages, given.autobuild_edits, given.autobuild, Path(folder) / "out"))
                print(_line(rows[-1]), flush=True)
    if given.pdf:
        with tempfile.TemporaryDirectory(prefix="octavo-serve-") as folder:
            book = Path(folder) / "book"
            make_book(book, given.pdf)
            rows.append(pdf(book, min(given.edits, 5)))
            print(_line(rows[-1]), flush=True)
    print(_table(rows))
    if given.json:
        given.json.write_text(json.dumps({"machine": _machine(), "rows": rows}, indent=1) + "\n", encoding="utf-8")


def octavo(book: Path, pages: int, edits: int) -> dict[str, Any]:
    """Edits in `octavo serve`, seen in Chromium."""
    wall, cpu = [], []
    started = time.monotonic()
    with _shown(book, "html") as (process, address, page):
        chosen = _chosen(book, edits + 1)
        page.goto(f"{address}site/{chosen[0].relative_to(book).with_suffix('.html')}", timeout=0)
        _until(page, "!document.documentElement.dataset.octavoWaiting")
        opened = time.monotonic() - started
        for number, source in enumerate(chosen):
            page.goto(f"{address}site/{source.relative_to(book).with_suffix('.html')}", timeout=0)
            time.sleep(REST)
            words = f"Edited sentence {number}."
            before = _cpu(process.pid)
            page.evaluate(f"window.seen = ({SEEN})({json.dumps(words)}); 0")
            at = time.time()
            _edit(source, words)
            drawn = page.evaluate("window.seen")
            used = _cpu(process.pid) - before
            if number:  # the first one warms up
                wall.append(drawn / 1000 - at)
                cpu.append(used)
        before = _cpu(process.pid)
        quiet = _until_quiet(process.pid)
    return _row("octavo serve", pages, wall, cpu, opened=opened, rest_cpu=quiet - before)


def pdf(book: Path, edits: int) -> dict[str, Any]:
    """Edits in `octavo serve`, seen on the page of the PDF that has changed."""
    wall, cpu = [], []
    started = time.monotonic()
    with _shown(book, "pdf") as (process, address, page):
        page.goto(f"{address}pdf/", timeout=0)
        _until(page, PDF_SHOWN)
        _until_quiet(process.pid)
        opened = time.monotonic() - started - QUIET
        for number, source in enumerate(_chosen(book, edits + 1)):
            marks = [f"{word}{number}x" for word in ("Before", "After")]
            shown = page.evaluate("window.octavoBook.version")
            _edit(source, f"{marks[0]}.")
            _until(page, f"window.octavoBook.version !== {json.dumps(shown)}")
            if page.evaluate(FIND_IN_PDF, marks[0]) is None:
                raise SystemExit(f"The PDF has no page with '{marks[0]}', which {source} has.")
            page.evaluate(f"({SEEN_IN_PDF})({json.dumps(marks[0])})")
            _until_quiet(process.pid)
            before = _cpu(process.pid)
            page.evaluate(f"window.seen = ({SEEN_IN_PDF})({json.dumps(marks[1])}); 0")
            at = time.time()
            source.write_text(source.read_text(encoding="utf-8").replace(*marks), encoding="utf-8")
            drawn = page.evaluate("window.seen")
            if number:  # the first one warms up
                wall.append(drawn / 1000 - at)
                cpu.append(_cpu(process.pid) - before)
        pages = page.evaluate("window.octavoBook.viewer.pagesCount")
        rest = _until_quiet(process.pid) - before
    return _row("octavo serve, PDF", pages, wall, cpu, opened=opened, rest_cpu=rest)


def autobuild(book: Path, pages: int, edits: int, python: Path, out: Path) -> dict[str, Any]:
    """Edits in sphinx-autobuild, until the build that they start is over."""
    command = [str(python), "-m", "sphinx_autobuild", str(book), str(out), "--port", "0", "--delay", "0", *THEME]
    wall, cpu = [], []
    with _running(command) as (process, lines):
        started = time.monotonic()
        next(line for line in lines if "Serving on" in line)
        opened = time.monotonic() - started
        for number, source in enumerate(_chosen(book, edits)):
            time.sleep(REST)
            words = f"Built sentence {number}."
            before = _cpu(process.pid)
            at = time.monotonic()
            _edit(source, words)
            page = out / source.relative_to(book).with_suffix(".html")
            while words not in page.read_text(encoding="utf-8"):
                time.sleep(0.02)
            wall.append(time.monotonic() - at)
            cpu.append(_until_quiet(process.pid) - before)
    return _row("sphinx-autobuild", pages, wall, cpu, opened=opened, rest_cpu=0.0)


@contextmanager
def _shown(book: Path, output: str) -> Iterator[tuple[subprocess.Popen[str], str, Any]]:
    """`octavo serve` of one format: its process, its address and an empty page of a browser that asks no one else."""
    from playwright.sync_api import sync_playwright  # noqa: PLC0415 -- not needed for sphinx-autobuild

    command = [sys.executable, "-m", "octavo", "serve", str(book), "--port", "0", "--format", output, *THEME]
    with _running(command) as (process, lines), sync_playwright() as playwright:
        address = next(match[0] for line in lines if (match := re.search(r"http://\S+/", line)))
        browser = playwright.chromium.launch(executable_path=shutil.which("chromium"), args=CHROMIUM_FLAGS)
        page = browser.new_page()
        page.route(re.compile(r"^https?://(?!127\.0\.0\.1)"), lambda route: route.abort())
        yield process, address, page
        browser.close()


def _row(
    name: str, pages: int, wall: list[float], cpu: list[float], *, opened: float, rest_cpu: float
) -> dict[str, Any]:
    return {
        "tool": name,
        "pages": pages,
        "wall_ms": [round(1000 * seconds, 1) for seconds in wall],
        "cpu_ms": [round(1000 * seconds, 1) for seconds in cpu],
        "opened_s": round(opened, 2),
        "rest_cpu_s": round(rest_cpu, 2),
        "load": round(os.getloadavg()[0], 1),
    }


def _line(row: dict[str, Any]) -> str:
    wall, cpu = sorted(row["wall_ms"]), sorted(row["cpu_ms"])
    return (
        f"{row['tool']:17} {row['pages']:5} pages: "
        f"wall {statistics.median(wall):8.0f} ms ({wall[0]:.0f} to {wall[-1]:.0f}), "
        f"CPU {statistics.median(cpu):8.0f} ms ({cpu[0]:.0f} to {cpu[-1]:.0f}); opened in {row['opened_s']:.1f} s; "
        f"the rest {row['rest_cpu_s']:.1f} s of CPU; load {row['load']}"
    )


def _table(rows: list[dict[str, Any]]) -> str:
    """The medians in Markdown, and how much more sphinx-autobuild's processor time is."""
    by_pages = {row["pages"]: statistics.median(row["cpu_ms"]) for row in rows if row["tool"] == "sphinx-autobuild"}
    lines = ["", "| tool | pages | wall, ms | CPU, ms | sphinx-autobuild's CPU | load |", "| --- " * 6 + "|"]
    for row in rows:
        cpu = statistics.median(row["cpu_ms"])
        theirs = by_pages.get(row["pages"]) if row["tool"] == "octavo serve" else None
        times = f"{theirs / cpu:.0f} times" if theirs else ""
        wall = statistics.median(row["wall_ms"])
        lines.append(f"| {row['tool']} | {row['pages']:,} | {wall:.0f} | {cpu:.0f} | {times} | {row['load']} |")
    return "\n".join(lines)


def _chosen(book: Path, number: int) -> list[Path]:
    """Pages from the whole book, far apart."""
    written = sorted(path for path in book.rglob("*.md") if "_build" not in path.parts)
    sources = [path for path in written if path.stem not in {"index", "glossary"}]
    return [sources[(7 + i * max(1, len(sources) // number)) % len(sources)] for i in range(number)]


def _edit(source: Path, words: str) -> None:
    """Put a sentence in front of the first paragraph."""
    text = source.read_text(encoding="utf-8")
    begin = re.search(r"^# .*\n\n(?=\w)", text, re.MULTILINE)
    at = begin.end() if begin else len(text)
    source.write_text(f"{text[:at]}{words} {text[at:]}" if begin else f"{text}\n\n{words}\n", encoding="utf-8")


@contextmanager
def _running(command: list[str]) -> Iterator[tuple[subprocess.Popen[str], Iterator[str]]]:
    process = subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True, encoding="utf-8")
    assert process.stdout is not None
    try:
        yield process, iter(process.stdout)
    finally:
        process.terminate()
        process.wait()
        process.stdout.close()


def _until(page: Any, expression: str) -> None:
    """Wait until an expression is true in the page; its policy forbids what Playwright has for that."""
    from playwright.sync_api import Error  # noqa: PLC0415 -- not needed for sphinx-autobuild

    while True:
        with suppress(Error):  # the page is being loaded anew
            if page.evaluate(expression):
                return
        time.sleep(0.2)


def _cpu(pid: int) -> float:
    """Seconds of processor time of a process, its children, and those of its children that have ended."""
    total, waiting = 0, [pid]
    while waiting:
        current = waiting.pop()
        try:
            fields = Path(f"/proc/{current}/stat").read_text().rpartition(")")[2].split()
            for task in Path(f"/proc/{current}/task").glob("*/children"):
                waiting += [int(child) for child in task.read_text().split()]
        except OSError:
            continue
        total += sum(int(field) for field in fields[11:15])  # utime, stime, cutime, cstime: proc(5)
    return total / TICKS


def _until_quiet(pid: int) -> float:
    """The processor time when it hardly grows for longer than the preview rests before it does the rest."""
    last = _cpu(pid)
    while True:
        time.sleep(QUIET)
        now = _cpu(pid)
        if now - last < AT_REST:
            return now
        last = now


def _machine() -> dict[str, object]:
    model = re.search(r"model name\s*:\s*(.*)", Path("/proc/cpuinfo").read_text())
    return {"cpu": model[1] if model else "unknown", "cores": os.cpu_count(), "python": sys.version.split()[0]}


if __name__ == "__main__":
    main()
