"""All rules, written out; running them; and putting findings into words."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence

from rules.checks import (
    activities,
    approvals,
    cells,
    changes,
    cofinancing,
    milestones,
    personal_data,
    plan,
    preparation,
    staff,
    structure,
)
from rules.judging.copy_names import is_copy_by_name
from rules.judging.notice import Notice
from rules.judging.rule import Case, Context, Rule
from rules.model.finding import Finding, Place
from rules.model.run_index import Entry, conflict_copies
from rules.text.language import DANISH, Language
from rules.text.quoting import quoted

RULES: tuple[Rule, ...] = (
    *structure.RULES,
    *cells.RULES,
    *plan.RULES,
    *preparation.RULES,
    *activities.RULES,
    *cofinancing.RULES,
    *approvals.RULES,
    *staff.RULES,
    *milestones.RULES,
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
    for entry in entries:
        if entry.path in copies:
            other = copies[entry.path]
            place, variant = Place(entry.path), _kinship(entry.path, other)
            yield Finding("STR-06", place, {"other": other}, "workbook", variant=variant)
    originals = tuple(entry for entry in entries if entry.path not in copies)
    for rule in RULES:
        if rule.run_check:
            yield from rule.run_check(originals, context)


def _kinship(path: str, other: str) -> str:
    """The wording of STR-06: which of the two is a copy, as far as the names tell."""
    if is_copy_by_name(path, other):
        return "copy"
    return "copied" if is_copy_by_name(other, path) else ""


def notice_of(finding: Finding, language: Language = DANISH) -> Notice:
    """The finding in words.

    Raises:
        KeyError: there is no such rule, or a fact that its wording needs is missing.
    """
    rule = RULE_BY_CODE[finding.code]
    wording = rule.worded(finding, language)
    said = "" if language.code == DANISH.code else rule.worded(finding, DANISH).message
    place = finding.place
    return Notice(
        workbook=place.workbook,
        tab=place.tab,
        row=place.row,
        column_number=place.column,
        cell=place.cell,
        column=quoted(place.header) if place.header else None,
        code=finding.code,
        severity=finding.severity or rule.severity,
        message=wording.message,
        fix=wording.fix,
        identity=finding.identity,
        said=said,
    )


def in_sheet_order(notices: Iterable[Notice], tabs: Sequence[str]) -> list[Notice]:
    """One workbook's notices as a reader meets them: tab, row, column, code."""
    position: Mapping[str | None, int] = {name: n for n, name in enumerate(tabs)}

    def order(notice: Notice) -> tuple[int, int, int, str]:
        at = -1 if notice.tab is None else position.get(notice.tab, len(position))
        return at, notice.row or 0, notice.column_number or 0, notice.code

    return sorted(notices, key=order)
