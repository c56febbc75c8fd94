"""The job on spreadsheets: the same findings, Kontrol and Advarsler as in Excel, few requests."""

from __future__ import annotations

from typing import Any

import pytest

from tests.sync.helpers import CPR, DAY, TODAY, Site, book, helhedsplan, overview_of
from tests.sync.stores.google.helpers import GoogleSite, texts_of

KONTROL = 6
"""The number of the request that writes Kontrol at first sight."""
SLIPS = {"Indsatser!I2": "'ca. 5", "Indsatser!G3": "'31-06-2026", "Plan!B4": "Vapnagård Nord"}


def told(findings: list[dict[str, Any]]) -> list[tuple[object, ...]]:
    """Findings without their workbooks' names."""
    return [(f["code"], f["tab"], f["cell"], f["column"], f["message"]) for f in findings]


def test_the_same_findings_as_in_excel(site: GoogleSite) -> None:
    site.spreadsheet("Vapnagaard", book(cells=SLIPS))
    excel = Site(site.root / "excel")
    excel.put("Vapnagaard.xlsx", book(cells=SLIPS))

    findings = site.check().json["findings"]

    assert findings
    assert told(findings) == told(excel.check().json["findings"])


def test_the_same_texts_as_in_excel(site: GoogleSite) -> None:
    spreadsheet = site.spreadsheet("Vapnagaard", book(cells=SLIPS))
    excel = Site(site.root / "excel")
    excel.put("Vapnagaard.xlsx", book(cells=SLIPS))

    assert site.sync().written == ["Vapnagaard"]
    excel.sync()

    for tab in ("Plan", "Indsatser", "Finansiering"):
        assert site.kontrol(spreadsheet, tab) == excel.control("Vapnagaard.xlsx", tab)
    page = texts_of(site.tab(spreadsheet, "Advarsler"))
    rows = [row for row in excel.page("Vapnagaard.xlsx") if any(row)]
    assert [page.get((1, 1))] == [rows[0][0]]
    assert [
        tuple(page.get((n, column), "") for column in range(1, 9))
        for n in sorted({row for row, _ in page} - {1})
    ] == rows[1:]


def test_nothing_else_on_a_staff_tab_is_touched(site: GoogleSite) -> None:
    spreadsheet = site.spreadsheet("Vapnagaard", book(cells=SLIPS))
    before = {sheet.title: sheet.copied() for sheet in site.server.book(spreadsheet).sheets}

    site.sync()

    for title, old in before.items():
        now = site.tab(spreadsheet, title)
        kontrol = {place for place in now.cells if place not in old.cells}
        assert len({column for _, column in kontrol}) == 1
        assert {place: now.cells[place] for place in old.cells} == old.cells
        assert all(set(now.cells[place]) == {"userEnteredValue"} for place in kontrol)
        assert now.properties == old.properties
        assert now.sizes == old.sizes
        written = [p for p in now.attached["protectedRanges"] if p["range"]["sheetId"] == now.id]
        assert [p["warningOnly"] for p in written] == [True]


def test_advarsler_leads_to_the_cells_and_is_protected(site: GoogleSite) -> None:
    spreadsheet = site.spreadsheet("Vapnagaard", book(cells={"Indsatser!I2": "'ca. 5"}))

    site.sync()

    page = site.tab(spreadsheet, "Advarsler")
    gid = site.tab(spreadsheet, "Indsatser").id
    link = page.cells[3, 3]["userEnteredFormat"]["textFormat"]["link"]
    assert link == {"uri": f"#gid={gid}&range=I2"}
    (protection,) = page.attached["protectedRanges"]
    assert protection["range"] == {"sheetId": page.id}
    assert protection["editors"]["users"][0] == site.server.account


def test_kontrol_can_be_locked(site: GoogleSite) -> None:
    site.configure_google(google="lock_kontrol = true")
    spreadsheet = site.spreadsheet("Vapnagaard", book())

    site.sync()

    (protection,) = site.tab(spreadsheet, "Plan").attached["protectedRanges"]
    assert protection["editors"]["users"][0] == site.server.account


