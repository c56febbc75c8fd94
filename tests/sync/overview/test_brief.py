"""The brief: two pages about one plan, with the plan's own figures and no strangers' names."""

from __future__ import annotations

from datetime import datetime, timedelta
from pathlib import Path

import pytest

from sheets_templates.report.description import Brief, BriefTable
from sync.overview.brief import brief_of
from tests.sync.helpers import COPENHAGEN, CPR, DAY, TODAY, Site, book, helhedsplan
from tests.sync.overview.test_overview import NOEJSOMHED

AT = datetime(2026, 11, 23, 8, tzinfo=COPENHAGEN)


def brief(site: Site) -> Brief:
    overview = site.shown()
    return brief_of(overview.plans[0], overview, site.settings().parameters(), AT)


def table_called(one: Brief, title: str) -> BriefTable:
    return next(table for table in one.tables if table.title == title)


def everything(one: Brief) -> str:
    tables = [one.funding, *one.tables]
    cells = [cell for table in tables for row in table.rows for cell in row]
    cells += [str(figure.value) for figure in one.figures]
    return "\n".join([one.title, one.money, *one.lines, *cells])


def test_it_tells_the_plans_money(site: Site) -> None:
    site.put("a.xlsx", book())
    site.put("b.xlsx", book(plan=NOEJSOMHED))
    one = brief(site)
    assert [figure.value for figure in one.figures[:3]] == [
        "16.000.000 kr.", "12.000.000 kr.", "25 pct.",
    ]  # fmt: skip
    assert one.money == (
        "Den lokale medfinansiering er 4.000.000 kr. af i alt 16.000.000 kr. Kravet er mindst "
        "25 pct. Det er opfyldt."
    )
    assert [row[0] for row in one.funding.rows] == ["Landsbyggefonden", "Kommune", "I alt"]
    assert one.funding.rows[-1][1:] == ["4.000.000"] * 4 + ["16.000.000"]
    assert one.chart is not None
    assert [series.name for series in one.chart.series] == ["Kommune", "Landsbyggefonden"]
    assert [int(value or 0) for value in one.chart.series[0].values] == [1_000_000] * 4


def test_what_staff_typed_is_told_without_blanks_too_many(site: Site) -> None:
    cells = {
        "Plan!B3": " Trivsel  i\u00a0 Vapnagaard ",
        "Godkendelser!B9": " Landsbygge-\n fonden  ",
        "Godkendelser!D9": "Afventer",
        "Godkendelser!E9": "",
        "Milepæle!C3": "Midtvejs \n  møde ",
    }
    site.put("a.xlsx", book(cells=cells))
    one = brief(site)
    assert one.title == "Trivsel i Vapnagaard"
    assert "Landsbygge- fonden: sendt for" in everything(one)
    assert table_called(one, "Milepæle, der skal nås").rows[0][2] == "Midtvejs møde (Vapnagaard)"


def test_it_says_how_much_is_missing(site: Site) -> None:
    cells = {f"Finansiering!{c}3": 375_000 for c in "EFGH"} | {"Finansiering!I3": 1_500_000}
    site.put("a.xlsx", book(cells=cells))
    one = brief(site)
    assert "Der mangler 375.000 kr., hvis totalen ligger fast" in one.money
    assert "500.000 kr. ekstra" in one.money


def test_it_tells_what_is_approved_and_what_it_waits_for(site: Site) -> None:
    cells = {"Godkendelser!D9": "Afventer", "Godkendelser!E9": "",
             "Godkendelser!C9": TODAY - timedelta(days=20)}  # fmt: skip
    site.put("a.xlsx", book(cells=cells))
    rows = {row[0]: row[1:] for row in table_called(brief(site), "Godkendelser").rows}
    assert rows["Byråd"] == ["godkendt", "3. juni 2024", ""]
    assert rows["Landsbyggefonden"] == [
        "afventer", "", "Landsbyggefonden: sendt for 20 dage siden",
    ]  # fmt: skip


def test_it_tells_every_round_of_approval(site: Site) -> None:
    cells = {"Godkendelser!A10": "Byråd", "Godkendelser!B10": "Helsingør Byråd",
             "Godkendelser!C10": TODAY - timedelta(days=20),
             "Godkendelser!D10": "Afventer"}  # fmt: skip
    site.put("a.xlsx", book(cells=cells))
    rows = {row[0]: row[1:] for row in table_called(brief(site), "Godkendelser").rows}
    assert rows["Byråd"] == ["godkendt", "3. juni 2024", ""]
    assert rows["Byråd (runde 2)"] == ["afventer", "", "Helsingør Byråd: sendt for 20 dage siden"]
    assert "Landsbyggefonden (runde 2)" not in rows


def test_only_staff_are_named(site: Site) -> None:
    cells = {"Indsatser!E2": "Bodil Beboer", "Milepæle!D2": TODAY, "Milepæle!E2": "Planlagt",
             "Milepæle!B3": "2", "Milepæle!D3": TODAY + timedelta(days=9),
             "Medarbejdere!F2": "Bodil Beboer", "Forberedelse!D2": "Bodil Beboer",
             "Indsatser!J2": "Bodil Beboer er glad"}  # fmt: skip
    site.put("a.xlsx", book(cells=cells))
    one = brief(site)
    milestones = table_called(one, "Milepæle, der skal nås").rows
    assert [row[3] for row in milestones] == ["", "Ali Demir"]
    assert "Bodil" not in everything(one)


