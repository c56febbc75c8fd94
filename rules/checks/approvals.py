"""GOD: the approval sequence. The order of the steps is configuration; see procedure.py."""

from __future__ import annotations

import re
from collections.abc import Iterator
from itertools import chain, product

from rules.judging.procedure import (
    Procedure,
    StepStatus,
    by_body,
    current,
    effective_date,
)
from rules.judging.rounds import State
from rules.judging.rule import SEED, TECHNICAL, Case, ExampleCell, Rule
from rules.model.choices import Decision, PlanStatus
from rules.model.finding import Fact, Finding, Severity
from rules.model.parameters import Parameters
from rules.model.plan import Approval, Plan, Workbook
from rules.text.danish import name_key
from rules.text.marking import N_
from rules.text.quoting import quoted

_SEPARATORS = re.compile(r"[;,\n]|\bog\b")
_NONE = {"", "ingen", "nej", "n/a"}


def approved_too_soon(case: Case) -> Iterator[Finding]:
    """GOD-01: a step is approved before those it requires; a finding names them all."""
    for one_round, status in _steps(case):
        required = [one_round.steps[name] for name in status.step.requires]
        lacking = [one.step for one in required if one.is_lacking]
        bodies = [_bodies(case, one_round, one.name) for one in lacking]
        missing = tuple(chain(*zip((one.in_text for one in lacking), bodies, strict=True)))
        if not missing or status.state in (State.REJECTED, State.UNKNOWN):
            continue
        for workbook, approval in status.counting:
            if approval.decision == Decision.APPROVED:
                yield workbook.finding(
                    "GOD-01", approval, "decision", step=status.step.in_text, missing=missing
                )


def _steps(case: Case) -> Iterator[tuple[Procedure, StepStatus]]:
    """Each step of each round: a round is looked at by itself."""
    for one_round in case.rounds:
        for status in one_round.steps.values():
            yield one_round, status


def _bodies(case: Case, one_round: Procedure, step: str) -> str:
    """The bodies of a step that have decided otherwise, or not yet."""
    rows = [placed for placed in one_round.rows if placed[1].step == step]
    latest = [current(one, case.today) for one in by_body(rows)]
    lacking = [one for one in latest if one.decision in (Decision.PENDING, Decision.REJECTED)]
    return ", ".join(quoted(one.body) for one in lacking if one.body)


def dated_before_required(case: Case) -> Iterator[Finding]:
    """GOD-02: an approval is dated before that of a step which must come first."""
    yield from _dated_before(case, "GOD-02", "requires")


def dated_before_customary(case: Case) -> Iterator[Finding]:
    """GOD-03: an approval is dated before that of a step which customarily comes first."""
    yield from _dated_before(case, "GOD-03", "follows")


def _dated_before(case: Case, code: str, relation: str) -> Iterator[Finding]:
    for one_round, status in _steps(case):
        others = [one_round.steps[name] for name in getattr(status.step, relation)]
        for workbook, approval in status.counting:
            day = effective_date(approval, case.today)
            if day is None or approval.decision != Decision.APPROVED:
                continue
            later = [
                (other.decided_on, other.step.in_text)
                for other in others
                if other.state is State.APPROVED and other.decided_on and other.decided_on > day
            ]
            if later:
                facts: dict[str, Fact] = {"decided_on": day, "step": status.step.in_text}
                facts["others"] = tuple(name for _, name in later)
                facts["other_on"] = max(on for on, _ in later)
                yield workbook.finding(code, approval, "decided_on", **facts)


def decision_without_date(case: Case) -> Iterator[Finding]:
    """GOD-04: a decision has no date."""
    for workbook, row in case.plan.rows(Approval):
        if not row.is_decided or row.decided_on or "decided_on" in row.unread:
            continue
        if workbook.has("approvals", "decided_on"):
            yield workbook.finding("GOD-04", row, "decided_on", decision=row.decision or "")


def date_without_decision(case: Case) -> Iterator[Finding]:
    """GOD-05: a pending decision has a date."""
    for workbook, row in case.plan.rows(Approval):
        if row.decision == Decision.PENDING and row.decided_on:
            yield workbook.finding("GOD-05", row, "decision", decided_on=row.decided_on)


