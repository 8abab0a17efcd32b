"""`links.toml`: parsed once into settings; whatever is not understood is named, with what was meant."""

from __future__ import annotations

import re
import tomllib
from collections.abc import Callable, Mapping
from dataclasses import fields, replace
from pathlib import Path
from typing import TypeVar

from octavo.checks.links.web.settings import HostRule, Limits, Settings
from octavo.checks.links.web.verdict import Verdict
from octavo.diagnostics import ConfigurationError

FILE_NAME = "links.toml"
_LIMITS = tuple(f.name.replace("_", "-") for f in fields(Limits))
_KEYS = (
    "ignore", "ignore-files", "anchors", "anchors-ignore", "anchors-ignore-for-url", "allowed-redirects", "fail-on",
    "allow-private", "robots", "user-agent", "accept-language", "ca-file", "proxy", "limits", "host",
)  # fmt: skip
_HOST_KEYS = ("host", "headers", "accept", "anchors", "verify-tls", "rate", "per-host", "timeout")
_VARIABLE = re.compile(r"\$\{([A-Za-z_][A-Za-z0-9_]*)\}")
_HEADER_NAME = re.compile(r"[!#$%&'*+.^_`|~0-9A-Za-z-]+")

ValueT = TypeVar("ValueT")


def load(path: Path, base: Settings, environment: Mapping[str, str]) -> Settings:
    """The settings of a file over those of `base`.

    environment: where `${NAME}` in headers comes from.

    Raises: ConfigurationError, with the key and the value.
    """
    try:
        data = tomllib.loads(path.read_text(encoding="utf-8"))
    except (OSError, UnicodeDecodeError, tomllib.TOMLDecodeError) as error:
        raise ConfigurationError(f"{path}: {error}", "Mend the file.") from error
    return _Reader(path, environment).settings(data, base)


