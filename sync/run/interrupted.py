"""Runs that did not come to their end: the next one that does tells the operators, once.

Where the service runs them it tells at once, and remembers that it did.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from sync.history.history import History
from sync.history.runs import Run
from sync.i18n.language import _, spoken


def endings_to_tell(history: History, number: int) -> Sequence[str]:
    """What the operators do not know yet of runs before the one of this number."""
    told_at = history.notes.interrupted_told_at
    cut = [
        run for run in history.runs.interrupted(number) if not told_at or run.started_at > told_at
    ]
    untold = history.notes.interrupted_untold
    if cut:
        untold = [*untold, _words(cut)]
        history.notes.interrupted_untold = untold
    return untold


def remember_that_it_was_told(history: History, at: datetime) -> None:
    """Remember that the operators know of everything that ended badly until now."""
    history.notes.interrupted_told_at = at


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
