"""CEL: what a single cell must hold."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Sequence
from dataclasses import replace
from datetime import date

import pytest

from rules.model.cells import Cell, FormulaError, RawWorkbook
from rules.model.choices import ChoiceList
from rules.model.shipped import SHIPPED
from rules.model.tables import TABLES, Kind
from tests.rules.helpers import ShownCase, book, case, in_test, noticed


def budget(cell: Cell) -> RawWorkbook:
    """The example with the first activity's Budget typed over; the second's is empty.

    The empty cell keeps FIN-09 silent, so that only the typed cell is judged.
    """
    return book(cells={"Indsatser!Budget 2": cell, "Indsatser!Budget 3": ""})


EMPTY_BUDGET = "CEL-01 Indsatser!Budget 3"
PROGRAMME_2015 = {"Program": "2015-18"}


def effort_areas(*names: str) -> dict[str, Cell]:
    """The effort areas of the example's three activities."""
    return {f"Indsatser!Indsatsområde {row}": name for row, name in enumerate(names, 2)}


CASES: tuple[ShownCase, ...] = (
    # CEL-01: a required cell of a filled row is empty
    case("what is not required may be empty", book(cells={
         "Forberedelse!C2": "", "Forberedelse!D2": "", "Indsatser!Målgruppe 2": "",
         "Indsatser!Erfaringer 2": "",
         "Finansiering!C2": "", "Finansiering!I2": "", "Godkendelser!C3": "",
         "Godkendelser!F3": "", "Medarbejdere!F2": "", "Milepæle!A2": "", "Milepæle!F2": ""}),
    ),
    case("optional fields may be empty", book(plan={"Program": "", "Kontaktperson": "",
         "E-mail": ""})),
    case("an empty cell", book(cells={"Indsatser!Ansvarlig 2": ""}),
         "CEL-01 Indsatser!Ansvarlig 2"),
    case("a cell with blanks only is empty",
         book(cells={"Indsatser!Ansvarlig 2": "  \N{NO-BREAK SPACE}\n"}),
         "CEL-01 Indsatser!Ansvarlig 2"),
    case("an empty field", book(plan={"Plannavn": "  "}), "CEL-01 Plan!B3"),
    case("a field beyond the row's end", book(Plan="""
         Felt              | Værdi
         Plan-id           | VAP-2025
         Plannavn          | Helhedsplan
         Boligområde       | Vapnagaard
         Boligorganisation
         Startdato         | 01-01-2025
         Slutdato          | 31-12-2028
         Planstatus        | Under udarbejdelse
         """), "CEL-01 Plan!B5"),
    case("every required field, empty", book(plan=dict.fromkeys((
         "Plan-id", "Plannavn", "Boligområde", "Boligorganisation", "Startdato", "Slutdato",
         "Planstatus"), "")), *(f"CEL-01 Plan!B{row}" for row in (2, 3, 4, 5, 8, 9, 10))),
    case("three required cells of a row are one finding", book(cells={
         "Medarbejdere!A4": "Kim Ørn", "Medarbejdere!F4": "kim@a.example"}),
         "CEL-01 Medarbejdere!B4"),
    case("two required cells of a row are two", book(cells={
         "Medarbejdere!A4": "Kim Ørn", "Medarbejdere!B4": "Koordinator"}),
         "CEL-01 Medarbejdere!C4", "CEL-01 Medarbejdere!D4"),
    case("in a total row only the amounts matter", book(cells={
         "Finansiering!A4": "TOTAL:", "Finansiering!E4": "", "Finansiering!F4": "",
         "Finansiering!G4": "", "Finansiering!H4": "", "Finansiering!I4": ""})),
    case("a total row called Sum", book(cells={"Finansiering!A4": "sum"})),
    # CEL-02 and CEL-07: amounts
    case("a number", budget(1_600_000.5), EMPTY_BUDGET),
    case("an amount typed as text is understood", budget("'1.600.000 kr."), EMPTY_BUDGET,
         "CEL-07 Indsatser!Budget 2"),
    case("an amount typed as text with very many blanks", budget(f"'500{' ' * 300}kr."),
         EMPTY_BUDGET, "CEL-07 Indsatser!Budget 2"),
    case("no amount", budget("se bilag"), EMPTY_BUDGET, "CEL-02 Indsatser!Budget 2"),
    case("an amount with two meanings", budget("'1,250"), EMPTY_BUDGET,
         "CEL-02 Indsatser!Budget 2"),
    case("a date is no amount", budget(date(2026, 1, 1)), EMPTY_BUDGET,
         "CEL-02 Indsatser!Budget 2"),
    case("a time is no amount", budget(dt.time(12)), EMPTY_BUDGET, "CEL-02 Indsatser!Budget 2"),
    case("true is no amount", budget("SAND"), EMPTY_BUDGET, "CEL-02 Indsatser!Budget 2"),
    case("a number beyond all money", budget(1e300), EMPTY_BUDGET, "CEL-02 Indsatser!Budget 2"),
    case("an amount of 0", budget(0), EMPTY_BUDGET),
    case("no amount in a year and in I alt", book(cells={
         "Finansiering!E2": "ca. 500", "Finansiering!I3": "ca. 500"}),
         "CEL-02 Finansiering!E2", "CEL-02 Finansiering!I3", "FIN-11 Finansiering"),
    case("text amounts count in the sums", book(cells={
         "Finansiering!E2": "'1,5 mio. kr.", "Finansiering!I4": "'8.000.000,-"}),
         "CEL-07 Finansiering!E2", "CEL-07 Finansiering!I4"),
    # CEL-05: negative amounts
    case("a negative amount", budget(-500), EMPTY_BUDGET, "CEL-05 Indsatser!Budget 2"),
    case("a negative amount as text has one finding", budget("'(500)"), EMPTY_BUDGET,
         "CEL-05 Indsatser!Budget 2"),
    case("one øre below 0", budget(-0.01), EMPTY_BUDGET, "CEL-05 Indsatser!Budget 2"),
    case("less than half an øre below 0 is 0", budget(-0.004), EMPTY_BUDGET),
    # CEL-03 and CEL-08: dates
    case("a date typed as text is a date",
         book(cells={"Indsatser!Startdato 2": "'1. februar 2025"})),
    case("a bare number is no date", book(cells={"Indsatser!Startdato 2": 45689}),
         "CEL-03 Indsatser!Startdato 2"),
    case("a day that the month does not have", book(cells={"Indsatser!Slutdato 2": "30-02-2026"}),
         "CEL-03 Indsatser!Slutdato 2"),
    case("a field that is no date", book(plan={"Slutdato": "ultimo 2028"}), "CEL-03 Plan!B9"),
    case("the first and the last day that a date may be", book(
         plan={"Planstatus": "Under udarbejdelse"}, cells={
         "Forberedelse!B2": date(2000, 1, 1), "Medarbejdere!E2": date(2060, 12, 31)})),
    case("one day outside", book(plan={"Planstatus": "Under udarbejdelse"}, cells={
         "Forberedelse!B2": date(1999, 12, 31), "Medarbejdere!E2": date(2061, 1, 1)}),
         "CEL-08 Forberedelse!B2", "CEL-08 Medarbejdere!E2"),
    case("a date outside has no value", book(plan={"Slutdato": "31-12-1928"}), "CEL-08 Plan!B9"),
    case("a date typed as text, outside", book(cells={"Milepæle!D3": "'1. april 2127"}),
         "CEL-08 Milepæle!D3"),
    # CEL-04: choices
    case("choices without regard to case and blanks", book(
         plan={"Planstatus": " I  GANG ", "Program": "'2011-14:",
         "Boligorganisation": "BOLIGGÅRDEN*"},
         cells={"Indsatser!Status 2": "i gang", "Finansiering!D2": "JA",
         "Finansiering!C2": "kontant",
                "Godkendelser!D2": "godkendt:", "Milepæle!E2": "NÅET",
                "Forberedelse!A3": "kommune "})),
    case("no choice", book(cells={"Indsatser!Status 2": "Igangværende"}),
         "CEL-04 Indsatser!Status 2"),
    case("another list's word is no choice", book(cells={"Milepæle!E2": "Afsluttet"}),
         "CEL-04 Milepæle!E2"),
    case("a number is no choice", book(cells={"Forberedelse!A2": 7}), "CEL-04 Forberedelse!A2"),
    case("shipped aliases of areas, organisations and steps", book(
         plan={"Boligområde": "Vapnagård", "Boligorganisation": "Boliggaarden"},
         cells={"Godkendelser!A5": "Byrådet", "Godkendelser!A8": "Bystrategisk Partnerskab",
                "Godkendelser!A9": "LBF"})),
    case("every spelling in the wild", (
         book("a.xlsx", plan={"Boligområde": "Nøjsomheden"}, without=("Medarbejdere",)),
         book("b.xlsx", plan={"Boligområde": "Ellekilde Have", "Boligorganisation": "Nordkysten"},
              cells={"Godkendelser!B7": "Nordkysten"}, without=("Medarbejdere",)),
         book("c.xlsx", plan={"Boligområde": "Vapnagård"}, without=("Medarbejdere",))),
         "a.xlsx: STR-01 Medarbejdere", "b.xlsx: STR-01 Medarbejdere",
         "c.xlsx: STR-01 Medarbejdere"),
    case("the boards that are the steering group", book(cells={
         "Godkendelser!A8": "Boligsocial bestyrelse"})),
    case("word order, case and plural of an effort area", book(cells=effort_areas(
         "Børn, unge og familier", "beboernetværk, demokrati og inddragelse", "SUNDHED"))),
    case("an area of another programme is no choice",
         book(cells=effort_areas("Tryghed og trivsel", "Sundhed", "Sundhed")),
         "CEL-04 Indsatser!Indsatsområde 2"),
    case("the effort areas belong to the programme and not to the years",
         book(plan=PROGRAMME_2015, cells=effort_areas(
             "Tryghed og trivsel", "Forebyggelse og forældreansvar", "Sundhed")),
         "CEL-04 Indsatser!Indsatsområde 4"),
    case("without a Program it is 2011-14",
         book(plan={"Program": ""}, cells=effort_areas("Sundhed", "Udsatte grupper",
         "Beskæftigelse")),
         "CEL-04 Indsatser!Indsatsområde 4"),
    case("without a Program it is that of the plan's other workbooks", (
         book("a.xlsx", plan=PROGRAMME_2015, cells=effort_areas(
             "Tryghed og trivsel", "Tryghed og trivsel", "Tryghed og trivsel")),
         book("b.xlsx", plan={"Program": "", "Boligområde": "Nøjsomhed"}, without=("Medarbejdere",),
              cells=effort_areas("Tryghed og trivsel", "tryghed, trivsel", "Sundhed"))),
         "b.xlsx: STR-01 Medarbejdere", "b.xlsx: CEL-04 Indsatser!Indsatsområde 4"),
    case("without the field too", book(cells={
         "Plan!A7": "Note", **effort_areas("Sundhed", "Udsatte grupper", "Beskæftigelse")}),
         "CEL-04 Indsatser!Indsatsområde 4"),
    case("with an unreadable Program no list holds", book(plan={"Program": "2030-34"},
         cells=effort_areas("Sundhed", "Beskæftigelse", "Tryghed og trivsel")), "CEL-04 Plan!B7"),
    # CEL-06: formula errors
    case("a formula error in every kind of column", book(cells={
         "Plan!B12": FormulaError("#N/A"), "Forberedelse!B2": FormulaError("#REF!"),
         "Indsatser!Nr. 4": FormulaError("#NAME?"), "Indsatser!Status 3": FormulaError("#VALUE!"),
         "Indsatser!Budget 2": FormulaError("#DIV/0!"),
         "Indsatser!Erfaringer 2": FormulaError("#NULL!"),
         "Medarbejdere!C3": FormulaError("#NUM!")}),
         "CEL-06 Forberedelse!B2", "CEL-06 Indsatser!Nr. 4", "CEL-06 Indsatser!Status 3",
         "CEL-06 Indsatser!Budget 2", "CEL-06 Indsatser!Erfaringer 2", "CEL-06 Medarbejdere!C3",
         "CEL-06 Plan!B12"),
    case("a formula error in Kontrol and in own columns is nobody's", book(cells={
         "Indsatser!Kontrol 2": FormulaError("#REF!"), "Indsatser!M2": FormulaError("#REF!")}),
         "STR-10 Indsatser!Kontrol 1"),
    case("a formula error in a required cell is not empty as well",
         book(cells={"Indsatser!Ansvarlig 2": FormulaError("#REF!")}),
         "CEL-06 Indsatser!Ansvarlig 2"),
    case("a formula error in a year", book(cells={"Finansiering!F3": FormulaError("#REF!")}),
         "CEL-06 Finansiering!F3", "FIN-11 Finansiering"),
    case("a formula error in the total row hides no money",
         book(cells={"Finansiering!F4": FormulaError("#REF!")}), "CEL-06 Finansiering!F4"),
    # CEL-09: numbers
    case("hours with decimals", book(cells={"Medarbejdere!C3": 7.4})),
    case("0 hours", book(cells={"Medarbejdere!C3": 0})),
    case("hours typed as text", book(cells={"Medarbejdere!C3": "'32,5"})),
    case("hours as words", book(cells={"Medarbejdere!C3": "fuld tid"}), "CEL-09 Medarbejdere!C3"),
    case("negative hours", book(cells={"Medarbejdere!C3": -0.5}), "CEL-09 Medarbejdere!C3"),
    case("a date for hours", book(cells={"Medarbejdere!C3": date(2026, 1, 1)}),
         "CEL-09 Medarbejdere!C3"),
    # CEL-10: e-mail addresses
    case("e-mail addresses", book(
         plan={"E-mail": "Bolig+Social_1@sub.boliggaarden.example"},
         cells={"Medarbejdere!F3": " ali@example.dk "})),
    case("no e-mail address", book(plan={"E-mail": "mette(a)boliggaarden.example"}),
         "CEL-10 Plan!B12"),
    case("an address without a point after the @",
         book(cells={"Medarbejdere!F3": "ali@boliggaarden"}), "CEL-10 Medarbejdere!F3"),
    case("two addresses in a cell", book(cells={"Medarbejdere!F3": "a@example.dk; b@example.dk"}),
         "CEL-10 Medarbejdere!F3"),
    *(case(f"an address with more: {typed}", book(cells={"Medarbejdere!F3": typed}),
           "CEL-10 Medarbejdere!F3")
      for typed in ("mailto:ali@example.dk", "<ali@example.dk>", "ali@example.dk;")),
    case("a name instead of an address", book(cells={"Medarbejdere!F3": "Ali Demir"}),
         "CEL-10 Medarbejdere!F3"),
)  # fmt: skip


