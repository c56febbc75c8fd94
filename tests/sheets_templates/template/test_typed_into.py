"""Each rule's examples typed into the template: the wrong one is found, and nothing else."""

from __future__ import annotations

import io
import re
import zipfile
from dataclasses import replace
from typing import Any

import pytest

from rules.catalogue.catalogue import RULES
from rules.catalogue.example_plan import typed
from rules.judging.rule import Example, ExampleCell, Rule
from rules.model.cells import FormulaError, RawWorkbook
from rules.model.plan import PlanForm
from rules.model.shipped import SHIPPED
from rules.model.tables import PLAN
from sheets_templates.drawing.design import Formula
from sheets_templates.template.plan_design import plan_workbook
from sync.stores.excel.reading import read_tabs
from sync.xlsx.zip_package import Limits
from tests.rules.helpers import lines, noticed
from tests.sheets_templates.books import MASTER, example_rows

YEARS = (2025, 2026, 2027, 2028)
TYPED = [rule for rule in RULES if not isinstance(rule.wrong, str)]
FOLLOWS = {
    "CEL-05": {"FIN-09"},
    "PLA-03": {"GOD-09"},
    "IND-03": {"MIL-02"},
    "FIN-01": {"REG-01"},
    "FIN-02": {"REG-02"},
    "FIN-03": {"REG-01"},
    "FIN-06": {"IND-02", "REG-04"},
    "FIN-11": {"CEL-02"},
    "STR-08": {"FIN-11"},
}
"""What else is then wrong: the budgets' sum, the accounts beside another budget, an organisation
that nobody asked, a number or a year that is gone, the cell that cannot be read, and the money
without a year."""
SHEET_OF = {"Indsatser": 3, "Finansiering": 4}


def with_edits(example: Example) -> bytes:
    """The example plan as a workbook of the template, typed over."""
    assert not isinstance(example, str)
    rows: dict[str, list[dict[str, Any]]] = {
        tab: [{key: entry for key, entry in row.items() if key != "I alt"} for row in found]
        for tab, found in example_rows().items()
    }
    master = MASTER
    for edit in example:
        if edit.tab == "Plan":
            master = _in_form(master, edit)
        elif edit.row > 0:
            found = rows[edit.tab]
            if edit.row > len(found):
                found.append({"Kilde": "I alt"})
            found[edit.row - 1][edit.column] = _entry(edit.text)
    data = plan_workbook(SHIPPED, master, rows, YEARS)
    for edit in example:
        if edit.tab != "Plan" and edit.row == 0:
            data = _with_header(data, edit)
    return data


def _entry(text: str) -> Any:
    entry = typed(text)
    return Formula("=1/0", entry) if isinstance(entry, FormulaError) else entry


def _in_form(master: PlanForm, edit: ExampleCell) -> PlanForm:
    key = next(column.key for column in PLAN.columns if column.header == edit.column)
    value: Any = typed(edit.text) if edit.text else None
    return replace(master, **{key: value})


def _with_header(data: bytes, edit: ExampleCell) -> bytes:
    """A header typed over, in the bytes of its sheet."""
    out = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(data)) as old, zipfile.ZipFile(out, "w") as new:
        for name in old.namelist():
            part = old.read(name)
            if name == f"xl/worksheets/sheet{SHEET_OF[edit.tab]}.xml":
                header = rf"(?:<t>|<v>){edit.column}(?:</t></is>|</v>)</c>"
                part, count = re.subn(
                    rf' s="(\d+)"(?: t="inlineStr"><is>|>){header}'.encode(),
                    rf' s="\1" t="inlineStr"><is><t>{edit.text}</t></is></c>'.encode(),
                    part,
                )
                assert count == 1
            new.writestr(name, part)
    return out.getvalue()


def codes(example: Example) -> set[str]:
    """What the rules say about the workbook, read as the job reads it."""
    workbook = RawWorkbook("Vapnagaard.xlsx", read_tabs(with_edits(example), Limits()))
    return {line.split()[0] for line in lines(noticed(workbook))}


@pytest.mark.parametrize("rule", TYPED, ids=lambda rule: rule.code)
def test_the_wrong_example_is_found_and_nothing_else(rule: Rule) -> None:
    found = codes(rule.wrong)

    assert rule.code in found
    assert found - {rule.code} == FOLLOWS.get(rule.code, set())


@pytest.mark.parametrize("rule", TYPED, ids=lambda rule: rule.code)
def test_the_right_example_is_not_found(rule: Rule) -> None:
    if isinstance(rule.right, str):
        return
    found = codes(rule.right)

    assert rule.code not in found
