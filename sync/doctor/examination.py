"""What is examined, in this order; first the configuration and the environment."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from datetime import datetime

from sync.config import ENVIRONMENT_PREFIX, ConfigurationError, Settings
from sync.config.mail import PASSWORD_VARIABLE as MAIL_PASSWORD
from sync.config.settings import suggestion
from sync.config.state import PASSWORD_VARIABLE as STATE_PASSWORD
from sync.doctor import machine, state, workbooks
from sync.stores.base import Line


def examined(
    load: Callable[[], Settings], environment: Mapping[str, str], now: datetime
) -> Iterator[Line]:
    """A line for each thing; where the configuration is wrong, nothing else can be tried."""
    yield from _unknown_variables(environment)
    try:
        settings = load()
    except ConfigurationError as error:
        for problem in str(error).splitlines():
            yield Line(
                "configuration",
                problem,
                "Mend it in the configuration; config.example.toml shows every key. Then run "
                "helhedsplan doctor again, since nothing else could be tried.",
            )
        return
    yield Line("configuration", "every key is known and every value makes sense")
    for old_key in settings.old_keys:
        says, _, change = old_key.partition(". ")
        yield Line("configuration", says, change)
    yield from machine.clock_lines(settings, now)
    yield from machine.schedule_lines(settings, now)
    yield from state.state_lines(settings, now)
    yield from workbooks.source_lines(settings, now)
    yield from workbooks.overview_lines(settings)
    yield from workbooks.waiver_lines(settings)
    yield from machine.mail_lines(settings.mail)


def _unknown_variables(environment: Mapping[str, str]) -> Iterator[Line]:
    """A line for each variable that begins like ours and names no key."""
    for name in sorted(environment):
        if not name.upper().startswith(ENVIRONMENT_PREFIX):
            continue
        variable = name.partition("__")[0]
        key = variable[len(ENVIRONMENT_PREFIX) :].lower()
        if key not in Settings.model_fields and name not in {MAIL_PASSWORD, STATE_PASSWORD}:
            known = [f"{ENVIRONMENT_PREFIX}{field.upper()}" for field in Settings.model_fields]
            yield Line(
                "environment",
                f"{name} names no key of the configuration, and has no effect",
                f"Remove the variable, or name it rightly.{suggestion(variable, known)}",
            )