def test_text_that_looks_like_a_formula_stays_text(site: GoogleSite) -> None:
    spreadsheet = site.spreadsheet(
        "Vapnagaard", book(cells={"Indsatser!C2": "'=HYPERLINK(1)", "Indsatser!I2": "'=1+1 kr."})
    )

    site.sync()

    for tab in site.server.book(spreadsheet).sheets:
        for cell in tab.cells.values():
            value = cell.get("userEnteredValue", {})
            assert "formulaValue" not in value or value["formulaValue"].startswith("=SUM")


def test_an_unchanged_spreadsheet_costs_nothing(site: GoogleSite) -> None:
    for name in ("Vapnagaard", "Nøjsomhed", "Tibberupparken"):
        site.spreadsheet(name, book(plan={"Boligområde": name, "Plan-id": f"{name}-1"}))
    site.sync()
    site.forget()

    result = site.sync(hour=12)

    assert result.read == 0
    assert [one.path for one in site.server.asked] == ["/token", "/drive/v3/changes"]


def test_a_changed_spreadsheet_costs_two_requests(site: GoogleSite) -> None:
    spreadsheet = site.spreadsheet("Vapnagaard", book())
    site.spreadsheet("Nøjsomhed", book(plan={"Boligområde": "Nøjsomhed", "Plan-id": "N-1"}))
    site.sync()
    site.type_in(spreadsheet, "Indsatser", "I2", "ca. 5")
    site.forget()

    result = site.sync(hour=12)

    assert result.written == ["Vapnagaard"]
    paths = [one.path.rpartition("/")[2] for one in site.server.asked]
    assert paths == ["token", "changes", spreadsheet, f"{spreadsheet}:batchUpdate"]
    assert site.kontrol(spreadsheet, "Indsatser")[2].startswith("FEJL Budget")


def test_a_spreadsheet_at_first_sight_costs_three_requests(site: GoogleSite) -> None:
    spreadsheet = site.spreadsheet("Vapnagaard", book(cells=SLIPS))

    site.sync()

    paths = [one.path.rpartition("/")[2] for one in site.server.asked]
    change = f"{spreadsheet}:batchUpdate"
    assert paths == ["token", "startPageToken", "files", spreadsheet, change, change]
    assert site.kontrol(spreadsheet, "Indsatser")[2].startswith("FEJL Budget")


def test_what_moves_while_kontrol_is_written_is_seen_in_the_answer(site: GoogleSite) -> None:
    spreadsheet = site.spreadsheet("Vapnagaard", book(cells=SLIPS))
    sheet = site.tab(spreadsheet, "Indsatser").id

    def insert_a_row_before_the_last_request() -> None:
        if len(site.server.asked) == KONTROL:
            site.batch(spreadsheet, {"insertDimension": {"range": span(sheet, "ROWS", 1, 2)}})

    site.server.staff = insert_a_row_before_the_last_request
    result = site.sync()
    site.server.staff = None

    texts = site.kontrol(spreadsheet, "Indsatser")
    assert 2 not in texts
    assert texts[3].startswith("FEJL Budget")
    assert "Regnearket blev ændret under kontrollen" in result.problems[0][1]
    paths = [one.path.rpartition("/")[2] for one in site.server.asked]
    assert paths[KONTROL - 1 :] == [f"{spreadsheet}:batchUpdate"] * 2
    assert site.sync(hour=12).problems == []


def test_a_tab_that_staff_protect_elsewhere_costs_nothing(site: GoogleSite) -> None:
    spreadsheet = site.spreadsheet("Vapnagaard", book(cells=SLIPS))
    sheet = site.tab(spreadsheet, "Indsatser").id
    heading = {"sheetId": sheet, "endRowIndex": 1, "endColumnIndex": 3, "startRowIndex": 0}
    site.batch(spreadsheet, {"addProtectedRange": {"protectedRange": {"range": heading}}})

    result = site.sync()

    assert result.problems == []
    assert site.kontrol(spreadsheet, "Indsatser")[2].startswith("FEJL Budget")
    assert len(site.server.asked) == KONTROL


