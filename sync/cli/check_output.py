"""A check's results as text for people and as JSON for programs."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator
from datetime import date
from decimal import Decimal
from typing import Any

from rules.catalogue.catalogue import RULE_BY_CODE
from rules.judging.figures import PlanFigures
from rules.model.finding import Notice, Severity
from rules.text.personal_numbers import masked
from rules.text.quoting import exact_share, shown_json, shown_name
from sheets_templates.template.lists import VERSION, changes_since
from sync.check.check import CheckedWorkbook, CheckReport
from sync.cli.common import number_of, with_path
from sync.config.section import ConfigurationError
from sync.findings.annotations import in_short
from sync.i18n.language import _

JSON_VERSION = 1


def selected_codes(select: Iterable[str], ignore: Iterable[str]) -> set[str]:
    """The codes that are selected (all, where none is named) and not ignored.

    A name is a code, or a family like FIN.

    Raises:
        ConfigurationError: there is no such code or family.
    """
    return (_codes(select) or set(RULE_BY_CODE)) - _codes(ignore)


def _codes(names: Iterable[str]) -> set[str]:
    codes: set[str] = set()
    for name in (part.strip().upper() for text in names for part in text.split(",")):
        matching = {code for code in RULE_BY_CODE if name in {code, code[:3]}}
        if not matching:
            raise ConfigurationError(f"{name}: there is no such rule; see helhedsplan rules")
        codes |= matching
    return codes


def as_json(report: CheckReport, today: date) -> str:
    """The report as one JSON object, in the form that docs/interfaces.md describes."""
    counts = report.counts
    summary = {"workbooks": len(report.workbooks)}
    summary |= {str(severity): counts[severity] for severity in Severity}
    data = {
        "version": JSON_VERSION,
        "today": today.isoformat(),
        "workbooks": [_book(book) for book in report.workbooks],
        "findings": [_finding(notice) for notice in report.notices],
        "plans": [_plan(plan) for plan in report.plans],
        "summary": summary,
    }
    return shown_json(data, indent=None)


def _book(book: CheckedWorkbook) -> dict[str, Any]:
    return {
        "name": masked(book.listed.path),
        "path": masked(book.listed.address),
        "plan_id": _masked(book.plan_id),
        "area": book.area,
        "status": book.status,
    }


def _finding(notice: Notice) -> dict[str, Any]:
    return {
        "workbook": masked(notice.workbook),
        "tab": _masked(notice.tab),
        "cell": notice.cell,
        "column": notice.column,
        "code": notice.code,
        "severity": str(notice.severity),
        "message": notice.message,
        "fix": notice.fix,
    }


def _plan(plan: PlanFigures) -> dict[str, Any]:
    share = plan.local_share
    return {
        "plan_id": _masked(plan.plan_id),
        "total": _kroner(plan.total_oere),
        "local": _kroner(plan.local_oere),
        "local_share": None if share is None else exact_share(share),
        "next_step": plan.next_step,
    }


def _kroner(oere: int | None) -> str | None:
    return None if oere is None else f"{Decimal(oere).scaleb(-2):.2f}"


def _masked(text: str | None) -> str | None:
    return None if text is None else masked(text)


def as_text(report: CheckReport) -> Iterator[str]:
    """The report as lines: the findings by workbook, then a summary."""
    workbook = None
    for notice in report.notices:
        if notice.workbook != workbook:
            workbook = notice.workbook
            yield f"{shown_name(workbook)}"
        place = " ".join(filter(None, (notice.tab and shown_name(notice.tab), notice.cell)))
        subject = f" {notice.column}:" if notice.column else ""
        head = f"  {_(notice.severity).upper()} {notice.code} {place}".rstrip()
        yield f"{head} –{subject} {notice.message}"
    for path, reason in report.failures:
        yield with_path(path, reason)
    yield from _old_templates(report.workbooks)
    statuses = Counter(book.status for book in report.workbooks)
    notes = [f"{n} {s}" for s in ("unreadable", "failed") if (n := statuses[s])]
    note = f" ({', '.join(notes)})" if notes else ""
    books = number_of(len(report.workbooks), "workbook")
    yield f"{books}{note}: {in_short(Counter(report.counts))}"


def _old_templates(books: Iterable[CheckedWorkbook]) -> Iterator[str]:
    """Which workbooks were made from an older template, and what a new one has besides."""
    by_version: dict[int, list[str]] = defaultdict(list)
    for book in books:
        if book.template is not None and book.template < VERSION:
            by_version[book.template].append(shown_name(book.listed.path))
    for version, names in sorted(by_version.items()):
        yield f"Version {version} of the template (the newest is {VERSION}): {', '.join(names)}"
        yield from (f"  New since then: {change}" for change in map(_, changes_since(version)))
