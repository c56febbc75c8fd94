"""Whoever does what a message says, to the letter, is rid of the finding and has no new one.

Each line is one way that a rule's fix offers, typed into the rule's own wrong example. `then` names
what is found afterwards in other cells, since it is true: the fix has changed what they depend on.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace

import pytest

from rules.catalogue.catalogue import RULE_BY_CODE, RULES
from rules.catalogue.example_plan import EXAMPLE, FOLLOW_UP, example_workbook
from rules.judging.rule import ExampleCell
from rules.model.cells import Cell, RawWorkbook
from tests.rules.helpers import book, line, noticed


@dataclass(frozen=True)
class Remedy:
    """One way to follow a rule's fix: cells by tab, data row and column."""

    code: str
    cells: tuple[tuple[str, int, str, str], ...]
    then: tuple[str, ...] = ()


def remedy(code: str, *cells: tuple[str, int, str, str], then: tuple[str, ...] = ()) -> Remedy:
    return Remedy(code, cells, then)


P, FO, IN, F, G, M, ML = (
    "Plan", "Forberedelse", "Indsatser", "Finansiering", "Godkendelser", "Medarbejdere", "Milepæle",
)  # fmt: skip
R, IB = "Regnskab", "Indberetning"
ALL = EXAMPLE | FOLLOW_UP
LATE_YEARS = ("PLA-02 Plan!B9",)
REMEDIES = (
    remedy("STR-02", (IN, 0, "Ansvarlig", "Ansvarlig")),
    remedy("STR-04", (IN, 0, "Målgruppe", "Noter")),
    remedy("STR-07", (F, 0, "Bemærkning", "Bemærkning")),
    remedy("STR-07", (F, 0, "Bemærkning", "Noter")),
    remedy("STR-08", (F, 0, "2026", "2026")),
    remedy("STR-10", (IN, 0, "Kontrol", "Noter")),
    remedy("CEL-01", (IN, 1, "Ansvarlig", "Eva")),
    remedy("CEL-02", (IN, 1, "Budget", "1600000")),
    remedy("CEL-03", (IN, 1, "Slutdato", "28-02-2026")),
    *(remedy("CEL-04", (IN, 1, "Status", word)) for word in ("Planlagt", "I gang", "Afsluttet")),
    remedy("CEL-05", (IN, 1, "Budget", "500")),
    remedy("CEL-06", (IN, 1, "Budget", "1600000")),
    remedy("CEL-07", (IN, 1, "Budget", "1600000")),
    remedy("CEL-08", (IN, 1, "Slutdato", "31-12-2028")),
    remedy("CEL-09", (M, 1, "Timer pr. uge", "37")),
    remedy("CEL-09", (M, 1, "Timer pr. uge", "32,5")),
    remedy("CEL-10", (P, 1, "E-mail", "mette.holm@boliggaarden.example")),
    remedy("CEL-12", (ML, 2, "Nr.", "2"), (ML, 2, "Indsats nr.", "2"),
           (ML, 2, "Frist", "01-04-2027"), (ML, 2, "Status", "Planlagt")),
    remedy("PLA-01", (P, 1, "Slutdato", "31-12-2028")),
    remedy("PLA-02", (P, 1, "Slutdato", "31-12-2028")),
    remedy("PLA-03", (P, 1, "Boligorganisation", "Boliggården")),
    remedy("PLA-03", (P, 1, "Boligområde", "Tibberupparken")),
    remedy("FOR-01", (FO, 5, "Part", "Beboerdemokrater"), (FO, 5, "Dato", "18-02-2024")),
    remedy("FOR-02", (FO, 4, "Dato", "18-02-2024")),
    remedy("FOR-02", (FO, 5, "Part", "Beboerdemokrater"), (FO, 5, "Dato", "18-02-2024")),
    remedy("IND-01", (IN, 1, "Slutdato", "30-06-2028")),
    remedy("IND-01", (IN, 1, "Startdato", "01-01-2025")),
    remedy("IND-02", (IN, 1, "Slutdato", "31-12-2028")),
    remedy("IND-02", (P, 1, "Slutdato", "31-03-2029"), then=LATE_YEARS),
    remedy("IND-03", (IN, 2, "Nr.", "4")),
    remedy("IND-04", (IN, 1, "Målgruppe", "Unge")),
    remedy("FIN-01", (F, 1, "2025", "1500000"), (F, 1, "I alt", "6000000"),
           (F, 2, "2025", "500000"), (F, 2, "I alt", "2000000")),
    remedy("FIN-01", (F, 2, "2025", "583334"), (F, 2, "I alt", "2083334"),
           (F, 3, "2025", "2333334"), (F, 3, "I alt", "8333334"), (IN, 1, "Budget", "1933334")),
    remedy("FIN-03", (F, 1, "Type", "Landsbyggefonden")),
    remedy("FIN-04", (F, 1, "I alt", "6000000"), (F, 2, "I alt", "2000000")),
    remedy("FIN-05", (F, 3, "2025", "2000000"), (F, 3, "2026", "2000000")),
    remedy("FIN-06", (F, 1, "2025", ""), (F, 1, "2026", "3000000"), (F, 2, "2025", ""),
           (F, 2, "2026", "1000000"), (F, 3, "2025", ""), (F, 3, "2026", "4000000")),
    remedy("FIN-06", (P, 1, "Startdato", "01-01-2025"), (P, 1, "Slutdato", "31-12-2028")),
    remedy("FIN-07", (F, 2, "Bemærkning", "1.500 timer a 400 kr.")),
    remedy("FIN-08", (F, 2, "Tilsagn", "Ja")),
    remedy("FIN-08", (P, 1, "Planstatus", "Til godkendelse")),
    remedy("FIN-09", (IN, 1, "Budget", "1600000")),
    remedy("FIN-09", (F, 1, "2025", "1500001"), (F, 1, "I alt", "6000001"),
           (F, 3, "2025", "2000001"), (F, 3, "I alt", "8000001"), then=("FIN-01 Finansiering!A4",)),
    remedy("FIN-11", (F, 1, "2025", "1500000")),
    remedy("GOD-01", (G, 7, "Afgørelse", "Godkendt"), (G, 7, "Afgørelsesdato", "19-09-2024")),
    remedy("GOD-01", (G, 8, "Afgørelse", "Afventer"), (G, 8, "Afgørelsesdato", ""),
           then=("GOD-07 Plan!B10",)),
    remedy("GOD-02", (G, 4, "Afgørelsesdato", "03-06-2024")),
    remedy("GOD-03", (G, 5, "Afgørelsesdato", "27-08-2024")),
    remedy("GOD-04", (G, 3, "Afgørelsesdato", "21-05-2024")),
    remedy("GOD-05", (G, 8, "Afgørelse", "Godkendt")),
    remedy("GOD-05", (G, 8, "Afgørelsesdato", "")),
    remedy("GOD-06", (G, 3, "Afgørelsesdato", "21-05-2024")),
    remedy("GOD-06", (G, 3, "Afgørelsesdato", ""), (G, 3, "Afgørelse", "Afventer"),
           then=("GOD-01 Godkendelser!D5", "GOD-01 Godkendelser!D9")),
    remedy("GOD-07", (G, 8, "Afgørelse", "Godkendt"), (G, 8, "Afgørelsesdato", "28-11-2024")),
    remedy("GOD-07", (P, 1, "Planstatus", "Til godkendelse")),
    remedy("GOD-08", (G, 8, "Afgørelsesdato", "28-11-2024")),
    remedy("GOD-08", (P, 1, "Startdato", "15-01-2025"), then=("IND-02 Indsatser!F4",)),
    remedy("GOD-09", (G, 9, "Trin", "Boligorganisation"), (G, 9, "Instans", "Nordkysten"),
           (G, 9, "Afgørelse", "Godkendt"), (G, 9, "Afgørelsesdato", "05-09-2024")),
    remedy("GOD-10", (G, 3, "Sendt", "10-04-2024")),
    remedy("GOD-10", (G, 3, "Afgørelsesdato", "02-06-2024")),
    remedy("MED-01", (M, 1, "Rolle", "Projektleder")),
    remedy("MED-01", (M, 3, "Navn", "Eva"), (M, 3, "Rolle", "Projektleder"),
           (M, 3, "Timer pr. uge", "30"), (M, 3, "Ansat fra", "01-01-2025")),
    remedy("MED-02", (M, 2, "Ansat til", "31-12-2026")),
    remedy("MED-02", (M, 2, "Ansat fra", "01-12-2024")),
    remedy("MED-03", (M, 1, "Timer pr. uge", "37")),
    remedy("MIL-01", (ML, 1, "Status", "Nået")),
    remedy("MIL-01", (ML, 1, "Status", "Udgået")),
    remedy("MIL-01", (ML, 1, "Frist", "01-03-2027")),
    remedy("MIL-02", (ML, 1, "Indsats nr.", "1")),
    remedy("MIL-02", (ML, 1, "Indsats nr.", "Alle")),
    remedy("MIL-03", (ML, 2, "Frist", "01-04-2027")),
    remedy("MIL-03", (P, 1, "Slutdato", "01-04-2029"), then=LATE_YEARS),
    remedy("REG-01", (R, 1, "Forbrug", "1500000")),
    remedy("REG-02", (R, 1, "Forbrug", "1500000")),
    remedy("REG-03", (R, 2, "Forbrug", "500000")),
    remedy("REG-04", (R, 3, "År", "2026")),
    remedy("IBR-01", (IB, 1, "Sendt", "30-06-2026")),
    remedy("IBR-01", (IB, 1, "Sendt", "23-11-2026"), then=("IBR-03 Indberetning!D2",)),
    remedy("IBR-02", (IB, 1, "Sendt", "23-11-2026")),
    remedy("GDP-01", (IN, 1, "Erfaringer", "Henvist af skolen")),
    remedy("GDP-02", (IN, 1, "Erfaringer", "Se sag")),
    remedy("GDP-02", (IN, 1, "Erfaringer", "Se sag 010 170 000 0")),
)  # fmt: skip
NOTHING_TO_TYPE = {
    "PLA-04": "the next plan is another workbook",
    "IBR-03": "nothing needs doing where the day is right",
    "FIN-02": "nothing needs doing where the years are right",
}


