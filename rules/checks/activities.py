"""IND: the activities of the plan."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterator
from dataclasses import replace
from datetime import date

from rules.judging.rule import TECHNICAL, Case, ExampleCell, Rule
from rules.model.finding import Finding, Severity
from rules.model.parameter_types import HOUSE_RULE, spelled
from rules.model.parameters import Parameters
from rules.model.plan import Activity
from rules.text.danish import number_key


def ends_before_it_starts(case: Case) -> Iterator[Finding]:
    """IND-01: an activity ends before it starts."""
    for workbook, row in case.plan.rows(Activity):
        first, last = row.starts_on, row.ends_on
        if first and last and last < first:
            yield workbook.finding("IND-01", row, "ends_on", starts_on=first, ends_on=last)


def outside_the_plan(case: Case) -> Iterator[Finding]:
    """IND-02: an activity starts or ends outside the plan's period; each date is a finding."""
    for workbook, row in case.plan.rows(Activity):
        first, last = workbook.form.period or (date.min, date.max)
        for key, day in (("starts_on", row.starts_on), ("ends_on", row.ends_on)):
            if day and not first <= day <= last:
                yield workbook.finding("IND-02", row, key, day=day, starts_on=first, ends_on=last)


def number_used_twice(case: Case) -> Iterator[Finding]:
    """IND-03: two activities have the same number; the first one keeps it."""
    for workbook in case.plan.workbooks:
        rows: dict[str, int] = {}
        for row in workbook.activities:
            if row.number is None:
                continue
            first = rows.setdefault(number_key(row.number), row.row)
            if first != row.row:
                found = workbook.finding("IND-03", row, "number", number=row.number, row=first)
                yield replace(found, identity=f"{found.identity}|{row.activity}")


def names_another_area(case: Case) -> Iterator[Finding]:
    """IND-04: a text names a housing area that the plan does not cover, as copied texts do.

    A name begins with a capital: »nøjsomhed« is a virtue and no area. Silent where one of the
    plan's areas cannot be read.
    """
    covered = {workbook.form.area for workbook in case.plan.workbooks}
    for workbook in case.plan.workbooks:
        area = workbook.form.area
        if area is None or None in covered:
            continue
        texts = [
            (activity, key, text)
            for activity in workbook.activities
            for key, text in (
                ("activity", activity.activity),
                ("target_group", activity.target_group),
                ("lessons", activity.lessons),
            )
            if text
        ]
        everything = "\n".join([text for _, _, text in texts]).casefold()
        patterns = list(_patterns(case.parameters, covered, everything))
        for activity, key, text in texts if patterns else ():
            named = next((name for name, pattern in patterns if _holds_name(text, pattern)), None)
            if named:
                yield workbook.finding("IND-04", activity, key, named=named, area=area)


def _holds_name(text: str, pattern: re.Pattern[str]) -> bool:
    return any(found[0][0].isupper() for found in pattern.finditer(text))


def _patterns(
    parameters: Parameters, covered: Collection[str | None], everything: str
) -> Iterator[tuple[str, re.Pattern[str]]]:
    """For each other area that the case-folded text may name: its names, also in the genitive."""
    for other in parameters.areas:
        spellings = spelled(other)
        if other.name not in covered and any(one.casefold() in everything for one in spellings):
            words = "|".join(map(re.escape, spellings))
            yield other.name, re.compile(rf"\b(?:{words})s?\b", re.IGNORECASE)


RULES = (
    Rule(
        code="IND-01",
        title="Indsatsen slutter, før den begynder",
        severity=Severity.ERROR,
        message="Slutdatoen den {ends_on:dato} ligger før startdatoen den {starts_on:dato}.",
        fix="Ret startdatoen eller slutdatoen.",
        why="En indsats kan ikke slutte, før den begynder.",
        source=TECHNICAL,
        wrong=(ExampleCell("Indsatser", 1, "Slutdato", "31-01-2025"),),
        right=(ExampleCell("Indsatser", 1, "Slutdato", "31-12-2027"),),
        check=ends_before_it_starts,
    ),
    Rule(
        code="IND-02",
        title="Indsatsen ligger uden for planens periode",
        severity=Severity.WARNING,
        message="Den {day:dato} ligger uden for planens periode fra den {starts_on:dato} til den "
        "{ends_on:dato}.",
        fix="Ret datoen, eller ret planens periode i fanen »Plan«.",
        why="Planens penge kan kun bruges i planens periode.",
        source="omraadeinfo.dk: planen er tidsbegrænset",
        wrong=(ExampleCell("Indsatser", 1, "Slutdato", "31-03-2029"),),
        right=(ExampleCell("Indsatser", 1, "Slutdato", "31-12-2028"),),
        check=outside_the_plan,
    ),
    Rule(
        code="IND-03",
        title="Samme nummer på to indsatser",
        severity=Severity.ERROR,
        message="Nr. {number} bruges allerede i række {row}. Giv denne indsats sit eget nummer.",
        fix="Skriv et nummer, som ingen anden indsats har.",
        why="Milepælene henviser til indsatsernes numre.",
        source=TECHNICAL,
        wrong=(ExampleCell("Indsatser", 2, "Nr.", "1"),),
        right=(ExampleCell("Indsatser", 2, "Nr.", "2"),),
        check=number_used_twice,
    ),
    Rule(
        code="IND-04",
        title="Teksten nævner et andet område",
        severity=Severity.INFO,
        message="Teksten nævner {named}, men regnearket handler om {area}. Er teksten kopieret?",
        fix="Ret teksten, hvis den er kopieret fra en anden plan. Lad den ellers stå.",
        why="Tekster bliver ofte kopieret mellem planer, og så bliver det forkerte navn stående.",
        source=HOUSE_RULE,
        wrong=(ExampleCell("Indsatser", 1, "Målgruppe", "Unge i Tibberupparken"),),
        right=(ExampleCell("Indsatser", 1, "Målgruppe", "Unge i Vapnagaard"),),
        check=names_another_area,
    ),
)
