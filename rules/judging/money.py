"""A plan's money: what its funding gives, what was spent, and whether they can be judged."""

from __future__ import annotations

import math
from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from decimal import ROUND_HALF_EVEN, Decimal
from fractions import Fraction

from rules.model.choices import FundingType
from rules.model.parameters import Parameters
from rules.model.plan import Funding, Plan, Spending, Workbook

FundingSums = dict[tuple[str | None, int], int]
"""Amounts in øre by type (None where it cannot be read) and year."""


def funding_sums(rows: Iterable[Funding]) -> FundingSums:
    """The readable amounts of funding rows, by type and year."""
    sums: FundingSums = defaultdict(int)
    for row in rows:
        for year, oere in row.years.items():
            sums[row.type, year] += oere
    return dict(sums)


def sum_oere(
    sums: Mapping[tuple[str | None, int], int],
    types: Collection[str | None] | None = None,
    year: int | None = None,
) -> int:
    """The sum of all amounts, or of those of some types or one year alone."""
    return sum(
        oere
        for (of_type, of_year), oere in sums.items()
        if (types is None or of_type in types) and year in (None, of_year)
    )


Addends = Sequence[tuple[Funding, str, int]]
"""Amounts of a sum: each a row, the key of its `unrounded`, and the øre where it is not there."""


def unrounded_sum(addends: Addends) -> int:
    """The sum of amounts as the spreadsheet adds them up: rounded to the øre once, at the end."""
    total = sum((row.unrounded.get(key, Decimal(oere)) for row, key, oere in addends), Decimal(0))
    return int(total.quantize(Decimal(1), ROUND_HALF_EVEN))


def is_sum(stated: int, addends: Addends) -> bool:
    """Whether an amount is the sum of others, or what a formula adds up: it leaves texts out.

    Then CEL-07 has said of these that they are left out.
    """
    numbers = [(row, key, oere) for row, key, oere in addends if key not in row.texts]
    return stated == unrounded_sum(addends) or stated == unrounded_sum(numbers)


@dataclass(frozen=True, slots=True)
class Money:
    """What the plan's funding rows add up to, in øre; total rows are left out.

    `unreadable` are the workbooks in which an amount or a type cannot be read; then the sums are
    not the plan's and must not be shown. `types_known` is False where the column Type is missing.
    """

    sums: FundingSums
    total_oere: int
    local_oere: int
    grant_oere: int
    unreadable: tuple[Workbook, ...]
    is_whole: bool
    types_known: bool

    @property
    def is_readable(self) -> bool:
        """Whether the total can be trusted."""
        return self.is_whole and not self.unreadable

    @property
    def is_judgeable(self) -> bool:
        """Whether the co-financing can be judged."""
        return self.is_readable and self.types_known

    @property
    def local_share(self) -> Fraction | None:
        """The local share of the total, from 0 to 1; None where it cannot be judged."""
        if not self.is_judgeable or self.total_oere <= 0:
            return None
        return Fraction(self.local_oere, self.total_oere)


def money_of(plan: Plan, parameters: Parameters) -> Money | None:
    """The plan's money, or None where no workbook of it has a funding tab with years."""
    there = [w for w in plan.workbooks if w.has("funding") and _has_years(w)]
    if not there:
        return None
    headed = [w for w in plan.workbooks if w.has("funding") or "funding" in w.headless]
    sums = funding_sums(funding for _, funding in plan.funding_rows())
    return Money(
        sums=sums,
        total_oere=sum_oere(sums),
        local_oere=sum_oere(sums, parameters.local_types),
        grant_oere=sum_oere(sums, {FundingType.FOUNDATION_LBF}),
        unreadable=tuple(
            w
            for w in there
            if w.layouts["funding"].hides_amounts or any(_hides_money(w, f) for f in w.funding)
        ),
        is_whole=len(headed) == len(there) and all(w.has("funding", "source") for w in there),
        types_known=all(w.has("funding", "type") for w in there),
    )


def _has_years(workbook: Workbook) -> bool:
    layout = workbook.layouts["funding"]
    return bool(layout.years) or layout.hides_amounts


def _hides_money(workbook: Workbook, funding: Funding) -> bool:
    """Whether the row's part of the co-financing is not known."""
    if funding.is_total:
        return False
    if funding.unread_years or funding.unread & {"type", "source"}:
        return True
    return workbook.has("funding", "type") and funding.type is None and funding.sum_oere != 0


def is_short(local_oere: int, total_oere: int, share: Fraction) -> bool:
    """Whether local co-financing is under its share of the total; exact, before any rounding."""
    return local_oere * share.denominator < total_oere * share.numerator


def missing_moved(local_oere: int, total_oere: int, share: Fraction) -> int:
    """What must move from grant to local with the total unchanged: øre, up to a whole krone."""
    return _whole_kroner(total_oere * share - local_oere)


def missing_added(local_oere: int, total_oere: int, share: Fraction) -> int:
    """What must be added locally with the grant unchanged: øre, up to a whole krone."""
    return _whole_kroner((total_oere - local_oere) * share / (1 - share) - local_oere)


def _whole_kroner(oere: Fraction) -> int:
    return math.ceil(oere / 100) * 100


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
