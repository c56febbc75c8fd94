"""Amounts and numbers as Danes type them. What has two meanings gives None: nothing is guessed."""

from __future__ import annotations

import re
from decimal import ROUND_HALF_EVEN, Decimal

from rules.text.danish import folded

LARGEST_AMOUNT_OERE = 10**13 - 1
"""99.999.999.999,99 kr.: above it an amount is a slip of the hand, and sums stay within Int64."""
UNITS = {
    "mio": 1_000_000, "million": 1_000_000, "millioner": 1_000_000,
    "tkr": 1_000, "t.kr": 1_000, "t. kr": 1_000,
}  # fmt: skip
_AMOUNT = re.compile(
    r"""(?P<open>\()? \s* (?P<sign1>-)? \s*
    (?:(?:kr\.?|dkk) \s* (?P<sign2>-)? \s*)?
    (?P<whole> \d{1,15} | [1-9]\d{0,2}(?:\.\d{3})+ | [1-9]\d{0,2}(?:\ \d{3})+ )
    (?: ,(?P<dash>-{1,2}) | (?:,(?P<part>\d{1,2}))? (?P<sign3>-)? )
    \s* (?:(?P<unit>mio|millioner|million|tkr|t\.\ ?kr)\.?)?
    \s* (?:kr\.?|dkk)? \s* (?P<close>\))?""",
    re.VERBOSE | re.IGNORECASE | re.ASCII,
)
_NAMES_KRONER = re.compile(r"kr|dkk", re.IGNORECASE)
_NUMBER = re.compile(r"(-)?\s*(\d{1,12})(?:,(\d{1,6}))?", re.ASCII)


def parse_amount(text: str, kroner: int = 1) -> int | None:
    """A typed amount in whole øre, or None where it cannot be read or has two meanings.

    `kroner` is what 1 means in its column; a text that names its own unit is not touched by it.

    Source: the forms listed in docs/workbook.md, »What a person types«.
    """
    match = _AMOUNT.fullmatch(folded(text))
    if match is None:
        return None
    part, unit = match["part"], match["unit"]
    signs = (match["open"], match["sign1"], match["sign2"], match["sign3"])
    negative = [sign for sign in signs if sign]
    if bool(match["open"]) != bool(match["close"]) or len(negative) > 1:
        return None
    if match["dash"] and unit:
        return None
    digits = match["whole"].replace(".", "").replace(" ", "")
    oere = int(digits) * 100 + int((part or "0").ljust(2, "0"))
    if unit:
        oere *= UNITS[unit.casefold()]
    elif not _NAMES_KRONER.search(text):
        oere *= kroner
    if oere > LARGEST_AMOUNT_OERE:
        return None
    return -oere if negative else oere


def amount_from_number(number: float, kroner: int = 1) -> int | None:
    """A number cell's amount in whole øre (half-even), or None where it is beyond all money.

    `kroner` is what 1 means in its column.
    """
    if number.is_integer():
        oere = int(number) * 100 * kroner
    elif number == number and abs(number) < LARGEST_AMOUNT_OERE:  # noqa: PLR0124  NaN is not itself
        oere = int((Decimal(repr(number)) * 100 * kroner).quantize(Decimal(1), ROUND_HALF_EVEN))
    else:
        return None
    return oere if abs(oere) <= LARGEST_AMOUNT_OERE else None


def parse_number(text: str) -> Decimal | None:
    """A typed number with a decimal comma, or None where it is not one."""
    match = _NUMBER.fullmatch(folded(text))
    if match is None:
        return None
    sign, whole, part = match.groups()
    number = Decimal(f"{whole}.{part or 0}")
    return -number if sign else number
