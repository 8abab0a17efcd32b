"""Modules that extensions load for what most books never ask of them, loaded when it is asked.

`jsonschema` compiles a grammar of web addresses twenty times, `sphinxext.opengraph` brings matplotlib for pictures that
may be switched off, `myst_nb` a database for notebooks that may not be run. While extensions are loaded, such a module
is there with the functions that others take from it, and its own code runs when one of them is called, or when
anything else of it is wanted. Each is for the versions that were looked at; any other is loaded as ever.
"""

from __future__ import annotations

import ast
import sys
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from importlib.abc import Loader, MetaPathFinder
from importlib.machinery import ModuleSpec, PathFinder, SourceFileLoader
from importlib.util import find_spec
from types import ModuleType
from typing import Any

from octavo.reading.installed import Version, installed, listed


@dataclass(frozen=True, slots=True, kw_only=True)
class LateModule:
    """What is known of such a module.

    - why: what it spares.
    - package, versions: the distribution that it is from, majors with minors.
    - functions: what others take from it when they are loaded, and call later; classes that are only called as well.
    - constants: what else they take; each is a literal.
    - needs: packages without which it can't be loaded, as others want to know at once.
    """

    name: str
    why: str
    package: str
    versions: tuple[Version, ...]
    functions: tuple[str, ...]
    constants: tuple[str, ...] = ()
    needs: tuple[str, ...] = ()

    def told(self) -> str:
        """Why it is in use, or why not."""
        return self.why if self.known() else f"not in use: known of {self.package} {listed(self.versions)}"

    def known(self) -> bool:
        """Whether this version was looked at, and all is there that it needs."""
        known = installed(self.package) in self.versions
        return known and all(find_spec(name) is not None for name in self.needs)


_EXECUTION = "loads what runs notebooks when one is to be run"
LATE_MODULES = (
    LateModule(
        name="rfc3987_syntax",
        why="compiles a grammar of web addresses when one is to be checked",
        package="rfc3987-syntax",
        versions=((1, 1),),
        functions=("is_valid_syntax",),
        needs=("lark",),
    ),
    LateModule(
        name="sphinxext.opengraph._social_cards",
        why="loads matplotlib when a card is to be drawn",
        package="sphinxext-opengraph",
        versions=((0, 13),),
        functions=("create_social_card",),
        constants=("DEFAULT_SOCIAL_CONFIG",),
        needs=("matplotlib",),
    ),
    *(
        LateModule(
            name=f"myst_nb.core.execute.{module}",
            why=_EXECUTION,
            package="myst-nb",
            versions=((1, 3), (1, 4)),
            functions=(name,),
            needs=needs,
        )
        for module, name, needs in (
            ("cache", "NotebookClientCache", ("jupyter_cache",)),
            ("direct", "NotebookClientDirect", ("jupyter_cache",)),
            ("inline", "NotebookClientInline", ("nbclient",)),
        )
    ),
)


def described() -> dict[str, str]:
    """The modules by name, with what they spare, or why not."""
    return {late.name: late.told() for late in LATE_MODULES}


@contextmanager
def loaded_late(modules: Sequence[LateModule] = LATE_MODULES) -> Iterator[None]:
    """Meanwhile these modules are loaded without their code."""
    finder = _Finder({late.name: late for late in modules})
    sys.meta_path.insert(0, finder)
    try:
        yield
    finally:
        sys.meta_path.remove(finder)


class _Finder(MetaPathFinder):
    def __init__(self, modules: dict[str, LateModule]) -> None:
        self._modules = modules

    def find_spec(
        self, fullname: str, path: Sequence[str] | None, target: ModuleType | None = None
    ) -> ModuleSpec | None:
        late = self._modules.get(fullname)
        spec = None if late is None or not late.known() else PathFinder.find_spec(fullname, path, target)
        if late is None or spec is None or not isinstance(spec.loader, SourceFileLoader):
            return None
        spec.loader = _LateLoader(late, spec.loader)
        return spec


class _LateLoader(Loader):
    def __init__(self, late: LateModule, theirs: SourceFileLoader) -> None:
        self._late = late
        self._theirs = theirs

    def exec_module(self, module: ModuleType) -> None:
        assert module.__spec__ is not None  # noqa: S101 -- it is made from one
        module.__spec__.loader = module.__loader__ = self._theirs
        constants = _literals(self._theirs.get_source(module.__name__) or "", self._late.constants)
        if constants is None:
            self._theirs.exec_module(module)
            return
        waiting = _Waiting(module, self._theirs)
        waiting.stand_ins = constants | {name: waiting.function(name) for name in self._late.functions}
        vars(module).update(waiting.stand_ins)
        module.__class__ = waiting.kind()


class _Waiting:
    """A module whose code has not run. stand_ins: what it has instead, by name."""

    stand_ins: dict[str, Any]

    def __init__(self, module: ModuleType, loader: SourceFileLoader) -> None:
        self._module = module
        self._loader: SourceFileLoader | None = loader

    def run(self) -> None:
        """Have it be what it is, once."""
        loader, self._loader = self._loader, None
        if loader is not None:
            self._module.__class__ = ModuleType
            for name in self.stand_ins:
                vars(self._module).pop(name, None)
            loader.exec_module(self._module)

    def function(self, name: str) -> Callable[..., Any]:
        """What stands for a function of it, for good where somebody has taken it."""

        def late(*arguments: Any, **options: Any) -> Any:
            self.run()
            return getattr(self._module, name)(*arguments, **options)

        late.__name__ = late.__qualname__ = name
        late.__module__ = self._module.__name__
        return late

    def kind(self) -> type[ModuleType]:
        """The class of such a module: what it does not have yet makes it run."""
        waiting = self

        class _LateModule(ModuleType):
            def __getattr__(self, name: str) -> Any:
                if name.startswith("__"):  # who looks through all modules asks for these
                    raise AttributeError(name)
                waiting.run()
                return getattr(waiting._module, name)

        return _LateModule


def _literals(source: str, names: Sequence[str]) -> dict[str, Any] | None:
    """What is assigned to names at the top of a module; None when there is one that is not written out."""
    if not names:
        return {}
    found: dict[str, Any] = {}
    try:
        for statement in ast.parse(source).body:
            if isinstance(statement, ast.Assign) and isinstance(statement.targets[0], ast.Name):
                name = statement.targets[0].id
                if name in names:
                    found[name] = ast.literal_eval(statement.value)
    except (SyntaxError, ValueError):
        return None
    return found if found.keys() == set(names) else None
