"""Extensions that are not as safe for parallel reading as they say."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

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
