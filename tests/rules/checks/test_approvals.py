"""GOD: the approvals, which are a partial order and not a chain. Today is 23-11-2026."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import replace
from datetime import date

import pytest

from rules.gate.gate import Gate
from rules.judging.rule import Case, Context
from rules.judging.summary import figures_of
from rules.model.cells import Cell, RawWorkbook
from rules.model.parameter_types import ApprovalStep
from rules.model.parameters import Parameters
from rules.model.plan import Plan
from rules.model.shipped import SHIPPED
from tests.rules.helpers import TODAY, ShownCase, book, case, in_test, noticed

HEADER = "Trin | Instans | Sendt | Afgørelse | Afgørelsesdato"
DIALOGUES = """
Part                  | Dato
Koordinerende indsats | 01-02-2020
Kommune               | 01-02-2020
Boligorganisation     | 01-02-2020
Beboerdemokrater      | 01-02-2020
"""
OTHER_AREA: dict[str, Cell] = {"Boligområde": "Nøjsomhed"}


def asked(rows: str, path: str = "a.xlsx", **fields: Cell) -> RawWorkbook:
    """The example (2025-2028) for approval, with these rows (from row 2 on) and fields."""
    return book(
        path,
        plan={"Planstatus": "Til godkendelse"} | fields,
        without=("Medarbejdere",),
        Godkendelser=f"{HEADER}\n{rows.strip()}",
        Forberedelse=DIALOGUES,
    )


COMMITTEE = "Politisk udvalg | Socialudvalget | | Godkendt | 07-05-2024"
FINANCE = "Politisk udvalg | Økonomiudvalget | | Godkendt | 21-05-2024"
COUNCIL = "Byråd | Helsingør Byråd | | Godkendt | 03-06-2024"
RESIDENTS = "Beboerdemokrati | Afdelingsmødet | | Godkendt | 27-08-2024"
ORGANISATION = "Boligorganisation | Boliggården | | Godkendt | 05-09-2024"
STEERING = "Styregruppe | Styregruppen | | Godkendt | 19-09-2024"
FINAL = "Landsbyggefonden | Landsbyggefonden | | Godkendt | 28-11-2024"
IN_ORDER = (COMMITTEE, FINANCE, COUNCIL, RESIDENTS, ORGANISATION, STEERING, FINAL)


def approvals(*rows: str) -> RawWorkbook:
    """A plan for approval with these rows, from row 2 on."""
    return asked("\n".join(rows))


def but(old: str, *new: str) -> RawWorkbook:
    """All approvals in order, with one row (its line in IN_ORDER) replaced by others."""
    return approvals(*(line for row in IN_ORDER for line in (new if row == old else (row,))))


def dated(row: str, day: str) -> str:
    """The approval with another date."""
    return row.rpartition("|")[0] + f"| {day}"


def decided(row: str, decision: str, day: str = "") -> str:
    """The approval with another decision, and another date or none."""
    step, body, *_ = row.split("|")
    return f"{step} | {body} | | {decision} | {day}"


NO_STAFF = "STR-01 Medarbejdere"
AB = ("a.xlsx: STR-01 Medarbejdere", "b.xlsx: STR-01 Medarbejdere")

CASES: tuple[ShownCase, ...] = (
    case("all in the customary order", approvals(*IN_ORDER), NO_STAFF),
    case("the order of the rows does not matter", approvals(*reversed(IN_ORDER)), NO_STAFF),
    case("nothing decided yet", approvals(), NO_STAFF),
    case("all of them pending", approvals(*(decided(row, "Afventer") for row in IN_ORDER)),
         NO_STAFF),
    # GOD-01: a required step is not approved
    case("the committees alone", approvals(COMMITTEE, FINANCE), NO_STAFF),
    case("the Byråd without a committee's row", approvals(COUNCIL), NO_STAFF,
         "GOD-01 Godkendelser!D2"),
    case("the Byråd, one of two committees pending", approvals(
         COMMITTEE, decided(FINANCE, "Afventer"), COUNCIL), NO_STAFF, "GOD-01 Godkendelser!D4"),
    case("the Byråd, one of two committees against", approvals(
         COMMITTEE, decided(FINANCE, "Afvist", "21-05-2024"), COUNCIL), NO_STAFF,
         "GOD-01 Godkendelser!D4"),
    case("the Byråd, one committee not relevant", approvals(
         COMMITTEE, decided(FINANCE, "Ikke relevant"), COUNCIL), NO_STAFF),
    case("the Byråd, no committee relevant", approvals(
         decided(COMMITTEE, "Ikke relevant"), decided(FINANCE, "Ikke relevant"), COUNCIL),
         NO_STAFF),
    case("a committee that waited and is not relevant now", approvals(
         decided(COMMITTEE, "Afventer"), decided(COMMITTEE, "Ikke relevant"), COUNCIL), NO_STAFF),
    case("a committee that was not relevant and waits now", approvals(
         decided(COMMITTEE, "Ikke relevant"), decided(COMMITTEE, "Afventer"), COUNCIL), NO_STAFF,
         "GOD-01 Godkendelser!D4"),
    case("the organisations and the steering group need nobody", approvals(
         ORGANISATION, RESIDENTS, STEERING), NO_STAFF),
    case("a rejection needs nobody", approvals(decided(COUNCIL, "Afvist", "03-06-2024")), NO_STAFF),
    case("the fund alone: one finding that names all", approvals(FINAL), NO_STAFF,
         "GOD-01 Godkendelser!D2"),
    *(case(f"the fund, without {row.partition(' |')[0]}", but(row), NO_STAFF, *expected)
      for row, expected in (
          (COUNCIL, ("GOD-01 Godkendelser!D7",)),
          (RESIDENTS, ("GOD-01 Godkendelser!D7",)),
          (ORGANISATION, ("GOD-01 Godkendelser!D7",)),
          (STEERING, ("GOD-01 Godkendelser!D7",)))),
    case("the fund, one resident meeting of two pending", but(
         RESIDENTS, RESIDENTS, "Beboerdemokrati | Afdeling 2 | | Afventer |"), NO_STAFF,
         "GOD-01 Godkendelser!D9"),
    case("every approved row of the step", approvals(
         COUNCIL, "Byråd | Byrådet i den anden kommune | | Godkendt | 04-06-2024"), NO_STAFF,
         "GOD-01 Godkendelser!D2", "GOD-01 Godkendelser!D3"),
    case("an unreadable decision may be the missing one", approvals(
         decided(COMMITTEE, "Ja da"), COUNCIL), NO_STAFF, "CEL-04 Godkendelser!D2"),
    case("an empty decision too", approvals(decided(COMMITTEE, ""), COUNCIL), NO_STAFF,
         "CEL-01 Godkendelser!D2"),
    case("an unreadable step may be the missing one", approvals(
         "Udvalget | Socialudvalget | | Godkendt | 07-05-2024", COUNCIL), NO_STAFF,
         "CEL-04 Godkendelser!A2"),
    case("a step without a date is approved", approvals(decided(COMMITTEE, "Godkendt"), COUNCIL),
         NO_STAFF, "GOD-04 Godkendelser!E2"),
    case("a step dated in the future is approved", approvals(dated(COMMITTEE, "24-11-2026"),
         COUNCIL),
         NO_STAFF, "GOD-06 Godkendelser!E2"),
    # the latest decision counts
    case("rejected, then approved", approvals(
         decided(COMMITTEE, "Afvist", "01-05-2024"), COMMITTEE, COUNCIL), NO_STAFF),
    case("the latest by date, not by row", approvals(
         COMMITTEE, decided(COMMITTEE, "Afvist", "01-05-2024"), COUNCIL), NO_STAFF),
    case("approved, then rejected", approvals(
         COMMITTEE, decided(COMMITTEE, "Afvist", "08-05-2024"), COUNCIL), NO_STAFF,
         "GOD-01 Godkendelser!D4"),
    case("without dates the latest by row", approvals(
         decided(COMMITTEE, "Afvist"), decided(COMMITTEE, "Godkendt"), COUNCIL), NO_STAFF,
         "GOD-04 Godkendelser!E2", "GOD-04 Godkendelser!E3"),
    case("without dates, rejected last", approvals(
         decided(COMMITTEE, "Godkendt"), decided(COMMITTEE, "Afvist"), COUNCIL), NO_STAFF,
         "GOD-04 Godkendelser!E2", "GOD-04 Godkendelser!E3", "GOD-01 Godkendelser!D4"),
    case("one body under two spellings", approvals(
         "Politisk udvalg | SOCIALUDVALGET  | | Afvist | 01-05-2024", COMMITTEE, COUNCIL),
         NO_STAFF),
    case("the rejection of another body stays", approvals(
         "Politisk udvalg | Teknikudvalget | | Afvist | 01-05-2024", COMMITTEE, COUNCIL), NO_STAFF,
         "GOD-01 Godkendelser!D4"),
    case("one body in two steps", approvals(
         "Boligorganisation | Boliggården | | Afvist | 01-06-2024",
         "Beboerdemokrati | Boliggården | | Godkendt | 02-06-2024"), NO_STAFF),
    case("a superseded approval is not too soon", approvals(
         dated(COUNCIL, "01-01-2024"), COMMITTEE, COUNCIL), NO_STAFF),
    # GOD-02: dated before a required step
    case("on the same day", approvals(COMMITTEE, FINANCE, dated(COUNCIL, "21-05-2024")), NO_STAFF),
    case("the day before the last committee", approvals(COMMITTEE, FINANCE, dated(COUNCIL,
         "20-05-2024")),
         NO_STAFF, "GOD-02 Godkendelser!E4"),
    case("the fund on the same day as all others", approvals(
         *(dated(row, "01-09-2024") for row in IN_ORDER)), NO_STAFF),
    case("the fund before three others", but(FINAL, dated(FINAL, "04-06-2024")), NO_STAFF,
         "GOD-02 Godkendelser!E8"),
    case("each such row", approvals(
         COMMITTEE, dated(COUNCIL, "01-05-2024"),
         "Byråd | Et andet byråd | | Godkendt | 02-05-2024"),
         NO_STAFF, "GOD-02 Godkendelser!E3", "GOD-02 Godkendelser!E4"),
    case("a rejection has no order", approvals(COMMITTEE, decided(COUNCIL, "Afvist", "01-01-2024")),
         NO_STAFF),
    case("a step that is not approved has no date", approvals(
         COMMITTEE, decided(FINANCE, "Afventer"), dated(COUNCIL, "06-05-2024")), NO_STAFF,
         "GOD-01 Godkendelser!D4"),
    case("today is no date in the future", approvals(
         dated(COMMITTEE, "23-11-2026"), dated(COUNCIL, "22-11-2026")), NO_STAFF,
         "GOD-02 Godkendelser!E3"),
    case("a date in the future is none", approvals(dated(COMMITTEE, "01-01-2027"), COUNCIL),
         NO_STAFF,
         "GOD-06 Godkendelser!E2"),
    case("a committee without a date beside one with", approvals(
         decided(COMMITTEE, "Godkendt"), FINANCE, dated(COUNCIL, "20-05-2024")), NO_STAFF,
         "GOD-04 Godkendelser!E2", "GOD-02 Godkendelser!E4"),
    case("a committee not relevant, dated", approvals(
         COMMITTEE, decided(FINANCE, "Ikke relevant", "01-07-2024"), COUNCIL), NO_STAFF),
    # GOD-03: dated before a step that it customarily follows
    case("residents and organisation before the Byråd", approvals(
         COMMITTEE, COUNCIL, dated(RESIDENTS, "02-06-2024"), dated(ORGANISATION, "03-06-2024")),
         NO_STAFF, "GOD-03 Godkendelser!E4"),
    case("the steering group before both", approvals(
         COMMITTEE, COUNCIL, RESIDENTS, ORGANISATION, dated(STEERING, "26-08-2024")), NO_STAFF,
         "GOD-03 Godkendelser!E6"),
    case("the steering group between both", approvals(
         COMMITTEE, COUNCIL, RESIDENTS, ORGANISATION, dated(STEERING, "04-09-2024")), NO_STAFF,
         "GOD-03 Godkendelser!E6"),
    case("residents and organisation in any order", approvals(
         COMMITTEE, COUNCIL, dated(RESIDENTS, "10-10-2024"), dated(ORGANISATION, "01-07-2024")),
         NO_STAFF),
    case("the steering group, nobody else decided", approvals(STEERING), NO_STAFF),
    case("the preliminary step comes early", approvals(
         "Prækvalifikation | Landsbyggefonden | | Godkendt | 20-11-2023", *IN_ORDER), NO_STAFF),
    case("the preliminary step after the final approval", approvals(
         "Prækvalifikation | Landsbyggefonden | | Godkendt | 29-11-2024", *IN_ORDER), NO_STAFF,
         "GOD-03 Godkendelser!E9"),
    case("the preliminary step is optional", approvals(*IN_ORDER), NO_STAFF, today=date(2026, 1,
         1)),
    case("a pending preliminary step stops nobody", approvals(
         "Prækvalifikation | Landsbyggefonden | | Afventer |", *IN_ORDER), NO_STAFF),
    # GOD-04 and GOD-06: decided without a date, or in the future
    case("pending and not relevant need no date", approvals(
         decided(COMMITTEE, "Afventer"), decided(FINANCE, "Ikke relevant")), NO_STAFF),
    case("approved and rejected without a date", approvals(
         decided(COMMITTEE, "Godkendt"), decided(FINANCE, "Afvist")), NO_STAFF,
         "GOD-04 Godkendelser!E2", "GOD-04 Godkendelser!E3"),
    case("an unreadable date", approvals(decided(COMMITTEE, "Godkendt", "i maj")), NO_STAFF,
         "CEL-03 Godkendelser!E2"),
    case("the column for the date is missing", book(
         plan={"Planstatus": "Til godkendelse"}, Godkendelser="""
         Trin            | Instans        | Afgørelse
         Politisk udvalg | Socialudvalget | Godkendt
         """), "STR-02 Godkendelser"),
    case("decided today", approvals(dated(COMMITTEE, "23-11-2026")), NO_STAFF),
    case("decided tomorrow", approvals(
         dated(COMMITTEE, "24-11-2026"), decided(FINANCE, "Afvist", "24-11-2026")), NO_STAFF,
         "GOD-06 Godkendelser!E2", "GOD-06 Godkendelser!E3"),
    case("not relevant tomorrow", approvals(decided(COMMITTEE, "Ikke relevant", "24-11-2026")),
         NO_STAFF),
    # GOD-05
    case("pending with a date", approvals(decided(COMMITTEE, "Afventer", "07-05-2024")), NO_STAFF,
         "GOD-05 Godkendelser!D2"),
    case("pending with a date in the future", approvals(decided(COMMITTEE, "Afventer",
         "07-05-2027")),
         NO_STAFF, "GOD-05 Godkendelser!D2"),
    # GOD-07
    case("not needed before the plan is approved", asked(""), NO_STAFF),
    *(case(f"no final approval in a plan that is {status}", asked(
           "\n".join(IN_ORDER[:-1]), Planstatus=status), NO_STAFF, "GOD-07 Plan!B10")
      for status in ("Godkendt", "Afsluttet")),
    case("the final approval is pending", asked(
         "\n".join((*IN_ORDER[:-1], decided(FINAL, "Afventer"))), Planstatus="Godkendt"), NO_STAFF,
         "GOD-07 Plan!B10"),
    case("the final approval was refused", asked(
         "\n".join((*IN_ORDER[:-1], decided(FINAL, "Afvist", "28-11-2024"))),
         Planstatus="Godkendt"),
         NO_STAFF, "GOD-07 Plan!B10"),
    case("the final approval is unreadable", asked(
         "\n".join((*IN_ORDER[:-1], decided(FINAL, "Måske", "28-11-2024"))), Planstatus="Godkendt"),
         NO_STAFF, "CEL-04 Godkendelser!D8"),
    case("the final approval has no date", asked(
         "\n".join((*IN_ORDER[:-1], decided(FINAL, "Godkendt"))), Planstatus="Godkendt"), NO_STAFF,
         "GOD-04 Godkendelser!E8"),
    case("the preliminary step is not the final one", asked("\n".join((
         *IN_ORDER[:-1], "Prækvalifikation | Landsbyggefonden | | Godkendt | 20-11-2023")),
         Planstatus="Godkendt"), NO_STAFF, "GOD-07 Plan!B10"),
    case("the tab is missing", book(without=("Godkendelser",)), "STR-01 Godkendelser"),
    case("a column is missing", book(cells={"Godkendelser!D1": "Svar"}), "STR-02 Godkendelser"),
    case("an unreadable status", asked("", Planstatus="Næsten"), NO_STAFF, "CEL-04 Plan!B10"),
    case("the final approval stands in the other workbook", (
         asked("\n".join(IN_ORDER[:-1]), Planstatus="Godkendt"),
         asked(FINAL, "b.xlsx", Planstatus="Godkendt", **OTHER_AREA)), *AB),
    case("in none of them: reported once, in the first", (
         asked("\n".join(IN_ORDER[:-1]), Planstatus="Godkendt"),
         asked(COUNCIL, "b.xlsx", Planstatus="Godkendt", **OTHER_AREA)), *AB,
         "a.xlsx: GOD-07 Plan!B10"),
    # GOD-08: the plan starts 01-01-2025
    case("approved on the plan's first day", but(FINAL, dated(FINAL, "01-01-2025")), NO_STAFF),
    case("approved the day after", but(FINAL, dated(FINAL, "02-01-2025")), NO_STAFF,
         "GOD-08 Godkendelser!E8"),
    case("refused the day after", but(FINAL, decided(FINAL, "Afvist", "02-01-2025")), NO_STAFF),
    case("without a readable start", asked(dated(FINAL, "02-01-2025"), Startdato="snart"), NO_STAFF,
         "CEL-03 Plan!B8", "GOD-01 Godkendelser!D2"),
    # GOD-09
    case("both organisations are named", asked("\n".join((
         *IN_ORDER, "Boligorganisation | Nordkystens bestyrelse | | Godkendt | 05-09-2024")),
         Planstatus="Godkendt", **{"Øvrige boligorganisationer": "Nordkysten"}), NO_STAFF),
    case("by another spelling", asked("\n".join(IN_ORDER).replace(
         "Boliggården", "Organisationsbestyrelsen i Boliggaarden"), Planstatus="Godkendt"),
         NO_STAFF),
    case("not needed before", asked("", **{"Øvrige boligorganisationer": "Nordkysten"}), NO_STAFF),
    case("one of two is missing", asked("\n".join(IN_ORDER), Planstatus="Godkendt",
         **{"Øvrige boligorganisationer": "Boliggården; Nordkysten"}), NO_STAFF,
         "GOD-09 Godkendelser"),
    case("two others, with a comma between them", asked("\n".join(IN_ORDER), Planstatus="Godkendt",
         **{"Øvrige boligorganisationer": "Nordkysten, Boligselskabet Øresund"}), NO_STAFF,
         "GOD-09 Godkendelser", "GOD-09 Godkendelser"),
    case("named under another step only", asked("\n".join(
         (COMMITTEE, COUNCIL, RESIDENTS,
         "Boligorganisation | Bestyrelsen | | Godkendt | 05-09-2024",
          STEERING, FINAL, "Beboerdemokrati | Boliggården | | Godkendt | 05-09-2024")),
         Planstatus="Godkendt"), NO_STAFF, "GOD-09 Godkendelser"),
    case("an empty Instans may be the one that is missing", asked("\n".join(IN_ORDER).replace(
         "Boligorganisation | Boliggården", "Boligorganisation | "), Planstatus="Godkendt"),
         NO_STAFF,
         "CEL-01 Godkendelser!B6"),
    case("named in the other workbook", (
         asked("\n".join(row for row in IN_ORDER if row != ORGANISATION), Planstatus="Godkendt"),
         asked(ORGANISATION, "b.xlsx", Planstatus="Godkendt", **OTHER_AREA)), *AB),
    case("each organisation once, in the first workbook", (
         asked("\n".join(IN_ORDER), Planstatus="Godkendt",
         **{"Øvrige boligorganisationer": "Nordkysten"}),
         asked("", "b.xlsx", Planstatus="Godkendt",
               Boligområde="Tibberupparken", Boligorganisation="Nordkysten")), *AB,
         "a.xlsx: GOD-09 Godkendelser"),
    # GOD-10
    case("sent on the day of the decision", approvals(
         "Politisk udvalg | Socialudvalget | 07-05-2024 | Godkendt | 07-05-2024"), NO_STAFF),
    case("sent the day after", approvals(
         "Politisk udvalg | Socialudvalget | 08-05-2024 | Godkendt | 07-05-2024"), NO_STAFF,
         "GOD-10 Godkendelser!C2"),
    case("sent and not yet decided", approvals(
         "Politisk udvalg | Socialudvalget | 08-05-2024 | Afventer |"), NO_STAFF),
    case("a decision in the future counts without its date", approvals(
         "Politisk udvalg | Socialudvalget | 08-05-2035 | Godkendt | 07-05-2034"), NO_STAFF,
         "GOD-06 Godkendelser!E2"),
    # GOD-11
    case("the workbooks agree", (
         asked("\n".join(IN_ORDER)), asked("\n".join(reversed(IN_ORDER)), "b.xlsx", **OTHER_AREA)),
         *AB),
    case("another date and another decision", (
         asked("\n".join(IN_ORDER)),
         asked("\n".join((dated(COUNCIL, "04-06-2024"), decided(STEERING, "Afvist", "18-09-2024"),
                          ORGANISATION)), "b.xlsx", **OTHER_AREA)), *AB,
         "b.xlsx: GOD-11 Godkendelser!D2", "b.xlsx: GOD-11 Godkendelser!D3"),
    case("on the same day the later row decides", (
         asked("\n".join((COMMITTEE, COUNCIL))),
         asked(decided(COMMITTEE, "Afvist", "07-05-2024"), "b.xlsx", **OTHER_AREA)), *AB,
         "b.xlsx: GOD-11 Godkendelser!D2", "a.xlsx: GOD-01 Godkendelser!D3"),
    case("the same decisions in another order", (
         asked("\n".join((decided(COMMITTEE, "Afvist", "01-05-2024"), COMMITTEE))),
         asked("\n".join((COMMITTEE, decided(COMMITTEE, "Afvist", "01-05-2024"))), "b.xlsx",
               **OTHER_AREA)), *AB),
    case("other bodies do not disagree", (
         asked(COMMITTEE), asked("Politisk udvalg | Kulturudvalget | | Afvist | 01-05-2024",
                                 "b.xlsx", **OTHER_AREA)), *AB),
    case("in each workbook but the first that has it", (
         asked(""), asked(COMMITTEE, "b.xlsx", **OTHER_AREA),
         asked(dated(COMMITTEE, "08-05-2024"), "c.xlsx",
               Boligområde="Tibberupparken", Boligorganisation="Nordkysten")),
         *AB, "c.xlsx: STR-01 Medarbejdere", "c.xlsx: GOD-11 Godkendelser!D2"),
    case("an unreadable date disagrees with nobody", (
         asked(COMMITTEE), asked(dated(COMMITTEE, "i maj"), "b.xlsx", **OTHER_AREA)), *AB,
         "b.xlsx: CEL-03 Godkendelser!E2"),
    case("two rows of one workbook do not disagree", approvals(
         decided(COMMITTEE, "Afvist", "01-05-2024"), COMMITTEE), NO_STAFF),
    case("what the workbooks repeat is one decision", (
         asked("\n".join(IN_ORDER)),
         asked("\n".join((decided(COMMITTEE, "Afvist", "01-05-2024"), COMMITTEE)), "b.xlsx",
               **OTHER_AREA)), *AB),
)  # fmt: skip


@pytest.mark.parametrize("case", in_test(CASES))
def test_approvals(case: ShownCase, judged: Callable[[ShownCase], Sequence[str]]) -> None:
    assert judged(case) == sorted(case.expected)


def test_one_finding_names_every_step_that_is_missing() -> None:
    (message,) = [n.message for n in noticed(approvals(COMMITTEE, FINAL)) if n.code == "GOD-01"]

    assert message == (
        "Landsbyggefonden har godkendt planen, men Byrådet, boligorganisationen, "
        "beboerdemokratiet og styregruppen har ikke."
    )


def test_the_body_that_has_not_approved_is_named() -> None:
    waits = COMMITTEE.replace("Godkendt | 07-05-2024", "Afventer |")
    assert waits != COMMITTEE
    messages = [n.message for n in noticed(approvals(waits, COUNCIL)) if n.code == "GOD-01"]

    assert messages == [
        "Byrådet har godkendt planen, men det politiske udvalg (Socialudvalget) har ikke."
    ]


def test_a_body_with_the_name_of_its_step_is_named_once() -> None:
    refused = decided(COUNCIL, "Afvist", "03-06-2024").replace("Helsingør Byråd", "Byrådet")
    raw = approvals(COMMITTEE, refused, ORGANISATION, RESIDENTS, STEERING, FINAL)
    (message,) = [n.message for n in noticed(raw) if n.code == "GOD-01"]

    assert message == "Landsbyggefonden har godkendt planen, men Byrådet har ikke."


def next_step(raw: RawWorkbook, parameters: Parameters = SHIPPED) -> str | None:
    """The step that comes next for the plan in this workbook."""
    (passed,) = Gate(parameters).check([raw])
    return figures_of(Case(Plan((passed.workbook,)), Context(parameters, TODAY))).next_step


NEXT_STEPS = [
    (approvals(), "Politisk udvalg"),
    (approvals(COMMITTEE), "Byråd"),
    (approvals(COMMITTEE, decided(FINANCE, "Afventer")), "Politisk udvalg"),
    (approvals(decided(COMMITTEE, "Ikke relevant")), "Byråd"),
    (approvals(COMMITTEE, COUNCIL), "Boligorganisation"),
    (approvals(COMMITTEE, COUNCIL, ORGANISATION), "Beboerdemokrati"),
    (approvals(*IN_ORDER[:-1]), "Landsbyggefonden"),
    (approvals(*IN_ORDER), None),
    (approvals(*IN_ORDER[:-1], decided(FINAL, "Afvist", "28-11-2024")), "Landsbyggefonden"),
]


@pytest.mark.parametrize(("raw", "step"), NEXT_STEPS, ids=[str(step) for _, step in NEXT_STEPS])
def test_the_next_step_is_the_first_whose_requirements_are_approved(
    raw: RawWorkbook, step: str | None
) -> None:
    assert next_step(raw) == step


def test_the_steps_and_their_order_are_configuration() -> None:
    steps = (
        ApprovalStep("Prækvalifikation", mandatory=False),
        ApprovalStep("Boligorganisation"),
        ApprovalStep("Landsbyggefonden", requires=("Boligorganisation",)),
    )
    parameters = replace(SHIPPED, steps=steps)
    codes = [
        notice.code
        for notice in noticed(approvals(ORGANISATION, FINAL, COUNCIL), parameters=parameters)
        if notice.tab == "Godkendelser"
    ]

    assert codes == ["CEL-04"]
    assert next_step(approvals(ORGANISATION), parameters) == "Landsbyggefonden"
