"""The history in PostgreSQL: brought along, never lost silently, reached without a word of how."""

from __future__ import annotations

import logging
from datetime import timedelta
from pathlib import Path

import pytest
from sqlalchemy import Column, Integer, MetaData, Table, exc, insert, text

from sync.config.section import ConfigurationError
from sync.config.state import StateError, address_of
from sync.history import database, migrations, postgres
from sync.history.history import History
from tests.certificates import write_certificate
from tests.sync.helpers import DAY, TODAY, Site, book, mended, overview_of
from tests.sync.postgres import Server

pytestmark = pytest.mark.postgresql

WRONG = {"Indsatser!I2": "'ca. 5", "Milepæle!B3": "9"}
NEXT_DAY = TODAY + timedelta(days=1)
NAMES = "SELECT table_name FROM information_schema.tables WHERE table_schema = ? ORDER BY 1"


def names(server: Server, place: str) -> list[str]:
    return [name for (name,) in server.asked(NAMES, place)]


def of_form(site: Site, form: int) -> None:
    """Put the history back into an older form, with its runs and findings."""
    with History(site.settings().state, writes=False) as history:
        found = {t: history.database.rows(t.select()) for t in (database.run, database.finding)}
    old = postgres.database_of(site.settings().state)
    with old.changing() as connection:
        connection.execute(text("DROP SCHEMA helhedsplan CASCADE"))
        postgres.lock_schema(connection)
        migrations.step_up(connection, 0, form)
        for table, rows in found.items():
            connection.execute(insert(table), [row._asdict() for row in rows])
    old.close()


@pytest.mark.slow
def test_runs_remember_as_in_a_file(site: Site, server: Server) -> None:
    site.put("a.xlsx", book(cells=WRONG))
    site.sync(hour=6)
    site.age()
    site.sync(hour=7)
    assert site.sync(hour=8).read == 0
    assert site.sync(hour=9).is_unchanged
    mended(site, "a.xlsx", "Milepæle", "B3", 2)
    assert site.sync(NEXT_DAY).read == 1
    rows = server.asked("SELECT code, first_seen, is_open FROM finding ORDER BY code")
    assert rows == [("CEL-02", TODAY, True), ("MIL-02", TODAY, False)]
    assert list(site.state.glob("*.sqlite3")) == []


def test_looking_makes_nothing(site: Site, server: Server) -> None:
    site.put("a.xlsx", book(cells=WRONG))
    for command in ("status", "sync --dry-run", "history export"):
        assert site.command(command).code == 0
    assert names(server, "helhedsplan") == []


@pytest.mark.slow
@pytest.mark.parametrize("is_damaged", [False, True])
def test_a_history_in_a_file_comes_along(
    site: Site, postgres_server: Server, monkeypatch: pytest.MonkeyPatch, *, is_damaged: bool
) -> None:
    site.put("a.xlsx", book(cells=WRONG))
    site.sync(TODAY - timedelta(days=300))
    if is_damaged:
        site.database.write_bytes(b"garbage " * 900)
    postgres_server.clear()
    for name, value in postgres_server.environment().items():
        monkeypatch.setenv(name, value)
    answer = site.command("sync", "--remember", "--today", DAY)
    assert (answer.code, "in the database now" in answer.err) == (0, True)
    found = postgres_server.asked("SELECT first_seen FROM finding")
    assert found == [(TODAY - timedelta(days=300),)] * 2
    assert site.command("sync", "--remember", "--today", DAY).err == ""
    assert [file.name for file in site.state.glob("*.moved.sqlite3")] == [
        "helhedsplan.moved.sqlite3"
    ]


@pytest.mark.parametrize("form", [1, 2])
def test_an_older_form_comes_along(site: Site, server: Server, form: int) -> None:
    site.put("a.xlsx", book(cells=WRONG))
    site.sync(TODAY - timedelta(days=300))
    of_form(site, form)
    before = names(server, "helhedsplan")
    assert "2 fejl" in site.command("status").out
    assert names(server, "helhedsplan") == before
    report = site.sync()
    assert not report.history.was_lost
    assert {line.first_seen for line in overview_of(report).notices} == {
        TODAY - timedelta(days=300)
    }
    assert server.asked("SELECT value FROM fact WHERE key = 'form'") == [
        (f"{len(migrations.STEPS)}",)
    ]


