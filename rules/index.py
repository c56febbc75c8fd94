"""The index of a run: the little that must be known of every workbook to join plans.

It is small (no rows but the staff's hours), so that a run over very many workbooks can hold it
while their rows are read, judged and let go plan by plan.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import NamedTuple

from rules.danish import spaced
from rules.finding import Place
from rules.plan import Workbook


class Employment(NamedTuple):
    """One person's hours a week in a period (None: open-ended), and the cell that says so."""

    name: str | None
    email: str | None
    weekly_hours: Decimal
    employed_from: date
    employed_to: date | None
    hours_place: Place
    identity: str


@dataclass(frozen=True, slots=True)
class Entry:
    """One workbook in the index. The places are those of the form tab's value cells."""

    path: str
    plan_id: str | None
    area: str | None
    status: str | None
    starts_on: date | None
    ends_on: date | None
    starts_place: Place
    ends_place: Place
    staff: tuple[Employment, ...] = ()

    @property
    def plan_key(self) -> str:
        """What the workbooks of one plan have in common."""
        return plan_key(self.plan_id, self.path)


def plan_key(plan_id: str | None, path: str) -> str:
    """What the workbooks of one plan have in common; a workbook without Plan-id is alone."""
    return f"id:{spaced(plan_id).casefold()}" if plan_id else f"path:{path}"


def entry_of(workbook: Workbook) -> Entry:
    """The workbook's entry in the index."""
    form = workbook.form
    tab = Place(workbook.path)
    has_form = "plan" in workbook.layouts
    return Entry(
        path=workbook.path,
        plan_id=form.plan_id,
        area=form.area,
        status=form.status,
        starts_on=form.starts_on,
        ends_on=form.ends_on,
        starts_place=workbook.field_place("starts_on") if has_form else tab,
        ends_place=workbook.field_place("ends_on") if has_form else tab,
        staff=tuple(_employments(workbook)),
    )


def _employments(workbook: Workbook) -> Iterator[Employment]:
    if not workbook.has("staff", "name", "weekly_hours", "employed_from"):
        return
    for employee in workbook.staff:
        if employee.weekly_hours is None or employee.employed_from is None:
            continue
        if "employed_to" in employee.unread or not (employee.email or employee.name):
            continue
        yield Employment(
            name=employee.name,
            email=employee.email,
            weekly_hours=employee.weekly_hours,
            employed_from=employee.employed_from,
            employed_to=employee.employed_to,
            hours_place=workbook.place("staff", employee.row, "weekly_hours"),
            identity=employee.identity,
        )


def conflict_copies(entries: Iterable[Entry]) -> dict[str, str]:
    """The path of each workbook whose Plan-id and area an earlier one has, with that one's path.

    `entries` come in path order. Such workbooks are checked by themselves, but rules that join
    workbooks, and the overview, leave them out.
    """
    first: dict[tuple[str, str], str] = {}
    copies = {}
    for entry in entries:
        if not entry.plan_id or not entry.area:
            continue
        original = first.setdefault((entry.plan_key, entry.area), entry.path)
        if original != entry.path:
            copies[entry.path] = original
    return copies
