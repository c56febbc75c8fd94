"""The mails of this moment, without a whole run: shown, or sent."""

from __future__ import annotations

import contextlib
from collections.abc import Sequence

from sync.config import Settings
from sync.history.history import History
from sync.locks.lock import alone
from sync.notifications.delivery import Mailing
from sync.notifications.letter import Letter
from sync.run.notify import lasting
from sync.run.options import RunOptions
from sync.run.pipeline import look
from sync.stores.configured import Configured


def letters_due(settings: Settings, options: RunOptions) -> list[Letter]:
    """The letters that a run would send now; nothing is written.

    Raises:
        StateError: the state folder cannot be used.
        ConfigurationError: there is nothing to check.
    """
    with History(settings.state, writes=False) as history:
        return list(_mailing(settings, history, options).letters())


def deliver(settings: Settings, options: RunOptions) -> Sequence[tuple[str, str]]:
    """Send them, and remember what was sent to whom; what went wrong with that.

    Raises:
        AlreadyRunning: a run is going on.
        StateError: the state folder cannot be used.
        ConfigurationError: there is nothing to check.
    """
    with alone(settings.state), History(settings.state) as history:
        return _mailing(settings, history, options).deliver()


def _mailing(settings: Settings, history: History, options: RunOptions) -> Mailing:
    with contextlib.closing(Configured(settings)) as places:
        report = look(places, history, options)
    problems = lasting(report.problems, history)
    return Mailing(settings, history.sent_log, report.overview, problems, options.now)
