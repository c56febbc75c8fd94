"""What somebody confirmed is remembered from run to run, and fine only while it is known to be."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import timedelta

from rules.judging.confirmed import Standing
from sync.history.history_file import backup_file
from sync.run.report import RunReport
from tests.sync.helpers import TODAY, Site, book, overview_of, values_by_openpyxl
from tests.sync.old_history import put_back

SIGNED = {"Bekræftet af": "Mette Holm", "Bekræftet den": "23-11-2026"}
CHANGED = {"Finansiering!F3": 450_000, "Finansiering!H3": 550_000}
TOMORROW = TODAY + timedelta(days=1)


def standing(report: RunReport) -> dict[str, Standing]:
    plans = overview_of(report).plans
    return {one.workbook: one.standing for plan in plans for one in plan.figures.confirmed}


def sign(site: Site, cells: Mapping[str, object] | None = None, name: str = "a.xlsx") -> None:
    site.put(name, book(plan=SIGNED, cells=cells), changed_at=1_700_000_000 + len(cells or {}))


def test_the_overview_says_what_holds_and_who_said_it(site: Site) -> None:
    sign(site)
    assert standing(site.sync()) == {"a.xlsx": Standing.HOLDS}
    sign(site, CHANGED)
    for day in (TODAY, TOMORROW):
        assert standing(site.sync(day)) == {"a.xlsx": Standing.VOID}
    shown = values_by_openpyxl(site.overview.read_bytes())
    meeting = {str(text) for (tab, _), text in shown.items() if tab == "Til mødet"}
    assert {"Bekræftet af den ansvarlige: 0 af 1 regneark", "Mette Holm", "Ændret siden"} <= meeting
    assert "PLA-07" not in site.check().codes
    assert "PLA-07" in site.control("a.xlsx", "Plan")[14]


def test_it_follows_a_workbook_that_gets_another_name(site: Site) -> None:
    sign(site)
    site.sync()
    (site.sheets / "a.xlsx").unlink()
    sign(site, CHANGED, "b.xlsx")
    assert standing(site.sync()) == {"b.xlsx": Standing.VOID}


def test_of_several_workbooks_each_is_confirmed_by_itself(site: Site) -> None:
    other = {"Boligområde": "Nøjsomhed"}
    sign(site)
    site.put("b.xlsx", book(plan=SIGNED | other))
    site.sync()
    site.put("b.xlsx", book(plan=SIGNED | other, cells=CHANGED), changed_at=1_700_000_001)
    report = site.sync()
    assert standing(report) == {"a.xlsx": Standing.HOLDS, "b.xlsx": Standing.VOID}
    (notice,) = (n for n in overview_of(report).notices if n.notice.code == "PLA-07")
    assert notice.notice.workbook == "b.xlsx"


def test_when_the_history_is_lost_nobody_knows_whether_it_holds(site: Site) -> None:
    sign(site)
    site.sync()
    for file in (site.database, backup_file(site.database)):
        file.unlink()
    sign(site, CHANGED)
    assert standing(site.sync(TOMORROW)) == {"a.xlsx": Standing.UNKNOWN}


def test_a_confirmation_from_before_the_program_remembered_any_is_not_known(site: Site) -> None:
    sign(site)
    site.sync()
    put_back(site.database, 3)
    assert standing(site.sync(TOMORROW)) == {"a.xlsx": Standing.UNKNOWN}
    site.put("a.xlsx", book(plan=SIGNED | {"Bekræftet den": "24-11-2026"}))
    assert standing(site.sync(TOMORROW)) == {"a.xlsx": Standing.HOLDS}


def test_looking_remembers_nothing(site: Site) -> None:
    sign(site)
    site.sync(writes=False)
    sign(site, CHANGED)
    assert standing(site.sync()) == {"a.xlsx": Standing.HOLDS}
