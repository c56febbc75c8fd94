"""The overview: every figure worked out again from the workbooks, and what it must never hold."""

from __future__ import annotations

import zipfile
from collections import defaultdict
from datetime import UTC, date, datetime, timedelta
from decimal import ROUND_FLOOR, Decimal
from pathlib import Path
from typing import Any
from urllib.parse import unquote

import openpyxl
import pytest

from sync.workbook_tools.demo import demo_plans
from tests.sync.helpers import (
    CPR,
    HEADER_ROW,
    TODAY,
    Site,
    book,
    cell_at,
    header_row_of,
    loaded,
    table,
)
from tests.sync.packages import member, repacked, unpacked

pytestmark = pytest.mark.slow

STEPS = ("Prækvalifikation", "Politisk udvalg", "Byråd", "Boligorganisation", "Beboerdemokrati",
         "Styregruppe", "Landsbyggefonden")  # fmt: skip
LOCAL = {"Kommune", "Boligorganisation", "Boligafdeling"}
SHEETS = ["Overblik", "Til mødet", "Finansiering", "Regnskab", "Godkendelser", "Sagstid",
          "Tidslinje", "Indsatsområder", "Indsatser", "Erfaringer", "Frister", "Medarbejdere",
          "Advarsler", "Undtagelser", "Udvikling", "Regneark"]  # fmt: skip
NOEJSOMHED = {"Boligområde": "Nøjsomhed"}


def rows_of(file: Path, tab: str) -> list[dict[str, Any]]:
    """The filled rows of a template tab, by header."""
    sheet = loaded(file.read_bytes(), results=True)[tab]
    headers = [str(cell.value) for cell in sheet[HEADER_ROW]]
    rows = [dict(zip(headers, row, strict=True)) for row in sheet.iter_rows(4, values_only=True)]
    return [row for row in rows if row[headers[0]] is not None]


def form_of(file: Path) -> dict[str, Any]:
    return {row["Felt"]: row["Værdi"] for row in rows_of(file, "Plan")}


def plans_of(site: Site) -> dict[str, list[Path]]:
    plans: dict[str, list[Path]] = defaultdict(list)
    for file in sorted(site.sheets.glob("*.xlsx")):
        plans[form_of(file)["Plan-id"]].append(file)
    return plans


def money_of(files: list[Path]) -> dict[tuple[str, str], Decimal]:
    """Kroner by type and year, sums left out."""
    money: dict[tuple[str, str], Decimal] = defaultdict(Decimal)
    for file in files:
        for row in rows_of(file, "Finansiering"):
            if row["Kilde"] != "I alt":
                for header, value in row.items():
                    if header.isdecimal() and value is not None:
                        money[row["Type"], header] += Decimal(str(value))
    return money


def floored(part: Decimal, whole: Decimal) -> Decimal:
    return (part / whole).quantize(Decimal("0.001"), ROUND_FLOOR)


def dec(value: object) -> Decimal:
    return Decimal(str(value))


def test_overblik_adds_up(demo: Site) -> None:
    demo.sync()
    lines = table(demo.overview.read_bytes(), "Overblik")
    plans = plans_of(demo)
    assert [line["Plan-id"] for line in lines] == ["ELL-2025", "SYD-2025", "TIB-2025"]
    for line in lines:
        files = plans[line["Plan-id"]]
        form, money = form_of(files[0]), money_of(files)
        total = sum(money.values(), Decimal())
        local = sum((v for (kind, _), v in money.items() if kind in LOCAL), Decimal())
        assert line["Plan"] == form["Plannavn"]
        assert sorted(line["Område"].split(", ")) == sorted(
            form_of(f)["Boligområde"] for f in files
        )
        assert line["Slut"] == form["Slutdato"]
        assert line["Status"] == form["Planstatus"]
        assert dec(line["I alt (kr.)"]) == total
        assert dec(line["Lokalt (kr.)"]) == local
        assert dec(line["Lokal andel"]) == floored(local, total)
        quarter = total / 4
        moved = dec(line["Mangler, hvis totalen ligger fast (kr.)"])
        assert 0 <= moved - max(quarter - local, Decimal()) < 1
        own = [x for x in table(demo.overview.read_bytes(), "Advarsler")
               if x["Plan-id"] == line["Plan-id"]]  # fmt: skip
        assert line["Fejl"] == sum(x["Alvor"] == "Fejl" for x in own)
        assert line["Advarsler"] == sum(x["Alvor"] == "Advarsel" for x in own)


