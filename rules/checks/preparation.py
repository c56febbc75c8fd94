"""FOR: the dialogue with the four parties before the plan is approved."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import date

from rules.judging.rule import SEED, Case, ExampleCell, Rule
from rules.model.choices import Decision, Party, PlanStatus
from rules.model.finding import Fact, Finding, Severity
from rules.model.plan import Approval, Dialogue
from rules.text.marking import N_

_NAMED: Mapping[str, str] = {
    Party.COORDINATION: N_("den koordinerende indsats"),
    Party.MUNICIPALITY: N_("kommunen"),
    Party.ORGANISATION: N_("boligorganisationen"),
    Party.RESIDENTS: N_("beboerdemokraterne"),
}
"""The parties as they stand within a sentence."""


def party_without_dialogue(case: Case) -> Iterator[Finding]:
    """FOR-01: a party had no dialogue; silent where a row's party cannot be read."""
    workbook = case.plan.first_with("preparation", "party")
    if workbook is None or not case.plan.is_beyond(PlanStatus.DRAFT):
        return
    heard = {dialogue.party for _, dialogue in case.plan.rows(Dialogue)}
    for party in Party:
        if party not in heard and None not in heard:
            place = workbook.place("preparation")
            facts = {"party": str(party), "named": _NAMED[party]}
            yield Finding("FOR-01", place, facts, str(party))


def dialogue_after_approval(case: Case) -> Iterator[Finding]:
    """FOR-02: a party was first heard after the plan's first approval, the preliminary step aside.

    Silent where an unreadable date or party may be that of an earlier dialogue.
    """
    approvals = [
        approval.decided_on
        for _, approval in case.plan.rows(Approval)
        if approval.decided_on
        and approval.decision == Decision.APPROVED
        and approval.step not in (None, case.parameters.preliminary_step)
        and approval.decided_on <= case.today
    ]
    first = min(approvals, default=date.max)
    dialogues = sorted(case.plan.rows(Dialogue), key=lambda one: one[1].held_on or date.min)
    heard: set[str | None] = set()
    for workbook, row in dialogues:
        if row.party in heard or None in heard:
            continue
        if row.held_on is None or row.held_on <= first:
            heard.add(row.party)
        elif row.party:
            heard.add(row.party)
            facts: dict[str, Fact] = {"named": _NAMED[row.party], "held_on": row.held_on}
            yield workbook.finding("FOR-02", row, "held_on", **facts, approved_on=first)


RULES = (
    Rule(
        code="FOR-01",
        title="En part mangler i forberedelsen",
        severity=Severity.WARNING,
        message="Der er ikke registreret nogen dialog med {named:trin}.",
        fix="Tilføj en række i »Forberedelse« med parten »{party}« og datoen for dialogen.",
        why="Planen skal blive til i dialog med alle fire parter.",
        source=SEED,
        wrong=(ExampleCell("Forberedelse", 4, "Part", "Kommune"),),
        right=(ExampleCell("Forberedelse", 4, "Part", "Beboerdemokrater"),),
        check=party_without_dialogue,
    ),
    Rule(
        code="FOR-02",
        title="Ingen dialog før godkendelsen",
        severity=Severity.WARNING,
        message="Den første dialog med {named:trin} var den {held_on:dato}. Planen fik sin første "
        "godkendelse den {approved_on:dato}.",
        fix="Ret datoen, eller tilføj en række med den dialog, som var før godkendelsen.",
        why="Dialogen skal føres, før planen bliver godkendt.",
        source=SEED,
        wrong=(ExampleCell("Forberedelse", 4, "Dato", "18-02-2025"),),
        right=(ExampleCell("Forberedelse", 4, "Dato", "18-02-2024"),),
        check=dialogue_after_approval,
    ),
)
