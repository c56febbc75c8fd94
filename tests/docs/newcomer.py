"""The newcomer's try of docs/newcomer.md: what a person does, with our own commands."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date
from pathlib import Path
from typing import Any

from openpyxl import load_workbook

from tests.sync.helpers import helhedsplan

ROOT = Path(__file__).parents[2]
TODAY = "2026-11-25"
FIFTH_AREA = """
[[areas]]
name = "Nordre Park"
organisation = "Nordkysten"
"""
Typed = Mapping[str, str | int | date]

ROWS: Typed = {
    "Plan!B12": "I gang",
    "Forberedelse!B4": date(2026, 1, 12),
    "Forberedelse!B5": date(2026, 1, 13),
    "Forberedelse!B6": date(2026, 1, 14),
    "Forberedelse!B7": date(2026, 1, 15),
    "Indsatser!A4": "1", "Indsatser!B4": "Sundhed", "Indsatser!C4": "Sundhedscafé",
    "Indsatser!D4": "Voksne uden for arbejdsmarkedet", "Indsatser!E4": "Lone Bach",
    "Indsatser!F4": date(2027, 1, 1),
    "Indsatser!G4": date(2030, 6, 30), "Indsatser!H4": "Planlagt", "Indsatser!I4": 8_000_000,
    "Finansiering!A4": "Landsbyggefonden", "Finansiering!B4": "Landsbyggefonden",
    "Finansiering!D4": "Ja", "Finansiering!E4": 6_000_000,
    "Finansiering!A5": "Helsingør Kommune", "Finansiering!B5": "Kommune",
    "Finansiering!D5": "Ja", "Finansiering!E5": 2_000_000,
    "Godkendelser!B5": "Socialudvalget",
    "Godkendelser!D5": "Godkendt", "Godkendelser!E5": date(2026, 5, 7),
    "Godkendelser!B6": "Helsingør Byråd",
    "Godkendelser!D6": "Godkendt", "Godkendelser!E6": date(2026, 6, 3),
    "Godkendelser!B7": "Nordkysten",
    "Godkendelser!D7": "Godkendt", "Godkendelser!E7": date(2026, 6, 10),
    "Godkendelser!B8": "Afdelingsmødet",
    "Godkendelser!D8": "Godkendt", "Godkendelser!E8": date(2026, 6, 12),
    "Godkendelser!B9": "Bystrategisk Partnerskab",
    "Godkendelser!D9": "Godkendt", "Godkendelser!E9": date(2026, 6, 20),
    "Godkendelser!B10": "Landsbyggefonden",
    "Godkendelser!D10": "Godkendt", "Godkendelser!E10": date(2026, 9, 1),
    "Medarbejdere!A4": "Lone Bach", "Medarbejdere!B4": "Projektleder", "Medarbejdere!C4": 37,
    "Medarbejdere!D4": date(2026, 8, 1), "Medarbejdere!F4": "lone@nordkysten.example",
}  # fmt: skip
MISTAKES: Typed = {
    "Indsatser!B4": "Sunhed",
    "Indsatser!G4": "31-06-2030",
    "Indsatser!I4": "8.000.000 kr.",
    "Finansiering!E5": 1_500_000,
    "Godkendelser!E6": date(2026, 5, 1),
}
CORRECTIONS: Typed = {
    "Indsatser!B4": "Sundhed",
    "Indsatser!G4": date(2030, 6, 30),
    "Indsatser!I4": 8_000_000,
    "Finansiering!E4": 6_000_000,
    "Finansiering!E5": 2_000_000,
    "Godkendelser!E6": date(2026, 6, 3),
}


def type_into(file: Path, cells: Typed) -> None:
    """Type into the workbook's cells, and let the sums of the sources follow, as Excel does."""
    workbook = load_workbook(file)
    for place, value in cells.items():
        tab, _, address = place.partition("!")
        workbook[tab][address] = value
    funding = workbook["Finansiering"]
    rows = [row for row in funding["A4:I15"] if row[0].value]
    for row in rows:
        row[8].value = _sum(row[4:8])
    for column in range(4, 9):
        funding.cell(16, column + 1).value = _sum([row[column] for row in rows])
    workbook.save(file)


def _sum(cells: Sequence[Any]) -> int:
    return sum(cell.value for cell in cells if isinstance(cell.value, int))


def set_up(folder: Path) -> Path:
    """The configuration for a fifth area, as the README says: copied, and added to."""
    (folder / "sheets").mkdir(parents=True)
    text = helhedsplan("config").out
    config = folder / "config.toml"
    last_area = text.index("# ── The programmes of Landsbyggefonden")
    config.write_text(text[:last_area] + FIFTH_AREA + "\n" + text[last_area:], encoding="utf-8")
    return config
