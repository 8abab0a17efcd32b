"""The cache: what is kept, for how long, and for whom."""

from __future__ import annotations

import contextlib
import re
import sqlite3
from pathlib import Path

import pytest

from octavo.checks.links.web import Finding, Reason, Result, ResultCache, Settings, Verdict
from octavo.checks.links.web.cache import AGES
from octavo.checks.links.web.verdict import OK, broken, ignored, unknown
from octavo.diagnostics import ConfigurationError


class Chance:
    def __init__(self, value: float = 0.0) -> None:
        self.value = value

    def random(self) -> float:
        return self.value


class Time:
    def __init__(self) -> None:
        self.epoch = 1_800_000_000.0

    def __call__(self) -> float:
        return self.epoch


def opened(
    path: Path, time: Time, *, settings: Settings | None = None, chance: float = 0.0, reads: bool = True
) -> ResultCache:
    return ResultCache(path / "links.sqlite", settings or Settings(), time, Chance(chance), may_read=reads)


MOVED = Finding(verdict=Verdict.REDIRECTED, reason=Reason.MOVED, detail="moved", final_url="https://b.org/")


@pytest.mark.parametrize("finding", [OK, MOVED, broken(Reason.STATUS, "404"), unknown(Reason.BOT_WALL, "403")])
def test_a_result_is_there_until_its_age_is_over(tmp_path: Path, finding: Finding) -> None:
    time = Time()
    cache = opened(tmp_path, time)
    cache.put(Result(url="https://a.org/", finding=finding))
    cache.close()
    time.epoch += AGES[finding.verdict] - 1
    later = opened(tmp_path, time)
    assert later.get("https://a.org/") == finding
    assert later.get("https://a.org/#x") is None
    time.epoch += 2
    assert later.get("https://a.org/") is None
    later.close()


def test_errors_are_never_kept_for_long() -> None:
    assert AGES[Verdict.BROKEN] <= 3 * 3600
    assert AGES[Verdict.UNKNOWN] <= 3 * 3600


@pytest.mark.parametrize(
    "finding",
    [
        broken(Reason.DNS),
        broken(Reason.TIMEOUT),
        unknown(Reason.BUDGET),
        unknown(Reason.OFFLINE),
        ignored(Reason.RULE, "x"),
    ],
)
def test_what_tells_nothing_of_the_page_is_not_kept(tmp_path: Path, finding: Finding) -> None:
    cache = opened(tmp_path, Time())
    cache.put(Result(url="https://a.org/", finding=finding))
    cache.save()
    assert cache.get("https://a.org/") is None
    cache.close()


def test_ages_are_spread(tmp_path: Path) -> None:
    time = Time()
    cache = opened(tmp_path, time, chance=1.0)
    cache.put(Result(url="https://a.org/", finding=OK))
    cache.save()
    time.epoch += AGES[Verdict.OK] * 0.8
    assert cache.get("https://a.org/") is None
    cache.close()


def test_refreshing_reads_nothing_and_keeps_everything(tmp_path: Path) -> None:
    time = Time()
    cache = opened(tmp_path, time, reads=False)
    cache.put(Result(url="https://a.org/", finding=OK))
    cache.save()
    assert cache.get("https://a.org/") is None
    cache.close()
    again = opened(tmp_path, time)
    assert again.get("https://a.org/") == OK
    again.close()


def test_other_settings_have_other_results(tmp_path: Path) -> None:
    time = Time()
    cache = opened(tmp_path, time)
    cache.put(Result(url="https://a.org/#x", finding=broken(Reason.ANCHOR_MISSING, "x")))
    cache.close()
    without = opened(tmp_path, time, settings=Settings(anchors=False))
    assert without.get("https://a.org/#x") is None
    without.close()
    ignoring = opened(tmp_path, time, settings=Settings(ignore=(re.compile("https://b"),)))
    assert ignoring.get("https://a.org/#x") is not None
    ignoring.close()


def test_no_url_stands_in_the_file(tmp_path: Path) -> None:
    cache = opened(tmp_path, Time())
    cache.put(Result(url="https://me:s3cret@a.org/?token=t0ken", finding=OK))
    cache.close()
    content = (tmp_path / "links.sqlite").read_bytes()
    assert b"s3cret" not in content
    assert b"t0ken" not in content


def test_a_broken_file_is_made_anew(tmp_path: Path) -> None:
    (tmp_path / "links.sqlite").write_bytes(b"this is no database, but long enough to be one" * 50)
    cache = opened(tmp_path, Time())
    cache.put(Result(url="https://a.org/", finding=OK))
    cache.close()
    with contextlib.closing(sqlite3.connect(tmp_path / "links.sqlite")) as connection:
        assert connection.execute("SELECT count(*) FROM results").fetchone() == (1,)


def test_a_place_that_can_not_be_written_is_named(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")
    with pytest.raises(ConfigurationError, match="can't use the cache"):
        ResultCache(tmp_path / "file" / "links.sqlite", Settings(), Time(), Chance())
