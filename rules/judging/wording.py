"""Puts a finding's facts into a rule's text."""

from __future__ import annotations

import string
from collections.abc import Callable, Mapping
from decimal import Decimal
from functools import lru_cache
from typing import Any

from rules.model.finding import Fact
from rules.text.language import Language
from rules.text.quoting import quoted, typed_number


def filled(template: str, facts: Mapping[str, Fact], language: Language) -> str:
    """A text with facts in it: `{amount:kr}`, `{on:dato}`; see `Rule`.

    Raises:
        KeyError: a fact is missing.
    """
    parts = _parts(language.text(template))
    return "".join(
        [text if form is None else _WORDED[form](language, facts[text]) for text, form in parts]
    )


@lru_cache(maxsize=4_096)
def _parts(template: str) -> tuple[tuple[str, str | None], ...]:
    """The parts of a template: texts, and names of facts, each with its form."""
    parts: list[tuple[str, str | None]] = []
    for text, name, form, _ in string.Formatter().parse(template):
        parts.append((text, None))
        if name is not None:
            parts.append((name, form or ""))
    return tuple(part for part in parts if part != ("", None))


def _steps(language: Language, steps: str | tuple[str, ...]) -> str:
    names = (steps,) if isinstance(steps, str) else steps
    return language.listed([language.text(quoted(name)) for name in names])


def _steps_capitalised(language: Language, steps: str | tuple[str, ...]) -> str:
    text = _steps(language, steps)
    return text[:1].upper() + text[1:]


def _by_itself(language: Language, value: str | int | Decimal) -> str:
    match value:
        case Decimal():
            return language.number(value)
        case str():
            return quoted(value)
        case int():
            return str(value)
    raise TypeError(f"a fact {type(value).__name__} cannot be worded by itself")


_WORDED: dict[str, Callable[[Language, Any], str]] = {
    "kr": Language.kroner,
    "dato": Language.day,
    "pct": Language.percent,
    "måned": Language.month,
    "måneder": lambda language, count: language.plural("{count} måned", "{count} måneder", count),
    "år": lambda language, count: language.plural("{count} år", "{count} år", count),
    "og": lambda language, words: language.listed(map(quoted, words)),
    "eller": lambda language, words: language.either(language.quote(quoted(w)) for w in words),
    "trin": _steps,
    "Trin": _steps_capitalised,
    "tal": lambda _, number: typed_number(number),
    "": _by_itself,
}
"""How a fact is put into words, by the form behind its name in a text."""
