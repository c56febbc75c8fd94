"""IND: the activities of the plan."""

from __future__ import annotations

from collections.abc import Callable, Sequence

import pytest

from tests.rules.helpers import ShownCase, book, case, in_test

CASES: tuple[ShownCase, ...] = (
    # IND-01
    case("an activity of one day", book(cells={"Indsatser!Slutdato 2": "01-02-2025"})),
    case("ends the day before it begins", book(cells={"Indsatser!Slutdato 2": "31-01-2025"}),
         "IND-01 Indsatser!Slutdato 2"),
    case("without an end", book(cells={"Indsatser!Slutdato 2": ""}), "CEL-01 Indsatser!Slutdato 2"),
    case("with an unreadable start", book(cells={"Indsatser!Startdato 2": "uge 5",
         "Indsatser!Slutdato 2": "01-01-2025"}),
         "CEL-03 Indsatser!Startdato 2"),
    # IND-02
    case("the plan's first and last day", book(cells={
         "Indsatser!Startdato 2": "01-01-2025", "Indsatser!Slutdato 2": "31-12-2028"})),
    case("a day before and a day after", book(cells={
         "Indsatser!Startdato 2": "31-12-2024", "Indsatser!Slutdato 2": "01-01-2029"}),
         "IND-02 Indsatser!Startdato 2", "IND-02 Indsatser!Slutdato 2"),
    case("an activity that was dropped has dates too", book(cells={
         "Indsatser!Status 2": "Udgået", "Indsatser!Slutdato 2": "01-01-2029",
         "Indsatser!Budget 3": 4_800_000}),
         "IND-02 Indsatser!Slutdato 2"),
    case("with an unreadable period nothing is outside", book(
         plan={"Slutdato": "engang"}, cells={"Indsatser!Slutdato 2": "01-01-2039"}),
         "CEL-03 Plan!B9"),
    case("with a period that ends before it begins nothing is outside", book(
         plan={"Slutdato": "01-01-2020"}), "PLA-01 Plan!B9"),
    case("the period of the row's own workbook", (
         book("a.xlsx", without=("Medarbejdere",)),
         book("b.xlsx", plan={"Boligområde": "Nøjsomhed", "Slutdato": "30-12-2028"},
              without=("Medarbejdere",))),
         "a.xlsx: STR-01 Medarbejdere", "b.xlsx: STR-01 Medarbejdere", "b.xlsx: PLA-05 Plan!B9",
         "b.xlsx: IND-02 Indsatser!Slutdato 3", "b.xlsx: IND-02 Indsatser!Slutdato 4"),
    case("a slip in the year of the end breaks both rules", book(cells={
         "Indsatser!Slutdato 2": "31-12-2018"}),
         "IND-01 Indsatser!Slutdato 2", "IND-02 Indsatser!Slutdato 2"),
    case("both dates before the plan, and in the wrong order", book(cells={
         "Indsatser!Startdato 2": "01-03-2024", "Indsatser!Slutdato 2": "01-02-2024"}),
         "IND-01 Indsatser!Slutdato 2", "IND-02 Indsatser!Startdato 2",
         "IND-02 Indsatser!Slutdato 2"),
    # IND-03; the milestones of the example point at 1 and 2
    case("numbers that are only alike", book(cells={
         "Indsatser!Nr. 2": "1", "Indsatser!Nr. 3": "2", "Indsatser!Nr. 4": "1a"})),
    case("decimal numbers", book(cells={"Indsatser!Nr. 3": "'2", "Indsatser!Nr. 4": "'1.1"})),
    case("the later row has the finding", book(cells={"Indsatser!Nr. 4": "1"}),
         "IND-03 Indsatser!Nr. 4"),
    case("number and text are the same number", book(cells={"Indsatser!Nr. 4": "'1"}),
         "IND-03 Indsatser!Nr. 4"),
    case("each later row", book(cells={"Indsatser!Nr. 3": "1", "Indsatser!Nr. 4": "1",
         "Milepæle!B3": "1"}),
         "IND-03 Indsatser!Nr. 3", "IND-03 Indsatser!Nr. 4"),
    case("letters without regard to case", book(cells={
         "Indsatser!Nr. 3": "A2", "Indsatser!Nr. 4": "a2 ", "Milepæle!B3": "A2"}),
         "IND-03 Indsatser!Nr. 4"),
    case("empty numbers are not the same number", book(
         cells={"Indsatser!Nr. 3": "", "Indsatser!Nr. 4": "", "Milepæle!B3": "1"}),
         "CEL-01 Indsatser!Nr. 3", "CEL-01 Indsatser!Nr. 4"),
    case("each workbook has numbers of its own", (
         book("a.xlsx", without=("Medarbejdere",)),
         book("b.xlsx", plan={"Boligområde": "Nøjsomhed"}, without=("Medarbejdere",))),
         "a.xlsx: STR-01 Medarbejdere", "b.xlsx: STR-01 Medarbejdere"),
    # IND-04
    case("the own area", book(cells={"Indsatser!Aktivitet 2": "Lektiehjælp i Vapnagaard",
                                     "Indsatser!Målgruppe 2": "Unge i Vapnagård"})),
    case("another area in each of the three texts", book(cells={
         "Indsatser!Aktivitet 2": "Café i Tibberupparken",
         "Indsatser!Målgruppe 3": "Ældre i Nøjsomhed",
         "Indsatser!Erfaringer 4": "Virkede også i Ellekildehave."}),
         "IND-04 Indsatser!Aktivitet 2", "IND-04 Indsatser!Målgruppe 3",
         "IND-04 Indsatser!Erfaringer 4"),
    case("in any case and by an alias", book(cells={
         "Indsatser!Aktivitet 2": "CAFÉ I TIBBERUPPARKEN",
         "Indsatser!Målgruppe 3": "ældre i Nøjsomheden",
         "Indsatser!Erfaringer 4": "(Ellekilde Have)"}),
         "IND-04 Indsatser!Aktivitet 2", "IND-04 Indsatser!Målgruppe 3",
         "IND-04 Indsatser!Erfaringer 4"),
    case("the own area beside another",
         book(cells={"Indsatser!Målgruppe 2": "Unge i Vapnagaard og Nøjsomhed"}),
         "IND-04 Indsatser!Målgruppe 2"),
    case("the plan's other area", (
         book("a.xlsx", without=("Medarbejdere",), cells={
              "Indsatser!Målgruppe 2": "Unge i Nøjsomhed og Vapnagaard",
              "Indsatser!Målgruppe 3": "Unge i Tibberupparken"}),
         book("b.xlsx", plan={"Boligområde": "Nøjsomhed"}, without=("Medarbejdere",))),
         "a.xlsx: STR-01 Medarbejdere", "b.xlsx: STR-01 Medarbejdere",
         "a.xlsx: IND-04 Indsatser!Målgruppe 3"),
    case("the plan's other area cannot be read", (
         book("a.xlsx", without=("Medarbejdere",),
              cells={"Indsatser!Målgruppe 2": "Unge i Nøjsomhed"}),
         book("b.xlsx", plan={"Boligområde": "N."}, without=("Medarbejdere",))),
         "a.xlsx: STR-01 Medarbejdere", "b.xlsx: STR-01 Medarbejdere", "b.xlsx: CEL-04 Plan!B4"),
    case("two other areas in a cell are one finding", book(cells={
         "Indsatser!Målgruppe 2": "Tibberupparken og Nøjsomhed"}), "IND-04 Indsatser!Målgruppe 2"),
    case("a name inside another word",
         book(cells={"Indsatser!Målgruppe 2": "Stornøjsomhedsgården"})),
    case("a common noun that is spelled like a name", book(cells={
         "Indsatser!Målgruppe 2": "Kursus i nøjsomhed"})),
    case("a name behind the noun", book(cells={
         "Indsatser!Målgruppe 2": "Kursus i nøjsomhed for Nøjsomhed"}),
         "IND-04 Indsatser!Målgruppe 2"),
    case("other columns may name anything", book(cells={
         "Indsatser!Ansvarlig 2": "Mette, Tibberupparken", "Indsatser!M2": "Nøjsomhed",
         "Milepæle!C2": "Besøg i Nøjsomhed"})),
    case("without an area there is no other", book(
         plan={"Boligområde": ""}, cells={"Indsatser!Målgruppe 2": "Tibberupparken"}),
         "CEL-01 Plan!B4"),
    case("the genitive names the area too",
         book(cells={"Indsatser!Målgruppe 2": "Tibberupparkens unge"}),
         "IND-04 Indsatser!Målgruppe 2"),
)  # fmt: skip


@pytest.mark.parametrize("case", in_test(CASES))
def test_activities(case: ShownCase, judged: Callable[[ShownCase], Sequence[str]]) -> None:
    assert judged(case) == sorted(case.expected)
