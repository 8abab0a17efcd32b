"""Where a project is: its root, its sources and its configuration, found before Sphinx is started."""

from __future__ import annotations

import difflib
import tomllib
from dataclasses import dataclass
from pathlib import Path

from octavo.diagnostics import ConfigurationError

SUBFOLDERS = ("docs", "doc", "docs/source", "doc/source", "source")
KEYS = ("source", "conf", "out")
DEFAULT_OUT = "_build"


@dataclass(frozen=True, slots=True, kw_only=True)
class Project:
    """A Sphinx project on disk; all paths absolute.

    - root: what the user named; findings are said relative to it.
    - source: the folder with the root document; conf: the folder with `conf.py`.
    - out: where artefacts go unless told otherwise.
    """

    root: Path
    source: Path
    conf: Path
    out: Path


def locate(folder: Path, *, conf_dir: Path | None = None, out: Path | None = None) -> Project:
    """The project in `folder`.

    `[tool.octavo]` in its `pyproject.toml` decides; else `folder` itself when it has a `conf.py`, else the first of
    its usual subfolders that has one. With `conf_dir` given, `folder` holds the sources and nothing is searched.

    Raises: ConfigurationError when there is no such folder or no project in it, naming all that was looked for.
    """
    root = folder.resolve()
    if not root.is_dir():
        raise ConfigurationError(f"no folder '{folder}'", "Name a folder with Sphinx sources.")
    settings = _settings(root / "pyproject.toml")
    chosen_out = out.resolve() if out is not None else root / settings.get("out", DEFAULT_OUT)
    if conf_dir is not None:
        source = root / settings["source"] if "source" in settings else root
        project = Project(root=root, source=source, conf=conf_dir.resolve(), out=chosen_out)
    elif "source" in settings:
        source = root / settings["source"]
        project = Project(
            root=root, source=source, conf=root / settings.get("conf", settings["source"]), out=chosen_out
        )
    else:
        home = next((c for c in (root, *(root / s for s in SUBFOLDERS)) if (c / "conf.py").is_file()), None)
        if home is None:
            looked = ", ".join(["[tool.octavo] in pyproject.toml", "conf.py", *(f"{s}/conf.py" for s in SUBFOLDERS)])
            raise ConfigurationError(
                f"no Sphinx project in '{root}' (looked for {looked})",
                "Name the folder with conf.py, or give --conf-dir.",
            )
        project = Project(root=root, source=home, conf=home, out=chosen_out)
    return _checked(project)


def _checked(project: Project) -> Project:
    if not project.source.is_dir():
        raise ConfigurationError(f"no source folder '{project.source}'", "Mend [tool.octavo] source in pyproject.toml.")
    if not (project.conf / "conf.py").is_file():
        raise ConfigurationError(
            f"no conf.py in '{project.conf}'", "Name its folder with --conf-dir or [tool.octavo] conf."
        )
    if project.out == project.source:
        raise ConfigurationError(f"the output folder '{project.out}' is the source folder", "Name another with --out.")
    if project.source.is_relative_to(project.out):
        raise ConfigurationError(
            f"the output folder '{project.out}' contains the sources, which a build would bury",
            "Name another with --out.",
        )
    return project


def _settings(pyproject: Path) -> dict[str, str]:
    """The `[tool.octavo]` table, checked; empty when there is none."""
    try:
        data = tomllib.loads(pyproject.read_text(encoding="utf-8"))
    except FileNotFoundError:
        return {}
    except (OSError, UnicodeDecodeError, tomllib.TOMLDecodeError) as error:
        raise ConfigurationError(f"{pyproject}: {error}", "Mend the file.") from error
    tool = data.get("tool", {})
    table = tool.get("octavo", {}) if isinstance(tool, dict) else {}
    if not isinstance(table, dict):
        raise ConfigurationError(f"{pyproject}: [tool.octavo] is not a table", f"Its keys are {', '.join(KEYS)}.")
    for key, value in table.items():
        if key not in KEYS:
            near = difflib.get_close_matches(key, KEYS, n=1)
            hint = f"did you mean '{near[0]}'?" if near else f"the keys are {', '.join(KEYS)}."
            raise ConfigurationError(f"{pyproject}: unknown key '{key}' in [tool.octavo]", hint)
        if not isinstance(value, str) or not value:
            raise ConfigurationError(
                f"{pyproject}: [tool.octavo] {key} = {value!r} is not a path", "Give a folder relative to this file."
            )
    if table and "source" not in table and "conf" in table:
        raise ConfigurationError(f"{pyproject}: [tool.octavo] has conf but no source", "Name the source folder too.")
    return {str(k): str(v) for k, v in table.items()}
