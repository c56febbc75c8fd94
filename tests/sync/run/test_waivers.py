"""Waivers: what the secretariat accepts, for how long, and when it is open again."""

from __future__ import annotations

import hashlib
import io
import json
import os
from dataclasses import replace
from datetime import datetime, time, timedelta
from pathlib import Path
from typing import Any

import openpyxl
import pytest

from rules.catalogue.catalogue import RULE_BY_CODE
from sync.findings.waiver_lines import TakenOver
from tests.sync.helpers import CPR, DAY, TODAY, Site, book, cell_at, helhedsplan, table
from tests.sync.old_history import put_back
from tests.sync.waiving import LATER, TYPED, waiver

pytestmark = pytest.mark.slow

NAME = "Vapnagaard.xlsx"


class Secretariat(Site):
    """A site in which the secretariat writes waivers as a person would: into the job's sheet."""

    @property
    def waivers(self) -> Path:
        return self.root / "Undtagelser.xlsx"

    def accept(self, *lines: tuple[object, ...]) -> None:
        workbook = openpyxl.load_workbook(self.waivers)
        sheet = workbook["Undtagelser"]
        sheet.delete_rows(4, 50)
        for row, line in enumerate(lines, 4):
            for column, value in enumerate(line, 1):
                sheet.cell(row, column).value = value or None  # type: ignore[assignment]
        workbook.save(self.waivers)

    def notices(self) -> list[tuple[str, str]]:
        """The overview's Advarsler: severity and code."""
        return [
            (row["Alvor"], row["Kode"]) for row in table(self.overview.read_bytes(), "Advarsler")
        ]

    def standing(self) -> list[str]:
        """The overview's Undtagelser: what became of each line."""
        return [row["Tilstand"] for row in table(self.overview.read_bytes(), "Undtagelser")]

    def advice(self) -> str:
        return str(table(self.overview.read_bytes(), "Undtagelser")[0]["Sådan gør du"])


@pytest.fixture
def office(tmp_path: Path) -> Secretariat:
    """One plan with one amount typed as text, seen by one run."""
    office = Secretariat(tmp_path / "site")
    office.put(NAME, book(cells=TYPED))
    office.sync()
    assert office.notices() == [("Advarsel", "CEL-07")]
    return office


def test_the_whole_life_of_a_waiver(office: Secretariat) -> None:
    assert office.control(NAME, "Indsatser")[2].startswith("ADVARSEL Budget: ")

    office.accept(waiver())
    result = office.sync()
    control = office.control(NAME, "Indsatser")[2]
    assert control.startswith("ACCEPTERET Budget: »1.600.000 kr.«")
    assert "Accepteret til og med 30. juni 2027 af Lone: Aftalt med fonden." in control
    assert control.endswith("(CEL-07)")
    assert office.page(NAME)[0][0].endswith("0 fejl, 0 advarsler og 0 info · 1 accepteret")
    assert office.page(NAME)[3][0] == "Accepteret"
    assert office.notices() == [("Accepteret", "CEL-07")]
    assert office.standing() == ["Gælder"]
    assert not any(result.counts.values())

    office.sync(LATER)
    assert office.standing() == ["Gælder"]
    office.sync(LATER + timedelta(days=1))
    assert ("Advarsel", "CEL-07") in office.notices()
    assert office.standing() == ["Udløbet"]
    assert "ADVARSEL Budget" in office.control(NAME, "Indsatser")[2]


def test_when_the_value_changes_it_is_open_again(office: Secretariat) -> None:
    office.accept(waiver())
    office.sync()
    office.put(NAME, book(cells={"Indsatser!I2": "'3.000.000 kr."}))
    office.sync()
    assert ("Advarsel", "CEL-07") in office.notices()
    assert office.standing() == ["Værdien er ændret"]
    office.sync()
    assert office.standing() == ["Værdien er ændret"]

    office.accept(waiver(Begrundelse="Også aftalt"))
    office.sync()
    assert ("Accepteret", "CEL-07") in office.notices()


def test_it_holds_again_when_the_old_value_is_back(office: Secretariat) -> None:
    office.accept(waiver())
    office.sync()
    for amount, standing in (("'3.000.000 kr.", "Værdien er ændret"), ("'1.600.000 kr.", "Gælder")):
        office.put(NAME, book(cells={"Indsatser!I2": amount}))
        office.sync()
        assert office.standing() == [standing]


