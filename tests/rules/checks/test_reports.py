"""IBR and FIN-12: the reports that the programme demands, and what is registered of the grant."""

from __future__ import annotations

import pickle
from collections.abc import Callable, Sequence
from dataclasses import replace
from datetime import date

import pytest

from rules.catalogue.catalogue import verdict_on
from rules.gate.gate import Gate
from rules.judging.rule import Context
from rules.model.cells import RawWorkbook
from rules.model.finding import Severity
from rules.model.parameter_types import ExpectedPlan, ReportingDuty
from rules.model.plan import Plan
from rules.model.shipped import SHIPPED
from tests.rules.helpers import ShownCase, book, case, in_test, lines, noticed

HEAD = "År | Indberetning | Frist | Sendt | Bemærkning | Kontrol\n"


def reports(*rows: str, path: str = "Vapnagaard.xlsx", **plan: str) -> RawWorkbook:
    without = ("Medarbejdere",) if path == "b.xlsx" else ()
    return book(path, plan=plan, without=without, Indberetning=HEAD + "\n".join(rows))


ACCOUNTS = "2025 | Reguleringskonto | | 30-06-2026"
GOALS = "2025 | Målopfyldelse | | 30-06-2026"
JUNE = date(2026, 6, 30)
ELSEWHERE = ("b.xlsx: STR-01 Medarbejdere",)
LATER = ("MIL-01 Milepæle!E3", "PLA-04 Plan!B9")
"""What is found in the example plan when its milestone has passed and its end is near."""
LEAP = reports(ACCOUNTS, GOALS, "2026 | Målopfyldelse | | 30-06-2027",
               "2026 | Reguleringskonto | 29-02-2028")  # fmt: skip
CASES: tuple[ShownCase, ...] = (
    case("sent on the last day", reports(ACCOUNTS, GOALS)),
    # IBR-01, IBR-02
    case("the 30th of June", reports("2025 | Reguleringskonto", GOALS), "IBR-02 Indberetning!D2",
         today=JUNE),
    case("the day after", reports("2025 | Reguleringskonto", GOALS), "IBR-01 Indberetning!D2",
         today=date(2026, 7, 1)),
    case("30 days before", reports("2025 | Reguleringskonto", "2025 | Målopfyldelse"),
         "IBR-02 Indberetning!D2", "IBR-02 Indberetning!D3", today=date(2026, 5, 31)),
    case("31 days before", reports("2025 | Reguleringskonto", "2025 | Målopfyldelse"),
         today=date(2026, 5, 30)),
    case("no row tells of it", reports(GOALS), "IBR-01 Indberetning"),
    case("none of them, one for each report and year", reports(), "IBR-01 Indberetning",
         "IBR-01 Indberetning"),
    case("two years", reports(ACCOUNTS, GOALS, "2026 | Reguleringskonto"),
         "IBR-01 Indberetning!D4", "IBR-01 Indberetning", *LATER,
         today=date(2027, 7, 1)),
    case("this year is not over", reports(ACCOUNTS, GOALS, "2026 | Reguleringskonto | 01-10-2026")),
    case("its own deadline, typed", reports("2025 | Reguleringskonto | 22-11-2026",
         "2025 | Målopfyldelse | 23-11-2026", "2027 | Milepælsplan | 23-12-2026"),
         "IBR-01 Indberetning!D2", "IBR-02 Indberetning!D3", "IBR-02 Indberetning!D4"),
    case("30 days before a leap day", LEAP, "IBR-02 Indberetning!D5", *LATER,
         today=date(2028, 1, 30)),
    case("31 days before a leap day", LEAP, *LATER, today=date(2028, 1, 29)),
    case("the day after a leap day", LEAP, "IBR-01 Indberetning!D5", *LATER,
         today=date(2028, 3, 1)),
    case("a milepælsplan without a deadline", reports(ACCOUNTS, GOALS, "2027 | Milepælsplan |")),
    case("sent, says the other workbook", (
         reports("2025 | Reguleringskonto", GOALS, path="a.xlsx"),
         reports(ACCOUNTS, path="b.xlsx", Boligområde="Nøjsomhed")), *ELSEWHERE),
    case("the other workbook's deadline", (
         reports("2025 | Reguleringskonto", GOALS, path="a.xlsx"),
         reports("2025 | Reguleringskonto | 22-11-2026", path="b.xlsx", Boligområde="Nøjsomhed")),
         "b.xlsx: IBR-01 Indberetning!D2", *ELSEWHERE),
    case("a day to come is not sent yet", reports("2025 | Reguleringskonto | | 24-11-2026", GOALS),
         "IBR-01 Indberetning!D2"),
    case("what cannot be read is not judged", reports("2025 | Reguleringskonto | | snart", GOALS),
         "CEL-03 Indberetning!D2"),
    case("an unreadable deadline in a row of the template's",
         reports("2025 | Reguleringskonto | 30. brumaire", GOALS), "CEL-03 Indberetning!C2"),
    case("a report that is none of the programme's", reports("2025 | Årsrapport | | 01-06-2026",
         GOALS), "CEL-04 Indberetning!B2"),
    case("a year that is none", reports("'25 | Reguleringskonto | | 01-06-2026", GOALS),
         "CEL-09 Indberetning!A2"),
    case("a programme without duties", reports("2025 | Reguleringskonto | 01-01-2026",
         Program="2019-26"), *(f"CEL-04 Indsatser!B{row}" for row in (2, 3, 4))),
    case("a programme that the plan does not name", reports(Program="")),
    case("no column Sendt", book(Indberetning="År | Indberetning\n2025 | Reguleringskonto")),
    case("only the years are filled in", reports(ACCOUNTS, GOALS, "2026 |", "2027 |")),
    # IBR-03
    case("sent the day after", reports("2025 | Reguleringskonto | | 01-07-2026", GOALS),
         "IBR-03 Indberetning!D2"),
    case("sent before a later, typed deadline", reports(
         "2025 | Reguleringskonto | 31-07-2026 | 01-07-2026", GOALS)),
    case("sent late here, and in time there", (
         reports("2025 | Reguleringskonto | | 01-07-2026", GOALS, path="a.xlsx"),
         reports(ACCOUNTS, path="b.xlsx", Boligområde="Nøjsomhed")), *ELSEWHERE),
)  # fmt: skip


