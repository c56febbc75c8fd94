"""PLA-07: what differs from the workbook as somebody confirmed it."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, timedelta

import pytest

from rules.catalogue.catalogue import Verdict, notice_of, verdict_on
from rules.gate.gate import Gate
from rules.judging.confirmed import ConfirmedPlan, Standing
from rules.judging.rule import Context
from rules.model.cells import RawWorkbook
from rules.model.plan import Plan
from rules.model.run_index import plan_key
from rules.model.shipped import SHIPPED
from tests.rules.helpers import TODAY, book

SIGNED = {"Bekræftet af": "Mette Holm", "Bekræftet den": "23-11-2026"}
KEY = plan_key("VAP-2025", "")
UNSIGNED: ConfirmedPlan = {"vapnagaard": None}
"""What is remembered of a workbook that had no confirmation."""
EXTRA = {f"Indsatser!{column}5": text for column, text in zip("ABCDEFGHI", (
    "4", "Sundhed", "Gåture", "Ældre", "Ali Demir", "01-01-2026", "31-12-2028", "Planlagt", "0"
), strict=True)}  # fmt: skip


def verdict(raw: RawWorkbook, known: ConfirmedPlan | None, today: date = TODAY) -> Verdict:
    (passed,) = Gate(SHIPPED).check([raw])
    assert passed.workbook is not None
    confirmed = {} if known is None else {KEY: known}
    return verdict_on(Plan((passed.workbook,)), Context(SHIPPED, today, {}, confirmed))


def signed(cells: Mapping[str, str] | None = None, /, **fields: str) -> RawWorkbook:
    named = {name.replace("_", " "): text for name, text in fields.items()}
    return book(plan=SIGNED | named, cells=cells or {})


FIRST_SEEN = verdict(signed(), UNSIGNED).confirmed


def told(found: Verdict) -> list[str]:
    return [notice_of(one).message for one in found.findings if one.code == "PLA-07"]


def standing(found: Verdict) -> list[Standing]:
    return [one.standing for one in found.figures.confirmed]


@pytest.mark.parametrize(
    ("title", "cells", "places"),
    [
        ("nothing", {}, ""),
        ("one øre", {"Finansiering!F3": "500000,01"}, "Finansiering F3 er"),
        ("amounts and an activity", {"Finansiering!F3": "1", "Finansiering!G3": "2",
         "Indsatser!I2": "3"}, "Finansiering F3 G3 og Indsatser I2 er"),
        ("an amount is cleared", {"Finansiering!F3": ""}, "Finansiering F3 er"),
        ("the period", {"Plan!B9": "31-12-2027"}, "Plan B9 er"),
        ("an approval", {"Godkendelser!D9": "Afvist"}, "Godkendelser D9 er"),
        ("an approval's date", {"Godkendelser!E9": "01-12-2024"}, "Godkendelser E9 er"),
        ("an activity's name", {"Indsatser!C2": "Lektiecafé"}, "Indsatser C2 er"),
        ("an activity's number", {"Indsatser!A2": "7"}, "Indsatser A2 er"),
        ("an activity more", EXTRA, "Indsatser A5 er"),
        ("an activity less", {f"Indsatser!{c}2": "" for c in "ABCDEFGHIJ"},
         "Der er slettet rækker i Indsatser."),
        ("more than can be named", {f"Finansiering!{c}{r}": "1" for c in "EFGH" for r in (2, 3)},
         "Finansiering E2 F2 G2 H2 E3 +3 er"),
        ("another type", {"Finansiering!B3": "Fond"}, "Finansiering B3 er"),
        ("another name of a source", {"Finansiering!A3": "Kommunen"}, ""),
        ("blanks and capitals", {"Indsatser!C2": " LEKTIEHJÆLP "}, ""),
        ("a total row's amount", {"Finansiering!E4": "9"}, ""),
        ("what was learnt", {"Indsatser!J2": "Noget nyt"}, ""),
        ("a milestone", {"Milepæle!E2": "Nået"}, ""),
        ("an amount that cannot be read is CEL's", {"Finansiering!F3": "'ca. 5"}, ""),
        ("an empty end is CEL's", {"Plan!B9": ""}, ""),
        ("0 where nothing stood", {f"Finansiering!{c}5": t for c, t in zip("ABCDE", (
            "Boliggården", "Boligorganisation", "Kontant", "Ja", "0"), strict=True)}, ""),
    ],
)  # fmt: skip
def test_a_change_is_named(title: str, cells: Mapping[str, str], places: str) -> None:
    assert "".join(told(verdict(signed(cells), FIRST_SEEN))).partition(": ")[2].startswith(places)
    expected = [Standing.VOID] if places else [Standing.HOLDS]
    assert standing(verdict(signed(cells), FIRST_SEEN)) == expected


def test_rows_that_changed_places_are_no_change() -> None:
    rows = {
        f"Indsatser!{'ABCDEFGHIJ'[at]}{5 - number}": text
        for number, row in enumerate(ACTIVITIES, 2)
        for at, text in enumerate(row)
    }
    assert standing(verdict(signed(rows), FIRST_SEEN)) == [Standing.HOLDS]


ACTIVITIES = (
    ("1", "Børn, unge og familie", "Lektiehjælp", "Børn 6-12 år", "Mette Holm", "01-02-2025",
     "30-06-2028", "I gang", "1600000", ""),
    ("2", "Sundhed", "Sundhedscafé", "Ældre", "Ali Demir", "01-03-2025", "31-12-2028", "Planlagt",
     "3200000", ""),
    ("3", "Image og kommunikation", "Informationsstrategi", "Alle beboere", "Mette Holm",
     "01-01-2025", "31-12-2028", "I gang", "3200000", ""),
)  # fmt: skip


def test_without_a_history_nothing_is_said() -> None:
    changed = verdict(signed({"Finansiering!F3": "9"}), None)
    assert told(changed) == []


def test_a_new_date_renews_it_and_so_does_one_that_was_away() -> None:
    changed = {"Finansiering!F3": "9"}
    void = verdict(signed(changed), FIRST_SEEN)
    assert void.confirmed == FIRST_SEEN
    tomorrow = TODAY + timedelta(days=1)
    renewed = verdict(signed(changed, Bekræftet_den="24-11-2026"), void.confirmed, tomorrow)
    assert standing(renewed) == [Standing.HOLDS]
    cleared = verdict(signed(changed, Bekræftet_den=""), FIRST_SEEN)
    assert cleared.confirmed == UNSIGNED
    assert standing(verdict(signed(changed), cleared.confirmed)) == [Standing.HOLDS]


def test_a_date_that_cannot_be_read_is_no_new_one() -> None:
    unread = verdict(signed(Bekræftet_den="'i går"), FIRST_SEEN)
    assert unread.confirmed == FIRST_SEEN
    assert (told(unread), standing(unread)) == ([], [Standing.UNDATED])


@pytest.mark.parametrize(
    ("fields", "known", "expected"),
    [
        ({}, UNSIGNED, Standing.HOLDS),
        ({}, None, Standing.HOLDS),  # confirmed and first seen on one day
        ({"Bekræftet_den": "22-11-2026"}, UNSIGNED, Standing.HOLDS),  # typed since the last check
        ({"Bekræftet_den": "22-11-2026"}, None, Standing.UNKNOWN),
        ({"Bekræftet_den": "24-11-2026"}, UNSIGNED, Standing.LATER),
        ({"Bekræftet_den": ""}, UNSIGNED, Standing.UNDATED),
        ({"Bekræftet_af": ""}, UNSIGNED, Standing.UNNAMED),
        ({"Bekræftet_af": "", "Bekræftet_den": ""}, UNSIGNED, None),
    ],
)
def test_what_a_confirmation_is_worth(
    fields: Mapping[str, str], known: ConfirmedPlan | None, expected: Standing | None
) -> None:
    assert standing(verdict(signed(**fields), known)) == ([expected] if expected else [])
