"""What docs/security.md promises: no network but the mail server, closed files, no secrets."""

from __future__ import annotations

import json
import os
import stat
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.sync.helpers import Answer, Site, book, process
from tests.sync.mail_server import Inbox, mail_server
from tests.sync.notifications.test_mail import EVA, OPERATOR, configure, of
from tests.sync.somebody import let_through, needs_root

pytestmark = pytest.mark.slow

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


def watched(site: Site, command: str, *arguments: str, allowed: tuple[str, ...] = ()) -> Answer:
    return process(
        command, "--config", site.config, *arguments,
        script=WATCHED, env={"ALLOWED": json.dumps(allowed)},
    )  # fmt: skip


@pytest.mark.parametrize(
    "command",
    ["check --exit-zero", "sync", "sync --dry-run", "status", "doctor", "digest --dry-run"],
)
def test_without_mail_no_command_speaks_to_anybody(site: Site, command: str) -> None:
    site.configure("[reading]\nprocesses = 1")
    site.put("a.xlsx", book(cells=WRONG))
    site.command("sync")
    answer = watched(site, *command.split())
    assert "FORBIDDEN" not in answer.err
    assert answer.code == 0, answer.err


def test_the_watch_would_see_it(site: Site, inbox: Inbox) -> None:
    configure(site, inbox, f'operators = ["{OPERATOR}"]', 'contacts = "daily"')
    site.put("a.xlsx", book(plan=of(EVA, "Eva"), cells=WRONG))
    answer = watched(site, "sync")
    assert answer.code == 99
    assert "FORBIDDEN socket.getaddrinfo localhost" in answer.err


def test_with_mail_the_mail_server_alone_is_spoken_to(site: Site, inbox: Inbox) -> None:
    configure(site, inbox, f'operators = ["{OPERATOR}"]', 'contacts = "daily"')
    site.put("a.xlsx", book(plan=of(EVA, "Eva"), cells=WRONG))
    answer = watched(site, "sync", allowed=("localhost", "127.0.0.1", "::1"))
    assert answer.code == 0, answer.err
    assert len(inbox.mails) == 1


@pytest.mark.skipif(os.name != "posix", reason="modes of files")
def test_nobody_else_can_look_into_the_state(site: Site) -> None:
    site.put("a.xlsx", book(cells=WRONG))
    before = os.umask(0o002)
    try:
        assert process("sync", "--config", site.config).code == 0
    finally:
        os.umask(before)
    assert stat.S_IMODE(site.state.stat().st_mode) == 0o700
    assert stat.S_IMODE(site.database.stat().st_mode) == 0o600


LOOKS = """
import os, sys
from pathlib import Path
from tests.sync.helpers import Site, book
site = Site(Path(sys.argv[1]))
site.put("a.xlsx", book(cells={"Milepæle!B3": "9"}))
looks = ("check", "status", "history export", "sync --dry-run")
for command in ("sync", *looks):  # imports what is not readable to somebody else
    site.command(command)
for one in (site.root, *site.root.rglob("*")):
    one.chmod(0o555 if one.is_dir() else 0o444)
os.setgid(65534)
os.setuid(65534)
print([int(site.command(command).code) for command in looks])
"""


@needs_root
def test_to_look_needs_no_right_to_write(site: Site) -> None:
    let_through(site.root)
    answer = process(site.root, script=LOOKS, cwd=Path(__file__).parents[3])
    assert answer.out == "[1, 0, 0, 0]\n", answer.err


@pytest.mark.skipif(os.name != "posix", reason="modes of files")
def test_what_the_job_writes_is_as_open_as_its_folder_lets_it(site: Site) -> None:
    file = site.put("a.xlsx", book(cells=WRONG))
    file.chmod(0o640)
    assert process("sync", "--config", site.config).code == 0
    assert stat.S_IMODE(file.stat().st_mode) == 0o640


def test_a_text_from_a_workbook_is_no_path_and_no_command(site: Site) -> None:
    evil = "../../../evil; touch evil"
    site.put("a.xlsx", book(plan={"Plan-id": evil, "Plannavn": evil}, cells=WRONG))
    assert site.command("sync").code == 0
    assert not list(site.root.parent.rglob("*evil*"))
