"""Comments: what the secretariat writes to a plan, where the staff read it, and until when."""

from __future__ import annotations

import io
from datetime import date
from pathlib import Path

import openpyxl
import pytest

from sync.run.report import RunReport
from tests.sync.helpers import CPR, TODAY, Site, book, overview_of, values_by_openpyxl
from tests.sync.waiving import TYPED, comment, write_comments

NAME = "Vapnagaard.xlsx"


class Office(Site):
    """A site in which the secretariat writes comments as a person would: into the job's sheet."""

    @property
    def file(self) -> Path:
        return self.root / "Undtagelser.xlsx"

    def told(self, *lines: dict[str, object], today: date = TODAY) -> RunReport:
        write_comments(self.root, *lines)
        return self.sync(today)


def standing(report: RunReport) -> list[str]:
    return [str(line.standing) for line in overview_of(report).comments]


@pytest.fixture
def office(tmp_path: Path) -> Office:
    """One plan with one amount typed as text, seen by one run."""
    office = Office(tmp_path / "site")
    office.put(NAME, book(cells=TYPED))
    office.sync()
    return office


def in_page(office: Office) -> list[tuple[object, ...]]:
    """The lines of Advarsler that are comments."""
    return [tuple(row) for row in office.page(NAME) if row and row[0] == "Bemærk"]


def test_the_whole_life_of_a_comment(office: Office) -> None:
    before = office.control(NAME, "Indsatser")
    report = office.told(comment(Fane="Indsatser", Sted="2"))

    after = office.control(NAME, "Indsatser")
    assert after[3] == "OK\nSEKRETARIATET: Husk bilaget. (Lone, 20. november 2026)"
    assert after | {3: "OK"} == before
    (line,) = in_page(office)
    assert line[2:4] == ("Indsatser", "A3")
    assert str(line[5]).startswith("SEKRETARIATET: Husk bilaget.")
    assert dict(report.counts) == {"advarsel": 1}
    assert standing(report) == ["Vist"]
    shown = {str(text) for (_, _), text in values_by_openpyxl(office.overview.read_bytes()).items()}
    assert {"Åbne bemærkninger fra sekretariatet (1)", "Bemærkninger til planerne"} <= shown

    assert office.sync(hour=9).written == []

    settled = office.told(comment(Fane="Indsatser", Sted="2", Løst="ja"))
    assert standing(settled) == ["Løst"]
    assert office.control(NAME, "Indsatser") == before
    assert in_page(office) == []


IN = {"Fane": "Indsatser"}


@pytest.mark.parametrize(
    ("line", "tab", "cell"),
    [
        (comment(**IN, Sted="2"), "Indsatser", "A3"),
        (comment(**IN, Sted="I3"), "Indsatser", "I3"),
        (comment(**IN, Sted=2), "Indsatser", "A3"),
        (comment(Sted="Helsingør kommune"), "Finansiering", "A3"),
        (comment(Fane="plan", Sted="Startdato"), "Plan", "B8"),
        (comment(Fane="Finansiering"), "Finansiering", ""),
        (comment(**{"Plan-id": "vap-2025 "}), "", ""),
        (comment(Kode="cel-07"), "Indsatser", "I2"),
        (comment(Regneark=NAME, Kode="CEL-07", **IN), "Indsatser", "I2"),
    ],
)
def test_it_stands_where_it_is_to(
    office: Office, line: dict[str, object], tab: str, cell: str
) -> None:
    assert standing(office.told(line)) == ["Vist"]
    (row,) = in_page(office)
    assert (row[2] or "", row[3] or "") == (tab, cell)
    text = office.control(NAME, tab)[int(cell[1:])] if cell else "SEKRETARIATET: "
    assert "SEKRETARIATET: " in text.split("\n")[-1]


