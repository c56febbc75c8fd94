"""FIN: the money, and the local co-financing of at least 25 % of the plan's total."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import replace
from fractions import Fraction

import pytest

from rules.gate.gate import Gate
from rules.judging.figures import PlanFigures
from rules.judging.rule import Case, Context
from rules.judging.summary import figures_of
from rules.model.cells import Cell, FormulaError, RawWorkbook
from rules.model.plan import Plan
from rules.model.shipped import SHIPPED
from tests.rules.helpers import TODAY, ShownCase, book, case, in_test, noticed

NO_ACTIVITIES = (
    "Nr. | Indsatsområde | Aktivitet | Ansvarlig | Startdato | Slutdato | Status | Budget"
)
NO_MILESTONES = "Nr. | Indsats nr. | Milepæl | Frist | Status"
OTHER_AREA: dict[str, Cell] = {"Boligområde": "Nøjsomhed"}


def funded(table: str, path: str = "a.xlsx", **fields: Cell) -> RawWorkbook:
    """The example with this funding, and without activities that it could differ from."""
    return book(
        path,
        plan=fields,
        without=("Medarbejdere",),
        Finansiering=table,
        Indsatser=NO_ACTIVITIES,
        Milepæle=NO_MILESTONES,
    )


def three(grant: str, local: str, total: str, year: str = "2026") -> RawWorkbook:
    """A plan with one grant, one local source and the total row (row 4), all in one year."""
    return funded(f"""
Kilde     | Type             | Art     | Tilsagn | {year}  | I alt   | Bemærkning
Fonden    | Landsbyggefonden | Kontant | Ja      | {grant} | {grant} |
Kommunen  | Kommune          | Kontant | Ja      | {local} | {local} |
I alt     |                  |         |         | {total} | {total} |
""")


def with_sources(*rows: str) -> RawWorkbook:
    """A plan with these sources: Kilde, Type, Art, Tilsagn, 2026, Bemærkning; no total row."""
    header = "Kilde | Type | Art | Tilsagn | 2026 | Bemærkning"
    return funded("\n".join((header, *rows)))


FUND = "Fonden | Landsbyggefonden | Kontant | Ja | 75 |"
NO_STAFF = "STR-01 Medarbejdere"
NO_STAFF_AB = ("a.xlsx: STR-01 Medarbejdere", "b.xlsx: STR-01 Medarbejdere")

TWO_YEARS = """
Kilde    | Type             | Tilsagn | 2026 | 2027
Fonden   | Landsbyggefonden | Ja      | 75   | 75
Kommunen | Kommune          | Ja      | 25   | {last}
"""
FOUR_YEARS = """
Kilde            | Type             | Tilsagn | 2025    | 2026    | 2027    | 2028    | I alt
Landsbyggefonden | Landsbyggefonden | Ja      | 3000000 | 3400000 | 3600000 | 2000000 | 12000000
Kommunen         | Kommune          | Ja      | 1000000 | 1000000 | 1000000 | 1000000 | 4000000
"""

THIRD = "33,333333333333336"


def thirds(share: str, stated: str, column: str) -> RawWorkbook:
    """A plan whose fund gives a third of 100 kr. in 2025, and the municipality thirds each year."""
    return funded(f"""
