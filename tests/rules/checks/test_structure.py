"""STR: tabs, headers, columns and rows - what must be there before anything can be judged."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import replace

import pytest

from rules.gate.gate import Gate
from rules.model.cells import RawTab, RawWorkbook
from rules.model.finding import Notice, Severity
from rules.model.shipped import SHIPPED
from tests.rules.helpers import ShownCase, book, case, in_test, noticed

FUNDING = """
Kilde    | Type             | Tilsagn | 2025    | 2026    | 2027    | 2028    | I alt
Fonden   | Landsbyggefonden | Ja      | 1500000 | 1500000 | 1500000 | 1500000 | 6000000
Kommunen | Kommune          | Ja      | 500000  | 500000  | 500000  | 500000  | 2000000
I alt    |                  |         | 2000000 | 2000000 | 2000000 | 2000000 | 8000000
"""
"""The funding of the example, for tables of its own."""


def titled(rows_above: int) -> str:
    """The funding with title rows above its header."""
    return "\n".join(f"Overskrift {n}" for n in range(rows_above)) + FUNDING


def with_tab(raw: RawWorkbook, *tabs: RawTab) -> RawWorkbook:
    """The workbook with some tabs of the staff's own behind the others."""
    return RawWorkbook(raw.path, [*raw.tabs, *tabs])


def renamed(old: str, new: str) -> RawWorkbook:
    """The example with one tab called something else."""
    return RawWorkbook(
        "Vapnagaard.xlsx",
        [RawTab(new if tab.name == old else tab.name, tab.rows) for tab in book().tabs],
    )


