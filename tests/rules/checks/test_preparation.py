"""FOR: the dialogue with the four parties before the plan is approved."""

from __future__ import annotations

from collections.abc import Callable, Sequence

import pytest

from tests.rules.helpers import ShownCase, book, case, in_test, noticed

HEADER = "Part | Dato | Form"
OTHER_AREA = {"Boligområde": "Nøjsomhed"}
NO_STAFF = ("Medarbejdere",)
STAFF_LESS = ("a.xlsx: STR-01 Medarbejdere", "b.xlsx: STR-01 Medarbejdere")

CASES: tuple[ShownCase, ...] = (
    case("all four parties", book()),
    # FOR-01
    case("nobody yet, under preparation",
         book(plan={"Planstatus": "Under udarbejdelse"}, Forberedelse=HEADER)),
    case("nobody yet, sent for approval",
         book(plan={"Planstatus": "Til godkendelse"}, Forberedelse=HEADER),
         *["FOR-01 Forberedelse"] * 4),
    case("one party is missing", book(cells={"Forberedelse!A3": "Beboerdemokrater"}),
         "FOR-01 Forberedelse"),
    case("a party twice", book(cells={"Forberedelse!A6": "Kommune",
         "Forberedelse!B6": "01-03-2024"})),
    case("a dialogue without a date is registered", book(cells={"Forberedelse!B5": ""}),
         "CEL-01 Forberedelse!B5"),
    case("an unreadable party may be the missing one", book(cells={"Forberedelse!A5": "Naboerne"}),
         "CEL-04 Forberedelse!A5"),
    case("an unreadable status is beyond nothing",
         book(plan={"Planstatus": "Næsten"}, Forberedelse=HEADER), "CEL-04 Plan!B10"),
    case("the tab is missing", book(without=("Forberedelse",)), "STR-01 Forberedelse"),
    case("the tab has no header row", book(Forberedelse="Møder holdt | med"),
         "STR-05 Forberedelse"),
    case("the column Part is missing", book(cells={"Forberedelse!A1": "Hvem"}),
         "STR-02 Forberedelse"),
    case("the parties of all the plan's workbooks count together", (
         book("a.xlsx", without=NO_STAFF, Forberedelse=f"""
         {HEADER}
         Kommune           | 08-02-2024 | Møde
         Boligorganisation | 13-02-2024 | Møde
         """),
         book("b.xlsx", plan=OTHER_AREA, without=NO_STAFF, Forberedelse=f"""
         {HEADER}
         Beboerdemokrater  | 18-02-2024 | Møde
         """)), *STAFF_LESS, "a.xlsx: FOR-01 Forberedelse"),
    case("reported once, in the first workbook that has the tab", (
         book("a.xlsx", without=(*NO_STAFF, "Forberedelse")),
         book("b.xlsx", plan=OTHER_AREA, without=NO_STAFF,
              cells={"Forberedelse!A5": "Kommune"})), *STAFF_LESS,
         "a.xlsx: STR-01 Forberedelse", "b.xlsx: FOR-01 Forberedelse"),
    # FOR-02: the committee of the example is the first to approve, 07-05-2024
    case("on the day of the first approval", book(cells={"Forberedelse!B5": "07-05-2024"})),
    case("the day after", book(cells={"Forberedelse!B5": "08-05-2024"}), "FOR-02 Forberedelse!B5"),
    case("each party", book(cells={"Forberedelse!B2": "08-05-2025",
         "Forberedelse!B4": "'9/5-24"}),
         "FOR-02 Forberedelse!B2", "FOR-02 Forberedelse!B4"),
    case("meetings during the plan beside an earlier one", book(Forberedelse=f"""
         {HEADER}
         Kommune               | 01-06-2025 | Møde
         Kommune               | 07-05-2024 | Møde
         Koordinerende indsats | 08-05-2024 | Møde
         Koordinerende indsats | 01-05-2024 | Møde
         Boligorganisation     | 13-02-2024 | Møde
         Boligorganisation     | 13-02-2026 | Møde
         Beboerdemokrater      | 18-02-2026 | Møde
         Beboerdemokrater      | 18-02-2025 | Møde
         """), "FOR-02 Forberedelse!B9"),
    case("an unreadable date may be the earlier one", book(Forberedelse=f"""
         {HEADER}
         Kommune               | 01-06-2025   | Møde
         Kommune               | i foråret    | Møde
         Koordinerende indsats | 08-02-2024   | Møde
         Boligorganisation     | 13-02-2024   | Møde
         Beboerdemokrater      | 18-02-2024   | Møde
         """), "CEL-03 Forberedelse!B3"),
    case("an unreadable party may be the one that was heard", book(Forberedelse=f"""
         {HEADER}
         Kommune               | 01-06-2025 | Møde
         Borgmesteren          | 07-05-2024 | Møde
         Koordinerende indsats | 08-02-2024 | Møde
         Boligorganisation     | 13-02-2024 | Møde
         Beboerdemokrater      | 18-02-2024 | Møde
         """), "CEL-04 Forberedelse!A3"),
    case("an unreadable party that was late hides nobody", book(Forberedelse=f"""
         {HEADER}
         Kommune               | 01-06-2025 | Møde
         Borgmesteren          | 08-05-2024 | Møde
         Koordinerende indsats | 08-02-2024 | Møde
         Boligorganisation     | 13-02-2024 | Møde
         Beboerdemokrater      | 18-02-2024 | Møde
         """), "CEL-04 Forberedelse!A3", "FOR-02 Forberedelse!B2"),
    case("an unreadable date", book(cells={"Forberedelse!B5": "i foråret"}),
         "CEL-03 Forberedelse!B5"),
    case("the preliminary step is no approval", book(Godkendelser="""
         Trin             | Instans          | Afgørelse | Afgørelsesdato
         Prækvalifikation | Landsbyggefonden | Godkendt  | 01-01-2024
         """, plan={"Planstatus": "Til godkendelse"})),
    case("a rejection is no approval", book(Godkendelser="""
         Trin            | Instans        | Afgørelse | Afgørelsesdato
         Politisk udvalg | Socialudvalget | Afvist    | 01-01-2024
         """, plan={"Planstatus": "Til godkendelse"})),
    case("an approval in the future counts without its date", book(Godkendelser="""
         Trin            | Instans        | Afgørelse | Afgørelsesdato
         Politisk udvalg | Socialudvalget | Godkendt  | 01-01-2027
         """, plan={"Planstatus": "Til godkendelse"}, cells={"Forberedelse!B5": "01-02-2027"}),
         "GOD-06 Godkendelser!D2"),
    case("the first approval of any of the plan's workbooks", (
         book("a.xlsx", plan={"Planstatus": "Til godkendelse"}, without=NO_STAFF, Godkendelser="""
         Trin            | Instans        | Afgørelse | Afgørelsesdato
         Politisk udvalg | Socialudvalget | Godkendt  | 10-02-2024
         """),
         book("b.xlsx", plan={"Planstatus": "Til godkendelse"} | OTHER_AREA, without=NO_STAFF,
              Godkendelser="Trin | Instans | Afgørelse", Forberedelse=f"""
         {HEADER}
         Kommune | 10-02-2024 | Møde
         Kommune | 11-02-2024 | Møde
         """)), *STAFF_LESS, "a.xlsx: FOR-02 Forberedelse!B4", "a.xlsx: FOR-02 Forberedelse!B5",
         "b.xlsx: STR-02 Godkendelser"),
)  # fmt: skip


@pytest.mark.parametrize("case", in_test(CASES))
def test_preparation(case: ShownCase, judged: Callable[[ShownCase], Sequence[str]]) -> None:
    assert judged(case) == sorted(case.expected)


def test_each_missing_party_is_named() -> None:
    raw = book(plan={"Planstatus": "Til godkendelse"}, Forberedelse=HEADER)
    messages = [notice.message for notice in noticed(raw) if notice.code == "FOR-01"]

    for party in ("koordinerende indsats", "kommunen", "organisationen", "demokraterne."):
        assert len([message for message in messages if party in message]) == 1
