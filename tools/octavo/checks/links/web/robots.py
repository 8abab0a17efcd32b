"""robots.txt (RFC 9309), for those who ask that it be honoured."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING

from octavo.checks.links.web.verdict import Finding, Reason
from octavo.checks.links.web.weburl import WebUrl

if TYPE_CHECKING:
    from urllib.robotparser import RobotFileParser

_PRODUCT = re.compile(r"compatible;\s*([A-Za-z_-]+)")


def robots_url(url: WebUrl) -> WebUrl:
    """Where a host's rules are."""
    return url._replace(target="/robots.txt", fragment=None, userinfo=None)


@dataclass(frozen=True, slots=True)
class RobotRules:
    """The rules of one host for us. why: what is said of a page that they forbid."""

    parser: RobotFileParser
    agent: str
    why: str = "robots.txt forbids it"

    @classmethod
    def parsed(cls, data: bytes, user_agent: str) -> RobotRules:
        """Rules that were there."""
        parser = _parser()
        parser.parse(data.decode("utf-8", "replace").removeprefix("\ufeff").splitlines())
        return cls(parser, _product(user_agent))

    @classmethod
    def absent(cls, finding: Finding, user_agent: str) -> RobotRules:
        """No rules were there: everything is allowed, but where the server failed (2.3.1.3, 2.3.1.4)."""
        parser = _parser()
        if finding.reason in (Reason.SERVER_ERROR, Reason.RATE_LIMITED):
            parser.parse(["User-agent: *", "Disallow: /"])
            return cls(parser, _product(user_agent), "robots.txt can't be read for now")
        parser.parse([])
        return cls(parser, _product(user_agent))

    def allows(self, page: str) -> bool:
        """Whether a page may be asked for."""
        return self.parser.can_fetch(self.agent, page)


def _parser() -> RobotFileParser:
    from urllib.robotparser import RobotFileParser  # it loads an HTTP client, which most runs have no use for

    return RobotFileParser()


def _product(user_agent: str) -> str:
    matched = _PRODUCT.search(user_agent)
    return matched[1] if matched else user_agent.partition("/")[0]
