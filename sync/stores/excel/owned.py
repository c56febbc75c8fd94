"""What the job owns in a workbook, as the package editor takes it."""

from __future__ import annotations

from rules.model.tables import (
    HEADER_ROW,
    LINK_AT,
    WARNINGS_COLUMNS,
    warnings_headers,
)
from rules.text.cell_names import LAST_COLUMN
from rules.text.job_texts import is_control_text
from sync.findings.owned import Owned
from sync.i18n.language import spoken
from sync.xlsx.errors import Reason, RefusedError, refused_in
from sync.xlsx.owned_column import OwnedColumn
from sync.xlsx.owned_sheet import OwnedCell, OwnedSheet

_NEW_COLUMN_WIDTH = 60.0


def owned_columns(owned: Owned) -> list[OwnedColumn]:
    """The columns Kontrol as they shall stand in the package.

    Raises:
        RefusedError: the headers reach to the sheet's last column.
    """
    for column in owned.columns:
        if column.column > LAST_COLUMN:
            with refused_in(column.tab):
                raise RefusedError(Reason.NO_FREE_COLUMN, "something stands in the last column")
    return [
        OwnedColumn(
            tab=column.tab,
            column=column.column,
            header_row=column.header_row,
            header=column.header if column.is_new else None,
            texts=column.texts,
            width=_NEW_COLUMN_WIDTH if column.is_new else None,
            is_own=is_control_text,
        )
        for column in owned.columns
    ]


def owned_sheet(owned: Owned) -> OwnedSheet:
    """The tab Advarsler as it shall stand in the package."""
    rows: list[tuple[OwnedCell, ...]] = [()] * (HEADER_ROW - 1)
    rows[0] = (OwnedCell(owned.summary, bold=True),)
    rows.append(tuple(OwnedCell(header, bold=True) for header in warnings_headers(spoken())))
    rows.extend(
        tuple(
            OwnedCell(text, row.link if number == LINK_AT else None)
            for number, text in enumerate(row.cells)
        )
        for row in owned.rows
    )
    widths = tuple(column.width for column in WARNINGS_COLUMNS)
    return OwnedSheet(owned.page, tuple(rows), widths, frozen_rows=HEADER_ROW)
