"""The two files beside an EPUB, each written whole or not at all."""

from __future__ import annotations

import json
from pathlib import Path

from octavo.packaging.placing import write_aside
from octavo.staging.accessibility import STATEMENT_PAGE, STATEMENT_REPORT
from octavo.statement.account import Account
from octavo.statement.page import page


def write_companions(account: Account, folder: Path) -> None:
    """Write the page for readers and the report for machines into the EPUB's folder."""
    report = json.dumps(account.as_json(), ensure_ascii=False, indent=1) + "\n"
    write_aside(folder / STATEMENT_REPORT, report.encode())
    write_aside(folder / STATEMENT_PAGE, page(account))