def test_it_follows_the_row(office: Secretariat) -> None:
    office.accept(waiver())
    office.sync()
    workbook = openpyxl.load_workbook(io.BytesIO((office.sheets / NAME).read_bytes()))
    workbook["Indsatser"].insert_rows(2)
    moved = io.BytesIO()
    workbook.save(moved)
    office.put(NAME, moved.getvalue())
    office.sync()
    assert office.control(NAME, "Indsatser")[3].startswith("ACCEPTERET Budget")
    assert office.standing() == ["Gælder"]


def test_what_is_mended_needs_no_waiver(office: Secretariat) -> None:
    office.accept(waiver())
    office.sync()
    office.put(NAME, book())
    office.sync()
    assert office.notices() == []
    assert office.standing() == ["Ikke længere nødvendig"]


@pytest.mark.parametrize(
    "line",
    [
        waiver(),
        waiver(Fane=""),
        waiver(Fane="", Sted=""),
        waiver(Sted="i2"),
        waiver(Sted="1"),
        waiver(**{"Plan-id": "vap-2025 "}),
        waiver(Kode="cel-07"),
        waiver(Regneark=NAME),
        waiver(**{"Til og med": "30-06-2027"}),
        waiver(**{"Til og med": datetime.combine(LATER, time())}),
        waiver(**{"Til og med": TODAY}),
    ],
)
def test_a_line_that_fits_holds(office: Secretariat, line: tuple[object, ...]) -> None:
    office.accept(line)
    office.sync()
    assert office.standing() == ["Gælder"]
    assert office.notices() == [("Accepteret", "CEL-07")]


@pytest.mark.parametrize(
    ("line", "standing", "says"),
    [
        (waiver(**{"Plan-id": ""}), "Mangler noget", "Plan-id"),
        (waiver(Kode=""), "Mangler noget", "koden"),
        (waiver(Kode="FIN-99"), "Mangler noget", "FIN-99"),
        (waiver(Begrundelse=" "), "Mangler noget", "begrundelse"),
        (waiver(**{"Accepteret af": ""}), "Mangler noget", "hvem"),
        (waiver(**{"Til og med": ""}), "Mangler noget", "dag"),
        (waiver(**{"Til og med": "engang"}), "Mangler noget", "dag"),
        (waiver(**{"Til og med": TODAY - timedelta(days=1)}), "Udløbet", "ny dato"),
        (waiver(Kode="FIN-01"), "Kan ikke accepteres", "rettes"),
        (waiver(Kode="CEL-02"), "Passer ikke på noget", "Advarsler"),
        (waiver(Sted="I3"), "Passer ikke på noget", "Advarsler"),
        (waiver(Sted="2"), "Passer ikke på noget", "Advarsler"),
        (waiver(Fane="Finansiering"), "Passer ikke på noget", "Advarsler"),
        (waiver(Regneark="Andet.xlsx"), "Passer ikke på noget", "Advarsler"),
        (waiver(**{"Plan-id": "NORD-2025"}), "Passer ikke på noget", "Advarsler"),
    ],
)
def test_a_line_that_does_not_hold_says_why(
    office: Secretariat, line: tuple[object, ...], standing: str, says: str
) -> None:
    office.accept(line)
    office.sync()
    assert office.notices() == [("Advarsel", "CEL-07")]
    assert office.standing() == [standing]
    assert says in office.advice()


def test_a_line_that_fits_several_accepts_none(office: Secretariat) -> None:
    office.put(NAME, book(cells={**TYPED, "Indsatser!I3": "'3.200.000 kr."}))
    office.accept(waiver(Sted=""))
    office.sync()
    assert office.standing() == ["Passer på flere"]
    assert {severity for severity, _ in office.notices()} == {"Advarsel"}


def test_a_line_accepts_nothing_beside_its_own(office: Secretariat) -> None:
    office.put(NAME, book(cells={**TYPED, "Indsatser!I3": "'3.200.000 kr."}))
    office.accept(waiver())
    office.sync()
    assert sorted(office.notices()) == [("Accepteret", "CEL-07"), ("Advarsel", "CEL-07")]
    assert office.control(NAME, "Indsatser")[3].startswith("ADVARSEL Budget")


