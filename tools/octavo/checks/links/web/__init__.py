"""Links to the web: one verdict for each URL, with its reason.

The only part of the checks that uses the network, and only through `transport`.
"""

from octavo.checks.links.web.cache import ResultCache
from octavo.checks.links.web.checker import Surroundings, check_urls, real_surroundings
from octavo.checks.links.web.settings import HostRule, Limits, Settings
from octavo.checks.links.web.verdict import Finding, Reason, Result, Verdict

__all__ = [
    "Finding",
    "HostRule",
    "Limits",
    "Reason",
    "Result",
    "ResultCache",
    "Settings",
    "Surroundings",
    "Verdict",
    "check_urls",
    "real_surroundings",
]
