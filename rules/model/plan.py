"""A plan workbook as values: what the gate makes of the cells, and what the checks see.

Amounts are whole øre. A value is None where the cell is empty or could not be read; `unread` tells
the two apart. Rows count as the spreadsheet counts them, from 1.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from typing import Any, NamedTuple, TypeVar

from rules.model.choices import Decision, PlanStatus
from rules.model.finding import Fact, Finding, Place
from rules.model.tables import CONTROL_HEADER, TABLES, WARNINGS_TAB
from rules.text.danish import name_key

NOTHING: frozenset[str] = frozenset()
_HEADERS = {(table.key, column.key): column.header for table in TABLES for column in table.columns}
_STATUSES = tuple(status.value for status in PlanStatus)
_DECIDED = (Decision.APPROVED, Decision.REJECTED)


@dataclass(frozen=True, slots=True)
class TabLayout:
    """The layout of a tab: columns by key, columns of years, and the rows that hold data.

    `prefilled_rows` hold only what the template has put there, and are looked at all the same.
    `fields` is the row of each field of the form tab. `control_column` is None where the column
    Kontrol is missing; `free_column` is where it can be added, under `control_header`. `units` is
    what 1 means in a column whose header names another unit than the krone. `lower_headers` are the
    columns whose header stands in a second row of headers. `hides_amounts` says that a year's
    amounts cannot be read, since its header cannot: then the workbook's money is not known.
    """

    name: str
    header_row: int
    columns: dict[str, int]
    years: dict[int, int] = field(default_factory=dict)
    fields: dict[str, int] = field(default_factory=dict)
    control_column: int | None = None
    free_column: int = 1
    filled_rows: tuple[int, ...] = ()
    control_header: str = CONTROL_HEADER
    units: dict[int, int] = field(default_factory=dict)
    lower_headers: frozenset[int] = frozenset()
    hides_amounts: bool = False
    prefilled_rows: tuple[int, ...] = ()

    def row_of_header(self, column: int) -> int:
        """The row in which the header of a column stands."""
        return self.header_row + (column in self.lower_headers)


class FormerTab(NamedTuple):
    """A tab that is none of ours any more, and its column Kontrol with old verdicts."""

    name: str
    header_row: int
    control_column: int
    control_header: str


@dataclass(frozen=True, slots=True)
class PlanForm:
    """The form tab Plan. `programme` is None where the plan names none."""

    plan_id: str | None = None
    name: str | None = None
    area: str | None = None
    organisation: str | None = None
    other_organisations: str | None = None
    programme: str | None = None
    starts_on: date | None = None
    ends_on: date | None = None
    status: str | None = None
    contact: str | None = None
    email: str | None = None
    confirmed_by: str | None = None
    confirmed_on: date | None = None
    unread: frozenset[str] = NOTHING

    @property
    def period(self) -> tuple[date, date] | None:
        """The plan's first and last day; None where they are missing or in the wrong order."""
        first, last = self.starts_on, self.ends_on
        return (first, last) if first and last and first <= last else None


class Dialogue(NamedTuple):
    """A row of Forberedelse."""

    row: int
    party: str | None
    held_on: date | None
    form: str | None
    participants: str | None
    minutes: str | None
    unread: frozenset[str] = NOTHING


class Activity(NamedTuple):
    """A row of Indsatser."""

    row: int
    number: str | None
    effort_area: str | None
    activity: str | None
    target_group: str | None
    responsible: str | None
    starts_on: date | None
    ends_on: date | None
    status: str | None
    budget_oere: int | None
    lessons: str | None
    unread: frozenset[str] = NOTHING


class Funding(NamedTuple):
    """A row of Finansiering. `years` holds the readable amounts; an empty cell is not in it.

    `unrounded` are the øre of cells that hold more than two decimals, by the year's digits or
    `total_oere`: what the spreadsheet's own sums add up. `texts` are those that hold a text, which
    these sums leave out.
    """

    row: int
    source: str | None
    type: str | None
    form: str | None
    commitment: str | None
    total_oere: int | None
    remark: str | None
    unread: frozenset[str]
    years: dict[int, int]
    unread_years: frozenset[int]
    is_total: bool
    unrounded: dict[str, Decimal]
    texts: frozenset[str]

    @property
    def sum_oere(self) -> int:
        """The sum of the readable years."""
        return sum(self.years.values())


class Approval(NamedTuple):
    """A row of Godkendelser."""

    row: int
    step: str | None
    body: str | None
    sent_on: date | None
    decision: str | None
    decided_on: date | None
    round_number: int | None
    case_number: str | None
    remark: str | None
    unread: frozenset[str] = NOTHING

    @property
    def is_decided(self) -> bool:
        """Whether the body has said yes or no."""
        return self.decision in _DECIDED


class Employee(NamedTuple):
    """A row of Medarbejdere. Hours are a week's."""

    row: int
    name: str | None
    role: str | None
    weekly_hours: Decimal | None
    employed_from: date | None
    employed_to: date | None
    email: str | None
    unread: frozenset[str] = NOTHING


class Milestone(NamedTuple):
    """A row of Milepæle."""

    row: int
    number: str | None
    activity_number: str | None
    milestone: str | None
    due_on: date | None
    status: str | None
    result: str | None
    unread: frozenset[str] = NOTHING


class Spending(NamedTuple):
    """A row of Regnskab: what was spent in a year; negative where it was paid back."""

    row: int
    year: int | None
    type: str | None
    spent_oere: int | None
    remark: str | None
    unread: frozenset[str] = NOTHING


class Report(NamedTuple):
    """A row of Indberetning."""

    row: int
    year: int | None
    report: str | None
    due_on: date | None
    sent_on: date | None
    remark: str | None
    unread: frozenset[str] = NOTHING


