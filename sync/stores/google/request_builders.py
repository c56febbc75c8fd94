"""The requests that make the job's own places what they shall be. Pure: nothing is sent here."""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from rules.model.tables import WARNINGS_TAB
from sheets_templates.drawing.warnings_tab import (
    HEADER_ROW,
    LINK_AT,
    WARNINGS_COLUMNS,
    warnings_headers,
)
from sync.findings.owned import Owned
from sync.i18n.language import _, spoken
from sync.stores.google.cell_formats import pixels
from sync.stores.google.expected import ColumnTexts
from sync.stores.google.snapshot import PROTECTED, TAG, Tab

Json = dict[str, Any]
_SPARE_ROWS = 20
_WRITTEN = (
    "userEnteredValue,userEnteredFormat(textFormat(bold,link),wrapStrategy,verticalAlignment)"
)
LONGEST = 50_000
"""As many characters as a cell takes."""


def own_id(spreadsheet_id: str, gid: int, what: str) -> int:
    """An id for something of the job's in a tab: always the same, so that nothing comes twice."""
    text = f"{spreadsheet_id}/{gid}/{what}"
    return int.from_bytes(hashlib.blake2b(text.encode(), digest_size=4).digest()) >> 1 or 1


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
        description = PROTECTED + _("kolonnen Kontrol skrives af kontrollen")
        added: Json = {
            "protectedRangeId": own_id(spreadsheet_id, gid, "protection"),
            "range": area,
            "description": description,
        }
        return {"addProtectedRange": {"protectedRange": {**added, **self._who(self.locks_kontrol)}}}

    def page(self, spreadsheet_id: str, gid: int) -> Json:
        """The request that protects the tab Advarsler."""
        added: Json = {
            "protectedRangeId": own_id(spreadsheet_id, gid, "protection"),
            "range": {"sheetId": gid},
            "description": PROTECTED + _("fanen Advarsler skrives af kontrollen"),
        }
        return {"addProtectedRange": {"protectedRange": {**added, **self._who(locks=True)}}}

    def _who(self, locks: bool) -> Json:
        if not locks:
            return {"warningOnly": True}
        return {"warningOnly": False, "editors": {"users": [self.email]}}


def tag(spreadsheet_id: str, gid: int, column: int) -> Json:
    """The request that marks a column (from 1) as Kontrol."""
    place = {"sheetId": gid, "dimension": "COLUMNS"}
    metadata: Json = {
        "metadataId": own_id(spreadsheet_id, gid, "kontrol"),
        "metadataKey": TAG,
        "metadataValue": "1",
        "visibility": "DOCUMENT",
        "location": {"dimensionRange": {**place, "startIndex": column - 1, "endIndex": column}},
    }
    return {"createDeveloperMetadata": {"developerMetadata": metadata}}


def untag(metadata_id: int) -> Json:
    """The request that takes a mark away."""
    lookup = {"developerMetadataLookup": {"metadataId": metadata_id}}
    return {"deleteDeveloperMetadata": {"dataFilter": lookup}}


def unprotect(protected_id: int) -> Json:
    """The request that takes a protection away."""
    return {"deleteProtectedRange": {"protectedRangeId": protected_id}}


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


def new_page(spreadsheet_id: str) -> tuple[int, list[Json]]:
    """The id of a new tab Advarsler, and the requests that make it."""
    gid = own_id(spreadsheet_id, 0, "page")
    grid = {
        "rowCount": HEADER_ROW + _SPARE_ROWS,
        "columnCount": len(WARNINGS_COLUMNS),
        "frozenRowCount": HEADER_ROW,
    }
    properties = {"sheetId": gid, "title": WARNINGS_TAB, "gridProperties": grid}
    widths = [
        {
            "updateDimensionProperties": {
                "range": {
                    "sheetId": gid, "dimension": "COLUMNS", "startIndex": n, "endIndex": n + 1,
                },
                "properties": {"pixelSize": pixels(column.width)},
                "fields": "pixelSize",
            }
        }
        for n, column in enumerate(WARNINGS_COLUMNS)
    ]  # fmt: skip
    return gid, [{"addSheet": {"properties": properties}}, *widths]


def page_content(page: Tab | int, owned: Owned, gids: dict[str, int]) -> list[Json]:
    """The requests that replace what stands in the tab Advarsler; an id for a tab that is new."""
    gid = page if isinstance(page, int) else page.gid
    rows = [_row(texts, bold=True) for texts in page_texts(owned)[:HEADER_ROW]]
    for row in owned.rows:
        line = _row(row.cells, bold=False)
        if row.link and (target := gids.get(row.link[0])) is not None:
            link = {"uri": f"#gid={target}&range={row.link[1]}"}
            line["values"][LINK_AT]["userEnteredFormat"]["textFormat"]["link"] = link
        rows.append(line)
    there = 0 if isinstance(page, int) else page.rows
    requests: list[Json] = []
    if len(rows) > there:
        requests.append(_with_rows(gid, len(rows) + _SPARE_ROWS))
    update = {"range": {"sheetId": gid}, "rows": rows, "fields": _WRITTEN}
    return [*requests, {"updateCells": update}]


def renamed(gid: int) -> Json:
    """The request that gives the job's own tab its name back."""
    properties = {"sheetId": gid, "title": WARNINGS_TAB}
    return {"updateSheetProperties": {"properties": properties, "fields": "title"}}


def _with_rows(gid: int, rows: int) -> Json:
    properties = {"sheetId": gid, "gridProperties": {"rowCount": rows}}
    return {
        "updateSheetProperties": {"properties": properties, "fields": "gridProperties.rowCount"}
    }


def _row(texts: Sequence[str], *, bold: bool) -> Json:
    """A row of plain texts: what begins with `=` stays a text here."""
    look = {"verticalAlignment": "TOP", "wrapStrategy": "OVERFLOW_CELL" if bold else "WRAP"}
    return {
        "values": [
            {
                **({"userEnteredValue": {"stringValue": text[:LONGEST]}} if text else {}),
                "userEnteredFormat": {**look, "textFormat": {"bold": bold}},
            }
            for text in texts
        ]
    }