def test_no_cpr_number_stands_in_it(site: Site) -> None:
    cells = {"Milepæle!C3": f"Møde {CPR}", "Godkendelser!B9": CPR, "Noter!A1": CPR,
             "Godkendelser!D9": "Afventer", "Godkendelser!E9": ""}  # fmt: skip
    site.put("a.xlsx", book(cells=cells, plan={"Plannavn": f"Plan {CPR}"}))
    assert CPR not in everything(brief(site))


@pytest.mark.slow
def test_the_command_makes_two_pages_and_writes_nothing_else(site: Site, tmp_path: Path) -> None:
    site.put("a.xlsx", book())
    site.sync()
    before = site.everything()
    file = tmp_path / "brief.pdf"
    answer = site.command("brief", "vap-2025", "--to", file, "--today", DAY)
    assert (answer.code, answer.out) == (0, f"Made {file}\n")
    assert pages(file) == 2
    assert site.everything() == before
    again = file.read_bytes()
    assert site.command("brief", "VAP-2025", "--to", file, "--today", DAY).code == 0
    assert len(file.read_bytes()) == pytest.approx(len(again), abs=100)


def pages(file: Path) -> int:
    content = file.read_bytes()
    assert content.startswith(b"%PDF")
    return content.count(b"/Type /Page\n") + content.count(b"/Type /Page /")


def test_much_to_tell_stands_on_two_pages_still(site: Site, tmp_path: Path) -> None:
    long = "Et meget langt navn på en milepæl, som nogen har skrevet en hel historie i. " * 12
    cells: dict[str, object] = {f"Milepæle!{c}{n}": v for n in range(2, 30) for c, v in zip(
        "ABCDE", (n, 1, long, TODAY, "Planlagt"), strict=True)}  # fmt: skip
    cells |= {f"Indsatser!{c}2": "x" for c in "FGHI"}
    site.put("a.xlsx", book(cells=cells, plan={"Plannavn": long}))
    file = tmp_path / "brief.pdf"
    assert site.command("brief", "VAP-2025", "--to", file).code == 0
    assert pages(file) == 2


def test_letters_that_the_typeface_lacks_do_no_harm(site: Site, tmp_path: Path) -> None:
    site.put("a.xlsx", book(plan={"Plannavn": "Plan ■ 漢字 Şerif <b>&amp; é"}))
    file = tmp_path / "brief.pdf"
    assert site.command("brief", "VAP-2025", "--to", file).code == 0
    assert pages(file) == 2


def test_a_plan_that_is_not_there_is_told_with_those_that_are(site: Site) -> None:
    site.put("a.xlsx", book())
    answer = site.command("brief", "VAP-2026")
    assert answer.code == 2
    assert "VAP-2025" in answer.err


def test_a_plan_id_that_is_longer_than_a_name_may_be(site: Site) -> None:
    plan_id = "\N{GOTHIC LETTER AHSA}" * 300
    site.put("a.xlsx", book(plan={"Plan-id": plan_id}))
    assert site.command("brief", plan_id).code == 0
    assert [file.suffix for file in Path.cwd().iterdir()] == [".pdf"]


def test_somebody_elses_file_is_left_alone(site: Site, tmp_path: Path) -> None:
    site.put("a.xlsx", book())
    file = tmp_path / "brief.pdf"
    file.write_bytes(b"%PDF-1.4 somebody's")
    assert site.command("brief", "VAP-2025", "--to", file).code == 3
    assert file.read_bytes() == b"%PDF-1.4 somebody's"


def test_without_a_name_it_is_named_by_plan_and_day(
    site: Site, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    site.put("a.xlsx", book(plan={"Plan-id": "../VAP:1"}))
    monkeypatch.chdir(tmp_path)
    answer = helhedsplan("brief", "../VAP:1", "--config", site.config, "--today", DAY)
    assert answer.out == f"Made Brief _VAP_1 {DAY}.pdf\n"
    assert (tmp_path / f"Brief _VAP_1 {DAY}.pdf").is_file()


def test_it_tells_what_the_plan_does_and_when_it_ends(site: Site) -> None:
    site.put("a.xlsx", book())
    one = brief(site)
    efforts = table_called(one, "Det gør planen").rows
    assert len(efforts) == 3
    assert all(row[1] and row[2] for row in efforts)
    assert "Næste ansøgning bør begynde 30. juni 2027" in one.lines


def test_a_plan_that_has_not_begun_says_when_it_will(site: Site) -> None:
    plan = {"Startdato": "01-01-2027", "Slutdato": "31-12-2030", "Planstatus": "Til godkendelse"}
    site.put("a.xlsx", book(plan=plan))
    assert any("begynder om 39 dage" in line for line in brief(site).lines)
