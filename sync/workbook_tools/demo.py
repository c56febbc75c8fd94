"""The demonstration: four areas' workbooks with typical mistakes, and a configuration for them."""

from __future__ import annotations

import re
from dataclasses import asdict, dataclass
from datetime import date
from decimal import Decimal
from pathlib import Path

from rules.model.shipped import SHIPPED
from rules.model.vocabulary import PlanStatus
from sheets_templates.template.plan_workbook import MasterData, plan_workbook_with
from sync.config import ConfigurationError, Settings
from sync.stores.files.replace import write_new_file

Value = str | int | Decimal | date
Rows = list[dict[str, Value]]

CONFIG = """\
# Made by `helhedsplan demo`. See `helhedsplan config` for everything that can be configured.
[[sources]]
folder = "sheets"

[overview]
file = "Overblik.xlsx"

[state]
folder = "state"
"""
YEARS = 4
ACTIVITIES = 8


@dataclass(frozen=True, slots=True)
class DemoPlan:
    """One workbook of the demonstration. Amounts are whole kroner a year.

    `slips` are cells typed over: tab, row from 1, header, what a hurried person wrote.
    """

    file: str
    plan_id: str
    name: str
    area: str
    leader: str
    helper: str
    status: PlanStatus
    grant: int
    municipality: int
    organisation: int
    slips: tuple[tuple[str, int, str, Value], ...] = ()


def demo_plans(start: int) -> tuple[DemoPlan, ...]:
    """The four workbooks; the plans begin in the year `start`."""
    syd, tib, ell = f"SYD-{start}", f"TIB-{start}", f"ELL-{start}"
    return (
        DemoPlan(
            "Vapnagaard.xlsx", syd, f"Helsingør Syd {start}-{start + 3}", "Vapnagaard",
            "Mette Holm", "Ali Demir", PlanStatus.RUNNING, 3_000_000, 600_000, 400_000,
            (
                ("Indsatser", 2, "Budget", "2.000.000 kr."),
                ("Milepæle", 1, "Status", "Planlagt"),
            ),
        ),
        DemoPlan(
            "Nøjsomhed.xlsx", syd, f"Helsingør Syd {start}-{start + 3}", "Nøjsomhed",
            "Søren Friis", "Ida Lund", PlanStatus.RUNNING, 2_400_000, 500_000, 300_000,
            (
                ("Indsatser", 3, "Slutdato", f"31-06-{start + 2}"),
                ("Indsatser", 5, "Status", "Igangværende"),
                ("Indsatser", 6, "Ansvarlig", ""),
                ("Medarbejdere", 2, "E-mail", "ida.lund(a)boliggaarden.example"),
            ),
        ),
        DemoPlan(
            "Tibberupparken.xlsx", tib, f"Helhedsplan Tibberupparken {start}-{start + 3}",
            "Tibberupparken", "Lone Bach", "Peter Kjær", PlanStatus.RUNNING,
            3_500_000, 500_000, 375_000,
            (
                ("Indsatser", 4, "Erfaringer", "Henvist af læge (010170-0000), god effekt."),
                ("Milepæle", 2, "Indsats nr.", 12),
                ("Finansiering", 3, "Tilsagn", "Afventer"),
            ),
        ),
        DemoPlan(
            "Ellekildehave.xlsx", ell, f"Helhedsplan Ellekildehave {start}-{start + 3}",
            "Ellekildehave", "Fatma Yilmaz", "Jens Nygaard", PlanStatus.FOR_APPROVAL,
            2_100_000, 450_000, 250_000,
            (
                ("Godkendelser", 4, "Afgørelsesdato", date(start - 1, 5, 14)),
                ("Godkendelser", 8, "Afgørelse", "Afventer"),
                ("Godkendelser", 8, "Afgørelsesdato", ""),
                ("Forberedelse", 4, "Part", "Kommune"),
                ("Indsatser", 1, "Målgruppe", "Unge i Tibberupparken"),
            ),
        ),
    )  # fmt: skip


def make_demo(folder: Path, today: date) -> Path:
    """Make the workbooks and the configuration, where they are not there yet; its path.

    Raises:
        ConfigurationError: the folder holds something else already.
        StoreError: it cannot be written.
    """
    config = folder / "config.toml"
    if config.exists():
        return config
    if folder.exists() and any(folder.iterdir()):
        raise ConfigurationError(f"{folder}: is not empty; name a new folder")
    parameters = Settings().parameters()
    for plan in demo_plans(today.year - 1):
        content = plan_workbook_with(parameters, master_data(plan, today), plan_rows(plan, today))
        write_new_file(folder / "sheets" / plan.file, content)
    write_new_file(config, CONFIG.encode())
    return config


def master_data(plan: DemoPlan, today: date) -> MasterData:
    """The master data of a demonstration workbook."""
    start = today.year - 1
    return MasterData(
        plan_id=plan.plan_id,
        name=plan.name,
        area=plan.area,
        organisation=SHIPPED.area_by_name[plan.area].organisation,
        other_organisations=None,
        programme=SHIPPED.default_programme,
        starts_on=date(start, 1, 1),
        ends_on=date(start + YEARS - 1, 12, 31),
        status=plan.status,
        contact=plan.leader,
        email=_email(plan.leader),
    )


def _email(name: str) -> str:
    plain = name.casefold().replace(" ", ".").replace("ø", "oe").replace("æ", "ae")
    return f"{plain}@boligorganisation.example"


def plan_rows(plan: DemoPlan, today: date) -> dict[str, Rows]:
    """The rows of a demonstration workbook by tab, slips included; they stand in demo.txt."""
    start = today.year - 1
    text = Path(__file__).with_name("demo.txt").read_text(encoding="utf-8")
    filled = text.format(
        **asdict(plan),
        owner=SHIPPED.area_by_name[plan.area].organisation,
        leader_email=_email(plan.leader),
        helper_email=_email(plan.helper),
        budget=YEARS * (plan.grant + plan.municipality + plan.organisation) // ACTIVITIES,
        earlier=start - 2,
        before=start - 1,
        **{f"year{number + 1}": start + number for number in range(YEARS)},
    )
    rows: dict[str, Rows] = {}
    for block in filled.strip().split("\n\n"):
        tab, headers, *lines = block.splitlines()
        rows[tab] = [
            dict(zip(_cells(headers), map(_value, _cells(line)), strict=True)) for line in lines
        ]
    for tab, row, header, typed in plan.slips:
        rows[tab][row - 1][header] = typed
    return rows


def _cells(line: str) -> list[str]:
    return [cell.strip() for cell in line.split("|")]


def _value(text: str) -> Value:
    if match := re.fullmatch(r"(\d\d)-(\d\d)-(\d{4})", text):
        day, month, year = map(int, match.groups())
        return date(year, month, day)
    return int(text) if text.isdecimal() else text
