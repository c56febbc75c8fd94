"""A plan whose workbook is gone or cannot be read stays in view, and belongs to no sum."""

from __future__ import annotations

from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest

from tests.sync.helpers import DAY, Site, book, figures, table

pytestmark = pytest.mark.slow

TIB = {"Plan-id": "TIB-2025", "Boligområde": "Tibberupparken", "Plannavn": "Helhedsplan Tibberup"}
SECOND = {"Boligområde": "Nøjsomhed"}


def gone(file: Path) -> None:
    file.unlink()


def renamed(file: Path) -> None:
    file.rename(file.with_name("Tibberupparken 2026.xlsx"))


def broken(file: Path) -> None:
    file.write_bytes(b"PK")


def linked(file: Path) -> None:
    file.rename(file.parent.parent / "elsewhere.xlsx")
    file.symlink_to(file.parent.parent / "elsewhere.xlsx")


def lines_of(site: Site) -> dict[str, dict[str, Any]]:
    return {line["Plan-id"]: line for line in table(site.overview.read_bytes(), "Overblik")}


@pytest.mark.parametrize("loss", [gone, broken, linked])
def test_the_plan_keeps_a_red_line_outside_the_sums(site: Site, loss: Any) -> None:
    site.put("a.xlsx", book())
    file = site.put("tib.xlsx", book(plan=TIB))
    site.sync()
    before = lines_of(site)["TIB-2025"]
    loss(file)
    for hour in (9, 10):
        site.sync(hour=hour)
        lines = lines_of(site)
        assert list(lines) == ["TIB-2025", "VAP-2025"]
        line = lines["TIB-2025"]
        assert line["Tilstand"] == "▲ Mangler"
        assert (line["Plan"], line["Område"]) == ("Helhedsplan Tibberup", "Tibberupparken")
        assert line["Slut"] == before["Slut"]
        assert before["I alt (kr.)"] == 8_000_000
        assert (line["I alt (kr.)"], line["Lokalt (kr.)"]) == ("(8.000.000)", "(2.000.000)")
        shown = figures(site.overview.read_bytes(), "Overblik")
        assert shown["Budget i kr. (af 1 plan)"] == Decimal(8_000_000)
        assert shown["Planer (1 mangler)"] == 1
        first = table(site.overview.read_bytes(), "Til mødet")[0]
        assert (first["Plan-id"], first["Tilstand"]) == ("TIB-2025", "▲ Mangler")
        assert first["Næste godkendelse"] == line["Næste godkendelse"]


def test_every_run_names_it(site: Site) -> None:
    site.put("a.xlsx", book())
    file = site.put("tib.xlsx", book(plan=TIB))
    site.sync()
    file.unlink()
    for _again in range(3):
        answer = site.command("sync", "--today", DAY, "--remember")
        assert answer.code == 0
        assert answer.out.startswith("1 plan, 1 workbook: ")
        assert "tib.xlsx: Planen TIB-2025 er ikke talt med." in answer.out
        assert "23. november 2026" in answer.out


def test_a_part_of_a_plan_is_missed_as_well(site: Site) -> None:
    site.put("a.xlsx", book())
    other = site.put("b.xlsx", book(plan=SECOND))
    site.sync()
    assert lines_of(site)["VAP-2025"]["I alt (kr.)"] == 16_000_000
    other.unlink()
    site.sync()
    there, missing = sorted(
        table(site.overview.read_bytes(), "Overblik"), key=lambda line: str(line["Område"])
    )[::-1]
    assert (there["I alt (kr.)"], missing["I alt (kr.)"]) == (8_000_000, "(8.000.000)")
    assert (there["Tilstand"], missing["Tilstand"]) == ("■ Følg op", "▲ Mangler")


@pytest.mark.parametrize(
    ("title", "loss", "plan"),
    [("it was renamed", renamed, {}), ("it is finished", gone, {"Planstatus": "Afsluttet"})],
)
def test_what_is_not_lost_is_not_missed(
    site: Site, title: str, loss: Any, plan: dict[str, str]
) -> None:
    site.put("a.xlsx", book())
    file = site.put("tib.xlsx", book(plan=TIB | plan))
    site.sync()
    loss(file)
    assert not site.shown().missing, title


def test_the_plan_counts_again_when_its_workbook_is_back(site: Site) -> None:
    file = site.put("tib.xlsx", book(plan=TIB))
    site.sync()
    file.unlink()
    assert [plan.plan_id for plan in site.shown().missing] == ["TIB-2025"]
    site.put("tib.xlsx", book(plan=TIB))
    shown = site.shown()
    assert not shown.missing
    assert [plan.key for plan in shown.plans] == ["TIB-2025"]


def test_areas_without_a_workbook_are_counted_from_what_is_there(site: Site) -> None:
    site.put("a.xlsx", book())
    file = site.put("tib.xlsx", book(plan=TIB))
    site.sync()
    file.unlink()
    site.sync()
    shown = figures(site.overview.read_bytes(), "Regneark")
    assert (shown["Områder uden regneark"], shown["Regneark"], shown["Mangler"]) == (3, 1, 1)
