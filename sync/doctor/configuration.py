"""The configuration and the environment: what is wrong in them, and what was probably meant."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from sync.config import ENVIRONMENT_PREFIX, ConfigurationError, Settings, mail, state
from sync.config.suggestions import meant
from sync.stores.diagnosis import Line

_PASSWORDS = {mail.PASSWORD_VARIABLE, state.PASSWORD_VARIABLE}


def wrong(error: ConfigurationError) -> Iterator[Line]:
    """A line for each thing that the configuration's reader minds."""
    for problem in str(error).splitlines():
        key, _, says = problem.partition(": ")
        yield Line(
            "configuration",
            f"{key}: {says}" if says else key,
            "Mend it in the configuration; config.example.toml shows every key. Then run "
            "helhedsplan doctor again, since nothing else could be tried.",
        )


def old_keys(settings: Settings) -> Iterator[Line]:
    """A line for each key that is called otherwise by now."""
    for line in settings.old_keys:
        says, _, change = line.partition(". ")
        yield Line("configuration", says, change)


def environment_lines(environment: Mapping[str, str]) -> Iterator[Line]:
    """A line for each variable that begins like ours and names no key."""
    for name in sorted(environment):
        if not name.upper().startswith(ENVIRONMENT_PREFIX) or name in _PASSWORDS:
            continue
        key = name[len(ENVIRONMENT_PREFIX) :].partition("__")[0].lower()
        if key not in Settings.model_fields:
            known = [f"{ENVIRONMENT_PREFIX}{field.upper()}" for field in Settings.model_fields]
            yield Line(
                "environment",
                f"{name} names no key of the configuration, and has no effect",
                f"Remove the variable, or name it rightly.{meant(name.partition('__')[0], known)}",
            )
