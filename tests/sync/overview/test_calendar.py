"""The calendar of deadlines: what a calendar program reads in it, and when it is written."""

from __future__ import annotations

import re
from datetime import date, timedelta
from typing import Any

import icalendar
import pytest

from tests.sync.helpers import CPR, TODAY, Site, book, table

LATE, SOON = TODAY - timedelta(days=3), TODAY + timedelta(days=9)
OPEN = {"Milepæle!D2": LATE, "Milepæle!E2": "I gang", "Milepæle!D3": SOON}


@pytest.fixture
def planned(site: Site) -> Site:
    """A plan with an overdue milestone and one that is near."""
    site.put("a.xlsx", book(cells=OPEN))
    site.sync()
    return site


def events(site: Site) -> dict[str, tuple[str, date]]:
    """What stands on which day, by id."""
    calendar: Any = icalendar.Calendar.from_ical((site.root / "Frister.ics").read_bytes())
    return {
        str(event["uid"]): (str(event["summary"]), event["dtstart"].dt)
        for event in calendar.walk("VEVENT")
    }


def test_it_holds_what_stands_in_frister(planned: Site) -> None:
    lines = table(planned.overview.read_bytes(), "Frister")
    assert sorted(day for _, day in events(planned).values()) == [LATE, SOON]
    assert {f"{one['Slags']}: {one['Hvad']} ({one['Område']})" for one in lines} == {
        text for text, _ in events(planned).values()
    }
    assert [one["Dato"].date() for one in lines] == [LATE, SOON]


def test_a_deadline_that_moves_keeps_its_id(planned: Site) -> None:
    before = events(planned)
    planned.put("a.xlsx", book(cells=OPEN | {"Milepæle!D3": TODAY}), changed_at=1_700_000_000)
    planned.sync()
    after = events(planned)
    assert before.keys() == after.keys()
    assert sorted(day for _, day in after.values()) == [LATE, TODAY]


def test_it_is_written_only_when_a_deadline_has_changed(planned: Site) -> None:
    before = planned.everything()["Frister.ics"]
    planned.sync(hour=10)
    planned.sync(TODAY + timedelta(days=1))
    assert planned.everything()["Frister.ics"] == before


@pytest.mark.parametrize("change", ["gone", "changed"])
def test_it_is_made_again(planned: Site, change: str) -> None:
    file = planned.root / "Frister.ics"
    before = events(planned)
    if change == "gone":
        file.unlink()
    else:
        file.write_bytes(file.read_bytes().replace(b"SUMMARY:", b"SUMMARY:X"))
    planned.sync(hour=9)
    assert events(planned) == before


def test_somebody_elses_file_is_left_alone(site: Site) -> None:
    file = site.root / "Frister.ics"
    file.write_bytes(b"BEGIN:VCALENDAR\r\nEND:VCALENDAR\r\n")
    site.put("a.xlsx", book(cells=OPEN))
    (problem,) = site.sync().problems
    assert problem[0] == "Frister.ics"
    assert file.read_bytes().endswith(b"END:VCALENDAR\r\n")
    assert len(file.read_bytes()) < 40


def test_it_holds_no_cpr_number(site: Site) -> None:
    cells = OPEN | {"Milepæle!C2": f"Møde {CPR}", "Indsatser!E2": f"Anna {CPR}"}
    site.put("a.xlsx", book(cells=cells, plan={"Plannavn": f"Plan {CPR}"}))
    site.sync()
    content = (site.root / "Frister.ics").read_bytes().replace(b"\r\n ", b"")
    assert b"Milep" in content
    assert CPR.encode() not in content


def test_what_comes_is_reminded_of_and_what_is_past_is_not(site: Site) -> None:
    cells = {"Milepæle!D2": "01-10-2026", "Milepæle!E2": "Planlagt",
             "Milepæle!D3": "10-12-2026", "Milepæle!E3": "Planlagt"}  # fmt: skip
    site.put("a.xlsx", book(cells=cells, plan={"Slutdato": "31-03-2028"}))
    site.sync()
    text = (site.root / "Frister.ics").read_bytes().decode().replace("\r\n ", "")
    events = text.split("BEGIN:VEVENT")[1:]
    kinds = {re.search(r"SUMMARY:(\w+)", one)[1]: "BEGIN:VALARM" in one for one in events}  # type: ignore[index]
    assert kinds["Udløb"] is True
    assert kinds["Ansøgning"] is False
    assert sorted("VALARM" in one for one in events if "Milepæl" in one) == [False, True]
    assert "TRIGGER:-P6DT15H" in text
