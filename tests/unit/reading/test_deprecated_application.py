"""The application of a transform: the same as Sphinx's, which is said to be deprecated once for each class."""

from __future__ import annotations

import warnings
from types import SimpleNamespace

import pytest
import sphinx
from docutils.utils import new_document
from sphinx.transforms import SphinxTransform

from octavo.reading import quick_post_transforms as quick


@pytest.mark.skipif(sphinx.version_info < (9,), reason="Sphinx 8 does not warn")
def test_each_class_is_warned_once(monkeypatch: pytest.MonkeyPatch) -> None:
    class One(SphinxTransform):
        pass

    class Another(SphinxTransform):
        pass

    monkeypatch.setattr(quick.sys, "warnoptions", [])
    document = new_document("")
    document.settings.env = SimpleNamespace(_app="application")
    with warnings.catch_warnings(record=True) as said:
        warnings.simplefilter("always")
        assert [quick.application(made(document)) for made in (One, One, Another, One)] == ["application"] * 4
    assert len(said) == 2
    monkeypatch.setattr(quick.sys, "warnoptions", ["always"])
    with warnings.catch_warnings(record=True) as said:
        warnings.simplefilter("always")
        quick.application(One(document))
    assert len(said) == 1
