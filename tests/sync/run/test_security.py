"""What docs/security.md promises: no network but the mail server, closed files, no secrets."""

from __future__ import annotations

import json
import os
import stat
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.sync.helpers import House, Said, book, process
from tests.sync.mail_server import Inbox, mail_server
from tests.sync.notifications.test_mail import EVA, OPERATOR, configure, of

WRONG = {"Indsatser!I2": "'ca. 5", "Milepæle!B3": "9"}

# The command in a process that notes every name it looks up and every address it speaks to, and
# dies where it speaks to another one than is allowed.
WATCHED = """
import json, os, sys
allowed = set(json.loads(os.environ["ALLOWED"]))
spoken = []

def watch(event, arguments):
    if event in ("socket.connect", "socket.sendto", "socket.sendmsg", "socket.bind"):
        host = arguments[1][0] if isinstance(arguments[1], tuple) else str(arguments[1])
    elif event in ("socket.getaddrinfo", "socket.gethostbyname", "socket.gethostbyaddr"):
        host = arguments[0]
    else:
        return
    spoken.append(host)
    if host not in allowed:
        sys.stderr.write(f"FORBIDDEN {event} {host}\\n")
        sys.stderr.flush()
        os._exit(99)

sys.addaudithook(watch)
from sync.cli.app import app
app()
"""


@pytest.fixture
def inbox(tmp_path: Path) -> Iterator[Inbox]:
    with mail_server(tmp_path) as server:
        yield server


def watched(house: House, command: str, *arguments: str, allowed: tuple[str, ...] = ()) -> Said:
    return process(
        command, "--config", house.config, *arguments,
        script=WATCHED, env={"ALLOWED": json.dumps(allowed)},
    )  # fmt: skip


@pytest.mark.parametrize(
    "command",
    ["check --exit-zero", "sync", "sync --dry-run", "status", "doctor", "digest --dry-run"],
)
def test_without_mail_no_command_speaks_to_anybody(house: House, command: str) -> None:
    house.configure("[reading]\nprocesses = 1")
    house.put("a.xlsx", book(cells=WRONG))
    house.command("sync")
    said = watched(house, *command.split())
    assert "FORBIDDEN" not in said.err
    assert said.code == 0, said.err


def test_the_watch_would_see_it(house: House, inbox: Inbox) -> None:
    configure(house, inbox, f'operators = ["{OPERATOR}"]', 'contacts = "daily"')
    house.put("a.xlsx", book(plan=of(EVA, "Eva"), cells=WRONG))
    said = watched(house, "sync")
    assert said.code == 99
    assert "FORBIDDEN socket.getaddrinfo localhost" in said.err


def test_with_mail_the_mail_server_alone_is_spoken_to(house: House, inbox: Inbox) -> None:
    configure(house, inbox, f'operators = ["{OPERATOR}"]', 'contacts = "daily"')
    house.put("a.xlsx", book(plan=of(EVA, "Eva"), cells=WRONG))
    said = watched(house, "sync", allowed=("localhost", "127.0.0.1", "::1"))
    assert said.code == 0, said.err
    assert len(inbox.mails) == 1


@pytest.mark.skipif(os.name != "posix", reason="modes of files")
def test_nobody_else_can_look_into_the_state(house: House) -> None:
    house.put("a.xlsx", book(cells=WRONG))
    before = os.umask(0o002)
    try:
        assert process("sync", "--config", house.config).code == 0
    finally:
        os.umask(before)
    assert stat.S_IMODE(house.state.stat().st_mode) == 0o700
    assert stat.S_IMODE(house.database.stat().st_mode) == 0o600


@pytest.mark.skipif(os.name != "posix", reason="modes of files")
def test_what_the_job_writes_is_as_open_as_its_folder_lets_it(house: House) -> None:
    file = house.put("a.xlsx", book(cells=WRONG))
    file.chmod(0o640)
    assert process("sync", "--config", house.config).code == 0
    assert stat.S_IMODE(file.stat().st_mode) == 0o640


def test_a_text_from_a_workbook_is_no_path_and_no_command(house: House) -> None:
    evil = "../../../evil; touch evil"
    house.put("a.xlsx", book(plan={"Plan-id": evil, "Plannavn": evil}, cells=WRONG))
    assert house.command("sync").code == 0
    assert not list(house.root.parent.rglob("*evil*"))
