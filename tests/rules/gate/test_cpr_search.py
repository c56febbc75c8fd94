"""GDP: no CPR number in a shared workbook. The numbers are made up: their last digits are 0000."""

from __future__ import annotations

from collections.abc import Callable, Sequence

import pytest

from rules.model.cells import RawTab, RawWorkbook
from rules.model.finding import Notice
from rules.text.personal_numbers import cpr_match
from tests.rules.helpers import ShownCase, book, case, in_test

CPR, BARE = "010170-0000", "0101700000"
AS_NUMBER = 1_101_700_000.0
"""11-01-1970 as ten digits, the last three of them 000."""


def with_tab(name: str, *cells: str) -> RawWorkbook:
    """The example with a tab of the staff's own."""
    return RawWorkbook("Vapnagaard.xlsx", [*book().tabs, RawTab(name, [(3, list(cells))])])


CASES: tuple[ShownCase, ...] = (
    # near misses
    case("dates, amounts, telephone and case numbers", book(cells={
         "Indsatser!Erfaringer 2": "01-01-1970", "Indsatser!Målgruppe 2": "Ring 49 28 28 28",
         "Godkendelser!F2": "24/103-7",
         "Indsatser!Erfaringer 3": "010170-000", "Indsatser!Erfaringer 4": "320170-0000"})),
    case("ten digits with a digit beside them", book(cells={
         "Indsatser!Erfaringer 2": "00101700000", "Indsatser!Erfaringer 3": "01017000001"})),
    case("an amount may be ten digits", book(cells={"Indsatser!Budget 2": AS_NUMBER,
         "Indsatser!Budget 3": ""}),
         "CEL-01 Indsatser!Budget 3"),
    case("a number that is shown as an amount", RawWorkbook("Vapnagaard.xlsx", [
         *book().tabs, RawTab("Noter", [(1, [AS_NUMBER])], shown={"A1": "1.101.700.000"})])),
    case("an amount in a year may be ten digits", book(Finansiering="""
         Kilde    | Type             | Tilsagn | 2026
         Fonden   | Landsbyggefonden | Ja      | 1101700000
         Kommunen | Kommune          | Ja      | 1101700000
         """, cells={"Indsatser!Budget 3": ""}), "CEL-01 Indsatser!Budget 3"),
    # GDP-01
    *(case(f"the form {form}", book(cells={"Indsatser!Erfaringer 2": f"Se {form}, ring først."}),
           "GDP-01 Indsatser!Erfaringer 2")
      for form in (CPR, "010170 0000", "010170\N{EN DASH}0000", "290200-0000", "311299-0000",
                   "01.01.70-0000", "01 01 70 0000", "01011970-0000", "610170-0000", "010170/0000",
                   "01/01-70-0000")),
    case("a number whose format shows its zero and a dash", RawWorkbook("Vapnagaard.xlsx", [
         *book(cells={"Indsatser!Budget 2": 101_700_000.0}, shown={
             "Indsatser!Budget 2": "010170-0000"}).tabs,
         RawTab("Noter", [(1, [101_700_000.0])], shown={"A1": "010170-0000"})]),
         "GDP-01 Indsatser!Budget 2", "GDP-01 Noter!A1"),
    case("beside the cells of a tab, and in the workbook", RawWorkbook("Vapnagaard.xlsx", [
         *book().tabs, RawTab("Noter", [], beside=["Ring", f"til {CPR}"])], beside=[CPR]),
         "GDP-01", "GDP-01 Noter"),
    case("in the name of a tab, which is not told then", RawWorkbook("Vapnagaard.xlsx", [
         *book().tabs, RawTab(f"Ali {CPR}", [(1, [CPR]), (2, [BARE])], {"A1": CPR})]), "GDP-01"),
    case("in a title row, a header, an own column, below the table", book(Milepæle=f"""
         Noter {CPR}
         Nr. | Indsats nr. | Milepæl | Frist      | Status   | | Noter {CPR}
         1   | 1           | Hold    | 01-03-2027 | Planlagt | | Barn {CPR}

         | | | | | | {CPR}
         """), *(f"GDP-01 Milepæle!{cell}" for cell in ("A1", "G2", "G3", "G5"))),
    case("in the form, in a field and beside it", book(
         plan={"Kontaktperson": f"Mette {CPR}"}, cells={"Plan!E3": CPR}),
         "GDP-01 Plan!B11", "GDP-01 Plan!E3"),
    case("in a tab of the staff's own", with_tab("Deltagerliste", "Navn", f"Ali {CPR}"),
         "GDP-01 Deltagerliste!B3"),
    case("in a tab without a header row", book(Milepæle=f"Liste\nAli {CPR}"),
         "STR-05 Milepæle", "GDP-01 Milepæle!A2"),
    case("in a comment of a filled and of an empty cell", book(comments={
         "Indsatser!Aktivitet 2": f"Ring til {CPR}", "Milepæle!H9": CPR}),
         "GDP-01 Indsatser!Aktivitet 2", "GDP-01 Milepæle!H9"),
    case("cell and comment are one finding", book(
         cells={"Indsatser!Erfaringer 2": CPR},
         comments={"Indsatser!Erfaringer 2": f"{CPR} {BARE}"}),
         "GDP-01 Indsatser!Erfaringer 2"),
    case("two numbers in a cell are one finding",
         book(cells={"Indsatser!Erfaringer 2": f"{CPR} og {CPR}"}),
         "GDP-01 Indsatser!Erfaringer 2"),
    case("in a cell that must hold something else", book(cells={"Indsatser!Slutdato 2": CPR}),
         "GDP-01 Indsatser!Slutdato 2"),
    case("a comment does not hide what is wrong with its cell", book(
         cells={"Indsatser!Budget 2": "ca. 500"}, comments={"Indsatser!Budget 2": CPR}),
         "CEL-02 Indsatser!Budget 2", "GDP-01 Indsatser!Budget 2"),
    case("in the job's own Kontrol and Advarsler nobody looks", RawWorkbook("Vapnagaard.xlsx", [
         *book(cells={"Indsatser!Kontrol 2": CPR, "Indsatser!Kontrol 3": "OK",
                      "Plan!C3": BARE, "Plan!C4": "OK"}).tabs,
         RawTab("Advarsler", [(1, ["Kontrolleret · Plan x · 1 fejl", CPR])], {"A1": CPR})],
         own={"Indsatser": "Kontrol", "Plan": "Kontrol", "": "Advarsler"})),
    case("in the staff's own Kontrol and Advarsler it is looked for", RawWorkbook("a.xlsx", [
         *book(cells={"Indsatser!Kontrol 2": f"Set af {CPR}"}).tabs,
         RawTab("Advarsler", [(1, ["Arbejdstilsynet"]), (2, [CPR])])]),
         "STR-10 Indsatser!Kontrol 1", "STR-10 Advarsler",
         "GDP-01 Indsatser!Kontrol 2", "GDP-01 Advarsler!A2"),
    # GDP-02
    case("ten bare digits as text", book(cells={"Indsatser!Erfaringer 2": f"Sag {BARE}."}),
         "GDP-02 Indsatser!Erfaringer 2"),
    case("ten bare digits as a number", book(cells={"Godkendelser!F2": AS_NUMBER}),
         "GDP-02 Godkendelser!F2"),
    case("ten digits as text where an amount belongs are no amount", book(cells={
         "Indsatser!Budget 2": f"'{BARE}", "Indsatser!Budget 3": "'1501700000"}),
         "CEL-02 Indsatser!Budget 2", "CEL-02 Indsatser!Budget 3"),
    case("nor hours", book(cells={"Medarbejdere!Timer pr. uge 2": f"'{BARE}",
         "Medarbejdere!Timer pr. uge 3": AS_NUMBER}),
         *(f"{code} Medarbejdere!Timer pr. uge {row}" for code in ("CEL-09", "GDP-02")
           for row in (2, 3))),
    case("nine whose format shows ten", RawWorkbook("Vapnagaard.xlsx", [
         *book().tabs, RawTab("Noter", [(1, [101_700_000.0])], shown={"A1": BARE})]),
         "GDP-02 Noter!A1"),
    case("beside the cells", RawWorkbook("Vapnagaard.xlsx", [
         *book().tabs, RawTab("Noter", [], beside=[BARE])], beside=[BARE]),
         "GDP-02", "GDP-02 Noter"),
    case("in an own column, whatever it holds", book(cells={"Indsatser!M2": AS_NUMBER}),
         "GDP-02 Indsatser!M2"),
    case("in a comment", book(comments={"Indsatser!Aktivitet 2": BARE}),
         "GDP-02 Indsatser!Aktivitet 2"),
    case("not a date first", book(cells={"Indsatser!Erfaringer 2": "3201700000",
         "Indsatser!M2": 3_201_700_000})),
    case("both forms in a cell are the surer finding",
         book(cells={"Indsatser!Erfaringer 2": f"{BARE} {CPR}"}),
         "GDP-01 Indsatser!Erfaringer 2"),
)  # fmt: skip


@pytest.mark.parametrize("case", in_test(CASES))
def test_personal_data(case: ShownCase, judged: Callable[[ShownCase], Sequence[str]]) -> None:
    assert judged(case) == sorted(case.expected)


@pytest.mark.parametrize("case", CASES, ids=lambda case: case.title)
def test_the_number_is_never_repeated(
    case: ShownCase, notices: Callable[[ShownCase], list[Notice]]
) -> None:
    for notice in notices(case):
        assert cpr_match(f"{notice.message}\n{notice.fix}\n{notice.column}") is None
