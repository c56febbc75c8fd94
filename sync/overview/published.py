"""What is remembered of the overview as it was written, and updating only the time in it.

Apart from publishing, which takes as long to load as a whole run in which nothing has changed.
"""

from __future__ import annotations

import hashlib
import re
from datetime import datetime
from html import escape
from pathlib import Path

from sheets_templates.report.description import FIRST_TAB
from sync.history.history import History
from sync.overview.cells import checked_line
from sync.overview.owned_file import page_file
from sync.stores.base import OverviewPlace, StoreError

_CHECKED = re.compile(rb'(<time id="checked">)[^<]*')


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
    with history.together():
        history.notes.overview_tabs = history.notes.overview_content = ""


def is_page_as_left(file: Path | None, history: History) -> bool:
    """Whether nobody has changed the page since it was put there, so far as that can be seen."""
    try:
        return file is None or page_file(file).is_as_left(history.notes.page_content)
    except StoreError:
        return False


def update_page_time(file: Path, history: History, at: datetime) -> None:
    """Update the time of the check in the page as it was written.

    Raises:
        StoreError: it may not be written.
    """
    beside, notes = page_file(file), history.notes
    line = escape(checked_line(at)).encode()
    old, stamp = beside.read()
    new = old and _CHECKED.sub(lambda found: found[1] + line, old, count=1)
    if new and new != old:
        notes.page_content = beside.replace(old, stamp, digest_of(new), new)


def digest_of(content: bytes) -> str:
    """A digest of what a file shows."""
    return hashlib.blake2b(content, digest_size=16).hexdigest()
