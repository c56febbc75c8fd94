"""The first tab's line with the time of the check: all that changes when nothing else has."""

from __future__ import annotations

from datetime import datetime

from rules.text.marking import N_
from sync.i18n.language import _, spoken

FIRST_TAB = N_("Overblik")


def checked_line(at: datetime) -> str:
    """The line below the overview's title."""
    return _("Kontrolleret {moment}").format(moment=spoken().moment(at))
