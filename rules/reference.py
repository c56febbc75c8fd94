"""One rule explained in full: what the rules' page and the command `rules CODE` are made from.

Both tell the same: why, where from, since when, an example of wrong and right, what the job says
about it and what to do. The words about an example are those that the rules themselves find.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date

from rules.catalogue import Notice, check_plan, check_run, notice_of
from rules.example import example_workbook
from rules.gate import Gate
from rules.index import entry_of
from rules.plan import Plan
from rules.rule import Case, Context, Example, Rule, Typed, Wording
from rules.shipped import SHIPPED

EXAMPLE_DAY = date(2026, 11, 23)
"""The day on which the examples are judged."""
MILDER = {"STR-01": " (advarsel, når fanen godt må mangle)"}


@dataclass(frozen=True, slots=True)
class Explained:
    """A rule with its texts as they are read. `said` is what is said about the wrong example.

    `said` is None where the example is told in words; `others` are the rule's other wordings, with
    `…` in the place of what differs from finding to finding.
    """

    rule: Rule
    severity: str
    wrong: str
    right: str
    said: Wording | None
    others: tuple[Wording, ...]


def explained(rules: Sequence[Rule]) -> Iterator[Explained]:
    """Each rule in full; the examples are judged by the rules, all of them in one go."""
    notices = _example_notices(rules)
    for rule in rules:
        notice = notices.get(rule.code)
        wordings = [Wording(rule.message, rule.fix), *rule.variants.values()]
        others = [one for one in wordings if notice is None or not _is_worded(notice, one)]
        yield Explained(
            rule=rule,
            severity=f"{rule.severity}{MILDER.get(rule.code, '')}",
            wrong=in_words(rule.wrong),
            right=in_words(rule.right),
            said=Wording(notice.message, notice.fix) if notice else None,
            others=tuple(Wording(_blank(one.message), _blank(one.fix)) for one in others),
        )


def _example_notices(rules: Sequence[Rule]) -> dict[str, Notice]:
    """What is said about each rule's wrong example, by code; not where that is told in words."""
    typed = {rule.code: rule.wrong for rule in rules if not isinstance(rule.wrong, str)}
    if not typed:
        return {}
    passed = Gate(SHIPPED).passed([example_workbook(edits) for edits in typed.values()])
    context = Context(SHIPPED, EXAMPLE_DAY)
    notices = {}
    for code, one in zip(typed, passed, strict=True):
        findings = [
            *one.findings,
            *check_plan(Case(Plan((one.workbook,)), context)),
            *check_run((entry_of(one.workbook),), context),
        ]
        notices[code] = notice_of(next(f for f in findings if f.code == code))
    return notices


def _is_worded(notice: Notice, wording: Wording) -> bool:
    """Whether the notice is in this wording."""
    return all(
        re.fullmatch(re.sub(r"\\\{.*?\\\}", ".+", re.escape(template)), text)
        for template, text in ((wording.message, notice.message), (wording.fix, notice.fix))
    )


def _blank(template: str) -> str:
    """A wording with `…` where the facts of a finding go."""
    return re.sub(r"\{\w+(:\w+)?\}", "…", template)


def in_words(example: Example) -> str:
    """An example as a sentence: where something stands, and what."""
    if isinstance(example, str):
        return example
    return "; ".join(map(_cell, example)) + "."


def _cell(typed: Typed) -> str:
    text = typed.text.removeprefix("'")
    shown = f"`{text}`" if text else "en tom celle"
    if typed.tab == "Plan":
        return f"{typed.tab}, feltet {typed.column}: {shown}"
    if typed.row == 0:
        return f"{typed.tab}, overskriften {typed.column} skrevet som {shown}"
    return f"{typed.tab}, række {typed.row} under overskriften, {typed.column}: {shown}"
