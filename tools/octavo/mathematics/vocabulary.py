"""The words that formulas are said with: a table for each language, `languages/*.toml`, read when first asked for."""

from __future__ import annotations

import functools
import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from importlib.resources import files
from importlib.resources.abc import Traversable

ENGLISH = "en"


@dataclass(frozen=True, slots=True, kw_only=True)
class Vocabulary:
    """What one language says.

    - phrases: whole phrases, with names in braces for what is put in.
    - functions: names in upright letters -> words. greek: small letters -> names. symbols: signs -> words.
    - accents: marks above or below -> what is said after the letter.
    """

    language: str
    phrases: Mapping[str, str]
    functions: Mapping[str, str]
    greek: Mapping[str, str]
    accents: Mapping[str, str]
    symbols: Mapping[str, str]

    def phrase(self, name: str, /, **parts: object) -> str:
        """A phrase with its parts put in."""
        return self.phrases[name].format(**parts)


def languages() -> tuple[str, ...]:
    """The languages that there is a table for, as ISO 639 has them."""
    return tuple(sorted(f.name.removesuffix(".toml") for f in _folder().iterdir() if f.name.endswith(".toml")))


def vocabulary_of(language: str) -> Vocabulary | None:
    """The table of a language ("de", "de-AT", "pt_BR"), or None where there is none."""
    return _loaded(language.replace("_", "-").partition("-")[0].lower())


@functools.cache
def _loaded(language: str) -> Vocabulary | None:
    if language not in languages():
        return None
    return Vocabulary(language=language, **tomllib.loads((_folder() / f"{language}.toml").read_text(encoding="utf-8")))


def _folder() -> Traversable:
    return files("octavo.mathematics") / "languages"
