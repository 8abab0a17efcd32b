"""What tests import from each other: where things are, and how a command ended.

A module of its own, since `conftest` names another one wherever a folder of tests has its own.
"""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
BOOKS = Path(__file__).resolve().parent / "books"


@dataclass(frozen=True, slots=True, kw_only=True)
class Run:
    """How a command ended."""

    status: int
    out: str
    err: str
