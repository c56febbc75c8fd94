"""A cell's value as text, as someone who looks at the spreadsheet sees it."""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import datetime
from decimal import ROUND_HALF_UP, Decimal
from typing import Any

from tests.google_server.entering import moment
from tests.google_server.locales import Locale, locale_of

Json = dict[str, Any]

DATES = ("DATE", "TIME", "DATE_TIME")
ERRORS = {
    "NULL_VALUE": "#NULL!",
    "DIVIDE_BY_ZERO": "#DIV/0!",
    "VALUE": "#VALUE!",
    "REF": "#REF!",
    "NAME": "#NAME?",
    "NUM": "#NUM!",
    "N_A": "#N/A",
    "ERROR": "#ERROR!",
    "LOADING": "Loading...",
}
MONTHS = "January February March April May June July August September October November December"
DANISH_MONTHS = (
    "januar februar marts april maj juni juli august september oktober november december"
)
DATE_PART = re.compile(r"\"[^\"]*\"|y+|m+|d+|h+|s+|am/pm|a/p|.", re.IGNORECASE)
NUMBER = re.compile(r"(?P<body>[#0,.]*[#0][#0,.]*)(?P<percent>%?)")
LITERAL = re.compile(r"\"([^\"]*)\"|\[\$([^\]-]*)[^\]]*\]|\\(.)|_.|\*.")


def shown(value: Json, number_format: Json | None, locale_name: str) -> str:
    """The text of a value; empty for no value."""
    locale = locale_of(locale_name)
    if "stringValue" in value:
        return str(value["stringValue"])
    if "boolValue" in value:
        return locale.true if value["boolValue"] else locale.false
    if "errorValue" in value:
        return ERRORS.get(value["errorValue"].get("type", ""), "#ERROR!")
    if "numberValue" not in value:
        return ""
    return _number(value["numberValue"], number_format or {}, locale)


def _number(number: float, number_format: Json, locale: Locale) -> str:
    kind, pattern = number_format.get("type"), number_format.get("pattern")
    if kind in DATES:
        default = {"DATE": locale.date, "TIME": locale.time, "DATE_TIME": locale.datetime}[kind]
        return as_date(number, pattern or default, locale)
    if kind == "PERCENT":
        return patterned(number, pattern or "0.00%", locale)
    if kind == "CURRENCY":
        return patterned(number, pattern or locale.currency, locale)
    if pattern and kind != "TEXT":
        return patterned(number, pattern, locale)
    return general(number, locale)


def general(number: float, locale: Locale) -> str:
    """A number without a format: at most ten significant figures."""
    if number == int(number) and abs(number) < 1e21:
        return str(int(number))
    text = f"{number:.10g}".replace("e", "E").replace("E+0", "E+").replace("E-0", "E-")
    return text.replace(".", locale.decimal)


def patterned(number: float, pattern: str, locale: Locale) -> str:
    """A number in a pattern such as `#,##0.00" kr."`; of several sections the one for its sign."""
    sections = pattern.split(";")
    section = sections[1] if number < 0 and len(sections) > 1 else sections[0]
    found = NUMBER.search(LITERAL.sub(lambda match: "\0" * len(match[0]), section))
    if found is None:
        return _literal(section)
    exact = Decimal(repr(number)) * (100 if found["percent"] else 1)
    if number < 0 and len(sections) > 1:
        exact = -exact
    figures = _figures(exact, found["body"], locale)
    return _literal(section[: found.start()]) + figures + _literal(section[found.end("body") :])


def _figures(exact: Decimal, body: str, locale: Locale) -> str:
    whole_part, _, decimals = body.partition(".")
    rounded = exact.quantize(Decimal(1).scaleb(-len(decimals)), ROUND_HALF_UP)
    text = f"{abs(rounded):,f}" if "," in whole_part else f"{abs(rounded):f}"
    whole, _, fraction = text.partition(".")
    fraction = fraction.rstrip("0").ljust(decimals.count("0"), "0")
    sign = "-" if rounded < 0 else ""
    whole = whole.replace(",", locale.thousands).rjust(whole_part.count("0"), "0")
    return sign + whole + (locale.decimal + fraction if fraction else "")


def _literal(text: str) -> str:
    return LITERAL.sub(lambda match: match[1] or match[2] or match[3] or "", text)


def as_date(number: float, pattern: str, locale: Locale) -> str:
    """A serial number in a pattern such as `dd-mm-yyyy hh.mm`."""
    when = moment(number)
    parts = DATE_PART.findall(pattern)
    if any(part.lower() in HALF_DAYS for part in parts):
        when = when.replace(hour=when.hour % 12 or 12)
    after_hours = False
    written = []
    for part in parts:
        letter = part[0].lower()
        if letter == "m" and after_hours:
            letter, after_hours = "minute", False
        elif letter == "h":
            after_hours = True
        if part.lower() in HALF_DAYS:
            written.append("PM" if moment(number).hour >= 12 else "AM")
        elif letter in PARTS:
            written.append(PARTS[letter](when, len(part), locale))
        else:
            written.append(part.strip('"'))
    return "".join(written)


HALF_DAYS = ("am/pm", "a/p")


def _month(when: datetime, length: int, locale: Locale) -> str:
    if length < 3:
        return f"{when.month:0{length}d}"
    names = DANISH_MONTHS if locale.true == "SAND" else MONTHS
    name = names.split()[when.month - 1]
    return name[:3] if length == 3 else name


PARTS: dict[str, Callable[[datetime, int, Locale], str]] = {
    "y": lambda when, length, _: f"{when.year:04d}" if length > 2 else f"{when.year % 100:02d}",
    "m": _month,
    "d": lambda when, length, _: f"{when.day:0{min(length, 2)}d}",
    "h": lambda when, length, _: f"{when.hour:0{min(length, 2)}d}",
    "minute": lambda when, length, _: f"{when.minute:0{min(length, 2)}d}",
    "s": lambda when, length, _: f"{when.second:0{min(length, 2)}d}",
}
