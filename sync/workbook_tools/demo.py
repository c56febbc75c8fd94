"""The demonstration: four areas' workbooks with typical mistakes, and a configuration for them."""

from __future__ import annotations

import contextlib
import re
import tomllib
from collections.abc import Sequence
from dataclasses import asdict, dataclass
from datetime import date
from decimal import Decimal
from pathlib import Path

from rules.model.choices import PlanStatus
from rules.model.plan import PlanForm
from rules.model.shipped import SHIPPED
from sheets_templates.template.plan_design import plan_workbook
from sync.config.section import ConfigurationError
from sync.config.settings import parsed
from sync.stores.files.replace import write_new_file

Value = str | int | Decimal | date
Rows = list[dict[str, Value]]

CONFIG = """\
# Made by `helhedsplan demo`. See `helhedsplan config` for everything that can be configured.
[[sources]]
folder = "sheets"

[overview]
file = "Overblik.xlsx"
page = "Overblik.html"

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
    slips: Sequence[tuple[str, int, str, str]] = ()


def demo_plans(start: int) -> tuple[DemoPlan, ...]:
    """The four workbooks of demo.toml; the plans begin in the year `start`."""
    plans = tomllib.loads(_filled("demo.toml", **_years(start)))["plans"]
    return tuple(DemoPlan(**plan | {"status": PlanStatus(plan["status"])}) for plan in plans)


def _filled(file: str, /, **names: object) -> str:
    """A file that lies beside this one, with the `{names}` in it filled in."""
    return Path(__file__).with_name(file).read_text(encoding="utf-8").format(**names)


def _years(start: int) -> dict[str, int]:
    """What the years around a plan's start are called in these files."""
    years = {f"year{number + 1}": start + number for number in range(YEARS)}
    return {"earlier": start - 2, "before": start - 1, **years}


def make_demo(folder: Path, today: date) -> Path:
    """Make the workbooks and the configuration, where they are not there yet; its path.

    Raises:
        ConfigurationError: the folder holds something else already, or the environment has a value
            that makes no sense.
        StoreError: it cannot be written.
    """
    config = folder / "config.toml"
    if config.exists():
        return config
    if folder.exists() and any(folder.iterdir()):
        raise ConfigurationError(f"{folder}: is not empty; name a new folder")
    parameters = parsed(CONFIG, config).parameters()
    for plan in demo_plans(today.year - 1):
        content = plan_workbook(parameters, master_data(plan, today), plan_rows(plan, today))
        write_new_file(folder / "sheets" / plan.file, content)
    write_new_file(config, CONFIG.encode())
    return config


def master_data(plan: DemoPlan, today: date) -> PlanForm:
    """The master data of a demonstration workbook."""
    start = today.year - 1
    return PlanForm(
        plan_id=plan.plan_id,
        name=plan.name,
        area=plan.area,
        organisation=SHIPPED.area_by_name[plan.area].organisation,
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
    filled = _filled(
        "demo.txt",
        **asdict(plan),
        **_years(today.year - 1),
        owner=SHIPPED.area_by_name[plan.area].organisation,
        leader_email=_email(plan.leader),
        helper_email=_email(plan.helper),
        budget=YEARS * (plan.grant + plan.municipality + plan.organisation) // ACTIVITIES,
    )
    rows: dict[str, Rows] = {}
    for block in filled.strip().split("\n\n"):
        tab, headers, *lines = block.splitlines()
        rows[tab] = [
            dict(zip(_cells(headers), map(_value, _cells(line)), strict=True)) for line in lines
        ]
    for tab, row, header, typed in plan.slips:
        rows[tab][row - 1][header] = _value(typed)
    return rows


def _cells(line: str) -> list[str]:
    return [cell.strip() for cell in line.split("|")]


def _value(text: str) -> Value:
    """A whole number or a day, where the text is one."""
    if re.fullmatch(r"\d\d-\d\d-\d{4}", text):
        with contextlib.suppress(ValueError):  # a slip: 31-06-2027
            return date(int(text[6:]), int(text[3:5]), int(text[:2]))
    return int(text) if text.isdecimal() else text