def test_only_changed_cells_are_written(site: GoogleSite) -> None:
    spreadsheet = site.spreadsheet("Vapnagaard", book())
    site.sync()
    site.type_in(spreadsheet, "Indsatser", "I2", "ca. 5")
    site.forget()
    site.sync(hour=12)

    (write,) = [one for one in site.server.asked if one.path.endswith(":batchUpdate")]

    requests = site.body_of(write)["requests"]
    (swap,) = [one["findReplace"] for one in requests if "findReplace" in one]
    assert (swap["find"], swap["replacement"][:11]) == ("OK", "FEJL Budget")
    assert (swap["range"]["startRowIndex"], swap["range"]["endRowIndex"]) == (1, 2)


def test_the_column_is_found_wherever_it_was_moved(site: GoogleSite) -> None:
    spreadsheet = site.spreadsheet("Vapnagaard", book())
    site.sync()
    sheet = site.tab(spreadsheet, "Indsatser").id
    site.batch(
        spreadsheet,
        {"insertDimension": {"range": span(sheet, "COLUMNS", 0, 2)}},
        {"insertDimension": {"range": span(sheet, "ROWS", 2, 3)}},
    )
    site.type_in(spreadsheet, "Indsatser", "K2", "ca. 5")

    site.sync(hour=12)

    texts = site.kontrol(spreadsheet, "Indsatser")
    assert texts[2].startswith("FEJL Budget")
    assert 3 not in texts
    assert [text for text in texts.values() if text == "Kontrol"] == ["Kontrol"]


def span(sheet: int, dimension: str, start: int, end: int) -> dict[str, Any]:
    return {"sheetId": sheet, "dimension": dimension, "startIndex": start, "endIndex": end}


def test_a_column_of_the_staffs_own_is_left_and_told(site: GoogleSite) -> None:
    data = book(cells={"Indsatser!K1": "Kontrol", "Indsatser!K2": "set af Mette"})
    spreadsheet = site.spreadsheet("Vapnagaard", data)

    result = site.sync()

    assert result.problems == []
    texts = texts_of(site.tab(spreadsheet, "Indsatser"))
    ((_, own),) = [place for place, text in texts.items() if text == "Kontrol 2"]
    assert [texts[2, 11], texts[2, own]] == ["set af Mette", "OK"]
    page = texts_of(site.tab(spreadsheet, "Advarsler"))
    assert [page[4, 2], page[4, 4]] == ["STR-10", "K1"]
    site.forget()
    assert site.sync(hour=12).written == []


@pytest.mark.slow
def test_what_staff_typed_into_kontrol_is_overwritten_and_told(site: GoogleSite) -> None:
    spreadsheet = site.spreadsheet("Vapnagaard", book())
    site.sync()
    texts = texts_of(site.tab(spreadsheet, "Indsatser"))
    ((_, column),) = [place for place, text in texts.items() if text == "Kontrol"]
    cell = f"{chr(64 + column)}2"
    site.type_in(spreadsheet, "Indsatser", cell, "min note")
    site.type_in(spreadsheet, "Indsatser", f"{cell[:-1]}9", "min sum")
    site.type_in(spreadsheet, "Indsatser", "I3", "ca. 5")

    result = site.sync(hour=12)

    told = f"celle {cell} i kolonnen Kontrol: »min note« stod der, da kontrollen skrev."
    ((_, note),) = result.notes
    assert (result.problems, note) == ([], f"I fanen »Indsatser«, {told}")
    kontrol = site.kontrol(spreadsheet, "Indsatser")
    assert [kontrol[2], kontrol[3][:11], kontrol[9]] == ["OK", "FEJL Budget", "min sum"]
    assert site.sync(hour=13).written == []


def test_an_own_tab_advarsler_is_left_and_told(site: GoogleSite) -> None:
    data = book(tabs={"Advarsler": [["Husk"], ["Ring til Mette"], ["Bestil kage"]]})
    spreadsheet = site.spreadsheet("Vapnagaard", data)

    result = site.sync()

    assert result.problems == []
    assert texts_of(site.tab(spreadsheet, "Advarsler"))[2, 1] == "Ring til Mette"
    page = texts_of(site.tab(spreadsheet, "Advarsler 2"))
    assert [page[4, 2], page[4, 3]] == ["STR-10", "Advarsler"]
    assert site.sync(hour=12).written == []


