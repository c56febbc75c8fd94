"""The plan workbook as an Excel file: the design, drawn."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from rules.model.parameters import Parameters
from sheets_templates.drawing.excel import drawn
from sheets_templates.template.contact import HELP
from sheets_templates.template.plan_design import MasterData, Row, plan_design, plan_years

__all__ = ["MasterData", "Row", "plan_workbook", "plan_workbook_with", "plan_years"]


def plan_workbook(
    parameters: Parameters,
    master: MasterData,
    years: Sequence[int] | None = None,
    contact: str = HELP,
) -> bytes:
    """A new plan workbook (.xlsx) without rows; see `plan_design`.

    Raises:
        ValueError: no years are given, and the plan's dates do not tell them.
    """
    return drawn(plan_design(parameters, master, {}, years, contact))


def plan_workbook_with(
    parameters: Parameters,
    master: MasterData,
    rows: Mapping[str, Sequence[Row]],
    years: Sequence[int] | None = None,
) -> bytes:
    """A plan workbook with rows, by tab name; see `plan_design`.

    Raises:
        ValueError: no years are known, or a tab or a header is not one of the workbook's.
    """
    return drawn(plan_design(parameters, master, rows, years))
