"""Lists of figures and of tables: which ones a project asks for, and what they are called."""

from __future__ import annotations

from collections.abc import Collection

from octavo.diagnostics import ConfigurationError

KINDS = ("figures", "tables")

# Sphinx's catalogues have no words for these two
_TITLES = {
    "de": {"figures": "Abbildungsverzeichnis", "tables": "Tabellenverzeichnis"},
    "en": {"figures": "Figures", "tables": "Tables"},
    "es": {"figures": "Índice de figuras", "tables": "Índice de tablas"},
    "fr": {"figures": "Table des figures", "tables": "Liste des tableaux"},
    "it": {"figures": "Indice delle figure", "tables": "Indice delle tabelle"},
    "ja": {"figures": "図目次", "tables": "表目次"},
    "nl": {"figures": "Lijst van figuren", "tables": "Lijst van tabellen"},
    "pl": {"figures": "Spis rysunków", "tables": "Spis tabel"},
    "pt": {"figures": "Lista de figuras", "tables": "Lista de tabelas"},
    "ru": {"figures": "Список иллюстраций", "tables": "Список таблиц"},
    "zh": {"figures": "插图目录", "tables": "表格目录"},
    "fa": {"figures": "فهرست شکل‌ها", "tables": "فهرست جدول‌ها"},
}


def list_title(kind: str, language: str) -> str:
    """The heading of a list in the book's language; English where there is none."""
    return _TITLES.get(language.partition("-")[0].lower(), _TITLES["en"])[kind]


def named_lists(option: str, named: Collection[str]) -> tuple[str, ...]:
    """The kinds that a configuration value names, in the order of books.

    Raises: ConfigurationError when it names another.
    """
    unknown = next((name for name in named if name not in KINDS), None)
    if unknown is not None:
        raise ConfigurationError(f"{option}: no list of {unknown!r}", "There are 'figures' and 'tables'.")
    return tuple(kind for kind in KINDS if kind in named)
