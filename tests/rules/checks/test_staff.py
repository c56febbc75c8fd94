"""MED: the people employed in the plan. Today is 23-11-2026, the limit 37 hours a week."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import date

import pytest

from rules.model.cells import FormulaError, RawWorkbook
from tests.rules.helpers import ShownCase, book, case, in_test, noticed

HEADER = "Navn | Rolle | Timer pr. uge | Ansat fra | Ansat til | E-mail"
LEADER = "Leder | Projektleder | 10 | 01-01-2025 | | leder@example.dk"


def staff(rows: str, path: str = "a.xlsx", with_leader: bool = True, **fields: str) -> RawWorkbook:
    """The example with these rows in Medarbejdere; row 2 is the leader unless told otherwise."""
    above = f"{HEADER}\n{LEADER}\n" if with_leader else f"{HEADER}\n"
    return book(path, plan=fields, Medarbejdere=above + rows.strip())


def other(rows: str) -> RawWorkbook:
    """The same in another plan, for another area."""
    fields = {"Plan-id": "NØJ-2025", "Boligområde": "Nøjsomhed"}
    return book("b.xlsx", plan=fields, Medarbejdere=f"{HEADER}\n{rows.strip()}")


CASES: tuple[ShownCase, ...] = (
    # MED-01
    case("a leader today", staff(LEADER, with_leader=False)),
    case("nobody", staff("", with_leader=False), "MED-01 Medarbejdere"),
    case("nobody in a plan that is not I gang", staff("", with_leader=False,
         Planstatus="Godkendt")),
    case("the leader's last day is today", staff(
         "Eva | Projektleder | 30 | 01-01-2025 | 23-11-2026 |", with_leader=False)),
    case("the leader's last day was yesterday", staff(
         "Eva | Projektleder | 30 | 01-01-2025 | 22-11-2026 |", with_leader=False),
         "MED-01 Medarbejdere"),
    case("the leader begins today", staff(
         "Eva | Projektleder | 30 | 23-11-2026 | |", with_leader=False)),
    case("the leader begins tomorrow", staff(
         "Eva | Projektleder | 30 | 24-11-2026 | |", with_leader=False), "MED-01 Medarbejdere"),
    case("a coordinator is no leader", staff(
         "Eva | Koordinator | 30 | 01-01-2025 | |", with_leader=False), "MED-01 Medarbejdere"),
    case("an unreadable role may be the leader's", staff(
         "Eva | Chef | 30 | 01-01-2025 | |", with_leader=False), "CEL-04 Medarbejdere!B2"),
    case("the leader's unreadable dates may cover today", staff(
         "Eva | Projektleder | 30 | i år | |", with_leader=False), "CEL-03 Medarbejdere!D2"),
    case("an unreadable last day too", staff(
         "Eva | Projektleder | 30 | 01-01-2025 | til jul |", with_leader=False),
         "CEL-03 Medarbejdere!E2"),
    case("the tab is missing", book(without=("Medarbejdere",)), "STR-01 Medarbejdere"),
    case("the column Rolle is missing", book(cells={"Medarbejdere!B1": "Titel"}),
         "STR-02 Medarbejdere"),
    case("one leader for all the plan's workbooks", (
         staff("", with_leader=False), staff("", "b.xlsx", Boligområde="Nøjsomhed"))),
    case("reported once, in the first workbook that has the tab", (
         book("a.xlsx", without=("Medarbejdere",)),
         staff("", "b.xlsx", with_leader=False, Boligområde="Nøjsomhed")),
         "a.xlsx: STR-01 Medarbejdere", "b.xlsx: MED-01 Medarbejdere"),
    case("a vacancy leads nothing", staff(
         "Vakant | Projektleder | 37 | 01-01-2025 | |", with_leader=False), "MED-01 Medarbejdere"),
    case("a vacancy whose role is unreadable leads nothing either", staff(
         "N.N. | Chef | 37 | 01-01-2025 | |", with_leader=False),
         "CEL-04 Medarbejdere!B2", "MED-01 Medarbejdere"),
    case("a name that only begins so", staff(
         "Nina Ny | Projektleder | 37 | 01-01-2025 | |", with_leader=False)),
    # MED-02
    case("employed for one day", staff("Eva | Andet | 5 | 01-01-2025 | 01-01-2025 |")),
    case("ends the day before it begins", staff("Eva | Andet | 5 | 02-01-2025 | 01-01-2025 |"),
         "MED-02 Medarbejdere!E3"),
    case("open-ended", staff("Eva | Andet | 5 | 02-01-2025 | |")),
    # MED-03
    case("exactly 37 hours in two rows", staff("""
