"""A plan's money: total, local co-financing and grant, and whether they can be judged at all."""

from __future__ import annotations

import math
from collections import defaultdict
from dataclasses import dataclass
from fractions import Fraction

from rules.model.parameters import Parameters
from rules.model.plan import Funding, Plan, Workbook
from rules.model.vocabulary import FundingType


@dataclass(frozen=True, slots=True)
class YearSum:
    """One year's total and local co-financing, in øre."""

    total_oere: int = 0
    local_oere: int = 0


@dataclass(frozen=True, slots=True)
class Money:
    """What the plan's funding rows add up to, in øre; total rows are left out.

    `unreadable` are the workbooks in which an amount or a type cannot be read; then the sums are
    not the plan's and must not be shown. `types_known` is False where the column Type is missing.
    """

    total_oere: int
    local_oere: int
    grant_oere: int
    years: dict[int, YearSum]
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
    there = [w for w in plan.workbooks if w.has("funding") and w.layouts["funding"].years]
    if not there:
        return None
    headed = [w for w in plan.workbooks if w.has("funding") or "funding" in w.headless]
    local_types = parameters.local_types
    totals: dict[int, int] = defaultdict(int)
    locals_: dict[int, int] = defaultdict(int)
    grant = 0
    for _, funding in plan.funding_rows():
        for year, amount in funding.years.items():
            totals[year] += amount
            if funding.type in local_types:
                locals_[year] += amount
            if funding.type == FundingType.FOUNDATION_LBF:
                grant += amount
    return Money(
        total_oere=sum(totals.values()),
        local_oere=sum(locals_.values()),
        grant_oere=grant,
        years={year: YearSum(totals[year], locals_[year]) for year in sorted(totals)},
        unreadable=tuple(w for w in there if any(_hides_money(w, f) for f in w.funding)),
        is_whole=len(headed) == len(there) and all(w.has("funding", "source") for w in there),
        types_known=all(w.has("funding", "type") for w in there),
    )


def _hides_money(workbook: Workbook, funding: Funding) -> bool:
    """Whether the row's part of the co-financing cannot be told."""
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
