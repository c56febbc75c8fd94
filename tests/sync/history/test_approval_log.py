"""Every approval that was ever seen is remembered, with what the plan cost then."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, timedelta

from rules.judging.approval_log import LoggedApproval
from sync.overview.approvals import approved_by
from sync.run.report import RunReport
from tests.sync.helpers import TODAY, Site, book, overview_of, values_by_openpyxl

TOMORROW = TODAY + timedelta(days=1)
AGAIN: Mapping[str, object] = {
    "Godkendelser!A11": "Byråd", "Godkendelser!B11": "Helsingør Byråd",
    "Godkendelser!D11": "Godkendt", "Godkendelser!E11": "21-09-2026",
    "Godkendelser!A12": "Landsbyggefonden", "Godkendelser!B12": "Landsbyggefonden",
    "Godkendelser!D12": "Godkendt", "Godkendelser!E12": "05-10-2026",
}  # fmt: skip
"""A second round below the example's, with the council's and the fund's approval."""
DEARER: Mapping[str, object] = {"Finansiering!E3": 1_000_000}


def put(site: Site, cells: Mapping[str, object], name: str = "a.xlsx", **plan: str) -> None:
    changed_at = 1_700_000_000 + len(repr(cells))
    site.put(name, book(plan=plan, cells=cells), changed_at=changed_at)


def log(report: RunReport) -> dict[tuple[str, date], LoggedApproval]:
    (plan,) = overview_of(report).plans
    return {(approved_by(one), one.given.decided_on): one for one in plan.approvals}


def test_each_round_is_remembered_with_what_the_plan_cost_when_it_was_seen(site: Site) -> None:
    put(site, {})
    first = log(site.sync())
    put(site, {**AGAIN, **DEARER})
    both = log(site.sync(TOMORROW))

    fund = ("Landsbyggefonden", date(2024, 11, 28))
    council = ("Byråd (runde 2), Helsingør Byråd", date(2026, 9, 21))
    assert {name: both[name] for name in first} == first
    assert both[council].total_oere == (first[fund].total_oere or 0) + 50_000_000
    assert (both[council].seen_on, first[fund].seen_on) == (TOMORROW, TODAY)
    assert [*both] == sorted(both, key=lambda one: one[1])
    shown = [str(text) for (tab, _), text in values_by_openpyxl(site.overview.read_bytes()).items()
             if tab == "Tidslinje"]  # fmt: skip
    assert "21-09-2026 Byråd (runde 2), Helsingør Byråd: 8.500.000 kr." in shown


def test_what_vanished_from_the_sheet_is_said_to_be_gone_until_it_is_back(site: Site) -> None:
    put(site, AGAIN)
    before = log(site.sync())
    put(site, {})
    gone = log(site.sync(TOMORROW))
    assert [name for name, one in gone.items() if one.gone_on == TOMORROW] == [
        name for name in before if name not in gone or name[1].year == 2026
    ]
    assert {one.gone_on for one in gone.values()} == {None, TOMORROW}
    shown = [str(text) for text in values_by_openpyxl(site.overview.read_bytes()).values()]
    assert any(text.endswith("(står ikke længere i regnearket)") for text in shown)
    put(site, AGAIN)
    assert log(site.sync(TOMORROW)) == before


def test_what_cannot_be_read_is_not_gone(site: Site) -> None:
    put(site, AGAIN)
    before = log(site.sync())
    put(site, {**AGAIN, "Godkendelser!D12": "Nikket", "Godkendelser!D5": "x"})
    after = log(site.sync(TOMORROW))
    assert len(after) == len(before)
    assert not any(one.gone_on for one in after.values())


def test_of_a_workbook_that_is_missing_nothing_is_gone(site: Site) -> None:
    put(site, {})
    put(site, AGAIN, "b.xlsx", Boligområde="Nøjsomhed")
    before = log(site.sync())
    (site.sheets / "b.xlsx").unlink()
    after = log(site.sync(TOMORROW))
    assert after.keys() == before.keys()
    assert not any(one.gone_on for one in after.values())