Eva | Andet | 20 | 01-01-2025 | | eva@example.dk
Eva | Andet | 17 | 01-01-2026 | | eva@example.dk"""), ),
    case("over 37 hours in one row", staff("Eva | Andet | 37,25 | 01-01-2025 | |"),
         "MED-03 Medarbejdere!C3"),
    case("a hundredth over in two rows", staff("""
Eva | Andet | 20    | 01-01-2025 | | eva@example.dk
Eva | Andet | 17,01 | 01-01-2026 | | eva@example.dk"""),
         "MED-03 Medarbejdere!C3", "MED-03 Medarbejdere!C4"),
    case("one after the other", staff("""
Eva | Andet | 30 | 01-01-2025 | 31-12-2025 | eva@example.dk
Eva | Andet | 30 | 01-01-2026 |            | eva@example.dk""")),
    case("on one day together", staff("""
Eva | Andet | 30 | 01-01-2025 | 01-01-2026 | eva@example.dk
Eva | Andet | 30 | 01-01-2026 |            | eva@example.dk"""),
         "MED-03 Medarbejdere!C3", "MED-03 Medarbejdere!C4"),
    case("for one day", staff("""
Eva | Andet | 30 | 01-01-2025 |            | eva@example.dk
Eva | Andet | 8  | 01-01-2026 | 01-01-2026 | eva@example.dk"""),
         "MED-03 Medarbejdere!C3", "MED-03 Medarbejdere!C4"),
    case("only the rows that overlap over the limit", staff("""
Eva | Andet | 20 | 01-01-2025 |            | eva@example.dk
Eva | Andet | 20 | 01-01-2026 | 31-03-2026 | eva@example.dk
Eva | Andet | 17 | 01-06-2026 | 31-08-2026 | eva@example.dk"""),
         "MED-03 Medarbejdere!C3", "MED-03 Medarbejdere!C4"),
    case("three rows that only together are too many", staff("""
Eva | Andet | 15 | 01-01-2025 | | eva@example.dk
Eva | Andet | 15 | 01-02-2025 | | eva@example.dk
Eva | Andet | 15 | 01-03-2025 | | eva@example.dk"""),
         *(f"MED-03 Medarbejdere!C{row}" for row in (3, 4, 5))),
    case("over all plans", (staff("Eva | Andet | 20 | 01-01-2025 | | eva@example.dk"),
         other("Eva | Projektleder | 20 | 01-01-2025 | | EVA@example.dk")),
         "a.xlsx: MED-03 Medarbejdere!C3", "b.xlsx: MED-03 Medarbejdere!C2"),
    case("over the plan's own workbooks", (
         staff("Eva | Andet | 20 | 01-01-2025 | | eva@example.dk"),
         staff("Eva | Andet | 20 | 01-01-2025 | | eva@example.dk", "b.xlsx", with_leader=False,
               Boligområde="Nøjsomhed")),
         "a.xlsx: MED-03 Medarbejdere!C3", "b.xlsx: MED-03 Medarbejdere!C2"),
    case("a conflict copy employs nobody", (
         staff("Eva | Andet | 20 | 01-01-2025 | | eva@example.dk"),
         staff("Eva | Andet | 20 | 01-01-2025 | | eva@example.dk", "b.xlsx")), "b.xlsx: STR-06"),
    case("the same address is one person, whatever the names", staff("""
Eva      | Andet | 20 | 01-01-2025 | | eva@example.dk
Eva Lund | Andet | 20 | 01-01-2025 | | eva@example.dk"""),
         "MED-03 Medarbejdere!C3", "MED-03 Medarbejdere!C4"),
    case("other addresses are other persons, whatever the names", staff("""
Eva Lund | Andet | 20 | 01-01-2025 | | eva@example.dk
Eva Lund | Andet | 20 | 01-01-2025 | | eva.lund@example.dk""")),
    case("without addresses the same name is one person", staff("""
Eva Lund   | Andet | 20 | 01-01-2025 | |
EVA  lund  | Andet | 20 | 01-01-2025 | |"""),
         "MED-03 Medarbejdere!C3", "MED-03 Medarbejdere!C4"),
    case("without addresses other names are other persons", staff("""
Eva Lund | Andet | 20 | 01-01-2025 | |
Eva Holm | Andet | 20 | 01-01-2025 | |""")),
    case("vacancies are nobody", staff("""
Vakant           | Andet | 37 | 01-01-2025 | |
Vakant           | Andet | 30 | 01-01-2025 | |
Ubesat stilling  | Andet | 37 | 01-01-2025 | | post@example.dk
Ubesat stilling  | Andet | 37 | 01-01-2025 | | post@example.dk
(vakant)         | Andet | 37 | 01-01-2025 | |
(vakant)         | Andet | 30 | 01-01-2025 | |
»NN«             | Andet | 30 | 01-01-2025 | |
»NN«             | Andet | 30 | 01-01-2025 | |
NN               | Andet | 30 | 01-01-2025 | |
N.N.             | Andet | 30 | 01-01-2025 | |
?                | Andet | 30 | 01-01-2025 | |
?                | Andet | 30 | 01-01-2025 | |"""), ),
    case("ended on the day that the leap begins", staff("""
