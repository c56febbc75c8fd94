"""Sheets as people keep them: signs that nobody sees, years, notes, totals, merges and formats."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from datetime import date, time, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from rules.gate.gate import Gate
from rules.model.cells import EMBEDDED, NO_RESULT, Cell, RawWorkbook, is_blank
from rules.model.finding import Notice
from rules.model.shipped import SHIPPED
from rules.text.amounts import parse_amount
from rules.text.cell_names import parse_area
from rules.text.danish import header_key, header_unit, name_key, tab_key
from rules.text.dates import parse_date
from tests.rules.helpers import ShownCase, book, case, in_test, noticed

ZERO_WIDTH, MARK, BOM, SOFT = "\N{ZERO WIDTH SPACE}", "\N{LEFT-TO-RIGHT MARK}", "\ufeff", "\xad"
UNSEEN = (ZERO_WIDTH, MARK, BOM, SOFT, "\N{WORD JOINER}", "\N{VARIATION SELECTOR-16}")


def merged(raw: RawWorkbook, tab: str, name: str) -> RawWorkbook:
    area = parse_area(name)
    assert area is not None
    tabs = [replace(one, merged=[area]) if one.name == tab else one for one in raw.tabs]
    return RawWorkbook(raw.path, tabs)


def declared_total(raw: RawWorkbook, tab: str, row: int) -> RawWorkbook:
    totals = frozenset({row})
    tabs = [replace(one, totals_rows=totals) if one.name == tab else one for one in raw.tabs]
    return RawWorkbook(raw.path, tabs)


ACCOUNTS = """
Kilde | Type | Tilsagn | 2025 | 2026 | 2025 | 2026 | I alt
Landsbyggefonden | Landsbyggefonden | Ja | 3000000 | 3000000 | 99 | | 6000000
Helsingør Kommune | Kommune | Ja | 1000000 | 1000000 | 99 | | 2000000
"""
TWO_ROWS = """
Kilde | Type | Art | Tilsagn | Beløb | | | | I alt | Bemærkning
 | | | | 2025 | 2026 | 2027 | 2028