def test_a_step_that_fails_changes_nothing(
    site: Site, server: Server, monkeypatch: pytest.MonkeyPatch
) -> None:
    site.put("a.xlsx", book(cells=WRONG))
    site.sync()
    before = names(server, "helhedsplan")
    extra = Table("extra", MetaData(), Column("a", Integer))
    broken = (*migrations.STEPS, migrations.MigrationStep((extra, database.run)))
    longer = (*migrations.STEPS, migrations.MigrationStep((extra,)))
    state = site.settings().state
    monkeypatch.setattr(migrations, "STEPS", broken)
    with pytest.raises(exc.ProgrammingError):
        postgres.opened(state, writes=True)
    assert names(server, "helhedsplan") == before
    monkeypatch.setattr(migrations, "STEPS", longer)
    postgres.opened(state, writes=True).database.close()
    assert names(server, "helhedsplan") == sorted([*before, "extra"])


def test_a_newer_form_is_left_alone_and_told(site: Site, server: Server) -> None:
    site.put("a.xlsx", book(cells=WRONG))
    site.sync()
    server.asked("UPDATE fact SET value = '99' WHERE key = 'form'")
    before = site.bytes_of_workbooks()
    for command in ("sync", "status"):
        answer = site.command(command)
        assert answer.code == 3
        assert "nyere udgave af helhedsplan (form 99" in answer.err
    assert site.bytes_of_workbooks() == before
    assert server.asked("SELECT COUNT(*) FROM run") == [(1,)]


@pytest.mark.slow
@pytest.mark.parametrize(
    "harm",
    ["DROP TABLE finding", "ALTER TABLE run RENAME started_at TO begun", "DELETE FROM fact"],
)
def test_tables_that_others_changed_are_laid_aside(site: Site, server: Server, harm: str) -> None:
    site.put("a.xlsx", book(cells=WRONG))
    site.sync()
    before = site.bytes_of_workbooks()
    server.asked(harm)
    answer = site.command("sync", "--remember", "--today", DAY)
    assert answer.code == 0
    assert "history was damaged" in answer.err
    assert site.bytes_of_workbooks() == before
    assert "run" in names(server, "helhedsplan_damaged")
    assert site.command("sync", "--remember", "--today", DAY).err == ""
    assert "VAP-2025: 2 fejl" in site.command("status").out
    assert "moved aside to the schema helhedsplan_damaged" in site.command("doctor").out


def test_a_connection_that_was_cut_between_two_calls_costs_nothing(
    site: Site, server: Server
) -> None:
    with History(site.settings().state) as history:
        history.notes.calendar_content = "1"
        server.asked(
            "SELECT pg_terminate_backend(pid) FROM pg_stat_activity "
            "WHERE application_name = 'helhedsplan'"
        )
        assert history.notes.calendar_content == "1"


def test_a_connection_that_is_cut_in_a_change_ends_the_run(site: Site, server: Server) -> None:
    with (
        pytest.raises(StateError, match=r"Databasen plans på denne maskine kan ikke bruges"),
        History(site.settings().state) as history,
        history.database.changing() as connection,
    ):
        connection.execute(text("SELECT pg_terminate_backend(pg_backend_pid())"))


def test_a_server_that_is_away_is_told_and_nothing_is_written(
    site: Site, server: Server, monkeypatch: pytest.MonkeyPatch
) -> None:
    site.put("a.xlsx", book(cells=WRONG))
    before = site.bytes_of_workbooks()
    monkeypatch.setenv("HELHEDSPLAN_STATE__DATABASE", "postgresql://job@127.0.0.1:1/plans")
    for command in ("sync", "status", "sync --dry-run", "history export", "digest --dry-run"):
        answer = site.command(command)
        assert answer.code == 3
        assert "Databasen plans på denne maskine kan ikke bruges" in answer.err
    assert site.bytes_of_workbooks() == before
    lines = site.command("doctor").out
    assert "MEND  database: plans on this machine cannot be used" in lines


