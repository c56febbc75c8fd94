"""The history for other programs: runs, findings and workbooks, without any cell contents."""

from __future__ import annotations

import csv
import io
import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from sqlalchemy import Select, select

from rules.text.personal_numbers import masked
from sync.history.history import History
from sync.history.tables import finding, last_seen, run

FORM = 1
"""Grows when a key is removed or changes its meaning."""
_RISKY_START = ("=", "+", "-", "@", "\t", "\r")

Value = str | int | bool | None


@dataclass(frozen=True, slots=True)
class _Export:
    """A table of the export: what it is called, and the query for it."""

    name: str
    query: Select[Any]


_EXPORTS = (
    _Export(
        "runs",
        select(*(run.c[name] for name in (
            "started_at", "finished_at", "outcome", "workbooks", "fejl", "advarsel", "info",
        ))).order_by(run.c.id),
    ),
    _Export(
        "findings",
        select(*(finding.c[name] for name in (
            "workbook", "code", "severity", "first_seen", "last_seen", "is_open", "identity",
        ))).order_by(finding.c.workbook, finding.c.code, finding.c.identity),
    ),
    _Export(
        "workbooks",
        select(*(last_seen.c[name] for name in (
            "path", "plan_id", "area", "checked_at", "edited_at", "missing_since",
        ))).order_by(last_seen.c.path),
    ),
)  # fmt: skip


def as_json(history: History) -> str:
    """One object with a list for each table."""
    tables = {table.name: list(_records(history, table)) for table in _EXPORTS}
    return json.dumps({"version": FORM, **tables}, ensure_ascii=False, indent=1)


def as_csv(history: History) -> Mapping[str, bytes]:
    """A file for each table, by its name, as a Danish Excel opens it: `;` and a BOM."""
    return {f"{table.name}.csv": _csv(history, table) for table in _EXPORTS}


def _records(history: History, table: _Export) -> Iterator[dict[str, Value]]:
    names = table.query.selected_columns.keys()
    for row in history.database.rows(table.query):
        yield dict(zip(names, map(_tidy, row), strict=True))


def _tidy(value: Any) -> Value:
    if isinstance(value, date):
        return value.isoformat()
    return masked(value) if isinstance(value, str) else value


def _csv(history: History, table: _Export) -> bytes:
    out = io.StringIO()
    names = table.query.selected_columns.keys()
    writer = csv.DictWriter(out, names, delimiter=";", lineterminator="\r\n")
    writer.writeheader()
    for record in _records(history, table):
        writer.writerow({name: _cell(value) for name, value in record.items()})
    return out.getvalue().encode("utf-8-sig")


def _cell(value: Value) -> Value:
    """A value that no spreadsheet takes for a formula; yes and no as 1 and 0."""
    if isinstance(value, bool):
        return int(value)
    if isinstance(value, str) and value.startswith(_RISKY_START):
        return f"'{value}"
    return value
