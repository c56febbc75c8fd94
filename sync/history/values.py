"""Whether every value can be what was kept: one that cannot is damage, as a torn file is."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from datetime import datetime
from typing import Any

import msgspec
from sqlalchemy import Column, Connection, Table, select

from rules.judging.approval_log import LoggedApproval
from rules.judging.approved import ApprovedPlan
from rules.judging.confirmed import Confirmation
from rules.model.finding import Severity
from sync.history.database import approval_log, approved, confirmed, finding, note, run, workbook
from sync.history.migrations import DamagedError
from sync.history.runs import OUTCOMES, Notes, problems_in

_LATEST_SECONDS = 1e11
"""Later than any file; a later moment is no date."""


def _moment(seconds: float) -> None:
    if not 0 <= seconds < _LATEST_SECONDS:
        raise ValueError(seconds)


def approved_plan(packed: bytes) -> ApprovedPlan:
    """A plan as it was kept.

    Raises:
        msgspec.MsgspecError: it is damaged.
    """
    return msgspec.msgpack.decode(packed, type=ApprovedPlan)


def confirmed_plan(packed: bytes) -> dict[str, Confirmation | None]:
    """A plan's confirmations as they were kept.

    Raises:
        msgspec.MsgspecError: they are damaged.
    """
    return msgspec.msgpack.decode(packed, type=dict[str, Confirmation | None])


def logged_approvals(packed: bytes) -> tuple[LoggedApproval, ...]:
    """A plan's approvals as they were kept.

    Raises:
        msgspec.MsgspecError: they are damaged.
    """
    return msgspec.msgpack.decode(packed, type=tuple[LoggedApproval, ...])


_READ: Mapping[Column[Any], Callable[[Any], object]] = {
    run.c.outcome: OUTCOMES.index,
    run.c.problems: problems_in,
    finding.c.severity: Severity,
    workbook.c.read_at: _moment,
    approved.c.figures: approved_plan,
    confirmed.c.books: confirmed_plan,
    approval_log.c.entries: logged_approvals,
}
"""How values of a column are read, where their type does not say it all."""


def refuse_wrong_values(connection: Connection, tables: Iterable[Table]) -> None:
    """Read everything that these tables hold, but for readings of workbooks, which have a seal.

    Raises:
        DamagedError: a value cannot have been put there.
    """
    try:
        for table in tables:
            for column in table.c:
                if column is not workbook.c.content:
                    for value in connection.scalars(select(column).distinct()):
                        _read(column, value)
            if table is note:
                for key, text in connection.execute(select(note.c.key, note.c.value)):
                    Notes.refuse_wrong(key, text)
    except (ValueError, TypeError, msgspec.MsgspecError) as error:
        raise DamagedError from error


def _read(column: Column[Any], value: Any) -> None:
    if value is None:
        if not column.nullable:
            raise ValueError(column.name)
        return
    if not isinstance(value, column.type.python_type):
        raise TypeError(column.name)
    if isinstance(value, datetime) and value.tzinfo is None:
        raise ValueError(column.name)
    if column in _READ:
        _READ[column](value)
