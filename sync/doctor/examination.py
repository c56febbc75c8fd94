"""What is examined, in this order."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from datetime import datetime

from sync.config import ConfigurationError, Settings
from sync.doctor import configuration, machine, mail, places, state, workbooks
from sync.stores.diagnosis import Line


def examined(
    load: Callable[[], Settings], environment: Mapping[str, str], now: datetime
) -> Iterator[Line]:
    """A line for each thing; where the configuration is wrong, nothing else can be tried."""
    yield from configuration.environment_lines(environment)
    try:
        settings = load()
    except ConfigurationError as error:
        yield from configuration.wrong(error)
        return
    yield Line("configuration", "every key is known and every value makes sense")
    yield from configuration.old_keys(settings)
    yield from _everything(settings, now)


def _everything(settings: Settings, now: datetime) -> Iterator[Line]:
    yield from machine.clock_lines(settings, now)
    yield from machine.schedule_lines(settings, now)
    yield from state.state_lines(settings, now)
    yield from workbooks.source_lines(settings, now)
    yield from places.overview_lines(settings)
    yield from places.waiver_lines(settings)
    yield from mail.mail_lines(settings.mail)
