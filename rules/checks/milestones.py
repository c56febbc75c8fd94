"""MIL: the milestones on the way."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date

from rules.judging.activity_numbers import numbers_named
from rules.judging.rule import TECHNICAL, Case, ExampleCell, Rule
from rules.model.choices import MilestoneStatus
from rules.model.finding import Fact, Finding, Severity
from rules.model.parameter_types import HOUSE_RULE
from rules.model.plan import Milestone
from rules.text.danish import number_key

_OPEN = frozenset({MilestoneStatus.PLANNED, MilestoneStatus.RUNNING})


def overdue(case: Case) -> Iterator[Finding]:
    """MIL-01: a milestone's due date has passed, and it is neither reached nor dropped."""
    for workbook, row in case.plan.rows(Milestone):
        if row.due_on and row.due_on < case.today and row.status in _OPEN:
            facts: dict[str, Fact] = {"due_on": row.due_on, "status": row.status or ""}
            yield workbook.finding("MIL-01", row, "status", **facts)


def unknown_activity(case: Case) -> Iterator[Finding]:
    """MIL-02: a milestone names an activity that its workbook does not have.

    It may name several (`1, 2`, `3 og 4`, `5-7`), or all of them in a word. Silent where an
    activity's own number is missing.
    """
    for workbook in case.plan.workbooks:
        numbers = {a.number and number_key(a.number) for a in workbook.activities}
        if None in numbers or not workbook.has("activities", "number"):
            continue
        for milestone in workbook.milestones:
            text = milestone.activity_number or ""
            if number_key(text) in numbers:
                continue
            named = numbers_named(text, numbers)
            unknown = tuple(one for one in named if number_key(one) not in numbers)
            if unknown:
                yield workbook.finding("MIL-02", milestone, "activity_number", numbers=unknown)


def outside_the_plan(case: Case) -> Iterator[Finding]:
    """MIL-03: a milestone is due outside the plan's period."""
    for workbook, row in case.plan.rows(Milestone):
        first, last = workbook.form.period or (date.min, date.max)
        if row.due_on and not first <= row.due_on <= last:
            facts = {"due_on": row.due_on, "starts_on": first, "ends_on": last}
            yield workbook.finding("MIL-03", row, "due_on", **facts)


RULES = (
    Rule(
        code="MIL-01",
        title="Fristen er overskredet",
        severity=Severity.WARNING,
        message="Fristen den {due_on:dato} er overskredet, men status er »{status}«.",
        fix="Ret status til »Nået« eller »Udgået«, eller aftal en ny frist.",
        why="Enten er planen forsinket, eller også er status ikke rettet.",
        source=HOUSE_RULE,
        wrong=(ExampleCell("Milepæle", 1, "Status", "Planlagt"),),
        right=(ExampleCell("Milepæle", 1, "Status", "Nået"),),
        check=overdue,
    ),
    Rule(
        code="MIL-02",
        title="Milepælen hører ikke til nogen indsats",
        severity=Severity.ERROR,
        message="Indsats nr. {numbers:og} findes ikke i fanen »Indsatser«.",
        fix="Skriv nummeret på den indsats, som milepælen hører til, eller »Alle«.",
        why="Milepæle uden indsats og indsatser uden mål er kendte svagheder i planerne.",
        source=TECHNICAL,
        wrong=(ExampleCell("Milepæle", 1, "Indsats nr.", "99"),),
        right=(ExampleCell("Milepæle", 1, "Indsats nr.", "1"),),
        check=unknown_activity,
    ),
    Rule(
        code="MIL-03",
        title="Fristen ligger uden for planens periode",
        severity=Severity.WARNING,
        message="Fristen den {due_on:dato} ligger uden for planens periode fra den "
        "{starts_on:dato} til den {ends_on:dato}.",
        fix="Ret fristen, eller ret planens periode i fanen »Plan«.",
        why="En milepæl skal kunne nås, mens planen løber.",
        source="omraadeinfo.dk: planen er tidsbegrænset",
        wrong=(ExampleCell("Milepæle", 2, "Frist", "01-04-2029"),),
        right=(ExampleCell("Milepæle", 2, "Frist", "01-04-2027"),),
        check=outside_the_plan,
    ),
)
