"""The line of a reference within its block."""

import pytest

from octavo.reading.lines import exact_line

RST = """\
A paragraph with one,
two and three.

.. raw:: html

   <p>four</p>

   <p>five</p>

Five again.
"""
MYST = """\
```{raw} html

one
```

one and two
"""


@pytest.mark.parametrize(
    ("text", "block", "needle", "line"),
    [
        (RST, 1, "three", 2),
        (RST, 1, "four", 1),
        (RST, 4, "four", 6),
        (RST, 4, "five", 8),
        (RST, 4, "Five", 4),
        (MYST, 1, "one", 3),
        (MYST, 1, "two", 1),
        (MYST, 60, "two", 60),
    ],
)
def test_a_reference_is_on_the_line_that_names_it(tmp_path, text, block, needle, line):
    path = tmp_path / "page.txt"
    path.write_text(text, encoding="utf-8")
    assert exact_line(path, block, (needle,)) == line


def test_an_unknown_block_has_no_line(tmp_path):
    assert exact_line(tmp_path / "gone.rst", None, ("x",)) is None
    assert exact_line(tmp_path / "gone.rst", 3, ("x",)) == 3
