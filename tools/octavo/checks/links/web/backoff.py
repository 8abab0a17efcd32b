"""How long to wait before asking again: pure functions of numbers; the clock and chance are the caller's."""

from __future__ import annotations

FIRST_DELAY = 1.0  # seconds
LONGEST_DELAY = 30.0


def delay(attempt: int, chance: float) -> float:
    """Seconds before the attempt after attempt number `attempt` (1-based).

    Doubled each time, and spread over its upper half by `chance` (0 to 1), so that many clients don't come at once.
    """
    full = min(LONGEST_DELAY, FIRST_DELAY * 2.0 ** min(max(0, attempt - 1), 16))
    return full * (0.5 + 0.5 * chance)


def retry_after(value: str, epoch: float) -> float | None:
    """The seconds that a `Retry-After` asks for (RFC 9110, 10.2.3), or None when it says nothing readable.

    epoch: now, in seconds since 1970; a date that has passed asks for no wait.
    """
    text = value.strip()
    if text.isascii() and text.isdigit():
        return float(text) if len(text) < 12 else float("inf")
    from email.utils import parsedate_to_datetime

    try:
        moment = parsedate_to_datetime(text)
        return max(0.0, moment.timestamp() - epoch)
    except (ValueError, TypeError, IndexError, OverflowError, OSError):
        return None
