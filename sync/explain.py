"""The rules as text: the list, and one rule explained as the rules' page explains it."""

from __future__ import annotations

from collections.abc import Iterator

from rules.catalogue import RULE_BY_CODE, RULES
from rules.danish import day
from rules.reference import Explained, explained


def listed() -> Iterator[str]:
    """A line for each rule: code, severity, title."""
    for rule in RULES:
        yield f"{rule.code}  {rule.severity:9} {rule.title}"


def in_full(code: str) -> Iterator[str]:
    """One rule, with all that docs/regler.md says about it.

    Raises:
        KeyError: there is no such rule.
    """
    (one,) = explained([RULE_BY_CODE[code.upper()]])
    return _lines(one)


def _lines(one: Explained) -> Iterator[str]:
    rule = one.rule
    yield f"{rule.code}  {rule.title}"
    yield ""
    yield f"Alvor:        {one.severity}"
    yield f"Kilde:        {rule.source}"
    yield f"Gælder fra:   {day(rule.since)}"
    yield f"Hvorfor:      {rule.why}"
    yield ""
    yield f"Forkert:      {_plain(one.wrong)}"
    if one.said:
        yield f"Kontrollen:   {one.said.message}"
        yield f"Ret det:      {one.said.fix}"
    yield f"Rigtigt:      {_plain(one.right)}"
    if one.others:
        yield ""
        yield "Kontrollen kan også skrive:" if one.said else "Kontrollen skriver:"
        for other in one.others:
            yield f"  {other.message}"
            yield f"    Ret det: {other.fix}"


def _plain(text: str) -> str:
    """Without the marks of a page: »…« in their place."""
    return "".join(
        part if number % 2 == 0 else f"»{part}«" for number, part in enumerate(text.split("`"))
    )