def test_every_fix_of_a_typed_example_is_tried() -> None:
    typed = {rule.code for rule in RULES if not isinstance(rule.wrong, str)}

    assert typed == {one.code for one in REMEDIES} | NOTHING_TO_TYPE.keys()


def _with(cells: tuple[ExampleCell, ...], edits: Remedy) -> RawWorkbook:
    """The example with rows below it for what is added; a later cell goes before an earlier one."""
    typed = {(one.tab, one.row, one.column): one for one in cells}
    typed |= {(tab, row, column): ExampleCell(tab, row, column, text)
              for tab, row, column, text in edits.cells}  # fmt: skip
    inside = [one for one in typed.values() if one.tab == P or one.row < len(ALL[one.tab])]
    raw = example_workbook(inside)
    added: dict[tuple[str, int], list[Cell]] = {}
    for one in typed.values():
        if one not in inside:
            header = ALL[one.tab][0]
            row = added.setdefault((one.tab, one.row + 1), [""] * len(header))
            row[header.index(one.column)] = _typed(one)
    for tab in raw.tabs:
        new = [(number, cells) for (name, number), cells in added.items() if name == tab.name]
        assert isinstance(tab.rows, list)
        tab.rows.extend(new)
    return raw


def _typed(cell: ExampleCell) -> Cell:
    (tab,) = (tab for tab in example_workbook([ExampleCell(P, 1, "Plannavn", cell.text)]).tabs
              if tab.name == P)  # fmt: skip
    return tab.rows[2][1][1]


