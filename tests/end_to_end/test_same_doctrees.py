"""What Octavo reads in fewer steps is, document by document, what Sphinx reads."""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

from described_doctrees import described

ROOT = Path(__file__).parents[2]
INDEX = """\
# "Quoted" -- it's...

```{toctree}
markdown
rest
```
"""
MARKDOWN = """\
---
language: de
---

(here)=
# A 'title'

Text "with" `code "x"` -- *and 'more'*...
[link](#here) {ref}`here` {doc}`rest` [^1]

{.language-de}
"Deutsch"

[^1]: "A note"

Term "one"
: Its 'meaning'

```{list-table}
* - "a"
  - `b`
```

````{note}
```{tip} 'x'
"y"
```
````

```{index} single: a; b
```

## A 'title'

## A 'title'

[nowhere](#nowhere) [](#a-title)

% comment

```{eval-rst}
.. _rst-target:

``literal`` |version| [Cit]_ `named`_

.. [Cit] Citation.
.. _named: https://example.org
```
"""
REST = """\
Rest
====

.. _a:
.. _b:

Nested
------

"Quotes" and ``"literal"``
and *'emphasis'* a_ b_ unknown_ |gone| [#f]_ [#]_

.. [#f] A note.
.. [#] Another.

.. |version2| replace:: 2

|version2| --option a--b ...

-o FILE  An 'option'

.. glossary::
   :sorted:

   b : classified
      "B"
   a
      A

.. py:function:: f(x: str = 'a') -> int

   "Text"

   :param x: it's

.. image:: none.png
   :alt: "alt"

.. rst-class:: language-de

"Deutsch"

.. only:: html

   'Only'

>>> 'doctest'

.. rubric:: "R"

.. parsed-literal::

   "x" *y*

.. math:: a'

.. |x| image:: none.png

|x|

.. topic:: "T"

   x
"""
SOME = {"index.md": INDEX, "markdown.md": MARKDOWN, "rest.rst": REST}
CONF = 'myst_enable_extensions = ["attrs_block", "deflist"]\nmyst_heading_anchors = 3\nrelease = "1"\nnumfig = True\n'


def read(source: Path, out: Path, builder: str, *options: str) -> None:
    """As `sphinx-build` reads, in one process."""
    command = [
        sys.executable,
        "-m",
        "sphinx",
        "-Q",
        "-b",
        builder,
        "-d",
        str(out),
        *options,
        str(source),
        f"{out}.made",
    ]
    environment = {**os.environ, "SOURCE_DATE_EPOCH": "1700000000"}
    subprocess.run(command, check=True, timeout=600, env=environment)


@pytest.mark.parametrize("language", ["en", "fr"])
def test_of_every_construct(project: Callable[..., Path], tmp_path: Path, language: str) -> None:
    source = project(SOME, conf=f'{CONF}language = "{language}"\n')
    read(source, tmp_path / "plain", "dummy")
    read(source, tmp_path / "ours", "octavo-reader")
    theirs = described(tmp_path / "plain")
    assert len(theirs) == 3
    assert described(tmp_path / "ours") == theirs


@pytest.mark.slow
def test_of_a_book(tmp_path: Path) -> None:
    """The sample book, whose extensions are loaded for both."""
    source = ROOT / "book"
    read(source, tmp_path / "plain", "dummy", "-c", str(ROOT / "conf"))
    read(source, tmp_path / "ours", "octavo-reader", "-c", str(ROOT / "conf"))
    theirs = described(tmp_path / "plain")
    assert theirs
    assert described(tmp_path / "ours") == theirs
