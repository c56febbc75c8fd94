"""The history for other programs: runs, findings and workbooks, without any cell contents."""

from __future__ import annotations

import csv
import io
from collections.abc import Mapping
from datetime import date
from typing import Any

from sqlalchemy import Select, Table, select

from rules.text.personal_numbers import masked
from rules.text.quoting import shown_json
from sync.history.database import finding, last_seen, run
from sync.history.history import History

FORM = 1
"""Grows when a key is removed or changes its meaning."""
_RISKY_START = ("=", "+", "-", "@", "\t", "\r")

Value = str | int | bool | None


def _query(table: Table, columns: str, *order: str) -> Select[Any]:
    chosen = (table.c[name] for name in columns.split())
    return select(*chosen).order_by(*(table.c[name] for name in order))


_EXPORTS = {
    "runs": _query(run, "started_at finished_at outcome workbooks fejl advarsel info", "id"),
    "findings": _query(
        finding, "workbook code severity first_seen last_seen is_open identity",
        "workbook", "code", "identity",
    ),
    "workbooks": _query(
        last_seen, "path plan_id area checked_at edited_at missing_since", "path"
    ),
}  # fmt: skip
"""What each list is called, and the query for it."""


def as_json(history: History) -> str:
    """One object with a list for each table."""
    tables = {
        name: [dict(zip(query.selected_columns.keys(), row, strict=True))
               for row in _rows(history, query)]
        for name, query in _EXPORTS.items()
    }  # fmt: skip
    return shown_json({"version": FORM, **tables})


def as_csv(history: History) -> Mapping[str, bytes]:
    """A file for each table, by its name, as a Danish Excel opens it: `;` and a BOM."""
    return {f"{name}.csv": _csv(history, query) for name, query in _EXPORTS.items()}


def _rows(history: History, query: Select[Any]) -> list[list[Value]]:
    return [[_tidy(value) for value in row] for row in history.database.rows(query)]


def _tidy(value: Any) -> Value:
    if isinstance(value, date):
        return value.isoformat()
    return masked(value) if isinstance(value, str) else value


def _csv(history: History, query: Select[Any]) -> bytes:
    out = io.StringIO()
    writer = csv.writer(out, delimiter=";", lineterminator="\r\n")
    writer.writerow(query.selected_columns.keys())
    writer.writerows([map(_cell, row) for row in _rows(history, query)])
    return out.getvalue().encode("utf-8-sig")


def _cell(value: Value) -> Value:
    """A value that no spreadsheet takes for a formula; yes and no as 1 and 0."""
    if isinstance(value, bool):
        return int(value)
    if isinstance(value, str) and value.startswith(_RISKY_START):
        return f"'{value}"
    return value
