"""What extensions load for what few books ask of them waits until it is asked."""

from __future__ import annotations

import importlib
import sys
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from octavo.reading import late_modules
from octavo.reading.late_modules import LateModule, loaded_late

HEAVY = """
import sys
sys.ran.append(__name__)
SIZE = {"width": 1}
OTHER = len("other")

def draw(what, *, twice=False):
    return f"drawn {what}" * (1 + twice)

class Client:
    def __init__(self, name):
        self.name = name
"""


@pytest.fixture
def ran(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[list[str]]:
    """A package with a heavy module, and which modules have run."""
    package = tmp_path / "late_package"
    package.mkdir()
    (package / "__init__.py").write_text("")
    (package / "heavy.py").write_text(HEAVY)
    monkeypatch.syspath_prepend(str(tmp_path))
    monkeypatch.setattr(sys, "ran", [], raising=False)
    monkeypatch.setattr(late_modules, "installed", {"late-package": (1, 2)}.get)
    before = set(sys.modules)
    yield sys.ran
    for name in set(sys.modules) - before:
        del sys.modules[name]


def late(**changes: object) -> LateModule:
    facts: dict[str, object] = {
        "name": "late_package.heavy", "why": "spares it", "package": "late-package", "versions": ((1, 2),),
        "functions": ("draw", "Client"), "constants": ("SIZE",),
    }  # fmt: skip
    return LateModule(**(facts | changes))


def test_it_runs_when_it_is_called(ran: list[str]) -> None:
    with loaded_late([late()]):
        from late_package.heavy import SIZE, Client, draw
    assert SIZE == {"width": 1}
    assert ran == []
    assert draw("it", twice=True) == "drawn itdrawn it"
    assert ran == ["late_package.heavy"]
    assert Client("c").name == "c"
    assert isinstance(Client("c"), sys.modules["late_package.heavy"].Client)
    assert ran == ["late_package.heavy"]
    assert sys.modules["late_package.heavy"].draw("again") == "drawn again"


def test_it_runs_when_anything_else_is_wanted(ran: list[str]) -> None:
    with loaded_late([late()]):
        heavy = importlib.import_module("late_package.heavy")
    assert not hasattr(heavy, "__wrapped__")
    assert heavy.__file__.endswith("heavy.py")
    assert ran == []
    assert heavy.OTHER == 5
    assert ran == ["late_package.heavy"]
    with pytest.raises(AttributeError):
        _ = heavy.NOTHING


@pytest.mark.parametrize(
    "changes", [{"versions": ("1.3",)}, {"constants": ("OTHER",)}, {"needs": ("no_such_package",)}]
)
def test_what_is_not_known_runs_at_once(ran: list[str], changes: dict[str, object]) -> None:
    with loaded_late([late(**changes)]):
        importlib.import_module("late_package.heavy")
    assert ran == ["late_package.heavy"]


def test_nothing_is_changed_afterwards(ran: list[str]) -> None:
    before = list(sys.meta_path)
    with loaded_late([late()]):
        assert len(sys.meta_path) == len(before) + 1
    assert sys.meta_path == before
    importlib.import_module("late_package.heavy")
    assert ran == ["late_package.heavy"]


def test_what_fails_to_load_says_so_when_it_is_called(ran: list[str], tmp_path: Path) -> None:
    heavy = tmp_path / "late_package" / "heavy.py"
    heavy.write_text(HEAVY + "import no_such_package\n")
    with loaded_late([late()]):
        from late_package.heavy import draw
    with pytest.raises(ImportError, match="no_such_package"):
        draw("it")


def test_what_is_told(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(late_modules, "installed", {"late-package": (1, 2)}.get)
    assert late().told() == "spares it"
    assert late(versions=((1, 0), (1, 3))).told() == "not in use: known of late-package 1.0 or 1.3"


@pytest.mark.parametrize("module", late_modules.LATE_MODULES, ids=lambda late: late.name)
def test_the_modules_that_are_known_are_as_they_are_known(module: LateModule) -> None:
    """Of those that are installed."""
    if not module.known():
        assert module.told().startswith("not in use")
        return
    real = importlib.import_module(module.name)
    assert all(isinstance(getattr(real, name), Callable) for name in module.functions)
    source = Path(real.__file__).read_text(encoding="utf-8")
    assert late_modules._literals(source, module.constants) == {n: getattr(real, n) for n in module.constants}
