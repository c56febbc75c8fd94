"""A stranger's folder: workbooks of many plans, with their configuration, checked in one run."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from pathlib import Path

from tests.strangers.habits import Written, written
from tests.strangers.plans import MISTAKES, Plan, mistaken, right_plan
from tests.sync.helpers import helhedsplan

COMPLAINTS = ("fejl", "advarsel")
Found = tuple[str, str, str, str]
"""A finding: its code, severity, place, and message."""


def right_plans(count: int) -> list[Plan]:
    """Plans without a mistake, each in other habits."""
    return [right_plan(number, f"{number:03}") for number in range(count)]


def mistaken_plans(each: int) -> list[Plan]:
    """Every mistake, in this many plans."""
    return [
        mistaken(at + 50 * number, f"{at:02}-{number:02}", mistake)
        for at, mistake in enumerate(MISTAKES)
        for number in range(each)
    ]


class Folder:
    """The plans' workbooks in a folder, and the configuration that a stranger has for them."""

    def __init__(self, folder: Path, plans: Sequence[Plan]) -> None:
        self.sheets = folder / "sheets"
        self.sheets.mkdir(parents=True)
        self.config = folder / "config.toml"
        books = {f"{plan.area}.xlsx": (plan, written(plan)) for plan in plans}
        for name, (_, book) in books.items():
            (self.sheets / name).write_bytes(book.data)
        self.config.write_text(_configuration(books), encoding="utf-8")

    def findings(self) -> dict[str, list[Found]]:
        """What is found in each workbook, by its name, on 23 November 2026."""
        day = ("--today", "2026-11-23", "--format", "json")
        answer = helhedsplan("check", "-c", self.config, *day)
        found: dict[str, list[Found]] = {file.name: [] for file in self.sheets.iterdir()}
        for one in json.loads(answer.out)["findings"]:
            place = f"{one['tab']}!{one['cell']}" if one["cell"] else str(one["tab"])
            found[one["workbook"]].append((one["code"], one["severity"], place, one["message"]))
        return found


def _configuration(books: Mapping[str, tuple[Plan, Written]]) -> str:
    lines = ['preset = "none"', 'sources = [{ kind = "excel", folder = "sheets" }]']
    for name in ("Havblik", "Fjordbo"):
        lines += ["[[organisations]]", f'name = "{name}"']
    for plan, _ in books.values():
        lines += ["[[areas]]", f'name = "{plan.area}"', 'organisation = "Havblik"']
    for name, (_, book) in books.items():
        for tab, column, kroner in book.units:
            lines += ["[[units]]", f'workbooks = "{name}"', f'tab = "{tab}"',
                      f'column = "{column}"', f"kroner = {kroner}"]  # fmt: skip
    return "\n".join(lines) + "\n"


def misses(found: Mapping[str, Sequence[Found]], each: int) -> list[tuple[str, str]]:
    """The mistakes that none of their codes was found for: title, and workbook."""
    missed = []
    for plan, mistake in zip(
        mistaken_plans(each), (one for one in MISTAKES for _ in range(each)), strict=True
    ):
        name = f"{plan.area}.xlsx"
        if not {code for code, *_ in found[name]} & set(mistake.codes):
            missed.append((mistake.title, name))
    return missed
