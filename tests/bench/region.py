"""A region with many housing plans, to look at what the overview makes of it.

`python -m tests.bench.region FOLDER [COUNT]` makes the workbooks with a configuration; the job is
run over them by `helhedsplan sync -c FOLDER/config.toml`. The same call makes the same workbooks.
"""

from __future__ import annotations

import random
import sys
from dataclasses import replace
from datetime import date, timedelta
from pathlib import Path

from rules.model.choices import PlanStatus
from rules.model.parameter_types import Area
from rules.model.parameters import Parameters
from rules.model.shipped import SHIPPED
from sheets_templates.template.plan_design import plan_workbook
from sync.workbook_tools.demo import DemoPlan, Value, master_data, plan_rows

Row = dict[str, Value]
_TREES = ("Elme", "Birke", "Linde", "Ahorn", "Pile", "Ege", "Aske", "Hassel")
_PLACES = ("parken", "gården", "haven", "vænget", "bakken")
_FIRST = ("Mette", "Søren", "Lone", "Fatma", "Peter", "Ida", "Jens", "Aisha", "Karen", "Ali")
_LAST = ("Holm", "Friis", "Bach", "Yilmaz", "Kjær", "Lund", "Nygaard", "Demir", "Dahl", "Khan")
_LESSONS = (
    "Spisning giver bedre fremmøde.",
    "Frivillige bærer aktiviteten, når de får en fast kontaktperson.",
    "Forældrene kommer, når børnene har lavet invitationen. Vi ringer dagen før.",
    "Samarbejdet med skolen tog et halvt år at få på plads. Begynd tidligt.",
    "",
)
_CONFIG = """\
[[sources]]
folder = "sheets"

[[organisations]]
name = "Boliggården"

[[organisations]]
name = "Nordkysten"
"""


def make_region(folder: Path, count: int, today: date) -> None:
    """Write `count` plan workbooks, each for an area of its own, and a configuration."""
    chance = random.Random(count)
    names = [f"{tree}{place}" for place in _PLACES for tree in _TREES]
    areas = [names[n] if n < len(names) else f"{names[n % 40]} {n // 40 + 1}" for n in range(count)]
    (folder / "sheets").mkdir(parents=True, exist_ok=True)
    organisations = [chance.choice(("Boliggården", "Nordkysten")) for _ in areas]
    parameters = replace(
        SHIPPED,
        areas=tuple(Area(a, o) for a, o in zip(areas, organisations, strict=True)),
    )
    entries = "".join(
        f'\n[[areas]]\nname = "{area.name}"\norganisation = "{area.organisation}"\n'
        for area in parameters.areas
    )
    (folder / "config.toml").write_text(_CONFIG + entries, encoding="utf-8")
    for number, area in enumerate(parameters.areas):
        content = _workbook(parameters, area, number, chance, today)
        (folder / "sheets" / f"{area.name}.xlsx").write_bytes(content)


def _workbook(
    parameters: Parameters, area: Area, number: int, chance: random.Random, today: date
) -> bytes:
    start = today.year + chance.choice((-3, -2, -2, -1, -1, -1, 0, 1))
    leader, helper = (f"{chance.choice(_FIRST)} {chance.choice(_LAST)}" for _ in range(2))
    grant = chance.randrange(18, 45) * 100_000
    needed = grant // 3 + chance.choice((-150_000, -40_000, 0, 0, 50_000, 100_000, 300_000))
    status = PlanStatus.RUNNING if start < today.year else PlanStatus.FOR_APPROVAL
    shipped = SHIPPED.areas[number % len(SHIPPED.areas)]
    plan = DemoPlan(
        "", f"{area.name[:3].upper()}-{start}-{number:02}", f"Helhedsplan {area.name} {start}",
        shipped.name, leader, helper, status, grant, needed * 2 // 3, needed - needed * 2 // 3,
    )  # fmt: skip
    as_if = date(start + 1, 6, 1)
    rows = plan_rows(plan, as_if)
    _vary(rows, status, chance, today)
    master = replace(master_data(plan, as_if), area=area.name, organisation=area.organisation)
    for row in rows["Godkendelser"]:
        body = str(row["Instans"]).replace(shipped.name, area.name)
        row["Instans"] = area.organisation if row["Trin"] == "Boligorganisation" else body
    return plan_workbook(parameters, master, rows)


def _vary(
    rows: dict[str, list[Row]], status: PlanStatus, chance: random.Random, today: date
) -> None:
    """Make one plan differ from the next, and some of them wrong."""
    kept = chance.sample(rows["Indsatser"], chance.randrange(5, 9))
    rows["Indsatser"] = kept
    for row in kept:
        row["Erfaringer"] = chance.choice(_LESSONS)
    for number, row in enumerate(rows["Milepæle"]):
        row["Indsats nr."] = chance.choice(kept)["Nr."]
        if number:
            row["Frist"] = today + timedelta(days=chance.randrange(-40, 200))
    if status is PlanStatus.FOR_APPROVAL:
        _leave_undecided(rows["Godkendelser"], chance, today)
    if chance.random() < 0.3:
        kept[0]["Startdato"] = "31-06-2025"
    if chance.random() < 0.2:
        rows["Finansiering"][1]["Tilsagn"] = "Afventer"
    if chance.random() < 0.1:
        rows["Finansiering"][0]["Type"] = "Landsbyg"


def _leave_undecided(rows: list[Row], chance: random.Random, today: date) -> None:
    """Let the plan wait for some of its approvals."""
    done = chance.randrange(1, 8)
    for row in rows[done:]:
        row |= {"Afgørelse": "Afventer", "Afgørelsesdato": ""}
    for row in rows:
        for key in ("Sendt", "Afgørelsesdato"):
            if isinstance(on := row[key], date):
                row[key] = min(on, today - timedelta(days=3))
    if chance.random() < 0.2:
        rows[done - 1]["Afgørelse"] = "Afvist"


if __name__ == "__main__":
    make_region(
        Path(sys.argv[1]), int(sys.argv[2]) if len(sys.argv) > 2 else 40, date(2026, 11, 23)
    )
