"""The deadlines as a calendar: what a calendar program shows of the tab Frister."""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from datetime import UTC, datetime, timedelta

from rules.text.personal_numbers import masked
from sync.i18n.language import _
from sync.overview.deadlines import Deadline

PRODUCT = "-//helhedsplan//Frister//DA"


def digest_of(deadlines: Sequence[Deadline]) -> str:
    """What tells these deadlines from others, whenever the calendar is written."""
    digest = hashlib.blake2b(digest_size=16)
    for one in deadlines:
        digest.update(f"{_uid(one)}{one.on}{_summary(one)}{_description(one)}\x1e".encode())
    return digest.hexdigest()


def calendar_of(deadlines: Sequence[Deadline], at: datetime) -> bytes:
    """The deadlines that have a day, as an .ics file: whole days, each with an id that stays."""
    from icalendar import Calendar, Event  # noqa: PLC0415  slow to load, and seldom needed

    calendar = Calendar()
    calendar.add("prodid", PRODUCT)
    calendar.add("version", "2.0")
    calendar.add("x-wr-calname", _("Frister i helhedsplanerne"))
    for one in deadlines:
        if one.on is None:
            continue
        event = Event()
        event.add("uid", _uid(one))
        event.add("dtstamp", at.astimezone(UTC))
        event.add("dtstart", one.on)
        event.add("dtend", one.on + timedelta(days=1))
        event.add("summary", _summary(one))
        event.add("description", _description(one))
        event.add("transp", "TRANSPARENT")
        calendar.add_component(event)
    packed: bytes = calendar.to_ical()
    return packed


def _uid(one: Deadline) -> str:
    return f"{hashlib.blake2b(one.key.encode(), digest_size=12).hexdigest()}@helhedsplan"


def _summary(one: Deadline) -> str:
    where = f" ({one.area})" if one.area else ""
    return masked(f"{one.kind}: {one.what.text}{where}")


def _description(one: Deadline) -> str:
    about = f"{one.plan.name or one.plan.key}."
    who = _("Ansvarlig: {who}.").format(who=one.who) if one.who else ""
    return masked(f"{about} {who}".rstrip())
