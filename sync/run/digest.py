"""The mails of this moment, without a whole run: shown, or sent."""

from __future__ import annotations

import contextlib
from collections.abc import Sequence

from sync.history.history import History
from sync.locks.lock import alone
from sync.notifications.delivery import Mailing
from sync.notifications.letter import Letter
from sync.run.notify import lasting
from sync.run.options import RunOptions
from sync.run.pipeline import look
from sync.stores.configured import Configured


def letters_due(options: RunOptions) -> list[Letter]:
    """The letters that a run would send now; nothing is written.

    Raises:
        StateError: the state folder cannot be used.
        ConfigurationError: there is nothing to check.
    """
    with History(options.settings.state, writes=False) as history:
        return _mailing(history, options).letters()


def deliver(options: RunOptions) -> Sequence[tuple[str, str]]:
    """Send them, and remember what was sent to whom; what went wrong with that.

    Raises:
        AlreadyRunning: a run is going on.
        StateError: the state folder cannot be used.
        ConfigurationError: there is nothing to check.
    """
    state = options.settings.state
    with alone(state), History(state) as history:
        return _mailing(history, options).deliver()


def _mailing(history: History, options: RunOptions) -> Mailing:
    with contextlib.closing(Configured(options.settings)) as places:
        report = look(places, history, options)
    problems = lasting(report.problems, history)
    return Mailing(options.settings, history.sent_log, report.overview, problems, options.now)