class _Reader:
    def __init__(self, path: Path, environment: Mapping[str, str]) -> None:
        self._path, self._environment = path, environment

    def settings(self, data: dict[str, object], base: Settings) -> Settings:
        self._known(data, _KEYS, "")
        made = replace(
            base,
            ignore=base.ignore + self._patterns(data, "ignore"),
            ignore_files=base.ignore_files + self._texts(data, "ignore-files"),
            anchors=self._flag(data, "anchors", base.anchors),
            anchors_ignore=base.anchors_ignore + self._patterns(data, "anchors-ignore"),
            anchors_ignore_for_url=base.anchors_ignore_for_url + self._patterns(data, "anchors-ignore-for-url"),
            allowed_redirects=base.allowed_redirects + self._redirects(data.get("allowed-redirects", {})),
            allow_private=self._flag(data, "allow-private", base.allow_private),
            robots=self._flag(data, "robots", base.robots),
            user_agent=self._line(data, "user-agent", base.user_agent),
            accept_language=self._line(data, "accept-language", base.accept_language),
            ca_file=self._optional(data, "ca-file", base.ca_file),
            proxy=self._optional(data, "proxy", base.proxy),
            limits=self._limits(data.get("limits", {}), base.limits),
            hosts=self._hosts(data.get("host", [])) + base.hosts,
        )
        if "fail-on" in data:
            made = replace(made, fail_on=self._verdicts(self._texts(data, "fail-on")))
        if made.ca_file is not None:
            made = replace(made, ca_file=str(self._path.parent / made.ca_file))
        return made

    def _known(self, table: Mapping[str, object], keys: tuple[str, ...], where: str) -> None:
        for key in table:
            if key not in keys:
                import difflib

                near = difflib.get_close_matches(key, keys, n=1)
                hint = f"did you mean '{near[0]}'?" if near else f"The keys are {', '.join(keys)}."
                raise ConfigurationError(f"{self._path}: unknown key '{where}{key}'", hint)

    def _wrong(self, key: str, value: object, wanted: str) -> ConfigurationError:
        return ConfigurationError(f"{self._path}: {key} = {value!r} is not {wanted}", "Mend the value.")

    def _typed(self, data: Mapping[str, object], key: str, kind: type[ValueT], default: ValueT, wanted: str) -> ValueT:
        value = data.get(key, default)
        if not isinstance(value, kind):
            raise self._wrong(key, value, wanted)
        return value

    def _flag(self, data: Mapping[str, object], key: str, default: bool) -> bool:
        return self._typed(data, key, bool, default, "true or false")

    def _line(self, data: Mapping[str, object], key: str, default: str) -> str:
        text = self._typed(data, key, str, default, "a text")
        if any(c in text for c in "\r\n\0"):
            raise self._wrong(key, text, "one line")
        return text

    def _optional(self, data: Mapping[str, object], key: str, default: str | None) -> str | None:
        return default if key not in data else self._line(data, key, "")

    def _texts(self, data: Mapping[str, object], key: str) -> tuple[str, ...]:
        value = data.get(key, [])
        if not isinstance(value, list) or not all(isinstance(v, str) for v in value):
            raise self._wrong(key, value, "a list of texts")
        return tuple(value)

    def _patterns(self, data: Mapping[str, object], key: str) -> tuple[re.Pattern[str], ...]:
        return tuple(self._pattern(key, text) for text in self._texts(data, key))

    def _pattern(self, key: str, text: str) -> re.Pattern[str]:
        try:
            return re.compile(text)
        except re.error as error:
            raise ConfigurationError(
                f"{self._path}: {key} has '{text}', which is not a regular expression ({error})", "Mend the pattern."
            ) from error

    def _redirects(self, table: object) -> tuple[tuple[re.Pattern[str], re.Pattern[str]], ...]:
        key = "allowed-redirects"
        if not isinstance(table, dict) or not all(isinstance(v, str) for v in table.values()):
            raise self._wrong(key, table, "a table of patterns")
        return tuple((self._pattern(key, a), self._pattern(key, b)) for a, b in table.items())

    def _verdicts(self, names: tuple[str, ...]) -> frozenset[str]:
        for name in names:
            if name not in set(Verdict) - {Verdict.OK}:
                raise self._wrong(
                    "fail-on", name, "a verdict that can fail a run (broken, redirected, unknown, ignored)"
                )
        return frozenset(names)

    def _limits(self, table: object, base: Limits) -> Limits:
        if not isinstance(table, dict):
            raise self._wrong("limits", table, "a table")
        self._known(table, _LIMITS, "limits.")
        return Limits(
            timeout=self._amount(table, "timeout", base.timeout),
            connect_timeout=self._amount(table, "connect-timeout", base.connect_timeout),
            retries=self._count(table, "retries", base.retries),
            retry_after_cap=self._amount(table, "retry-after-cap", base.retry_after_cap),
            url_budget=self._amount(table, "url-budget", base.url_budget),
            host_budget=self._amount(table, "host-budget", base.host_budget),
            run_budget=self._amount(table, "run-budget", base.run_budget),
            body=self._count(table, "body", base.body),
            hops=self._count(table, "hops", base.hops),
            at_once=self._count(table, "at-once", base.at_once),
            per_host=self._count(table, "per-host", base.per_host),
            rate=self._amount(table, "rate", base.rate),
        )

    def _amount(self, table: Mapping[str, object], key: str, default: float) -> float:
        return float(self._number(f"limits.{key}", table.get(key, default), is_whole=False))

    def _count(self, table: Mapping[str, object], key: str, default: int) -> int:
        value = table.get(key, default)
        return int(self._number(f"limits.{key}", value, is_whole=True, may_be_zero=key == "retries"))

    def _number(self, key: str, value: object, *, is_whole: bool, may_be_zero: bool = False) -> float | int:
        good = isinstance(value, int) if is_whole else isinstance(value, (int, float))
        if isinstance(value, bool) or not good or not isinstance(value, (int, float)) or not value < 1e12:
            raise self._wrong(key, value, "a whole number" if is_whole else "a number")
        if value < 0 or (value == 0 and not may_be_zero):
            raise self._wrong(key, value, "more than 0")
        return value

    def _hosts(self, tables: object) -> tuple[HostRule, ...]:
        if not isinstance(tables, list) or not all(isinstance(t, dict) for t in tables):
            raise self._wrong("host", tables, "a list of tables ([[host]])")
        return tuple(self._host(table) for table in tables)

    def _host(self, table: dict[str, object]) -> HostRule:
        self._known(table, _HOST_KEYS, "host.")
        name = self._typed(table, "host", str, "", "a host")
        if not name or "/" in name:
            raise self._wrong("host.host", name, "a host (example.org, *.example.org, example.org:8080)")
        return HostRule(
            host=name,
            headers=self._headers(table.get("headers", {}), name),
            accept=frozenset(self._statuses(table.get("accept", []))),
            anchors=self._flag(table, "anchors", True) if "anchors" in table else None,
            verify_tls=self._flag(table, "verify-tls", True) if "verify-tls" in table else None,
            rate=self._given(table, "rate", lambda k, v: float(self._number(k, v, is_whole=False))),
            per_host=self._given(table, "per-host", lambda k, v: int(self._number(k, v, is_whole=True))),
            timeout=self._given(table, "timeout", lambda k, v: float(self._number(k, v, is_whole=False))),
        )

    def _given(self, table: Mapping[str, object], key: str, read: Callable[[str, object], ValueT]) -> ValueT | None:
        return read(f"host.{key}", table[key]) if key in table else None

    def _statuses(self, value: object) -> list[int]:
        if not isinstance(value, list):
            raise self._wrong("host.accept", value, "a list of statuses")
        for status in value:
            if isinstance(status, bool) or not isinstance(status, int) or not 100 <= status <= 999:
                raise self._wrong("host.accept", status, "a status")
        return value

    def _headers(self, table: object, host: str) -> tuple[tuple[str, str], ...]:
        if not isinstance(table, dict):
            raise self._wrong("host.headers", table, "a table")
        made = []
        for name, value in table.items():
            if not isinstance(value, str) or not _HEADER_NAME.fullmatch(name):
                raise self._wrong(f"host.headers.{name}", "...", "a header with a text")
            made.append((name, self._expanded(value, f"host.headers.{name} of {host}")))
        return tuple(made)

    def _expanded(self, value: str, where: str) -> str:
        """A value with variables of the environment put in."""

        def variable(found: re.Match[str]) -> str:
            if found[1] not in self._environment:
                raise ConfigurationError(
                    f"{self._path}: {where} needs the environment variable {found[1]}, which is not set",
                    "Set it, or take the header out.",
                )
            return self._environment[found[1]]

        expanded = _VARIABLE.sub(variable, value)
        if any(c in expanded for c in "\r\n\0"):
            raise ConfigurationError(f"{self._path}: {where} is not one line", "Mend the value.")
        return expanded