@pytest.mark.parametrize("case", in_test(CASES))
def test_cells(case: ShownCase, judged: Callable[[ShownCase], Sequence[str]]) -> None:
    assert judged(case) == sorted(case.expected)


SUGGESTIONS = [
    ("Indsatser!Status 2", "Igangværende", "I gang"),
    ("Indsatser!Status 2", "Planlagte", "Planlagt"),
    ("Plan!B4", "Vapnagarden", "Vapnagaard"),
    ("Godkendelser!A5", "Byråds", "Byråd"),
    ("Indsatser!Indsatsområde 2", "Sundheden", "Sundhed"),
    ("Plan!B7", "2011", "2011-14"),
]


@pytest.mark.parametrize(("address", "text", "nearest"), SUGGESTIONS)
def test_the_nearest_choice_is_suggested(address: str, text: str, nearest: str) -> None:
    (message,) = [n.message for n in noticed(book(cells={address: text})) if n.code == "CEL-04"]

    assert f"»{text}«" in message
    assert f"»{nearest}«" in message


@pytest.mark.parametrize(
    ("header", "typed", "told"),
    [
        ("Budget (t.kr.)", "'ca. 5", "1 betyder 1.000 kr."),
        ("Budget (mio. kr.)", "8000000", "1 betyder 1.000.000 kr."),
    ],
)
def test_an_amount_that_cannot_be_read_is_told_with_what_it_would_mean(
    header: str, typed: str, told: str
) -> None:
    raw = book(cells={"Indsatser!I1": header, "Indsatser!I2": typed})
    message = next(n.message for n in noticed(raw) if n.code == "CEL-02")

    assert message.endswith(told)


