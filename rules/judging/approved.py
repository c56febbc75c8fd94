"""What the fund approved: a plan's amounts and period on the day of its final approval.

Remembered from run to run outside of the rules; a plan that differs from it has been changed since.
"""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from datetime import date

from rules.model.plan import Funding, Workbook, row_identity
from rules.text.danish import name_key


@dataclass(frozen=True, slots=True)
class ApprovedRow:
    """A funding row with its amounts in øre by year; `identity` recognises it."""

    identity: str
    source: str
    years: dict[int, int]


@dataclass(frozen=True, slots=True)
class ApprovedWorkbook:
    """What one of the plan's workbooks held."""

    starts_on: date | None
    ends_on: date | None
    rows: tuple[ApprovedRow, ...]


@dataclass(frozen=True, slots=True)
class ApprovedPlan:
    """What the plan's workbooks held, by `workbook_key`, when it had been approved on that day."""

    approved_on: date
    books: dict[str, ApprovedWorkbook]


def workbook_key(workbook: Workbook) -> str:
    """What a workbook is recognised by within its plan, also after a renaming: its area."""
    return name_key(workbook.form.area) if workbook.form.area else workbook.path


def row_keys(rows: tuple[Funding, ...]) -> list[tuple[str, Funding]]:
    """Each funding row but the total rows, with its identity; rows that are alike are numbered."""
    alike: Counter[str] = Counter()
    keyed = []
    for row in rows:
        if row.is_total:
            continue
        identity = f"{row_identity(row)}|{name_key(row.form or '')}"
        alike[identity] += 1
        keyed.append((f"{identity}|{alike[identity]}", row))
    return keyed


def approved_now(workbook: Workbook) -> ApprovedWorkbook:
    """What the workbook holds now, to be remembered as approved."""
    rows = tuple(
        ApprovedRow(identity, row.source or "", dict(row.years))
        for identity, row in row_keys(workbook.funding)
    )
    return ApprovedWorkbook(workbook.form.starts_on, workbook.form.ends_on, rows)
