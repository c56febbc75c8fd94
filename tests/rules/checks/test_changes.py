"""APR-01: what differs from the plan as the fund approved it."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date

import pytest

from rules.catalogue.catalogue import approved_plan, check_plan, notice_of
from rules.gate.gate import Gate
from rules.judging.approved import ApprovedPlan
from rules.judging.rule import Case, Context
from rules.model.cells import RawWorkbook
from rules.model.plan import Plan
from rules.model.run_index import plan_key
from rules.model.shipped import SHIPPED
from tests.rules.helpers import TODAY, book, line

NEXT_YEAR = date(2027, 11, 22)
APPROVED = book()


def case_of(raw: RawWorkbook, context: Context) -> Case:
    (passed,) = Gate(SHIPPED).check([raw])
    assert passed.workbook is not None
    return Case(Plan((passed.workbook,)), context)


def remembered(raw: RawWorkbook) -> ApprovedPlan | None:
    """What is remembered of a plan that is seen today."""
    return approved_plan(case_of(raw, Context(SHIPPED, TODAY)))


def lines_about(raw: RawWorkbook, plan: ApprovedPlan | None, today: date = TODAY) -> list[str]:
    """The places at which APR-01 is found."""
    known = {plan_key("VAP-2025", ""): plan} if plan else {}
    found = check_plan(case_of(raw, Context(SHIPPED, today, known)))
    return [line(notice_of(one)) for one in found if one.code == "APR-01"]


@pytest.mark.parametrize(
    ("title", "cells", "places"),
    [
        ("nothing", {}, []),
        ("one øre", {"Finansiering!F3": "500000,01"}, ["Finansiering!F3"]),
        ("two years", {"Finansiering!F3": "400000", "Finansiering!G3": "600000"},
         ["Finansiering!F3", "Finansiering!G3"]),
        ("a cleared amount", {"Finansiering!F3": ""}, ["Finansiering!F3"]),
        ("an unreadable amount is CEL's", {"Finansiering!F3": "'ca. 5"}, []),
        ("the period's end", {"Plan!B8": "31-12-2029"}, ["Plan!B8"]),
        ("an empty end is CEL's", {"Plan!B8": ""}, []),
        ("another name, the same money", {"Finansiering!A3": "Kommunen"}, []),
        ("a row is gone", {f"Finansiering!{c}3": "" for c in "ABCDEFGHI"}, ["Finansiering"]),
        ("a new row", {f"Finansiering!{c}5": t for c, t in zip(
            "ABCDE", ("Boliggården", "Boligorganisation", "Kontant", "Ja", "100000"), strict=True)},
         ["Finansiering!A5"]),
        ("another name and another amount", {"Finansiering!A3": "Kommunen", "Finansiering!F3": "9"},
         ["Finansiering!F3"]),
        ("another name and another type", {"Finansiering!A3": "Afdelingen",
         "Finansiering!B3": "Boligafdeling"}, []),
        ("another name and two other amounts", {"Finansiering!A3": "Kommunen",
         "Finansiering!F3": "8", "Finansiering!G3": "9"}, ["Finansiering!A3", "Finansiering"]),
        ("two names changed places and one amount", {
            "Finansiering!A2": "Fonden", "Finansiering!A3": "Kommunen", "Finansiering!F2": "9"},
         ["Finansiering!F2"]),
        ("a new row of 0", {f"Finansiering!{c}5": t for c, t in zip(
            "ABCDE", ("Boliggården", "Boligorganisation", "Kontant", "Ja", "0"), strict=True)}, []),
        ("the total row counts for nothing", {"Finansiering!E4": "9"}, []),
        ("an activity's budget", {"Indsatser!Budget 2": "1"}, []),
    ],
)  # fmt: skip
def test_a_difference_is_found_where_it_is(
    title: str, cells: Mapping[str, str], places: list[str]
) -> None:
    assert lines_about(book(cells=cells), remembered(APPROVED)) == [
        f"APR-01 {place}" for place in places
    ]


def test_rows_that_changed_places_are_no_difference() -> None:
    rows = {f"Finansiering!{c}{n}": APPROVED_ROWS[5 - n][i] for n in (2, 3)
            for i, c in enumerate("ABCDEFGHI")}  # fmt: skip
    assert lines_about(book(cells=rows), remembered(APPROVED)) == []


APPROVED_ROWS = {
    2: ("Landsbyggefonden", "Landsbyggefonden", "Kontant", "Ja", *["1500000"] * 4, "6000000"),
    3: ("Helsingør Kommune", "Kommune", "Kontant", "Ja", *["500000"] * 4, "2000000"),
}


def test_without_a_history_nothing_is_said() -> None:
    assert lines_about(book(cells={"Finansiering!F3": "9"}), None) == []


@pytest.mark.parametrize(
    ("title", "cells"),
    [
        ("waits", {"Godkendelser!D9": "Afventer", "Godkendelser!E9": ""}),
        ("rejected", {"Godkendelser!D9": "Afvist"}),
        ("without a date", {"Godkendelser!E9": ""}),
        ("in the future", {"Godkendelser!E9": "24-11-2026"}),
        ("money that cannot be read", {"Finansiering!F3": "'ca. 5"}),
    ],
)
def test_nothing_is_remembered_before_the_approval_is_certain(
    title: str, cells: Mapping[str, str]
) -> None:
    assert remembered(book(cells=cells)) is None


@pytest.mark.parametrize(
    ("on", "is_found"), [("27-11-2024", True), ("28-11-2024", True), ("29-11-2024", False)]
)
def test_a_later_approval_ends_it(on: str, is_found: bool) -> None:
    changed = book(cells={"Finansiering!F3": "9", "Godkendelser!E9": on})
    assert bool(lines_about(changed, remembered(APPROVED))) is is_found


def test_a_withdrawn_approval_does_not_end_it() -> None:
    cells = {"Finansiering!F3": "9", "Godkendelser!D9": "Afventer", "Godkendelser!E9": ""}
    assert lines_about(book(cells=cells), remembered(APPROVED)) == ["APR-01 Finansiering!F3"]


def test_it_tells_what_it_was_and_what_it_is() -> None:
    approved = remembered(APPROVED)
    assert approved is not None
    context = Context(SHIPPED, NEXT_YEAR, {plan_key("VAP-2025", ""): approved})
    raw = book(cells={"Finansiering!F3": "450000"})
    (notice,) = [notice_of(f) for f in check_plan(case_of(raw, context)) if f.code == "APR-01"]
    assert notice.message == (
        "Beløbet for 2026 var 500.000 kr., da Landsbyggefonden godkendte planen den "
        "28. november 2024. Nu er det 450.000 kr."
    )