def test_finansiering_adds_up(demo: Site) -> None:
    demo.sync()
    lines = table(demo.overview.read_bytes(), "Finansiering")
    for plan_id, files in plans_of(demo).items():
        money = money_of(files)
        years = sorted({year for _, year in money})
        total = sum(money.values(), Decimal())
        own = [line for line in lines if line["Plan-id"] == plan_id]
        types = [line["Type"] for line in own]
        assert set(types) == {*(kind for kind, _ in money), "I alt", "Lokal andel"}
        assert len(types) == len(set(types))
        for line in own:
            if line["Type"] == "Lokal andel":
                continue
            for year in years:
                expected = sum(
                    (
                        v
                        for (kind, y), v in money.items()
                        if y == year and line["Type"] in {kind, "I alt"}
                    ),
                    Decimal(),
                )
                assert dec(line[year]) == expected
            of_row = sum((dec(line[year]) for year in years), Decimal())
            assert dec(line["I alt (kr.)"]) == of_row
            if line["Type"] != "I alt":
                assert dec(line["Andel"]) == floored(of_row, total)
                continue
            local = sum((v for (kind, _), v in money.items() if kind in LOCAL), Decimal())
            moved = dec(line["Mangler, hvis totalen ligger fast (kr.)"])
            added = dec(line["Mangler, hvis tilskuddet ligger fast (kr.)"])
            if 4 * local >= total:
                assert moved == added == 0
            else:
                assert 0 <= moved - (total / 4 - local) < 1
                assert 4 * (local + added) >= total + added
                assert 4 * (local + added - 1) < total + added - 1


def test_godkendelser_add_up(demo: Site) -> None:
    demo.sync()
    lines = table(demo.overview.read_bytes(), "Godkendelser")
    for line in lines:
        by_step: dict[str, list[dict[str, Any]]] = defaultdict(list)
        for file in plans_of(demo)[line["Plan-id"]]:
            for row in rows_of(file, "Godkendelser"):
                by_step[row["Trin"]].append(row)
        done = {}
        for step in STEPS:
            rows = by_step[step]
            done[step] = bool(rows) and all(row["Afgørelse"] == "Godkendt" for row in rows)
            expected = max(r["Afgørelsesdato"] for r in rows) if done[step] else "afventer"
            assert line[step] == expected
        missing = [step for step in STEPS[1:] if not done[step]]
        assert line["Næste godkendelse"] == (missing[0] if missing else "alle er givet")


@pytest.mark.parametrize(
    ("title", "cells", "shown"),
    [
        ("rejected", {"Godkendelser!D8": "Afvist"}, "afvist"),
        ("not decided", {"Godkendelser!D8": "Afventer", "Godkendelser!E8": ""}, "afventer"),
        ("not relevant", {"Godkendelser!D8": "Ikke relevant", "Godkendelser!E8": ""},
         "ikke relevant"),
        ("without a date", {"Godkendelser!E8": ""}, "godkendt uden dato"),
        ("dated tomorrow", {"Godkendelser!E8": "24-11-2026"}, "godkendt uden dato"),
        ("not there", {f"Godkendelser!{c}8": "" for c in "ABCDEF"}, "mangler"),
        ("unreadable", {"Godkendelser!D8": "måske"}, "kan ikke vurderes"),
    ],
)  # fmt: skip
def test_a_step_is_shown_as_it_stands(
    site: Site, title: str, cells: dict[str, str], shown: str
) -> None:
    site.put("a.xlsx", book(cells=cells))
    site.sync()
    assert table(site.overview.read_bytes(), "Godkendelser")[0]["Styregruppe"] == shown