Kilde    | Type             | Tilsagn | 2025     | 2026    | 2027    | I alt
Fonden   | Landsbyggefonden | Ja      | {THIRD}  | 90      | 90      | 213,33333333333334
Kommunen | Kommune          | Ja      | {share}  | {share} | {share} | {stated}
I alt    |                  |         | {column} |         |         | 313,3333333333333
""")


CASES: tuple[ShownCase, ...] = (
    # FIN-01: the golden cases, and one øre beside the limit
    case("24/8/32 mio.: exactly 25 %", three("24000000", "8000000", "32000000"), NO_STAFF),
    case("an øre more", three("24000000", "8000000,01", "32000000,01"), NO_STAFF),
    case("an øre less", three("24000000", "7999999,99", "31999999,99"), NO_STAFF,
         "FIN-01 Finansiering!A4"),
    case("an øre more from the fund", three("24000000,01", "8000000", "32000000,01"), NO_STAFF,
         "FIN-01 Finansiering!A4"),
    case("14/3,5/17,5 mio.: 25 % of the grant", three("14000000", "3500000", "17500000"), NO_STAFF,
         "FIN-01 Finansiering!A4"),
    case("7.500.001/2.500.000: prints as 25,00 %", three("7500001", "2500000", "10000001"),
         NO_STAFF,
         "FIN-01 Finansiering!A4"),
    case("three øre at the limit", three("0,03", "0,01", "0,04"), NO_STAFF),
    case("sums of floats are exact", with_sources(
         "Fonden | Landsbyggefonden | Kontant | Ja | 0,3 |",
         "Kommunen | Kommune | Kontant | Ja | 0,1 |"), NO_STAFF),
    case("no local money", three("100", "0", "100"), NO_STAFF, "FIN-01 Finansiering!A4"),
    case("without a total row it is the tab", with_sources(
         FUND, "Kommunen | Kommune | Kontant | Ja | 24,99 |"), NO_STAFF, "FIN-01 Finansiering"),
    # who is local
    case("organisation and department are local", with_sources(
         FUND, "Selskabet | Boligorganisation | Kontant | Ja | 15 |",
         "Afdelingen | Boligafdeling | Kontant | Ja | 10 |"), NO_STAFF),
    case("foundations and others are not", with_sources(
         FUND, "En fond | Fond | Kontant | Ja | 15 |", "Andre | Anden | Kontant | Ja | 10 |"),
         NO_STAFF,
         "FIN-01 Finansiering"),
    case("work in kind counts", with_sources(
         FUND, "Kommunen | Kommune | Timer | Ja | 25 | 100 timer"), NO_STAFF),
    case("money without commitment counts, but is told", with_sources(
         FUND, "Kommunen | Kommune | Kontant | Afventer | 25 |"), NO_STAFF,
         "FIN-08 Finansiering!D3"),
    # several workbooks: judged together
    case("one area has too little, both together enough", (
         funded(TWO_YEARS.format(last="25")),
         funded("""
Kilde    | Type             | Tilsagn | 2026
Fonden   | Landsbyggefonden | Ja      | 70
Kommunen | Kommune          | Ja      | 30
I alt    |                  |         | 100
""", "b.xlsx", **OTHER_AREA)), *NO_STAFF_AB),
    case("both together too little: reported once, in the first", (
         funded("""
Kilde    | Type             | Tilsagn | 2026
Fonden   | Landsbyggefonden | Ja      | 75
Kommunen | Kommune          | Ja      | 25
Sum      |                  |         | 100
"""),
         funded("""
Kilde    | Type             | Tilsagn | 2026
Fonden   | Landsbyggefonden | Ja      | 75,01
Kommunen | Kommune          | Ja      | 25
I alt    |                  |         | 100,01
""", "b.xlsx", **OTHER_AREA)), *NO_STAFF_AB, "a.xlsx: FIN-01 Finansiering!A4"),
    case("two plans are judged apart", (
         three("75", "25", "100"),
         funded("""
Kilde    | Type             | Tilsagn | 2026
Fonden   | Landsbyggefonden | Ja      | 76
Kommunen | Kommune          | Ja      | 24
""", "b.xlsx", **OTHER_AREA | {"Plan-id": "NØJ-2025"})), *NO_STAFF_AB,
         "b.xlsx: FIN-01 Finansiering"),
    case("a conflict copy adds nothing", (
         three("75", "25", "100"),
         funded("""
Kilde    | Type             | Tilsagn | 2026
Fonden   | Landsbyggefonden | Ja      | 50
Kommunen | Kommune          | Ja      | 50
""", "b.xlsx")), *NO_STAFF_AB, "b.xlsx: STR-06"),
    case("the tab is missing from one workbook", (
         book("a.xlsx", without=("Medarbejdere", "Finansiering")),
         funded("""
