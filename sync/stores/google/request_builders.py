"""The requests that make the job's own places what they shall be. Pure: nothing is sent here."""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from rules.model.tables import WARNINGS_TAB
from sheets_templates.drawing.design import CellRange
from sheets_templates.drawing.warnings_tab import (
    HEADER_ROW,
    LINK_AT,
    WARNINGS_COLUMNS,
    warnings_headers,
)
from sync.findings.owned import Owned
from sync.i18n.language import _, spoken
from sync.stores.google.cell_formats import LONGEST, pixels
from sync.stores.google.expected import ColumnTexts
from sync.stores.google.snapshot import MARK_KEY, PROTECTED, SheetSnapshot

Json = dict[str, Any]
ADDRESS = "https://docs.google.com/spreadsheets/d/{}/edit"
"""Where a person opens a spreadsheet, by its id."""
_SPARE_ROWS = 20
_WRITTEN = (
    "userEnteredValue,userEnteredFormat(textFormat(bold,link),wrapStrategy,verticalAlignment)"
)


def own_id(spreadsheet_id: str, gid: int, what: str) -> int:
    """An id for something of the job's in a tab: always the same, so that nothing comes twice."""
    text = f"{spreadsheet_id}/{gid}/{what}"
    return int.from_bytes(hashlib.blake2b(text.encode(), digest_size=4).digest()) >> 1 or 1


def grid_range(gid: int, area: CellRange) -> Json:
    """A block of cells as Google counts: from 0, the end left out."""
    return {
        "sheetId": gid,
        "startRowIndex": area.top - 1,
        "endRowIndex": area.bottom,
        "startColumnIndex": area.left - 1,
        "endColumnIndex": area.right,
    }


def resized(gid: int, dimension: str, number: int, pixels: int) -> Json:
    """The request that gives one of the COLUMNS or ROWS (from 1) a size."""
    place = {"sheetId": gid, "dimension": dimension, "startIndex": number - 1, "endIndex": number}
    return {
        "updateDimensionProperties": {
            "range": place, "properties": {"pixelSize": pixels}, "fields": "pixelSize",
        }
    }  # fmt: skip


@dataclass(frozen=True, slots=True)
class Protection:
    """How the job's places are kept from being edited by accident.

    The tab Advarsler can be edited by the account and the owner alone. The column Kontrol asks
    back before it is edited; where it is locked like the tab, nobody else can delete or sort rows.
    """

    email: str
    locks_kontrol: bool = False

    def kontrol(self, spreadsheet_id: str, gid: int, column: int) -> Json:
        """The request that protects a column, from 1."""
        area = {"sheetId": gid, "startColumnIndex": column - 1, "endColumnIndex": column}
        described = _("kolonnen Kontrol skrives af kontrollen")
        return self._added(spreadsheet_id, area, described, locks=self.locks_kontrol)

    def page(self, spreadsheet_id: str, gid: int) -> Json:
        """The request that protects the tab Advarsler."""
        described = _("fanen Advarsler skrives af kontrollen")
        return self._added(spreadsheet_id, {"sheetId": gid}, described, locks=True)

    def _added(self, spreadsheet_id: str, area: Json, described: str, *, locks: bool) -> Json:
        added: Json = {
            "protectedRangeId": own_id(spreadsheet_id, area["sheetId"], "protection"),
            "range": area,
            "description": PROTECTED + described,
            "warningOnly": not locks,
        }
        if locks:
            added["editors"] = {"users": [self.email]}
        return {"addProtectedRange": {"protectedRange": added}}


def mark_id(spreadsheet_id: str, gid: int) -> int:
    """The id of the mark on a tab's column Kontrol."""
    return own_id(spreadsheet_id, gid, "kontrol")


def mark(spreadsheet_id: str, gid: int, column: int) -> Json:
    """The request that marks a column (from 1) as Kontrol."""
    place = {"sheetId": gid, "dimension": "COLUMNS"}
    metadata: Json = {
        "metadataId": mark_id(spreadsheet_id, gid),
        "metadataKey": MARK_KEY,
        "metadataValue": "1",
        "visibility": "DOCUMENT",
        "location": {"dimensionRange": {**place, "startIndex": column - 1, "endIndex": column}},
    }
    return {"createDeveloperMetadata": {"developerMetadata": metadata}}


