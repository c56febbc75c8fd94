"""The benchmark's workbooks: all our tabs, about 120 filled rows, each with its own values.

Formatted ones have borders on all cells, and formatted blank rows below; lean ones hold nothing
that is blank.
"""

from __future__ import annotations

import io
import re
from dataclasses import replace
from datetime import date
from pathlib import Path
from xml.sax.saxutils import escape

from openpyxl import Workbook, load_workbook
from openpyxl.styles import Alignment, Border, Side
from openpyxl.worksheet.worksheet import Worksheet

from rules.model.choices import PlanStatus
from rules.model.shipped import SHIPPED
from rules.model.tables import TABLES
from sheets_templates.template.plan_design import plan_workbook
from sync.workbook_tools.demo import DemoPlan, Value, master_data, plan_rows
from sync.xlsx.parts import read_workbook
from sync.xlsx.zip_package import Package

TODAY = date(2026, 11, 23)
ROWS = {"Forberedelse": 12, "Indsatser": 40, "Medarbejdere": 12, "Milepæle": 40}
FORMATTED_BLANK_ROWS = 20
_PLACEHOLDER = b"90817"
_FORMULA = re.compile(rb'<c r="([A-Z]+[0-9]+)"[^<>]*><f>([^<]*)</f><v></v>')


def make_workbooks(folder: Path, count: int, *, lean: bool = False) -> None:
    """Write `count` workbooks, those that are not there yet; each is a plan of its own."""
    folder.mkdir(parents=True, exist_ok=True)
    bases = [Package(_base(area.name, area.organisation, lean=lean)) for area in SHIPPED.areas]
    for number in range(count):
        path = folder / f"plan{number:05}.xlsx"
        if path.exists():
            continue
        package = bases[number % len(bases)]
        changes = {
            part: content.replace(_PLACEHOLDER, b"%05d" % number)
            for part in package.names
            if _PLACEHOLDER in (content := package.read(part))
        }
        path.write_bytes(package.replaced(changes))


def _base(area: str, organisation: str, *, lean: bool) -> bytes:
    plan = DemoPlan(
        "", "P-90817", "Plan 90817", area, "Leder 90817", "Medarbejder 90817",
        PlanStatus.RUNNING, 3_000_000, 600_000, 400_000,
    )  # fmt: skip
    rows = plan_rows(plan, TODAY)
    for tab, count in ROWS.items():
        rows[tab] = [dict(rows[tab][n % len(rows[tab])]) for n in range(count)]
    _make_consistent(rows)
    master = replace(master_data(plan, TODAY), organisation=organisation)
    made = plan_workbook(SHIPPED, master, rows)
    workbook = load_workbook(io.BytesIO(made))
    for table in TABLES:
        if not lean:
            _format(workbook[table.tab])
    _leave_out_all_but_the_plan(workbook)
    stream = io.BytesIO()
    workbook.save(stream)
    return _with_results(stream.getvalue(), load_workbook(io.BytesIO(made), data_only=True))


def _with_results(saved: bytes, results: Workbook) -> bytes:
    """A workbook with its formulas' results, which openpyxl leaves out and Excel stores."""
    package, changes = Package(saved), {}
    for sheet in read_workbook(package).sheets:

        def stored(found: re.Match[bytes], tab: Worksheet = results[sheet.name]) -> bytes:
            value = tab[found[1].decode()].value
            kind = b"" if isinstance(value, int | float) else b' t="str"'
            result = "" if value is None else escape(str(value))
            return b"%b%b><f>%b</f><v>%b</v>" % (
                found[0].partition(b">")[0], kind, found[2], result.encode(),
            )  # fmt: skip

        changes[sheet.part] = _FORMULA.sub(stored, package.read(sheet.part))
    return package.replaced(changes)


def _leave_out_all_but_the_plan(workbook: Workbook) -> None:
    """Keep the seven tabs that are measured: the guide and its lists are the template's."""
    ours = {table.tab for table in TABLES}
    for sheet in workbook.worksheets:
        if sheet.title not in ours:
            workbook.remove(sheet)
    workbook.defined_names.clear()


def _make_consistent(rows: dict[str, list[dict[str, Value]]]) -> None:
    for number, row in enumerate(rows["Indsatser"], 1):
        row |= {"Nr.": number, "Budget": 16_000_000 // ROWS["Indsatser"]}
        row["Aktivitet"] = f"{row['Aktivitet']} {number} i plan 90817"
    for number, row in enumerate(rows["Milepæle"], 1):
        row["Nr."] = number
    for number, row in enumerate(rows["Medarbejdere"], 1):
        row |= {"Navn": f"Person {number} 90817", "E-mail": f"p{number}.90817@firma.example"}


def _format(sheet: Worksheet) -> None:
    """Borders and wrapped text on every cell, and some blank rows below, as people do."""
    side = Side(style="thin", color="999999")
    border = Border(left=side, right=side, top=side, bottom=side)
    top = Alignment(vertical="top", wrap_text=True)
    for row in sheet.iter_rows(min_row=4, max_row=sheet.max_row + FORMATTED_BLANK_ROWS):
        for cell in row:
            cell.border = border
            cell.alignment = top
