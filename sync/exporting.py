"""The history for other programs: runs, findings and workbooks, without any cell contents."""

from __future__ import annotations

import csv
import io
import json
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from rules.personal_numbers import masked
from sync.history import History

FORM = 1
"""Grows when a key is removed or changes its meaning."""
_RISKY_START = ("=", "+", "-", "@", "\t", "\r")

Value = str | int | bool | None


@dataclass(frozen=True, slots=True)
class _Table:
    """A table of the export: what it is called, its columns, and the query for them."""

    name: str
    columns: Sequence[str]
    query: str


_TABLES = (
    _Table(
        "runs",
        ("started_at", "finished_at", "outcome", "workbooks", "fejl", "advarsel", "info"),
        "SELECT started_at, finished_at, outcome, workbooks, fejl, advarsel, info "
        "FROM run ORDER BY id",
    ),
    _Table(
        "findings",
        ("workbook", "code", "severity", "first_seen", "last_seen", "is_open", "identity"),
        "SELECT workbook, code, severity, first_seen, last_seen, is_open, identity "
        "FROM finding ORDER BY workbook, code, identity",
    ),
    _Table(
        "workbooks",
        ("path", "plan_id", "area", "checked_at", "edited_at", "missing_since"),
        "SELECT path, plan_id, area, checked_at, edited_at, missing_since "
        "FROM sighting ORDER BY path",
    ),
)


def as_json(history: History) -> str:
    """One object with a list for each table."""
    tables = {table.name: list(_records(history, table)) for table in _TABLES}
    return json.dumps({"version": FORM, **tables}, ensure_ascii=False, indent=1)


def as_csv(history: History) -> Mapping[str, bytes]:
    """A file for each table, by its name, as a Danish Excel opens it: `;` and a BOM."""
    return {f"{table.name}.csv": _csv(history, table) for table in _TABLES}


def _records(history: History, table: _Table) -> Iterator[dict[str, Value]]:
    for row in history.database.execute(table.query):
        record: dict[str, Value] = dict(zip(table.columns, map(_tidy, row), strict=True))
        if "is_open" in record:
            record["is_open"] = bool(record["is_open"])
        yield record


def _tidy(value: Value) -> Value:
    return masked(value) if isinstance(value, str) else value


def _csv(history: History, table: _Table) -> bytes:
    out = io.StringIO()
    writer = csv.DictWriter(out, table.columns, delimiter=";", lineterminator="\r\n")
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
