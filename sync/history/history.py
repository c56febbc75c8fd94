"""What is remembered between runs, in a file or a database: the door to its repositories.

No cell contents but the packed rows of the last reading are kept, the sources and amounts of
plans as they were approved, who approved them, each plan's name and sums, and the secretariat's
open comments; a finding, and what somebody confirmed, is known by digests. Losing it costs the
history only: the next run reads everything again.
"""

from __future__ import annotations

import sqlite3
from contextlib import AbstractContextManager
from datetime import date, datetime, time, timedelta
from typing import Self

from sqlalchemy import delete, exc, not_, select

from sync.config.state import StateError, StateSection, made, unusable
from sync.history import postgres
from sync.history.database import (
    OpenHistory,
    finding,
    interval,
    is_environmental,
    last_seen,
    run,
    sent,
    week,
    workbook,
)
from sync.history.findings import Findings, Trends
from sync.history.history_file import FILE_NAME, backup_file, make_backup, open_file
from sync.history.runs import Notes, Runs
from sync.history.sent_log import SentLog
from sync.history.workbooks import (
    ApprovalLogs,
    ApprovedPlans,
    ConfirmedPlans,
    LastSeenWorkbooks,
    StoredReadings,
)
from sync.i18n.language import _


class History:
    """The history where the configuration says that it is. Use as a context manager.

    What the disk or the server does wrong while it is open ends the context as a StateError.
    """

    def __init__(self, state: StateSection, *, writes: bool = True) -> None:
        """Open it, or begin a new one; without `writes`, only look at what is there.

        Raises:
            StateError: the place cannot be used, somebody else is writing there, or a newer
                version of the program wrote it.
        """
        self._state = state
        there = _open(state, writes=writes)
        self._file = there.file
        self.where = str(state.address or there.file)
        self.opening = there.opening
        self.database = there.database
        """For this package alone."""
        self.runs = Runs(self.database)
        self.readings = StoredReadings(self.database)
        self.findings = Findings(self.database)
        self.last_seen = LastSeenWorkbooks(self.database)
        self.trends = Trends(self.database)
        self.approved = ApprovedPlans(self.database)
        self.confirmed = ConfirmedPlans(self.database)
        self.approval_logs = ApprovalLogs(self.database)
        self.sent_log = SentLog(self.database)
        self.notes = Notes(self.database)

    def __enter__(self) -> Self:
        return self

    def __exit__(self, _: object, error: BaseException | None, trace: object) -> None:
        self.database.close()
        if is_environmental(error):
            raise _unusable(self._state, error) from error

    def together(self) -> AbstractContextManager[None]:
        """All changes inside are one transaction: they are remembered together or not at all."""
        return self.database.together()

    def backup_problems(self) -> list[tuple[str, str]]:
        """Make the backup of a file anew; what stood in its way, if anything did.

        A database's backups are the server's business.
        """
        if self._file is None:
            return []
        try:
            make_backup(self.database, self._file)
        except (OSError, exc.DBAPIError) as error:
            if isinstance(error, exc.DBAPIError) and not is_environmental(error):
                raise
            name = backup_file(self._file).name
            return [(name, _("Filen {name} kunne ikke gemmes lige nu.").format(name=name))]
        return []

    def forget(self, today: date, days: int, days_of_rows: int) -> None:
        """Drop what is older than `days`, and rows of workbooks gone for `days_of_rows`.

        What is still open is kept, however old it is.
        """
        before = today - timedelta(days=days)
        missing_since = last_seen.c.missing_since
        gone = select(last_seen.c.path).where(missing_since < before)
        gone_rows = select(last_seen.c.path).where(
            missing_since < today - timedelta(days=days_of_rows)
        )
        found = finding.c
        old = (
            delete(workbook).where(workbook.c.path.in_(gone_rows)),
            delete(run).where(run.c.started_at < datetime.combine(before, time())),
            delete(finding).where(not_(found.is_open), found.last_seen < before),
            delete(finding).where(found.last_seen < before, found.workbook.in_(gone)),
            delete(last_seen).where(missing_since < before),
            delete(interval).where(interval.c.closed_on < before),
            delete(week).where(week.c.monday < before),
            delete(sent).where(sent.c.told_on < before, not_(sent.c.is_open)),
        )
        with self.database.changing() as connection:
            for statement in old:
                connection.execute(statement)


def _open(state: StateSection, *, writes: bool) -> OpenHistory:
    try:
        if writes:
            made(state.folder)
        if state.address:
            return postgres.opened(state, writes=writes)
        return open_file(state.folder / FILE_NAME, writes=writes)
    except (OSError, sqlite3.Error) as error:
        raise _unusable(state, error) from error
    except exc.DBAPIError as error:
        if is_environmental(error):
            raise _unusable(state, error) from error
        raise


def _unusable(state: StateSection, error: BaseException | None) -> StateError:
    if state.address and isinstance(error, exc.DBAPIError):
        return postgres.unreachable(state, error)
    cause = error.orig if isinstance(error, exc.DBAPIError) else error
    if getattr(cause, "sqlite_errorcode", 0) & 0xFF in (sqlite3.SQLITE_BUSY, sqlite3.SQLITE_LOCKED):
        busy = _("Filen {file} er låst af et andet program. Luk det, eller vent på næste kontrol.")
        return StateError(busy.format(file=state.folder / FILE_NAME))
    return unusable(state.folder)
