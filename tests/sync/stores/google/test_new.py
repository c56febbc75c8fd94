"""`helhedsplan new --google`: an empty spreadsheet becomes a plan workbook."""

from __future__ import annotations

from datetime import date

from rules.model.shipped import SHIPPED
from sheets_templates.template.plan_design import MasterData, plan_design
from tests.google_server.calculating import evaluated
from tests.sync.helpers import DAY, Said, book
from tests.sync.stores.google.helpers import GoogleHouse, texts_of

TABS = ["Plan", "Forberedelse", "Indsatser", "Finansiering", "Godkendelser", "Medarbejdere",
        "Milepæle"]  # fmt: skip


def new(house: GoogleHouse, spreadsheet: str) -> Said:
    return house.command(
        "new", "--google", spreadsheet, "--area", "Vapnagaard", "--plan", "VAP-2027",
        "--start", "2027-01-01", "--end", "2030-12-31",
    )  # fmt: skip


def test_an_empty_spreadsheet_becomes_a_plan(house: GoogleHouse) -> None:
    spreadsheet = house.server.make_spreadsheet("Ny plan", locale="en_US")

    said = new(house, spreadsheet)

    assert (said.code, said.err) == (0, "")
    book_now = house.server.book(spreadsheet)
    assert [sheet.title for sheet in book_now.sheets][:7] == TABS
    assert book_now.locale == "da_DK"
    assert "VAP-2027" in texts_of(house.tab(spreadsheet, "Plan")).values()
    formulas = [
        cell["userEnteredValue"]["formulaValue"]
        for sheet in book_now.sheets
        for cell in sheet.cells.values()
        if "formulaValue" in cell.get("userEnteredValue", {})
    ]
    assert formulas
    assert any(";" in formula for formula in formulas)
    for title in TABS:
        tab = house.tab(spreadsheet, title)
        assert len(tab.metadata) == 1
        assert any("dataValidation" in cell for cell in tab.cells.values())


def test_the_job_finds_its_places_marked(house: GoogleHouse) -> None:
    spreadsheet = house.server.make_spreadsheet("Ny plan")
    new(house, spreadsheet)
    house.forget()

    result = house.sync()

    assert (result.written, result.problems) == (["Ny plan"], [])
    sheets = [one.path for one in house.server.asked if one.path.startswith("/v4/")]
    assert len(sheets) == 3
    assert house.sync(hour=12).read == 0


def test_the_guide_tells_of_google_and_not_of_excel(house: GoogleHouse) -> None:
    spreadsheet = house.server.make_spreadsheet("Ny plan")
    new(house, spreadsheet)

    guide = " ".join(texts_of(house.tab(spreadsheet, "Vejledning")).values())

    assert "Kontrollen skriver også, mens regnearket er åbent." in guide
    assert "Gem, og luk regnearket." not in guide
    assert "Fjern arkbeskyttelse" not in guide


def test_the_sums_of_finansiering_follow_what_is_typed(house: GoogleHouse) -> None:
    spreadsheet = house.server.make_spreadsheet("Ny plan")
    new(house, spreadsheet)
    sheet = house.tab(spreadsheet, "Finansiering")
    formulas = {
        place: cell["userEnteredValue"]["formulaValue"]
        for place, cell in sheet.cells.items()
        if place[0] > HEADER and "formulaValue" in cell.get("userEnteredValue", {})
    }
    total, sum_column = max(row for row, _ in formulas), max(column for _, column in formulas)
    for row, amount in ((HEADER + 1, 100), (total - 1, 20)):
        start = {"sheetId": sheet.id, "rowIndex": row, "columnIndex": sum_column - 1}
        rows = [{"values": [{"userEnteredValue": {"numberValue": amount}}]}]
        update = {"start": start, "rows": rows, "fields": "userEnteredValue"}
        house.batch(spreadsheet, {"updateCells": update})

    book_now = house.server.book(spreadsheet)
    now = house.tab(spreadsheet, "Finansiering")

    def shown(row: int, column: int) -> object:
        return evaluated(book_now, now, (row, column))["result"]

    assert shown(HEADER + 1, sum_column) == {"numberValue": 100}
    assert shown(HEADER + 2, sum_column) == {"stringValue": ""}
    assert shown(total, sum_column - 1) == {"numberValue": 120}
    assert shown(total, sum_column) == {"numberValue": 120}
    assert not any("INDEX" in formula for formula in formulas.values())


HEADER = 2
"""The row of the headers in Finansiering, from 0."""


def test_rows_that_only_hold_formulas_are_empty(house: GoogleHouse) -> None:
    new(house, house.server.make_spreadsheet("Ny plan"))

    findings = house.check().json["findings"]

    assert [f for f in findings if f["tab"] == "Finansiering" and f["cell"]] == []


def test_the_same_findings_as_the_same_plan_in_excel(house: GoogleHouse) -> None:
    spreadsheet = house.server.make_spreadsheet("Ny plan")
    new(house, spreadsheet)
    said = house.command(
        "new", house.sheets / "plan.xlsx", "--area", "Vapnagaard", "--plan", "VAP-2027",
        "--start", "2027-01-01", "--end", "2030-12-31",
    )  # fmt: skip
    assert said.code == 0

    in_google = house.check().json["findings"]
    house.configure()
    in_excel = house.check().json["findings"]

    assert in_excel
    assert [(f["code"], f["tab"], f["cell"]) for f in in_google] == [
        (f["code"], f["tab"], f["cell"]) for f in in_excel
    ]


def test_what_is_not_empty_is_left_alone(house: GoogleHouse) -> None:
    spreadsheet = house.spreadsheet("Vapnagaard", book())
    before = house.server.book(spreadsheet)

    said = new(house, spreadsheet)

    assert said.code == 3
    assert "ikke tomt" in said.err
    assert house.server.book(spreadsheet) is before


def test_what_is_not_shared_is_told(house: GoogleHouse) -> None:
    said = new(house, house.server.make_spreadsheet("Hemmelig", role=None))

    assert said.code == 3
    assert house.server.account in said.err


def test_a_file_or_a_spreadsheet(house: GoogleHouse) -> None:
    assert house.command("new", "--area", "Vapnagaard", "--plan", "X", "--today", DAY).code == 2
    assert house.command("new", "--area", "Vapnagaard", "--plan", "X").code == 2


def test_every_style_of_the_design_is_known() -> None:
    master = MasterData("P", "N", "Vapnagaard", None, None, None, date(2027, 1, 1),
                        date(2030, 12, 31), None, None, None)  # fmt: skip
    from sync.stores.google.cell_formats import FORMATS  # noqa: PLC0415

    used = {cell.style for tab in plan_design(SHIPPED, master).tabs for cell in tab.cells.values()}

    assert used <= FORMATS.keys()
