"""A history that is whole in its form and wrong in a value, or that somebody else has locked."""

from __future__ import annotations

import contextlib
import random
import sqlite3
from collections.abc import Iterator
from pathlib import Path

import pytest

from sync.history import postgres
from tests.sync.helpers import TODAY, Site, book
from tests.sync.postgres import Server

pytestmark = pytest.mark.slow

WRONG = {"Indsatser!I2": "'ca. 5", "Milepæle!B3": "9"}
COPY_TAKES_OVER = "its backup takes its place"
VALUES = {
    "a day that is none": "UPDATE finding SET first_seen = '2026-13-45'",
    "a severity that is none": "UPDATE finding SET severity = 'fejm'",
    "a moment that is none": "UPDATE run SET started_at = '2026-13-45 99'",
    "a moment without an offset": "UPDATE run SET finished_at = '2026-11-23T08:00:00'",
    "an outcome that is none": "UPDATE run SET outcome = 'dond'",
    "problems that are no list": "UPDATE run SET problems = x'c1'",
    "waivers that are no JSON": "INSERT OR REPLACE INTO fact VALUES ('waivers', '{{{')",
    "a situation that is none": "INSERT OR REPLACE INTO fact VALUES ('standstill', '[]')",
    "an hour that is none": "INSERT OR REPLACE INTO fact VALUES ('endings told at', 'now')",
    "a count that is none": "UPDATE week SET fejl = 'x'",
    "figures that are none": "INSERT INTO approved VALUES ('P', '2026-01-01', x'c1')",
    "a reading in no time": "UPDATE workbook SET read_at = 1e300",
    "a text that is none": "UPDATE finding SET workbook = CAST(x'ff' AS TEXT)",
    "a mail's day that is none": "INSERT INTO told VALUES ('a', 'b', 'c', 1)",
}


@pytest.fixture
def used(site: Site) -> Site:
    """A site after two runs, whose history has something in every table that is looked into."""
    site.put("a.xlsx", book(cells=WRONG))
    site.put("b.xlsx", book())
    site.sync(TODAY)
    site.sync(TODAY, 9, full=True)
    return site


@pytest.mark.parametrize("statement", VALUES.values(), ids=VALUES)
def test_the_backup_takes_over_where_a_value_is_wrong(used: Site, statement: str) -> None:
    before = used.command("status", "--format", "json").json
    used.asked(statement)
    assert used.command("status", "--format", "json").json == before, "looking uses it already"
    assert "is damaged or gone" in used.command("doctor").out
    answer = used.command("sync", "--today", TODAY.isoformat(), "--remember")
    assert answer.code == 0
    assert COPY_TAKES_OVER in answer.err
    assert used.command("status", "--format", "json").json["open"] == before["open"]
    assert used.command("sync", "--today", TODAY.isoformat(), "--remember").err == ""


def test_a_reading_that_became_a_text_is_read_anew(used: Site) -> None:
    used.asked("UPDATE workbook SET content = CAST(x'ff00' AS TEXT)")
    report = used.sync(TODAY, 10, full=False)
    assert not report.history.was_lost


@pytest.mark.parametrize("word", [b"missing_since", b"NULL"])
def test_the_backup_takes_over_where_the_schema_is_no_text(used: Site, word: bytes) -> None:
    content = used.database.read_bytes()
    used.database.write_bytes(content.replace(word, b"\xce" + word[1:], 1))
    assert used.command("status").code == 0
    assert COPY_TAKES_OVER in used.command("sync").err


def changed(file: Path, place: int, value: int) -> None:
    content = bytearray(file.read_bytes())
    content[place] = value
    file.write_bytes(content)


@pytest.mark.parametrize(("place", "value"), [(18, 3), (19, 3), (60, 1), (62, 1), (47, 68)])
def test_the_backup_takes_over_where_only_the_header_is_wrong(
    used: Site, place: int, value: int
) -> None:
    before = used.command("status", "--format", "json").json
    changed(used.database, place, value)
    assert used.command("status", "--format", "json").json == before
    assert COPY_TAKES_OVER in used.command("sync").err
    assert used.command("sync").err == ""


@pytest.mark.parametrize("seed", range(12))
def test_bits_that_turn_end_no_run(used: Site, seed: int) -> None:
    chance = random.Random(seed)
    content = bytearray(used.database.read_bytes())
    for _ in range(chance.choice([1, 1, 3, 10])):
        place = chance.randrange(chance.choice([100, len(content)]))
        content[place] ^= 1 << chance.randrange(8)
    used.database.write_bytes(content)
    assert used.command("status").code == 0
    assert used.sync(TODAY, 10).problems == []


@contextlib.contextmanager
def locked(file: Path) -> Iterator[None]:
    with contextlib.closing(sqlite3.connect(file, isolation_level=None)) as other:
        other.execute("BEGIN EXCLUSIVE")
        yield


