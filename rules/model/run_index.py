"""The index of a run: the little that must be known of every workbook to join plans.

It is small (no rows but the staff's hours), so that a run over very many workbooks can hold it
while their rows are read, judged and let go plan by plan.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import NamedTuple

from rules.model.finding import Place
from rules.model.plan import Employee, Workbook
from rules.text.copy_names import is_copy_by_name, says_copy
from rules.text.danish import id_key
from rules.text.vacancies import is_vacancy


class Employment(NamedTuple):
    """A row of Medarbejdere with a person's weekly hours from a day on."""

    employee: Employee
    weekly_hours: Decimal
    employed_from: date


@dataclass(frozen=True, slots=True)
class Entry:
    """One workbook in the index.

    The places are those of the form tab's value cells, and of the column of hours a week.
    """

    path: str
    plan_id: str | None
    area: str | None
    organisation: str | None
    status: str | None
    starts_on: date | None
    ends_on: date | None
    starts_place: Place
    ends_place: Place
    hours_place: Place
    staff: tuple[Employment, ...] = ()

    @property
    def plan_key(self) -> str:
        """What the workbooks of one plan have in common."""
        return plan_key(self.plan_id, self.path)


def plan_key(plan_id: str | None, path: str) -> str:
    """What the workbooks of one plan have in common; a workbook without Plan-id is alone."""
    return f"id:{id_key(plan_id)}" if plan_id else f"path:{path}"


def entry_of(workbook: Workbook) -> Entry:
    """The workbook's entry in the index."""
    form = workbook.form
    tab = Place(workbook.path)
    has_form = "plan" in workbook.layouts
    has_hours = workbook.has("staff", "name", "weekly_hours", "employed_from")
    return Entry(
        path=workbook.path,
        plan_id=form.plan_id,
        area=form.area,
        organisation=form.organisation,
        status=form.status,
        starts_on=form.starts_on,
        ends_on=form.ends_on,
        starts_place=workbook.field_place("starts_on") if has_form else tab,
        ends_place=workbook.field_place("ends_on") if has_form else tab,
        hours_place=workbook.place("staff", 0, "weekly_hours") if has_hours else tab,
        staff=tuple(_employments(workbook.staff)) if has_hours else (),
    )


def _employments(staff: Iterable[Employee]) -> Iterator[Employment]:
    for employee in staff:
        hours, first = employee.weekly_hours, employee.employed_from
        if hours is None or first is None or "employed_to" in employee.unread:
            continue
        if (employee.email or employee.name) and not is_vacancy(employee.name or ""):
            yield Employment(employee, hours, first)


def by_plan(entries: Sequence[Entry]) -> dict[str, list[str]]:
    """The paths of each plan's workbooks, by plan key; a conflict copy is a plan of its own.

    `entries` come in path order.
    """
    copies = conflict_copies(entries)
    plans: dict[str, list[str]] = defaultdict(list)
    for entry in entries:
        is_copy = entry.path in copies
        plans[f"copy:{entry.path}" if is_copy else entry.plan_key].append(entry.path)
    return plans


def conflict_copies(entries: Iterable[Entry]) -> dict[str, str]:
    """The path of each workbook whose Plan-id and area another one has, with that one's path.

    `entries` come in path order. The first is the original, one whose name says that it is a copy
    after all others. Copies are checked by themselves, but rules that join workbooks, and the
    overview, leave them out.
    """
    alike: dict[tuple[str, str], list[str]] = defaultdict(list)
    for entry in entries:
        if entry.plan_id and entry.area:
            alike[entry.plan_key, entry.area].append(entry.path)
    copies: dict[str, str] = {}
    for paths in alike.values():
        if len(paths) > 1:
            original = min(paths, key=lambda path: (_is_copy(path, paths), _without_suffix(path)))
            copies |= {path: original for path in paths if path != original}
    return dict(sorted(copies.items()))


def _without_suffix(path: str) -> str:
    """In its order `Plan.xlsx` stands before `Plan-Evas-Mac.xlsx`."""
    return path.rpartition(".")[0]


def _is_copy(path: str, beside: Sequence[str]) -> bool:
    return says_copy(path) or any(is_copy_by_name(path, one) for one in beside)
