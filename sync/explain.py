"""The rules as text: the list, and one rule explained."""

from __future__ import annotations

from collections.abc import Iterator

from rules.catalogue import RULE_BY_CODE, RULES
from rules.danish import day
from rules.rule import Example, Rule


def listed() -> Iterator[str]:
    """A line for each rule: code, severity, title."""
    for rule in RULES:
        yield f"{rule.code}  {rule.severity:9} {rule.title}"


def explained(code: str) -> Iterator[str]:
    """One rule in full.

    Raises:
        KeyError: there is no such rule.
    """
    return _lines(RULE_BY_CODE[code.upper()])


def _lines(rule: Rule) -> Iterator[str]:
    yield f"{rule.code}  {rule.title}"
    yield ""
    yield f"Alvor:    {rule.severity}"
    yield f"Hvorfor:  {rule.why}"
    yield f"Kilde:    {rule.source}"
    yield f"Siden:    {day(rule.since)}"
    yield ""
    yield "Forkert:"
    yield from (f"  {line}" for line in _example(rule.wrong))
    yield "Rigtigt:"
    yield from (f"  {line}" for line in _example(rule.right))


def _example(example: Example) -> Iterator[str]:
    if isinstance(example, str):
        yield example
        return
    for typed in example:
        row = "" if typed.tab == "Plan" else ", overskriften" if typed.row == 0 else ""
        row = row or ("" if typed.tab == "Plan" else f", række {typed.row} under overskriften")
        shown = typed.text.removeprefix("'") or "(tom)"
        yield f"{typed.tab}{row}: {typed.column} = {shown}"
