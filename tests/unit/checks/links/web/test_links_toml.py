"""links.toml: what it says, and what is wrong with it."""

from __future__ import annotations

from pathlib import Path

import pytest

from octavo.checks.links.web.links_toml import load
from octavo.checks.links.web.settings import Settings
from octavo.checks.links.web.weburl import parse
from octavo.diagnostics import ConfigurationError

EVERYTHING = """
ignore = ['https://example\\.org/private/']
ignore-files = ["book/drafts/*"]
anchors-ignore = ["line-"]
anchors-ignore-for-url = ["https://spa\\\\.org/"]
fail-on = ["broken", "redirected"]
allow-private = true
robots = true
ca-file = "ca.pem"

[allowed-redirects]
'https://doi\\.org/.*' = 'https://.*'

[limits]
timeout = 12.5
retries = 0
per-host = 4

[[host]]
host = "*.forge.org"
headers = { Authorization = "Bearer ${TOKEN}" }
accept = [403]
anchors = false
verify-tls = false
rate = 0.5
"""


def written(tmp_path: Path, text: str) -> Path:
    path = tmp_path / "links.toml"
    path.write_text(text, encoding="utf-8")
    return path


def test_everything_is_read(tmp_path: Path) -> None:
    settings = load(written(tmp_path, EVERYTHING), Settings(), {"TOKEN": "t0ken"})
    assert settings.ignoring_rule("https://example.org/private/x") == r"https://example\.org/private/"
    assert settings.ignoring_rule("https://example.org/") is None
    assert settings.fail_on == {"broken", "redirected"}
    assert (settings.limits.timeout, settings.limits.retries, settings.limits.per_host) == (12.5, 0, 4)
    assert settings.limits.rate == 10.0
    assert settings.ca_file == str(tmp_path / "ca.pem")
    assert settings.is_allowed_redirect("https://doi.org/10.1/2", "https://x.org/")
    forge, other = parse("https://a.forge.org/x"), parse("https://forge.org.evil.org/")
    assert forge is not None
    assert other is not None
    assert settings.secret_headers(forge) == (("Authorization", "Bearer t0ken"),)
    assert settings.secret_headers(other) == ()
    assert settings.rule_for(forge).accept == {403}
    assert settings.rule_for(forge).verify_tls is False
    assert not settings.wants_anchor(forge, "x")
    assert settings.wants_anchor(other, "x")
    assert not settings.wants_anchor(other, "line-3")


def test_an_empty_file_changes_nothing(tmp_path: Path) -> None:
    assert load(written(tmp_path, ""), Settings(), {}) == Settings()


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("ignored = []", "unknown key 'ignored'"),
        ("ignore = 'x'", "not a list of texts"),
        ("ignore = ['(']", "not a regular expression"),
        ("anchors = 1", "not true or false"),
        ("fail-on = ['ok']", "not a verdict that can fail"),
        ("[limits]\nretry = 1", "unknown key 'limits.retry'"),
        ("[limits]\nper-host = 0", "not more than 0"),
        ("[limits]\nper-host = 1.5", "not a whole number"),
        ("[limits]\ntimeout = true", "not a number"),
        ("[limits]\ntimeout = nan", "not a number"),
        ("[host]\nhost = 'a'", "list of tables"),
        ("[[host]]\naccept = [404]", "not a host"),
        ("[[host]]\nhost = 'https://a.org/'", "not a host"),
        ("[[host]]\nhost = 'a.org'\naccept = ['404']", "not a status"),
        ("[[host]]\nhost = 'a.org'\nheaders = { A = '${MISSING}' }", "MISSING, which is not set"),
        ("[[host]]\nhost = 'a.org'\nheaders = { 'A b' = 'c' }", "not a header"),
        ('[[host]]\nhost = "a.org"\nheaders = { A = "b\\nC: d" }', "not one line"),
        ('user-agent = "a\\r\\nb"', "not one line"),
        ("x = ", "links.toml"),
    ],
)
def test_what_is_wrong_is_named(tmp_path: Path, text: str, said: str) -> None:
    with pytest.raises(ConfigurationError) as raised:
        load(written(tmp_path, text), Settings(), {})
    assert said in str(raised.value)
    assert str(tmp_path) in str(raised.value)


def test_a_secret_is_not_said_when_its_header_is_wrong(tmp_path: Path) -> None:
    path = written(tmp_path, "[[host]]\nhost = 'a.org'\nheaders = { A = '${TOKEN}' }")
    with pytest.raises(ConfigurationError) as raised:
        load(path, Settings(), {"TOKEN": "t0ken\n"})
    assert "t0ken" not in str(raised.value)
