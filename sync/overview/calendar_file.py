"""Putting the calendar of deadlines beside the overview, where it has changed."""

from __future__ import annotations

from datetime import datetime
from pathlib import Path

from sync.history.history import History
from sync.i18n.language import _
from sync.overview.calendar import PRODUCT, calendar_of, digest_of
from sync.overview.deadlines import deadlines_near
from sync.overview.model import Overview
from sync.stores.base import NeedsPerson, TryAgain
from sync.stores.files.replace import replace_file, stamp_of, write_new_file


def is_calendar_as_left(file: Path, history: History) -> bool:
    """Whether nobody has changed the file since it was put there.

    Raises:
        TryAgain: that cannot be seen now.
    """
    try:
        stamp = stamp_of(file.stat()) if file.exists() else ""
    except OSError as error:
        raise TryAgain(_("Kalenderen kan ikke læses lige nu.")) from error
    return history.notes.calendar_content.endswith(f" {stamp}")


def publish_calendar(overview: Overview, file: Path, history: History, at: datetime) -> None:
    """Write the file anew where the deadlines have changed, or somebody has changed the file.

    Raises:
        StoreError: it may not be written, or is somebody else's file.
    """
    deadlines = [one for one in deadlines_near(overview, at.date()) if one.on]
    try:
        old = file.read_bytes() if file.exists() else None
        stamp = stamp_of(file.stat()) if old is not None else ""
    except OSError as error:
        raise TryAgain(_("Kalenderen kan ikke læses lige nu.")) from error
    content = f"{digest_of(deadlines)} {stamp}"
    if content == history.notes.calendar_content:
        return
    if old is not None and PRODUCT.encode() not in old:
        raise NeedsPerson(_("Filen er ikke kalenderen med frister. Giv kalenderen et andet navn."))
    new = calendar_of(deadlines, at)
    stamp = write_new_file(file, new) if old is None else replace_file(file, old, new, stamp)
    history.notes.calendar_content = f"{digest_of(deadlines)} {stamp}"