def test_what_is_near_nothing_gets_no_suggestion() -> None:
    (message,) = [
        notice.message
        for notice in noticed(book(cells={"Indsatser!Status 2": "qqqq"}))
        if notice.code == "CEL-04"
    ]

    assert "Mente du" not in message


def test_a_configured_spelling_is_a_choice() -> None:
    areas = tuple(
        replace(area, spellings=("Vappen",)) if area.name == "Vapnagaard" else area
        for area in SHIPPED.areas
    )
    parameters = replace(SHIPPED, areas=areas)

    assert noticed(book(plan={"Boligområde": "VAPPEN"}), parameters=parameters) == []


def test_the_columns_are_those_of_the_specification() -> None:
    written = {
        table.tab: " · ".join(
            column.header + ("*" if column.required else "") + _kind(column.kind, column.choices)
            for column in table.columns
        )
        for table in TABLES
    }

    assert written == {
        "Plan": "Plan-id* · Plannavn* · Boligområde* (choice) · Boligorganisation* (choice) · "
        "Øvrige boligorganisationer · Program (choice) · Startdato* (date) · Slutdato* (date) · "
        "Planstatus* (Under udarbejdelse, Til godkendelse, Godkendt, I gang, Afsluttet) · "
        "Kontaktperson · E-mail (email) · Bekræftet af · Bekræftet den (date)",
        "Forberedelse": "Part* (Koordinerende indsats, Kommune, Boligorganisation, "
        "Beboerdemokrater) · Dato* (date) · Form · Deltagere · Referat",
        "Indsatser": "Nr.* · Indsatsområde* (choice) · Aktivitet* · Målgruppe · Ansvarlig* · "
        "Startdato* (date) · Slutdato* (date) · Status* (Planlagt, I gang, Afsluttet, Udgået) · "
        "Budget* (amount) · Erfaringer",
        "Finansiering": "Kilde* · Type* (Landsbyggefonden, Kommune, Boligorganisation, "
        "Boligafdeling, Fond, Anden) · Art (Kontant, Timer, Lokaler, Andet) · "
        "Tilsagn* (Ja, Nej, Afventer) · I alt (amount) · Bemærkning",
        "Godkendelser": "Trin* (choice) · Instans* · Sendt (date) · "
        "Afgørelse* (Afventer, Godkendt, Afvist, Ikke relevant) · Afgørelsesdato (date) · "
        "Runde (round) · Sagsnr. · Bemærkning",
        "Medarbejdere": "Navn* · Rolle* (Projektleder, Boligsocial medarbejder, Koordinator, "
        "Andet) · Timer pr. uge* (number) · Ansat fra* (date) · Ansat til (date) · E-mail (email)",
        "Milepæle": "Nr. · Indsats nr.* · Milepæl* · Frist* (date) · "
        "Status* (Planlagt, I gang, Nået, Udgået) · Resultat",
        "Regnskab": "År* (year) · Type* (Landsbyggefonden, Kommune, Boligorganisation, "
        "Boligafdeling, Fond, Anden) · Forbrug* (amount) · Bemærkning",
        "Indberetning": "År* (year) · Indberetning* (choice) · Frist (date) · Sendt (date) · "
        "Bemærkning",
    }


def _kind(kind: Kind, choices: tuple[str, ...] | ChoiceList) -> str:
    if kind is Kind.TEXT:
        return ""
    if kind is Kind.CHOICE and not isinstance(choices, ChoiceList):
        return f" ({', '.join(choices)})"
    return f" ({kind})"
