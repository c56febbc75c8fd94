"""The overview and the waivers in spreadsheets that the secretariat made and shared."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest

from tests.google_server.faults import Fault
from tests.google_server.model import entered
from tests.sync.helpers import TODAY, book
from tests.sync.stores.google.helpers import GENEROUS, GoogleHouse, table_of, texts_of

SLIP = {"Indsatser!I2": "'ca. 5"}


def with_overview(house: GoogleHouse, **where: Any) -> str:
    overview = house.server.make_spreadsheet("Overblik", **where)
    house.configure_google(google=GENEROUS, sections=f'[overview]\nspreadsheet = "{overview}"')
    return overview


def titles(house: GoogleHouse, spreadsheet: str) -> list[str]:
    return [sheet.title for sheet in house.server.book(spreadsheet).sheets]


def test_the_overview_is_filled_and_leads_to_the_cells(house: GoogleHouse) -> None:
    plan = house.spreadsheet("Vapnagaard", book(cells=SLIP))
    overview = with_overview(house)

    result = house.sync()

    assert result.problems == []
    assert {"Overblik", "Advarsler", "Regneark", "Ark1"} <= set(titles(house, overview))
    page = house.tab(overview, "Advarsler")
    assert any("ca. 5" in text for text in texts_of(page).values())
    links = [
        run["format"]["link"]["uri"]
        for cell in page.cells.values()
        for run in cell.get("textFormatRuns", [])
    ]
    gid = house.tab(plan, "Indsatser").id
    assert f"https://docs.google.com/spreadsheets/d/{plan}/edit#gid={gid}&range=I2" in links
    (protected,) = page.attached["protectedRanges"]
    assert house.server.account in protected["editors"]["users"]


def test_only_the_time_is_written_when_nothing_changed(house: GoogleHouse) -> None:
    house.spreadsheet("Vapnagaard", book(cells=SLIP))
    overview = with_overview(house)
    house.sync()
    house.forget()

    house.sync(hour=12)

    paths = [one.path.rpartition("/")[2] for one in house.server.asked]
    assert paths == ["token", "changes", "values:batchUpdateByDataFilter"]
    assert "kl. 12.00" in texts_of(house.tab(overview, "Overblik"))[2, 1]


def cells_of(house: GoogleHouse, spreadsheet: str) -> dict[str, dict[Any, Any]]:
    return {sheet.title: dict(sheet.cells) for sheet in house.server.book(spreadsheet).sheets}


@pytest.mark.parametrize("removed", ["", "Indsatser", "Tidslinje"])
def test_tabs_that_have_not_changed_stay_on_another_day(house: GoogleHouse, removed: str) -> None:
    """A tab that a person has removed meanwhile is back; then all of them are filled again."""
    house.spreadsheet("Vapnagaard", book(cells=SLIP))
    overview = with_overview(house)
    house.sync()
    house.sync()
    if removed:
        gid = house.tab(overview, removed).id
        house.batch(overview, {"deleteSheet": {"sheetId": gid}})
    house.forget()
    tomorrow = TODAY + timedelta(days=1)

    result = house.sync(tomorrow)

    assert result.problems == []
    stands = cells_of(house, overview)
    (change,) = [one for one in house.server.asked if one.path.endswith(f"{overview}:batchUpdate")]
    filled = {
        one["updateCells"]["range"]["sheetId"]
        for one in house.body_of(change)["requests"]
        if "range" in one.get("updateCells", {})
    }
    titles_by_id = {sheet.id: sheet.title for sheet in house.server.book(overview).sheets}
    large = {"Tidslinje", "Indsatsområder", "Indsatser", "Erfaringer", "Medarbejdere"}
    assert {titles_by_id[gid] for gid in filled} & large == (large if removed else set())
    house.sync(tomorrow, full=True)
    assert cells_of(house, overview) == stands


def test_it_is_filled_in_place_and_other_tabs_are_left_alone(house: GoogleHouse) -> None:
    plan = house.spreadsheet("Vapnagaard", book(cells=SLIP))
    overview = with_overview(house, tabs={"Vores noter": [["Husk", "=Overblik!B4"]]})
    house.sync()
    notes = dict(house.tab(overview, "Vores noter").cells)
    ids = {sheet.title: sheet.id for sheet in house.server.book(overview).sheets}
    house.type_in(plan, "Indsatser", "I2", "")
    house.type_in(plan, "Indsatser", "I3", "ca. 7")

    result = house.sync(hour=12)

    assert result.problems == []
    assert {sheet.title: sheet.id for sheet in house.server.book(overview).sheets} == ids
    assert house.tab(overview, "Vores noter").cells == notes
    texts = texts_of(house.tab(overview, "Advarsler")).values()
    assert any("ca. 7" in text for text in texts)
    assert not any("ca. 5" in text for text in texts)


def test_charts_stand_beside_the_tables_once(house: GoogleHouse) -> None:
    plan = house.spreadsheet("Vapnagaard", book(cells=SLIP))
    overview = with_overview(house)
    house.sync()
    house.type_in(plan, "Indsatser", "I3", "ca. 7")

    house.sync(hour=12)

    sheet = house.tab(overview, "Finansiering")
    (chart, *_) = sheet.attached["charts"]
    ids = [one["chartId"] for one in sheet.attached["charts"]]
    assert len(set(ids)) == len(ids)
    source = chart["spec"]["basicChart"]["domains"][0]["domain"]["sourceRange"]["sources"][0]
    column = source["startColumnIndex"]
    rows = range(source["startRowIndex"], source["endRowIndex"])
    assert any(entered(sheet.cells.get((row, column))) for row in rows)
    assert any(entered(sheet.cells.get((row, column + 1))) for row in rows)


def test_a_tab_of_the_secretariats_own_is_never_taken(house: GoogleHouse) -> None:
    house.spreadsheet("Vapnagaard", book())
    overview = with_overview(house, tabs={"Overblik": [["Vores egen"]]})

    result = house.sync()

    assert "en fane med navnet Overblik" in dict(result.problems)["Overblikket i Google"]
    assert titles(house, overview) == ["Overblik"]


def test_an_overview_that_is_not_shared_is_told(house: GoogleHouse) -> None:
    house.spreadsheet("Vapnagaard", book())
    with_overview(house, role="reader")

    assert house.server.account in dict(house.sync().problems)["Overblikket i Google"]


def test_a_spreadsheet_that_cannot_be_reached_is_told(house: GoogleHouse) -> None:
    folder = house.server.make_folder("Planer")
    house.spreadsheet("Vapnagaard", book(), parent=folder)
    overview = house.server.make_spreadsheet("Overblik")
    house.configure_google(
        source=f'folder = "{folder}"', sections=f'[overview]\nspreadsheet = "{overview}"'
    )
    house.sync()
    house.server.unshare(folder)

    result = house.sync(hour=12)

    assert [place for place, _ in result.problems] == [""]
    (line,) = table_of(house.tab(overview, "Regneark"))
    assert line["Tilstand"] == "Sprunget over"
    assert line["Forklaring"].startswith("Regnearket kan ikke nås lige nu.")


def test_text_in_the_overview_never_becomes_a_formula(house: GoogleHouse) -> None:
    house.spreadsheet("Vapnagaard", book(plan={"Plannavn": "'=1+1", "Plan-id": "'=IMPORTDATA(1)"}))
    overview = with_overview(house)

    house.sync()

    for sheet in house.server.book(overview).sheets:
        assert not any("formulaValue" in entered(cell) for cell in sheet.cells.values())


def test_doctor_says_who_asks_google_and_where_the_overview_is(house: GoogleHouse) -> None:
    house.spreadsheet("Vapnagaard", book())
    overview = with_overview(house)

    said = house.command("doctor")

    assert house.server.account in said.out
    assert overview in said.out
    assert "1 of 1 workbooks can be read" in said.out


def test_large_figures_have_room_beside_what_is_frozen(house: GoogleHouse) -> None:
    house.spreadsheet("Vapnagaard", book(cells=SLIP))
    overview = with_overview(house)
    house.sync()
    house.spreadsheet("Nøjsomhed", book(plan={"Boligområde": "Nøjsomhed", "Plan-id": "N-1"}))
    house.sync(hour=12)

    page = house.tab(overview, "Overblik")
    merged = page.attached["merges"]
    frozen = page.grid["frozenColumnCount"]
    assert merged
    for one in merged:
        assert not one["startColumnIndex"] < frozen < one["endColumnIndex"]
        assert one["endRowIndex"] - one["startRowIndex"] == 1
    assert len({(one["startRowIndex"], one["startColumnIndex"]) for one in merged}) == len(merged)


def test_in_another_language_its_tabs_keep_their_places(house: GoogleHouse) -> None:
    plan = house.spreadsheet("Vapnagaard", book(cells=SLIP))
    overview = with_overview(house, tabs={"Vores noter": [["Husk"]]})
    house.sync()
    ids = [sheet.id for sheet in house.server.book(overview).sheets]
    danish = house.config.read_text(encoding="utf-8")
    house.config.write_text(f'language = "en"\n{danish}', encoding="utf-8")

    result = house.sync(hour=12)

    assert result.problems == []
    assert [sheet.id for sheet in house.server.book(overview).sheets] == ids
    assert {"Overview", "Warnings", "Workbooks", "Vores noter"} <= set(titles(house, overview))
    assert house.kontrol(plan, "Indsatser")[2].startswith("ERROR Budget: “ca. 5” cannot be read")

    house.config.write_text(danish, encoding="utf-8")
    assert house.sync(hour=13).problems == []
    assert [sheet.id for sheet in house.server.book(overview).sheets] == ids
    assert house.kontrol(plan, "Indsatser")[2].startswith("FEJL Budget: »ca. 5« kan ikke læses")


def test_what_was_written_by_half_is_written_again(house: GoogleHouse) -> None:
    plan = house.spreadsheet("Vapnagaard", book())
    overview = with_overview(house)
    house.sync()
    house.type_in(plan, "Indsatser", "C2", first := "Fællesspisning i gammel sal")
    house.sync(hour=11)
    house.type_in(plan, "Indsatser", "C2", "Fællesspisning i ny sal")
    house.server.faults.on(f"{overview}:batchUpdate", Fault.BROKEN_AFTER)
    assert house.sync(hour=12).problems
    house.server.faults.clear()
    assert tabs_with(house, overview, "Fællesspisning i ny sal")
    house.type_in(plan, "Indsatser", "C2", first)

    assert house.sync(hour=13).problems == []

    assert tabs_with(house, overview, first)
    assert tabs_with(house, overview, "Fællesspisning i ny sal") == []


def tabs_with(house: GoogleHouse, spreadsheet: str, text: str) -> list[str]:
    """The tabs in which a text stands."""
    return [
        sheet.title
        for sheet in house.server.book(spreadsheet).sheets
        if text in texts_of(sheet).values()
    ]
