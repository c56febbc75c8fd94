"""The first tab's line with the time of the check: all that changes when nothing else has."""

from __future__ import annotations

from datetime import datetime

from rules.language import N_
from sync.language import _, spoken

FIRST_TAB = N_("Overblik")


def checked_line(at: datetime) -> str:
    """The line below the overview's title."""
    return _("Kontrolleret {moment}").format(moment=spoken().moment(at))
