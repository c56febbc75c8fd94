"""Runs that end badly where nobody watches over them: the next run tells, once."""

from __future__ import annotations

import os
import signal
from collections.abc import Iterator
from contextlib import suppress
from datetime import date, timedelta
from pathlib import Path

import pytest

from sync.history.history import History
from sync.run.options import Stopped
from tests.sync.helpers import TODAY, Site, book
from tests.sync.mail_server import Inbox, mail_server
from tests.sync.notifications.test_mail import OPERATOR, configure, text_of
from tests.sync.processes import start, until

pytestmark = pytest.mark.slow

ONE = timedelta(days=1)
LATE = "Kontrollen 23. november 2026 kl. 8.00 blev ikke færdig inden for den tid, den må tage."


@pytest.fixture
def inbox(tmp_path: Path) -> Iterator[Inbox]:
    with mail_server(tmp_path) as server:
        yield server


@pytest.fixture
def watched(site: Site, inbox: Inbox) -> Site:
    """A site whose operator gets mail, and whose runs cron starts."""
    configure(site, inbox, f'operators = ["{OPERATOR}"]')
    site.put("a.xlsx", book())
    return site


def killed_in_a_run(site: Site, today: date) -> None:
    """A run that is killed after it began, and before it came to its end."""
    with History(site.settings().state):
        pass  # the file is there, and can be asked
    run = start(site, "sync", "--remember", "--today", today.isoformat())
    until(lambda: site.asked("SELECT COUNT(*) FROM run WHERE outcome IS NULL") != [(0,)] or
          run.poll() is not None, "the beginning of the run")  # fmt: skip
    with suppress(ProcessLookupError):
        os.killpg(run.pid, signal.SIGKILL)
    run.communicate()


def late(site: Site, today: date = TODAY) -> None:
    with pytest.raises(Stopped):
        site.sync(today, stop_asked=lambda: True, is_late=lambda: True)


def told(inbox: Inbox) -> list[str]:
    return [text_of(mail) for mail in inbox.emptied()]


@pytest.mark.skipif(not hasattr(os, "killpg"), reason="kills groups of processes")
def test_a_run_that_was_killed_is_told_once(watched: Site, inbox: Inbox) -> None:
    killed_in_a_run(watched, TODAY)
    assert watched.asked("SELECT outcome FROM run") == [(None,)]
    assert told(inbox) == []
    watched.sync(TODAY + ONE)
    (text,) = told(inbox)
    assert "Kontrollen 23. november 2026 kl. " in text
    assert "blev afbrudt, før den var færdig." in text
    watched.sync(TODAY + 2 * ONE)
    assert told(inbox) == []


def test_a_run_whose_time_was_over_is_told_once(watched: Site, inbox: Inbox) -> None:
    late(watched)
    assert "stoppet, fordi den tog for lang tid" in watched.command("status").out
    watched.sync(TODAY + ONE)
    (text,) = told(inbox)
    assert LATE in text
    watched.sync(TODAY + 2 * ONE)
    assert told(inbox) == []


def test_several_are_one_line(watched: Site, inbox: Inbox) -> None:
    for number in range(3):
        late(watched, TODAY + number * ONE)
    watched.sync(TODAY + 3 * ONE)
    (text,) = told(inbox)
    assert "3 kontroller blev ikke færdige. Den første begyndte 23. november 2026" in text


def test_a_run_that_a_person_stopped_is_no_news(watched: Site, inbox: Inbox) -> None:
    with pytest.raises(Stopped):
        watched.sync(stop_asked=lambda: True)
    watched.sync(TODAY + ONE)
    assert told(inbox) == []


def test_what_the_service_has_told_is_not_told_again(watched: Site, inbox: Inbox) -> None:
    late(watched)
    with History(watched.settings().state) as history:
        run = history.runs.last()
        assert run is not None
        history.notes.interrupted_reported_at = run.started_at + timedelta(minutes=5)
    watched.sync(TODAY + ONE)
    assert told(inbox) == []
    late(watched, TODAY + 2 * ONE)
    watched.sync(TODAY + 3 * ONE)
    assert len(told(inbox)) == 1


def test_it_is_told_when_mail_can_be_sent_again(watched: Site, inbox: Inbox) -> None:
    late(watched)
    inbox.refused.add(OPERATOR)
    watched.sync(TODAY + ONE)
    assert told(inbox) == []
    inbox.refused.clear()
    watched.sync(TODAY + 2 * ONE)
    assert LATE in "".join(told(inbox))
    watched.sync(TODAY + 3 * ONE)
    assert LATE not in "".join(told(inbox))


def test_without_mail_nothing_is_kept_to_be_told(site: Site) -> None:
    site.put("a.xlsx", book())
    late(site)
    site.sync(TODAY + ONE)
    assert site.asked("SELECT value FROM fact WHERE key = 'endings to tell'") == []
