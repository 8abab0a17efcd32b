"""A book in a script from right to left: its pages run so, and program text in it does not."""

from __future__ import annotations

import zipfile
from pathlib import Path

import pytest
from sphinx.application import Sphinx
from sphinx.util.docutils import docutils_namespace

from octavo.packaging.package import package
from octavo.writers.epub import EpubBuilder

PAGE = """\
فصل
===

متن ``f(a)!``, :math:`[a, b]`.

.. code-block:: shell

   !pip install quantecon

.. py:function:: f(a, b)
"""


def written(folder: Path, language: str) -> str:
    source = folder / "source"
    source.mkdir()
    (source / "index.rst").write_text(PAGE, encoding="utf-8")
    with docutils_namespace():
        confoverrides = {"extensions": ["octavo"], "project": "فصل", "language": language}
        app = Sphinx(source, None, folder / "out", folder / "doctrees", "octavo-epub", confoverrides, status=None)
        app.build()
        builder = app.builder
    assert isinstance(builder, EpubBuilder)
    package(builder.publication, folder / "book.epub")
    with zipfile.ZipFile(folder / "book.epub") as archive:
        assert b"direction:" not in archive.read("EPUB/styles/book.css")
        return archive.read("EPUB/index.xhtml").decode()


def test_program_text_runs_from_left_to_right(tmp_path: Path) -> None:
    page = written(tmp_path, "fa")
    assert 'xml:lang="fa" dir="rtl"' in page
    assert '<code class="docutils literal notranslate" dir="ltr">f(a)!</code>' in page
    assert page.count("<pre") == page.count('<pre dir="ltr"') == 1
    assert '<dt class="sig sig-object py" id="f" dir="ltr">' in page


@pytest.mark.parametrize("language", ["de", "az-Cyrl"])
def test_other_books_have_no_need_of_it(tmp_path: Path, language: str) -> None:
    assert "dir=" not in written(tmp_path, language)
