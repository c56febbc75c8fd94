"""The plan workbook as an Excel file: the design, drawn."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from rules.model.parameters import Parameters
from sheets_templates.drawing.excel import drawn
from sheets_templates.template.contact import HELP
from sheets_templates.template.plan_design import MasterData, Row, plan_design, plan_years

__all__ = ["MasterData", "Row", "plan_workbook", "plan_years"]


def plan_workbook(
    parameters: Parameters,
    master: MasterData,
    rows: Mapping[str, Sequence[Row]] | None = None,
    years: Sequence[int] | None = None,
    contact: str = HELP,
) -> bytes:
    """The workbook (.xlsx); arguments and errors are those of `plan_design`."""
    return drawn(plan_design(parameters, master, rows, years, contact))
