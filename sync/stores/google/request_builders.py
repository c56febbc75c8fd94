"""What requests to Google are made of: cells, formats, the job's own places. Pure."""

from __future__ import annotations

import hashlib
import json
import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from typing import Any

from rules.model.tables import HEADER_ROW, LINK_AT, WARNINGS_COLUMNS, warnings_headers
from rules.text.cell_names import CellRange
from sheets_templates.drawing.appearance import (
    FONT_NAME,
    Appearance,
    Colour,
    Lines,
    MarkStyle,
    Style,
)
from sheets_templates.drawing.design import Entry, Formula
from sync.findings.owned import Owned
from sync.i18n.language import _, spoken
from sync.stores.google.snapshot import MARK_KEY, PROTECTED, SheetSnapshot, serial_of

Json = dict[str, Any]
LARGEST = 2_000_000
"""As many bytes as Google advises for a request."""
LONGEST = 50_000
"""As many characters as a cell takes."""
_OUTSIDE_TEXTS = re.compile(r'("(?:[^"]|"")*")')
_DECIMAL_POINT = re.compile(r"(?<=\d)\.(?=\d)")
_PIXELS_A_CHARACTER, _PADDING = 7.0, 5
_WITH_COMMAS = ("en", "ja", "ko", "zh", "th", "iw")
"""Languages whose numbers have a point, and whose formulas have commas between arguments."""
_LINE_COLOURS = {Lines.GRID: Colour.LINE, Lines.HEADING: Colour.INK, Lines.SUM: Colour.INK}
ADDRESS = "https://docs.google.com/spreadsheets/d/{}/edit"
"""Where a person opens a spreadsheet, by its id."""
_SPARE_ROWS = 20
_WRITTEN = (
    "userEnteredValue,userEnteredFormat(textFormat(bold,link),wrapStrategy,verticalAlignment)"
)


def colour(code: str) -> Json:
    """A colour like `1F3864`."""
    parts = (int(code[at : at + 2], 16) / 255 for at in (0, 2, 4))
    return {"rgbColor": dict(zip(("red", "green", "blue"), parts, strict=True))}


def pixels(characters: float) -> int:
    """How wide a column of so many characters is."""
    return round(characters * _PIXELS_A_CHARACTER) + _PADDING


def has_decimal_comma(locale: str) -> bool:
    """Whether numbers are written with a comma there, and arguments of formulas with `;`."""
    return not locale.startswith(_WITH_COMMAS)


def localized(formula: str) -> str:
    """A formula as it is written in a Danish spreadsheet: `;` between arguments, decimal commas."""
    parts = _OUTSIDE_TEXTS.split(formula)
    return "".join(
        part if number % 2 else _DECIMAL_POINT.sub(",", part.replace(",", ";"))
        for number, part in enumerate(parts)
    )


def value(entry: Entry) -> Json:
    """What is entered into a cell; a plain text stays one, whatever it begins with."""
    match entry:
        case None | "":
            return {}
        case Formula():
            return {"formulaValue": localized(entry.text)}
        case bool():
            return {"boolValue": entry}
        case int() | float() | Decimal():
            return {"numberValue": float(entry)}
        case datetime():
            return {"numberValue": serial_of(entry.date())}
        case date():
            return {"numberValue": serial_of(entry)}
        case str():
            return {"stringValue": entry[:LONGEST]}


def cell_of(entry: Entry, style: Json) -> Json:
    """A cell with a value and a format."""
    return {"userEnteredValue": value(entry), "userEnteredFormat": style}


def number_format(pattern: str) -> Json:
    """The kind of a number format, by its pattern."""
    if pattern == "@":
        return {"type": "TEXT"}
    if "yy" in pattern:
        return {"type": "DATE", "pattern": pattern}
    return {"type": "PERCENT" if "%" in pattern else "NUMBER", "pattern": pattern}


