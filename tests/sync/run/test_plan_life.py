"""The life of one plan, from application to closing accounts: the findings of every single day.

Each step is a day, what is typed on it, and what is found from then on, until the next step. The
rules judge each day from 2024 to 2029. The job runs on each step and the day after; its mails say
nothing twice, and the overview's figures are added up another way.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from datetime import date, timedelta
from decimal import Decimal
from pathlib import Path

import pytest

from rules.catalogue.example_plan import EXAMPLE
from rules.gate.gate import Gate, GateResult
from rules.judging.rule import Context
from rules.model.cells import RawWorkbook
from rules.model.parameter_types import ExpectedPlan
from rules.model.shipped import SHIPPED
from sync.stores.excel.reading import read_tabs
from sync.xlsx.zip_package import Limits
from tests.rules.helpers import judge, lines
from tests.sync.helpers import Site, book, figures, table
from tests.sync.mail_server import mail_server
from tests.sync.notifications.test_mail import EVA, SECRETARIAT, configure, of, text_of

GRANT = '[[expected_plans]]\nid = "VAP-2025"\ngrant = 6_000_000\nfrom = 2025-01-01\n'
Row = tuple[object, ...]


@dataclass(frozen=True)
class Step:
    """A day; fields of Plan, and rows of other tabs by their place (from 1), typed on it.

    `found` are the findings that come (`+`) and go (`-`) on that day.
    """

    on: date
    plan: dict[str, object] = field(default_factory=dict)
    rows: dict[tuple[str, int], Row] = field(default_factory=dict)
    found: tuple[str, ...] = ()


def step(day: str, *found: str, **typed: object) -> Step:
    """`Regnskab_1=(2025, …)` is the first row of Regnskab, any other word a field of Plan."""
    rows, plan = {}, {}
    for name, value in typed.items():
        tab, _, row = name.rpartition("_")
        if row.isdecimal():
            assert isinstance(value, tuple)
            rows[tab, int(row)] = value
        else:
            plan[name] = value
    return Step(date.fromisoformat(day), plan, rows, found)


def approved(
    step_name: str,
    body: str,
    sent: str,
    decision: str = "Afventer",
    on: str = "",
    *,
    of: object = "",
) -> Row:
    """A row of Godkendelser; `of` is its Runde."""
    return step_name, body, sent, decision, on, of


FUND, CITY = "Landsbyggefonden", "Kommune"
ACCOUNTS, GOALS, AHEAD = "Reguleringskonto", "Målopfyldelse", "Milepælsplan"
COUNCIL = ("Politisk udvalg", "Social- og Beskæftigelsesudvalget")
LIFE = (
    step("2024-01-15", Planstatus="Under udarbejdelse"),
    step("2024-02-20", **{f"Forberedelse_{n}": row[:5] for n, row in
                          enumerate(EXAMPLE["Forberedelse"][1:], 1)}),
    step("2024-04-10", Planstatus="Til godkendelse",
         Godkendelser_1=approved("Prækvalifikation", FUND, "01-09-2023", "Godkendt", "20-11-2023"),
         Godkendelser_2=approved(*COUNCIL, "10-04-2024")),
    step("2024-05-07", Godkendelser_2=approved(*COUNCIL, "10-04-2024", "Godkendt", "07-05-2024")),
    # The date is forgotten for a week.
    step("2024-06-03", "+GOD-04 Godkendelser!E4",
         Godkendelser_3=approved("Byråd", "Helsingør Byråd", "22-05-2024", "Godkendt")),
    step("2024-06-10", "-GOD-04 Godkendelser!E4", Godkendelser_3=approved(
         "Byråd", "Helsingør Byråd", "22-05-2024", "Godkendt", "03-06-2024")),
    step("2024-09-05",
         Godkendelser_4=approved("Beboerdemokrati", "Afdelingsmøde Vapnagaard", "05-06-2024",
                                 "Godkendt", "27-08-2024"),
         Godkendelser_5=approved("Boligorganisation", "Boliggården", "10-06-2024", "Godkendt",
                                 "05-09-2024")),
    step("2024-09-19", Godkendelser_6=approved("Styregruppe", "Bystrategisk Partnerskab",
         "06-09-2024", "Godkendt", "19-09-2024")),
    step("2024-09-25", Godkendelser_7=approved(FUND, FUND, "25-09-2024")),
    step("2024-11-28", Godkendelser_7=approved(FUND, FUND, "25-09-2024", "Godkendt", "28-11-2024"),
         Planstatus="Godkendt"),
    # It begins without a leader.
    step("2025-01-02", "+MED-01 Medarbejdere", Planstatus="I gang"),
    step("2025-02-01", "-MED-01 Medarbejdere", Medarbejdere_1=EXAMPLE["Medarbejdere"][1][:6],
         Milepæle_1=("1", "1", "Første hold i gang", "01-03-2026", "Planlagt"),
         Milepæle_2=("2", "2", "Midtvejsmøde", "01-04-2027", "Planlagt")),
    # The first year is over. 300.000 kr. too little is written, then 100.000 kr.: the limit.
    step("2026-01-10", Indberetning_1=(2025, ACCOUNTS), Indberetning_2=(2025, GOALS),
         Regnskab_9=()),
    step("2026-02-15", "+REG-01 Regnskab!C2", Regnskab_1=(2025, FUND, 1_200_000),
         Regnskab_2=(2025, CITY, 500_000)),
    step("2026-02-20", "-REG-01 Regnskab!C2", "+REG-02 Regnskab!C2",
         Regnskab_1=(2025, FUND, 1_400_000),
         Milepæle_1=("1", "1", "Første hold i gang", "01-03-2026", "Nået")),
    step("2026-05-31", "+IBR-02 Indberetning!D2", "+IBR-02 Indberetning!D3"),
    step("2026-06-10", "-IBR-02 Indberetning!D2",
         Indberetning_1=(2025, ACCOUNTS, "", "10-06-2026")),
    step("2026-07-01", "-IBR-02 Indberetning!D3", "+IBR-01 Indberetning!D3"),
    step("2026-08-20", "-IBR-01 Indberetning!D3", "+IBR-03 Indberetning!D3",
         Indberetning_2=(2025, GOALS, "", "20-08-2026")),
    # The fund refuses a change; the plan stands as it was. Runde is typed in words at first.
    step("2026-09-01", "+CEL-09 Godkendelser!F9",
         Godkendelser_8=approved("Byråd", "Helsingør Byråd", "01-09-2026", of="anden")),
    step("2026-09-02", "-CEL-09 Godkendelser!F9",
         Godkendelser_8=approved("Byråd", "Helsingør Byråd", "01-09-2026", of="Runde 2")),
    step("2026-10-05",
         Godkendelser_8=approved("Byråd", "Helsingør Byråd", "01-09-2026", "Godkendt",
                                 "21-09-2026", of=2),
         Godkendelser_9=approved(FUND, FUND, "22-09-2026", "Afvist", "05-10-2026", of=2)),
    # A repayment of 50.000 kr.: 10 pct. less than the budget, and no øre more.
    step("2027-02-10", Regnskab_3=(2025, FUND, -50_000)),
    # 25 pct. of what was spent in two years is local, then a krone less.
    step("2027-03-15", Regnskab_4=(2026, FUND, 1_500_000), Regnskab_5=(2026, CITY, 450_000),
         Indberetning_3=(2026, ACCOUNTS), Indberetning_4=(2026, GOALS)),
    step("2027-03-20", "+REG-03 Regnskab!C7", Regnskab_6=(2026, CITY, -1)),
    step("2027-03-25", "-REG-03 Regnskab!C7", Regnskab_7=(2026, CITY, 1)),
    step("2027-04-02", "+MIL-01 Milepæle!E3"),
    step("2027-04-15", "-MIL-01 Milepæle!E3",
         Milepæle_2=("2", "2", "Midtvejsmøde", "01-04-2027", "Nået")),
    step("2027-05-31", "+IBR-02 Indberetning!D4", "+IBR-02 Indberetning!D5"),
    step("2027-06-01", "-IBR-02 Indberetning!D4", "-IBR-02 Indberetning!D5",
         Indberetning_3=(2026, ACCOUNTS, "", "01-06-2027"),
         Indberetning_4=(2026, GOALS, "", "01-06-2027")),
    step("2027-07-01", "+PLA-04 Plan!B9"),
    # The fund approves another change; that the council did so first is written in a week later.
    step("2027-10-01",
         Godkendelser_10=approved("Byråd", "Helsingør Byråd", "01-10-2027", of=3)),
    step("2027-11-15", "+GOD-01 Godkendelser!D12", Godkendelser_11=approved(
         FUND, FUND, "26-10-2027", "Godkendt", "15-11-2027", of=3)),
    step("2027-11-22", "-GOD-01 Godkendelser!D12",
         Godkendelser_10=approved("Byråd", "Helsingør Byråd", "01-10-2027", "Godkendt",
                                  "25-10-2027", of=3)),
    # A deadline on a leap day, and met on that day.
    step("2028-01-05", Indberetning_5=(2027, ACCOUNTS), Indberetning_6=(2027, GOALS),
         Indberetning_7=(2028, AHEAD, "29-02-2028")),
    step("2028-01-30", "+IBR-02 Indberetning!D8"),
    step("2028-02-29", "-IBR-02 Indberetning!D8",
         Indberetning_7=(2028, AHEAD, "29-02-2028", "29-02-2028")),
    step("2028-05-31", "+IBR-02 Indberetning!D6", "+IBR-02 Indberetning!D7"),
    step("2028-06-20", "-IBR-02 Indberetning!D6", "-IBR-02 Indberetning!D7",
         Indberetning_5=(2027, ACCOUNTS, "", "20-06-2028"),
         Indberetning_6=(2027, GOALS, "", "20-06-2028")),
    # A year's accounts come late into the sheet.
    step("2028-06-30", "+REG-05 Regnskab"),
    step("2028-07-05", "-REG-05 Regnskab", Regnskab_8=(2027, FUND, 1_500_000),
         Regnskab_9=(2027, CITY, 500_000)),
    # The closing accounts.
    step("2029-01-02", "-PLA-04 Plan!B9", Planstatus="Afsluttet", Indberetning_8=(2028, ACCOUNTS),
         Indberetning_9=(2028, GOALS)),
    step("2029-05-31", "+IBR-02 Indberetning!D9", "+IBR-02 Indberetning!D10"),
    step("2029-06-15", "-IBR-02 Indberetning!D9", "-IBR-02 Indberetning!D10",
         Regnskab_10=(2028, FUND, 1_500_000), Regnskab_11=(2028, CITY, 500_000),
         Indberetning_8=(2028, ACCOUNTS, "", "15-06-2029"),
         Indberetning_9=(2028, GOALS, "", "15-06-2029")),
)  # fmt: skip
LAST_DAY = date(2029, 12, 31)
HEADERS: dict[str, Row] = {
    "Forberedelse": EXAMPLE["Forberedelse"][0], "Medarbejdere": EXAMPLE["Medarbejdere"][0],
    "Milepæle": EXAMPLE["Milepæle"][0],
    "Godkendelser": ("Trin", "Instans", "Sendt", "Afgørelse", "Afgørelsesdato", "Runde",
                     "Kontrol"),
    "Regnskab": ("År", "Type", "Forbrug", "Bemærkning", "Kontrol"),
    "Indberetning": ("År", "Indberetning", "Frist", "Sendt", "Bemærkning", "Kontrol"),
}  # fmt: skip
FIRST_TABS = ("Forberedelse", "Medarbejdere", "Milepæle", "Godkendelser")


@dataclass(frozen=True)
class Stage:
    """From this day on: the workbook, and what is found in it."""

    on: date
    content: bytes
    rows: dict[tuple[str, int], Row]
    found: frozenset[str]


def stages() -> Iterator[Stage]:
    plan: dict[str, object] = of(EVA, "Mette Holm")
    rows: dict[tuple[str, int], Row] = {}
    found: set[str] = set()
    for one in LIFE:
        plan |= one.plan
        rows |= one.rows
        found |= {line[1:] for line in one.found if line.startswith("+")}
        found -= {line[1:] for line in one.found if line.startswith("-")}
        yield Stage(one.on, book(plan, None, (), sheets(rows)), dict(rows), frozenset(found))


def sheets(rows: dict[tuple[str, int], Row]) -> dict[str, list[Row]]:
    """The tabs with their rows; the ones that nobody has to keep only once somebody does."""
    tabs: dict[str, list[Row]] = {tab: [HEADERS[tab]] for tab in FIRST_TABS}
    for (tab, number), row in sorted(rows.items()):
        grid = tabs.setdefault(tab, [HEADERS[tab]])
        grid.extend(() for _ in range(number + 1 - len(grid)))
        grid[number] = row
    return tabs


def judged(content: bytes) -> GateResult:
    (passed,) = Gate(PARAMETERS).check([RawWorkbook("a.xlsx", read_tabs(content, Limits()))])
    return passed


PARAMETERS = replace(
    SHIPPED, expected_plans=(ExpectedPlan("VAP-2025", 600_000_000, date(2025, 1, 1)),)
)


def days(first: date, last: date) -> Iterator[date]:
    while first <= last:
        yield first
        first += timedelta(days=1)


@pytest.mark.slow
def test_the_findings_of_every_day() -> None:
    life = [*stages()]
    ends = [stage.on - timedelta(days=1) for stage in life[1:]] + [LAST_DAY]
    for stage, end in zip(life, ends, strict=True):
        workbook = judged(stage.content)
        for day in days(stage.on, end):
            found = lines(judge([workbook], Context(PARAMETERS, day)))
            assert found == sorted(stage.found), day


@pytest.mark.long
def test_the_job_says_nothing_twice_and_its_figures_add_up(site: Site, tmp_path: Path) -> None:
    with mail_server(tmp_path) as inbox:
        configure(site, inbox, 'contacts = "daily"', f'secretariat = ["{SECRETARIAT}"]')
        site.config.write_text(site.config.read_text(encoding="utf-8") + GRANT, encoding="utf-8")
        told: list[str] = []
        for stage in stages():
            site.put("a.xlsx", stage.content, changed_at=stage.on.toordinal() * 86_400.0)
            for day in (stage.on, stage.on + timedelta(days=1)):
                report = site.sync(day)
                assert [problem for problem in report.problems if problem] == []
                mails = [text_of(mail) for mail in inbox.emptied() if EVA in str(mail["To"])]
                told += [line for text in mails for line in text.splitlines() if line[:2] == "- "]
                assert_figures(site, stage)

    assert sorted(set(told)) == sorted(told), "the contact was told something twice"
    assert any("frist 29. februar 2028" in line for line in told)


def assert_figures(site: Site, stage: Stage) -> None:
    """What the overview says of the accounts, beside sums of what was typed."""
    data = site.overview.read_bytes()
    spent = [row for (tab, _), row in stage.rows.items() if tab == "Regnskab" and row]
    shown = figures(data, "Overblik")
    if not any(tab == "Regnskab" for tab, _ in stage.rows):
        assert not [label for label in shown if label.startswith("Brugt af bevillingen")]
        return
    of_fund = sum(int(str(row[2])) for row in spent if row[1] == FUND)
    assert shown["Brugt af bevillingen"] == float(Decimal(of_fund * 1000 // 6_000_000) / 1000)
    told = {str(line["År"]): line for line in table(data, "Regnskab")}
    years = sorted({str(row[0]) for row in spent})
    for year in years:
        amount = sum(int(str(row[2])) for row in spent if str(row[0]) == year)
        assert (told[year]["Brugt (kr.)"], told[year]["Tilbage (kr.)"]) == (
            amount, 2_000_000 - amount,
        )  # fmt: skip
    if len(told) > 1 and years:
        whole = sum(int(str(row[2])) for row in spent)
        assert told["I alt"]["Brugt (kr.)"] == whole
        assert told["I alt"]["Budget (kr.)"] == 2_000_000 * len(years)
        local = sum(int(str(row[2])) for row in spent if row[1] == CITY)
        assert told["I alt"]["Lokal andel af forbruget"] == local * 1000 // whole / 1000
