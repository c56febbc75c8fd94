"""Typed text, generated near what people type, and what it means by a way of its own.

The parser (`rules/text/amounts.py`) is one regular expression for amounts. The oracle here takes
text apart from both ends in every way there is, and collects all meanings: none, one, or several.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import date
from itertools import groupby
from random import Random

LARGEST_OERE = 99_999_999_999_99
_MINUSES = "-\N{MINUS SIGN}\N{EN DASH}"
_CURRENCIES = ("kr.", "kr", "dkk")
_UNITS = {
    "mio": 10**6, "million": 10**6, "millioner": 10**6, "tkr": 1000, "t.kr": 1000, "t. kr": 1000,
}  # fmt: skip
_MONTHS = (
    "januar", "februar", "marts", "april", "maj", "juni",
    "juli", "august", "september", "oktober", "november", "december",
)  # fmt: skip
_UPPER = {ord(upper): upper.lower() for upper in "ABCDEFGHIJKLMNOPQRSTUVWXYZ"}


def _endings() -> Iterator[tuple[str, int]]:
    """All that may follow a number, with the factor that it stands for."""
    currencies = ["", *(space + one for one in _CURRENCIES for space in ("", " "))]
    for currency in currencies:
        yield currency, 1
        for unit, factor in _UNITS.items():
            for space in ("", " "):
                for dot in ("", "."):
                    yield space + unit + dot + currency, factor


_ENDINGS = tuple(dict.fromkeys(_endings()))


def _tidy(text: str) -> str:
    return " ".join(text.split()).translate(_UPPER)


def amount_meanings(text: str) -> set[int]:
    """Every amount in whole øre that the text can stand for; more than one is ambiguous."""
    tidy = _tidy(text)
    found = set(_signed(tidy, is_negative=False))
    if tidy[:1] == "(" and tidy[-1:] == ")" and len(tidy) > 1:
        found |= {-amount for amount in _signed(tidy[1:-1].strip(" "), is_negative=True)}
    return {amount for amount in found if abs(amount) <= LARGEST_OERE}


def _signed(text: str, *, is_negative: bool) -> Iterator[int]:
    """The amounts of a text without parentheses; inside such there is no further sign."""
    for rest, minus in _without_front(text):
        if minus and is_negative:
            continue
        for ending, factor in _ENDINGS:
            if rest.endswith(ending):
                oere = _number(rest.removesuffix(ending), has_unit=factor > 1)
                if oere is not None:
                    yield (-oere if minus else oere) * factor


def _without_front(text: str) -> Iterator[tuple[str, bool]]:
    """The text without a sign and a currency at its front, and whether there was a sign."""
    yield text, False
    if text[:1] and text[0] in _MINUSES:
        yield from (
            (rest, True) for rest, minus in _after_currency(text[1:].lstrip(" ")) if not minus
        )
        yield text[1:].lstrip(" "), True
    yield from _after_currency(text)


def _after_currency(text: str) -> Iterator[tuple[str, bool]]:
    for currency in _CURRENCIES:
        if text.startswith(currency):
            rest = text.removeprefix(currency).lstrip(" ")
            yield rest, False
            if rest[:1] and rest[0] in _MINUSES:
                yield rest[1:].lstrip(" "), True


def _number(text: str, *, has_unit: bool) -> int | None:
    """Whole øre of digits with groups of one kind, and one or two decimals or a dash for none."""
    whole, comma, part = text.rstrip(" ").partition(",")
    if comma and part in {
        "-",
        "--",
        "\N{EN DASH}",
        "-\N{EN DASH}",
        "\N{EN DASH}-",
        "\N{EN DASH}" * 2,
    }:
        comma, part = ("", "") if not has_unit else (",", "x")
    if comma and not (_is_digits(part) and len(part) <= 2):
        return None
    marks = {mark for mark in whole if mark in ". "}
    groups = whole.split(marks.pop()) if len(marks) == 1 else [whole]
    if marks or not all(map(_is_digits, groups)):
        return None
    if len(groups) == 1:
        if len(whole) > 15:
            return None
    elif len(groups[0]) > 3 or groups[0][0] == "0" or any(len(one) != 3 for one in groups[1:]):
        return None
    return int("".join(groups)) * 100 + int((part or "0").ljust(2, "0"))


def _is_digits(text: str) -> bool:
    return text.isascii() and text.isdigit()


def date_meaning(text: str) -> date | None:
    """The one day that a text stands for, day first; None for none."""
    tokens = ["".join(run) for _, run in groupby(_tidy(text), key=_is_digits)]
    if len(tokens) != 5:
        return None
    first, mark1, second, mark2, third = tokens
    numbers = (first, second, third)
    if all(map(_is_digits, numbers)):
        if len(first) == 4 and (mark1, mark2) == ("-", "-") and len(third) <= 2:
            return _day(third, second, first)
        if len(first) <= 2 and (mark1 + mark2 in {"--", "..", "//", "/-"}):
            return _day(first, second, third)
    return None


def named_date_meaning(text: str) -> date | None:
    """The day of a text with the month's name, or its first three letters."""
    words = _tidy(text).split(" ")
    if len(words) != 3 or not _is_digits(words[0].removesuffix(".")):
        return None
    name = words[1].removesuffix(".")
    numbers = [n for n, month in enumerate(_MONTHS, 1) if name in {month, month[:3]}]
    if name == "sept":
        numbers = [9]
    return _day(words[0].removesuffix("."), str(numbers[0]), words[2]) if numbers else None