Row = Dialogue | Activity | Funding | Approval | Employee | Milestone | Spending | Report
RowType = TypeVar(
    "RowType", Dialogue, Activity, Funding, Approval, Employee, Milestone, Spending, Report
)
ROW_TYPES: dict[str, type[Any]] = {
    "preparation": Dialogue,
    "activities": Activity,
    "funding": Funding,
    "approvals": Approval,
    "staff": Employee,
    "milestones": Milestone,
    "accounts": Spending,
    "reports": Report,
}
"""The class of each tab's rows; `Workbook` holds them in the field of the same name."""
_TABLE_OF = {row_type: key for key, row_type in ROW_TYPES.items()}
_IDENTIFYING = {table.key: [c.key for c in table.columns if c.identifies] for table in TABLES}


def row_identity(row: Row) -> str:
    """What a row is recognised by when rows have been moved: its key columns."""
    values = [getattr(row, key) for key in _IDENTIFYING[_TABLE_OF[type(row)]]]
    return "|".join(name_key(str(value)) if value else "" for value in values)


@dataclass(frozen=True, slots=True)
class Workbook:
    """One workbook: its layout and its rows.

    `path` is relative to the source, with `/`; `tabs` are the names of all its tabs in their order,
    the staff's own included. `layouts` has an entry for every known tab with a header row;
    `headless` are the keys of those without one. `warnings_tab` is what the tab Advarsler is called
    that is the job's own.
    """

    path: str
    tabs: tuple[str, ...]
    headless: frozenset[str]
    layouts: dict[str, TabLayout]
    form: PlanForm
    preparation: tuple[Dialogue, ...] = ()
    activities: tuple[Activity, ...] = ()
    funding: tuple[Funding, ...] = ()
    approvals: tuple[Approval, ...] = ()
    staff: tuple[Employee, ...] = ()
    milestones: tuple[Milestone, ...] = ()
    accounts: tuple[Spending, ...] = ()
    reports: tuple[Report, ...] = ()
    warnings_tab: str = WARNINGS_TAB
    former_tabs: tuple[FormerTab, ...] = ()

    def has(self, table: str, *columns: str) -> bool:
        """Whether the tab is there with a header row and all these columns."""
        layout = self.layouts.get(table)
        return layout is not None and layout.columns.keys() >= {*columns}

    def place(self, table: str, row: int | None = None, column: str | int | None = None) -> Place:
        """The cell of a row under a column or a year, or the tab as a whole."""
        layout = self.layouts[table]
        if row is None or column is None:
            return Place(self.path, layout.name)
        if isinstance(column, int):
            return Place(self.path, layout.name, row, layout.years[column], str(column))
        number, header = layout.columns.get(column), _HEADERS[table, column]
        return Place(self.path, layout.name, row, number, header)

    def field_place(self, key: str) -> Place:
        """The value cell of a field of the form tab; the whole tab where the field is missing."""
        layout = self.layouts["plan"]
        if key not in layout.fields or "value" not in layout.columns:
            return Place(self.path, layout.name)
        header = _HEADERS["plan", key]
        return Place(self.path, layout.name, layout.fields[key], layout.columns["value"], header)

    def finding(self, code: str, row: Row, column: str | int, /, **facts: Fact) -> Finding:
        """A broken rule at a row's cell, under a column or a year."""
        place = self.place(_TABLE_OF[type(row)], row.row, column)
        return Finding(code, place, facts, row_identity(row))

    def field_finding(self, code: str, key: str, variant: str = "", /, **facts: Fact) -> Finding:
        """A broken rule at a field of the form tab."""
        return Finding(code, self.field_place(key), facts, key, variant)


@dataclass(frozen=True, slots=True)
class Plan:
    """All workbooks with one Plan-id, in path order. Money and approvals are judged per plan."""

    workbooks: tuple[Workbook, ...]

    @property
    def first(self) -> Workbook:
        """The plan's first workbook in path order."""
        return self.workbooks[0]

    @property
    def status(self) -> str | None:
        """The Planstatus of the first workbook that has a readable one."""
        return next((w.form.status for w in self.workbooks if w.form.status), None)

    @property
    def programme(self) -> str | None:
        """The programme that the plan's first workbook with one names; None where none does."""
        return next((w.form.programme for w in self.workbooks if w.form.programme), None)

    @property
    def period(self) -> tuple[date, date] | None:
        """The first and last day that the plan's first workbook with both gives."""
        return next((w.form.period for w in self.workbooks if w.form.period), None)

    def is_beyond(self, status: PlanStatus) -> bool:
        """Whether the plan has got further than this status; False where its own is not known."""
        own = self.status
        return own is not None and _STATUSES.index(own) > _STATUSES.index(status)

    def first_with(self, table: str, *columns: str) -> Workbook | None:
        """The plan's first workbook that has the tab with these columns, or None."""
        return next((w for w in self.workbooks if w.has(table, *columns)), None)

    def funding_rows(self) -> Iterator[tuple[Workbook, Funding]]:
        """Every funding row with its workbook, total rows left out."""
        return ((w, funding) for w, funding in self.rows(Funding) if not funding.is_total)

    def rows(self, row_type: type[RowType]) -> Iterator[tuple[Workbook, RowType]]:
        """Every row of one tab, with its workbook."""
        for workbook in self.workbooks:
            for row in getattr(workbook, _TABLE_OF[row_type]):
                yield workbook, row


def finished_years(period: tuple[date, date] | None, today: date) -> range:
    """The calendar years of a period before today's; none without a period."""
    if period is None:
        return range(0)
    first, last = period
    return range(first.year, min(last.year, today.year - 1) + 1)