def test_a_file_that_somebody_has_locked_is_told_as_that(
    used: Site, monkeypatch: pytest.MonkeyPatch
) -> None:
    connect = sqlite3.connect
    monkeypatch.setattr(sqlite3, "connect", lambda *a, **k: connect(*a, **{"timeout": 0.1, **k}))
    with locked(used.database):
        for command in ("sync", "status", "history export"):
            answer = used.command(command)
            assert answer.code == 3
            assert f"Filen {used.database} er låst af et andet program." in answer.err
        assert "er låst af et andet program" in used.command("doctor").out
    assert used.command("sync").code == 0


IN_A_DATABASE = {
    "a severity that is none": "UPDATE finding SET severity = 'fejm'",
    "problems that are no list": "UPDATE run SET problems = '\\xc1'",
    "a note that is no JSON": "INSERT INTO fact VALUES ('clock leap', '{{{')",
    "a moment that is none": "UPDATE run SET started_at = '2026-13-45 99'",
}


@pytest.mark.postgresql
@pytest.mark.parametrize("statement", IN_A_DATABASE.values(), ids=IN_A_DATABASE)
def test_tables_with_a_wrong_value_are_laid_aside(
    site: Site, server: Server, statement: str
) -> None:
    site.put("a.xlsx", book(cells=WRONG))
    site.sync(TODAY)
    server.asked(statement)
    assert site.command("status").code == 3
    answer = site.command("sync")
    assert answer.code == 0
    assert "a new one is begun" in answer.err
    assert site.command("status").code == 0


LOCKS = {
    "our own": f"SELECT pg_advisory_lock({postgres._ONE_AT_A_TIME})",
    "a table": "BEGIN; LOCK TABLE finding",
    "its rows": "BEGIN; UPDATE finding SET severity = severity; UPDATE fact SET value = value",
}


@pytest.mark.postgresql
@pytest.mark.parametrize("statement", LOCKS.values(), ids=LOCKS)
def test_a_lock_in_the_database_is_told_with_its_holder(
    site: Site, server: Server, statement: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(postgres, "_WAITS", postgres._WAITS.replace("10s", "200ms"))
    site.put("a.xlsx", book(cells=WRONG))
    site.sync(TODAY)
    with server.connected() as other:
        other.execute(statement.encode())
        pid = other.info.backend_pid
        answer = site.command("sync", "--full")
        assert answer.code == 3
        assert "Databasen plans på denne maskine er låst af brugeren " in answer.err
        assert f"proces {pid}) siden " in answer.err
        assert "Traceback" not in site.command("doctor").out
    assert site.command("sync").code == 0


@pytest.mark.postgresql
@pytest.mark.parametrize("statement", LOCKS.values(), ids=LOCKS)
def test_of_another_users_lock_it_is_said_what_the_job_may_see(
    site: Site, server: Server, statement: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(postgres, "_WAITS", postgres._WAITS.replace("10s", "200ms"))
    server.asked(
        f"DROP ROLE IF EXISTS plain; CREATE ROLE plain LOGIN PASSWORD '{server.password}'; "
        "GRANT CREATE ON DATABASE plans TO plain"
    )
    monkeypatch.setenv("HELHEDSPLAN_STATE__DATABASE", server.address.replace("job@", "plain@"))
    site.put("a.xlsx", book(cells=WRONG))
    try:
        site.sync(TODAY)
        with server.connected() as other:
            other.execute(statement.encode())
            answer = site.command("sync", "--full")
            told = f"låst af brugeren job (programmet -, proces {other.info.backend_pid})."
            assert (answer.code, told in answer.err) == (3, True), answer.err
            assert "Traceback" not in site.command("doctor").out
        assert site.command("sync").code == 0
    finally:
        server.asked("DROP OWNED BY plain CASCADE; DROP ROLE plain")


@pytest.mark.postgresql
def test_a_server_that_does_not_answer_ends_the_run(
    site: Site, server: Server, monkeypatch: pytest.MonkeyPatch
) -> None:
    site.put("a.xlsx", book(cells=WRONG))
    site.sync(TODAY)
    monkeypatch.setattr(postgres, "_WAITS", postgres._WAITS.replace("2min", "200ms"))
    server.asked(
        "CREATE FUNCTION slow() RETURNS trigger LANGUAGE plpgsql AS "
        "$$ BEGIN PERFORM pg_sleep(60); RETURN new; END $$; "
        "CREATE TRIGGER slow BEFORE INSERT OR UPDATE ON run FOR EACH ROW EXECUTE FUNCTION slow()"
    )
    answer = site.command("sync")
    assert answer.code == 3
    assert "svarer ikke inden for to minutter" in answer.err
