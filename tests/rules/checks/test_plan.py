"""PLA: the plan, its period, its organisation, and the plans before and after it."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from datetime import date

import pytest

from rules.model.cells import Cell, RawWorkbook
from tests.rules.helpers import ShownCase, book, case, in_test, noticed

ACTIVITIES = """
Nr. | Indsatsområde | Aktivitet | Ansvarlig | Startdato | Slutdato | Status | Budget
"""
FUNDING = """
Kilde    | Type             | Tilsagn | 2026
Fonden   | Landsbyggefonden | Ja      | 75
Kommunen | Kommune          | Ja      | 25
"""
APPROVALS = """
Trin              | Instans                   | Afgørelse | Afgørelsesdato
Politisk udvalg   | Socialudvalget            | Godkendt  | 01-02-2023
Byråd             | Byrådet                   | Godkendt  | 01-03-2023
Boligorganisation | Boliggården og Nordkysten | Godkendt  | 01-04-2023
Beboerdemokrati   | Afdelingsmødet            | Godkendt  | 01-04-2023
Styregruppe       | Styregruppen              | Godkendt  | 01-05-2023
Landsbyggefonden  | Landsbyggefonden          | Godkendt  | 01-06-2023
"""
NOT_REQUIRED = ("Forberedelse", "Medarbejdere", "Milepæle")
TABS_LESS = tuple(f"STR-01 {tab}" for tab in NOT_REQUIRED)


def plan(path: str = "a.xlsx", **fields: Cell) -> RawWorkbook:
    """An approved plan with a bit of money in 2026; its fields typed over by name."""
    given: Mapping[str, Cell] = {name.replace("_", "-"): text for name, text in fields.items()}
    return book(
        path,
        plan={"Planstatus": "Godkendt"} | dict(given),
        without=NOT_REQUIRED,
        Indsatser=ACTIVITIES,
        Finansiering=FUNDING,
        Godkendelser=APPROVALS,
    )


def period(starts_on: Cell, ends_on: Cell, path: str = "a.xlsx", **fields: Cell) -> RawWorkbook:
    """The plan with this period."""
    return plan(path, Startdato=starts_on, Slutdato=ends_on, **fields)


def running(starts_on: Cell, ends_on: Cell, path: str = "a.xlsx", **fields: Cell) -> RawWorkbook:
    """The plan with this period, I gang unless `fields` says otherwise."""
    return period(starts_on, ends_on, path, **({"Planstatus": "I gang"} | fields))


def here(*expected: str) -> tuple[str, ...]:
    """What is found in one such workbook: its missing tabs, and this."""
    return (*TABS_LESS, *expected)


def there(*expected: str, paths: Sequence[str] = ("a", "b")) -> tuple[str, ...]:
    """The same of several."""
    absent = [f"{path}.xlsx: {line}" for path in paths for line in TABS_LESS]
    return (*absent, *expected)


CASES: tuple[ShownCase, ...] = (
    case("an ordinary plan", plan(), *here()),
    # PLA-01
    case("a plan of one day", period("01-01-2026", "01-01-2026"), *here("PLA-02 Plan!B9")),
    case("a plan that ends the day before it begins", period("02-01-2026", "01-01-2026"),
         *here("PLA-01 Plan!B9")),
    case("without a readable start nothing is compared", period("snart", "01-01-2025"),
         *here("CEL-03 Plan!B8")),
    case("without an end nothing is compared", period("01-01-2025", ""), *here("CEL-01 Plan!B9")),
    # PLA-02
    case("exactly three years", period("01-01-2024", "31-12-2026"), *here()),
    case("three years less a day", period("01-01-2024", "30-12-2026"), *here("PLA-02 Plan!B9")),
    case("exactly four years", period("01-01-2025", "31-12-2028"), *here()),
    case("four years and a day", period("01-01-2025", "01-01-2029"), *here("PLA-02 Plan!B9")),
    case("three years from the middle of one", period("01-07-2024", "30-06-2027"), *here()),
    case("a day less", period("01-07-2024", "29-06-2027"), *here("PLA-02 Plan!B9")),
    case("three years with a leap day at the end", period("01-03-2025", "29-02-2028"), *here()),
    case("without the leap day", period("01-03-2025", "28-02-2028"), *here("PLA-02 Plan!B9")),
    case("four years from a leap day", period("29-02-2024", "28-02-2028"), *here()),
    case("a five-year plan is a warning and no error", period("01-01-2025", "31-12-2029"),
         *here("PLA-02 Plan!B9")),
    # PLA-03
    case("the organisation that the configuration gives",
         plan(Boligområde="Tibberupparken", Boligorganisation="Nordkysten"), *here()),
    case("another organisation", plan(Boligområde="Nøjsomhed", Boligorganisation="Nordkysten"),
         *here("PLA-03 Plan!B5")),
    case("an alias of the right one", plan(Boligorganisation="Boligselskabet Boliggården"),
         *here()),
    case("an unknown organisation is no other one", plan(Boligorganisation="FSB"),
         *here("CEL-04 Plan!B5")),
    case("an unknown area expects nobody", plan(Boligområde="", Boligorganisation="Nordkysten"),
         *here("CEL-01 Plan!B4")),
    # PLA-04: 18 months after 23-11-2026 is 23-05-2028
    case("ends a day after the notice", running("24-05-2024", "24-05-2028"),
         *here("PLA-02 Plan!B9")),
    case("ends on the day of the notice", running("24-05-2024", "23-05-2028"),
         *here("PLA-04 Plan!B9")),
    case("ends today", running("24-11-2022", date(2026, 11, 23)),
         *here("PLA-04 Plan!B9", "GOD-08 Godkendelser!D7")),
    case("is not I gang", period("01-01-2024", "31-12-2027"), *here()),
    case("another plan covers the area after it", (
         running("01-01-2024", "31-12-2027"),
         period("01-01-2028", "31-12-2031", "b.xlsx", Plan_id="VAP-2028",
                Planstatus="Under udarbejdelse")),
         *there("b.xlsx: FIN-06 Finansiering!D2", "b.xlsx: FIN-06 Finansiering!D3")),
    case("the next plan is for another area", (
         running("01-01-2024", "31-12-2027"),
         period("01-01-2028", "31-12-2031", "b.xlsx", Plan_id="NØJ-2028", Boligområde="Nøjsomhed")),
         *there("a.xlsx: PLA-04 Plan!B9",
                "b.xlsx: FIN-06 Finansiering!D2", "b.xlsx: FIN-06 Finansiering!D3")),
    case("another plan that ends before it is no next plan", (
         running("01-01-2024", "31-12-2027"),
         period("01-01-2020", "31-12-2023", "b.xlsx", Plan_id="VAP-2020", Planstatus="Afsluttet")),
         *there("a.xlsx: PLA-04 Plan!B9", "b.xlsx: GOD-08 Godkendelser!D7",
                "b.xlsx: FIN-06 Finansiering!D2", "b.xlsx: FIN-06 Finansiering!D3")),
    case("the next plan's end is unreadable", (
         running("01-01-2024", "31-12-2027"),
         period("01-01-2028", "ukendt", "b.xlsx", Plan_id="VAP-2028",
                Planstatus="Under udarbejdelse")), *there("b.xlsx: CEL-03 Plan!B9")),
    case("the plan's own other area is no next plan", (
         running("01-01-2024", "31-12-2027"),
         running("01-01-2024", "31-12-2027", "b.xlsx", Boligområde="Nøjsomhed")),
         *there("a.xlsx: PLA-04 Plan!B9", "b.xlsx: PLA-04 Plan!B9")),
    case("a conflict copy is no next plan", (
         running("01-01-2024", "31-12-2027"), running("01-01-2024", "31-12-2028", "b.xlsx")),
         *there("a.xlsx: PLA-04 Plan!B9", "b.xlsx: PLA-02 Plan!B9", "b.xlsx: STR-06")),
    case("the next plan covers one of two areas", (
         running("01-01-2024", "31-12-2027"),
         running("01-01-2024", "31-12-2027", "b.xlsx", Boligområde="Nøjsomhed"),
         period("01-01-2028", "31-12-2031", "c.xlsx", Plan_id="VAP-2028")),
         *there("b.xlsx: PLA-04 Plan!B9", "c.xlsx: FIN-06 Finansiering!D2",
                "c.xlsx: FIN-06 Finansiering!D3", paths=("a", "b", "c"))),
    # PLA-05
    case("two areas of one plan that agree", (
         plan(), plan("b.xlsx", Boligområde="Nøjsomhed")), *there()),
    case("case and blanks are no disagreement", (
         plan(Plannavn="Helhedsplan Syd"),
         plan("b.xlsx", Boligområde="Nøjsomhed", Plannavn=" helhedsplan  syd")), *there()),
    case("each of the five fields", (
         period("01-01-2025", "31-12-2028"),
         period("01-02-2025", "31-01-2029", "b.xlsx", Boligområde="Nøjsomhed", Plannavn="Et andet",
                Program="2019-26", Planstatus="Til godkendelse")),
         *there(*(f"b.xlsx: PLA-05 Plan!B{row}" for row in (3, 7, 8, 9, 10)))),
    case("contact and organisation may differ", (
         plan(Boligområde="Nøjsomhed"),
         plan("b.xlsx", Boligområde="Tibberupparken", Boligorganisation="Nordkysten",
              Kontaktperson="En anden", E_mail="en@anden.example")), *there()),
    case("in each workbook but the first", (
         plan(Plannavn="Et"),
         plan("b.xlsx", Boligområde="Nøjsomhed", Plannavn="To"),
         plan("c.xlsx", Boligområde="Tibberupparken", Boligorganisation="Nordkysten",
         Plannavn="Tre")),
         *there("b.xlsx: PLA-05 Plan!B3", "c.xlsx: PLA-05 Plan!B3", paths=("a", "b", "c"))),
    case("the first by path order, not by order of reading", (
         plan("b.xlsx", Boligområde="Nøjsomhed", Plannavn="To"), plan("a.xlsx", Plannavn="Et")),
         *there("b.xlsx: PLA-05 Plan!B3")),
    case("an empty Program is that of the plan's other workbooks", (
         plan(Program=""), plan("b.xlsx", Boligområde="Nøjsomhed", Program="2019-26")),
         *there()),
    case("the first in which a field is filled counts", (
         plan(Program=""), plan("b.xlsx", Boligområde="Nøjsomhed"),
         plan("c.xlsx", Boligområde="Tibberupparken", Boligorganisation="Nordkysten",
         Program="2019-26")),
         *there("c.xlsx: PLA-05 Plan!B7", paths=("a", "b", "c"))),
    case("what is unreadable disagrees with nobody", (
         plan(Slutdato="engang"),
         plan("b.xlsx", Boligområde="Nøjsomhed", Planstatus="Slut", Program="2030-34")),
         *there("a.xlsx: CEL-03 Plan!B9", "b.xlsx: CEL-04 Plan!B10", "b.xlsx: CEL-04 Plan!B7")),
    case("two plans never disagree", (
         plan(), period("01-01-2029", "31-12-2032", "b.xlsx", Plan_id="VAP-2029", Plannavn="Ny")),
         *there("b.xlsx: FIN-06 Finansiering!D2", "b.xlsx: FIN-06 Finansiering!D3")),
    case("Plan-ids in other case and with blanks are one plan", (
         plan(Plannavn="Et"), plan("b.xlsx", Plan_id=" vap–2025 ", Boligområde="Nøjsomhed",
         Plannavn="To")),
         *there("b.xlsx: PLA-05 Plan!B3")),
    case("Plan-ids that are numbers", (
         plan(Plan_id=2025, Plannavn="Et"),
         plan("b.xlsx", Plan_id="'2025", Boligområde="Nøjsomhed", Plannavn="To")),
         *there("b.xlsx: PLA-05 Plan!B3")),
    case("without a Plan-id a workbook is a plan of its own", (
         plan(Plan_id="", Plannavn="Et"),
         plan("b.xlsx", Plan_id="", Boligområde="Nøjsomhed", Plannavn="To")),
         *there("a.xlsx: CEL-01 Plan!B2", "b.xlsx: CEL-01 Plan!B2")),
    # PLA-06
    case("the next plan begins the day after", (
         period("01-01-2023", "31-12-2025", Plan_id="VAP-2023", Planstatus="Under udarbejdelse"),
         period("01-01-2026", "31-12-2029", "b.xlsx")),
         *there("a.xlsx: FIN-06 Finansiering!D2", "a.xlsx: FIN-06 Finansiering!D3",
                "a.xlsx: GOD-08 Godkendelser!D7")),
    case("the next plan begins on the last day", (
         period("01-01-2024", "31-12-2026"),
         period("31-12-2026", "30-12-2030", "b.xlsx", Plan_id="VAP-2026")),
         *there("b.xlsx: PLA-06 Plan!B8")),
    case("the later plan is not always the later path", (
         period("01-01-2026", "31-12-2029"),
         period("01-01-2024", "31-12-2026", "b.xlsx", Plan_id="VAP-2024")),
         *there("a.xlsx: PLA-06 Plan!B8")),
    case("finished plans do not count", (
         period("01-01-2024", "31-12-2026", Planstatus="Afsluttet"),
         period("01-01-2026", "31-12-2029", "b.xlsx", Plan_id="VAP-2026")), *there()),
    case("other areas do not count", (
         period("01-01-2024", "31-12-2026"),
         period("01-01-2026", "31-12-2029", "b.xlsx", Plan_id="NØJ-2026", Boligområde="Nøjsomhed")),
         *there()),
    case("one plan with two areas beside another with one", (
         plan(), plan("b.xlsx", Boligområde="Nøjsomhed"),
         period("01-06-2026", "31-05-2029", "c.xlsx", Plan_id="NØJ-2026", Boligområde="Nøjsomhed")),
         *there("c.xlsx: PLA-06 Plan!B8", paths=("a", "b", "c"))),
    case("a short plan inside a long one does not hide the long one's end", (
         period("01-01-2025", "31-12-2028"),
         period("01-06-2025", "31-05-2026", "b.xlsx", Plan_id="VAP-B"),
         period("01-06-2026", "31-05-2030", "c.xlsx", Plan_id="VAP-C")),
         *there("b.xlsx: PLA-02 Plan!B9", "b.xlsx: PLA-06 Plan!B8", "c.xlsx: PLA-06 Plan!B8",
                paths=("a", "b", "c"))),
    case("a plan that ends before it begins overlaps with nothing", (
         period("01-01-2026", "31-12-2025"),
         period("01-01-2025", "31-12-2028", "b.xlsx", Plan_id="VAP-B")),
         *there("a.xlsx: PLA-01 Plan!B9")),
)  # fmt: skip


@pytest.mark.parametrize("case", in_test(CASES))
def test_plan(case: ShownCase, judged: Callable[[ShownCase], Sequence[str]]) -> None:
    assert judged(case) == sorted(case.expected)


def test_a_plan_that_ended_and_is_still_running_is_told_that_it_expired() -> None:
    (notice,) = [n for n in noticed(running("01-06-2023", "31-05-2026")) if n.code == "PLA-04"]

    assert notice.message == "Planen udløb den 31. maj 2026, men står som »I gang«."


def test_a_disagreement_names_the_other_workbook_and_not_its_value() -> None:
    books = plan(Plannavn="Et"), plan("b.xlsx", Boligområde="Nøjsomhed", Plannavn="To")
    (notice,) = [n for n in noticed(*books) if n.code == "PLA-05"]

    assert (notice.workbook, notice.column) == ("b.xlsx", "Plannavn")
    assert "»To«" in notice.message
    assert "Et" not in notice.message
    assert "a.xlsx" in notice.message
