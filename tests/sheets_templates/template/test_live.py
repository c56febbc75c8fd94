"""What a plan workbook says at once, before any run: the local co-financing, and the next step.

LibreOffice works the formulas out, and the rules have the word on what is right.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date, timedelta
from decimal import Decimal
from pathlib import Path

import pytest
from openpyxl import Workbook

from rules.catalogue.catalogue import check_plan, notice_of
from rules.gate.gate import Gate
from rules.judging.rule import Case, Context
from rules.judging.summary import figures_of
from rules.model.plan import Plan
from rules.model.shipped import SHIPPED
from sheets_templates.template.plan_design import Row, plan_workbook
from tests.sheets_templates.books import MASTER, example_rows, opened, raw
from tests.sheets_templates.recalculation import NEEDS_LIBREOFFICE, worked_out

pytestmark = NEEDS_LIBREOFFICE

MET, SHORT = "Kravet om mindst 25 pct. er opfyldt.", "Under kravet om mindst 25 pct."
Amounts = Sequence[float | str | Decimal]


def funding(grant: Amounts, local: Amounts, *more: Row) -> list[Row]:
    years = range(2025, 2025 + len(grant))
    return [
        {"Kilde": "Landsbyggefonden", "Type": "Landsbyggefonden", "Tilsagn": "Ja"}
        | {str(year): amount for year, amount in zip(years, grant, strict=True)},
        {"Kilde": "Helsingør Kommune", "Type": "Kommune", "Tilsagn": "Ja"}
        | {str(year): amount for year, amount in zip(years, local, strict=True)},
        *more,
    ]


ORE = Decimal("0.01")
CASES: dict[str, tuple[list[Row], tuple[object, ...]]] = {
    "exactly a quarter": (
        funding([24_000_000], [8_000_000]), (MET, 8_000_000, 32_000_000, 0.25, 0, 0)),
    "a quarter of the grant": (
        funding([14_000_000], [3_500_000]),
        (SHORT, 3_500_000, 17_500_000, 0.2, 875_000, 1_166_667)),
    "one krone short": (
        funding([7_500_001], [2_500_000]), (SHORT, 2_500_000, 10_000_001, 0.249, 1, 1)),
    "low years, fine in total": (
        funding([3_000_000, 3_400_000, 3_600_000, 2_000_000], [1_000_000] * 4),
        (MET, 4_000_000, 16_000_000, 0.25, 0, 0)),
    "one øre short": (
        funding([Decimal("3000000.01")], [1_000_000]),
        (SHORT, 1_000_000, 4_000_000.01, 0.249, 1, 1)),
    "one øre over": (
        funding([3_000_000], [Decimal("1000000.01")]),
        (MET, 1_000_000.01, 4_000_000.01, 0.25, 0, 0)),
    "tenths that are none in binary": (
        funding([0.1, 0.2, 0.3, 0.3], [0.1, 0.1, 0.05, 0.05]), (MET, 0.3, 1.2, 0.25, 0, 0)),
    "many øre": (
        funding([Decimal("33.33")] * 3, [Decimal("11.11")] * 3), (MET, 33.33, 133.32, 0.25, 0, 0)),
    "a total row of one's own": (
        funding([300], [100], {"Kilde": "Total", "2025": 400}), (MET, 100, 400, 0.25, 0, 0)),
    "a foundation is not local": (
        funding([300], [90], {"Kilde": "Fonden", "Type": "Fond", "2025": 10}),
        (SHORT, 90, 400, 0.225, 10, 14)),
    "an amount typed as text": (
        funding(["1,5 mio."], [1]),
        ("Et beløb er ikke et rent tal, så andelen kan ikke regnes ud.", *[None] * 5)),
    "a type that is none": (
        funding([300], [100], {"Kilde": "X", "Type": "Stat", "2025": 10}),
        ("En Type fra listen mangler, så andelen kan ikke regnes ud.", *[None] * 5)),
    "nothing yet": ([], ("Skriv beløbene i årene nedenfor.", 0, 0, None, None, None)),
}  # fmt: skip


@pytest.mark.long
def test_the_live_share_is_the_rules_and_every_stored_result_what_is_worked_out(
    tmp_path: Path,
) -> None:
    data = {
        name: plan_workbook(SHIPPED, MASTER, {"Finansiering": rows})
        for name, (rows, _) in CASES.items()
    }
    found = worked_out({name: opened(one) for name, one in data.items()}, tmp_path)
    for name, one in data.items():
        stored = opened(one, values=True)
        the_live_share_is_the_rules(name, one, stored, found[name])
        every_stored_result_is_what_is_worked_out(name, stored, found[name])


def strip(book: Workbook) -> tuple[object, ...]:
    return tuple(book["Finansiering"].cell(2, number).value for number in range(1, 7))


def the_live_share_is_the_rules(name: str, data: bytes, stored: Workbook, found: Workbook) -> None:
    _, expected = CASES[name]

    assert strip(found) == expected, name
    assert [one or None for one in strip(stored)] == [one or None for one in strip(found)], name

    (passed,) = Gate(SHIPPED).check([raw(data)])
    case = Case(Plan((passed.workbook,)), Context(SHIPPED, date(2026, 11, 23)))
    is_short = any(finding.code == "FIN-01" for finding in check_plan(case))
    if expected[0] in {MET, SHORT}:
        assert is_short == (expected[0] == SHORT), name
    if expected[0] == SHORT:
        (message,) = [notice_of(f).message for f in check_plan(case) if f.code == "FIN-01"]
        for amount in expected[4:]:
            assert f"{amount:,}".replace(",", ".") in message, name


def every_stored_result_is_what_is_worked_out(name: str, stored: Workbook, found: Workbook) -> None:
    for row in stored["Lister"].iter_rows():
        for cell in row:
            place = cell.coordinate
            assert (found["Lister"][place].value or "") == (cell.value or ""), (name, place)


STEPS = [
    {"Trin": row["Trin"], "Instans": row["Instans"], "Afgørelse": row["Afgørelse"],
     "Afgørelsesdato": row["Afgørelsesdato"]}
    for row in example_rows()["Godkendelser"]
]  # fmt: skip


def changed(row: int, **changes: object) -> list[dict[str, object]]:
    """The example's approvals with one row typed over."""
    return [{**one, **changes} if n == row else dict(one) for n, one in enumerate(STEPS)]