def test_a_tab_that_is_a_plan_tab_no_more_keeps_no_verdict(site: GoogleSite) -> None:
    spreadsheet = site.spreadsheet("Vapnagaard", book(cells={"Milepæle!B3": "9"}))
    site.sync()
    gid = site.tab(spreadsheet, "Milepæle").id
    site.batch(
        spreadsheet,
        {"duplicateSheet": {"sourceSheetId": gid, "newSheetName": "Milepæle (2)"}},
        {
            "updateSheetProperties": {
                "properties": {"sheetId": gid, "title": "Mål fra 2025"}, "fields": "title",
            }
        },
    )  # fmt: skip

    site.sync(hour=12)

    for tab in ("Milepæle (2)", "Mål fra 2025"):
        assert list(site.kontrol(spreadsheet, tab).values()) == ["Kontrol"]
        assert "Milepæl" in texts_of(site.tab(spreadsheet, tab)).values()
    assert site.sync(hour=13, full=True).written == []


def test_not_shared_deleted_and_only_to_read(site: GoogleSite) -> None:
    hidden = site.spreadsheet("Hemmelig", book(), role=None)
    readable = site.spreadsheet("Læse", book(), role="reader")
    site.configure_google(f'spreadsheets = ["{hidden}", "{readable}", "{"1" * 44}"]')

    problems = dict(site.sync().problems)

    address = site.server.account
    assert problems[hidden] == (
        f"Regnearket er ikke delt med kontrollen. Del det med {address} som redaktør."
    )
    assert problems["1" * 44] == "Regnearket er slettet i Google Drev."
    assert problems["Læse"] == (
        f"Kontrollen må kun læse i regnearket. Giv {address} rollen redaktør."
    )


def test_a_folder_with_its_subfolders(site: GoogleSite) -> None:
    world = site.server.world
    folder = "application/vnd.google-apps.folder"
    top = world.new_file("Planer", "mette.holm@boliggaarden.example", folder)
    inner = world.new_file("Syd", "mette.holm@boliggaarden.example", folder, parent=top.id)
    for one in (top, inner):
        one.permissions.append({"role": "reader", "type": "user", "id": "9",
                                "emailAddress": site.server.account})  # fmt: skip
    site.spreadsheet("Vapnagaard", book(), parent=inner.id)
    site.spreadsheet("Andet", book())
    site.configure_google(f'folder = "{top.id}"')

    assert site.sync().written == ["Syd/Vapnagaard"]


def test_a_shared_drive(site: GoogleSite) -> None:
    drive = site.server.make_shared_drive("Helhedsplaner")
    site.spreadsheet("Vapnagaard", book(), parent=drive)
    site.configure_google(f'shared_drive = "{drive}"')

    assert site.sync().written == ["Vapnagaard"]
    assert site.sync(hour=12).read == 0


def test_two_with_one_name_are_told_apart(site: GoogleSite) -> None:
    site.spreadsheet("Plan", book())
    second = site.spreadsheet("Plan", book(plan={"Boligområde": "Nøjsomhed"}))

    assert sorted(site.sync().written) == ["Plan", f"Plan ({second})"]


def test_both_kinds_of_sources_in_one_run(site: GoogleSite) -> None:
    site.spreadsheet("Vapnagaard", book())
    site.put("Nøjsomhed.xlsx", book(plan={"Boligområde": "Nøjsomhed"}))
    site.configure_google(more='[[sources]]\nkind = "excel"\nfolder = "sheets"')

    result = site.sync()

    assert sorted(result.written) == ["Google/Vapnagaard", "sheets/Nøjsomhed.xlsx"]
    assert len(overview_of(result).plans) == 1


@pytest.mark.parametrize("content", [None, "{}", "ikke JSON"])
def test_a_wrong_key_is_told_and_not_quoted(site: GoogleSite, content: str | None) -> None:
    if content is not None:
        (site.root / "key.json").write_text(content)
    site.configure(
        sources='[[sources]]\nkind = "google"',
        sections='[google]\ncredentials = "key.json"\naddress = "http://127.0.0.1:9"',
    )

    answer = site.command("sync", "--remember", "--today", DAY)

    assert answer.code == 3
    assert "Nøglefilen til Google" in answer.err