Kilde    | Type             | Tilsagn | 2026
Fonden   | Landsbyggefonden | Ja      | 76
Kommunen | Kommune          | Ja      | 24
I alt    |                  |         | 100
""", "b.xlsx", **OTHER_AREA)), *NO_STAFF_AB, "a.xlsx: STR-01 Finansiering",
         "b.xlsx: FIN-01 Finansiering!A4"),
    case("the years are missing from one workbook", (
         book("a.xlsx", without=("Medarbejdere",), Indsatser=NO_ACTIVITIES, Milepæle=NO_MILESTONES,
              Finansiering="""
Kilde    | Type    | Tilsagn | I alt
Kommunen | Kommune | Ja      | 500
"""),
         funded("""
Kilde    | Type             | Tilsagn | 2026
Fonden   | Landsbyggefonden | Ja      | 76
""", "b.xlsx", **OTHER_AREA)), *NO_STAFF_AB, "a.xlsx: STR-02 Finansiering"),
    case("one workbook's funding has no header row", (
         funded("Her skriver vi vores penge"),
         funded("""
Kilde    | Type             | Tilsagn | 2026
Fonden   | Landsbyggefonden | Ja      | 76
""", "b.xlsx", **OTHER_AREA)), *NO_STAFF_AB, "a.xlsx: STR-05 Finansiering"),
    # FIN-02
    case("two of four years are low", funded(FOUR_YEARS), NO_STAFF,
         "FIN-02 Finansiering!E1", "FIN-02 Finansiering!F1"),
    case("every year exactly 25 %", funded(TWO_YEARS.format(last="25")), NO_STAFF),
    case("a year an øre under, the plan over", funded("""
Kilde    | Type             | Tilsagn | 2026  | 2027
Fonden   | Landsbyggefonden | Ja      | 75    | 75
Kommunen | Kommune          | Ja      | 24,99 | 25,01
"""), NO_STAFF, "FIN-02 Finansiering!D1"),
    case("a year under and the plan under", funded(TWO_YEARS.format(last="24,99")), NO_STAFF,
         "FIN-01 Finansiering"),
    case("a year without money", funded(TWO_YEARS.format(last="25").replace("2027", "2027 | 2028")),
         NO_STAFF),
    case("the year's header in the first workbook that has the year", (
         funded("""
Kilde    | Type             | Tilsagn | 2026
Fonden   | Landsbyggefonden | Ja      | 75
Kommunen | Kommune          | Ja      | 30
"""),
         funded("""
