"""A finding put into words: what Kontrol, Advarsler and the overview show."""

from __future__ import annotations

from dataclasses import dataclass

from rules.model.finding import Severity


@dataclass(frozen=True, slots=True)
class Notice:
    """A finding in words, as it is shown. Rows and columns count from 1.

    `tab` and `cell` are None where the finding is about the whole workbook or tab.
    """

    workbook: str
    tab: str | None
    row: int | None
    column_number: int | None
    cell: str | None
    column: str | None
    code: str
    severity: Severity
    message: str
    fix: str
