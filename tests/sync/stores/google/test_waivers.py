"""The life of a waiver and of a comment where plans, overview and waivers are spreadsheets."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta

import pytest

from sync.run.report import RunReport
from tests.google_server.model import Cells
from tests.sync.helpers import TODAY, book
from tests.sync.stores.google.helpers import GoogleSite, Json, table_of, texts_of
from tests.sync.waiving import HEADERS, LATER, TYPED, waiver

pytestmark = pytest.mark.slow

FIRST_ROW, ROWS = 4, 6
DAY_ZERO = date(1899, 12, 30)


@dataclass
class Office:
    """A plan, the overview and the waivers, each in a spreadsheet of its own; the hours pass."""

    site: GoogleSite
    plan: str
    overview: str
    waivers: str
    hour: int = 7

    def sync(self, today: date = TODAY) -> RunReport:
        self.hour += 1
        return self.site.sync(today, self.hour)

    def accept(self, *lines: tuple[object, ...]) -> None:
        """Type these lines, and no others, below the headers that the job has drawn."""
        blank = [""] * len(HEADERS)
        rows = [*lines, *[blank] * (ROWS - len(lines))]
        sheet = self.site.tab(self.waivers, "Undtagelser")
        start = {"sheetId": sheet.id, "rowIndex": FIRST_ROW - 1, "columnIndex": 0}
        typed = [{"values": [entry(value) for value in row]} for row in rows]
        update = {"start": start, "rows": typed, "fields": "userEnteredValue"}
        self.site.batch(self.waivers, {"updateCells": update})

    def amount(self, text: str) -> None:
        """Let staff type another amount where CEL-07 stands."""
        self.site.type_in(self.plan, "Indsatser", "I2", text)

    @property
    def control(self) -> str:
        return self.site.kontrol(self.plan, "Indsatser").get(2, "")

    @property
    def summary(self) -> str:
        """The line on top of the plan's tab Advarsler."""
        return texts_of(self.site.tab(self.plan, "Advarsler"))[1, 1]

    def table(self, title: str) -> list[dict[str, str]]:
        """The rows of a tab of the overview, by heading."""
        return table_of(self.site.tab(self.overview, title))

    def notices(self) -> list[tuple[str, str]]:
        """The overview's Advarsler: severity and code."""
        return [(row["Alvor"], row["Kode"]) for row in self.table("Advarsler")]

    def standing(self) -> list[str]:
        """The overview's Undtagelser: what became of each line."""
        return [row["Tilstand"] for row in self.table("Undtagelser")]

    def rename(self, title: str, new: str) -> None:
        """Let the secretariat call a tab of the waivers something else."""
        properties = {"sheetId": self.site.tab(self.waivers, title).id, "title": new}
        change = {"properties": properties, "fields": "title"}
        self.site.batch(self.waivers, {"updateSheetProperties": change})

    def waiver_cells(self) -> Cells:
        return dict(self.site.tab(self.waivers, "Undtagelser").cells)


def entry(value: object) -> Json:
    """A cell as a person leaves it behind: a day is a number, what is empty is nothing."""
    if isinstance(value, date):
        return {"userEnteredValue": {"numberValue": (value - DAY_ZERO).days}}
    return {"userEnteredValue": {"stringValue": value}} if value else {}


@pytest.fixture
def office(site: GoogleSite) -> Office:
    """One plan with one amount typed as text, seen by one run."""
    plan = site.spreadsheet("Vapnagaard", book(cells=TYPED))
    overview = site.server.make_spreadsheet("Overblik")
    waivers = site.server.make_spreadsheet("Undtagelser")
    site.configure_google(
        sections=f'[overview]\nspreadsheet = "{overview}"\n[waivers]\nspreadsheet = "{waivers}"'
    )
    office = Office(site, plan, overview, waivers)
    assert office.sync().problems == []
    assert office.notices() == [("Advarsel", "CEL-07")]
    return office


def test_the_tab_is_laid_with_its_headers(office: Office) -> None:
    texts = texts_of(office.site.tab(office.waivers, "Undtagelser"))
    headers = [text.rstrip(" *") for (row, _), text in sorted(texts.items()) if row == 3]
    assert headers == list(HEADERS)


def test_the_whole_life_of_a_waiver(office: Office) -> None:
    assert office.control.startswith("ADVARSEL Budget: ")

    office.accept(waiver())
    result = office.sync()
    assert result.problems == []
    assert office.control.startswith("ACCEPTERET Budget: »1.600.000 kr.«")
    assert "Accepteret til og med 30. juni 2027 af Lone: Aftalt med fonden." in office.control
    assert office.control.endswith("(CEL-07)")
    assert office.summary.endswith("0 fejl, 0 advarsler og 0 info · 1 accepteret")
    assert office.notices() == [("Accepteret", "CEL-07")]
    assert office.standing() == ["Gælder"]
    assert not any(result.counts.values())

    office.amount("3.000.000 kr.")
    result = office.sync()
    assert office.control.startswith("ADVARSEL Budget: »3.000.000 kr.«")
    assert ("Advarsel", "CEL-07") in office.notices()
    assert office.standing() == ["Værdien er ændret"]
    assert sum(result.counts.values()) == len(office.notices())

    office.amount("1.600.000 kr.")
    office.sync()
    assert office.control.startswith("ACCEPTERET Budget: ")
    assert office.standing() == ["Gælder"]

    office.sync(LATER)
    assert office.standing() == ["Gælder"]
    office.sync(LATER + timedelta(days=1))
    assert "ADVARSEL Budget" in office.control
    assert ("Advarsel", "CEL-07") in office.notices()
    assert office.standing() == ["Udløbet"]