Landsbyggefonden | Landsbyggefonden | Kontant | Ja | 1500000 | 1500000 | 1500000 | 1500000 | 6000000
Helsingør Kommune | Kommune | Kontant | Ja | 500000 | 500000 | 500000 | 500000 | 2000000
I alt | | | | 2000000 | 2000000 | 2000000 | 2000000 | 8000000
"""
THOUSANDS = """
Kilde | Type | Art | Tilsagn | '2025 (t.kr.) | '2026 t.kr. | 2027 | 2028 | I alt i mio. kr.
Landsbyggefonden | Landsbyggefonden | Kontant | Ja | 1500 | 1500 | 1500000 | 1500000 | 6
Helsingør Kommune | Kommune | Kontant | Ja | 500 | 500 | 500000 | 500000 | 2
I alt | | | | 2000 | 2000 | 2000000 | 2000000 | 8
"""

CASES: tuple[ShownCase, ...] = (
    # what cannot be seen
    case("signs that nobody sees, in headers and cells", book(
         plan={"Plan-id": f"VAP-2025{ZERO_WIDTH}"}, cells={
         "Indsatser!E1": f"{BOM}Ansvarlig", "Indsatser!H1": f"Sta{SOFT}tus{ZERO_WIDTH}",
         "Indsatser!H2": f"I gang{MARK}", "Indsatser!F2": f"'01-02-2025{ZERO_WIDTH}",
         "Indsatser!D20": ZERO_WIDTH, "Finansiering!B1": f"{ZERO_WIDTH}Type"})),
    case("dots, line breaks and units in headers", book(cells={
         "Indsatser!A1": "Nr", "Indsatser!I1": "Budget\n(i kr.)", "Milepæle!B1": "Indsatsnr.",
         "Finansiering!I1": "Ialt kr.", "Godkendelser!F1": "Sags\N{NO-BREAK SPACE}nr"})),
    case("dates as people type them", book(cells={
         "Indsatser!G2": "'30/6 2028", "Indsatser!G3": "'den 31. december 2028",
         "Indsatser!G4": "'31.december 2028", "Indsatser!F2": "'2025/02/01",
         "Indsatser!F3": "'1\N{EN DASH}3\N{EN DASH}2025", "Indsatser!F4": "'01-01-2025 00:00"})),
    case("a lone dash is empty, but in a text", book(cells={
         "Indsatser!I2": "\N{EN DASH}", "Medarbejdere!E2": "'-", "Godkendelser!C2": "'-",
         "Finansiering!C2": "\N{EM DASH}", "Medarbejdere!F3": "'-", "Indsatser!E3": "'-",
         "Plan!B6": "'-"}), "CEL-01 Indsatser!I2"),
    case("a word that is broken by hand in a header, and others as people write them", book(cells={
         "Godkendelser!E1": "Afgørelses-\ndato", "Indsatser!B1": "Indsats-område",
         "Plan!A2": "Plan ID", "Plan!A12": "Email", "Plan!B6": "Ingen"})),
    # years
    case("years in words and as a date", book(cells={
         "Finansiering!E1": date(2025, 1, 1), "Finansiering!F1": "'2026 kr.",
         "Finansiering!G1": "'År 2027", "Finansiering!H1": "'2028 (budget)"})),
    case("a year that cannot be read", book(cells={"Finansiering!F1": "'2026 budget"}),
         "FIN-11 Finansiering", "STR-08 Finansiering!F1"),
    case("no year at all can be read", book(cells={
         f"Finansiering!{letter}1": f"'Budget {year}"
         for letter, year in zip("EFGH", range(2025, 2029), strict=True)}),
         "FIN-11 Finansiering", *(f"STR-08 Finansiering!{letter}1" for letter in "EFGH")),
    case("what was spent is the staff's own", book(cells={
         "Finansiering!L1": "'2025 (regnskab)", "Finansiering!L2": 99,
         "Finansiering!M1": "'Forbrug 2025", "Finansiering!M2": 99,
         "Finansiering!N1": "'I alt 2025-2028", "Finansiering!N2": 99,
         "Finansiering!O1": "'Andel 2025", "Finansiering!O2": 0.25})),
    case("a year's budget that is called a total", book(cells={
         "Finansiering!G1": "'Budget i alt 2027"}),
         "FIN-11 Finansiering", "STR-08 Finansiering!G1"),
    *(case(f"accounts beside budgets, under {what}", book(Finansiering=rows + ACCOUNTS.strip()))
      for what, rows in (("»Regnskab«", " | | | Budget | | Regnskab\n"),
                         ("»Faktisk forbrug«", " | | | Budget | | Faktisk forbrug\n"))),
    case("accounts before budgets, in two rows of headers", book(Finansiering="""
         Kilde | Type | Tilsagn | Regnskab | | Budget | | I alt
          | | | 2025 | 2026 | 2025 | 2026
         Landsbyggefonden | Landsbyggefonden | Ja | 99 | | 3000000 | 3000000 | 6000000
         Helsingør Kommune | Kommune | Ja | 99 | | 1000000 | 1000000 | 2000000
         """)),
    case("years twice under titles that say nothing of it", book(
         Finansiering=" | | | Budget | | Prognose\n" + ACCOUNTS.strip()),
         "FIN-11 Finansiering", "STR-08 Finansiering!F2", "STR-08 Finansiering!G2"),
    case("units below the headers", book(Finansiering="""
         Kilde | Type | Tilsagn | 2025 | 2026 | I alt
          | | | kr. | kr. | i kr.
         Landsbyggefonden | Landsbyggefonden | Ja | 3000000 | 3000000 | 6000000
         Helsingør Kommune | Kommune | Ja | 1000000 | 1000000 | 2000000
         """)),
    case("a year in words over texts is the staff's own", book(cells={
         "Finansiering!L1": "'Møder i 2026", "Finansiering!L2": "i maj"})),
    case("two rows of headers", merged(book(Finansiering=TWO_ROWS), "Finansiering", "E1:H1")),
    case("two rows of headers that are not merged", book(Finansiering=TWO_ROWS)),
    case("a header of the second row is told at its own cell", book(
         Finansiering=TWO_ROWS, cells={"Finansiering!F2": "'2026 budget"}),
         "FIN-11 Finansiering", "STR-08 Finansiering!F2"),
    case("a year twice in the second row", book(
         Finansiering=TWO_ROWS, cells={"Finansiering!F2": 2025}),
         "FIN-11 Finansiering", "STR-08 Finansiering!F2"),
    case("years of the second row by formulas without a result", book(
         Finansiering=TWO_ROWS, cells={"Finansiering!G2": NO_RESULT, "Finansiering!H2": "#REF!"}),
         "CEL-11 Finansiering!G2", "FIN-11 Finansiering", "STR-08 Finansiering!H2"),
    case("a year whose formula has no result", book(cells={"Finansiering!F1": NO_RESULT}),
         "CEL-11 Finansiering!F1", "FIN-11 Finansiering"),
    case("a year that shows an error", book(cells={"Finansiering!F1": "#REF!"}),
         "STR-08 Finansiering!F1", "FIN-11 Finansiering"),
    case("a total's name over the sums is the staff's own", book(cells={
         "Finansiering!I1": "I alt 2025-2028"})),
    case("units in the headers", book(Finansiering=THOUSANDS)),
    case("a slip of the hand in a year, a year that is counted, and none at all", book(cells={
         "Finansiering!E1": "'2O25", "Finansiering!F1": "'År 2", "Finansiering!H1": 20228}),
         "FIN-11 Finansiering",
         *(f"STR-08 Finansiering!{letter}1" for letter in "EFH")),
    case("amounts under no header where a year is left out", book(cells={
         "Finansiering!F1": ""}), "FIN-11 Finansiering", "STR-08 Finansiering!F1"),
    # lines that are no entries
    case("a total row in another table", book(cells={
         "Indsatser!A5": "I alt", "Indsatser!I5": 8_000_000})),
    case("a subtotal and a share", book(cells={
         "Finansiering!A5": "Lokal medfinansiering i alt", "Finansiering!E5": 500_000,
         "Finansiering!A6": "Lokal andel 25 %", "Finansiering!E6": 0.25})),
    case("sums of nothing that were filled down, beside a note too", book(cells={
         "Finansiering!I6": 0, "Finansiering!I7": 0, "Finansiering!A7": "Svar i maj"}),
         "CEL-12 Finansiering!A7"),
    case("parts, shares and differences", book(cells={
         "Finansiering!A5": "Heraf kommunen", "Finansiering!E5": 500_000,
         "Finansiering!A6": "Landsbyggefondens andel", "Finansiering!E6": 0.75,
         "Finansiering!A7": "Difference", "Finansiering!E7": 0})),
    case("a total row that is named in a choice", book(cells={
         "Indsatser!B6": "I alt", "Indsatser!I6": 8_000_000})),
    case("a total row of another name", book(cells={
         "Finansiering!A4": "Samlet finansiering 2025-28"})),
    case("the label right beside the sum, in a column of dates", book(cells={
         "Indsatser!G6": "Budget i alt", "Indsatser!I6": 8_000_000})),
    case("sums without a name, and one whose name is no total's", book(cells={
         "Indsatser!I6": 8_000_000, "Finansiering!A4": "", "Finansiering!A5": "Akkumuleret",
         **{f"Finansiering!{letter}5": 2_000_000 for letter in "EFGH"},
         "Medarbejdere!C5": 69.5})),
    case("a sum that does not add up is an entry that was begun", book(cells={
         "Indsatser!I6": 8_000_001}), "CEL-01 Indsatser!A6"),
    case("an amount as large as one other row's is no sum", book(cells={
         "Indsatser!C6": "Fælleshave", "Indsatser!D6": "Alle", "Indsatser!I6": 8_000_000,
         "Indsatser!A6": 4}), "CEL-01 Indsatser!B6"),
    case("shares in per cent", book(cells={
         "Finansiering!A5": "Medfinansieringsprocent", "Finansiering!E5": 25})),
    case("zeros beside a text are a note", book(cells={
         "Finansiering!A6": "Tjek", "Finansiering!E6": 0, "Finansiering!I6": 0}),
         "CEL-12 Finansiering!A6"),
    case("the headers once more", book(Indsatser="""
         Nr. | Indsatsområde | Aktivitet | Ansvarlig | Startdato | Slutdato | Status | Budget
         1 | Sundhed | Løbeklub | Mette | 01-02-2025 | 30-06-2028 | I gang | 4000000
         Nr. | Indsatsområde | Aktivitet | Ansvarlig | Startdato | Slutdato | Status | Budget
         2 | Sundhed | Madklub | Mette | 01-02-2025 | 30-06-2028 | I gang | 4000000
         """)),
    case("what a list asks for is no entry", book(cells={
         "Indsatser!A6": 5, "Indsatser!B6": "Vælg", "Indsatser!H6": "(vælg)",
         "Godkendelser!A12": "Vælg trin", "Milepæle!D6": "dd-mm-åååå"})),
    case("what a list asks for in an entry", book(cells={"Indsatser!H2": "Vælg"}),
         "CEL-04 Indsatser!H2"),
    case("a row of hints in words of their own", book(Milepæle="""
         Nr.  | Indsats nr. | Milepæl   | Frist      | Status
         fx 1 | nr.         | kort navn | dd-mm-åååå | vælg
         1    | 1           | Første    | 01-03-2027 | Planlagt
         """)),
    case("a number with a zero before it", book(cells={"Indsatser!A2": "'01"})),
    case("dashes in a total row", book(cells={
         "Finansiering!B4": "'-", "Finansiering!C4": "'-", "Finansiering!D4": "'-"})),
    case("a row of hints below the headers", book(Milepæle="""
         Nr. | Indsats nr. | Milepæl     | Frist        | Status
             | (nr.)       | (kort navn) | (dd-mm-åååå) | (vælg)
         1   | 1           | Første hold | 01-03-2027   | Planlagt
         """)),
    case("a totals row that the workbook declares", declared_total(
         book(cells={"Finansiering!A4": ""}), "Finansiering", 4)),
    case("a source with »samlet« in its name is an entry", book(cells={
         "Finansiering!A3": "Samlet pulje for boligområder"})),
    case("notes", book(cells={
         "Indsatser!A7": "'Sidst opdateret 12-11-2026 af Mette", "Finansiering!J6": "Svar i maj"}),
         "CEL-12 Indsatser!A7", "CEL-12 Finansiering!J6"),
    case("notes in columns of other kinds", merged(book(cells={
         "Godkendelser!A12": "'Opdateret 12-11-2026 af Mette", "Forberedelse!B8": "Se referat 4",
         "Finansiering!B6": "Svar ventes i maj", "Finansiering!E8": "se bilag",
         "Indsatser!I7": "'Budget 2026 er nedsat med 500.000 kr.", "Indsatser!B9": "Husk Omar",
         "Medarbejdere!F7": "ring til Lone"}), "Godkendelser", "A12:G14"),
         "CEL-12 Godkendelser!A12", "CEL-12 Forberedelse!B8", "CEL-12 Finansiering!B6",
         "CEL-12 Finansiering!E8", "CEL-12 Indsatser!I7", "CEL-12 Indsatser!B9",
         "CEL-12 Medarbejdere!F7"),
    case("a row of which one cell was tried", book(cells={
         "Finansiering!E6": "ca. 500", "Medarbejdere!B6": "Projektledr"}),
         "CEL-01 Finansiering!A6", "CEL-02 Finansiering!E6", "FIN-11 Finansiering",
         "CEL-01 Medarbejdere!A6", "CEL-04 Medarbejdere!B6"),
    case("a number beside a text is an entry that was begun", book(cells={
         "Indsatser!A5": 4, "Indsatser!C5": "Fælleshave"}),
         "CEL-01 Indsatser!B5"),
    case("numbers and choices that a drag has put there", book(cells={
         "Indsatser!A5": 4, "Indsatser!H5": "Planlagt", "Milepæle!A4": 3, "Milepæle!E4": "Planlagt",
         "Forberedelse!A6": "Kommune", "Godkendelser!A10": "Byråd",
         "Finansiering!C6": "Kontant", "Finansiering!D6": "Ja", "Finansiering!D7": "Ja"})),
    # merged cells
    case("a value counts for all rows of its range", merged(
         book(cells={"Indsatser!E3": "", "Indsatser!E4": ""}), "Indsatser", "E2:E4")),
    case("an amount counts at the top alone", merged(
         book(cells={"Indsatser!I2": 4_800_000, "Indsatser!I3": ""}), "Indsatser", "I2:I3")),
    # formulas without a result, pictures, formats
    case("a formula without a result is no empty cell and no 0", book(cells={
         "Finansiering!F3": NO_RESULT, "Finansiering!G2": NO_RESULT, "Indsatser!E4": NO_RESULT}),
         "CEL-11 Finansiering!G2", "CEL-11 Indsatser!E4", "FIN-11 Finansiering"),
    case("a picture in a text is no error, elsewhere there is no value", book(cells={
         "Indsatser!J2": EMBEDDED, "Indsatser!H2": EMBEDDED}), "CEL-04 Indsatser!H2"),
    case("a number that became a date", book(cells={"Indsatser!A2": date(2026, 1, 1)}),
         "CEL-09 Indsatser!A2"),
    # columns
    case("an optional column that is renamed", book(cells={
         "Finansiering!J1": "Dato for bemærkning"}), "STR-07 Finansiering!J1"),
    case("an optional column that is not there", book(cells={"Finansiering!J1": "Noter"})),
    case("the column that five rules live on", book(cells={
         "Godkendelser!E1": "Dato for afgørelsen"}), "STR-02 Godkendelser"),
)  # fmt: skip


@pytest.mark.parametrize("case", in_test(CASES))
def test_kept_sheets(case: ShownCase, judged: Callable[[ShownCase], Sequence[str]]) -> None:
    assert judged(case) == sorted(case.expected)


FORMATS: Mapping[str, tuple[str, Cell, str]] = {
    "an amount in a date format": ("Indsatser!I2", date(7375, 10, 23), "Tallet 2000000 "),
    "an amount in a time format": ("Indsatser!I2", timedelta(days=37), "Tallet 37 "),
    "hours in a date format": ("Medarbejdere!C2", date(1900, 2, 6), "Tallet 37 "),
    "a date that is 0": ("Indsatser!G2", time(), "00-01-1900"),
}


@pytest.mark.parametrize(("address", "cell", "told"), FORMATS.values(), ids=FORMATS.keys())
def test_a_value_that_its_format_hides_is_told_as_the_number(
    address: str, cell: Cell, told: str
) -> None:
    (notice,) = noticed(book(cells={address: cell}))
    assert told in notice.message


def test_three_empty_cells_are_one_finding_that_names_all() -> None:
    cells = {"Medarbejdere!A4": "Kim Ørn", "Medarbejdere!F4": "kim@a.example"}
    (notice,) = noticed(book(cells=cells))
    assert notice.columns == ("Rolle", "Timer pr. uge", "Ansat fra")
    assert all(column in notice.message for column in notice.columns)


def test_what_is_no_entry_is_no_row() -> None:
    cells: dict[str, Cell] = {"Indsatser!A5": "I alt", "Indsatser!I5": 8_000_000}
    cells["Indsatser!C7"] = "En note"
    (passed,) = Gate(SHIPPED).check([book(cells=cells)])
    assert [row.row for row in passed.workbook.activities] == [2, 3, 4]
    assert passed.workbook.layouts["activities"].filled_rows == (2, 3, 4, 5, 7)


# One function folds what is compared, parsed and tested for blank

SEEN = ("Status", "I gang", "31-12-2026", "1.250.000 kr.", "2026", "Landsbyggefonden", "Ja", "")


def scattered(text: str, draw: st.DataObject) -> str:
    """The text with signs between its letters that nobody sees."""
    return "".join(draw.draw(st.sampled_from(("", *UNSEEN))) + letter for letter in f"{text} ")


@given(st.data(), st.sampled_from(SEEN))
def test_signs_that_nobody_sees_change_nothing(draw: st.DataObject, text: str) -> None:
    odd = scattered(text, draw)
    for read in (name_key, header_key, tab_key, parse_amount, parse_date, is_blank, header_unit):
        assert read(odd) == read(text)


@pytest.mark.slow
@given(st.data(), st.sampled_from(("Status", "Budget", "Ansvarlig")), st.booleans())
def test_no_message_quotes_two_words_that_look_the_same(
    draw: st.DataObject, header: str, is_wrong: bool
) -> None:
    odd = scattered(header + ("x" if is_wrong else ""), draw)
    notices = noticed(
        book(cells={f"Indsatser!{header} 1": odd, "Indsatser!H2": scattered("Planlagt", draw)})
    )
    assert [one for one in notices if _repeats_itself(one)] == []
    assert bool(notices) == is_wrong


def _repeats_itself(notice: Notice) -> bool:
    quoted = re.findall("»([^»«]*)«", notice.message)
    shown = [unicodedata.normalize("NFKC", text).strip() for text in quoted]
    return len(shown) > len(set(shown))


def test_the_fields_of_a_form_are_filled_rows() -> None:
    (passed,) = Gate(SHIPPED).check([book()])
    assert passed.workbook.layouts["plan"].filled_rows == tuple(range(2, 15))