def decided_in_the_future(case: Case) -> Iterator[Finding]:
    """GOD-06: a decision is dated in the future."""
    for workbook, row in case.plan.rows(Approval):
        if row.is_decided and row.decided_on and row.decided_on > case.today:
            facts: dict[str, Fact] = {"decided_on": row.decided_on, "decision": row.decision or ""}
            yield workbook.finding("GOD-06", row, "decided_on", **facts)


def status_without_final_approval(case: Case) -> Iterator[Finding]:
    """GOD-07: the plan's status is past approval, and no round has the final approval."""
    finals, first = case.final_steps, case.plan.first
    if not finals or not case.plan.is_beyond(PlanStatus.FOR_APPROVAL):
        return
    if not any(f.state in (State.APPROVED, State.UNKNOWN) for f in finals) and (
        finals[0].is_lacking and first.has("plan", "value")
    ):
        facts = {"status": case.plan.status or "", "step": finals[0].step.in_text}
        yield first.field_finding("GOD-07", "status", **facts)


def approved_after_start(case: Case) -> Iterator[Finding]:
    """GOD-08: the final approval of the first round is later than the plan's start."""
    final = case.final_steps[0] if case.final_steps else None
    for workbook, row in final.counting if final else ():
        day, starts_on = effective_date(row, case.today), workbook.form.starts_on
        if final and day and starts_on and day > starts_on and row.decision == Decision.APPROVED:
            facts: dict[str, Fact] = {"decided_on": day, "starts_on": starts_on}
            facts["step"] = final.step.in_text
            yield workbook.finding("GOD-08", row, "decided_on", **facts)


def organisation_not_named(case: Case) -> Iterator[Finding]:
    """GOD-09: no approval row names one of the plan's organisations.

    Silent where a row that may name it cannot be read.
    """
    workbook = case.plan.first_with("approvals", "step", "body")
    if workbook is None or not case.plan.is_beyond(PlanStatus.FOR_APPROVAL):
        return
    step = case.parameters.organisation_step
    rows = [a for _, a in case.plan.rows(Approval) if a.step in {None, step}]
    if any(approval.body is None for approval in rows):
        return
    bodies = [name_key(approval.body or "") for approval in rows]
    for organisation in _organisations(case.plan):
        spellings = _spellings(organisation, case.parameters)
        if not any(spelling in body for spelling in spellings for body in bodies):
            facts: dict[str, Fact] = {"organisation": organisation, "step": step}
            yield Finding("GOD-09", workbook.place("approvals"), facts, name_key(organisation))


def _organisations(plan: Plan) -> list[str]:
    """The plan's organisations, each once, in the order of the workbooks."""
    names: dict[str, str] = {}
    for workbook in plan.workbooks:
        others = _SEPARATORS.split(workbook.form.other_organisations or "")
        for name in (workbook.form.organisation, *others):
            if name and name_key(name).strip(".-") not in _NONE:
                names.setdefault(name_key(name), name.strip())
    return list(names.values())


def _spellings(organisation: str, parameters: Parameters) -> tuple[str, ...]:
    key = name_key(organisation)
    return next((keys for keys in parameters.organisation_keys if key in keys), (key,))


def sent_after_decision(case: Case) -> Iterator[Finding]:
    """GOD-10: a case was sent later than it was decided."""
    for workbook, row in case.plan.rows(Approval):
        sent_on, decided_on = row.sent_on, effective_date(row, case.today)
        if sent_on and decided_on and sent_on > decided_on:
            yield workbook.finding("GOD-10", row, "sent_on", sent_on=sent_on, decided_on=decided_on)


def workbooks_disagree(case: Case) -> Iterator[Finding]:
    """GOD-11: a decision differs from that in the first workbook with the same step and body."""
    if len(case.plan.workbooks) == 1:
        return
    first: dict[tuple[int, str, str], tuple[Workbook, Approval]] = {}
    for workbook, one_round in product(case.plan.workbooks, case.rounds):
        named = [p for p in one_round.rows if p[0] is workbook and p[1].step and p[1].body]
        for approval in (current(rows, case.today) for rows in by_body(named)):
            step, body = approval.step or "", approval.body or ""
            key = one_round.number, step, name_key(body)
            other_workbook, other = first.setdefault(key, (workbook, approval))
            if _differ(approval, other):
                yield workbook.finding(
                    "GOD-11", approval, "decision", step=step, body=body, other=other_workbook.path
                )


