"""Reading by several processes at once."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

from hypothesis import given
from hypothesis import strategies as st

from octavo.reading.quick_reading import shares
from octavo_testing import Run

UNMERGEABLE = """
from sphinx.domains import Domain
class Forgetful(Domain):
    name = "forgetful"
    label = "Forgetful"
def setup(app):
    app.add_domain(Forgetful)
    return {"parallel_read_safe": True}
"""


def test_a_domain_that_can_not_be_merged_is_read_by_one_process(
    octavo: Callable[..., Run], project: Callable[..., Path]
) -> None:
    names = [f"page{n}" for n in range(6)]
    toctree = "# A\n\n```{toctree}\n" + "\n".join(names) + "\n```\n"
    files = {"index.md": toctree, **{f"{n}.md": f"# {n}\n" for n in names}}
    run = octavo("build", project(files, conf=UNMERGEABLE), "--format", "html", "--jobs", "2")
    assert run.status == 0, run.err


PROCESSES = """
import os
def note(app, docname, source):
    with open(app.srcdir / "processes.txt", "a") as file:
        file.write(f"{os.getpid()} {docname}\\n")
def setup(app):
    app.connect("source-read", note)
    return {"parallel_read_safe": True}
"""
PAGES = [f"page{n}" for n in range(8)]


def _book(**more: str) -> dict[str, str]:
    return {
        "index.md": "# A\n\n```{toctree}\n" + "\n".join(PAGES) + "\n```\n",
        **{f"{name}.md": f"# {name}\n\n{{ref}}`nowhere-{name}`\n\n```{{nothing}}\n```\n" for name in PAGES},
        **more,
    }


def test_the_process_that_began_reads_a_share(octavo: Callable[..., Run], project: Callable[..., Path]) -> None:
    """With two jobs there are two processes, each document is read by one of them, and said is what one would say."""
    root = project(_book(), conf=PROCESSES)
    run = octavo("build", root, "--format", "html", "--jobs", "2", "--fresh")
    read = [line.split() for line in (root / "processes.txt").read_text().splitlines()]
    assert sorted(docname for _, docname in read) == ["index", *PAGES]
    assert len({process for process, _ in read}) == 2
    alone = octavo("build", root, "--format", "html", "--jobs", "1", "--fresh")
    assert [line for line in run.err.splitlines() if "page" in line] == [
        line for line in alone.err.splitlines() if "page" in line
    ]
    assert run.err.count("nowhere-") == len(PAGES)


def test_a_share_that_fails(octavo: Callable[..., Run], project: Callable[..., Path]) -> None:
    """Wherever it is read, the build ends with what went wrong, and does not wait for the others for ever."""
    broken = PROCESSES.replace("import os\n", "import os\nfrom sphinx.errors import ExtensionError\n")
    for victim in ("index", PAGES[-1]):
        raising = broken.replace(
            "    with open", f'    if docname == "{victim}": raise ExtensionError("gone wrong")\n    with open'
        )
        run = octavo("build", project(_book(), conf=raising, folder=victim), "--format", "html", "--jobs", "2")
        assert run.status == 2, run.err
        assert "gone wrong" in run.err


@given(st.lists(st.integers(0, 1_000_000), max_size=60), st.integers(1, 9))
def test_shares(sizes: list[int], number: int) -> None:
    """Nothing is lost or moved; there are no more shares than asked for, and none is empty."""
    names = [f"d{n}" for n in range(len(sizes))]
    cut = shares(names, sizes, number)
    assert [name for share in cut for name in share] == names
    assert len(cut) <= number
    assert all(cut) or not names


def test_shares_are_about_the_same() -> None:
    names = [f"d{n}" for n in range(100)]
    assert [len(share) for share in shares(names, [1000] * 100, 4)] == [25] * 4
    assert [len(share) for share in shares(names, [100] * 50 + [300] * 50, 2)] == [67, 33]