Overskrift
Kilde    | Type             | Tilsagn | 2027 | 2026
Fonden   | Landsbyggefonden | Ja      | 75   | 75
Kommunen | Kommune          | Ja      | 24   | 24
""", "b.xlsx", **OTHER_AREA)), *NO_STAFF_AB, "b.xlsx: FIN-02 Finansiering!D2"),
    # FIN-03
    case("the fund gives exactly half", three("50", "50", "100"), NO_STAFF),
    case("an øre less than half", three("49,99", "50,01", "100"), NO_STAFF,
         "FIN-03 Finansiering!A4"),
    case("the fund gives nothing", with_sources(
         "En fond | Fond | Kontant | Ja | 75 |", "Kommunen | Kommune | Kontant | Ja | 25 |"),
         NO_STAFF,
         "FIN-03 Finansiering"),
    # FIN-04
    case("I alt may be empty", book(cells={f"Finansiering!I{row}": "" for row in (2, 3, 4)})),
    case("an øre in a row", book(cells={"Finansiering!I2": 6_000_000.01,
         "Finansiering!I3": 1_999_999.99}),
         "FIN-04 Finansiering!I2", "FIN-04 Finansiering!I3"),
    case("the total row's own sum", book(cells={"Finansiering!I4": 7_999_999.99}),
         "FIN-04 Finansiering!I4", "FIN-05 Finansiering!I4"),
    case("a total row that adds up a wrong I alt", book(cells={
         "Finansiering!I2": 6_000_001, "Finansiering!I4": 8_000_001}),
         "FIN-04 Finansiering!I2", "FIN-04 Finansiering!I4"),
    case("a total row with its I alt alone", book(cells={
         f"Finansiering!{letter}4": "" for letter in "EFGH"})),
    case("a total row with a year empty is no sum of years", book(cells={
         "Finansiering!E4": "", "Finansiering!I4": 7_999_999}), "FIN-05 Finansiering!I4"),
    case("empty years are 0", book(cells={"Finansiering!I5": 0, "Finansiering!A5": "En fond",
                                          "Finansiering!B5": "Fond", "Finansiering!D5": "Ja"})),
    case("I alt without any year", book(cells={
         "Finansiering!I5": 1, "Finansiering!A5": "En fond", "Finansiering!B5": "Fond",
         "Finansiering!D5": "Ja", "Finansiering!I4": ""}), "FIN-04 Finansiering!I5"),
    case("an unreadable year", book(cells={"Finansiering!E2": "ca. 500", "Finansiering!I2": 1}),
         "CEL-02 Finansiering!E2", "FIN-11 Finansiering", "FIN-05 Finansiering!I4"),
    case("an unreadable I alt", book(cells={"Finansiering!I2": "ca. 500"}),
         "CEL-02 Finansiering!I2"),
    case("an unreadable I alt that the total row's formula leaves out", book(cells={
         "Finansiering!I2": "ca. 500", "Finansiering!I4": 2_000_000}),
         "CEL-02 Finansiering!I2"),
    case("thirds by formula", thirds(THIRD, "100", "66,66666666666667"), NO_STAFF),
    case("thirds by formula, an øre above", thirds(THIRD, "100,01", "66,68"), NO_STAFF,
         "FIN-04 Finansiering!G3", "FIN-05 Finansiering!D4", "FIN-05 Finansiering!G4"),
    case("thirds typed with two decimals", thirds("33,33", "100", "66,67"), NO_STAFF,
         "FIN-04 Finansiering!G3", "FIN-05 Finansiering!D4"),
    case("a text that the sheet's own sums leave out is one finding", book(cells={
         "Finansiering!E2": "'1.500.000", "Finansiering!I2": 4_500_000,
         "Finansiering!E4": 500_000, "Finansiering!I4": 6_500_000}),
         "CEL-07 Finansiering!E2"),
    case("a text in the total row", book(cells={
         "Finansiering!E4": "'2.000.000", "Finansiering!I4": 6_000_000}),
         "CEL-07 Finansiering!E4", "FIN-05 Finansiering!I4"),
    case("a text and a sum that is neither with it nor without", book(cells={
         "Finansiering!E2": "'1.500.000", "Finansiering!I2": 4_500_001}),
         "CEL-07 Finansiering!E2", "FIN-04 Finansiering!I2", "FIN-05 Finansiering!I4"),
    # FIN-05
    case("empty cells of the total row", book(cells={
         "Finansiering!E4": "", "Finansiering!I4": ""})),
    case("an øre in a column", book(cells={
         "Finansiering!E4": 2_000_000.01, "Finansiering!F4": 1_999_999.99}),
         "FIN-05 Finansiering!E4", "FIN-05 Finansiering!F4"),
    case("a column without amounts", book(cells={
         "Finansiering!L1": 2024, "Finansiering!L4": 1, "Finansiering!I4": 8_000_001}),
         "FIN-05 Finansiering!L4", "FIN-05 Finansiering!I4"),
    case("the column I alt", book(cells={
         "Finansiering!I2": 6_000_001, "Finansiering!E4": ""}),
         "FIN-04 Finansiering!I2", "FIN-05 Finansiering!I4"),
    case("a column I alt that is not filled in all rows", book(cells={"Finansiering!I2": ""})),
    case("an unreadable amount silences its column", book(cells={
         "Finansiering!E2": FormulaError("#REF!"), "Finansiering!E4": 1, "Finansiering!I4": ""}),
         "CEL-06 Finansiering!E2", "FIN-11 Finansiering"),
    case("a total row anywhere", funded("""
Kilde    | Type             | Tilsagn | 2026 | I alt
Total:   |                  |         | 99   | 99
Fonden   | Landsbyggefonden | Ja      | 75   | 75
Kommunen | Kommune          | Ja      | 25   | 25
"""), NO_STAFF, "FIN-05 Finansiering!D2", "FIN-05 Finansiering!E2"),
    # FIN-06: the example runs 2025-2028
    case("0 outside the period", book(cells={"Finansiering!L1": 2029, "Finansiering!L2": 0})),
    case("the years that the period touches", funded("""
