"""All rules, written out; running them; and putting findings into words."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass

from rules.checks import (
    accounts,
    activities,
    approvals,
    cells,
    changes,
    cofinancing,
    milestones,
    personal_data,
    plan,
    preparation,
    registered_grant,
    reports,
    staff,
    structure,
)
from rules.judging.approved import ApprovedPlan, approved_now, workbook_key
from rules.judging.confirmed import ConfirmedPlan
from rules.judging.figures import PlanFigures
from rules.judging.rule import Case, Context, Rule
from rules.judging.summary import figures_of
from rules.model.finding import LEFT_OUT, MOST_FINDINGS, Finding, Notice, Place, Severity
from rules.model.plan import Plan
from rules.model.run_index import Entry, conflict_copies
from rules.text.language import DANISH, Language
from rules.text.personal_numbers import masked
from rules.text.quoting import quoted

RULES: tuple[Rule, ...] = (
    *structure.RULES,
    *cells.RULES,
    *plan.RULES,
    *preparation.RULES,
    *activities.RULES,
    *cofinancing.RULES,
    *registered_grant.RULES,
    *approvals.RULES,
    *staff.RULES,
    *milestones.RULES,
    *accounts.RULES,
    *reports.RULES,
    *personal_data.RULES,
    *changes.RULES,
)
RULE_BY_CODE = {rule.code: rule for rule in RULES}
_PLAN_CHECKS = tuple(rule.check for rule in RULES if rule.check)


def check_plan(case: Case) -> Iterator[Finding]:
    """What is wrong with one plan, seen by itself."""
    for check in _PLAN_CHECKS:
        yield from check(case)


def check_run(entries: Sequence[Entry], context: Context) -> Iterator[Finding]:
    """What is wrong between the plans of a run. `entries` come in path order."""
    copies = conflict_copies(entries)
    yield from structure.second_workbooks(copies)
    originals = tuple(entry for entry in entries if entry.path not in copies)
    for rule in RULES:
        if rule.run_check:
            yield from rule.run_check(originals, context)


@dataclass(frozen=True, slots=True)
class Verdict:
    """What the checks of a plan by itself came to on the context's day.

    `approved` is its amounts and period, where the fund has approved it; `confirmed` what was
    confirmed.
    """

    figures: PlanFigures
    findings: tuple[Finding, ...]
    approved: ApprovedPlan | None
    confirmed: ConfirmedPlan


def verdict_on(plan: Plan, context: Context) -> Verdict:
    """Judge a plan by itself."""
    case = Case(plan, context)
    by_key = {workbook_key(one): case.confirmations[one.path] for one in plan.workbooks}
    return Verdict(figures_of(case), tuple(check_plan(case)), approved_plan(case), by_key)


def approved_plan(case: Case) -> ApprovedPlan | None:
    """The plan's present amounts and period; None while it is not approved, or not readable."""
    day = case.approval_day
    if day is None or case.money is None or not case.money.is_readable:
        return None
    return ApprovedPlan(day, {workbook_key(one): approved_now(one) for one in case.plan.workbooks})


def notice_of(finding: Finding, language: Language = DANISH) -> Notice:
    """The finding in words.

    Raises:
        KeyError: there is no such rule, or a fact that its wording needs is missing.
    """
    wording, place = RULE_BY_CODE[finding.code].worded(finding, language), finding.place
    columns = finding.facts.get("columns", ())
    if place.tab and masked(place.tab) != place.tab:  # the name holds a number: name no tab
        place = Place(place.workbook)
    return Notice(
        workbook=place.workbook,
        tab=place.tab,
        row=place.row,
        column_number=place.column,
        cell=place.cell,
        column=quoted(place.header) if place.header else None,
        code=finding.code,
        severity=severity_of(finding),
        message=wording.message,
        fix=wording.fix,
        columns=columns if isinstance(columns, tuple) else (),
    )


def texts_key(language: Language) -> str:
    """A digest of all that a finding's words depend on besides its facts."""
    digest = hashlib.blake2b(language.code.encode(), digest_size=16)
    for rule in RULE_BY_CODE.values():
        texts = [(language.text(one.message), language.text(one.fix)) for one in rule.wordings]
        digest.update(repr((rule.code, rule.severity, [*rule.variants], texts)).encode())
    return digest.hexdigest()


def severity_of(finding: Finding) -> Severity:
    """How much the finding matters.

    Raises:
        KeyError: there is no such rule.
    """
    return finding.severity or RULE_BY_CODE[finding.code].severity


def in_sheet_order(findings: Iterable[Finding], tabs: Sequence[str]) -> list[Finding]:
    """One workbook's findings as a reader meets them: tab, row, column, code."""
    position = {None: -1} | {name: n for n, name in enumerate(tabs)}

    def order(finding: Finding) -> tuple[int, int, int, str]:
        place = finding.place
        at = position.get(place.tab, len(tabs))
        return at, place.row or 0, place.column or 0, finding.code

    return sorted(findings, key=order)


def worst_listed(findings: Sequence[Finding]) -> list[Finding]:
    """One workbook's findings, of very many the worst; a last one says how many more there are."""
    listed = [one for one in findings if one.code != LEFT_OUT]
    if len(listed) <= MOST_FINDINGS:
        return list(findings)
    left_out = (
        len(listed)
        - MOST_FINDINGS
        + sum(int(str(one.facts["count"])) for one in findings if one.code == LEFT_OUT)
    )
    listed.sort(key=lambda one: severity_of(one).rank)
    place = Place(listed[0].place.workbook)
    more = Finding(LEFT_OUT, place, {"count": left_out}, LEFT_OUT)
    return [*listed[:MOST_FINDINGS], more]
