"""The mails of this moment, without a whole run: shown, or sent."""

from __future__ import annotations

import contextlib
from collections.abc import Sequence
from dataclasses import replace

from sync.config import Settings
from sync.history.history import History
from sync.locks.lock import alone
from sync.notifications.delivery import Mailing
from sync.notifications.letter import Letter
from sync.run.options import Orders
from sync.run.runner import lasting, run_with_waivers
from sync.stores.configured import Configured


def letters_due(settings: Settings, orders: Orders) -> list[Letter]:
    """The letters that a run would send now; nothing is written.

    Raises:
        StateError: the state folder cannot be used.
        ConfigurationError: there is nothing to check.
    """
    with History(settings.state, writes=False) as history:
        return list(_mailing(settings, history, orders).letters())


def deliver(settings: Settings, orders: Orders) -> Sequence[tuple[str, str]]:
    """Send them, and remember who has been told what; what went wrong with that.

    Raises:
        AlreadyRunning: a run is going on.
        StateError: the state folder cannot be used.
        ConfigurationError: there is nothing to check.
    """
    with alone(settings.state), History(settings.state) as history:
        return _mailing(settings, history, orders).deliver()


def _mailing(settings: Settings, history: History, orders: Orders) -> Mailing:
    looking = replace(orders, writes=False)
    with contextlib.closing(Configured(settings)) as places:
        result = run_with_waivers(settings, places, history, looking)
    problems = lasting(result.problems, history)
    return Mailing(settings, history.sent_log, result.overview, problems, orders.now)