Kilde    | Type             | Tilsagn | 2025 | 2028
Fonden   | Landsbyggefonden | Ja      | 75   | 75
Kommunen | Kommune          | Ja      | 25   | 25
""", Startdato="31-12-2025", Slutdato="31-12-2028"), NO_STAFF),
    case("a year before and a year after", funded("""
Kilde    | Type             | Tilsagn | 2024 | 2029
Fonden   | Landsbyggefonden | Ja      | 75   | 0,75
Kommunen | Kommune          | Ja      | 25   | 0,25
I alt    |                  |         | 100  | 1
"""), NO_STAFF, *(f"FIN-06 Finansiering!{cell}" for cell in ("D2", "D3", "E2", "E3"))),
    case("without a readable period", funded(
         TWO_YEARS.format(last="25").replace("2026", "2036"), Slutdato="engang"), NO_STAFF,
         "CEL-03 Plan!B9"),
    # FIN-07
    case("money needs no basis", with_sources(FUND, "Kommunen | Kommune | | Ja | 25 |"), NO_STAFF),
    case("hours, premises and others with a basis", with_sources(
         FUND, "Kommunen | Kommune | Timer | Ja | 10 | 100 timer",
         "Selskabet | Boligorganisation | Lokaler | Ja | 10 | efter takst",
         "Afdelingen | Boligafdeling | Andet | Ja | 5 | aftalt"), NO_STAFF),
    case("hours, premises and others without", with_sources(
         FUND, "Kommunen | Kommune | Timer | Ja | 10 |",
         "Selskabet | Boligorganisation | Lokaler | Ja | 10 |",
         "Afdelingen | Boligafdeling | Andet | Ja | 5 |"), NO_STAFF,
         *(f"FIN-07 Finansiering!F{row}" for row in (3, 4, 5))),
    case("only local co-financing", with_sources(
         FUND, "Kommunen | Kommune | Kontant | Ja | 25 |", "En fond | Fond | Timer | Ja | 0 |"),
         NO_STAFF),
    case("an unreadable Art", with_sources(FUND, "Kommunen | Kommune | Mandetimer | Ja | 25 |"),
         NO_STAFF,
         "CEL-04 Finansiering!C3"),
    case("an unreadable Bemærkning", book(cells={
         "Finansiering!C3": "Timer", "Finansiering!J3": FormulaError("#REF!")}),
         "CEL-06 Finansiering!J3"),
    case("the column Bemærkning is missing", book(cells={
         "Finansiering!C3": "Timer", "Finansiering!J1": "Noter"})),
    # FIN-08
    case("no commitment is needed before the approval", book(
         plan={"Planstatus": "Til godkendelse"},
         cells={"Finansiering!D2": "Afventer", "Finansiering!D3": "Nej"})),
    *(case(f"commitments in a plan that is {status}", book(
           plan={"Planstatus": status},
           cells={"Finansiering!D2": "Afventer", "Finansiering!D3": "Nej"}),
           "FIN-08 Finansiering!D2", "FIN-08 Finansiering!D3")
      for status in ("Godkendt", "I gang", "Afsluttet")),
    case("a row of 0 needs no commitment", book(cells={
         "Finansiering!A5": "En fond", "Finansiering!B5": "Fond", "Finansiering!D5": "Nej",
         "Finansiering!E5": 0, "Finansiering!A6": "En anden", "Finansiering!B6": "Anden",
         "Finansiering!D6": "Afventer"})),
    case("a row of one øre does", book(cells={
         "Finansiering!A5": "Stat", "Finansiering!B5": "Kommune", "Finansiering!D5": "Afventer",
         "Finansiering!E5": 0.01, **{f"Finansiering!{letter}4": "" for letter in "EI"}}),
         "FIN-08 Finansiering!D5"),
    case("an empty commitment", book(cells={"Finansiering!D3": ""}), "CEL-01 Finansiering!D3"),
    case("a row called I alt that has a commitment is an entry", book(
         plan={"Planstatus": "Under udarbejdelse"}, without=("Indsatser", "Milepæle"),
         cells={"Finansiering!D4": "Nej", "Godkendelser!A9": ""}),
         "CEL-01 Finansiering!B4", "CEL-01 Godkendelser!A9", "FIN-11 Finansiering",
         "STR-01 Indsatser", "STR-01 Milepæle"),
    # FIN-09
    case("an activity that was dropped costs nothing", book(cells={
         "Indsatser!Status 2": "Udgået", "Indsatser!Budget 3": 4_800_000, "Milepæle!B2": 2})),
    case("budgets a krone above", book(cells={"Indsatser!Budget 2": 1_600_001}),
         "FIN-09 Finansiering!A4"),
    case("budgets an øre less than that", book(cells={"Indsatser!Budget 2": 1_600_000.99})),
    case("budgets a krone below", book(cells={"Indsatser!Budget 2": 1_599_999}),
         "FIN-09 Finansiering!A4"),
    case("budgets an øre more than that", book(cells={"Indsatser!Budget 2": 1_599_999.01})),
    case("the unreadable budget of an activity that was dropped", book(cells={
         "Indsatser!Status 2": "Udgået", "Indsatser!Budget 2": "ca. 500",
         "Indsatser!Budget 3": 4_800_001}),
         "CEL-02 Indsatser!Budget 2", "FIN-09 Finansiering!A4"),
    case("no funding is why they differ", book(Finansiering="""
         Kilde    | Type             | Tilsagn | 2026
         Fonden   | Landsbyggefonden | Ja      | 0
         """), "FIN-10 Finansiering"),
    case("in a plan that is being written the difference is told", book(
         plan={"Planstatus": "Under udarbejdelse"}, Finansiering="""
         Kilde    | Type             | Tilsagn | 2026
         Fonden   | Landsbyggefonden | Ja      | 0
         """), "FIN-09 Finansiering"),
    case("without a total row", book(cells={
         "Indsatser!Budget 2": 1, **{f"Finansiering!{letter}4": "" for letter in "AEFGHI"}}),
         "FIN-09 Finansiering"),
    case("an unreadable budget", book(cells={"Indsatser!Budget 2": "ca. 500"}),
         "CEL-02 Indsatser!Budget 2"),
    case("an empty budget", book(cells={"Indsatser!Budget 2": ""}), "CEL-01 Indsatser!Budget 2"),
    case("an unreadable amount in the funding", book(cells={
         "Indsatser!Budget 2": 1, "Finansiering!E2": "ca. 500", "Finansiering!I2": ""}),
         "CEL-02 Finansiering!E2", "FIN-11 Finansiering"),
    case("an unreadable status may be a dropped activity's", book(cells={
         "Indsatser!Budget 2": 1, "Indsatser!Status 2": "Nedlagt"}), "CEL-04 Indsatser!Status 2"),
    case("no activities", book(Indsatser=NO_ACTIVITIES, Milepæle=NO_MILESTONES)),
    case("per workbook", (
         book("a.xlsx", without=("Medarbejdere",), cells={"Indsatser!Budget 2": 1_600_001}),
         book("b.xlsx", plan=OTHER_AREA, without=("Medarbejdere",),
         cells={"Indsatser!Budget 2": 1_599_999})),
         *NO_STAFF_AB, "a.xlsx: FIN-09 Finansiering!A4", "b.xlsx: FIN-09 Finansiering!A4"),
    case("without the column Kilde no total row can be told",
         book(cells={"Finansiering!A1": "Hvem"}),
         "STR-02 Finansiering"),
    # FIN-10
    case("no row", funded("Kilde | Type | Tilsagn | 2026"), NO_STAFF, "FIN-10 Finansiering"),
    case("no row in a plan that is being written", book(
         plan={"Planstatus": "Under udarbejdelse"}, Finansiering="Kilde | Type | Tilsagn | 2026")),
    case("money and its repayment are no lack of it", three("100", "-100", "0"), NO_STAFF,
         "CEL-05 Finansiering!E3", "CEL-05 Finansiering!F3"),
    case("a total of 0", three("0", "0", "0"), NO_STAFF, "FIN-10 Finansiering"),
    case("only a total row", funded("""
