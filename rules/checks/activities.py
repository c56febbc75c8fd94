"""IND: the activities of the plan."""

from __future__ import annotations

import re
from collections.abc import Iterator

from rules.judging.rule import TECHNICAL, Case, ExampleCell, Rule
from rules.model.finding import Fact, Finding, Severity
from rules.model.parameters import HOUSE_RULE, Parameters
from rules.model.plan import Activity
from rules.text.danish import number_key


def ends_before_it_starts(case: Case) -> Iterator[Finding]:
    """IND-01."""
    for workbook in case.plan.workbooks:
        for activity in workbook.activities:
            starts_on, ends_on = activity.starts_on, activity.ends_on
            if starts_on and ends_on and ends_on < starts_on:
                facts: dict[str, Fact] = {"starts_on": starts_on, "ends_on": ends_on}
                place = workbook.place("activities", activity.row, "ends_on")
                yield Finding("IND-01", place, facts, activity.identity)


def outside_the_plan(case: Case) -> Iterator[Finding]:
    """IND-02: one finding for each of the two dates."""
    for workbook in case.plan.workbooks:
        first, last = workbook.form.starts_on, workbook.form.ends_on
        if first is None or last is None or last < first:
            continue
        for activity in workbook.activities:
            for key in ("starts_on", "ends_on"):
                day = getattr(activity, key)
                if day and not first <= day <= last:
                    facts: dict[str, Fact] = {"day": day, "starts_on": first, "ends_on": last}
                    place = workbook.place("activities", activity.row, key)
                    yield Finding("IND-02", place, facts, activity.identity)


def number_used_twice(case: Case) -> Iterator[Finding]:
    """IND-03: the first row keeps the number."""
    for workbook in case.plan.workbooks:
        rows: dict[str, int] = {}
        for activity in workbook.activities:
            if activity.number is None:
                continue
            first = rows.setdefault(number_key(activity.number), activity.row)
            if first != activity.row:
                facts: dict[str, Fact] = {"number": activity.number, "row": first}
                place = workbook.place("activities", activity.row, "number")
                yield Finding("IND-03", place, facts, f"{activity.identity}|{activity.activity}")


def names_another_area(case: Case) -> Iterator[Finding]:
    """IND-04: in each of the three text columns."""
    for workbook in case.plan.workbooks:
        area = workbook.form.area
        if area is None:
            continue
        texts = [
            text
            for a in workbook.activities
            for text in (a.activity, a.target_group, a.lessons)
            if text
        ]
        named = list(_patterns(case.parameters, area, "\n".join(texts).casefold()))
        for activity in workbook.activities if named else ():
            for key, text in _texts(activity).items():
                other = next((name for name, pattern in named if pattern.search(text)), None)
                if other:
                    facts: dict[str, Fact] = {"named": other, "area": area}
                    place = workbook.place("activities", activity.row, key)
                    yield Finding("IND-04", place, facts, activity.identity)


def _texts(activity: Activity) -> dict[str, str]:
    """The activity's free texts by column, as far as there are any."""
    keys = ("activity", "target_group", "lessons")
    texts = (activity.activity, activity.target_group, activity.lessons)
    return {key: text for key, text in zip(keys, texts, strict=True) if text}


def _patterns(
    parameters: Parameters, area: str, everything: str
) -> Iterator[tuple[str, re.Pattern[str]]]:
    """For each other area that the case-folded text may name: its names, also in the genitive."""
    for name, spellings in parameters.area_names.items():
        if name != area and any(spelling.casefold() in everything for spelling in spellings):
            words = "|".join(map(re.escape, spellings))
            yield name, re.compile(rf"\b(?:{words})s?\b", re.IGNORECASE)


RULES = (
    Rule(
        code="IND-01",
        title="Indsatsen slutter, før den begynder",
        severity=Severity.ERROR,
        message="Slutdatoen {ends_on:dato} ligger før startdatoen {starts_on:dato}.",
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
        message="Datoen {day:dato} ligger uden for planens periode, {starts_on:dato} til "
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
