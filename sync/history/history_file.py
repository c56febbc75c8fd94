"""The history in a file, and its backup beside it for the day on which the file is damaged.

An older form is copied before it is upgraded. The backup leaves out what was read of the workbooks:
that is most of the file, and the next run reads it again.
"""

from __future__ import annotations

import contextlib
import sqlite3
import stat
from collections.abc import Callable
from pathlib import Path

from sqlalchemy import Connection, StaticPool, create_engine, exc

from sync.config.state import StateError
from sync.history import migrations
from sync.history.database import METADATA, Database, HistoryOpening, OpenHistory, copied, workbook
from sync.history.migrations import DamagedError
from sync.history.values import refuse_wrong_values
from sync.i18n.language import _

FILE_NAME = "helhedsplan.sqlite3"


def open_file(file: Path, *, writes: bool) -> OpenHistory:
    """The file's history; where it is damaged or gone, its backup or a new one.

    The damaged file is set aside. Without `writes` nothing is changed on the disk.

    Raises:
        StateError: a newer version of the program wrote it, or it is no file.
        OSError, sqlite3.Error, sqlalchemy.exc.DBAPIError: it cannot be read or written.
    """
    was_lost = False
    try:
        if file.exists():
            if not file.is_file():  # SQLite would wait at a pipe for ever
                raise StateError(_("{file} er ikke en almindelig fil.").format(file=file))
            return OpenHistory(opened(file, writes=writes), file)
    except DamagedError:
        was_lost = True
        if writes:
            file.replace(file.with_suffix(".damaged"))
    if database := restored(file, writes=writes):
        return OpenHistory(database, file, HistoryOpening(was_lost=True, was_restored=True))
    return OpenHistory(new(file if writes else None), file, HistoryOpening(was_lost))


def opened(file: Path, *, writes: bool) -> Database:
    """A history that is there, in the newest form; without `writes` the file is left as it is.

    Raises:
        DamagedError: it is not whole, or no history.
        StateError: a newer version of the program wrote it.
        sqlalchemy.exc.OperationalError: it cannot be opened, or is in use.
    """
    address = f"{file.absolute().as_uri()}?mode={'rw' if writes else 'ro'}"
    database = _sqlite(lambda: sqlite3.connect(address, uri=True))
    form = 0
    try:
        _refuse_wrong_header(file)
        with database.changing() as connection:
            _refuse_damaged(connection)
            known = migrations.known_form(connection, _("Filen {file}").format(file=file))
            refuse_wrong_values(connection, migrations.tables_of(known))
        form = known
        if form < len(migrations.STEPS):
            return _upgraded(database, file, form, writes=writes)
    except (DamagedError, StateError):
        database.close()
        raise
    except exc.OperationalError as error:
        database.close()
        # Without a reason of its own it is no lock, no right and no disk, but what stands there:
        # a format that is none, or a text.
        code = getattr(error.orig, "sqlite_errorcode", sqlite3.SQLITE_ERROR)
        if not form and code == sqlite3.SQLITE_ERROR:
            raise DamagedError from error
        raise
    except (exc.DatabaseError, UnicodeError) as error:  # of a text that is none, or of its error
        database.close()
        raise DamagedError from error
    return database


def _refuse_wrong_header(file: Path) -> None:
    """Refuse a file whose header says of a sound content that it may not be read or written."""
    with file.open("rb") as raw:
        ways_to_write_and_read = raw.read(20)[18:]
    if not set(ways_to_write_and_read) <= {1, 2}:
        raise DamagedError


def _refuse_damaged(connection: Connection) -> None:
    if connection.exec_driver_sql("PRAGMA integrity_check(1)").scalar() != "ok":
        raise DamagedError


def new(file: Path | None, form: int | None = None) -> Database:
    """An empty history of a form, or of the newest; without a file, in memory."""
    if file:  # only its owner may read it
        file.touch(mode=stat.S_IRUSR | stat.S_IWUSR)
    database = _sqlite(lambda: sqlite3.connect(file or ":memory:"))
    with database.changing() as connection:
        migrations.step_up(connection, 0, form)
    return database


def in_memory(connection: Connection, form: int) -> Database:
    """A history of an older form, brought forward in memory and left alone where it is."""
    memory = new(None, form)
    with memory.changing() as there:
        copied(connection, there, migrations.tables_of(form))
    with memory.changing() as there:
        migrations.step_up(there, form)
    return memory


def older_form_file(file: Path, form: int) -> Path:
    """Where the history of an older form is kept when it is brought forward."""
    return file.with_name(f"{file.stem}.form-{form}.sqlite3")


def _upgraded(database: Database, file: Path, form: int, *, writes: bool) -> Database:
    """The history in the newest form: in its file, or, where nothing may be written, in memory."""
    if not writes:
        with contextlib.closing(database), database.changing() as connection:
            return in_memory(connection, form)
    _copy(database, older_form_file(file, form))
    with database.changing() as connection:
        migrations.step_up(connection, form)
    return database


def backup_file(file: Path) -> Path:
    """Where the backup of a history is."""
    return file.with_name(f"{file.stem}.spare.sqlite3")


def make_backup(database: Database, file: Path) -> None:
    """Make the backup anew, wholly or not at all.

    Raises:
        OSError, sqlalchemy.exc.DBAPIError: it could not be made; the one before is still there.
    """
    backup = backup_file(file)
    temporary = backup.with_suffix(".tmp")
    temporary.unlink(missing_ok=True)
    new(temporary).close()
    with database.engine.connect() as connection:
        connection.exec_driver_sql("ATTACH ? AS backup", (str(temporary),))
        try:
            for table in METADATA.sorted_tables:
                if table is not workbook:
                    connection.exec_driver_sql(
                        f"INSERT INTO backup.{table.name} SELECT * FROM main.{table.name}"
                    )
            connection.commit()
        finally:
            connection.rollback()
            connection.exec_driver_sql("DETACH backup")
    temporary.replace(backup)


def restored(file: Path, *, writes: bool) -> Database | None:
    """The history from its backup, in its place if `writes`; None where there is no good one.

    Raises:
        OSError, sqlalchemy.exc.OperationalError: it cannot be written or read.
    """
    backup = backup_file(file)
    if not backup.is_file():
        return None
    try:
        database = opened(backup, writes=False)
    except (DamagedError, StateError):
        return None
    if not writes:
        return database
    with contextlib.closing(database):
        _copy(database, file)
    return opened(file, writes=True)


def _sqlite(connect: Callable[[], sqlite3.Connection]) -> Database:
    return Database(create_engine("sqlite://", creator=connect, poolclass=StaticPool))


def _copy(source: Database, file: Path) -> None:
    """Copy a SQLite database into a file, wholly or not at all, in place of what is there."""
    temporary = file.with_suffix(".tmp")
    temporary.unlink(missing_ok=True)
    temporary.touch(mode=stat.S_IRUSR | stat.S_IWUSR)
    with (
        contextlib.closing(sqlite3.connect(temporary)) as copy,
        source.engine.connect() as connection,
    ):
        driver = connection.connection.driver_connection
        assert isinstance(driver, sqlite3.Connection)
        driver.backup(copy)
    temporary.replace(file)
