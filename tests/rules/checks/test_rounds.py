"""GOD in rounds: a plan that is changed is approved again, and each round is judged by itself."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import date

import pytest

from rules.gate.gate import Gate
from rules.judging.figures import PlanFigures
from rules.judging.rule import Case, Context
from rules.judging.summary import figures_of
from rules.model.cells import RawWorkbook
from rules.model.plan import Plan
from rules.model.shipped import SHIPPED
from tests.rules.helpers import TODAY, ShownCase, book, case, in_test

FIRST = """
Trin              | Instans          | Sendt      | Afgørelse | Afgørelsesdato | Runde
Politisk udvalg   | Socialudvalget   | 15-04-2024 | Godkendt  | 07-05-2024     |
Byråd             | Helsingør Byråd  | 08-05-2024 | Godkendt  | 03-06-2024     |
Beboerdemokrati   | Afdelingsmødet   |            | Godkendt  | 27-08-2024     |
Boligorganisation | Boliggården      |            | Godkendt  | 05-09-2024     |
Styregruppe       | Styregruppen     |            | Godkendt  | 19-09-2024     |
Landsbyggefonden  | Landsbyggefonden | 01-10-2024 | Godkendt  | 28-11-2024     |
"""
COMMITTEE_AGAIN = "Politisk udvalg | Socialudvalget | | Godkendt | 10-02-2026 |"
COUNCIL_AGAIN = "Byråd | Helsingør Byråd | | Godkendt | 09-03-2026 |"
FUND_AGAIN = "Landsbyggefonden | Landsbyggefonden | | Godkendt | 01-05-2026 |"


def approved(*more: str, path: str = "a.xlsx", first: str = FIRST, area: str = "") -> RawWorkbook:
    """The example (2025-2028), approved in rows 2 to 7, with these rows from row 8 on."""
    fields = {"Boligområde": area} if area else {}
    rows = "\n".join((first.strip(), *more))
    return book(path, plan={"Planstatus": "Godkendt"} | fields, Godkendelser=rows)


CASES: tuple[ShownCase, ...] = (
    case("approved once", approved()),
    case("a change that the committee and the Byråd approved", approved(
         COMMITTEE_AGAIN, COUNCIL_AGAIN)),
    case("and the fund, after the plan's start", approved(
         COMMITTEE_AGAIN, COUNCIL_AGAIN, FUND_AGAIN)),
    case("a second round in the wrong order", approved(
         COMMITTEE_AGAIN, COUNCIL_AGAIN.replace("09-03", "09-02")), "GOD-02 Godkendelser!E9"),
    case("a second round in which a required step refused", approved(
         COMMITTEE_AGAIN.replace("Godkendt", "Afvist"), COUNCIL_AGAIN), "GOD-01 Godkendelser!D9"),
    case("a change that the fund refused: the plan stands", approved(
         FUND_AGAIN.replace("Godkendt", "Afvist"))),
    case("a change that waits everywhere", approved(
         COMMITTEE_AGAIN.replace("Godkendt | 10-02-2026", "Afventer |"),
         FUND_AGAIN.replace("Godkendt | 01-05-2026", "Afventer |"))),
    case("who waits and never decided belongs to what was closed", approved(
         "Politisk udvalg | Økonomiudvalget | | Afventer | |"),
         "GOD-01 Godkendelser!D3", "GOD-01 Godkendelser!D7"),
    case("who approves late belongs to what was closed", approved(
         FIRST.splitlines()[6].replace("19-09-2024", "29-11-2024"),
         first="\n".join(line for line in FIRST.splitlines() if "Styregruppen" not in line)),
         "GOD-02 Godkendelser!E6"),
    case("on the closing day it is the same round", approved(
         COUNCIL_AGAIN.replace("09-03-2026", "28-11-2024")), "GOD-03 Godkendelser!E4",
         "GOD-03 Godkendelser!E5"),
    case("the day after it is the next", approved(
         COUNCIL_AGAIN.replace("09-03-2026", "29-11-2024"))),
    case("sent before the closing day: a late answer in the same round", approved(
         "Byråd | Helsingør Byråd | 01-11-2024 | Godkendt | 09-03-2026 |"),
         "GOD-02 Godkendelser!E7", "GOD-03 Godkendelser!E4", "GOD-03 Godkendelser!E5"),
    case("the column Runde decides", approved(
         "Byråd | Helsingør Byråd | 01-11-2024 | Godkendt | 09-03-2026 | 2")),
    case("Runde in words", approved(COUNCIL_AGAIN + " Runde 2")),
    case("a Runde that is none", approved(COUNCIL_AGAIN + " anden"), "CEL-09 Godkendelser!F8"),
    case("Runde 0", approved(COUNCIL_AGAIN + " 0"), "CEL-09 Godkendelser!F8"),
    case("the final approval is always relevant", approved(
         first=FIRST.replace("Godkendt  | 28-11-2024", "Ikke relevant |")), "GOD-07 Plan!B10"),
    case("the other workbook has no second round", (
         approved(COMMITTEE_AGAIN), approved(path="b.xlsx", area="Nøjsomhed"))),
    case("the workbooks disagree on the second round", (
         approved(COMMITTEE_AGAIN), approved(COMMITTEE_AGAIN.replace("10-02", "11-02"),
                                             path="b.xlsx", area="Nøjsomhed")),
         "b.xlsx: GOD-11 Godkendelser!D8"),
)  # fmt: skip


@pytest.mark.parametrize("case", in_test(CASES))
def test_rounds(case: ShownCase, judged: Callable[[ShownCase], Sequence[str]]) -> None:
    found = [one for one in judged(case) if "GOD" in one or "CEL" in one]
    assert found == sorted(case.expected)


def figures(raw: RawWorkbook) -> PlanFigures:
    (passed,) = Gate(SHIPPED).check([raw])
    return figures_of(Case(Plan((passed.workbook,)), Context(SHIPPED, TODAY)))


def test_the_last_round_is_shown_and_every_round_is_known() -> None:
    plan = figures(approved(COMMITTEE_AGAIN, "Byråd | Helsingør Byråd | | Afventer | |"))

    assert plan.next_step == "Byråd"
    first, second = plan.rounds
    days = {step.name: step.decided_on for step in first.steps}
    assert days["Landsbyggefonden"] == date(2024, 11, 28)
    assert {step.name: step.decided_on for step in second.steps if step.decided_on} == {
        "Politisk udvalg": date(2026, 2, 10)
    }
    assert plan.steps == second.steps


def test_a_change_is_compared_with_the_last_complete_round() -> None:
    (passed,) = Gate(SHIPPED).check([approved(COMMITTEE_AGAIN, COUNCIL_AGAIN)])
    open_again = Case(Plan((passed.workbook,)), Context(SHIPPED, TODAY))
    (passed,) = Gate(SHIPPED).check([approved(COMMITTEE_AGAIN, COUNCIL_AGAIN, FUND_AGAIN)])
    complete = Case(Plan((passed.workbook,)), Context(SHIPPED, TODAY))

    assert open_again.approval_day == date(2024, 11, 28)
    assert complete.approval_day == date(2026, 5, 1)
