"""FOR: the dialogue with the four parties before the plan is approved."""

from __future__ import annotations

from collections.abc import Iterator

from rules.judging.rule import SEED, Case, ExampleCell, Rule
from rules.model.finding import Fact, Finding, Severity
from rules.model.vocabulary import Decision, Party, PlanStatus


def party_without_dialogue(case: Case) -> Iterator[Finding]:
    """FOR-01; silent where a party cannot be read, since that row may be the missing one."""
    workbook = case.plan.first_with("preparation", "party")
    if workbook is None or not case.plan.is_beyond(PlanStatus.DRAFT):
        return
    dialogues = [dialogue for w in case.plan.workbooks for dialogue in w.preparation]
    if any(dialogue.party is None for dialogue in dialogues):
        return
    heard = {dialogue.party for dialogue in dialogues}
    for party in Party:
        if party not in heard:
            facts: dict[str, Fact] = {"party": str(party)}
            yield Finding("FOR-01", workbook.place("preparation"), facts, str(party))


def dialogue_after_approval(case: Case) -> Iterator[Finding]:
    """FOR-02; the preliminary step does not count as an approval."""
    approvals = [
        approval.decided_on
        for _, approval in case.plan.approval_rows()
        if approval.decided_on
        and approval.decision == Decision.APPROVED
        and approval.step
        and approval.step != case.parameters.preliminary_step
        and approval.decided_on <= case.today
    ]
    if not approvals:
        return
    first = min(approvals)
    for workbook in case.plan.workbooks:
        for dialogue in workbook.preparation:
            if dialogue.held_on and dialogue.held_on > first:
                facts: dict[str, Fact] = {"held_on": dialogue.held_on, "approved_on": first}
                place = workbook.place("preparation", dialogue.row, "held_on")
                yield Finding("FOR-02", place, facts, dialogue.identity)


RULES = (
    Rule(
        code="FOR-01",
        title="En part mangler i forberedelsen",
        severity=Severity.WARNING,
        message="Der mangler en dialog med parten {party}.",
        fix="Tilføj en række i »Forberedelse« med parten {party} og datoen.",
        why="Planen skal blive til i dialog med alle fire parter.",
        source=SEED,
        wrong=(ExampleCell("Forberedelse", 4, "Part", "Kommune"),),
        right=(ExampleCell("Forberedelse", 4, "Part", "Beboerdemokrater"),),
        check=party_without_dialogue,
    ),
    Rule(
        code="FOR-02",
        title="Dialog efter godkendelsen",
        severity=Severity.WARNING,
        message="Dialogen {held_on:dato} ligger efter planens første godkendelse "
        "{approved_on:dato}.",
        fix="Ret datoen, eller slet rækken, hvis dialogen ikke hører til forberedelsen.",
        why="Dialogen skal føres, før planen bliver godkendt.",
        source=SEED,
        wrong=(ExampleCell("Forberedelse", 4, "Dato", "18-02-2025"),),
        right=(ExampleCell("Forberedelse", 4, "Dato", "18-02-2024"),),
        check=dialogue_after_approval,
    ),
)
