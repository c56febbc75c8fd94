"""The overview and the waivers in spreadsheets that the secretariat made and shared."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest

from tests.google_server.faults import Fault
from tests.google_server.model import entered
from tests.sync.helpers import TODAY, book
from tests.sync.stores.google.helpers import GENEROUS, GoogleSite, table_of, texts_of

pytestmark = pytest.mark.slow

SLIP = {"Indsatser!I2": "'ca. 5"}


def with_overview(site: GoogleSite, **where: Any) -> str:
    overview = site.server.make_spreadsheet("Overblik", **where)
    site.configure_google(google=GENEROUS, sections=f'[overview]\nspreadsheet = "{overview}"')
    return overview


def titles(site: GoogleSite, spreadsheet: str) -> list[str]:
    return [sheet.title for sheet in site.server.book(spreadsheet).sheets]


def test_the_overview_is_filled_and_leads_to_the_cells(site: GoogleSite) -> None:
    plan = site.spreadsheet("Vapnagaard", book(cells=SLIP))
    overview = with_overview(site)

    result = site.sync()

    assert result.problems == []
    assert {"Overblik", "Advarsler", "Regneark", "Ark1"} <= set(titles(site, overview))
    page = site.tab(overview, "Advarsler")
    assert any("ca. 5" in text for text in texts_of(page).values())
    links = [
        run["format"]["link"]["uri"]
        for cell in page.cells.values()
        for run in cell.get("textFormatRuns", [])
    ]
    gid = site.tab(plan, "Indsatser").id
    assert f"https://docs.google.com/spreadsheets/d/{plan}/edit#gid={gid}&range=I2" in links
    (protected,) = page.attached["protectedRanges"]
    assert site.server.account in protected["editors"]["users"]


def test_its_page_is_a_file_that_leads_to_the_spreadsheets(site: GoogleSite) -> None:
    plan = site.spreadsheet("Vapnagaard", book(cells=SLIP))
    overview = site.server.make_spreadsheet("Overblik")
    section = f'[overview]\nspreadsheet = "{overview}"\npage = "Overblik.html"'
    site.configure_google(google=GENEROUS, sections=section)
    assert site.sync().problems == []
    file = site.root / "Overblik.html"
    html = file.read_text(encoding="utf-8")
    address = f"https://docs.google.com/spreadsheets/d/{plan}/edit"
    gid = site.tab(plan, "Indsatser").id
    assert f'href="{address}"' in html
    assert f'href="{address}#gid={gid}&amp;range=I2"' in html
    site.sync(hour=12)
    assert file.read_text(encoding="utf-8") == html.replace("kl. 8.00", "kl. 12.00")


def test_only_the_time_is_written_when_nothing_changed(site: GoogleSite) -> None:
    site.spreadsheet("Vapnagaard", book(cells=SLIP))
    overview = with_overview(site)
    site.sync()
    site.forget()

    site.sync(hour=12)

    paths = [one.path.rpartition("/")[2] for one in site.server.asked]
    assert paths == ["token", "changes", "values:batchUpdateByDataFilter"]
    assert "kl. 12.00" in texts_of(site.tab(overview, "Overblik"))[2, 1]


def cells_of(site: GoogleSite, spreadsheet: str) -> dict[str, dict[Any, Any]]:
    return {sheet.title: dict(sheet.cells) for sheet in site.server.book(spreadsheet).sheets}


@pytest.mark.parametrize("removed", ["", "Indsatser", "Tidslinje"])
def test_tabs_that_have_not_changed_stay_on_another_day(site: GoogleSite, removed: str) -> None:
    """A tab that a person has removed meanwhile is back; then all of them are filled again."""
    site.spreadsheet("Vapnagaard", book(cells=SLIP))
    overview = with_overview(site)
    site.sync()
    site.sync()
    if removed:
        gid = site.tab(overview, removed).id
        site.batch(overview, {"deleteSheet": {"sheetId": gid}})
    site.forget()
    tomorrow = TODAY + timedelta(days=1)

    result = site.sync(tomorrow)

    assert result.problems == []
    stands = cells_of(site, overview)
    (change,) = [one for one in site.server.asked if one.path.endswith(f"{overview}:batchUpdate")]
    filled = {
        one["updateCells"]["range"]["sheetId"]
        for one in site.body_of(change)["requests"]
        if "range" in one.get("updateCells", {})
    }
    titles_by_id = {sheet.id: sheet.title for sheet in site.server.book(overview).sheets}
    large = {"Tidslinje", "Indsatsområder", "Indsatser", "Erfaringer", "Medarbejdere"}
    assert {titles_by_id[gid] for gid in filled} & large == (large if removed else set())
    site.sync(tomorrow, full=True)
    assert cells_of(site, overview) == stands


def test_it_is_filled_in_place_and_other_tabs_are_left_alone(site: GoogleSite) -> None:
    plan = site.spreadsheet("Vapnagaard", book(cells=SLIP))
    overview = with_overview(site, tabs={"Vores noter": [["Husk", "=Overblik!B4"]]})
    site.sync()
    notes = dict(site.tab(overview, "Vores noter").cells)
    ids = {sheet.title: sheet.id for sheet in site.server.book(overview).sheets}
    site.type_in(plan, "Indsatser", "I2", "")
    site.type_in(plan, "Indsatser", "I3", "ca. 7")

    result = site.sync(hour=12)

    assert result.problems == []
    assert {sheet.title: sheet.id for sheet in site.server.book(overview).sheets} == ids
    assert site.tab(overview, "Vores noter").cells == notes
    texts = texts_of(site.tab(overview, "Advarsler")).values()
    assert any("ca. 7" in text for text in texts)
    assert not any("ca. 5" in text for text in texts)


def test_a_tab_that_is_not_made_any_more_goes_and_its_copy_stays(site: GoogleSite) -> None:
    accounts: list[list[object]] = [
        ["År", "Type", "Forbrug"],
        [2025, "Landsbyggefonden", 100_000],
    ]
    plan = site.spreadsheet("Vapnagaard", book(tabs={"Regnskab": accounts}))
    overview = with_overview(site)
    assert site.sync().problems == []
    tab = site.tab(overview, "Regnskab").id
    copy = {"sourceSheetId": tab, "newSheetName": "Regnskab 2025"}
    site.batch(overview, {"duplicateSheet": copy})
    site.batch(plan, {"deleteSheet": {"sheetId": site.tab(plan, "Regnskab").id}})

    assert site.sync(hour=12).problems == []

    assert "Regnskab" not in titles(site, overview)
    assert {"Regnskab 2025", "Ark1"} <= set(titles(site, overview))


def test_charts_stand_beside_the_tables_once(site: GoogleSite) -> None:
    plan = site.spreadsheet("Vapnagaard", book(cells=SLIP))
    overview = with_overview(site)
    site.sync()
    site.type_in(plan, "Indsatser", "I3", "ca. 7")

    site.sync(hour=12)

    sheet = site.tab(overview, "Finansiering")
    (chart, *_) = sheet.attached["charts"]
    ids = [one["chartId"] for one in sheet.attached["charts"]]
    assert len(set(ids)) == len(ids)
    source = chart["spec"]["basicChart"]["domains"][0]["domain"]["sourceRange"]["sources"][0]
    column = source["startColumnIndex"]
    rows = range(source["startRowIndex"], source["endRowIndex"])
    assert any(entered(sheet.cells.get((row, column))) for row in rows)
    assert any(entered(sheet.cells.get((row, column + 1))) for row in rows)


def test_a_tab_of_the_secretariats_own_is_never_taken(site: GoogleSite) -> None:
    site.spreadsheet("Vapnagaard", book())
    overview = with_overview(site, tabs={"Overblik": [["Vores egen"]]})

    result = site.sync()

    assert "en fane med navnet Overblik" in dict(result.problems)["Overblikket i Google"]
    assert titles(site, overview) == ["Overblik"]


def test_an_overview_that_is_not_shared_is_told(site: GoogleSite) -> None:
    site.spreadsheet("Vapnagaard", book())
    with_overview(site, role="reader")

    assert site.server.account in dict(site.sync().problems)["Overblikket i Google"]


def test_a_spreadsheet_that_cannot_be_reached_is_told(site: GoogleSite) -> None:
    folder = site.server.make_folder("Planer")
    site.spreadsheet("Vapnagaard", book(), parent=folder)
    overview = site.server.make_spreadsheet("Overblik")
    site.configure_google(
        source=f'folder = "{folder}"', sections=f'[overview]\nspreadsheet = "{overview}"'
    )
    site.sync()
    site.server.unshare(folder)

    result = site.sync(hour=12)

    assert [place for place, _ in result.problems] == [""]
    (line,) = table_of(site.tab(overview, "Regneark"))
    assert line["Tilstand"] == "Sprunget over"
    assert line["Forklaring"].startswith("Regnearket kan ikke nås lige nu.")


def test_text_in_the_overview_never_becomes_a_formula(site: GoogleSite) -> None:
    site.spreadsheet("Vapnagaard", book(plan={"Plannavn": "'=1+1", "Plan-id": "'=IMPORTDATA(1)"}))
    overview = with_overview(site)

    site.sync()

    for sheet in site.server.book(overview).sheets:
        assert not any("formulaValue" in entered(cell) for cell in sheet.cells.values())


def test_doctor_says_who_asks_google_and_where_the_overview_is(site: GoogleSite) -> None:
    site.spreadsheet("Vapnagaard", book())
    overview = with_overview(site)

    answer = site.command("doctor")

    assert site.server.account in answer.out
    assert overview in answer.out
    assert "workbooks that can be read: 1 of 1" in answer.out


def test_large_figures_have_room_beside_what_is_frozen(site: GoogleSite) -> None:
    site.spreadsheet("Vapnagaard", book(cells=SLIP))
    overview = with_overview(site)
    site.sync()
    site.spreadsheet("Nøjsomhed", book(plan={"Boligområde": "Nøjsomhed", "Plan-id": "N-1"}))
    site.sync(hour=12)

    page = site.tab(overview, "Overblik")
    merged = page.attached["merges"]
    frozen = page.grid["frozenColumnCount"]
    assert merged
    for one in merged:
        assert not one["startColumnIndex"] < frozen < one["endColumnIndex"]
        assert one["endRowIndex"] - one["startRowIndex"] == 1
    assert len({(one["startRowIndex"], one["startColumnIndex"]) for one in merged}) == len(merged)


def test_in_another_language_its_tabs_keep_their_places(site: GoogleSite) -> None:
    plan = site.spreadsheet("Vapnagaard", book(cells=SLIP))
    overview = with_overview(site, tabs={"Vores noter": [["Husk"]]})
    site.sync()
    ids = [sheet.id for sheet in site.server.book(overview).sheets]
    danish = site.config.read_text(encoding="utf-8")
    site.config.write_text(f'language = "en"\n{danish}', encoding="utf-8")

    result = site.sync(hour=12)

    assert result.problems == []
    assert [sheet.id for sheet in site.server.book(overview).sheets] == ids
    assert {"Overview", "Warnings", "Workbooks", "Vores noter"} <= set(titles(site, overview))
    assert site.kontrol(plan, "Indsatser")[2].startswith("ERROR Budget: “ca. 5” cannot be read")

    site.config.write_text(danish, encoding="utf-8")
    assert site.sync(hour=13).problems == []
    assert [sheet.id for sheet in site.server.book(overview).sheets] == ids
    assert site.kontrol(plan, "Indsatser")[2].startswith("FEJL Budget: »ca. 5« kan ikke læses")


def test_what_was_written_by_half_is_written_again(site: GoogleSite) -> None:
    plan = site.spreadsheet("Vapnagaard", book())
    overview = with_overview(site)
    site.sync()
    site.type_in(plan, "Indsatser", "C2", first := "Fællesspisning i gammel sal")
    site.sync(hour=11)
    site.type_in(plan, "Indsatser", "C2", "Fællesspisning i ny sal")
    site.server.faults.on(f"{overview}:batchUpdate", Fault.BROKEN_AFTER)
    assert site.sync(hour=12).problems
    site.server.faults.clear()
    assert tabs_with(site, overview, "Fællesspisning i ny sal")
    site.type_in(plan, "Indsatser", "C2", first)

    assert site.sync(hour=13).problems == []

    assert tabs_with(site, overview, first)
    assert tabs_with(site, overview, "Fællesspisning i ny sal") == []


def tabs_with(site: GoogleSite, spreadsheet: str, text: str) -> list[str]:
    """The tabs in which a text stands."""
    return [
        sheet.title
        for sheet in site.server.book(spreadsheet).sheets
        if text in texts_of(sheet).values()
    ]