CASES: tuple[ShownCase, ...] = (
    case("the example has no mistake", book()),
    # STR-01
    case("a tab's name without regard to case", renamed("Milepæle", "MILEPÆLE")),
    case("a tab's name with blanks around and a colon", renamed("Indsatser", " Indsatser: ")),
    case("a parenthesis belongs to a tab's name", renamed("Indsatser", "Indsatser (aktuelle)"),
         "STR-01 Indsatser"),
    case(
        "two required tabs are missing",
        book(without=("Indsatser", "Finansiering")),
        "STR-01 Finansiering",
        "STR-01 Indsatser",
    ),
    case("the required Godkendelser is missing", book(without=("Godkendelser",)),
         "STR-01 Godkendelser"),
    case("the form tab is missing", book(without=("Plan",)), "STR-01 Plan"),
    case(
        "the three tabs that are not required are missing",
        book(without=("Forberedelse", "Medarbejdere", "Milepæle")),
        "STR-01 Forberedelse",
        "STR-01 Medarbejdere",
        "STR-01 Milepæle",
    ),
    case("a tab that is called something else is the staff's own", renamed("Milepæle", "Mål"),
         "STR-01 Milepæle"),
    # STR-02
    case("columns that are not required may be missing", book(cells={
        "Indsatser!Målgruppe 1": "Noter", "Indsatser!Erfaringer 1": "", "Godkendelser!C1": "",
         "Godkendelser!F1": "x",
        "Milepæle!A1": "", "Milepæle!F1": ""})),
    case("a missing column is named once",
         book(cells={"Indsatser!Ansvarlig 1": "Noget helt andet"}),
         "STR-02 Indsatser"),
    case("two missing columns", book(cells={"Indsatser!Ansvarlig 1": "x",
         "Indsatser!Budget 1": "y"}),
         "STR-02 Indsatser", "STR-02 Indsatser"),
    case("a missing Type does not make the money unreadable",
         book(cells={"Finansiering!B1": "Hvad"}), "STR-02 Finansiering"),
    case("no year column", book(Finansiering="""
         Kilde            | Type             | Tilsagn | I alt
         Landsbyggefonden | Landsbyggefonden | Ja      | 6000000
         Kommunen         | Kommune          | Ja      | 2000000
         """), "STR-02 Finansiering"),
    case("years outside 2000-2060 are no year columns", book(Finansiering="""
         Kilde            | Type             | Tilsagn | 1999 | 2061
         Landsbyggefonden | Landsbyggefonden | Ja      | 75   | 75
         Kommunen         | Kommune          | Ja      | 25   | 25
         """), "FIN-11 Finansiering", "STR-08 Finansiering!E1"),
    case("the first and the last year", book(Indsatser="""
         Nr. | Indsatsområde | Aktivitet | Ansvarlig | Startdato | Slutdato | Status | Budget
         """, Milepæle="""
         Nr. | Indsats nr. | Milepæl | Frist | Status
         """, Finansiering="""
         Kilde            | Type             | Tilsagn | 2000 | 2060
         Landsbyggefonden | Landsbyggefonden | Ja      | 75   | 75
         Kommunen         | Kommune          | Ja      | 25   | 25
         """), *(f"FIN-06 Finansiering!{cell}" for cell in ("D2", "D3", "E2", "E3"))),
    case("a required field of the form is missing", book(cells={"Plan!A5": "Ejer"}),
         "STR-02 Plan"),
    case("a field that is not required may be missing", book(cells={"Plan!A6": "x",
         "Plan!A11": ""})),
    case("the form has no column Værdi", book(cells={"Plan!B1": "Svar"}), "STR-02 Plan"),
    case("the form has no column Felt", book(cells={"Plan!A1": "Navn"}), "STR-02 Plan"),
    # STR-04
    case("a header twice", book(cells={"Indsatser!Målgruppe 1": "Aktivitet"}),
         "STR-04 Indsatser!Målgruppe 1"),
    case("a header three times", book(cells={"Indsatser!Målgruppe 1": "Aktivitet",
         "Indsatser!Erfaringer 1": "AKTIVITET:"}),
         "STR-04 Indsatser!Målgruppe 1", "STR-04 Indsatser!Erfaringer 1"),
    case("an own header twice is the staff's own affair",
         book(cells={"Indsatser!M1": "Noter", "Indsatser!N1": "Noter"})),
    case("a year twice, as number and as text", book(cells={
         "Finansiering!L1": "'2025", "Finansiering!L2": 99}),
         "FIN-11 Finansiering", "STR-08 Finansiering!L1"),
    case("the second of two columns is not read",
         book(cells={"Indsatser!M1": "Budget", "Indsatser!M2": "ca. 500"}), "STR-04 Indsatser!M1"),
    case("Kontrol twice", book(cells={"Indsatser!M1": "Kontrol"}), "STR-04 Indsatser!M1"),
    case("a field twice: the first counts",
         book(cells={"Plan!A13": "slutdato", "Plan!B13": "30-02-2026"}), "STR-04 Plan!A13"),
    # STR-05
    case("a tab that holds nothing", with_tab(book(without=("Milepæle",)), RawTab("Milepæle", [])),
         "STR-05 Milepæle"),
    case("a tab without a header row",
         book(cells={f"Indsatser!{letter}1": "x" for letter in "ABCDEFGHI"}),
         "STR-05 Indsatser"),
    case("the header is looked for in the first 20 rows", book(Finansiering=titled(19))),
    case("a header in row 21 is too far down", book(Finansiering=titled(20)),
         "STR-05 Finansiering"),
    case("half of the required columns make a header row", book(Milepæle="""
         Mål | Indsats nr. | Milepæl | Dato       | Tilstand
         1   | 1           | Hold    | 01-03-2026 | Nået
         """), "STR-02 Milepæle", "STR-02 Milepæle"),
    case("less than half of them do not", book(Milepæle="""
         Mål | Indsats nr. | Hvad    | Dato       | Tilstand
         1   | 1           | Hold    | 01-03-2026 | Nået
         """), "STR-05 Milepæle"),
    # Where a table may stand
    case("title rows above", book(Finansiering=titled(2))),
    case("the table begins in another column", book(Milepæle="""

         | | Nr. | Indsats nr. | Milepæl | Frist      | Status
         | | 1   | 1           | Hold    | 01-03-2027 | Planlagt
         | | 2   | 99          | Møde    | 01-04-2027 | Planlagt
         """), "MIL-02 Milepæle!D4"),
    case("the columns in another order", book(Milepæle="""
         Status   | Frist      | Resultat | Milepæl | Indsats nr. | Nr.
         Planlagt | 01-03-2027 |          | Hold    | 1           | 1
         Planlagt | 01-03-2026 |          | Møde    | 2           | 2
         """), "MIL-01 Milepæle!A3"),
    case("blanks, case, colon, star and parenthesis in the headers", book(Finansiering="""
         KILDE:   | type *           |  art  | Tilsagn (ja/nej) | '2025   | 2026 (kr.) | I alt *
         Fonden   | Landsbyggefonden | Timer | Ja               | 3000000 | 3000000    | 6000000
         Kommunen | Kommune          |       | Ja               | 1000000 | 1000000    | 2000000
         I alt    |                  |       |                  | 4000000 | 4000000    | 8000001
         """), "FIN-04 Finansiering!G4", "FIN-05 Finansiering!G4"),
    case("no-break spaces in a header", book(cells={
         "Medarbejdere!C1": "Timer\N{NO-BREAK SPACE}pr.  uge\N{NO-BREAK SPACE}",
         "Medarbejdere!C2": "fuld tid"}), "CEL-09 Medarbejdere!C2"),
    case("the fields in another order, under a title", book(Plan="""
         Helhedsplan for Vapnagaard

         Felt               | Værdi
         Planstatus         | I gang
         SLUTDATO:          | 31-12-2024
         Startdato          | 01-01-2025
         Boligorganisation* | Boliggården
         Boligområde        | Vapnagaard
         Egen note          | om noget
         Plannavn           | Helhedsplan
         Plan-id            | VAP-2025
         """), "PLA-01 Plan!B5"),
    # Rows
    case("blank rows between the rows", book(Milepæle="""
         Nr. | Indsats nr. | Milepæl | Frist      | Status

         1   | 1           | Hold    | 01-03-2027 | Planlagt


         2   | 2           | Møde    | 01-03-2026 | Planlagt
         """), "MIL-01 Milepæle!E6"),
    case("rows end at any width", book(Milepæle="""
         Nr. | Indsats nr. | Milepæl | Frist      | Status
         1   | 1           | Hold
         2   | 2           | Møde    | 01-03-2027 | Planlagt | | | | noget
         """), "CEL-01 Milepæle!D2", "CEL-01 Milepæle!E2"),
    case("own columns and Kontrol do not fill a row", book(cells={
         "Indsatser!Kontrol 9": "OK", "Indsatser!M9": "en note", "Milepæle!H7": 12,
         "Indsatser!Nr. 10": "   ", "Indsatser!Indsatsområde 10": "\N{NO-BREAK SPACE}"})),
    case("any known column fills a row", book(cells={"Milepæle!D9": "01-03-2026"}),
         "CEL-01 Milepæle!B9"),
    case("own tabs are left alone", with_tab(
         book(), RawTab("Ark1", [(1, ["Budget", "ca. 500"]), (2, ["Nr.", 3.0])]))),
    case("a field without a value counts as typed twice only when it is there twice",
         book(cells={"Plan!A6": "", "Plan!A13": "Øvrige boligorganisationer"})),
    # STR-06
    case("another area of the same plan is no copy", (
         book("a.xlsx"),
         book("b.xlsx", plan={"Boligområde": "Nøjsomhed"},
              cells={"Medarbejdere!A2": "Eva", "Medarbejdere!F2": "", "Medarbejdere!A3": "Bo",
                     "Medarbejdere!F3": ""}))),
    case("a copy by its name never counts before its original", (
         book("Vapnagaard-KOPI.xlsx"), book("Vapnagaard.xlsx")), "Vapnagaard-KOPI.xlsx: STR-06"),
    case("a computer's copy is told beside its original", (
         book("Vapnagaard-PC01.xlsx"), book("Vapnagaard.xlsx")), "Vapnagaard-PC01.xlsx: STR-06"),
    case("a backup with another name too", (
         book("A Backup 2026.xlsx"), book("Vapnagaard.xlsx")), "A Backup 2026.xlsx: STR-06"),
    case("a name with more behind it is the later one", (
         book("Plan-Evas-Mac.xlsx"), book("Plan.xlsx")), "Plan-Evas-Mac.xlsx: STR-06"),
    case("of copies alone the first counts", (
         book("Vapnagaard (1).xlsx"), book("Vapnagaard (2).xlsx")), "Vapnagaard (2).xlsx: STR-06"),
    case("a copy has its own findings about money", (
         book("A.xlsx"), book("B.xlsx", cells={"Finansiering!E3": 499_999, "Finansiering!I3": "",
              "Finansiering!E4": "", "Finansiering!I4": ""})),
         "B.xlsx: FIN-01 Finansiering!A4", "B.xlsx: FIN-09 Finansiering!A4", "B.xlsx: STR-06"),
    case("a copy that comes after what it is a copy of", (
         book("Vapnagaard.xlsx"), book("under/Kopi af Vapnagaard.xlsx")),
         "under/Kopi af Vapnagaard.xlsx: STR-06"),
    case("two conflict copies, spelled otherwise", (
         book("a.xlsx"),
         book("b.xlsx", plan={"Plan-id": "vap-2025", "Boligområde": "Vapnagård"}),
         book("c.xlsx", plan={"Plan-id": " VAP-2025 "})), "b.xlsx: STR-06", "c.xlsx: STR-06"),
    case("a copy is checked by itself", (
         book("a.xlsx"), book("b.xlsx", cells={"Indsatser!Ansvarlig 2": "", "Milepæle!B2": 99})),
         "b.xlsx: CEL-01 Indsatser!Ansvarlig 2", "b.xlsx: MIL-02 Milepæle!B2", "b.xlsx: STR-06"),
    case("a copy takes no part in what joins plans", (
         book("a.xlsx"),
         book("b.xlsx", plan={"Plannavn": "Et helt andet navn"},
              cells={"Medarbejdere!C2": 20})), "b.xlsx: STR-06"),
    case("a workbook without a readable area is no copy", (
         book("a.xlsx"),
         book("b.xlsx", plan={"Boligområde": "Månen"},
              cells={"Medarbejdere!A2": "Eva", "Medarbejdere!F2": "", "Medarbejdere!A3": "Bo",
                     "Medarbejdere!F3": ""})), "b.xlsx: CEL-04 Plan!B4"),
)  # fmt: skip


