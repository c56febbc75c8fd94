"""REG: what was really spent. The plan runs from 2025 to 2028, and today is 23-11-2026."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import replace
from datetime import date
from fractions import Fraction

import pytest

from rules.gate.gate import Gate
from rules.judging.rule import Context
from rules.model.cells import RawWorkbook
from rules.model.plan import finished_years
from rules.model.shipped import SHIPPED
from tests.rules.helpers import ShownCase, book, case, found, in_test, judge, lines

HEAD = "År | Type | Forbrug | Bemærkning | Kontrol\n"
SMALL = """
Kilde | Type | Tilsagn | 2025 | I alt
Fonden | Landsbyggefonden | Ja | 750000 | 750000
Kommunen | Kommune | Ja | 250000 | 250000
"""
"""10 pct. of these amounts is less than 100.000 kr."""


def spent(*rows: str) -> RawWorkbook:
    """The example plan (fund 1.500.000, municipality 500.000 a year) with these accounts."""
    return book(Regnskab=HEAD + "\n".join(rows))


LBF, LOCAL = "2025 | Landsbyggefonden | 1500000", "2025 | Kommune | 500000"
THE_OTHER = {"Boligområde": "Nøjsomhed"}
CASES: tuple[ShownCase, ...] = (
    case("exactly the budget", spent(LBF, LOCAL)),
    # REG-01
    case("exactly 10 pct. less, and more than 100.000 kr.",
         spent("2025 | Landsbyggefonden | 1350000", LOCAL), "REG-02 Regnskab!C2"),
    case("an øre more than 10 pct. less", spent("2025 | Landsbyggefonden | 1349999,99", LOCAL),
         "REG-01 Regnskab!C2"),
    case("exactly 10 pct. more", spent("2025 | Landsbyggefonden | 1650000", LOCAL),
         "REG-03 Regnskab!C3"),
    case("an øre more than 10 pct. more", spent("2025 | Landsbyggefonden | 1650000,01", LOCAL),
         "REG-01 Regnskab!C2", "REG-03 Regnskab!C3"),
    case("exactly 100.000 kr., and more than 10 pct.", spent(LBF, "2025 | Kommune | 600000")),
    case("an øre more than 100.000 kr.", spent(LBF, "2025 | Kommune | 600000,01"),
         "REG-01 Regnskab!C3"),
    case("more than 10 pct., and little money", book(Finansiering=SMALL, Regnskab=HEAD
         + "2025 | Landsbyggefonden | 650000\n2025 | Kommune | 250000", plan={
             "Slutdato": "31-12-2027"}), "REG-02 Regnskab!C2", "PLA-04 Plan!B9",
         "FIN-09 Finansiering", "IND-02 Indsatser!G2", "IND-02 Indsatser!G3",
         "IND-02 Indsatser!G4"),
    case("this year is not over", spent(LBF, LOCAL, "2026 | Landsbyggefonden | 1")),
    case("a type that no row tells of", spent(LBF), "REG-01 Regnskab", "REG-03 Regnskab"),
    case("a type that has no budget", spent(LBF, LOCAL, "2025 | Fond | 100000,01"),
         "REG-01 Regnskab!C4", "REG-03 Regnskab!C3"),
    case("rows of one year and type are added up, repayments too", spent(
         "2025 | Landsbyggefonden | 1700000", LOCAL, "2025 | Landsbyggefonden | -200000")),
    case("the sum of both workbooks", (
         book("a.xlsx", Regnskab=HEAD + "2025 | Landsbyggefonden | 3000000\n2025 | Kommune | 1"),
         book("b.xlsx", plan=THE_OTHER, without=("Medarbejdere",),
              Regnskab=HEAD + "2025 | Kommune | 999999")),
         "b.xlsx: STR-01 Medarbejdere"),
    case("only one of two workbooks keeps accounts", (
         book("a.xlsx", Regnskab=HEAD + "2025 | Landsbyggefonden | 3000000\n"
              "2025 | Kommune | 1000000"),
         book("b.xlsx", plan=THE_OTHER, without=("Medarbejdere",))),
         "b.xlsx: STR-01 Medarbejdere"),
    case("an amount that cannot be read", spent("2025 | Landsbyggefonden | ca. 1", LOCAL),
         "CEL-02 Regnskab!C2"),
    case("an amount that is missing", spent("2025 | Landsbyggefonden | | mangler", LOCAL),
         "CEL-01 Regnskab!C2"),
    case("a year that cannot be read", spent("i fjor | Landsbyggefonden | 5", LOCAL),
         "CEL-09 Regnskab!A2"),
    case("a budget that cannot be read", book(cells={"Finansiering!E2": "se bilag"},
         Regnskab=HEAD + LBF.replace("1500000", "1")), "CEL-02 Finansiering!E2",
         "FIN-11 Finansiering"),
    case("a column that is missing", book(Regnskab="År | Type\n2025 | Kommune"),
         "STR-02 Regnskab"),
    # REG-02: the fund's alone
    case("an øre of the fund's money is left", spent("2025 | Landsbyggefonden | 1499999,99",
         "2025 | Kommune | 500000"), "REG-02 Regnskab!C2"),
    case("local money is left", spent(LBF, "2025 | Kommune | 500000", "2025 | Boligafdeling | 0",
         "2025 | Kommune | -0,01"), "REG-03 Regnskab!C5"),
    # REG-03
    case("exactly the share that is required", spent("2025 | Landsbyggefonden | 1440000",
         "2025 | Kommune | 480000"), "REG-02 Regnskab!C2"),
    case("an øre less than the share", spent("2025 | Landsbyggefonden | 1440000",
         "2025 | Kommune | 479999,99"), "REG-02 Regnskab!C2", "REG-03 Regnskab!C3"),
    case("a budget that is short says so itself", book(Finansiering="""
         Kilde | Type | Tilsagn | 2025 | I alt
         Fonden | Landsbyggefonden | Ja | 6100000 | 6100000
         Kommunen | Kommune | Ja | 1900000 | 1900000
         """, Regnskab=HEAD + "2025 | Landsbyggefonden | 6100000\n2025 | Kommune | 1900000"),
         "FIN-01 Finansiering"),
    # REG-04
    case("the first and the last year", spent(LBF, LOCAL, "2028 | Kommune | 1")),
    case("a year before and a year after", spent(LBF, LOCAL, "2024 | Kommune | 1",
         "2029 | Kommune | 1"), "REG-04 Regnskab!A4", "REG-04 Regnskab!A5"),
    # REG-05
    case("the day before the accounts are due", spent(), today=date(2026, 6, 29)),
    case("the 30th of June", spent(), "REG-05 Regnskab", today=date(2026, 6, 30)),
    case("two years without a row", spent(), "REG-05 Regnskab", "REG-05 Regnskab",
         "MIL-01 Milepæle!E3", today=date(2027, 6, 30)),
    case("a day of its own, typed in Indberetning", book(Regnskab=HEAD, Indberetning="""
         År | Indberetning | Frist | Sendt
         2025 | Reguleringskonto | 24-12-2026 |
         2025 | Målopfyldelse | | 01-06-2026
         """)),
    case("a programme without that duty", book(plan={"Program": "2019-26"}, Regnskab=HEAD,
         cells={f"Indsatser!Indsatsområde {row}": "Beskæftigelse" for row in (2, 3, 4)})),
    case("a programme that the plan does not name", book(plan={"Program": ""}, Regnskab=HEAD)),
    # The tab
    case("rows that only the template has filled in", spent("2025 | Kommune |", "2026 | Kommune |",
         LBF, LOCAL)),
    case("totals and subtotals are no entries", spent(LBF, LOCAL, "I alt 2025 | | 2000000",
         "I alt | | 2000000")),
    case("the staff's own accounts, kept in another way", book(
         Regnskab="Konto | Tekst | Beløb\n406 | Løn | 12")),
    case("its title above, its columns in another order", book(Regnskab="""
         Regnskab for planen |
         forbrug (kr.) | År: | Egne noter | TYPE
         1500000 | 2025 | ok | LBF
         500000 | år 2025 | | Helsingør Kommune
         """)),
)  # fmt: skip


@pytest.mark.parametrize("case", in_test(CASES))
def test_accounts(case: ShownCase, judged: Callable[[ShownCase], Sequence[str]]) -> None:
    assert judged(case) == sorted(case.expected)


def test_the_difference_is_exact() -> None:
    (finding,) = found(spent("2025 | Landsbyggefonden | 1499999,99", LOCAL))

    assert finding.facts == {"year": 2025, "difference": 1}


def test_the_limits_are_configured() -> None:
    share, kroner = SHIPPED.spending_deviation_share, SHIPPED.spending_deviation_kroner
    strict = replace(
        SHIPPED,
        spending_deviation_share=replace(share, value=Fraction(1, 100)),
        spending_deviation_kroner=replace(kroner, value=15_000),
    )
    passed = [*Gate(strict).check([spent("2025 | Landsbyggefonden | 1484999,99", LOCAL)])]

    assert lines(judge(passed, Context(strict, date(2026, 11, 23)))) == ["REG-01 Regnskab!C2"]


def test_years_that_are_over() -> None:
    period = date(2024, 7, 1), date(2028, 2, 29)

    assert [*finished_years(period, date(2024, 12, 31))] == []
    assert [*finished_years(period, date(2025, 1, 1))] == [2024]
    assert [*finished_years(period, date(2040, 1, 1))] == [2024, 2025, 2026, 2027, 2028]
    assert [*finished_years(None, date(2040, 1, 1))] == []