def test_an_unknown_key_is_told(site: GoogleSite) -> None:
    site.server.tokens.accounts.clear()

    answer = site.command("sync", "--remember", "--today", DAY)

    assert "Google kender ikke nøglen" in answer.err
    assert "PRIVATE KEY" not in answer.err + answer.out


def test_a_key_that_others_can_read_is_warned_about(
    site: GoogleSite, caplog: pytest.LogCaptureFixture
) -> None:
    site.key_file.chmod(0o644)
    site.check()
    site.key_file.chmod(0o600)

    assert "chmod 600" in caplog.text


def test_requests_go_nowhere_but_to_google_or_this_machine(site: GoogleSite) -> None:
    site.configure(
        sources='[[sources]]\nkind = "google"',
        sections='[google]\naddress = "http://example.com"',
    )

    answer = helhedsplan("check", "-c", site.config)

    assert answer.code == 2
    assert "google.address" in answer.err


def test_an_unknown_kind_of_source_is_told(site: GoogleSite) -> None:
    site.configure(sources='[[sources]]\nkind = "dropbox"')

    answer = helhedsplan("check", "-c", site.config)

    assert (answer.code, "must be excel, google or sharepoint" in answer.err) == (2, True)


def test_a_lost_memory_costs_one_look_only(site: GoogleSite) -> None:
    site.spreadsheet("Vapnagaard", book())
    site.sync()
    (site.state / "google.sqlite3").write_bytes(b"not a database")

    result = site.sync(hour=12)

    assert (result.written, result.problems) == ([], [])


def test_the_day_alone_changes_nothing(site: GoogleSite) -> None:
    site.spreadsheet("Vapnagaard", book())
    site.sync()

    assert site.sync(TODAY.replace(day=24)).written == []


def loading(site: GoogleSite, spreadsheet: str, *, is_done: bool = False) -> None:
    """Let a formula that fetches something stand in a cell, with its result or without."""
    result = {"numberValue": 5} if is_done else {"errorValue": {"type": "LOADING"}}
    sheet = site.tab(spreadsheet, "Indsatser")
    sheet.cells[1, 8] = {
        "userEnteredValue": {"formulaValue": '=IMPORTDATA("…")'},
        "result": result,
    }


def test_a_formula_that_is_being_worked_out_is_waited_for(site: GoogleSite) -> None:
    spreadsheet = site.spreadsheet("Vapnagaard", book())
    loading(site, spreadsheet)

    def be_done_at_the_second_look() -> None:
        if sum(one.path.startswith("/v4/") for one in site.server.asked) == 2:
            loading(site, spreadsheet, is_done=True)

    site.server.staff = be_done_at_the_second_look

    assert all("#" not in f["message"] for f in site.check().json["findings"])


@pytest.mark.slow
def test_one_that_takes_long_is_read_again_by_the_next_run(site: GoogleSite) -> None:
    spreadsheet = site.spreadsheet("Vapnagaard", book())
    loading(site, spreadsheet)
    site.sync()
    loading(site, spreadsheet, is_done=True)

    result = site.sync(hour=12)

    assert result.written == ["Vapnagaard"]
    assert "#" not in site.kontrol(spreadsheet, "Indsatser")[2]


@pytest.mark.parametrize("is_reply", [False, True], ids=["the first post", "a reply"])
def test_a_cpr_number_in_a_thread_of_comments_is_found(site: GoogleSite, is_reply: bool) -> None:
    spreadsheet = site.spreadsheet("Vapnagaard", book())
    sheet = site.tab(spreadsheet, "Indsatser").id
    cpr = f"Ring til {CPR}"
    place = {"sheetId": sheet, "rowIndex": 2, "columnIndex": 2}
    first = "Hvem er det?" if is_reply else cpr
    site.batch(spreadsheet, {"insertComment": {"content": first, "coordinate": place}})
    if is_reply:
        (thread,) = site.server.book(spreadsheet).comments
        reply = {"commentId": thread["commentId"], "post": {"content": cpr}}
        site.batch(spreadsheet, {"addCommentReply": reply})
    sync = site.sync()

    found = [f for f in site.check().json["findings"] if f["code"] == "GDP-01"]

    assert [(f["tab"], f["cell"]) for f in found] == [("Indsatser", "C3")]
    assert "kommentar" in found[0]["message"]
    assert sync.problems == []
    assert CPR not in repr(site.server.book(spreadsheet).titled("Advarsler"))