def test_the_password_is_told_nowhere(
    site: Site, server: Server, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.DEBUG)
    site.put("a.xlsx", book(cells=WRONG))
    site.configure(f'[monitoring]\nlog_folder = "{site.root}/log"\n')
    answer = [site.command(c) for c in ("sync", "doctor", "status", "history export")]
    assert answer[0].code == 0
    assert "ok    database: plans on this machine is reached: PostgreSQL" in answer[1].out
    monkeypatch.setenv("HELHEDSPLAN_STATE_PASSWORD", "not the one 4711")
    answer += [site.command(c) for c in ("sync", "doctor", "status")]
    assert answer[4].code == 3
    assert "MEND  database: plans on this machine cannot be used" in answer[5].out
    written = [f.read_bytes() for f in site.root.rglob("*") if f.is_file() and f.suffix != ".xlsx"]
    shown = repr([(one.out, one.err) for one in answer]) + caplog.text + repr(written)
    assert server.password not in shown
    assert "4711" not in shown


def test_the_password_may_lie_in_a_file_or_where_libpq_looks(
    site: Site, server: Server, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.delenv("HELHEDSPLAN_STATE_PASSWORD")
    own, usual = site.root / "own", site.root / "pgpass"
    for file, content in ((own, server.password), (usual, f"*:*:*:*:{server.password}")):
        file.write_text(f"{content}\n", encoding="utf-8")
        file.chmod(0o600)
    site.configure('[state]\npassword_file = "own"\n')
    assert site.command("status").code == 0
    own.chmod(0o644)
    assert "MEND  database: others can read the password" in site.command("doctor").out
    own.unlink()
    assert site.command("status").code == 3
    site.configure()
    monkeypatch.setenv("PGPASSFILE", str(usual))
    assert site.command("status").code == 0


@pytest.mark.parametrize(
    ("address", "says"),
    [
        ("postgresql://job:s3cret@db/plans", "must hold no password"),
        ("postgresql://job@db/plans?password=s3cret", "must hold no password"),
        ("mysql://s3cret@db/plans", "must be written like"),
        ("postgresql://s3cret@db", "must be written like"),
        ("postgresql://s3cret@db:port/plans", "must be written like"),
        ("postgresql://s3cret@[db/plans", "must be written like"),
        ("postgresql://s3cret@db/plans?sslmode=prefer", "unencrypted"),
    ],
)
def test_an_address_that_is_none_is_refused_without_being_shown(
    site: Site, address: str, says: str
) -> None:
    site.configure(f'[state]\ndatabase = "{address}"\n')
    with pytest.raises(ConfigurationError, match=says) as refused:
        site.settings()
    assert str(refused.value).startswith("state.database: ")
    assert "s3cret" not in str(refused.value)


def test_the_server_is_known_by_its_certificate(
    site: Site, server: Server, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    other = tmp_path / "other.pem"
    write_certificate(other, tmp_path / "other.key")
    address = server.address.replace("127.0.0.1", "localhost")
    for trusted, is_reached in ((server.certificate, True), (other, False)):
        options = f"?sslmode=verify-full&sslrootcert={trusted}"
        monkeypatch.setenv("HELHEDSPLAN_STATE__DATABASE", address + options)
        answer = site.command("doctor").out
        assert ("plans on this machine is reached" in answer) == is_reached
        assert ("encrypted (TLSv1" in answer) == is_reached
        assert (site.command("status").code == 0) == is_reached


def test_the_way_to_another_machine_is_encrypted() -> None:
    assert address_of("postgresql://job@db.example.dk/plans").keywords()["sslmode"] == "require"
    strict = address_of("postgresql://job@db/plans?sslmode=verify-full").keywords()
    assert strict["sslmode"] == "verify-full"
    assert "sslmode" not in address_of("postgresql:///plans").keywords()
    assert "sslmode" not in address_of("postgresql:///plans?host=/run/postgresql").keywords()


def test_without_the_driver_it_is_said_what_to_install(
    site: Site, server: Server, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setitem(__import__("sys").modules, "psycopg", None)
    answer = site.command("status")
    assert (answer.code, "pip install 'helhedsplan[postgres]'" in answer.err) == (3, True)


def test_odd_characters_are_kept_harmlessly(site: Site, server: Server) -> None:
    with History(site.settings().state) as history:
        history.notes.calendar_content = "'; DROP TABLE run; -- \0 æøå \N{SNOWMAN}"
        assert history.notes.calendar_content == "'; DROP TABLE run; -- \ufffd æøå \N{SNOWMAN}"
