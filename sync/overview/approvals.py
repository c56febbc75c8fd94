"""The tab Godkendelser: plans by approval steps."""

from __future__ import annotations

from rules.figures import StepFigures
from rules.parameters import Parameters
from rules.procedure import State
from sheets_templates.description import Heading, Kind, ReportCell, ReportSheet
from sync.account import Overview
from sync.overview.cells import UNKNOWN, names, next_step


def approvals_sheet(overview: Overview, parameters: Parameters) -> ReportSheet:
    """The tab."""
    headings = (
        Heading("Plan-id", width=13),
        Heading("Plan", width=38),
        *(Heading(step.name, Kind.DATE, 20) for step in parameters.steps),
        Heading("Næste godkendelse", width=19),
    )
    rows = []
    for plan in overview.figures:
        steps = {step.name: step for step in plan.steps}
        cells = [_step_cell(steps.get(step.name)) for step in parameters.steps]
        rows.append([*names(plan), *cells, next_step(plan)])
    return ReportSheet(
        "Godkendelser",
        "Godkendelser pr. plan og trin",
        "Datoen er den seneste godkendelse i trinnet.",
        headings,
        rows,
    )


_STATE_WORDS = {
    State.APPROVED: "godkendt uden dato",
    State.REJECTED: "afvist",
    State.PENDING: "afventer",
    State.NOT_RELEVANT: "ikke relevant",
    State.UNKNOWN: UNKNOWN,
}


def _step_cell(step: StepFigures | None) -> ReportCell:
    if step is None:
        return UNKNOWN
    if step.state is State.APPROVED and step.decided_on:
        return step.decided_on
    if step.state is State.ABSENT:
        return "mangler" if step.mandatory else "ikke registreret"
    return _STATE_WORDS[step.state]
