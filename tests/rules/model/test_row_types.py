"""Row types and tabs fit together: the gate fills a row's fields by their position."""

from __future__ import annotations

import dataclasses

import pytest

from rules.model.plan import ROW_TYPES, PlanForm
from rules.model.tables import PLAN, TABLES, Table

ROW_TABLES = [table for table in TABLES if not table.is_form]


@pytest.mark.parametrize("table", ROW_TABLES, ids=[table.tab for table in ROW_TABLES])
def test_a_rows_fields_are_the_tabs_columns_in_their_order(table: Table) -> None:
    fields = ROW_TYPES[table.key]._fields
    columns = tuple(column.key for column in table.columns)

    assert fields[: len(columns) + 2] == ("row", *columns, "unread")


def test_the_forms_fields_are_its_columns() -> None:
    fields = [field.name for field in dataclasses.fields(PlanForm)]

    assert fields == [*(column.key for column in PLAN.columns), "unread"]