@pytest.mark.parametrize("case", in_test(CASES))
def test_structure(case: ShownCase, judged: Callable[[ShownCase], Sequence[str]]) -> None:
    assert judged(case) == sorted(case.expected)


def _only(code: str, *books: RawWorkbook) -> Notice:
    (notice,) = [notice for notice in noticed(*books) if notice.code == code]
    return notice


def test_a_missing_tab_is_worse_where_the_tab_is_required() -> None:
    severities = {notice.tab: notice.severity for notice in noticed(RawWorkbook("Tom.xlsx", []))}

    assert severities == {
        "Plan": Severity.ERROR,
        "Forberedelse": Severity.INFO,
        "Indsatser": Severity.ERROR,
        "Finansiering": Severity.ERROR,
        "Godkendelser": Severity.ERROR,
        "Medarbejdere": Severity.INFO,
        "Milepæle": Severity.INFO,
    }


def test_a_missing_column_is_named_with_the_nearest_header_that_is_there() -> None:
    notice = _only(
        "STR-02", book(cells={"Indsatser!Ansvarlig 1": "Ansvarlig person", "Indsatser!L1": "Noter"})
    )

    assert notice.column == "Ansvarlig"
    assert "»Ansvarlig«" in notice.message
    assert "»Ansvarlig person«" in notice.message