def repeated(row: int, **changes: object) -> list[dict[str, object]]:
    """The example's approvals with one of them decided once more, below."""
    return [*changed(-1), {**STEPS[row], **changes}]


COUNCIL_DAY = STEPS[3]["Afgørelsesdato"]
assert isinstance(COUNCIL_DAY, date)
LATER, EARLIER = (COUNCIL_DAY + timedelta(days) for days in (30, -30))
PROCEDURES: dict[str, list[dict[str, object]]] = {
    "all": changed(0),
    "none": [],
    "no preliminary step": [dict(row) for row in STEPS[1:]],
    "no committee": [dict(row) for row in STEPS[3:]],
    "one committee waits": changed(2, Afgørelse="Afventer", Afgørelsesdato=None),
    "one committee is not concerned": changed(2, Afgørelse="Ikke relevant"),
    "no decision typed": changed(3, Afgørelse=None),
    "the council said no": changed(3, Afgørelse="Afvist"),
    "no, later yes": [*changed(3, Afgørelse="Afvist"), {**STEPS[3], "Afgørelsesdato": LATER}],
    "yes, later no": repeated(3, Afgørelse="Afvist", Afgørelsesdato=LATER),
    "yes, before that no": repeated(3, Afgørelse="Afvist", Afgørelsesdato=EARLIER),
    "asked again in a second round": repeated(
        3, Afgørelse="Afventer", Afgørelsesdato=None, Runde=2
    ),
    "a second round that is over": repeated(3, Afgørelsesdato=LATER, Runde=2),
    "a second round, of which the first row waits": [
        *repeated(2, Afgørelse="Afventer", Afgørelsesdato=None, Runde=2),
        {**STEPS[3], "Afgørelse": "Afventer", "Afgørelsesdato": None, "Runde": 2},
    ],
    "another spelling": changed(6, Trin="Bystrategisk Partnerskab"),
    "a step that is none": changed(6, Trin="Et udvalg mere"),
    "the fund waits": changed(7, Afgørelse="Afventer", Afgørelsesdato=None),
}


@pytest.mark.long
def test_the_next_step_is_the_rules(tmp_path: Path) -> None:
    data: Mapping[str, bytes] = {
        name: plan_workbook(SHIPPED, MASTER, {"Godkendelser": rows})  # type: ignore[dict-item]  # typed over
        for name, rows in PROCEDURES.items()
    }
    found = worked_out({name: opened(one) for name, one in data.items()}, tmp_path)
    for name, one in data.items():
        (passed,) = Gate(SHIPPED).check([raw(one)])
        case = Case(Plan((passed.workbook,)), Context(SHIPPED, date(2026, 11, 23)))
        expected = figures_of(case).next_step or "Alle trin er godkendt."
        assert found[name]["Godkendelser"]["B2"].value == expected, name
        assert opened(one, values=True)["Godkendelser"]["B2"].value == expected, name
