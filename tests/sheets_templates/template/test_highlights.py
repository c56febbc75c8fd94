"""The conditional formats: which cells they look at, in which order, and that they are gentle."""

from __future__ import annotations

import pytest
from openpyxl.formatting.rule import Rule
from openpyxl.utils import get_column_letter
from openpyxl.worksheet.worksheet import Worksheet

from rules.model.finding import Severity
from rules.model.tables import TABLES, Table
from rules.text.language import DANISH
from sheets_templates.template.plan_tabs import severity_signals
from tests.sheets_templates.books import empty_book, headers, opened

MIXED = (
    'AND(LEFT({cell},4)="FEJL",OR(ISNUMBER(SEARCH(CHAR(10)&"ADVARSEL ",{cell})),'
    'ISNUMBER(SEARCH(CHAR(10)&"INFO ",{cell}))))'
)
"""Errors with what matters less below them."""


def rules_of(sheet: Worksheet) -> dict[str, list[Rule]]:
    """The rules that colour, by range, in the order in which they are tried."""
    return {
        str(area.sqref): sorted(area.rules, key=lambda rule: rule.priority)
        for area in sheet.conditional_formatting
        if not all(rule.dxf.numFmt for rule in area.rules)
    }


def formulas(rules: list[Rule]) -> list[str]:
    return [rule.formula[0] for rule in rules]


@pytest.mark.parametrize("table", [t for t in TABLES if not t.is_form], ids=lambda t: t.tab)
def test_a_cell_is_coloured_when_kontrol_names_its_column(table: Table) -> None:
    sheet = opened(empty_book())[table.tab]
    last = len(headers(sheet))
    control, before = (get_column_letter(number) for number in (last, last - 1))
    top, first = 3, 4
    found = rules_of(sheet)
    assert list(found)[:2] == [f"A{first}:{before}500", f"{control}{first}:{control}500"]
    named, own = found[f"A{first}:{before}500"], found[f"{control}{first}:{control}500"]
    assert formulas(named)[:3] == [
        f'ISNUMBER(SEARCH("{word} "&A${top}&":",${control}{first}))'
        for word in ("FEJL", "ADVARSEL", "INFO")
    ]
    assert formulas(own) == [
        f'${control}{first}="OK"',
        MIXED.format(cell=f"${control}{first}"),
        f'LEFT(${control}{first},4)="FEJL"',
        f'LEFT(${control}{first},8)="ADVARSEL"',
        f'LEFT(${control}{first},4)="INFO"',
    ]
    assert all(rule.stopIfTrue for rule in [*named, *own])


def test_in_the_form_the_value_follows_its_own_row() -> None:
    found = rules_of(opened(empty_book())["Plan"])
    assert list(found) == ["C1", "B4:B16", "C4:C16"]
    worst_first = ['LEFT($C4,4)="FEJL"', 'LEFT($C4,8)="ADVARSEL"', 'LEFT($C4,4)="INFO"']
    assert formulas(found["B4:B16"]) == worst_first
    assert formulas(found["C4:C16"]) == ['$C4="OK"', MIXED.format(cell="$C4"), *worst_first]


def test_whole_kroner_are_shown_without_oere_beside_every_colour() -> None:
    sheet = opened(empty_book())["Indsatser"]
    (area,) = [a for a in sheet.conditional_formatting if a.rules[0].dxf.numFmt]
    (rule,) = area.rules
    assert (str(area.sqref), rule.stopIfTrue) == ("I4:I500", False)
    assert rule.dxf.numFmt.formatCode == "#,##0"
    assert rule.formula == ["AND(ISNUMBER(I4),I4<>0,I4=INT(I4))"]


def test_advarsler_colours_the_severity() -> None:
    (area,) = rules_of(opened(empty_book())["Advarsler"]).items()
    assert area[0] == "A4:A2000"
    assert formulas(area[1]) == ['$A4="FEJL"', '$A4="ADVARSEL"', '$A4="INFO"']


def test_the_words_are_those_of_the_severities() -> None:
    assert [word.lower() for word in severity_signals(DANISH)] == [str(each) for each in Severity]


def test_severities_differ_without_colour() -> None:
    looks = [signal.value for signal in severity_signals(DANISH).values()]

    assert len({(look.bold, look.italic) for look in looks}) == len(looks)
    for look in looks:
        pale = str(look.background)
        assert min(int(pale[i : i + 2], 16) for i in (0, 2, 4)) > 0xC0, "readable in print"