def test_the_last_round_is_shown_and_the_timeline_names_it(site: Site) -> None:
    again = ("Byråd", "Helsingør Byråd", "", "Godkendt", "09-03-2026")
    cells = {f"Godkendelser!{c}10": text for c, text in zip("ABCDE", again, strict=True)}
    site.put("a.xlsx", book(cells=cells))
    site.sync()
    (line,) = table(site.overview.read_bytes(), "Godkendelser")
    assert line["Byråd"] == datetime(2026, 3, 9)  # noqa: DTZ001  a day in a cell
    assert line["Landsbyggefonden"] == "ikke registreret"
    lines = table(site.overview.read_bytes(), "Tidslinje")
    (council,) = [line["Hvad"] for line in lines if "09-03-2026" in str(line["Hvad"])]
    assert council == "09-03-2026 Byråd (runde 2), Helsingør Byråd: 8.000.000 kr."


def test_the_timeline_names_approvals_of_before_its_quarters(site: Site) -> None:
    """Old as a plan may be, its approvals are told: a line for each round, the last one whole."""
    site.put("a.xlsx", book())
    site.sync(today=date(2031, 3, 3))
    lines = table(site.overview.read_bytes(), "Tidslinje")
    (line,) = [line for line in lines if "godkendelser" in str(line["Hvad"])]
    last = "28-11-2024 Landsbyggefonden: 8.000.000 kr."
    assert line["Hvad"] == f"8 godkendelser fra 2023, senest {last}"
    assert [cell for cell in line.values() if cell == "◄"] == ["◄"]


def test_what_cannot_be_judged_is_never_a_number(site: Site) -> None:
    site.put("a.xlsx", book(cells={"Finansiering!E2": "'1.25"}))
    site.sync()
    line = table(site.overview.read_bytes(), "Overblik")[0]
    unknown = [key for key, value in line.items() if value == "kan ikke vurderes"]
    assert len([key for key in unknown if "kr." in key]) == 3
    assert "Lokal andel" in unknown


def test_a_conflict_copy_does_not_count(site: Site) -> None:
    site.put("a.xlsx", book())
    site.put("a-PC7.xlsx", book(cells={"Finansiering!E2": "9"}))
    site.put("b.xlsx", book(plan=NOEJSOMHED))
    site.sync()
    data = site.overview.read_bytes()
    (line,) = table(data, "Overblik")
    assert line["Område"] == "Vapnagaard, Nøjsomhed"
    states = {x["Regneark"]: (x["Tilstand"], x["Forklaring"]) for x in table(data, "Regneark")}
    assert states["a-PC7.xlsx"] == (
        "Kopi, tæller ikke med",
        "Filens navn ligner en kopi af »a.xlsx«, og kun det regneark tæller med.",
    )  # fmt: skip
    assert dec(line["I alt (kr.)"]) == 2 * 8_000_000
    assert states["b.xlsx"][0] == "Kontrolleret"


def test_no_workbook_disappears_silently(site: Site) -> None:
    site.put("a.xlsx", book())
    gone = site.put("gone.xlsx", book(plan=NOEJSOMHED))
    site.sync()
    gone.unlink()
    site.put("broken.xlsx", b"PK")
    site.put("old.xls", b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + "Workbook".encode("utf-16-le"))
    site.put("open.xlsx", book(plan={"Plan-id": "O-1"}))
    (site.sheets / "~$open.xlsx").write_bytes(b"\x04Anna")
    (site.sheets / "link.xlsx").symlink_to(site.sheets / "a.xlsx")
    result = site.sync()
    lines = {line["Regneark"]: line for line in table(site.overview.read_bytes(), "Regneark")}
    assert {name: line["Tilstand"] for name, line in lines.items()} == {
        "a.xlsx": "Kontrolleret",
        "gone.xlsx": "Findes ikke længere",
        "broken.xlsx": "Kan ikke læses",
        "old.xls": "Kan ikke læses",
        "open.xlsx": "Kontrolleret, men ikke skrevet i",
        "link.xlsx": "Sprunget over",
    }
    assert all(lines[name]["Forklaring"] for name in lines if name != "a.xlsx")
    assert "23. november 2026" in lines["gone.xlsx"]["Forklaring"]
    assert "Anna" in lines["open.xlsx"]["Forklaring"]
    assert lines["gone.xlsx"]["Plan-id"] == "VAP-2025"
    assert [path for path, _ in result.problems] == ["link.xlsx", "open.xlsx"]