@pytest.mark.parametrize(
    ("line", "expected"),
    [
        (comment(**{"Plan-id": "VAP-2052"}), "Passer ikke på noget"),
        (comment(Fane="Indsater"), "Passer ikke på noget"),
        (comment(**IN, Sted="17"), "Passer ikke på noget"),
        (comment(**IN, Sted="I77"), "Passer ikke på noget"),
        (comment(Kode="FIN-01"), "Passer ikke på noget"),
        (comment(Regneark="b.xlsx"), "Passer ikke på noget"),
        (comment(Sted="1"), "Passer på flere"),
        (comment(""), "Mangler noget"),
    ],
)
def test_one_that_nobody_can_see_is_told_to_the_secretariat(
    office: Office, line: dict[str, object], expected: str
) -> None:
    before = office.bytes_of_workbooks()
    report = office.told(line)
    assert (standing(report), office.bytes_of_workbooks()) == ([expected], before)
    (told,) = overview_of(report).comments
    assert told.advice
    shown = set(values_by_openpyxl(office.overview.read_bytes()).values())
    assert {expected, told.advice} <= shown


@pytest.mark.parametrize("spot", ["2", "I3"])
def test_it_follows_its_row_and_says_when_that_is_gone(office: Office, spot: str) -> None:
    office.told(comment(**IN, Sted=spot))
    workbook = openpyxl.load_workbook(io.BytesIO((office.sheets / NAME).read_bytes()))
    workbook["Indsatser"].insert_rows(2)
    moved = io.BytesIO()
    workbook.save(moved)
    office.put(NAME, moved.getvalue(), changed_at=1_700_000_000)
    assert standing(office.sync()) == ["Vist"]
    assert "SEKRETARIATET" in office.control(NAME, "Indsatser")[4]
    assert "SEKRETARIATET" not in office.control(NAME, "Indsatser")[3]

    workbook["Indsatser"].delete_rows(4)
    gone = io.BytesIO()
    workbook.save(gone)
    office.put(NAME, gone.getvalue(), changed_at=1_700_000_001)
    assert standing(office.sync()) == ["Stedet findes ikke længere"]


def test_hostile_text_stays_text(office: Office) -> None:
    text = f'=HYPERLINK("http://x")\nFEJL Budget: {CPR} ' + "langt " * 200
    report = office.told(comment(text, **IN, Sted="2", Skrevet_af="@Lone"), comment("=1+1"))
    said = office.control(NAME, "Indsatser")[3]
    mark = "\N{NO-BREAK SPACE}"
    assert said.startswith(f'OK\nSEKRETARIATET: =HYPERLINK("http://x") FEJL{mark}Budget:')
    assert len(said) < 500
    for file in (office.sheets / NAME, office.overview, office.database):
        assert CPR.encode() not in file.read_bytes()
    whole = next(row for row in in_page(office) if not row[2])
    assert str(whole[5]).startswith("SEKRETARIATET: =1+1")
    assert dict(office.sync(hour=9).counts) == dict(report.counts) == {"advarsel": 1}
    assert overview_of(office.sync(hour=10, full=True)).notices[0].notice.code == "CEL-07"


@pytest.mark.parametrize("word", ["nej", "Nej, ikke endnu", False, None])
def test_what_says_no_does_not_settle_it(office: Office, word: object) -> None:
    assert standing(office.told(comment(Løst=word))) == ["Vist"]


def test_while_it_cannot_be_read_it_stays(office: Office) -> None:
    office.told(comment(**IN, Sted="2"))
    before = office.control(NAME, "Indsatser")
    workbook = openpyxl.load_workbook(office.file)
    workbook["Bemærkninger"]["I3"].value = "Færdig"
    workbook.save(office.file)
    report = office.sync(hour=9)
    assert [problem for _, problem in report.problems] == [
        "Fanen Bemærkninger kan ikke læses. Indtil da står bemærkningerne, som de var. "
        "En af fanens overskrifter mangler eller er ændret."
    ]
    office.file.write_bytes(b"no workbook")
    office.sync(hour=10)
    assert office.control(NAME, "Indsatser") == before


def test_an_earlier_workbook_without_the_tab_goes_on(office: Office) -> None:
    workbook = openpyxl.load_workbook(office.file)
    del workbook["Bemærkninger"]
    workbook.save(office.file)
    assert office.sync(hour=9).problems == []


def test_one_to_the_plan_stands_in_each_of_its_workbooks(office: Office) -> None:
    office.put("b.xlsx", book(plan={"Boligområde": "Nøjsomhed"}))
    report = office.told(comment())
    assert {*overview_of(report).placed} == {NAME, "b.xlsx"}
    report = office.told(comment(Regneark="b.xlsx"))
    assert {*overview_of(report).placed} == {"b.xlsx"}
