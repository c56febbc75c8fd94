"""What is known of a plan as a whole: the figures for the overview and for other programs."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from fractions import Fraction
from typing import NamedTuple

from rules.judging.confirmed import ConfirmedBy
from rules.judging.money import FundingSums
from rules.judging.reports import DueReport
from rules.judging.rounds import RoundFigures, StepFigures


class YearSpending(NamedTuple):
    """A year of a plan that keeps accounts: what it was to spend, and what it spent.

    Amounts are øre, None where they are not known: nobody has written them (yet), or they
    `is_unread`. `of_grant_oere` is what was spent of the fund's money.
    """

    year: int
    budget_oere: int | None
    spent_oere: int | None
    local_oere: int | None
    of_grant_oere: int | None
    is_unread: bool


@dataclass(frozen=True, slots=True)
class PlanFigures:
    """One plan, its workbooks counted together. Amounts are øre; None where they cannot be judged.

    `spending` has the years that are over or have accounts; none where the plan keeps none.
    `missing_moved_oere` and `missing_added_oere` are 0 where the co-financing is sufficient.
    `funding_oere` holds the readable amounts by type (None: no readable type) and year.
    """

    plan_id: str | None
    name: str | None
    areas: tuple[str, ...]
    organisations: tuple[str, ...]
    workbooks: tuple[str, ...]
    status: str | None
    starts_on: date | None
    ends_on: date | None
    contact: str | None
    total_oere: int | None
    local_oere: int | None
    grant_oere: int | None
    local_share: Fraction | None
    missing_moved_oere: int | None
    missing_added_oere: int | None
    funding_oere: FundingSums
    rounds: tuple[RoundFigures, ...]
    next_step: str | None
    minimum_local_share: Fraction
    spending: tuple[YearSpending, ...]
    reports: tuple[DueReport, ...]
    confirmed: tuple[ConfirmedBy, ...]

    @property
    def used_of_grant_oere(self) -> int | None:
        """What was spent of the fund's money so far; None where accounts cannot be read."""
        if any(one.is_unread for one in self.spending):
            return None
        return sum(one.of_grant_oere or 0 for one in self.spending)

    @property
    def steps(self) -> tuple[StepFigures, ...]:
        """The steps of the last round; none where they cannot be read."""
        return self.rounds[-1].steps if self.rounds else ()
