"""The overview's lists hold every row of the workbooks, worked out again with openpyxl."""

from __future__ import annotations

from datetime import date, datetime, timedelta
from pathlib import Path

import pytest

from tests.sync.helpers import TODAY, Site, book, loaded, table
from tests.sync.overview.test_overview import NOEJSOMHED


def typed_rows(file: Path, tab: str) -> list[dict[str, object]]:
    """The filled rows of a workbook that `book` made."""
    rows = loaded(file.read_bytes())[tab].iter_rows(values_only=True)
    headers = [str(header) for header in next(rows)]
    return [dict(zip(headers, row, strict=True)) for row in rows if any(row)]


@pytest.fixture
def two_areas(site: Site) -> Site:
    site.put("a.xlsx", book(cells={"Milepæle!D2": TODAY + timedelta(days=90),
                                    "Milepæle!E2": "Planlagt"}))  # fmt: skip
    site.put("b.xlsx", book(plan=NOEJSOMHED))
    return site


@pytest.mark.parametrize(
    ("shown", "tab", "shown_name", "name"),
    [("Indsatser", "Indsatser", "Aktivitet", "Aktivitet"),
     ("Medarbejdere", "Medarbejdere", "Navn", "Navn")],
)  # fmt: skip
def test_every_row_read_is_a_row_shown(
    two_areas: Site, shown: str, tab: str, shown_name: str, name: str
) -> None:
    read = [(row[name], area) for file, area in (("a.xlsx", "Vapnagaard"), ("b.xlsx", "Nøjsomhed"))
            for row in typed_rows(two_areas.sheets / file, tab)]  # fmt: skip
    two_areas.sync()
    lines = table(two_areas.overview.read_bytes(), shown)
    assert read
    assert sorted((line[shown_name], line["Område"]) for line in lines) == sorted(read)


def test_equal_activities_in_two_areas_point_at_each_other(two_areas: Site) -> None:
    two_areas.sync()
    lines = table(two_areas.overview.read_bytes(), "Erfaringer")
    other = {"Vapnagaard": "Nøjsomhed", "Nøjsomhed": "Vapnagaard"}
    assert lines
    assert all(line["Findes også i"] == other[line["Område"]] for line in lines)


@pytest.mark.parametrize(
    ("typed", "status", "state"),
    [(TODAY + timedelta(days=91), "Planlagt", None),
     (TODAY, "Nået", None),
     (TODAY, "Udgået", None),
     (TODAY + timedelta(days=90), "Planlagt", "om 90 dage"),
     (TODAY, "I gang", "i dag"),
     (TODAY - timedelta(days=1), "Planlagt", "overskredet med 1 dag"),
     ("'snart", "Planlagt", "dato mangler")],
)  # fmt: skip
def test_a_milestone_is_a_deadline_while_it_is_open(
    site: Site, typed: object, status: str, state: str | None
) -> None:
    cells = {"Milepæle!D2": typed, "Milepæle!E2": status}
    file = site.put("a.xlsx", book(cells=cells))
    named = typed_rows(file, "Milepæle")[0]["Milepæl"]
    site.sync()
    lines = table(site.overview.read_bytes(), "Frister")
    own = [line for line in lines if line["Hvad"] == named]
    assert [line["Tilstand"] for line in own] == ([state] if state else [])
    if isinstance(typed, date) and own:
        shown = own[0]["Dato"]
        assert isinstance(shown, datetime)
        assert shown.date() == typed
        assert own[0]["Ansvarlig"]


def test_the_list_of_deadlines_is_in_order_of_dates(two_areas: Site) -> None:
    two_areas.sync()
    days = [x["Dato"] for x in table(two_areas.overview.read_bytes(), "Frister")]
    known = [day for day in days if isinstance(day, datetime)]
    assert known == sorted(known)
    assert days[: len(known)] == known
