"""What was approved is remembered from run to run, and a change is told until it is settled."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import timedelta

import pytest

from tests.sync.helpers import TODAY, Site, book, table
from tests.sync.run.test_waivers import Secretariat
from tests.sync.waiving import waiver

pytestmark = pytest.mark.slow

CHANGED = {"Finansiering!F3": 450_000, "Finansiering!H3": 550_000}
TOMORROW = TODAY + timedelta(days=1)


@pytest.fixture
def approved(site: Site) -> Site:
    """A plan whose approval has been seen."""
    site.put("a.xlsx", book())
    site.sync()
    return site


def found(site: Site) -> list[tuple[str, str]]:
    """The cells of APR-01 in the overview, with their severity."""
    lines = table(site.overview.read_bytes(), "Advarsler")
    return [(line["Celle"], line["Alvor"]) for line in lines if line["Kode"] == "APR-01"]


def change(site: Site, cells: Mapping[str, object], name: str = "a.xlsx") -> None:
    site.put(name, book(cells=cells), changed_at=1_700_000_000)


def test_a_change_is_told_at_its_cells_until_it_is_undone(approved: Site) -> None:
    assert found(approved) == []
    change(approved, CHANGED)
    for day in (TODAY, TOMORROW):
        approved.sync(day)
        assert found(approved) == [("F3", "Advarsel"), ("H3", "Advarsel")]
    assert "APR-01" in approved.control("a.xlsx", "Finansiering")[3]
    change(approved, {})
    approved.sync(TOMORROW)
    assert found(approved) == []


def test_it_follows_a_workbook_that_gets_another_name(approved: Site) -> None:
    (approved.sheets / "a.xlsx").unlink()
    change(approved, CHANGED, "b.xlsx")
    approved.sync()
    assert [cell for cell, _ in found(approved)] == ["F3", "H3"]


def test_a_later_approval_is_what_counts_from_then_on(approved: Site) -> None:
    change(approved, {**CHANGED, "Godkendelser!E9": "01-06-2025"})
    approved.sync()
    assert found(approved) == []
    change(approved, {"Godkendelser!E9": "01-06-2025"})
    approved.sync(TOMORROW)
    assert [cell for cell, _ in found(approved)] == ["F3", "H3"]


def test_the_secretariat_can_accept_it(approved: Site) -> None:
    change(approved, CHANGED)
    office = Secretariat(approved.root)
    office.accept(waiver(Kode="APR-01", Fane="Finansiering", Sted="H3"))
    approved.sync(TOMORROW)
    assert sorted(found(approved)) == [("F3", "Advarsel"), ("H3", "Accepteret")]


def test_looking_remembers_nothing(site: Site) -> None:
    site.put("a.xlsx", book())
    site.sync(writes=False)
    change(site, CHANGED)
    site.sync()
    assert found(site) == []


def test_check_is_silent_about_it(approved: Site) -> None:
    change(approved, CHANGED)
    assert "APR-01" not in approved.check().codes