Kilde | Type | Tilsagn | 2026
I alt |      |         | 0
"""), NO_STAFF, "FIN-10 Finansiering"),
    case("rows without amounts", with_sources(
         "Fonden | Landsbyggefonden | Kontant | Ja | |"), NO_STAFF, "FIN-10 Finansiering"),
    case("the tab is missing", book(without=("Finansiering",)), "STR-01 Finansiering"),
    case("money in one workbook is the plan's", (
         funded("Kilde | Type | Tilsagn | 2026"),
         funded(TWO_YEARS.format(last="25"), "b.xlsx", **OTHER_AREA)), *NO_STAFF_AB),
    case("none in both: reported once, in the first", (
         funded("Kilde | Type | Tilsagn | 2026"),
         funded("Kilde | Type | Tilsagn | 2026", "b.xlsx", **OTHER_AREA)), *NO_STAFF_AB,
         "a.xlsx: FIN-10 Finansiering"),
    # FIN-11: then FIN-01, 02, 03 and 10 are silent
    case("an unreadable amount", with_sources(FUND, "Kommunen | Kommune | Kontant | Ja | lidt |"),
         NO_STAFF,
         "CEL-02 Finansiering!E3", "FIN-11 Finansiering"),
    case("an unreadable Type", with_sources(FUND, "Kommunen | Byen | Kontant | Ja | 24 |"),
         NO_STAFF,
         "CEL-04 Finansiering!B3", "FIN-11 Finansiering"),
    case("an unreadable amount of a plan without others", with_sources(
         "Fonden | Landsbyggefonden | Kontant | Ja | måske |"), NO_STAFF,
         "CEL-02 Finansiering!E2", "FIN-11 Finansiering"),
    case("an unreadable amount in the total row hides nothing", three("76", "24", "hundrede"),
         NO_STAFF,
         "CEL-02 Finansiering!E4", "CEL-02 Finansiering!F4", "FIN-01 Finansiering!A4"),
    case("in each workbook that has such a cell", (
         funded("""
