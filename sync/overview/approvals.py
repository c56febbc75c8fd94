"""The tab Godkendelser: plans by approval steps, what holds each up, how long each step took."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from functools import partial
from statistics import median

from rules.judging.approval_log import LoggedApproval
from rules.judging.procedure import by_body, current
from rules.judging.rounds import State, StepFigures
from rules.model.choices import Decision
from rules.model.parameters import Parameters
from rules.model.plan import Approval, Plan
from rules.text.danish import name_key, spaced
from rules.text.marking import N_
from sheets_templates.drawing.appearance import Mark
from sheets_templates.report.description import (
    HERE,
    CellKind,
    Heading,
    Highlight,
    Link,
    ReportCell,
    ReportColumn,
    ReportSheet,
    table,
    word_highlights,
)
from sync.i18n.language import _, spoken
from sync.overview.cells import ACT, UNKNOWN, days_text, in_round, next_step, unknown
from sync.overview.model import Overview, PlanBook, PlanLine

ALL_PLANS, _WAITS = N_("Alle planer"), N_("venter")
_STATE_WORDS = {
    State.APPROVED: N_("godkendt uden dato"),
    State.REJECTED: N_("afvist"),
    State.PENDING: N_("afventer"),
    State.NOT_RELEVANT: N_("ikke relevant"),
    State.UNKNOWN: UNKNOWN,
}
_MARKS = {
    "afvist": Mark.BAD,
    "afventer": Mark.WATCH,
    N_("mangler"): Mark.WATCH,
    UNKNOWN: Mark.WATCH,
    "ikke relevant": Mark.MUTED,
    N_("ikke registreret"): Mark.MUTED,
}


def approvals_sheet(overview: Overview, parameters: Parameters, today: date) -> ReportSheet:
    """The tab."""
    steps = [step.name for step in parameters.steps]
    columns: Sequence[ReportColumn[PlanLine]] = (
        ReportColumn("Plan-id", lambda plan: plan.link, width=14),
        ReportColumn("Plan", lambda plan: plan.name, width=30),
        *(ReportColumn(s, partial(_step_cell, s), CellKind.DATE, 11) for s in steps),
        ReportColumn("Næste godkendelse", lambda plan: next_step(plan.figures), width=18.5),
        ReportColumn("Det venter på", lambda plan: holds_up(plan, today), width=28),
    )
    return ReportSheet(
        "Godkendelser",
        "Godkendelser pr. plan og trin",
        "Datoen er trinnets seneste godkendelse i den seneste runde.",
        *table(columns, overview.plans),
        highlights=word_highlights(_MARKS, 2, len(steps) + 1),
        frozen_columns=2,
        sources=tuple(
            book.path
            for _plan, book in overview.plan_books
            for rows in _cases(book)
            if rows[0].step in steps
        ),
    )


def durations_sheet(overview: Overview, parameters: Parameters, today: date) -> ReportSheet:
    """How many days each step took in each plan, and in the middle of all plans."""
    steps = [step.name for step in parameters.steps]
    headings = (
        Heading("Plan-id", width=14),
        Heading("Plan", width=37),
        *(Heading(step, CellKind.COUNT, 11) for step in steps),
        Heading("Fra første sag til sidste afgørelse", CellKind.COUNT, 19),
    )
    took = [_durations(plan, steps, today) for plan in overview.plans]
    middle = _middle(took)
    rows: list[list[ReportCell]] = []
    for plan, days in zip(overview.plans, took, strict=True):
        waits = [
            _waits(plan, step, usual, today) for step, usual in zip(steps, middle, strict=False)
        ]
        cells = [a if a is not None else b for a, b in zip(days, [*waits, None], strict=True)]
        rows.append([plan.link, plan.name, *cells])
    if rows:
        rows.append([Link(_(ALL_PLANS), HERE), _("Midterste antal dage"), *middle])
    return ReportSheet(
        "Sagstid",
        "Hvor mange dage hvert trin tog",
        "Fra den første sag i trinnet er sendt, til den sidste er afgjort. »venter« er dage indtil "
        "nu; ▲ er længere end det midterste antal. Er feltet tomt, mangler sagen eller en dato.",
        headings,
        rows,
        highlights=(
            Highlight(Mark.TOTAL, ALL_PLANS, 0, len(headings) - 1, by=0),
            Highlight(Mark.BAD, ACT, 2, len(headings) - 1),
            Highlight(Mark.WATCH, _WAITS, 2, len(headings) - 1),
        ),
        frozen_columns=2,
    )


def _middle(took: Sequence[Sequence[int | None]]) -> list[int | None]:
    """The median of each step's days over all plans, None where none is known."""
    known = [[d for d in column if d is not None] for column in zip(*took, strict=True)]
    return [round(median(days)) if days else None for days in known]


def usual_days(plans: Sequence[PlanLine], parameters: Parameters, today: date) -> dict[str, int]:
    """How many days each step takes in the middle of all plans, by its name."""
    steps = [step.name for step in parameters.steps]
    middle = _middle([_durations(plan, steps, today) for plan in plans])
    return {step: days for step, days in zip(steps, middle, strict=False) if days is not None}


def waiting(plan: PlanLine, step: str, today: date) -> list[Approval]:
    """The cases of a step that were sent and are not decided."""
    return [
        one
        for one in counting(plan, step, today)
        if one.decision == Decision.PENDING and one.sent_on and one.sent_on <= today
    ]