def _day(day: str, month: str, year: str) -> date | None:
    if not _is_digits(year) or len(year) not in {2, 4} or len(day) > 2 or len(month) > 2:
        return None
    try:
        return date(int(year) + (2000 if len(year) == 2 else 0), int(month), int(day))
    except ValueError:
        return None


_PIECES = (
    ".", ",", "-", "\N{EN DASH}", "\N{MINUS SIGN}", "(", ")", " ", "\N{NO-BREAK SPACE}", "\t", "/",
    "'", "kr", "kr.", "Kr.", "DKK", "mio", "mio.", "millioner", "tkr.", "t.kr.", "t. kr", ",-",
    ",--", "+", "%", "e", "E5", "0", "00", "000", "1", "12", "500", "1.250", "1 250", "ca.",
    "\u0661", "\u212a", "januar", "feb", "sept.", "marts", "2026", "26", "31", "29", "\0",
    "\u202e", "x", "½", "_",
)  # fmt: skip


def typed_amount(chance: Random) -> str:
    """Text like an amount; about half of them are one."""
    whole = chance.randrange(10 ** chance.randint(1, 12))
    number = chance.choice(
        (f"{whole}", f"{whole:,}".replace(",", "."), f"{whole:,}".replace(",", " "), f"{whole:,}")
    )
    part = chance.choice(("", "", ",5", ",50", ",05", ",-", ",--", ".50", ",500"))
    front = chance.choice(("", "", "", "kr. ", "kr ", "DKK ", "-", "\N{MINUS SIGN}", "- ", "kr. -"))
    back = chance.choice(
        ("", "", "", " kr.", " kr", "kr.", " DKK", " mio.", " mio. kr.", " t.kr.", " tkr")
    )
    text = front + number + part + back
    if not chance.randrange(12):
        text = f"({text})"
    return _mutated(text, chance) if chance.randrange(2) else text


def typed_date(chance: Random) -> str:
    """Text like a date; about half of them are one."""
    day, month = chance.randint(0, 32), chance.randint(0, 13)
    year = chance.choice(
        (f"{chance.randint(1990, 2040)}", f"{chance.randint(0, 99):02}", "0000", "9999")
    )
    mark = chance.choice("-./")
    name = chance.choice(_MONTHS)
    text = chance.choice(
        (
            f"{day:02}{mark}{month:02}{mark}{year}", f"{day}{mark}{month}{mark}{year}",
            f"{day}/{month}-{year}", f"{year}-{month:02}-{day:02}", f"{day}. {name} {year}",
            f"{day} {name[:3]} {year}", f"{day}. {name[:3]}. {year}",
        )
    )  # fmt: skip
    return _mutated(text, chance) if chance.randrange(2) else text


def _mutated(text: str, chance: Random) -> str:
    """One to three small changes."""
    for _ in range(chance.randint(1, 3)):
        at = chance.randint(0, len(text))
        what = chance.randrange(4)
        if what == 0:
            text = text[:at] + chance.choice(_PIECES) + text[at:]
        elif what == 1:
            text = text[:at] + text[at + 1 :]
        elif what == 2:
            text = text[:at] + text[at : at + 3] + text[at:]
        else:
            text = text[:at] + chance.choice(_PIECES) + text[at + 1 :]
    return text


Maker = Callable[[Random], str]