Kilde  | Type             | Tilsagn | 2026 | 2027
Fonden | Landsbyggefonden | Ja      | lidt | mere
"""),
         funded(TWO_YEARS.format(last="1"), "b.xlsx", **OTHER_AREA),
         funded("""
Kilde    | Type | Tilsagn | 2026
Kommunen | Byen | Ja      | 20
""", "c.xlsx", Boligområde="Tibberupparken", Boligorganisation="Nordkysten")),
         *NO_STAFF_AB, "c.xlsx: STR-01 Medarbejdere",
         "a.xlsx: CEL-02 Finansiering!D2", "a.xlsx: CEL-02 Finansiering!E2",
         "a.xlsx: FIN-11 Finansiering",
         "c.xlsx: CEL-04 Finansiering!B2", "c.xlsx: FIN-11 Finansiering",
         "a.xlsx: GOD-09 Godkendelser"),
    case("a negative amount has a value", with_sources(
         FUND, "Kommunen | Kommune | Kontant | Ja | 26 |",
         "Selskabet | Boligorganisation | Kontant | Ja | -1 |"),
         NO_STAFF, "CEL-05 Finansiering!E4"),
    case("a negative amount counts", with_sources(
         FUND, "Kommunen | Kommune | Kontant | Ja | 26 |",
         "Selskabet | Boligorganisation | Kontant | Ja | -1,01 |"),
         NO_STAFF, "CEL-05 Finansiering!E4", "FIN-01 Finansiering"),
)  # fmt: skip


@pytest.mark.parametrize("case", in_test(CASES))
def test_cofinancing(case: ShownCase, judged: Callable[[ShownCase], Sequence[str]]) -> None:
    assert judged(case) == sorted(case.expected)


def message_of(code: str, raw: RawWorkbook) -> str:
    """The message of the one finding with this code."""
    (message,) = [notice.message for notice in noticed(raw) if notice.code == code]
    return message


GOLDEN = [
    # grant, local, total: missing when moved, missing when added
    ("14000000", "3500000", "17500000", "875.000 kr.", "1.166.667 kr."),
    ("7500001", "2500000", "10000001", "1 kr.", "1 kr."),
    ("24000000,01", "8000000", "32000000,01", "1 kr.", "1 kr."),
    ("24000000", "7999999,99", "31999999,99", "1 kr.", "1 kr."),
    ("12000000", "0", "12000000", "3.000.000 kr.", "4.000.000 kr."),
    ("100", "0", "100", "25 kr.", "34 kr."),
]


@pytest.mark.parametrize(("grant", "local", "total", "moved", "added"), GOLDEN)
def test_both_missing_amounts_are_told_apart(
    grant: str, local: str, total: str, moved: str, added: str
) -> None:
    message = message_of("FIN-01", three(grant, local, total))

    assert f"Der mangler {moved}, hvis totalen ligger fast" in message
    assert f"eller {added} ekstra, hvis Landsbyggefondens tilskud ligger fast." in message


def test_the_message_is_the_one_of_the_specification() -> None:
    assert message_of("FIN-01", three("14000000", "3500000", "17500000")) == (
        "Den lokale medfinansiering er 3.500.000 kr. af 17.500.000 kr., altså under kravet om "
        "mindst 25 pct. Der mangler 875.000 kr., hvis totalen ligger fast, eller 1.166.667 kr. "
        "ekstra, hvis Landsbyggefondens tilskud ligger fast."
    )


def test_no_percentage_looks_like_a_pass() -> None:
    message = message_of("FIN-01", three("7500001", "2500000", "10000001"))

    assert "2.500.000 kr. af 10.000.001 kr." in message
    assert "25,0" not in message


def figures(raw: RawWorkbook, *more: RawWorkbook) -> PlanFigures:
    """The figures of the plan that these workbooks make."""
    workbooks = tuple(each.workbook for each in Gate(SHIPPED).check([raw, *more]))
    return figures_of(Case(Plan(workbooks), Context(SHIPPED, TODAY)))


def test_the_figures_count_the_workbooks_of_a_plan_together() -> None:
    both = figures(
        funded(TWO_YEARS.format(last="25")),
        funded(TWO_YEARS.format(last="24"), "b.xlsx", **OTHER_AREA),
    )

    assert (both.total_oere, both.local_oere, both.grant_oere) == (39_900, 9_900, 30_000)
    assert both.local_share == Fraction(99, 399)
    assert (both.missing_moved_oere, both.missing_added_oere) == (100, 100)


def test_nothing_is_missing_where_the_local_share_is_large_enough() -> None:
    enough = figures(three("75", "25", "100"))

    assert enough.local_share == Fraction(1, 4)
    assert (enough.missing_moved_oere, enough.missing_added_oere) == (0, 0)


def test_amounts_that_cannot_be_judged_are_left_out_of_the_figures() -> None:
    half = figures(with_sources(FUND, "Kommunen | Kommune | Kontant | Ja | lidt |"))

    assert (half.total_oere, half.local_oere, half.local_share) == (None, None, None)
    assert (half.missing_moved_oere, half.missing_added_oere) == (None, None)
    assert half.funding_oere == {}


def test_the_configuration_decides_who_is_local_and_how_much_is_needed() -> None:
    raw = with_sources(FUND, "En fond | Fond | Kontant | Ja | 25 |")
    foundations_too = replace(SHIPPED, local_types=(*SHIPPED.local_types, "Fond"))
    a_third = replace(
        foundations_too,
        minimum_local_share=replace(SHIPPED.minimum_local_share, value=Fraction(1, 3)),
    )

    codes = [
        [n.code for n in noticed(raw, parameters=parameters) if n.code.startswith("FIN")]
        for parameters in (SHIPPED, foundations_too, a_third)
    ]

    assert codes == [["FIN-01"], [], ["FIN-01"]]


def _budget(kroner: int) -> tuple[str, str]:
    (notice,) = noticed(book(cells={"Indsatser!Budget 2": kroner}))
    return notice.code, notice.severity


def test_more_money_than_budgets_is_only_told() -> None:
    assert _budget(1_600_001) == ("FIN-09", "advarsel")
    assert _budget(1_599_999) == ("FIN-09", "info")


def test_money_that_does_not_come_is_found_elsewhere() -> None:
    (notice,) = noticed(book(cells={"Finansiering!Tilsagn 3": "Nej"}))

    assert "»Ja«" not in notice.fix
    assert "anden kilde" in notice.fix
