"""A machine without a network says so, and does not call every link broken."""

from __future__ import annotations

from octavo.checks.links.web.session import is_network_missing
from octavo.checks.links.web.verdict import OK, Finding, Reason, broken, ignored

GONE = broken(Reason.DNS, "no such host")


def many(hosts: int, **others: Finding) -> dict[str, Finding]:
    return {f"https://h{n}.example/": GONE for n in range(hosts)} | {f"https://{n}.org/": f for n, f in others.items()}


def is_missing(found: dict[str, Finding]) -> bool:
    return is_network_missing(found.items())


def test_no_host_of_many_is_no_network() -> None:
    assert is_missing(many(10))
    assert is_missing({**many(10), "mailto:a@example.org": OK, "x": broken(Reason.URL_INVALID, "no scheme")})
    assert is_missing(many(10, left=ignored(Reason.RULE, "left")))


def test_hosts_that_nothing_comes_from_are_no_network_either() -> None:
    late = broken(Reason.TIMEOUT, "no answer in time")
    assert is_missing(many(5) | {f"https://late{n}.example/": late for n in range(5)})
    assert not is_missing(many(50, late=late, there=broken(Reason.REFUSED, "ECONNREFUSED"))), "somebody refused"


def test_few_hosts_may_all_be_gone_and_one_answer_is_a_network() -> None:
    assert not is_missing(many(9))
    assert not is_missing({f"https://h.example/{n}": GONE for n in range(50)})
    assert not is_missing(many(50, there=OK))
    assert not is_missing(many(50, there=broken(Reason.STATUS, "404")))
    assert not is_missing({})
