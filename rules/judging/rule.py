"""A rule: everything that is known about it in one place, and the check that looks for it."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date
from fractions import Fraction
from functools import cached_property

from rules.judging.approved import ApprovedPlan, workbook_key
from rules.judging.confirmed import Confirmation, ConfirmedPlan, confirmation_of
from rules.judging.money import Money, Spent, money_of, spending_of
from rules.judging.procedure import Procedure, StepStatus, procedures_of
from rules.judging.reports import DueReport, reports_of
from rules.judging.rounds import State
from rules.judging.wording import filled
from rules.model.finding import Finding, Severity
from rules.model.parameters import Parameters
from rules.model.plan import Plan, finished_years
from rules.model.run_index import Entry, plan_key
from rules.text.language import Language
from rules.text.marking import N_

SEED = N_("Opgavebeskrivelsen fra områdesekretariatet")
TECHNICAL = N_("Forudsætning for at kunne læse regnearket")
FIRST_DAY = date(2026, 11, 23)
DECEMBER = date(2026, 12, 1)
"""The day from which the rules for the sheets that people keep hold."""


@dataclass(frozen=True, slots=True)
class Context:
    """What every check may know besides the plan: the settings, and which day it is.

    `approved` and `confirmed` are what is remembered of approved plans, and of those that somebody
    confirmed, by plan key (rules/model/run_index.py).
    """

    parameters: Parameters
    today: date
    approved: Mapping[str, ApprovedPlan] = field(default_factory=dict)
    confirmed: Mapping[str, ConfirmedPlan] = field(default_factory=dict)


@dataclass(frozen=True)
class Case:
    """One plan before the checks, with what several of them need worked out once."""

    plan: Plan
    context: Context

    @property
    def parameters(self) -> Parameters:
        """What the rules are set to."""
        return self.context.parameters

    @property
    def today(self) -> date:
        """The run's day."""
        return self.context.today

    @property
    def approved(self) -> ApprovedPlan | None:
        """What is remembered of the plan's approval, if anything is."""
        return self.context.approved.get(self._key)

    @cached_property
    def confirmations(self) -> Mapping[str, Confirmation | None]:
        """The confirmation of each workbook, by path, whether it still holds or not."""
        known = self.context.confirmed.get(self._key, {})
        return {
            one.path: confirmation_of(one, workbook_key(one), known, self.today)
            for one in self.plan.workbooks
        }

    @property
    def _key(self) -> str:
        first = self.plan.first
        return plan_key(first.form.plan_id, first.path)

    @cached_property
    def money(self) -> Money | None:
        """The plan's money, or None where no workbook of it has a funding tab with years."""
        return money_of(self.plan, self.context.parameters)

    @cached_property
    def rounds(self) -> tuple[Procedure, ...]:
        """Each round of the plan's approval; none where the columns for it are missing."""
        return procedures_of(self.plan, self.context.parameters, self.context.today)

    @property
    def procedure(self) -> Procedure | None:
        """How far the last round of approval is, or None where the columns are missing."""
        return self.rounds[-1] if self.rounds else None

    @cached_property
    def spending(self) -> Spent | None:
        """What the plan really spent, or None where no accounts can be read."""
        return spending_of(self.plan)

    @property
    def finished_years(self) -> range:
        """The calendar years of the plan's period that are over."""
        return finished_years(self.plan.period, self.today)

    @property
    def minimum_local_share(self) -> Fraction:
        """The least local co-financing, as a share of the total, in the plan's programme."""
        return self.parameters.local_share(self.plan.programme)

    @cached_property
    def reports(self) -> tuple[DueReport, ...]:
        """The reports that the plan's programme demands; none where no tab tells of them."""
        return reports_of(self.plan, self.parameters, self.today)

    def accounts_due_on(self, year: int) -> date | None:
        """The last day for the year's accounts, typed or the programme's; None without a duty."""
        typed = (r.due_on for r in self.reports if r.duty.is_accounts and r.year == year)
        name = self.plan.programme
        duties = self.parameters.programme(name).reports if name else ()
        demanded = (one.due_on(year) for one in duties if one.is_accounts)
        return next(typed, None) or next(demanded, None)

    @property
    def final_steps(self) -> tuple[StepStatus, ...]:
        """How far the final approval is in each round."""
        return tuple(one.steps[self.parameters.final_step] for one in self.rounds)

    @property
    def approval_day(self) -> date | None:
        """The day of the last final approval; None while none is given, or its day not known."""
        given = [final.decided_on for final in self.final_steps if final.state is State.APPROVED]
        return given[-1] if given else None


@dataclass(frozen=True, slots=True)
class ExampleCell:
    """A cell typed into the example plan: the tab, the data row from 1, the column (or field)."""

    tab: str
    row: int
    column: str
    text: str


Example = tuple[ExampleCell, ...] | str
"""Cells typed into the example plan, or, where that cannot show it, a Danish sentence."""


@dataclass(frozen=True, slots=True)
class Wording:
    """Two templates over a finding's facts: what is wrong, and what to do."""

    message: str
    fix: str


PlanCheck = Callable[[Case], Iterator[Finding]]
RunCheck = Callable[[tuple[Entry, ...], Context], Iterator[Finding]]


@dataclass(frozen=True, slots=True)
class Rule:
    """A rule with its texts, in Danish: the keys of the catalogues (rules/text/language.py).

    `message` and `fix` are templates over the finding's facts: `{amount:kr}`, `{on:dato}`,
    `{share:pct}`, `{names:og}`, `{number:tal}`, `{steps:trin}` (at the beginning of a sentence
    `Trin`), `{steps:trin og instanser}`, `{count:måneder}`, `{plans:timer i}`, and plain `{text}`
    for quoted text; `variants` are other wordings, by the finding's variant. `check` looks at one
    plan, `run_check` at what is known of all plans of the run; a rule with neither is found by the
    gate, where cells become values.
    """

    code: str
    title: str
    severity: Severity
    message: str
    fix: str
    why: str
    source: str
    wrong: Example
    right: Example
    variants: Mapping[str, Wording] = field(default_factory=dict)
    since: date = FIRST_DAY
    check: PlanCheck | None = None
    run_check: RunCheck | None = None

    @property
    def wordings(self) -> tuple[Wording, ...]:
        """All wordings, the usual one first."""
        return (Wording(self.message, self.fix), *self.variants.values())

    def worded(self, finding: Finding, language: Language) -> Wording:
        """The message and the fix in this language, with the finding's facts in them.

        Raises:
            KeyError: the rule has no such variant, or a fact is missing.
        """
        wording = self.variants[finding.variant] if finding.variant else self.wordings[0]
        return Wording(
            filled(wording.message, finding.facts, language),
            filled(wording.fix, finding.facts, language),
        )
