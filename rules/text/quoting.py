"""Text and numbers from cells made fit for a message: one line, not long, no CPR number."""

from __future__ import annotations

import json
import unicodedata
from collections.abc import Callable
from decimal import ROUND_FLOOR, Decimal
from fractions import Fraction
from typing import Any

from rules.text.danish import spaced
from rules.text.personal_numbers import masked


def typed_number(number: Decimal) -> str:
    """A number as a person types it into a cell: `250000`, `250000,50`, no thousands marks."""
    exact = number.quantize(Decimal("0.01")) if number % 1 else number.quantize(Decimal(1))
    return masked(f"{exact:f}".replace(".", ","))


def exact_share(share: Fraction) -> str:
    """A share from 0 to 1 for machines; what does not end is cut, never rounded up."""
    digits = Decimal(share.numerator) / Decimal(share.denominator)
    return f"{digits.quantize(Decimal('1e-10'), ROUND_FLOOR).normalize():f}"


def shown_name(name: str) -> str:
    """The name of a file or a tab on one line: no CPR number, no control or direction marks."""
    if not name.isprintable():
        name = "".join(c if is_seen(c) else "\N{REPLACEMENT CHARACTER}" for c in name)
    return masked(name)


def is_seen(character: str) -> bool:
    """Whether a character shows as itself: no control, no mark that turns the text's direction."""
    return character.isprintable() or unicodedata.category(character) == "Zs"


def shown_json(
    data: object, *, indent: int | None = 1, default: Callable[[Any], object] | None = None
) -> str:
    """JSON for a terminal, too: what could turn its text around or command it has its number."""
    text = json.dumps(data, ensure_ascii=False, indent=indent, default=default)
    if all(map(str.isprintable, text.split("\n"))):
        return text
    return "".join(c if c == "\n" or is_seen(c) else json.dumps(c)[1:-1] for c in text)


def quoted(text: str, limit: int = 60) -> str:
    """Text from a cell made fit for a message: one line, not long, no CPR number."""
    line = " ".join(text.split())
    if not line.isprintable():
        line = "".join(filter(str.isprintable, line))
    tidy = masked(spaced(line))
    return tidy if len(tidy) <= limit else tidy[: limit - 1].rstrip() + "…"
