"""What Google makes of something typed in: USER_ENTERED, in the spreadsheet's locale."""

from __future__ import annotations

import re
from datetime import date, datetime, timedelta
from typing import Any

from tests.google_server.errors import invalid
from tests.google_server.locales import Locale, locale_of

Json = dict[str, Any]
EPOCH = date(1899, 12, 30)
LONGEST = 50_000

TIME = re.compile(r"(\d{1,2})[:.](\d{2})(?:[:.](\d{2}))?(?:\s*([ap]m))?\Z", re.IGNORECASE)
ISO = re.compile(r"(\d{4})[-/](\d{1,2})[-/](\d{1,2})\Z")
FIGURES = re.compile(r"(\d{1,2})([-/.])(\d{1,2})\2(\d{4}|\d{2})\Z")
MARKED = re.compile(
    r"(kr\.?|DKK|\$|£|€)?\s*([-+]?[\d.,]+(?:e[-+]?\d+)?)\s*(%|kr\.?|DKK|€)?\Z", re.I
)


def as_entered(text: str, locale_name: str) -> tuple[Json, Json | None]:
    """The value that a typed text becomes, and the number format that Google adds, if any."""
    if text.startswith("'"):
        return {"stringValue": text[1:]}, None
    if text.startswith("=") and len(text) > 1:
        return {"formulaValue": text}, None
    locale = locale_of(locale_name)
    bare = text.strip()
    if bare.upper() in ("TRUE", "FALSE", locale.true, locale.false):
        return {"boolValue": bare.upper() in ("TRUE", locale.true)}, None
    return _number(bare, locale) or _moment(bare, locale) or ({"stringValue": text}, None)


def _number(text: str, locale: Locale) -> tuple[Json, Json | None] | None:
    match = MARKED.match(text)
    if match is None:
        return None
    before, figures, after = match.groups()
    value = number_in(figures, locale)
    if value is None:
        return None
    if after == "%":
        pattern = "0.00%" if locale.decimal in figures else "0%"
        return {"numberValue": value / 100}, {"type": "PERCENT", "pattern": pattern}
    if before or after:
        return {"numberValue": value}, {"type": "CURRENCY", "pattern": locale.currency}
    if locale.thousands in figures:
        pattern = "#,##0.00" if locale.decimal in figures else "#,##0"
        return {"numberValue": value}, {"type": "NUMBER", "pattern": pattern}
    return {"numberValue": value}, None


def number_in(text: str, locale: Locale) -> float | None:
    """`1.234,5` as 1234.5 where that is how numbers are written; thousands in threes only."""
    thousands, decimal = re.escape(locale.thousands), re.escape(locale.decimal)
    whole = rf"(?:\d{{1,3}}(?:{thousands}\d{{3}})+|\d+)"
    if not re.fullmatch(
        rf"[-+]?(?:{whole}(?:{decimal}\d*)?|{decimal}\d+)(?:e[-+]?\d+)?", text, re.I
    ):
        return None
    return float(text.replace(locale.thousands, "").replace(locale.decimal, "."))


def _moment(text: str, locale: Locale) -> tuple[Json, Json | None] | None:
    day = _date(text, locale)
    if day is not None:
        pattern = "yyyy-mm-dd" if ISO.match(text) else locale.date
        return {"numberValue": serial(day)}, {"type": "DATE", "pattern": pattern}
    time = _time(text)
    if time is not None and ":" in text:
        return {"numberValue": time}, {"type": "TIME", "pattern": locale.time}
    first, _, second = text.partition(" ")
    day, time = _date(first, locale), _time(second)
    if day is None or time is None:
        return None
    return {"numberValue": serial(day) + time}, {"type": "DATE_TIME", "pattern": locale.datetime}


def _date(text: str, locale: Locale) -> date | None:
    match = ISO.match(text)
    if match is not None:
        return _made(*(int(part) for part in match.groups()))
    match = FIGURES.match(text)
    if match is None or (match[2] == "." and locale.decimal == "."):
        return None
    first, second, year = int(match[1]), int(match[3]), int(match[4])
    if year < 100:
        year += 2000 if year < 30 else 1900
    month, day = (first, second) if locale.date_order == "mdy" else (second, first)
    return _made(year, month, day)


def _made(year: int, month: int, day: int) -> date | None:
    try:
        return date(year, month, day)
    except ValueError:
        return None


def _time(text: str) -> float | None:
    """The part of a day."""
    match = TIME.match(text)
    if match is None:
        return None
    hours, minutes, seconds = int(match[1]), int(match[2]), int(match[3] or 0)
    if match[4]:
        hours = hours % 12 + (12 if match[4].lower() == "pm" else 0)
    if minutes > 59 or seconds > 59:
        return None
    return (hours * 3600 + minutes * 60 + seconds) / 86400


def serial(day: date) -> int:
    return (day - EPOCH).days


def moment(number: float) -> datetime:
    """The date and time that a serial number means, to the second."""
    return datetime.combine(EPOCH, datetime.min.time()) + timedelta(seconds=round(number * 86400))


def value_of(sent: object, option: str, locale_name: str, place: str) -> tuple[Json, Json | None]:
    """A sent JSON value as a cell's value, and the number format that comes with it.

    Raises:
        RefusalError: a list or an object stands where a value should.
    """
    if isinstance(sent, bool):
        return {"boolValue": sent}, None
    if isinstance(sent, int | float):
        return {"numberValue": sent}, None
    if isinstance(sent, str):
        if len(sent) > LONGEST:
            raise invalid(
                "Your input contains more than the maximum of 50000 characters in a single cell."
            )
        if option == "USER_ENTERED":
            return as_entered(sent, locale_name)
        return {"stringValue": sent}, None
    kind = "list_value" if isinstance(sent, list) else "struct_value"
    raise invalid(f"Invalid {place}: {kind} {{\n}}\n")