@pytest.mark.parametrize("case", in_test(CASES))
def test_reports(case: ShownCase, judged: Callable[[ShownCase], Sequence[str]]) -> None:
    assert judged(case) == sorted(case.expected)


def test_a_day_to_come_is_told_not_to_count_as_sent() -> None:
    notices = noticed(reports("2025 | Reguleringskonto | | 01-07-2027", GOALS))

    assert [(one.code, one.cell) for one in notices] == [("IBR-01", "D2")]
    assert "fremtiden" in notices[0].fix


def test_a_deadline_that_is_local_practice_is_a_warning_and_says_so() -> None:
    notices = {
        n.row: n for n in noticed(reports("2025 | Reguleringskonto", "2025 | Målopfyldelse"))
    }

    assert (notices[2].severity, notices[3].severity) == (Severity.ERROR, Severity.WARNING)
    assert "lokal praksis" in notices[3].message
    (typed,) = noticed(reports(ACCOUNTS, "2025 | Målopfyldelse | 01-10-2026"))
    assert typed.severity == Severity.ERROR


def test_a_deadline_on_a_leap_day() -> None:
    duty = ReportingDuty("Rapport", (2, 29))

    assert duty.due_on(2027) == date(2028, 2, 29)
    assert duty.due_on(2026) == date(2027, 2, 28)


# FIN-12


def registered(**facts: object) -> list[str]:
    """What is found in the example plan (6.000.000 kr., 2025-2028) beside what is registered."""
    expected = replace(ExpectedPlan("vap-2025 "), **facts)  # type: ignore[arg-type]
    parameters = replace(SHIPPED, expected_plans=(expected,))
    return lines(noticed(book(), parameters=parameters))


@pytest.mark.parametrize(
    ("facts", "is_wrong"),
    [
        ({}, False),
        ({"grant_oere": 600_000_000}, False),
        ({"grant_oere": 599_999_999}, True),
        ({"grant_oere": 600_000_001}, True),
        ({"starts_on": date(2025, 1, 1), "ends_on": date(2028, 12, 31)}, False),
        ({"starts_on": date(2025, 1, 2)}, True),
        ({"ends_on": date(2028, 12, 30)}, True),
    ],
)
def test_the_registered_grant(facts: dict[str, object], is_wrong: bool) -> None:
    assert registered(**facts) == (["FIN-12 Finansiering!I2"] if is_wrong else [])


@pytest.mark.parametrize(
    ("raw", "expected"),
    [
        (book(cells={"Finansiering!I1": "Noter"}), ["FIN-12 Finansiering"]),
        (book(cells={"Finansiering!E2": "se bilag"}),
         ["CEL-02 Finansiering!E2", "FIN-11 Finansiering"]),
        (book(Finansiering="Kilde | Type | Tilsagn | 2026"), ["FIN-10 Finansiering"]),
    ],
    ids=["no column I alt", "an amount that cannot be read", "no money at all"],
)  # fmt: skip
def test_the_registered_grant_needs_a_place_and_an_amount(
    raw: RawWorkbook, expected: list[str]
) -> None:
    parameters = replace(SHIPPED, expected_plans=(ExpectedPlan("VAP-2025", 1),))

    assert lines(noticed(raw, parameters=parameters)) == expected


def test_a_verdict_keeps_no_row_of_the_workbook() -> None:
    """It is kept of every plan of a run, and goes from process to process."""
    (passed,) = Gate(SHIPPED).check([reports(ACCOUNTS, "2025 | Målopfyldelse")])
    verdict = verdict_on(Plan((passed.workbook,)), Context(SHIPPED, date(2026, 11, 23)))
    assert [one.place for one in verdict.figures.reports if one.place]
    assert b"Activity" in pickle.dumps(passed.workbook)
    assert b"Activity" not in pickle.dumps(verdict)
