"""The exit codes, for whoever starts a command: a shell, the service, systemd."""

from __future__ import annotations

from enum import IntEnum


class ExitCode(IntEnum):
    """The exit codes of all commands; where several hold: 2, then 3, then 1."""

    FINE = 0
    FINDINGS = 1
    """At least one fejl; `check` only."""
    WRONG_CALL = 2
    """The configuration or the call is wrong."""
    UNREACHED = 3
    """A workbook or a service could not be reached or written; the others are done."""
