"""A year in the life of the job: nothing is lost, and everything is said once.

The clock is passed in and goes on by the hour; the timetable says when a run is due. Files, the
mail server and the runs are real. What happens to the machine, the disk and the share stands in
EVENTS.
"""

from __future__ import annotations

import os
import signal
import subprocess
import sys
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import suppress
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

import pytest
from sqlalchemy import func, select

from sync.config.state import StateError
from sync.history import database
from sync.history.history import History
from sync.run.options import RunOptions
from sync.run.pipeline import run_once
from sync.service.timetable import Timetable
from tests.sync.helpers import COPENHAGEN, PATIENCE_SECONDS, Site, book, mended
from tests.sync.mail_server import PASSWORD, Inbox, mail_server
from tests.sync.notifications.test_mail import EVA, OPERATOR, SECRETARIAT, configure, of, text_of
from tests.sync.processes import until

HOUR = timedelta(hours=1)
SCHEDULE = '[schedule]\nweekdays = ["mandag", "onsdag", "fredag", "søndag"]\n'
RUN_ON = {0, 2, 4, 6}
WRONG = {"Indsatser!I2": "'ca. 5"}


@dataclass
class World:
    """A site, its mail, and what has happened to them so far."""

    site: Site
    inbox: Inbox
    now: datetime = datetime(2026, 1, 1, tzinfo=COPENHAGEN)
    is_up: bool = True
    runs: Counter[date] = field(default_factory=Counter)
    failures: list[date] = field(default_factory=list)
    mails: list[tuple[date, str, str]] = field(default_factory=list)

    @property
    def today(self) -> date:
        return self.now.astimezone(COPENHAGEN).date()

    def sent_to(self, address: str) -> list[tuple[date, str]]:
        return [(day, text) for day, to, text in self.mails if address in to]


def type_a_mistake(world: World) -> None:
    mended(world.site, "a.xlsx", "Indsatser", "I3", "ca. 7")


def mend_the_first(world: World) -> None:
    mended(world.site, "a.xlsx", "Indsatser", "I2", 400000)


def lose_the_share(world: World) -> None:
    world.site.sheets.rename(world.site.root / "unmounted")


def mount_the_share(world: World) -> None:
    (world.site.root / "unmounted").rename(world.site.sheets)


def cut_the_power_in_a_run(world: World) -> None:
    """A run is killed in the middle, and the machine stays down."""
    mended(world.site, "a.xlsx", "Milepæle", "B3", 9)
    run = subprocess.Popen(
        [sys.executable, "-m", "sync", "sync", "--config", str(world.site.config),
         "--remember", "--today", world.today.isoformat()],
        stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, start_new_session=True,
    )  # fmt: skip
    journal = world.site.database.with_name(f"{world.site.database.name}-journal")
    until(lambda: journal.exists() or run.poll() is not None, "the first write of the history")
    with suppress(ProcessLookupError):
        os.killpg(run.pid, signal.SIGKILL)
    run.communicate(timeout=PATIENCE_SECONDS)
    world.is_up = False


def power_comes_back(world: World) -> None:
    world.is_up = True


def fill_the_disk(world: World) -> None:
    """No file can grow: a run in a process that may write files of a few bytes only.

    It keeps nothing that it compiles (-B): Python would keep the beginning, and stumble over it.
    """
    mended(world.site, "a.xlsx", "Indsatser", "I4", "ca. 9")
    before = world.site.bytes_of_workbooks()
    script = (
        "import resource; resource.setrlimit(resource.RLIMIT_FSIZE, (2000, 2000))\n"
        "from sync.cli.app import app; app()\n"
    )
    done = subprocess.run(
        [sys.executable, "-B", "-c", script, "sync", "--config", str(world.site.config),
         "--remember", "--today", world.today.isoformat()],
        capture_output=True, text=True, check=False, timeout=PATIENCE_SECONDS,
    )  # fmt: skip
    assert done.returncode == 3, done.stderr
    assert "Traceback" not in done.stderr
    assert world.site.bytes_of_workbooks() == before


def expire_the_password(world: World) -> None:
    (world.site.root / "password").write_text("udløbet")
    mended(world.site, "a.xlsx", "Milepæle", "B2", 8)


def renew_the_password(world: World) -> None:
    (world.site.root / "password").write_text(PASSWORD)


def move_the_folder(world: World) -> None:
    world.site.sheets.rename(world.site.root / "planer 2026")


def tell_the_configuration(world: World) -> None:
    moved = '[[sources]]\nfolder = "planer 2026"\nlink = "https://sharepoint.example/planer"\n'
    set_up(world.site, world.inbox, moved)


def move_it_back(world: World) -> None:
    (world.site.root / "planer 2026").rename(world.site.sheets)
    set_up(world.site, world.inbox)