RUN = {"startIndex": 0, "format": {"link": {"uri": f"https://x.example/{CPR}"}}}
LIST = {"type": "ONE_OF_LIST", "values": [{"userEnteredValue": f"{CPR}"}]}
BESIDE: dict[str, dict[str, Any]] = {
    "a link in a text": {"userEnteredValue": {"stringValue": "Se her"}, "textFormatRuns": [RUN]},
    "a link by formula": {
        "userEnteredValue": {"formulaValue": f'=HYPERLINK("https://x.example/{CPR}";"Se her")'}
    },
    "a list": {"dataValidation": {"condition": LIST}},
    "a message": {
        "dataValidation": {"condition": {"type": "BLANK"}, "inputMessage": f"Ikke {CPR}"}
    },
}


@pytest.mark.parametrize("place", BESIDE)
def test_a_cpr_number_beside_the_cells_is_found(site: GoogleSite, place: str) -> None:
    spreadsheet = site.spreadsheet("Vapnagaard", book())
    sheet = site.tab(spreadsheet, "Milepæle").id
    start = {"sheetId": sheet, "rowIndex": 8, "columnIndex": 8}
    rows = [{"values": [BESIDE[place]]}]
    fields = ",".join(BESIDE[place])
    site.batch(spreadsheet, {"updateCells": {"start": start, "rows": rows, "fields": fields}})

    answer = site.check()

    found = [f for f in answer.json["findings"] if f["code"] == "GDP-01"]
    assert [(f["tab"], f["cell"]) for f in found] == [("Milepæle", None)]
    assert CPR not in answer.out


def test_a_cpr_number_in_a_name_or_a_chart_is_found(site: GoogleSite) -> None:
    spreadsheet = site.spreadsheet("Vapnagaard", book())
    sheet = site.tab(spreadsheet, "Milepæle").id
    area = {"sheetId": sheet, "startRowIndex": 0, "endRowIndex": 1}
    name = {"name": f"Barn_{CPR.replace('-', '_')}", "range": area}
    place = {"overlayPosition": {"anchorCell": {"sheetId": sheet}}}
    chart = {"spec": {"title": f"Barn {CPR}", "pieChart": {}}, "position": place}
    site.batch(spreadsheet, {"addNamedRange": {"namedRange": name}})
    site.batch(spreadsheet, {"addChart": {"chart": chart}})

    found = [f["tab"] for f in site.check().json["findings"] if f["code"] == "GDP-01"]

    assert found == [None, "Milepæle"]


def test_a_chart_called_advarsler_is_the_staffs(site: GoogleSite) -> None:
    spreadsheet = site.spreadsheet("Vapnagaard", book(cells=SLIPS))
    chart = {"spec": {"title": "Penge", "pieChart": {}}, "position": {"newSheet": True}}
    site.batch(spreadsheet, {"addChart": {"chart": chart}})
    sheet = site.server.book(spreadsheet).sheets[-1]
    sheet.properties["title"] = "Advarsler"

    assert site.sync().problems == []

    page = texts_of(site.tab(spreadsheet, "Advarsler 2"))
    assert "STR-10" in page.values()


def test_a_google_that_does_not_know_comments_costs_one_request(site: GoogleSite) -> None:
    site.server.world.knows_comments = False
    spreadsheet = site.spreadsheet("Vapnagaard", book(cells=SLIPS))
    site.spreadsheet("Nøjsomhed", book(plan={"Boligområde": "Nøjsomhed", "Plan-id": "N-1"}))

    result = site.sync()

    assert result.problems == []
    assert site.kontrol(spreadsheet, "Indsatser")[2].startswith("FEJL Budget")
    assert sum(one.path.startswith("/v4/") for one in site.server.asked) == 2 * 3 + 1