def test_a_missing_field_is_named_with_the_nearest_field_that_is_there() -> None:
    notice = _only("STR-02", book(cells={"Plan!A9": "Slut dato for planen", "Plan!A13": "Note"}))

    assert "»Slutdato«" in notice.message
    assert "»Slut dato for planen«" in notice.message


def test_a_configured_alias_is_a_header() -> None:
    parameters = replace(
        SHIPPED,
        header_aliases={
            "Indsatser": {"Ansvarlig": ("Tovholder",)},
            "Plan": {"Slutdato": ("Ophør",)},
        },
    )
    raw = book(
        cells={
            "Indsatser!Ansvarlig 1": "tovholder:",
            "Indsatser!Ansvarlig 3": "",
            "Plan!A9": "Ophør",
        }
    )

    assert [(n.code, n.cell) for n in noticed(raw, parameters=parameters)] == [("CEL-01", "E3")]


# Where the job may write: the column Kontrol

CONTROL_COLUMNS = [
    # what stands in Milepæle, the column of Kontrol, else the column where it is to be added
    ("Nr. | Indsats nr. | Milepæl | Frist | Status | Kontrol", 6, None),
    ("Nr. | Indsats nr. | KONTROL | Milepæl | Frist | Status", 3, None),
    ("Nr. | Indsats nr. | Kontrol: | Milepæl | Frist | Status | Kontrol (LBF)", None, 8),
    (f"Nr. | Indsats nr. | Milepæl | Frist | Status{' |' * 16_379} x", None, 6),
    ("Nr. | Indsats nr. | Milepæl | Frist | Status", None, 6),
    ("Nr. | Indsats nr. | Milepæl | Frist | Status | Egen note", None, 7),
    ("| | Nr. | Indsats nr. | Milepæl | Frist | Status", None, 8),
    ("Nr. | Indsats nr. | Milepæl | Frist | Status | | Egen note", None, 8),
    ("Titel | | | | | | | Dato\nNr. | Indsats nr. | Milepæl | Frist | Status", None, 6),
    ("Nr. | Indsats nr. | Milepæl | Frist | Status\n1 | 1 | Hold | 01-03-2027 | Nået | x", None, 7),
]


@pytest.mark.parametrize(("table", "control", "added"), CONTROL_COLUMNS)
def test_the_column_kontrol_or_where_it_can_be_added(
    table: str, control: int | None, added: int | None
) -> None:
    (passed,) = Gate(SHIPPED).check([book(Milepæle=table)])
    layout = passed.workbook.layouts["milestones"]

    assert layout.control_column == control
    assert added in {None, layout.free_column}


def test_the_rows_that_kontrol_answers_are_the_filled_ones() -> None:
    (passed,) = Gate(SHIPPED).check(
        [
            book(
                Milepæle="""
                Nr. | Indsats nr. | Milepæl | Frist      | Status | Kontrol | Egen note

                1   | 1           | Hold    | 01-03-2027 | Nået
                    |             |         |            |        | OK      | en note
                    |             | Møde
                """
            )
        ]
    )

    assert passed.workbook.layouts["milestones"].filled_rows == (3, 5)


def test_kontrol_answers_every_row_of_the_form() -> None:
    (passed,) = Gate(SHIPPED).check([book()])

    assert passed.workbook.layouts["plan"].filled_rows == tuple(range(2, 15))