def _waits(plan: PlanLine, step: str, usual: int | None, today: date) -> str | None:
    """For how long the step's first case has been waiting, in words; None where none does."""
    sent = [one.sent_on for one in waiting(plan, step, today) if one.sent_on]
    if not sent:
        return None
    days = (today - min(sent)).days
    text = f"{_(_WAITS)} {days}"
    return f"{ACT} {text}" if usual is not None and days > usual else text


def _step_cell(name: str, plan: PlanLine) -> ReportCell:
    step = next((step for step in plan.figures.steps if step.name == name), None)
    if step is None:
        return unknown()
    if step.state is State.APPROVED and step.decided_on:
        return step.decided_on
    return step_text(step)


def step_text(step: StepFigures) -> str:
    """How far a step is, in words."""
    if step.state is State.ABSENT:
        return _("mangler") if step.mandatory else _("ikke registreret")
    return _(_STATE_WORDS[step.state])


def approved_by(one: LoggedApproval) -> str:
    """The step of an approval and its round, and the body where that has another name."""
    step, body = in_round(one.given.step, one.given.round_number), spaced(one.given.body)
    return step if name_key(body) in {"", name_key(one.given.step)} else f"{step}, {body}"


def amount_then(one: LoggedApproval) -> str:
    """What the plan cost when its approval was seen first."""
    return unknown() if one.total_oere is None else spoken().kroner(one.total_oere)


def is_gone() -> str:
    """What is said of an approval that was seen once."""
    return _("står ikke længere i regnearket")


def counting(plan: PlanLine, step: str | None, today: date) -> list[Approval]:
    """The row that counts of each body of a step, in the last round."""
    rounds = plan.figures.rounds
    shown = rounds[-1].rows if rounds else frozenset[tuple[str, int]]()
    rows = [
        (workbook, row)
        for workbook, row in Plan(tuple(book.workbook for book in plan.books)).rows(Approval)
        if row.step == step and (workbook.path, row.row) in shown
    ]
    return [current(body, today) for body in by_body(rows)]


def _cases(book: PlanBook) -> list[list[Approval]]:
    """The rows of each step and body in a workbook."""
    bodies = by_body(Plan((book.workbook,)).rows(Approval))
    return [[one for _, one in rows] for rows in bodies if rows[0][1].step]


def superseded(book: PlanBook) -> int:
    """In place of how many rows of a workbook another one counts."""
    return sum(len(rows) - 1 for rows in _cases(book))


def _lacking(plan: PlanLine, today: date) -> list[Approval]:
    """The rows of the plan's next step that are still to be decided, or to be decided again."""
    rows = counting(plan, plan.figures.next_step, today)
    return [one for one in rows if one.decision in {Decision.PENDING, Decision.REJECTED}]


def owner(plan: PlanLine, today: date) -> str:
    """Who has the plan's next step in hand: the bodies it was sent to, else who shall send it."""
    if not plan.figures.next_step:
        return ""
    sent = [spaced(one.body or _("uden navn")) for one in _lacking(plan, today) if one.sent_on]
    return ", ".join(dict.fromkeys(sent)) or plan.figures.contact or _("(ingen kontaktperson)")


def holds_up(plan: PlanLine, today: date) -> str:
    """What the next step waits for, a line for each body."""
    step = plan.figures.next_step
    if not step:
        return ""
    contact = plan.figures.contact or _("planens kontaktperson")
    lines = []
    for one in _lacking(plan, today):
        body = spaced(one.body or one.step or "")
        if one.decision == Decision.REJECTED:
            line = _("{body}: afvist, skal behandles igen").format(body=body)
        elif one.sent_on is None:
            line = _("{body}: skal sendes af {contact}").format(body=body, contact=contact)
        elif one.sent_on > today:
            line = _("{body}: sendes {day}").format(body=body, day=f"{one.sent_on:%d-%m-%Y}")
        else:
            days = days_text((today - one.sent_on).days)
            line = _("{body}: sendt for {days} siden").format(body=body, days=days)
        lines.append(line)
    nothing = _("{step} er ikke skrevet ind. Kontakt: {contact}")
    return "\n".join(lines) or nothing.format(step=step, contact=contact)


def _durations(plan: PlanLine, steps: Sequence[str], today: date) -> list[int | None]:
    """Each step's days, and those from the first case to the last decision."""
    spans = [_sent_and_decided(plan, step, today) for step in steps]
    known = [span for span in spans if span]
    whole = None
    if known and plan.figures.next_step is None:
        whole = min(sent for sent, _ in known), max(decided for _, decided in known)
    return [(span[1] - span[0]).days if span else None for span in (*spans, whole)]


def _sent_and_decided(plan: PlanLine, step: str, today: date) -> tuple[date, date] | None:
    """When a step was sent first and decided last; None while it is open or a day is missing."""
    rows = [one for one in counting(plan, step, today) if one.decision != Decision.NOT_RELEVANT]
    sent = [one.sent_on for one in rows if one.sent_on]
    decided = [one.decided_on for one in rows if one.is_decided and one.decided_on]
    if not rows or not sent or len(decided) < len(rows):
        return None
    span = min(sent), max(decided)
    return span if span[0] <= span[1] <= today else None