def damage_the_history(world: World) -> None:
    content = world.site.database.read_bytes()
    world.site.database.write_bytes(content[: len(content) // 2])


EVENTS: dict[datetime, Callable[[World], None]] = {
    datetime(2026, month, day, hour, tzinfo=COPENHAGEN): event
    for (month, day, hour), event in {
        (2, 10, 12): type_a_mistake,
        (3, 2, 12): lose_the_share,
        (3, 9, 12): mount_the_share,
        (4, 13, 6): cut_the_power_in_a_run,
        (4, 16, 15): power_comes_back,
        (5, 20, 12): fill_the_disk,
        (6, 15, 12): expire_the_password,
        (6, 22, 12): renew_the_password,
        (7, 6, 12): mend_the_first,
        (8, 3, 12): move_the_folder,
        (8, 6, 12): tell_the_configuration,
        (8, 31, 12): move_it_back,
        (9, 7, 12): damage_the_history,
    }.items()
}


def set_up(site: Site, inbox: Inbox, sources: str = "") -> None:
    configure(
        site, inbox, 'contacts = "daily"', f'operators = ["{OPERATOR}"]',
        f'secretariat = ["{SECRETARIAT}"]', SCHEDULE, sources=sources,
    )  # fmt: skip


def live(world: World, until_day: date) -> None:
    """Let the hours pass; whoever runs the service starts a run whenever one is due."""
    since = world.now
    events = dict(EVENTS)
    timetable = Timetable(world.site.settings().schedule)
    while world.today < until_day:
        for moment in [moment for moment in events if moment <= world.now]:
            events.pop(moment)(world)
        if world.is_up and timetable.due(world.now, since):
            since = world.now
            world.runs[world.today] += 1
            a_run(world)
        world.now = (world.now.astimezone(UTC) + HOUR).astimezone(COPENHAGEN)


def a_run(world: World) -> None:
    settings = world.site.settings()
    try:
        done = run_once(RunOptions(settings, world.now))
    except StateError:
        world.failures.append(world.today)
    else:
        if done.problems:
            world.failures.append(world.today)
    for mail in world.inbox.emptied():
        world.mails.append((world.today, str(mail["To"]), text_of(mail)))


@pytest.fixture
def world(site: Site, tmp_path: Path) -> Iterator[World]:
    with mail_server(tmp_path) as inbox:
        set_up(site, inbox)
        site.put("a.xlsx", book(plan=of(EVA, "Eva"), cells=WRONG))
        other = {"Plan-id": "NOEJ-2025", "Boligområde": "Nøjsomhed"}
        site.put("b.xlsx", book(plan=other))
        yield World(site, inbox)


@pytest.mark.long
@pytest.mark.skipif(not hasattr(os, "killpg"), reason="kills groups of processes")
def test_a_year(world: World) -> None:
    live(world, date(2027, 1, 1))
    # Each day of the schedule had its run, those of both clock changes among them. While the power
    # was out there was none, and afterwards, on a Thursday, one for all.
    first = date(2026, 1, 1)
    days = [first + timedelta(days=number) for number in range(365)]
    expected = {day: int(day.weekday() in RUN_ON) for day in days}
    expected |= {date(2026, 4, 13): 0, date(2026, 4, 15): 0, date(2026, 4, 16): 1}
    assert {day: world.runs[day] for day in days} == expected

    # The contact heard of each thing once, at the next run after it came.
    to_eva = [(str(day), text.count("\n- ")) for day, text in world.sent_to(EVA)]
    assert [day for day, _ in to_eva] == [
        "2026-01-02",  # what was wrong at the beginning
        "2026-02-11",  # type_a_mistake
        "2026-04-16",  # what was typed just before the power was cut
        "2026-05-22",  # what was typed while the disk was full
        "2026-06-24",  # whose mail could not be sent for a week
    ]  # fmt: skip
    assert {number for _, number in to_eva[1:]} == {1}

    # The operators heard once of the share, of the folder that was moved, and of the history.
    # Of the run that the power cut they heard if it had got so far as to be remembered.
    cut_off = "blev afbrudt, før den var færdig"
    heard = [(str(day), text) for day, text in world.sent_to(OPERATOR)]
    assert {day for day, text in heard if cut_off in text} <= {"2026-04-16"}
    to_operators = [(day, text) for day, text in heard if cut_off not in text]
    assert [day for day, _ in to_operators] == ["2026-03-04", "2026-08-05", "2026-09-09"]
    parts = ["kan ikke nås", "kan ikke nås", "hukommelse var beskadiget"]
    for (_, text), part in zip(to_operators, parts, strict=True):
        assert part in text

    # The secretariat had its summary every week, if need be on a later day.
    weeks = [day.isocalendar().week for day, _ in world.sent_to(SECRETARIAT)]
    assert weeks == list(range(1, 54))

    # Nothing was lost: the day on which the first mistake was seen, although the history broke.
    with History(world.site.settings().state) as history:
        firsts = set(history.findings.first_seen().values())
        runs = history.database.rows(select(func.count(database.run.c.finished_at)))
    assert date(2026, 1, 2) in firsts
    assert runs[0][0] >= 200
    assert world.site.control("a.xlsx", "Indsatser")[3].startswith("FEJL ")
    leftovers = [file for file in world.site.root.rglob("*.tmp") if "copies" not in file.parts]
    assert leftovers == []
