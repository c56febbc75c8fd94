"""What is remembered of the overview as it was written, and updating only the time in it.

Apart from publishing, which takes as long to load as a whole run in which nothing has changed.
"""

from __future__ import annotations

from datetime import datetime

from sheets_templates.report.description import FIRST_TAB
from sync.history.history import History
from sync.overview.cells import checked_line
from sync.stores.base import OverviewPlace


def update_check_time(place: OverviewPlace, history: History, at: datetime) -> bool:
    """Update the time of the check in the overview as it was written; whether that could be done.

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