def _differ(here: Approval, there: Approval) -> bool:
    if here.decision is None or there.decision is None:
        return False
    if "decided_on" in here.unread | there.unread:
        return False
    return (here.decision, here.decided_on) != (there.decision, there.decided_on)


CUSTOMARY = N_(
    "Lokal praksis i Helsingør; en landsdækkende vejledning nævner boligorganisationen først"
)

RULES = (
    Rule(
        code="GOD-01",
        title="Godkendt, før et tidligere trin er godkendt",
        severity=Severity.ERROR,
        message="{step:Trin} har godkendt planen, men {missing:trin og instanser} har ikke.",
        fix="Skriv godkendelsen fra {missing:trin og instanser} ind. Er afgørelsen her ikke "
        "truffet, så skriv »Afventer«, og slet datoen.",
        why="Udvalgene skal godkende før Byrådet, og alle andre før Landsbyggefonden.",
        source=SEED,
        wrong=(
            ExampleCell("Godkendelser", 7, "Afgørelse", "Afventer"),
            ExampleCell("Godkendelser", 7, "Afgørelsesdato", ""),
        ),
        right=(ExampleCell("Godkendelser", 7, "Afgørelse", "Godkendt"),),
        check=approved_too_soon,
    ),
    Rule(
        code="GOD-02",
        title="Godkendt på en dato før et tidligere trin",
        severity=Severity.ERROR,
        message="{step:Trin} godkendte planen den {decided_on:dato}, men {others:trin} gjorde det "
        "først den {other_on:dato}.",
        fix="Ret den dato, som er forkert. {step:Trin} skal godkende tidligst samme dag "
        "som {others:trin}.",
        why="Udvalgene skal godkende før Byrådet, og alle andre før Landsbyggefonden.",
        source=SEED,
        wrong=(
            ExampleCell("Godkendelser", 4, "Sendt", "08-05-2024"),
            ExampleCell("Godkendelser", 4, "Afgørelsesdato", "13-05-2024"),
        ),
        right=(ExampleCell("Godkendelser", 4, "Afgørelsesdato", "03-06-2024"),),
        check=dated_before_required,
    ),
    Rule(
        code="GOD-03",
        title="Godkendt i en anden rækkefølge end normalt",
        severity=Severity.WARNING,
        message="{step:Trin} godkendte planen den {decided_on:dato}, men {others:trin} gjorde det "
        "først den {other_on:dato}.",
        fix="Ret datoen, hvis den er forkert. Rækkefølgen er en vane og ikke et krav.",
        why="I Helsingør godkender Byrådet normalt før boligorganisation, beboere og styregruppe.",
        source=CUSTOMARY,
        wrong=(
            ExampleCell("Godkendelser", 5, "Sendt", "01-04-2024"),
            ExampleCell("Godkendelser", 5, "Afgørelsesdato", "30-05-2024"),
        ),
        right=(ExampleCell("Godkendelser", 5, "Afgørelsesdato", "27-08-2024"),),
        check=dated_before_customary,
    ),
    Rule(
        code="GOD-04",
        title="Afgørelse uden dato",
        severity=Severity.ERROR,
        message="Afgørelsen er »{decision}«, men datoen mangler.",
        fix="Skriv den dato, hvor afgørelsen blev truffet.",
        why="Rækkefølgen af godkendelserne kan kun kontrolleres med datoer.",
        source=TECHNICAL,
        wrong=(ExampleCell("Godkendelser", 3, "Afgørelsesdato", ""),),
        right=(ExampleCell("Godkendelser", 3, "Afgørelsesdato", "21-05-2024"),),
        check=decision_without_date,
    ),
    Rule(
        code="GOD-05",
        title="Dato uden afgørelse",
        severity=Severity.WARNING,
        message="Afgørelsen er »Afventer«, men »Afgørelsesdato« er den {decided_on:dato}.",
        fix="Ret afgørelsen, eller slet datoen.",
        why="En dato viser, at sagen er afgjort.",
        source=TECHNICAL,
        wrong=(
            ExampleCell("Plan", 1, "Planstatus", "Til godkendelse"),
            ExampleCell("Godkendelser", 8, "Afgørelse", "Afventer"),
        ),
        right=(ExampleCell("Godkendelser", 8, "Afgørelse", "Godkendt"),),
        check=date_without_decision,
    ),
    Rule(
        code="GOD-06",
        title="Afgørelse i fremtiden",
        severity=Severity.ERROR,
        message="Afgørelsen er »{decision}«, men den {decided_on:dato} ligger ude i fremtiden.",
        fix="Ret datoen. Er afgørelsen ikke truffet, så skriv »Afventer«, og slet datoen, indtil "
        "den er.",
        why="En afgørelse kan ikke være truffet i fremtiden.",
        source=TECHNICAL,
        wrong=(ExampleCell("Godkendelser", 3, "Afgørelsesdato", "21-05-2034"),),
        right=(ExampleCell("Godkendelser", 3, "Afgørelsesdato", "21-05-2024"),),
        check=decided_in_the_future,
    ),
    Rule(
        code="GOD-07",
        title="Den endelige godkendelse mangler",
        severity=Severity.ERROR,
        message="Planen er »{status}«, men {step:trin} har ikke givet endelig godkendelse.",
        fix="Skriv godkendelsen ind i »Godkendelser«, eller ret »Planstatus«.",
        why="En plan kan først gå i gang, når Landsbyggefonden har godkendt den.",
        source=SEED,
        wrong=(
            ExampleCell("Godkendelser", 8, "Afgørelse", "Afventer"),
            ExampleCell("Godkendelser", 8, "Afgørelsesdato", ""),
        ),
        right=(ExampleCell("Godkendelser", 8, "Afgørelse", "Godkendt"),),
        check=status_without_final_approval,
    ),
    Rule(
        code="GOD-08",
        title="Godkendt efter planens start",
        severity=Severity.WARNING,
        message="{step:Trin} godkendte planen den {decided_on:dato}, men planen begyndte den "
        "{starts_on:dato}.",
        fix="Ret datoen, eller ret planens startdato i fanen »Plan«.",
        why="Planen bør være godkendt, før den begynder.",
        source=SEED,
        wrong=(ExampleCell("Godkendelser", 8, "Afgørelsesdato", "15-01-2025"),),
        right=(ExampleCell("Godkendelser", 8, "Afgørelsesdato", "28-11-2024"),),
        check=approved_after_start,
    ),
    Rule(
        code="GOD-09",
        title="En boligorganisation mangler i godkendelserne",
        severity=Severity.WARNING,
        message="{organisation} står ikke som instans under trinnet »{step}«.",
        fix="Tilføj en række med trinnet »{step}«, instansen »{organisation}«, afgørelsen og "
        "datoen.",
        why="Alle planens boligorganisationer skal godkende den.",
        source=SEED,
        wrong=(ExampleCell("Plan", 1, "Øvrige boligorganisationer", "Nordkysten"),),
        right=(ExampleCell("Plan", 1, "Øvrige boligorganisationer", ""),),
        check=organisation_not_named,
    ),
    Rule(
        code="GOD-10",
        title="Sendt efter afgørelsen",
        severity=Severity.WARNING,
        message="Sagen er sendt den {sent_on:dato}, men afgjort den {decided_on:dato}. Ret en af "
        "datoerne.",
        fix="Ret datoen for »Sendt« eller »Afgørelsesdato«.",
        why="En sag bliver sendt, før den bliver afgjort.",
        source=TECHNICAL,
        wrong=(ExampleCell("Godkendelser", 3, "Sendt", "01-06-2024"),),
        right=(ExampleCell("Godkendelser", 3, "Sendt", "10-04-2024"),),
        check=sent_after_decision,
    ),
    Rule(
        code="GOD-11",
        title="Planens regneark er uenige om en godkendelse",
        severity=Severity.WARNING,
        message="{step}, {body}: afgørelsen eller datoen er en anden end i »{other}«.",
        fix="Skriv samme afgørelse og dato i alle planens regneark.",
        why="Godkendelsen gælder hele planen, også når den dækker flere områder.",
        source=SEED,
        wrong="Byrådets godkendelse er 3. juni 2024 i det ene regneark og 4. juni i det andet.",
        right="Byrådets godkendelse er 3. juni 2024 i begge regneark.",
        check=workbooks_disagree,
    ),
)