def format_of(style: Appearance) -> Json:
    """The format of a cell."""
    text: Json = {
        "fontFamily": FONT_NAME,
        "fontSize": style.size,
        "bold": style.bold,
        "italic": style.italic,
        "underline": style.underline,
    }
    found: Json = {
        "textFormat": text,
        "verticalAlignment": "MIDDLE" if style.is_centred else "TOP",
        "wrapStrategy": "WRAP" if style.wraps else "OVERFLOW_CELL",
    }
    if style.ink:
        text["foregroundColorStyle"] = colour(style.ink)
    if style.background:
        found["backgroundColorStyle"] = colour(style.background)
    if style.indent:
        side = _PADDING + round(style.indent * _PIXELS_A_CHARACTER)
        found["padding"] = {"top": 2, "right": side, "bottom": 2, "left": side}
    if style.horizontal:
        found["horizontalAlignment"] = style.horizontal.upper()
    if style.lines in _LINE_COLOURS:
        line = {"style": "SOLID", "colorStyle": colour(_LINE_COLOURS[style.lines])}
        found["borders"] = dict.fromkeys(("top", "bottom", "left", "right"), line)
    if style.number_format != "General":
        found["numberFormat"] = number_format(style.number_format)
    return found


FORMATS: dict[Style, Json] = {style: format_of(style.value) for style in Style}
"""Every kind of cell."""


def conditional_rule(area: Json, formula: str, look: MarkStyle, locale: str = "da_DK") -> Json:
    """The request that colours cells while a formula (without `=`) holds.

    The rule goes before those that are there.
    """
    written = localized(formula) if has_decimal_comma(locale) else formula
    condition = {"type": "CUSTOM_FORMULA", "values": [{"userEnteredValue": f"={written}"}]}
    text = {"foregroundColorStyle": colour(look.ink), "bold": look.bold, "italic": look.italic}
    style: Json = {"textFormat": text}
    if look.background:
        style["backgroundColorStyle"] = colour(look.background)
    rule = {"ranges": [area], "booleanRule": {"condition": condition, "format": style}}
    return {"addConditionalFormatRule": {"rule": rule, "index": 0}}


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
            "protectedRangeId": protection_id(spreadsheet_id, area["sheetId"]),
            "range": area,
            "description": PROTECTED + described,
            "warningOnly": not locks,
        }
        if locks:
            added["editors"] = {"users": [self.email]}
        return {"addProtectedRange": {"protectedRange": added}}


def protection_id(spreadsheet_id: str, gid: int) -> int:
    """The id of the job's protection in a tab."""
    return own_id(spreadsheet_id, gid, "protection")


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


def page_texts(owned: Owned) -> list[tuple[str, ...]]:
    """The rows of the tab Advarsler as texts, from row 1."""
    rows: list[tuple[str, ...]] = [()] * (HEADER_ROW - 1)
    rows[0] = (owned.summary,)
    return [*rows, warnings_headers(spoken()), *(row.cells for row in owned.rows)]


def new_page(gid: int, name: str) -> list[Json]:
    """The requests that make a new tab Advarsler, by the name that it shall have."""
    grid = {
        "rowCount": HEADER_ROW + _SPARE_ROWS,
        "columnCount": len(WARNINGS_COLUMNS),
        "frozenRowCount": HEADER_ROW,
    }
    properties = {"sheetId": gid, "title": name, "gridProperties": grid}
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


def batches(changes: Iterable[Json], largest: int = LARGEST) -> Iterator[list[Json]]:
    """The changes in their order, each batch below the size as far as single rows allow."""
    batch: list[Json] = []
    filled = 0
    for change in changes:
        for piece in _pieces(change, largest):
            size = _size(piece)
            if batch and filled + size > largest:
                yield batch
                batch, filled = [], 0
            batch.append(piece)
            filled += size
    if batch:
        yield batch


def _pieces(change: Json, largest: int) -> Iterator[Json]:
    """A large `updateCells` of a whole tab as several: the first one clears what is not written."""
    update = change.get("updateCells", {})
    area = update.get("range", {})
    if set(area) != {"sheetId"}:
        yield change
        return
    rows = update["rows"]
    begun, filled = 0, 0
    for number, row in enumerate(rows):
        size = _size(row)
        if number > begun and filled + size > largest:
            yield _part(update, begun, number)
            begun, filled = number, 0
        filled += size
    yield _part(update, begun, len(rows))


def _part(update: Json, begin: int, end: int) -> Json:
    rows, fields = update["rows"][begin:end], update["fields"]
    if begin == 0:
        return {"updateCells": {"range": update["range"], "rows": rows, "fields": fields}}
    start = {**update["range"], "rowIndex": begin, "columnIndex": 0}
    return {"updateCells": {"start": start, "rows": rows, "fields": fields}}


def _size(value: Json) -> int:
    return len(json.dumps(value))