def test_a_folder_that_cannot_be_reached_is_told(site: Site) -> None:
    site.put("a.xlsx", book())
    site.sync()
    site.sheets.rename(site.root / "away")
    answer = site.command("sync")
    assert answer.code == 3
    (line,) = table(site.overview.read_bytes(), "Regneark")
    assert line["Tilstand"] == "Sprunget over"
    assert line["Forklaring"].startswith("Regnearket kan ikke nås lige nu.")


RISKY = {
    "plan": {"Plan-id": "'=1+1", "Plannavn": "'@SUM(1)", "Kontaktperson": "'+45 1"},
    "cells": {"Indsatser!I2": "'=HYPERLINK(\"http://x\")", "Indsatser!H3": "'-2+3",
              "Godkendelser!B3": "'=cmd|'/C calc'!A0", "=1!A1": CPR},
}  # fmt: skip


def test_text_from_staff_never_becomes_a_formula(site: Site) -> None:
    site.put("=1+1.xlsx", book(**RISKY))  # type: ignore[arg-type]
    site.put("+b.xlsx", b"")
    site.sync()
    workbook = openpyxl.load_workbook(site.overview)
    texts = []
    for sheet in workbook.worksheets:
        for row in sheet.iter_rows():
            for cell in row:
                assert cell.data_type != "f"
                texts.append(cell.value)
    assert {"=1+1", "@SUM(1)"} & set(texts)
    with zipfile.ZipFile(site.overview) as package:
        parts = [name for name in package.namelist() if name.startswith("xl/worksheets/sheet")]
        assert parts
        assert not any(b"<f>" in package.read(name) for name in parts)


def test_links_lead_to_files_and_cells_that_are_there(site: Site) -> None:
    names = ("a.xlsx", "under mappe/b #1 50%.xlsx", "Ærø's 'plan'.xlsx")
    for number, name in enumerate(names):
        cells = {"Indsatser!I2": "'ca. 5", "Noter's!B2": CPR}
        site.put(name, book(plan={"Plan-id": f"P-{number}"}, cells=cells))
    site.sync()
    workbook = openpyxl.load_workbook(site.overview)
    found = set()
    for sheet in workbook.worksheets:
        for row in sheet.iter_rows():
            for cell in row:
                if cell.hyperlink is None:
                    continue
                if cell.hyperlink.target is None:
                    assert str(cell.hyperlink.location).split("'")[1] in SHEETS
                    continue
                target = site.overview.parent / unquote(str(cell.hyperlink.target))
                assert target.is_file()
                found.add(target.relative_to(site.sheets).as_posix())
                if place := cell.hyperlink.location:
                    tab, _, address = place.rpartition("!")
                    there = openpyxl.load_workbook(target)
                    value = there[tab[1:-1].replace("''", "'")][address].value
                    assert value is not None
                    assert cell.value in {address, value}
    assert found == set(names)


def test_no_cpr_number_stands_anywhere(site: Site) -> None:
    cells = {"Indsatser!I2": f"'{CPR}", "Indsatser!A3": f"'{CPR}", "Noter!A1": CPR,
             "Godkendelser!B3": f"'{CPR}", "Medarbejdere!A2": f"'{CPR}"}  # fmt: skip
    plan = {"Plan-id": f"'P {CPR}", "Plannavn": f"'{CPR}", "Boligområde": f"'{CPR}"}
    site.put("a.xlsx", book(plan=plan, cells=cells))
    answer = site.command("sync")
    assert CPR.encode() not in unpacked(site.overview.read_bytes())
    assert CPR not in answer.out + answer.err + site.command("status").out


def test_no_cpr_number_of_a_tabs_name_stands_anywhere(site: Site) -> None:
    site.put("a.xlsx", book(cells={f"Noter {CPR}!A1": CPR}))
    site.sync()
    assert CPR.encode() not in unpacked(site.overview.read_bytes())


