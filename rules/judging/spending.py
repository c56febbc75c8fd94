"""What a plan really spent, by type and year, and which years of it are over."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection
from dataclasses import dataclass
from datetime import date

from rules.judging.money import FundingSums, sum_oere
from rules.model.plan import Plan, Spending, Workbook

PlacedSpending = tuple[Workbook, Spending]


@dataclass(frozen=True, slots=True)
class Spent:
    """The rows of Regnskab in all workbooks of a plan, and what they add up to in øre.

    `unread` are the years of rows in which something cannot be read, None where the year is that.
    """

    rows: tuple[PlacedSpending, ...]
    sums: FundingSums
    unread: frozenset[int | None]

    def is_known(self, year: int) -> bool:
        """Whether all that was spent in the year can be read."""
        return not self.unread & {None, year}

    def is_told(self, year: int) -> bool:
        """Whether there is any row about the year."""
        return any(row.year == year for _, row in self.rows)

    def rows_of(self, types: Collection[str], years: Collection[int]) -> list[PlacedSpending]:
        """The rows of these types in these years."""
        return [one for one in self.rows if one[1].type in types and one[1].year in years]

    def in_years(self, years: Collection[int], types: Collection[str | None] | None = None) -> int:
        """What was spent in these years, of all or of some types."""
        return sum(sum_oere(self.sums, types, year) for year in years)


def spending_of(plan: Plan) -> Spent | None:
    """What the plan spent; None where no workbook has the tab, or one lacks a column of it."""
    there = [workbook for workbook in plan.workbooks if workbook.has("accounts")]
    if not there or not all(one.has("accounts", "year", "type", "spent_oere") for one in there):
        return None
    rows = tuple(plan.rows(Spending))
    sums: FundingSums = defaultdict(int)
    unread: set[int | None] = set()
    for _, row in rows:
        if row.year is None or row.type is None or row.spent_oere is None:
            unread.add(row.year)
        else:
            sums[row.type, row.year] += row.spent_oere
    return Spent(rows, dict(sums), frozenset(unread))


def finished_years(period: tuple[date, date] | None, today: date) -> range:
    """The calendar years of a period before today's; none without a period."""
    if period is None:
        return range(0)
    first, last = period
    return range(first.year, min(last.year, today.year - 1) + 1)
