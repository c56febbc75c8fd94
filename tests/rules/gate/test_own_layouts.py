"""Own layouts: units, tables that share a tab, forms without headers, years by other names."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

import pytest

from rules.catalogue.example_plan import example_workbook
from rules.gate.gate import Gate, GateResult
from rules.model.cells import Cell, RawTab, RawWorkbook
from rules.model.parameter_types import Unit
from rules.model.parameters import ParameterError, Parameters
from rules.model.shipped import SHIPPED
from rules.text.amounts import amount_from_number, parse_amount
from tests.rules.helpers import book


def passed(raw: RawWorkbook, parameters: Parameters) -> GateResult:
    (one,) = Gate(parameters).check([raw])
    return one


@pytest.mark.parametrize(
    ("text", "oere"),
    [
        ("250", 25_000_000),
        ("1.600,5", 160_050_000),
        ("-5", -500_000),
        ("250 kr.", 25_000),
        ("DKK 250", 25_000),
        ("250 t.kr.", 25_000_000),
        ("1,5 mio.", 150_000_000),
        ("1.25", None),
    ],
)
def test_a_text_in_a_column_of_thousands(text: str, oere: int | None) -> None:
    assert parse_amount(text, 1000) == oere


@pytest.mark.parametrize(
    ("number", "oere"),
    [(1.0, 100_000), (1500.5, 150_050_000), (0.1 + 0.2, 30_000), (1e9, None), (0.00001, 1)],
)
def test_a_number_in_a_column_of_thousands(number: float, oere: int | None) -> None:
    assert amount_from_number(number, 1000) == oere


THOUSANDS = replace(
    SHIPPED,
    units=(
        Unit("eget*.xlsx", "Finansiering", "År", 1000),
        Unit("Eget*.xlsx", "Finansiering", "2026", 1_000_000),
        Unit("Eget*.xlsx", "Indsatser", "Budget", 1000),
    ),
)


def test_a_unit_is_for_the_workbooks_it_names() -> None:
    (funding, *_) = passed(example_workbook(path="x/Eget 1.xlsx"), THOUSANDS).workbook.funding
    (other, *_) = passed(example_workbook(path="x/Andet.xlsx"), THOUSANDS).workbook.funding

    assert funding.years[2025] == 1000 * other.years[2025]
    assert funding.unread_years == {2026}, "1.5 million millions are beyond all money"
    assert THOUSANDS.units_of("Andet.xlsx") == {}


def test_a_correction_is_in_the_columns_own_unit() -> None:
    raw = book("Eget.xlsx", cells={"Indsatser!Budget 2": "'1.600", "Indsatser!Budget 3": "'2 mio."})
    facts = {
        finding.facts["text"]: finding.facts["correction"]
        for finding in passed(raw, THOUSANDS).findings
        if finding.code == "CEL-07"
    }

    assert facts == {"1.600": 1600, "2 mio.": 2000}


def raw_tab(name: str, *rows: tuple[Cell, ...]) -> RawTab:
    return RawTab(name, [(n, row) for n, row in enumerate(rows, 1) if any(row)])


SHARED = replace(
    SHIPPED,
    tab_aliases={"Forberedelse": ("Alt",), "Milepæle": ("Alt",)},
    header_aliases={"Finansiering": {"2026": ("Budget 2026",)}},
)


def test_tables_below_each_other_have_their_own_rows() -> None:
    tab = raw_tab(
        "Alt",
        ("Part", "Dato"),
        ("Kommune", date(2024, 2, 1)),
        ("Beboerdemokrater", date(2024, 3, 1)),
        (),
        ("Milepæle",),
        ("Indsats nr.", "Milepæl", "Frist", "Status"),
        ("1", "Første hold", date(2026, 3, 1), "Nået"),
    )
    workbook = passed(RawWorkbook("a.xlsx", [tab]), SHARED).workbook

    assert [row.party for row in workbook.preparation] == ["Kommune", "Beboerdemokrater"]
    assert [row.milestone for row in workbook.milestones] == ["Første hold"]
    assert workbook.layouts["milestones"].header_row == 6


def test_tables_beside_each_other_share_a_row() -> None:
    tab = raw_tab(
        "Alt",
        ("Part", "Dato", "", "Indsats nr.", "Milepæl", "Frist", "Status"),
        ("Kommune", date(2024, 2, 1), "", "1", "Første hold", date(2026, 3, 1), "Nået"),
        ("Kommune", date(2024, 3, 1)),
    )
    workbook = passed(RawWorkbook("a.xlsx", [tab]), SHARED).workbook

    assert [row.row for row in workbook.preparation] == [2, 3]
    assert [row.row for row in workbook.milestones] == [2]


def test_our_own_name_goes_before_an_alias() -> None:
    tabs = [
        raw_tab("Alt", ("Part", "Dato")),
        raw_tab("Forberedelse", ("Part", "Dato"), ("Kommune",)),
    ]
    workbook = passed(RawWorkbook("a.xlsx", tabs), SHARED).workbook

    assert workbook.layouts["preparation"].name == "Forberedelse"


def test_a_year_may_have_another_name() -> None:
    tab = raw_tab(
        "Finansiering", ("Kilde", "Type", "Tilsagn", 2025, "Budget 2026"),
        ("LBF", "Landsbyggefonden", "Ja", 5, 7),
    )  # fmt: skip
    (funding,) = passed(RawWorkbook("a.xlsx", [tab]), SHARED).workbook.funding

    assert funding.years == {2025: 500, 2026: 700}


@pytest.mark.parametrize("first", [1, 4])
def test_a_form_without_headers_only_where_it_is_named(first: int) -> None:
    labels = ("Plan-id", "Plannavn", "Boligområde", "Startdato")
    values: tuple[Cell, ...] = ("X-1", "Navn", "Vapnagaard", date(2025, 1, 1))
    pairs = enumerate(zip(labels, values, strict=True), first)
    tab = RawTab("Plan", [(row, ["", label, value]) for row, (label, value) in pairs])
    raw = RawWorkbook("a.xlsx", [tab])
    named = passed(raw, replace(SHIPPED, forms_without_headers=("plan",))).workbook

    assert (named.form.plan_id, named.form.starts_on) == ("X-1", date(2025, 1, 1))
    assert named.layouts["plan"].header_row == first - 1
    assert "STR-05" in {finding.code for finding in passed(raw, SHIPPED).findings}


@pytest.mark.parametrize(
    "changes",
    [
        {"tab_aliases": {"Økonomi": ("x",)}},
        {"units": (Unit("*", "Økonomi", "Budget", 1000),)},
        {"units": (Unit("*", "Indsatser", "Aktivitet", 1000),)},
        {"units": (Unit("*", "Indsatser", "År", 1000),)},
        {"units": (Unit("*", "Indsatser", "Budget", 0),)},
        {"header_aliases": {"Indsatser": {"2026": ("x",)}}},
    ],
)
def test_settings_that_make_no_sense(changes: dict[str, object]) -> None:
    with pytest.raises(ParameterError):
        replace(SHIPPED, **changes)  # type: ignore[arg-type]  # what is tested
