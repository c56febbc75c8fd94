"""MIL: the milestones on the way."""

from __future__ import annotations

from collections.abc import Iterator

from rules.judging.rule import TECHNICAL, Case, ExampleCell, Rule
from rules.model.finding import Fact, Finding, Severity
from rules.model.parameters import HOUSE_RULE
from rules.model.vocabulary import MilestoneStatus
from rules.text.danish import number_key

OPEN = frozenset({MilestoneStatus.PLANNED, MilestoneStatus.RUNNING})


def overdue(case: Case) -> Iterator[Finding]:
    """MIL-01."""
    for workbook in case.plan.workbooks:
        for milestone in workbook.milestones:
            if not milestone.due_on or milestone.due_on >= case.today:
                continue
            if milestone.status in OPEN:
                facts: dict[str, Fact] = {
                    "due_on": milestone.due_on,
                    "status": milestone.status or "",
                }
                place = workbook.place("milestones", milestone.row, "status")
                yield Finding("MIL-01", place, facts, milestone.identity)


def unknown_activity(case: Case) -> Iterator[Finding]:
    """MIL-02: within the workbook; silent where an activity's own number is missing."""
    for workbook in case.plan.workbooks:
        if not workbook.has("activities", "number"):
            continue
        if any(activity.number is None for activity in workbook.activities):
            continue
        numbers = {number_key(a.number) for a in workbook.activities if a.number}
        for milestone in workbook.milestones:
            number = milestone.activity_number
            if number and number_key(number) not in numbers:
                place = workbook.place("milestones", milestone.row, "activity_number")
                yield Finding("MIL-02", place, {"number": number}, milestone.identity)


def outside_the_plan(case: Case) -> Iterator[Finding]:
    """MIL-03."""
    for workbook in case.plan.workbooks:
        first, last = workbook.form.starts_on, workbook.form.ends_on
        if first is None or last is None or last < first:
            continue
        for milestone in workbook.milestones:
            if milestone.due_on and not first <= milestone.due_on <= last:
                facts: dict[str, Fact] = {
                    "due_on": milestone.due_on,
                    "starts_on": first,
                    "ends_on": last,
                }
                place = workbook.place("milestones", milestone.row, "due_on")
                yield Finding("MIL-03", place, facts, milestone.identity)


RULES = (
    Rule(
        code="MIL-01",
        title="Fristen er overskredet",
        severity=Severity.WARNING,
        message="Fristen {due_on:dato} er overskredet, men status er »{status}«.",
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
        message="Indsats nr. {number} findes ikke i fanen »Indsatser«.",
        fix="Skriv nummeret på den indsats, som milepælen hører til.",
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
        message="Fristen {due_on:dato} ligger uden for planens periode, {starts_on:dato} til "
        "{ends_on:dato}.",
        fix="Ret fristen, eller ret planens periode i fanen »Plan«.",
        why="En milepæl skal kunne nås, mens planen løber.",
        source="omraadeinfo.dk: planen er tidsbegrænset",
        wrong=(ExampleCell("Milepæle", 2, "Frist", "01-04-2029"),),
        right=(ExampleCell("Milepæle", 2, "Frist", "01-04-2027"),),
        check=outside_the_plan,
    ),
)
