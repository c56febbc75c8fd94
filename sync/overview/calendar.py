"""The tab Frister as a calendar file beside the overview."""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from datetime import UTC, date, datetime, timedelta

from rules.text.marking import N_
from rules.text.personal_numbers import masked
from sync.history.history import History
from sync.i18n.language import _
from sync.overview.model import Deadline, Overview
from sync.overview.owned_file import OwnedFile
from sync.overview.working_days import REMINDERS, working_days_before
from sync.stores.document import Document
from sync.stores.files.replace import CALENDAR_MARK

_AT_NINE = timedelta(hours=9)
_REMINDER = timedelta(days=-7) + _AT_NINE
"""A week before, at nine o'clock."""
_Event = tuple[str, date, str, str, bool]
"""A deadline as the calendar shows it: an id that stays, the day, a line, more about it, and
whether it is a report, which is reminded of in working days."""


def is_calendar_as_left(file: Document, history: History) -> bool:
    """Whether nobody has changed the file since it was put there.

    Raises:
        TryAgain: that cannot be seen now.
    """
    return _owned(file).is_as_left(history.notes.calendar_content)


def publish_calendar(overview: Overview, file: Document, history: History, at: datetime) -> None:
    """Write the file anew where the deadlines have changed, or somebody has changed the file.

    Raises:
        StoreError: it may not be written, or is somebody else's file.
    """
    events = [_event(one, one.on) for one in overview.deadlines if one.on]
    digest = hashlib.blake2b(repr(events).encode(), digest_size=16).hexdigest()
    notes, remembered = history.notes, history.notes.calendar_content
    notes.calendar_content = _owned(file).put(digest, remembered, lambda: _packed(events, at))


def _owned(file: Document) -> OwnedFile:
    return OwnedFile(
        file,
        CALENDAR_MARK,
        N_("Filen er ikke kalenderen med frister. Giv kalenderen et andet navn."),
        N_("Kalenderen kan ikke læses lige nu."),
    )


def _event(one: Deadline, on: date) -> _Event:
    uid = f"{hashlib.blake2b(one.key.encode(), digest_size=12).hexdigest()}@helhedsplan"
    where = f" ({one.area})" if one.area else ""
    who = _("Ansvarlig: {who}.").format(who=one.who) if one.who else ""
    about = f"{one.plan.name or one.plan.key}. {who}".rstrip()
    return uid, on, masked(f"{one.kind}: {one.what.text}{where}"), masked(about), one.is_report


def _reminders(on: date, *, is_report: bool) -> list[timedelta]:
    """How long before a deadline is reminded of."""
    if not is_report:
        return [_REMINDER]
    return [working_days_before(on, count) - on + _AT_NINE for count in REMINDERS]


def _packed(events: Sequence[_Event], at: datetime) -> bytes:
    from icalendar import Alarm, Calendar, Event  # noqa: PLC0415  slow to load, and seldom needed

    calendar = Calendar()
    calendar.add("prodid", CALENDAR_MARK.decode())
    calendar.add("version", "2.0")
    calendar.add("x-wr-calname", _("Frister i helhedsplanerne"))
    for uid, on, summary, description, is_report in events:
        event = Event()
        event.add("uid", uid)
        event.add("dtstamp", at.astimezone(UTC))
        event.add("dtstart", on)
        event.add("dtend", on + timedelta(days=1))
        event.add("summary", summary)
        event.add("description", description)
        event.add("transp", "TRANSPARENT")
        for reminder in _reminders(on, is_report=is_report) if on >= at.date() else ():
            alarm = Alarm()
            alarm.add("action", "DISPLAY")
            alarm.add("description", summary)
            alarm.add("trigger", reminder)
            event.add_component(alarm)
        calendar.add_component(event)
    packed: bytes = calendar.to_ical()
    return packed
