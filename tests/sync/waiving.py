"""Lines of the secretariat: some accept a finding of the example plan, some are comments to it."""

from __future__ import annotations

from datetime import date
from pathlib import Path
from typing import Any

import openpyxl

PLAN = "VAP-2025"
LATER = date(2027, 6, 30)
TYPED = {"Indsatser!I2": "'1.600.000 kr."}
"""Gives CEL-07 at Indsatser!I2 and nothing else."""

HEADERS = (
    "Plan-id", "Kode", "Regneark", "Fane", "Sted", "Begrundelse", "Accepteret af", "Til og med",
)  # fmt: skip


def waiver(**other: object) -> tuple[object, ...]:
    """A line that accepts the amount typed as text, with some of its cells typed otherwise."""
    line = {
        "Plan-id": PLAN, "Kode": "CEL-07", "Regneark": "", "Fane": "Indsatser", "Sted": "I2",
        "Begrundelse": "Aftalt med fonden", "Accepteret af": "Lone", "Til og med": LATER,
    } | other  # fmt: skip
    return tuple(line[header] for header in HEADERS)


COMMENT_HEADERS = (
    "Plan-id", "Kode", "Regneark", "Fane", "Sted", "Bemærkning", "Skrevet af", "Dato", "Løst",
)  # fmt: skip


def comment(text: str = "Husk bilaget.", **other: object) -> dict[str, object]:
    """A comment to the whole plan, with some of its cells typed otherwise; `_` is a blank."""
    line = {"Plan-id": PLAN, "Bemærkning": text, "Skrevet af": "Lone", "Dato": date(2026, 11, 20)}
    return line | {header.replace("_", " "): value for header, value in other.items()}


def write_comments(root: Path, *lines: dict[str, object]) -> None:
    """Write these comments, and no others, into the job's sheet as a person would."""
    workbook = openpyxl.load_workbook(root / "Undtagelser.xlsx")
    sheet = workbook["Bemærkninger"]
    sheet.delete_rows(4, 50)
    for row, line in enumerate(lines, 4):
        for column, header in enumerate(COMMENT_HEADERS, 1):
            cell: Any = sheet.cell(row, column)
            cell.value = line.get(header)
            cell.data_type = "s" if isinstance(cell.value, str) else cell.data_type
    workbook.save(root / "Undtagelser.xlsx")