def test_no_cpr_number_of_a_file_name_stands_anywhere(site: Site) -> None:
    site.put(f"Plan {CPR}.xlsx", book())
    answer = site.command("sync")
    assert CPR.encode() not in unpacked(site.overview.read_bytes())
    assert CPR not in answer.out + answer.err


def test_it_is_made_for_reading_and_printing(demo: Site) -> None:
    demo.sync()
    workbook = openpyxl.load_workbook(demo.overview)
    assert workbook.sheetnames == SHEETS
    for sheet in workbook.worksheets:
        header_row = header_row_of(sheet)
        assert header_row in {HEADER_ROW, HEADER_ROW + 3}
        if sheet.title != "Tidslinje":
            assert str(sheet.auto_filter.ref).startswith(f"B{header_row}:")
        assert (sheet.page_setup.orientation, sheet.page_setup.paperSize) == ("landscape", 9)
        assert (sheet.page_setup.fitToWidth, sheet.page_setup.fitToHeight) == (1, 0)
        assert sheet.sheet_properties.pageSetUpPr is not None
        assert sheet.sheet_properties.pageSetUpPr.fitToPage
        one_page = {"Overblik", "Til mødet", "Regnskab", "Udvikling", "Undtagelser"}
        is_one_page = sheet.title in one_page
        titles = None if is_one_page else f"${header_row}:${header_row}"
        assert sheet.print_title_rows == titles
        for cell in sheet[header_row][1:]:
            if cell.value is None:
                break
            assert sheet.column_dimensions[cell.coordinate.rstrip("0123456789")].width > 4.5
    first = workbook["Overblik"]
    assert first["A1"].value == "Overblik: 3 planer, 4 regneark, 7 fejl, 6 advarsler og 1 info"
    assert "#,##0" in cell_at(first, 7, "I alt (kr.)").number_format
    assert "%" in cell_at(first, 7, "Lokal andel").number_format
    assert cell_at(first, 7, "Slut").number_format.lower().replace("\\", "") == "dd-mm-yyyy"
    assert len(demo_plans(2025)) == 4


def test_an_unchanged_run_changes_the_time_alone(demo: Site) -> None:
    demo.sync()
    demo.age()
    demo.sync()
    demo.sync(hour=9)
    before = demo.overview.read_bytes()
    demo.sync(hour=10)
    after = demo.overview.read_bytes()
    names = ["xl/worksheets/sheet1.xml"]
    assert repacked(before, dict.fromkeys(names, b"")) == repacked(after, dict.fromkeys(names, b""))
    assert member(before, names[0]) != member(after, names[0])
    sheet = openpyxl.load_workbook(demo.overview)["Overblik"]
    assert sheet["A2"].value == "Kontrolleret 23. november 2026 kl. 10.00"


def test_somebody_elses_change_to_it_is_undone(demo: Site) -> None:
    demo.sync()
    workbook = openpyxl.load_workbook(demo.overview)
    workbook["Overblik"]["D7"] = "Noget andet"
    workbook.save(demo.overview)
    demo.sync(hour=9)
    workbook = openpyxl.load_workbook(demo.overview)
    assert workbook.sheetnames == SHEETS
    assert workbook["Overblik"]["D7"].value == "Helhedsplan Ellekildehave 2025-2028"


@pytest.mark.parametrize("damage", [b"", b"garbage"])
def test_a_damaged_or_missing_overview_is_made_again(demo: Site, damage: bytes) -> None:
    demo.sync()
    if damage:
        demo.overview.write_bytes(damage)
    else:
        demo.overview.unlink()
    assert demo.command("sync").code == 0
    assert openpyxl.load_workbook(demo.overview).sheetnames == SHEETS


