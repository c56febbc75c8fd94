"""Dates as Danes type them, day first. What has two meanings gives None: nothing is guessed."""

from __future__ import annotations

import re
from calendar import monthrange
from datetime import date

from rules.text.danish import folded

MONTHS = (
    "januar", "februar", "marts", "april", "maj", "juni",
    "juli", "august", "september", "oktober", "november", "december",
)  # fmt: skip
MONTH_NUMBERS = {"sept": 9} | {
    word: number for number, name in enumerate(MONTHS, 1) for word in (name, name[:3])
}
_MIDNIGHT = re.compile(r"[ T](?:kl\.? ?)?0?0[:.]00(?:[:.]00)?$")
_ISO_DATE = re.compile(r"(\d{4}) ?([-/]) ?(\d{1,2}) ?\2 ?(\d{1,2})", re.ASCII)
_DAY_FIRST = re.compile(
    r"(\d{1,2}) ?(?:([-./]) ?(\d{1,2}) ?\2|/ ?(\d{1,2})(?: ?- ?| )) ?(\d{4}|\d{2})", re.ASCII
)
_NAMED_MONTH = re.compile(
    r"(?:den |d\. ?)?(\d{1,2})(?:\. ?| |-)([a-z]+)(?:\. ?| |-)(\d{4}|\d{2})",
    re.IGNORECASE | re.ASCII,
)


def parse_date(text: str) -> date | None:
    """A typed date, day first, or None where it is not one. Two-digit years are 20xx."""
    parts = _date_parts(text)
    try:
        return date(*parts) if parts else None
    except ValueError:
        return None


def month_that_is_too_short(text: str) -> tuple[date, int] | None:
    """For a day that its month does not have: the month's first day, and how many days it has.

    None for everything else, also for what is a date.
    """
    year, month, day = _date_parts(text) or (0, 0, 0)
    if not (1 <= month <= 12 and 1900 <= year <= 9999):
        return None
    days = monthrange(year, month)[1]
    return (date(year, month, 1), days) if days < day <= 31 else None


def _date_parts(text: str) -> tuple[int, int, int] | None:
    """The year, month and day of what is written as a date, whether or not there is such a day."""
    tidy = _MIDNIGHT.sub("", folded(text))
    if match := _DAY_FIRST.fullmatch(tidy):
        day, _, month, other_month, year = match.groups()
        month = month or other_month
    elif match := _ISO_DATE.fullmatch(tidy):
        year, _, month, day = match.groups()
    elif (match := _NAMED_MONTH.fullmatch(tidy)) and match[2].casefold() in MONTH_NUMBERS:
        day, month, year = match[1], str(MONTH_NUMBERS[match[2].casefold()]), match[3]
    else:
        return None
    return int(year) + (2000 if len(year) == 2 else 0), int(month), int(day)
