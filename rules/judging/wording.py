"""Putting a finding's facts into words: the templates of a rule's texts, filled."""

from __future__ import annotations

import string
from collections.abc import Callable, Mapping
from decimal import Decimal
from functools import lru_cache
from typing import Any

from rules.model.finding import Fact
from rules.text.language import Language
from rules.text.marking import N_
from rules.text.personal_numbers import MASK
from rules.text.quoting import quoted, typed_number

_MAY_BE_CPR = 10**8


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


def _steps_with_bodies(language: Language, steps_and_bodies: tuple[str, ...]) -> str:
    """Steps and the bodies in each, in turn: »det politiske udvalg (Kulturudvalget)«."""
    words = []
    for step, bodies in zip(steps_and_bodies[::2], steps_and_bodies[1::2], strict=True):
        named = language.text(quoted(step))
        is_said = bodies.casefold() in {step.casefold(), named.casefold()}
        words.append(named if is_said or not bodies else f"{named} ({quoted(bodies)})")
    return language.listed(words)


def _hours_in_plans(language: Language, hours_and_plans: tuple[str, ...]) -> str:
    """Hours and a plan's id in turn; where the id is empty it is left out."""
    words = []
    for hours, plan in zip(hours_and_plans[::2], hours_and_plans[1::2], strict=True):
        template = N_("{hours} timer i {plan}") if plan else N_("{hours} timer i en anden plan")
        named = language.quote(quoted(plan))
        words.append(
            language.text(template).format(hours=_number(language, Decimal(hours)), plan=named)
        )
    return language.listed(words)


def _number(language: Language, number: Decimal) -> str:
    """The number as text; one so large that it may be a CPR number is hidden."""
    return MASK if abs(number) >= _MAY_BE_CPR else language.number(number)


def _by_itself(language: Language, value: str | int | Decimal) -> str:
    match value:
        case Decimal():
            return _number(language, value)
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
    "eller": lambda language, words: language.listed(
        (language.quote(quoted(word)) for word in words), N_("eller")
    ),
    "timer i": _hours_in_plans,
    "trin": _steps,
    "trin og instanser": _steps_with_bodies,
    "Trin": _steps_capitalised,
    "tal": lambda _, number: typed_number(number),
    "": _by_itself,
}
"""How a fact is put into words, by the form behind its name in a text."""
