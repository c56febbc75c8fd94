"""Runs that did not come to their end: the next one that does tells the operators, once.

Where the service runs them it tells at once, and remembers that it did.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import datetime

from sync.history.history import History
from sync.history.runs import Run
from sync.i18n.language import _, spoken

_UNTOLD, _TOLD_AT = "endings to tell", "endings told at"


def endings_to_tell(history: History, number: int) -> Sequence[str]:
    """What the operators do not know yet of runs before the one of this number."""
    told_at = history.fact(_TOLD_AT)
    cut = [
        run
        for run in history.unfinished(number)
        if not told_at or run.started_at > datetime.fromisoformat(told_at)
    ]
    known = (history.fact(_UNTOLD) or "").split("\n")
    untold = list(filter(None, [*known, _words(cut) if cut else ""]))
    if cut:
        leave_to_tell(history, untold)
    return untold


def leave_to_tell(history: History, untold: Iterable[str]) -> None:
    """Remember what has still to be told."""
    text = "\n".join(untold)
    if text != (history.fact(_UNTOLD) or ""):
        history.set_fact(_UNTOLD, text)


def remember_that_it_was_told(history: History, at: datetime) -> None:
    """Remember that the operators know of everything that ended badly until now."""
    history.set_fact(_TOLD_AT, at.isoformat())


def _words(cut: Sequence[Run]) -> str:
    """In one sentence; the latest run stands first."""
    moment = spoken().moment(cut[-1].started_at)
    if len(cut) > 1:
        told = _("{count} kontroller blev ikke færdige. Den første begyndte {moment}.")
        return told.format(count=len(cut), moment=moment)
    if cut[0].outcome == "late":
        told = _("Kontrollen {moment} blev ikke færdig inden for den tid, den må tage.")
    else:
        told = _("Kontrollen {moment} blev afbrudt, før den var færdig.")
    return told.format(moment=moment)
