"""Twelve plans, the overview of them on two days, and their workbooks read with openpyxl alone."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from functools import cached_property
from pathlib import Path
from typing import Any

import openpyxl

from tests.sync.helpers import Site, table

LAST_WEEK, TODAY = date(2026, 11, 16), date(2026, 11, 23)
STEPS = ("Prækvalifikation", "Politisk udvalg", "Byråd", "Boligorganisation", "Beboerdemokrati",
         "Styregruppe", "Landsbyggefonden")  # fmt: skip
LOCAL = {"Kommune", "Boligorganisation", "Boligafdeling"}
TYPES = {"Landsbyggefonden", "Fond", "Anden", *LOCAL}
Row = dict[str, Any]


@dataclass(frozen=True)
class Typed:
    """A plan as it stands in its one workbook."""

    file: Path

    @cached_property
    def _workbook(self) -> openpyxl.Workbook:
        return openpyxl.load_workbook(self.file, data_only=True)

    def rows(self, tab: str) -> list[Row]:
        """The filled rows below the headers, total rows left out."""
        lines = list(self._workbook[tab].iter_rows(values_only=True))
        start = next(n for n, line in enumerate(lines) if "Kontrol" in line or "Felt" in line)
        headers = [str(header) for header in lines[start]]
        rows = [dict(zip(headers, line, strict=True)) for line in lines[start + 1 :]]
        return [row for row in rows if row[headers[0]] not in {None, "I alt"}]

    @cached_property
    def form(self) -> dict[str, Any]:
        return {row["Felt"]: row["Værdi"] for row in self.rows("Plan")}

    @property
    def plan_id(self) -> str:
        return str(self.form["Plan-id"])

    @cached_property
    def money(self) -> dict[tuple[str, int], Decimal] | None:
        """Kroner by type and year; None where a type cannot be read."""
        sums: dict[tuple[str, int], Decimal] = defaultdict(Decimal)
        for row in self.rows("Finansiering"):
            if row["Type"] not in TYPES:
                return None
            for header, value in row.items():
                if header.isdecimal() and value is not None:
                    sums[row["Type"], int(header)] += Decimal(str(value))
        return sums

    def total(self, local: bool = False) -> Decimal | None:
        if self.money is None:
            return None
        return sum((v for (t, _), v in self.money.items() if not local or t in LOCAL), Decimal())

    @cached_property
    def steps(self) -> dict[str, list[Row]]:
        found: dict[str, list[Row]] = {step: [] for step in STEPS}
        for row in self.rows("Godkendelser"):
            found[row["Trin"]].append(row)
        return found

    def is_approved(self, step: str) -> bool:
        rows = self.steps[step]
        return bool(rows) and all(row["Afgørelse"] == "Godkendt" for row in rows)


@dataclass(frozen=True)
class Region:
    """Twelve plans and what the job made of them a week apart."""

    site: Site
    before: bytes
    after: bytes

    @cached_property
    def plans(self) -> dict[str, Typed]:
        plans = [Typed(file) for file in sorted(self.site.sheets.glob("*.xlsx"))]
        return {plan.plan_id: plan for plan in plans}

    def lines(self, tab: str, data: bytes | None = None) -> list[Row]:
        return table(data or self.after, tab)

    def by_plan(self, tab: str) -> Iterator[tuple[Typed, Row]]:
        for line in self.lines(tab):
            if line["Plan-id"] in self.plans:
                yield self.plans[line["Plan-id"]], line
