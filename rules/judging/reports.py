"""Which reports a plan owes the fund, by when, and whether they are sent."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date

from rules.model.finding import Place
from rules.model.parameter_types import ReportingDuty
from rules.model.parameters import Parameters
from rules.model.plan import Plan, Report, Workbook, finished_years

PlacedReport = tuple[Workbook, Report]


@dataclass(frozen=True, slots=True)
class DueReport:
    """A report about a year with its deadline, typed in the sheet or the programme's.

    `sent_on` is the first day on which a workbook says that it was sent, `sent_at` the cell.
    `place` is the cell Sendt of the row that tells of it, the one with the deadline first; None
    where there is none. No workbook is held here: this is kept of every plan, its rows are not.
    """

    duty: ReportingDuty
    year: int
    due_on: date
    is_typed: bool
    place: Place | None
    sent_on: date | None
    sent_at: Place | None

    @property
    def is_only_practice(self) -> bool:
        """Whether the deadline is local practice, and nobody has typed another."""
        return self.duty.is_local_practice and not self.is_typed


def reports_of(plan: Plan, parameters: Parameters, today: date) -> tuple[DueReport, ...]:
    """The reports about finished years whose deadline is known, in the order of the duties.

    One without a day of its own counts where its deadline is typed, whatever its year. A programme
    that the plan does not name demands nothing. What cannot be read is left out.
    """
    there = [workbook for workbook in plan.workbooks if workbook.has("reports")]
    columns = ("year", "report", "sent_on")
    if not there or not all(one.has("reports", *columns) for one in there) or not plan.programme:
        return ()
    rows = tuple(plan.rows(Report))
    finished = finished_years(plan.period, today)
    found: list[DueReport] = []
    for duty in parameters.programme(plan.programme).reports:
        typed = {row.year for _, row in rows if row.report == duty.name and row.due_on}
        years = finished if duty.due else sorted(year for year in typed if year is not None)
        for year in years:
            found += _due(duty, year, rows, today)
    return tuple(found)


def _due(
    duty: ReportingDuty, year: int, rows: tuple[PlacedReport, ...], today: date
) -> Iterator[DueReport]:
    if any(_hides(row, duty.name, year) for _, row in rows):
        return
    own = [one for one in rows if (one[1].report, one[1].year) == (duty.name, year)]
    typed = next((one for one in own if one[1].due_on), None)
    due_on = typed[1].due_on if typed else duty.due_on(year)
    sent = [one for one in own if (day := one[1].sent_on) and day <= today]
    first_sent = min(sent, key=lambda one: one[1].sent_on or today, default=None)
    if due_on is not None:
        yield DueReport(
            duty=duty,
            year=year,
            due_on=due_on,
            is_typed=typed is not None,
            place=_place(typed or next(iter(own), None)),
            sent_on=first_sent[1].sent_on if first_sent else None,
            sent_at=_place(first_sent),
        )


def _place(placed: PlacedReport | None) -> Place | None:
    """The cell Sendt of a report's row."""
    return placed and placed[0].place("reports", placed[1].row, "sent_on")


def _hides(row: Report, report: str, year: int) -> bool:
    """Whether the row may be about this report and year, and something in it cannot be read."""
    if row.report not in (None, report) or row.year not in (None, year):
        return False
    return None in (row.report, row.year) or bool(row.unread & {"due_on", "sent_on"})