def test_which_codes_cannot_be_accepted_is_configured(office: Secretariat) -> None:
    office.configure('[waivers]\nnever = ["CEL-07"]')
    office.accept(waiver())
    office.sync()
    assert office.standing() == ["Kan ikke accepteres"]
    office.configure('[waivers]\nnever = ["CEL-77"]')
    answer = helhedsplan("sync", "-c", office.config)
    assert answer.code == 2
    assert "CEL-77" in answer.err


def test_the_job_never_writes_in_the_waivers(office: Secretariat) -> None:
    office.accept(waiver(), waiver(Kode="FIN-99"))
    before = office.waivers.read_bytes(), office.waivers.stat().st_mtime_ns
    for days in range(3):
        office.sync(TODAY + timedelta(days=days), full=True)
    assert (office.waivers.read_bytes(), office.waivers.stat().st_mtime_ns) == before


def test_a_dry_run_lays_no_workbook(tmp_path: Path) -> None:
    office = Secretariat(tmp_path / "site")
    office.put(NAME, book(cells=TYPED))
    office.sync(writes=False)
    assert not office.waivers.exists()


def test_the_waivers_are_no_plan_workbook(office: Secretariat) -> None:
    office.configure('[waivers]\nfile = "sheets/Undtagelser.xlsx"')
    office.sync()
    assert (office.sheets / "Undtagelser.xlsx").is_file()
    rows = table(office.overview.read_bytes(), "Regneark")
    assert [row["Regneark"] for row in rows] == [NAME]
    answer = helhedsplan("check", office.sheets, "--format", "json", "--today", DAY)
    assert [one["name"] for one in answer.json["workbooks"]] == [NAME]


@pytest.mark.parametrize("how", ["no workbook", "other tab", "other headers"])
def test_while_they_cannot_be_read_nothing_is_accepted(office: Secretariat, how: str) -> None:
    office.accept(waiver())
    office.sync()
    good = office.waivers.read_bytes()
    workbook = openpyxl.load_workbook(office.waivers)
    if how == "other tab":
        workbook["Undtagelser"].title = "Ark1"
    else:
        workbook["Undtagelser"]["A3"] = "Planen"
    workbook.save(office.waivers)
    if how == "no workbook":
        office.waivers.write_bytes(b"PK")
    result = office.sync()
    assert [path for path, _ in result.problems] == ["Undtagelser.xlsx"]
    assert office.notices() == [("Advarsel", "CEL-07")]
    office.waivers.write_bytes(good)
    office.put(NAME, book(cells={"Indsatser!I2": "'3.000.000 kr."}))
    office.sync()
    assert office.standing() == ["Værdien er ændret"], "what was tied is remembered meanwhile"


def test_a_cpr_number_in_a_reason_is_hidden(office: Secretariat) -> None:
    office.accept(waiver(Begrundelse=f"Se sagen om {CPR}"))
    office.sync()
    assert office.standing() == ["Gælder"]
    everything = [office.control(NAME, "Indsatser")[2], str(office.page(NAME))]
    sheet = openpyxl.load_workbook(office.overview)
    everything += [str(cell.value) for tab in sheet for row in tab.iter_rows() for cell in row]
    assert not any(CPR in text for text in everything)


def test_what_looks_like_a_formula_stays_text(office: Secretariat) -> None:
    office.accept(waiver(Begrundelse="'=1+1", **{"Accepteret af": "@cmd"}))
    office.sync()
    sheet = openpyxl.load_workbook(office.overview)["Undtagelser"]
    kinds = {cell.data_type for row in sheet.iter_rows() for cell in row if cell.value is not None}
    assert "f" not in kinds
    assert cell_at(sheet, 4, "Tilstand").value == "Gælder"


def test_status_counts_what_is_open_only(office: Secretariat) -> None:
    assert "1 advarsel" in helhedsplan("status", "-c", office.config).out
    office.accept(waiver())
    office.sync()
    assert "1 advarsel" not in helhedsplan("status", "-c", office.config).out


