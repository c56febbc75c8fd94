"""What is remembered of the overview as it was left, and renewing only the time in it.

Apart from publishing, since that takes as long to load as a run in a standstill lasts.
"""

from __future__ import annotations

from datetime import datetime

from sync.history.history import History
from sync.overview.timestamp_line import FIRST_TAB, checked_line
from sync.stores.secretariat import OverviewPlace


def retimed(place: OverviewPlace, history: History, at: datetime) -> bool:
    """Renew the time of the check in the overview as it was left; whether that could be done.

    Raises:
        StoreError: it is in use, or may not be written.
    """
    notes = history.notes
    is_known = notes.overview_address == place.address and not notes.overview_copies
    if not is_known or not place.is_unchanged(notes.overview_mark):
        return False
    mark = place.write_line(FIRST_TAB, checked_line(at))
    if mark is not None:
        notes.overview_mark = mark
    return mark is not None


def forget_tabs(history: History) -> None:
    """Let the next overview be made anew as a whole, and written."""
    history.notes.overview_tabs = history.notes.overview_content = ""