def unmark(metadata_id: int) -> Json:
    """The request that takes a mark away."""
    lookup = {"developerMetadataLookup": {"metadataId": metadata_id}}
    return {"deleteDeveloperMetadata": {"dataFilter": lookup}}


def unprotect(tab: SheetSnapshot) -> list[Json]:
    """The requests that take the job's protections of a tab away."""
    return [{"deleteProtectedRange": {"protectedRangeId": id_}} for id_ in tab.protections]


def column_values(written: ColumnTexts) -> Json:
    """Texts for a marked column; all rows for which there is none are left alone."""
    values: list[str | None] = [None] * max(written.texts)
    for row, text in written.texts.items():
        values[row - 1] = text[:LONGEST]
    return {
        "dataFilter": {"developerMetadataLookup": {"metadataId": written.mark}},
        "majorDimension": "COLUMNS",
        "values": [values],
    }


def left_alone(gid: int) -> Json:
    """A whole tab among what is written, and nothing for it: the answer shows what stands there."""
    return {"dataFilter": {"gridRange": {"sheetId": gid}}, "values": [[None]]}


def page_texts(owned: Owned) -> list[tuple[str, ...]]:
    """The rows of the tab Advarsler as texts, from row 1."""
    rows: list[tuple[str, ...]] = [()] * (HEADER_ROW - 1)
    rows[0] = (owned.summary,)
    return [*rows, warnings_headers(spoken()), *(row.cells for row in owned.rows)]


def new_page(gid: int) -> list[Json]:
    """The requests that make a new tab Advarsler."""
    grid = {
        "rowCount": HEADER_ROW + _SPARE_ROWS,
        "columnCount": len(WARNINGS_COLUMNS),
        "frozenRowCount": HEADER_ROW,
    }
    properties = {"sheetId": gid, "title": WARNINGS_TAB, "gridProperties": grid}
    widths = [
        resized(gid, "COLUMNS", number, pixels(column.width))
        for number, column in enumerate(WARNINGS_COLUMNS, 1)
    ]
    return [{"addSheet": {"properties": properties}}, *widths]


def page_content(gid: int, owned: Owned, gids: dict[str, int], standing_rows: int) -> list[Json]:
    """The requests that replace what stands in the tab Advarsler, which has so many rows now."""
    rows = [_row(texts, bold=True) for texts in page_texts(owned)[:HEADER_ROW]]
    for row in owned.rows:
        line = _row(row.cells, bold=False)
        if row.link and (target := gids.get(row.link[0])) is not None:
            link = {"uri": f"#gid={target}&range={row.link[1]}"}
            line["values"][LINK_AT]["userEnteredFormat"]["textFormat"]["link"] = link
        rows.append(line)
    requests: list[Json] = []
    if len(rows) > standing_rows:
        grid = {"gridProperties": {"rowCount": len(rows) + _SPARE_ROWS}}
        requests.append(updated(gid, grid, "gridProperties.rowCount"))
    update = {"range": {"sheetId": gid}, "rows": rows, "fields": _WRITTEN}
    return [*requests, {"updateCells": update}]


def updated(gid: int, properties: Json, fields: str) -> Json:
    """The request that changes a tab's properties."""
    return {
        "updateSheetProperties": {"properties": {"sheetId": gid, **properties}, "fields": fields}
    }


def _row(texts: Sequence[str], *, bold: bool) -> Json:
    """A row of plain texts: what begins with `=` stays a text here."""
    style = {"verticalAlignment": "TOP", "wrapStrategy": "OVERFLOW_CELL" if bold else "WRAP"}
    return {
        "values": [
            {
                **({"userEnteredValue": {"stringValue": text[:LONGEST]}} if text else {}),
                "userEnteredFormat": {**style, "textFormat": {"bold": bold}},
            }
            for text in texts
        ]
    }