Eva | Andet | 20 | 01-01-2025 | 28-02-2026 | eva@example.dk
Eva | Andet | 20 | 01-03-2026 |            | eva@example.dk""")),
    case("unreadable hours count as nobody's", staff("""
Eva | Andet | mange | 01-01-2025 | | eva@example.dk
Eva | Andet | 30    | 01-01-2025 | | eva@example.dk"""), "CEL-09 Medarbejdere!C3"),
    case("an unreadable last day overlaps with nothing", staff("""
Eva | Andet | 30 | 01-01-2025 | til jul | eva@example.dk
Eva | Andet | 30 | 01-01-2026 |         | eva@example.dk"""), "CEL-03 Medarbejdere!E3"),
    case("an employment that ends before it begins overlaps with nothing", staff("""
Eva | Andet | 30 | 01-01-2026 | 31-12-2025 | eva@example.dk
Eva | Andet | 30 | 01-01-2025 |            | eva@example.dk"""), "MED-02 Medarbejdere!E3"),
    case("a person who cannot be told overlaps with nobody", book(cells={
         "Medarbejdere!F2": FormulaError("#REF!"), "Medarbejdere!F3": FormulaError("#REF!"),
         "Medarbejdere!A2": "", "Medarbejdere!A3": ""}),
         "CEL-01 Medarbejdere!A2", "CEL-01 Medarbejdere!A3",
         "CEL-06 Medarbejdere!F2", "CEL-06 Medarbejdere!F3"),
)  # fmt: skip


@pytest.mark.parametrize("case", in_test(CASES))
def test_staff(case: ShownCase, judged: Callable[[ShownCase], Sequence[str]]) -> None:
    assert judged(case) == sorted(case.expected)


def test_the_hours_at_one_time_and_the_limit_are_named() -> None:
    raw = staff("""
Eva | Andet | 20   | 01-01-2025 |            | eva@example.dk
Eva | Andet | 20,5 | 01-01-2026 | 31-03-2026 | eva@example.dk""")
    messages = {notice.message for notice in noticed(raw)}

    assert messages == {"Personen har 40,5 timer om ugen, men grænsen er 37."}


def test_the_other_plans_are_named_with_their_hours() -> None:
    eva = "Eva | Andet | {} | 01-01-2025 | | eva@example.dk"
    abroad = book(
        "c.xlsx",
        plan={"Plan-id": "TIB-2025", "Boligområde": "Tibberupparken",
              "Boligorganisation": "Nordkysten"},
        Medarbejdere=f"{HEADER}\n{LEADER.replace('mette', 'mia')}\n{eva.format('7,5')}",
    )  # fmt: skip
    notices = noticed(staff(eva.format(20)), other(f"{LEADER}\n{eva.format(10)}"), abroad)
    messages = {notice.workbook: notice.message for notice in notices if notice.code == "MED-03"}

    assert messages == {
        "a.xlsx": "Personen har 37,5 timer om ugen, heraf 7,5 timer i en anden plan "
        "og 10 timer i »NØJ-2025«, men grænsen er 37.",
        "b.xlsx": "Personen har 37,5 timer om ugen, heraf 7,5 timer i en anden plan "
        "og 20 timer i »VAP-2025«, men grænsen er 37.",
        "c.xlsx": "Personen har 37,5 timer om ugen, heraf 30 timer i en anden plan, "
        "men grænsen er 37.",
    }


def test_the_most_hours_are_told_and_not_the_first_too_many() -> None:
    raw = staff("""
Eva | Andet | 30 | 01-01-2025 |            | eva@example.dk
Eva | Andet | 10 | 01-01-2026 | 31-01-2026 | eva@example.dk
Eva | Andet | 15 | 01-03-2026 |            | eva@example.dk""")
    told = {notice.cell: notice.message.split()[2] for notice in noticed(raw)}

    assert told == {"C3": "45", "C4": "40", "C5": "45"}


def test_the_day_of_the_run_decides_who_leads() -> None:
    raw = staff("Eva | Projektleder | 30 | 01-01-2025 | 31-12-2025 |", with_leader=False)

    assert "MED-01" not in [n.code for n in noticed(raw, today=date(2025, 12, 31))]
    assert "MED-01" in [n.code for n in noticed(raw, today=date(2026, 1, 1))]