def test_first_seen_is_kept_while_it_is_accepted(office: Secretariat) -> None:
    office.accept(waiver())
    office.sync(TODAY + timedelta(days=3))
    office.accept()
    office.sync(TODAY + timedelta(days=5))
    rows: list[dict[str, Any]] = table(office.overview.read_bytes(), "Advarsler")
    assert [row["Først set"].date() for row in rows if row["Kode"] == "CEL-07"] == [TODAY]


def test_the_plan_workbooks_own_file_named_so_is_left_alone(tmp_path: Path) -> None:
    office = Secretariat(tmp_path / "site")
    office.put(NAME, book(cells=TYPED))
    office.waivers.write_bytes(book())
    os.utime(office.waivers, (0, 0))
    before = office.waivers.read_bytes()
    result = office.sync()
    assert [path for path, _ in result.problems] == ["Undtagelser.xlsx"]
    assert office.waivers.read_bytes() == before


# Waivers of the first released version were tied to sentences

SENTENCE = (
    "»1.600.000 kr.« er skrevet som tekst, så regnearkets egne summer ikke tæller det med. "
    "Skriv 1600000."
)


def as_released(office: Secretariat, sentence: str = SENTENCE) -> None:
    """Put the history into the form of version 0.1, its ties with a sentence's digest."""
    put_back(office.database, 3)
    ((kept,),) = office.asked("SELECT value FROM fact WHERE key = 'waivers'")
    answer = hashlib.blake2b(sentence.encode(), digest_size=16).hexdigest()
    ties = {k: {"finding": tie["finding"], "said": answer} for k, tie in json.loads(kept).items()}
    assert len(ties) == 1
    office.asked("UPDATE fact SET value = ? WHERE key = 'waivers'", json.dumps(ties))


def test_a_waiver_of_the_version_before_is_taken_over_once(
    office: Secretariat, monkeypatch: pytest.MonkeyPatch
) -> None:
    office.accept(waiver())
    office.sync()
    as_released(office)

    result = office.sync()
    assert office.standing() == ["Gælder"]
    assert [one.code for one in result.taken_over.kept] == ["CEL-07"]
    assert result.taken_over.asked_again == []

    rule = replace(RULE_BY_CODE["CEL-07"], message="»{text}« er tekst. Skriv {correction:tal}.")
    monkeypatch.setitem(RULE_BY_CODE, "CEL-07", rule)
    result = office.sync()
    assert office.standing() == ["Gælder"], "a corrected text does not reopen it any more"
    assert result.taken_over == TakenOver()

    office.put(NAME, book(cells={"Indsatser!I2": "'3.000.000 kr."}))
    office.sync()
    assert office.standing() == ["Værdien er ændret"], "another amount does"


def test_a_waiver_of_the_version_before_is_asked_for_again_where_the_sentence_is_another(
    office: Secretariat,
) -> None:
    office.accept(waiver())
    office.sync()
    as_released(office, "»1.600.000 kr.« er tekst.")

    answer = office.command("sync", "--remember", "--today", DAY)
    assert "asked for again: VAP-2025 CEL-07, row 4 of the waivers" in answer.out
    assert ("Advarsel", "CEL-07") in office.notices()
    assert office.standing() == ["Værdien er ændret"]

    assert office.sync().taken_over == TakenOver(), "it is told once"
    assert office.standing() == ["Værdien er ændret"]

    office.accept(waiver(Begrundelse="Stadig aftalt"))
    office.sync()
    assert office.standing() == ["Gælder"]


def test_a_waiver_of_the_version_before_waits_for_its_finding(office: Secretariat) -> None:
    office.accept(waiver())
    office.sync()
    as_released(office)
    office.put(NAME, book())
    assert office.sync().taken_over == TakenOver()
    assert office.standing() == ["Ikke længere nødvendig"]

    office.put(NAME, book(cells=TYPED))
    assert len(office.sync().taken_over.kept) == 1
    assert office.standing() == ["Gælder"]


def test_what_is_taken_over_is_told(office: Secretariat) -> None:
    office.accept(waiver())
    office.sync()
    as_released(office)
    answer = office.command("sync", "--remember", "--today", DAY)
    assert answer.code == 0
    assert "1 waiver of the version before taken over" in answer.out
    assert "waiver" not in office.command("sync", "--remember", "--today", DAY).out