@pytest.mark.parametrize("lock", ["~$Overblik.xlsx", ".~lock.Overblik.xlsx#"])
def test_an_open_overview_is_reported_and_written_next_time(site: Site, lock: str) -> None:
    site.put("a.xlsx", book())
    site.sync()
    site.put("b.xlsx", book(plan=NOEJSOMHED))
    (site.root / lock).write_bytes(b"\x04Anna,Anna,")
    before = site.overview.read_bytes()
    answer = site.command("sync")
    assert answer.code == 3
    assert "Overblik.xlsx: " in answer.err
    assert "Anna" in answer.err
    assert site.overview.read_bytes() == before
    (copy,) = site.root.glob("Overblik ????-??-??.xlsx")
    assert copy.name in answer.err
    assert len(table(copy.read_bytes(), "Regneark")) == 2
    (site.root / lock).unlink()
    answer = site.command("sync")
    assert answer.code == 0
    assert f"can be deleted now: {copy.name}" in answer.out
    assert len(table(site.overview.read_bytes(), "Regneark")) == 2
    assert copy.name not in site.command("sync").out


def test_a_copy_never_replaces_somebody_elses_workbook(site: Site) -> None:
    site.put("a.xlsx", book())
    site.sync()
    site.put("b.xlsx", book(plan=NOEJSOMHED))
    (site.root / "~$Overblik.xlsx").write_bytes(b"\x04Anna")
    other = site.root / f"Overblik {TODAY}.xlsx"
    other.write_bytes(book())
    before = other.read_bytes()
    (problem,) = site.sync().problems
    assert "er ikke et overblik" in problem[1]
    assert other.read_bytes() == before


def test_nothing_that_lies_beside_the_overview_is_a_plan(site: Site) -> None:
    site.configure(
        '[overview]\nfile = "sheets/Overblik.xlsx"',
        sources='[[sources]]\nfolder = "sheets"\npatterns = ["*"]',
    )
    site.put("a.xlsx", book())
    site.put("b 2026-01-01.xlsx", book(plan=NOEJSOMHED))
    site.sync()
    (site.sheets / f"Overblik {TODAY}.xlsx").write_bytes(
        (site.sheets / "Overblik.xlsx").read_bytes()
    )
    lines = site.shown(hour=9).books
    assert [line.path for line in lines] == ["a.xlsx", "b 2026-01-01.xlsx"]


def test_the_overview_may_lie_among_the_workbooks(site: Site) -> None:
    site.configure('[overview]\nfile = "sheets/Overblik.xlsx"')
    site.put("a.xlsx", book())
    for hour in (8, 9):
        assert [line.path for line in site.shown(hour=hour).books] == ["a.xlsx"]


def test_the_overview_is_known_by_any_spelling(site: Site) -> None:
    (site.root / "x").mkdir()
    site.configure('[overview]\nfile = "x/../sheets/Overblik.xlsx"')
    site.put("a.xlsx", book())
    for hour in (8, 9):
        assert [line.path for line in site.shown(hour=hour).books] == ["a.xlsx"]


def test_a_workbook_that_is_no_overview_is_never_replaced(site: Site) -> None:
    site.configure('[overview]\nfile = "sheets/a.xlsx"')
    file = site.put("a.xlsx", book())
    site.put("b.xlsx", book(plan=NOEJSOMHED))
    before = file.read_bytes()
    site.command("sync")
    assert file.read_bytes() == before


def test_the_last_change_is_told_in_local_time(site: Site) -> None:
    midnight = datetime(2026, 6, 15, 22, 30, tzinfo=UTC)
    site.put("a.xlsx", book(), midnight.timestamp())
    site.sync()
    (line,) = table(site.overview.read_bytes(), "Regneark")
    assert line["Sidst ændret"].date() == (midnight + timedelta(hours=2)).date()


def test_the_jobs_own_writing_is_no_change_by_staff(site: Site) -> None:
    site.put("a.xlsx", book())
    site.sync()
    site.sync(hour=9)
    (line,) = table(site.overview.read_bytes(), "Regneark")
    assert line["Sidst ændret"].date() == date(2026, 3, 2)


def test_nothing_lies_beside_it_but_the_waivers_and_the_calendar(site: Site) -> None:
    site.put("a.xlsx", book())
    site.sync()
    names = {file.name for file in site.root.iterdir()}
    assert names == {
        "Frister.ics", "Overblik.xlsx", "Undtagelser.xlsx", "config.toml", "sheets", "state",
    }  # fmt: skip