def _wrong(code: str) -> tuple[ExampleCell, ...]:
    wrong = RULE_BY_CODE[code].wrong
    assert not isinstance(wrong, str)
    return wrong


@pytest.mark.parametrize("tried", REMEDIES, ids=lambda one: f"{one.code} {one.cells[0][3]}")
def test_a_fix_leads_nowhere_worse(tried: Remedy) -> None:
    wrong = _wrong(tried.code)
    before = {line(notice) for notice in noticed(example_workbook(wrong))}
    after = {line(notice) for notice in noticed(_with(wrong, tried))}

    assert any(one.startswith(tried.code) for one in before)
    assert not [one for one in after if one.startswith(tried.code)]
    assert sorted(after - before) == sorted(tried.then)


def _renamed(raw: RawWorkbook, tab: str, name: str) -> RawWorkbook:
    tabs = [replace(one, name=name) if one.name == tab else one for one in raw.tabs]
    return replace(raw, tabs=tabs)


OTHER = {"Plan-id": "NY-2029", "Startdato": "01-01-2028", "Slutdato": "31-12-2030"}


@pytest.mark.parametrize(
    ("code", "wrong", "right"),
    [
        ("STR-01", lambda: (_renamed(book(), IN, "Indsatser - Tabel 1"),), lambda: (book(),)),
        ("STR-01", lambda: (book(without=(IN,)),), lambda: (book(),)),
        ("STR-05", lambda: (book(Indsatser="1 | Klub | Unge"),), lambda: (book(),)),
        ("STR-06", lambda: (book("a.xlsx"), book("b.xlsx")), lambda: (book("a.xlsx"),)),
        ("STR-06", lambda: (book("a.xlsx"), book("b.xlsx", without=(M,))),
         lambda: (book("a.xlsx"), book("b.xlsx", plan={"Boligområde": "Nøjsomhed"},
                                       without=(M,)))),
        ("PLA-05", lambda: (book("a.xlsx"), book("b.xlsx", plan={
            "Boligområde": "Nøjsomhed", "Plannavn": "Syd"}, without=(M,))),
         lambda: (book("a.xlsx"), book("b.xlsx", plan={"Boligområde": "Nøjsomhed"},
                                       without=(M,)))),
        ("PLA-06", lambda: (book("a.xlsx"), book("b.xlsx", plan=OTHER, without=(M,))),
         lambda: (book("a.xlsx", plan={"Planstatus": "Afsluttet"}),
                  book("b.xlsx", plan=OTHER, without=(M,)))),
        ("FIN-10", lambda: (book(Finansiering="Kilde | Type | Tilsagn | 2026"),),
         lambda: (book(),)),
        ("GOD-11", lambda: (book("a.xlsx"), book("b.xlsx", plan={"Boligområde": "Nøjsomhed"},
            without=(M,), cells={"Godkendelser!E5": "04-06-2024"})),
         lambda: (book("a.xlsx"), book("b.xlsx", plan={"Boligområde": "Nøjsomhed"},
                                       without=(M,)))),
    ],
)  # fmt: skip
def test_a_fix_in_several_workbooks_leads_nowhere_worse(
    code: str,
    wrong: Callable[[], tuple[RawWorkbook, ...]],
    right: Callable[[], tuple[RawWorkbook, ...]],
) -> None:
    before = {line(notice) for notice in noticed(*wrong())}
    after = {line(notice) for notice in noticed(*right())}

    assert any(one.startswith(code) for one in before)
    assert not [one for one in after if one.startswith(code)]
    assert after <= before
