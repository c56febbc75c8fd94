"""What the server does when it is told to fail, and to let people edit in between."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
import requests
from google.auth.exceptions import RefreshError
from google.auth.transport.requests import AuthorizedSession

from tests.google_server import GoogleServer
from tests.google_server.client import session_of
from tests.google_server.faults import Fault
from tests.google_server.keys import write_key_file
from tests.google_server.model import entered
from tests.google_server.staff import Staff

SHEETS = "https://sheets.googleapis.com/v4/spreadsheets"
FILES = "https://www.googleapis.com/drive/v3/files"


@pytest.fixture
def session(server: GoogleServer, key_file: Path) -> AuthorizedSession:
    return session_of(server.url, key_file)


@pytest.fixture
def key(server: GoogleServer, session: AuthorizedSession) -> str:
    """A spreadsheet, and a token in hand: the next request is one of the service itself."""
    made = server.make_spreadsheet("A", {"Plan": [["a"], ["b"]]})
    assert session.get(f"{SHEETS}/{made}").status_code == 200
    return made


def put(session: AuthorizedSession, key: str, text: str) -> requests.Response:
    return session.put(
        f"{SHEETS}/{key}/values/Plan!A1",
        params={"valueInputOption": "RAW"},
        json={"values": [[text]]},
        timeout=5,
    )


def first(server: GoogleServer, key: str) -> object:
    return entered(server.book(key).sheets[0].cells[0, 0])["stringValue"]


@pytest.mark.parametrize(
    ("fault", "code", "then"),
    [
        (Fault.TOO_MANY, 429, "a"),
        (Fault.TOO_MANY_HTML, 429, "a"),
        (Fault.INTERNAL, 500, "a"),
        (Fault.INTERNAL_AFTER, 500, "ny"),
        (Fault.BAD_GATEWAY, 502, "a"),
        (Fault.BAD_GATEWAY_AFTER, 502, "ny"),
        (Fault.UNAVAILABLE, 503, "a"),
        (Fault.UNAVAILABLE_AFTER, 503, "ny"),
        (Fault.SLOW, 200, "ny"),
    ],
)
def test_a_failing_write_has_taken_effect_or_not(
    server: GoogleServer, session: AuthorizedSession, fault: Fault, code: int, then: str
) -> None:
    key = server.make_spreadsheet("A", {"Plan": [["a"]]})
    session.get(f"{SHEETS}/{key}")
    server.faults.at(1, fault)
    assert put(session, key, "ny").status_code == code
    assert first(server, key) == then
    assert put(session, key, "igen").status_code == 200


@pytest.mark.parametrize(
    ("fault", "has_effect"),
    [(Fault.BROKEN, False), (Fault.BROKEN_AFTER, True), (Fault.CUT_SHORT, True)],
)
def test_a_broken_connection_is_an_error_of_the_client(
    server: GoogleServer, session: AuthorizedSession, key: str, fault: Fault, has_effect: bool
) -> None:
    server.faults.at(1, fault)
    with pytest.raises(requests.RequestException):
        put(session, key, "ny")
    assert first(server, key) == ("ny" if has_effect else "a")


def test_a_silent_server_runs_into_the_clients_time_out(
    server: GoogleServer, session: AuthorizedSession, key: str
) -> None:
    server.faults.at(1, Fault.SILENT)
    with pytest.raises(requests.Timeout):
        session.get(f"{SHEETS}/{key}", timeout=0.1)


def test_a_stale_read_sees_what_was_there_before_the_latest_write(
    server: GoogleServer, session: AuthorizedSession, key: str
) -> None:
    put(session, key, "ny")
    server.faults.at(1, Fault.STALE)
    seen = [session.get(f"{SHEETS}/{key}/values/Plan!A1").json()["values"] for _ in range(2)]
    assert seen == [[["a"]], [["ny"]]]


def test_html_and_json_refusals_look_like_googles(
    server: GoogleServer, session: AuthorizedSession, key: str
) -> None:
    server.faults.always(Fault.BAD_GATEWAY)
    page = session.get(f"{SHEETS}/{key}")
    server.faults.clear()
    server.faults.on("/drive/", Fault.UNAVAILABLE)
    drive = session.get(FILES).json()["error"]
    server.faults.clear()
    server.faults.at(1, Fault.TOO_MANY)
    quota = session.get(f"{SHEETS}/{key}").json()["error"]
    assert page.headers["Content-Type"].startswith("text/html")
    assert drive["errors"][0]["reason"] == "backendError"
    assert quota["status"] == "RESOURCE_EXHAUSTED"
    assert quota["details"][0]["metadata"]["quota_limit_value"] == "60"


def test_an_expired_token_is_renewed_by_the_client(
    server: GoogleServer, session: AuthorizedSession, key: str
) -> None:
    server.tokens.expire_all()
    assert session.get(f"{SHEETS}/{key}").status_code == 200
    assert [request.path for request in server.asked].count("/token") == 2


class Clock:
    """A time that moves when the test says so."""

    def __init__(self) -> None:
        self.now = datetime(2026, 11, 25, 8, tzinfo=UTC)

    def __call__(self) -> datetime:
        return self.now


def test_the_sixty_first_read_of_a_minute_is_too_many_and_writes_count_apart(
    key_file: Path,
) -> None:
    clock = Clock()
    with GoogleServer(key_file, clock=clock) as server:
        clock.now = datetime.now(UTC).replace(second=0)
        server.quota.enforced = True
        key = server.make_spreadsheet("A", {"Plan": [["a"]]})
        session = session_of(server.url, key_file)
        reads = [session.get(f"{SHEETS}/{key}").status_code for _ in range(61)]
        writes = [put(session, key, "x").status_code for _ in range(60)]
        clock.now += timedelta(minutes=1)
        after = session.get(f"{SHEETS}/{key}").status_code
    assert reads == [200] * 60 + [429]
    assert writes == [200] * 60
    assert after == 200


def test_staff_edit_between_requests_and_nothing_of_theirs_gets_lost_by_reading(
    server: GoogleServer, session: AuthorizedSession
) -> None:
    rows: list[list[object]] = [["Nr.", "Navn"], [1, "a"], [2, "b"], [3, "c"]]
    key = server.make_spreadsheet("A", {"Plan": rows})
    staff = Staff(server.world, [key], seed=1)
    server.staff = staff
    for _ in range(60):
        session.get(f"{SHEETS}/{key}")
    assert staff.edits > 20
    assert {kind for kind, _ in staff.log} > {"types", "inserts_row", "moves_column", "sorts"}
    assert staff.lost() == set()


def test_staff_notice_when_somebody_else_overwrites_their_words(server: GoogleServer) -> None:
    key = server.make_spreadsheet("A", {"Plan": [["Navn"], ["a"]]})
    staff = Staff(server.world, [key], seed=3)
    while not staff.alive.get(key):
        staff.edit()
    for sheet in server.book(key).sheets:
        sheet.cells.clear()
    assert staff.lost() == staff.alive[key] != set()


def test_a_wrong_key_is_refused(server: GoogleServer, tmp_path: Path) -> None:
    session = session_of(server.url, write_key_file(tmp_path / "other.json"))
    with pytest.raises(RefreshError, match="Invalid JWT Signature"):
        session.get(FILES)
