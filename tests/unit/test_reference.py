"""The reference says what the code has."""

from __future__ import annotations

import runpy

from octavo_testing import ROOT


def test_page_of_rules_is_current() -> None:
    """Written by `python tools/reference/rules.py`."""
    script = runpy.run_path(str(ROOT / "tools/reference/rules.py"))
    assert script["PAGE"].read_text(encoding="utf-8") == script["page"]()