def test_the_whole_life_of_a_comment(office: Office) -> None:
    before = office.site.kontrol(office.plan, "Indsatser")
    cells = {"A4": "VAP-2025", "D4": "Indsatser", "E4": "2", "F4": "=1+1", "G4": "Lone"}
    for cell, text in cells.items():
        office.site.type_in(office.waivers, "Bemærkninger", cell, text)
    assert dict(office.sync().counts) == {"advarsel": 1}
    assert office.site.kontrol(office.plan, "Indsatser") == before | {
        3: "OK\nSEKRETARIATET: =1+1 (Lone)"
    }
    assert office.sync().written == []

    office.site.type_in(office.waivers, "Bemærkninger", "I4", "ja")
    office.sync()
    assert office.site.kontrol(office.plan, "Indsatser") == before


def test_a_changed_value_is_accepted_by_a_new_reason(office: Office) -> None:
    office.accept(waiver())
    office.sync()
    office.amount("3.000.000 kr.")
    office.sync()

    office.accept(waiver(Begrundelse="Også aftalt"))
    office.sync()

    assert office.control.startswith("ACCEPTERET Budget: »3.000.000 kr.«")
    assert office.standing() == ["Gælder"]


def test_it_follows_the_row(office: Office) -> None:
    office.accept(waiver())
    office.sync()
    sheet = office.site.tab(office.plan, "Indsatser")
    above = {"sheetId": sheet.id, "dimension": "ROWS", "startIndex": 1, "endIndex": 2}
    office.site.batch(office.plan, {"insertDimension": {"range": above}})

    office.sync()

    assert office.site.kontrol(office.plan, "Indsatser")[3].startswith("ACCEPTERET Budget")
    assert office.standing() == ["Gælder"]


def test_lines_that_do_not_hold_say_why(office: Office) -> None:
    office.accept(
        waiver(Begrundelse=""),
        waiver(**{"Til og med": ""}),
        waiver(**{"Til og med": "engang"}),
        waiver(Sted="I3"),
        waiver(Kode="FIN-01"),
    )
    before = office.waiver_cells()

    result = office.sync()

    assert result.problems == []
    assert office.control.startswith("ADVARSEL Budget: ")
    assert office.notices() == [("Advarsel", "CEL-07")]
    told = [(row["Tilstand"], row["Sådan gør du"]) for row in office.table("Undtagelser")]
    expected = [
        ("Mangler noget", "begrundelse"),
        ("Mangler noget", "dag"),
        ("Mangler noget", "dag"),
        ("Passer ikke på noget", "Advarsler"),
        ("Kan ikke accepteres", "rettes"),
    ]
    assert [standing for standing, _ in told] == [standing for standing, _ in expected]
    assert all(says in advice for (_, advice), (_, says) in zip(told, expected, strict=True))
    assert office.waiver_cells() == before, "the place is the secretariat's own"


@pytest.mark.parametrize("until", ["30-06-2027", "30. juni 2027"])
def test_a_day_typed_as_text_is_a_day(office: Office, until: str) -> None:
    office.accept(waiver(**{"Til og med": until}))
    office.sync()
    assert office.standing() == ["Gælder"]


@pytest.mark.parametrize("how", ["other tab", "other headers", "not shared"])
def test_while_they_cannot_be_read_nothing_is_accepted(office: Office, how: str) -> None:
    office.accept(waiver())
    office.sync()
    if how == "other tab":
        office.rename("Undtagelser", "Vores")
    elif how == "other headers":
        office.site.type_in(office.waivers, "Undtagelser", "A3", "Planen")
    else:
        office.site.server.unshare(office.waivers)

    result = office.sync()

    assert [place for place, _ in result.problems] == ["Undtagelserne i Google"]
    assert office.control.startswith("ADVARSEL Budget: ")
    assert office.notices() == [("Advarsel", "CEL-07")]


def test_what_was_tied_is_remembered_while_they_cannot_be_read(office: Office) -> None:
    office.accept(waiver())
    office.sync()
    office.rename("Undtagelser", "Vores")
    office.sync()
    office.rename("Vores", "Undtagelser")
    office.amount("3.000.000 kr.")

    office.sync()

    assert office.standing() == ["Værdien er ændret"]
