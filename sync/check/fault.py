"""A fault of our own in one workbook: it ends that workbook and not the run.

The report says what to send to whom. The log says where in the code it happened,
and never what stood in a cell.
"""

from __future__ import annotations

import logging
import traceback
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Literal, ParamSpec, TypeVar

from rules.text.marking import N_
from rules.text.personal_numbers import masked
from sync.i18n.language import _
from sync.stores.base import StoreError, Unreadable

FAULTS = logging.getLogger("helhedsplan.faults")
P = ParamSpec("P")
T = TypeVar("T")

Stage = Literal[
    "read", "validate", "judge", "write", "overview", "calendar", "page", "mail", "status"
]
_NOT_CHECKED = N_("Der er en fejl i kontrollen, så regnearket blev ikke kontrolleret.")
_NOT_WRITTEN = N_("Der er en fejl i kontrollen, så der blev ikke skrevet i regnearket.")
_WHAT_TO_DO = N_(
    "Den, der passer kontrollen, skal sende regnearkets navn og kontrollens log til dem, "
    "der har lavet programmet."
)
_OF_A_RUN: Mapping[str, str] = {
    "overview": N_("Der er en fejl i kontrollen, så overblikket ikke blev lavet."),
    "calendar": N_("Der er en fejl i kontrollen, så kalenderen ikke blev lavet."),
    "page": N_("Der er en fejl i kontrollen, så overblikket som side ikke blev lavet."),
    "mail": N_("Der er en fejl i kontrollen, så der mangler mails."),
    "status": N_("Der er en fejl i kontrollen, så dens tilstand ikke blev skrevet."),
}
_SEND_THE_LOG = N_(
    "Den, der passer kontrollen, skal sende kontrollens log til dem, der har lavet programmet."
)


@dataclass(frozen=True, slots=True)
class Fault:
    """An exception that nobody foresaw: its frames and its type, without its message."""

    stage: Stage
    trace: str

    def __str__(self) -> str:
        """What happened and what to do, in words for staff."""
        if self.stage in _OF_A_RUN:
            return f"{_(_OF_A_RUN[self.stage])} {_(_SEND_THE_LOG)}"
        return f"{_(_NOT_WRITTEN if self.stage == 'write' else _NOT_CHECKED)} {_(_WHAT_TO_DO)}"

    def log(self, *paths: str) -> None:
        """Put it into the log, once for each workbook that it ended."""
        for path in paths:
            keys = {"path": masked(path), "stage": self.stage}
            FAULTS.error("workbook failed\n%s", self.trace, extra={"keys": keys})


def problems_in(
    stage: Stage, work: Callable[P, Sequence[tuple[str, str]]], /, *args: P.args, **kwargs: P.kwargs
) -> Sequence[tuple[str, str]]:
    """The problems of a part of the run that is of no workbook; a fault of ours is one of them."""
    done = guarded(stage, work, *args, **kwargs)
    if not isinstance(done, Fault):
        return done
    done.log("")
    return [("", str(done))]


def guarded(stage: Stage, work: Callable[P, T], /, *args: P.args, **kwargs: P.kwargs) -> T | Fault:
    """Do the work on one workbook. An exception that is none of the store's becomes a Fault.

    Raises:
        Unreadable, StoreError: the work says so.
    """
    try:
        return work(*args, **kwargs)
    except (Unreadable, StoreError, MemoryError):
        raise
    except Exception as error:  # noqa: BLE001  becomes the workbook's outcome, reported and logged
        return Fault(stage, trace_of(error))


def trace_of(error: BaseException) -> str:
    """The frames of an exception and of those that led to it, the first one last."""
    frames = "".join(traceback.format_tb(error.__traceback__))
    before = error.__cause__ or error.__context__
    earlier = f"\n{trace_of(before)}" if before else ""
    return f"{frames}{type(error).__qualname__}{earlier}"
