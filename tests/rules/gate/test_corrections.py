"""What a slip of the hand can only have meant, and what must never be guessed."""

from __future__ import annotations

from datetime import date
from decimal import Decimal

import pytest

from rules.gate.cell_errors import WORST_FIRST, BadCell, corrections
from rules.gate.gate import Gate
from rules.model.choices import Commitment, Decision, PlanStatus
from rules.model.finding import Correction
from rules.model.shipped import SHIPPED
from rules.model.tables import TABLES, Kind
from rules.text.spelling import only_choice
from tests.rules.helpers import book, noticed

AREAS = [area.name for area in SHIPPED.areas]


@pytest.mark.parametrize(
    ("typed", "words", "meant"),
    [
        ("Godkndt", tuple(Decision), "Godkendt"),
        ("Gokdendt", tuple(Decision), "Godkendt"),
        ("afsluttett", tuple(PlanStatus), "Afsluttet"),
        ("Under udarbejdlse", tuple(PlanStatus), "Under udarbejdelse"),
        ("Vapnagaad", AREAS, "Vapnagaard"),
        ("Tiberuparken", AREAS, "Tibberupparken"),
        ("Elekildehave", AREAS, "Ellekildehave"),
        ("Ikke godkendt", tuple(Decision), None),
        ("Ugodkendt", tuple(Decision), None),
        ("Godkendes", tuple(Decision), None),
        ("Afsluttes", tuple(PlanStatus), None),
        ("Afvent", tuple(Decision), None),
        ("Godkendt?", tuple(Decision), None),
        ("Igangværende", ("Planlagt", "I gang", "Afsluttet", "Udgået"), None),
        ("Ny", tuple(Commitment), None),
        ("J", tuple(Commitment), None),
        ("", tuple(Decision), None),
        ("Tårnby", AREAS, None),
        ("Park A", ("Park B", "Park C"), None),
        ("Parkvejx1", ("Parkvej 1", "Parkvey 1"), None),
    ],
)
def test_a_near_miss_of_one_choice_only(
    typed: str, words: tuple[str, ...], meant: str | None
) -> None:
    assert only_choice(typed, words) == meant


def test_no_choice_is_a_slip_of_another() -> None:
    for table in TABLES:
        for column in table.columns:
            if column.kind is not Kind.CHOICE:
                continue
            choices = column.choices
            words = SHIPPED.words(choices)
            for word in words:
                others = [other for other in words if other != word]
                assert only_choice(word, others) is None, (table.tab, word)


@pytest.mark.parametrize(
    ("code", "typed", "meant"),
    [
        ("CEL-07", "1.250.000 kr.", Decimal(1_250_000)),
        ("CEL-07", "1,5 mio.", Decimal(1_500_000)),
        ("CEL-07", "250,75", Decimal("250.75")),
        ("CEL-02", "1,250.50", None),
        ("CEL-02", "ca. 500", None),
        ("CEL-02", "1.25", None),
        ("CEL-03", "30-02-2026", None),
        ("CEL-05", "-500", None),
        ("CEL-09", "37 timer", Decimal(37)),
        ("CEL-09", "32,5 t.", Decimal("32.5")),
        ("CEL-09", "30 timer pr. uge", Decimal(30)),
        ("CEL-09", "fuld tid", None),
        ("CEL-09", "30-37 timer", None),
        ("CEL-10", "mette(a)boliggaarden.example", "mette@boliggaarden.example"),
        ("CEL-10", "mette [at] boliggaarden.example", "mette@boliggaarden.example"),
        ("CEL-10", "mailto:mette@boliggaarden.example", "mette@boliggaarden.example"),
        ("CEL-10", "mette@boliggaarden.example;", "mette@boliggaarden.example"),
        ("CEL-10", "<mette@boliggaarden.example>", "mette@boliggaarden.example"),
        ("CEL-10", "mette", None),
        ("CEL-10", "a@b.example; c@d.example", None),
    ],
)
def test_one_meaning_or_none(code: str, typed: str, meant: object) -> None:
    error = [error for error in WORST_FIRST if error.code == code][-1]
    found = error.explain(BadCell(typed))[1].get("correction")

    assert found == meant
    assert type(found) is type(meant)


def found_in(cells: dict[str, str]) -> list[Correction]:
    raw = book(cells=cells)
    (passed,) = Gate(SHIPPED).check([raw])
    return corrections(raw, passed.workbook, passed.findings)


def test_the_corrections_of_a_workbook_in_its_order() -> None:
    found = found_in(
        {
            "Milepæle!D2": "'1. marts 2026",
            "Indsatser!Budget 2": "'1.600.000 kr.",
            "Indsatser!Status 3": "Planlgat",
            "Plan!B8": "'01/01-2025",
            "Finansiering!E2": "'1,5 mio.",
            "Indsatser!Slutdato 2": "'30-02-2026",
        }
    )

    assert [(one.tab, one.cell, one.value, one.code) for one in found] == [
        ("Plan", "B8", date(2025, 1, 1), ""),
        ("Indsatser", "I2", Decimal(1_600_000), "CEL-07"),
        ("Indsatser", "H3", "Planlagt", "CEL-04"),
        ("Finansiering", "E2", Decimal(1_500_000), "CEL-07"),
        ("Milepæle", "D2", date(2026, 3, 1), ""),
    ]


def test_a_plan_without_slips_has_no_correction() -> None:
    assert found_in({}) == []


@pytest.mark.parametrize(
    ("cell", "typed", "message"),
    [
        ("Indsatser!Budget 2", "'1.600.000,50 kr.", "Skriv 1600000,50."),
        ("Indsatser!Status 2", "Planlgat", "Skriv »Planlagt«."),
        ("Medarbejdere!C2", "37 timer", "Skriv 37."),
        ("Medarbejdere!F2", "m(a)firma.example", "Skriv m@firma.example."),
    ],
)
def test_the_message_holds_the_correction_ready_to_type(
    cell: str, typed: str, message: str
) -> None:
    notices = noticed(book(cells={cell: typed}))

    assert [notice.message.endswith(message) for notice in notices if notice.code[:3] == "CEL"] == [
        True
    ]


def test_a_cpr_number_is_never_a_correction() -> None:
    assert found_in({"Medarbejdere!F2": "010170-0000(a)firma.example"}) == []
