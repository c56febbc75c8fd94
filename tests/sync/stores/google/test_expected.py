"""What an answer has to show before it counts as the look after a write."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime, time, timedelta

import pytest

from rules.model.cells import FALSE, TRUE, Cell, FormulaError, RawTab
from sync.stores.google.snapshot import (
    ColumnTexts,
    SheetSnapshot,
    SpreadsheetSnapshot,
    agree,
    with_texts,
)

STANDING: list[Cell] = [
    "tekst", None, 1250000.5, date(2026, 12, 31), datetime(2026, 12, 31, 12, 0),  # noqa: DTZ001  a cell's
    time(8, 30), timedelta(hours=30), TRUE, FALSE, FormulaError("#REF!"),
]  # fmt: skip
SHOWN = ["tekst", "", 1250000.5, 46387, 46387.5, 0.3541666667, 1.25, True, False, "#REF!"]


def tab(*rows: Sequence[Cell], name: str = "Indsatser") -> SheetSnapshot:
    return SheetSnapshot(7, RawTab(name, list(enumerate(rows, 1))), 100, 20, {}, {})


def shows(*rows: list[object], name: str = "Indsatser") -> dict[str, object]:
    return {"range": f"{name}!A1:T100", "values": list(rows)}


def test_every_kind_of_value_is_recognised() -> None:
    assert agree([tab(STANDING)], [shows(list(SHOWN))])


@pytest.mark.parametrize("place", range(len(SHOWN)))
def test_every_value_that_has_changed_is_noticed(place: int) -> None:
    shown: list[object] = [*SHOWN[:place], "et andet ord", *SHOWN[place + 1 :]]

    assert not agree([tab(STANDING)], [shows(shown)])


@pytest.mark.parametrize(
    "shown",
    [
        [],
        [{}],
        [shows(["a", "b"], ["c"])],
        [shows([], ["a"], ["c"])],
        [shows(["a"])],
        [shows(["a"], ["c"], ["d"])],
        [shows(["a"], ["c"], name="'Omdøbt'")],
    ],
    ids=["no answer", "nothing", "wider", "moved down", "row gone", "row more", "renamed"],
)
def test_an_answer_that_shows_something_else(shown: list[dict[str, object]]) -> None:
    assert agree([tab(["a"], ["c"])], [shows(["a"], ["c"])])
    assert not agree([tab(["a"], ["c"])], shown)


def test_a_tab_with_a_quoted_name() -> None:
    assert agree([tab(["a"], name="Ida's plan")], [shows(["a"], name="'Ida''s plan'")])


def test_texts_are_put_where_they_will_stand() -> None:
    snapshot = SpreadsheetSnapshot("Plan", [tab(["Navn", "Kontrol"], ["a"], ["b", "OK"])])

    (filled,) = with_texts(snapshot, [ColumnTexts(7, 2, 1, {2: "OK", 3: ""})]).tabs

    assert filled.raw.rows == [(1, ["Navn", "Kontrol"]), (2, ["a", "OK"]), (3, ["b", ""])]
