"""MIL: the milestones on the way. Today is 23-11-2026."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import date

import pytest

from rules.model.cells import FormulaError
from tests.rules.helpers import ShownCase, book, case, in_test, noticed

CASES: tuple[ShownCase, ...] = (
    # MIL-01
    case("due today", book(cells={"Milepæle!D3": date(2026, 11, 23)})),
    case("due yesterday", book(cells={"Milepæle!D3": date(2026, 11, 22)}), "MIL-01 Milepæle!E3"),
    case("due yesterday, I gang", book(cells={"Milepæle!D3": date(2026, 11, 22),
         "Milepæle!E3": "I gang"}),
         "MIL-01 Milepæle!E3"),
    case("reached or dropped before", book(cells={
         "Milepæle!D2": "01-03-2026", "Milepæle!D3": "01-03-2026", "Milepæle!E3": "Udgået"})),
    case("the day of the run decides", book(), "MIL-01 Milepæle!E3", today=date(2027, 4, 2)),
    case("the day of the run, a day before", book(), today=date(2027, 4, 1)),
    case("an unreadable deadline", book(cells={"Milepæle!D3": "snart"}), "CEL-03 Milepæle!D3"),
    case("an unreadable status", book(cells={"Milepæle!D3": "01-03-2026", "Milepæle!E3": "Sent"}),
         "CEL-04 Milepæle!E3"),
    # MIL-02
    case("number and text", book(cells={"Milepæle!B2": "'1", "Milepæle!B3": "'2"})),
    case("a number with blanks", book(cells={"Milepæle!B2": "' 1 "})),
    case("no such activity", book(cells={"Milepæle!B3": "4"}), "MIL-02 Milepæle!B3"),
    case("several activities", book(cells={"Milepæle!B2": "1, 2", "Milepæle!B3": "2 og 3"})),
    case("several in other ways", book(cells={
         "Milepæle!B2": "Indsats nr. 1; 2 & 3", "Milepæle!B3": "'1/2"})),
    case("a comma that the spreadsheet took for a decimal mark", book(cells={
         "Milepæle!B2": "1,2"})),
    case("a range", book(cells={"Milepæle!B2": "'1-3", "Milepæle!B3": "1 til 3"})),
    case("all of them", book(cells={"Milepæle!B2": "Alle", "Milepæle!B3": "tværgående"})),
    case("a number with a comma", book(cells={
         "Milepæle!B3": "'1,1", "Indsatser!Nr. 3": "'1.1"})),
    case("one of several is none", book(cells={"Milepæle!B2": "1, 4 og 5",
         "Milepæle!B3": "'1-4"}), "MIL-02 Milepæle!B2", "MIL-02 Milepæle!B3"),
    case("not all of them", book(cells={"Milepæle!B3": "Alle unge"}), "MIL-02 Milepæle!B3"),
    case("a range backwards", book(cells={"Milepæle!B3": "'3-1"}), "MIL-02 Milepæle!B3"),
    case("an activity that was dropped is there", book(cells={
         "Indsatser!Status 2": "Udgået", "Indsatser!Budget 3": 4_800_000})),
    case("no number", book(cells={"Milepæle!B3": ""}), "CEL-01 Milepæle!B3"),
    case("a formula error", book(cells={"Milepæle!B3": FormulaError("#REF!")}),
         "CEL-06 Milepæle!B3"),
    case("no activities at all", book(Indsatser="""
         Nr. | Indsatsområde | Aktivitet | Ansvarlig | Startdato | Slutdato | Status | Budget
         """),
         "MIL-02 Milepæle!B2", "MIL-02 Milepæle!B3"),
    case("the tab Indsatser is missing", book(without=("Indsatser",)), "STR-01 Indsatser"),
    case("its column Nr. is missing", book(cells={"Indsatser!Nr. 1": "Løbenummer"}),
         "STR-02 Indsatser"),
    case("the activity's number is a formula error",
         book(cells={"Indsatser!Nr. 3": FormulaError("#REF!")}),
         "CEL-06 Indsatser!Nr. 3"),
    case("the activity's number is empty", book(cells={"Indsatser!Nr. 3": ""}),
         "CEL-01 Indsatser!Nr. 3"),
    case("the activities of the milestone's own workbook", (
         book("a.xlsx", without=("Medarbejdere",), cells={"Indsatser!Nr. 4": "9"}),
         book("b.xlsx", plan={"Boligområde": "Nøjsomhed"}, without=("Medarbejdere",),
              cells={"Milepæle!B3": "9"})),
         "a.xlsx: STR-01 Medarbejdere", "b.xlsx: STR-01 Medarbejdere",
         "b.xlsx: MIL-02 Milepæle!B3"),
    # MIL-03
    case("the plan's first and last day", book(cells={
         "Milepæle!D2": "01-01-2025", "Milepæle!D3": "31-12-2028"})),
    case("a day before and a day after", book(cells={
         "Milepæle!D2": "31-12-2024", "Milepæle!D3": "01-01-2029"}),
         "MIL-03 Milepæle!D2", "MIL-03 Milepæle!D3"),
    case("with an unreadable period nothing is outside", book(
         plan={"Startdato": "snart"}, cells={"Milepæle!D3": "01-01-2039"}), "CEL-03 Plan!B8"),
)  # fmt: skip


@pytest.mark.parametrize("case", in_test(CASES))
def test_milestones(case: ShownCase, judged: Callable[[ShownCase], Sequence[str]]) -> None:
    assert judged(case) == sorted(case.expected)


def test_those_that_are_missing_are_named() -> None:
    (notice,) = noticed(book(cells={"Milepæle!B2": "1, 4 og 5"}))

    assert notice.message == "Indsats nr. 4 og 5 findes ikke i fanen »Indsatser«."
