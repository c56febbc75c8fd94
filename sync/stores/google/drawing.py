"""A design drawn into an empty spreadsheet that a person made and shared."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date

from rules.model.tables import CONTROL_HEADER
from rules.text.cell_names import CellRange
from rules.text.danish import name_key
from sheets_templates.drawing.appearance import Style
from sheets_templates.drawing.design import (
    Check,
    StyleRole,
    TabDesign,
    Validation,
    WordRange,
    WorkbookDesign,
)
from sync.i18n.language import _
from sync.stores.base import NeedsPerson
from sync.stores.google import request_builders as build
from sync.stores.google.connection import Connection
from sync.stores.google.requests import Json

LAST_ROW, SPARE_COLUMNS = 500, 6
_KONTROL = name_key(CONTROL_HEADER)
_MASK = (
    "properties(title),sheets(properties(sheetId,title),data(rowData(values(userEnteredValue))))"
)


def draw_into(google: Connection, spreadsheet_id: str, design: WorkbookDesign) -> None:
    """Fill an empty spreadsheet, all of it or nothing.

    Raises:
        NeedsPerson: it is not shared, or something stands in it.
        TryAgain: Google does not answer.
    """
    not_shared = _("Regnearket er ikke delt med kontrollen. Del det med {email} som redaktør.")
    with google.explained(not_shared, _("Der er ikke et regneark med det id i Google Drev.")):
        there = google.requests.spreadsheet(spreadsheet_id, _MASK)
        if any(_holds_something(sheet) for sheet in there["sheets"]):
            raise NeedsPerson(_("Regnearket er ikke tomt. Lav et nyt, tomt regneark, og del det."))
        google.requests.make(
            spreadsheet_id, list(_requests(google.protection, spreadsheet_id, design, there))
        )


def _holds_something(sheet: Json) -> bool:
    return any(
        cell.get("userEnteredValue")
        for data in sheet.get("data", ())
        for row in data.get("rowData", ())
        for cell in row.get("values", ())
    )


def _requests(
    protection: build.Protection, spreadsheet_id: str, design: WorkbookDesign, there: Json
) -> Iterator[Json]:
    """Everything in one batch: the tabs, then what stands in them, then the old tabs go."""
    properties = {"locale": "da_DK", "timeZone": "Europe/Copenhagen"}
    yield {"updateSpreadsheetProperties": {"properties": properties, "fields": "locale,timeZone"}}
    old = [sheet["properties"]["sheetId"] for sheet in there["sheets"]]
    for number, gid in enumerate(old):
        yield build.updated(gid, {"title": f"Gammel {number}"}, "title")
    gids = {}
    for tab in design.tabs:  # the job's own tab has the id by which the job knows it
        known_by = "page" if tab.role is StyleRole.JOB else f"tab/{tab.name}"
        gids[tab.name] = build.own_id(spreadsheet_id, 0, known_by)
    for index, tab in enumerate(design.tabs):
        yield {"addSheet": {"properties": _properties(tab, gids[tab.name], index)}}
    for tab in design.tabs:
        yield from _fill(tab, gids[tab.name])
        yield from _owned(protection, spreadsheet_id, tab, gids[tab.name])
    for gid in old:
        yield {"deleteSheet": {"sheetId": gid}}


def _properties(tab: TabDesign, gid: int, index: int) -> Json:
    grid = {
        "rowCount": max([LAST_ROW, *(row for row, _ in tab.cells)]),
        "columnCount": max([len(tab.columns), *(column for _, column in tab.cells)])
        + SPARE_COLUMNS,
        "frozenRowCount": tab.header_row,
        "frozenColumnCount": tab.frozen_columns,
        "hideGridlines": tab.role is not StyleRole.HIDDEN,
    }
    return {
        "sheetId": gid,
        "title": tab.name,
        "index": index,
        "hidden": tab.role is StyleRole.HIDDEN,
        "gridProperties": grid,
        "tabColorStyle": build.colour(tab.role),
    }


def _fill(tab: TabDesign, gid: int) -> Iterator[Json]:
    for number, column in enumerate(tab.columns, 1):
        below = build.grid_range(gid, CellRange(tab.header_row + 1, number, LAST_ROW, number))
        style = {"userEnteredFormat": build.FORMATS[column.style]}
        if column.style is not Style.PLAIN:
            yield {"repeatCell": {"range": below, "cell": style, "fields": "userEnteredFormat"}}
        yield build.resized(gid, "COLUMNS", number, build.pixels(column.width))
    for row, height in tab.heights.items():
        yield build.resized(gid, "ROWS", row, round(height * 4 / 3))
    for (row, place), cell in sorted(tab.cells.items(), key=lambda one: one[0]):
        yield {
            "updateCells": {
                "start": {"sheetId": gid, "rowIndex": row - 1, "columnIndex": place - 1},
                "rows": [{"values": [build.cell_of(cell.entry, build.FORMATS[cell.style])]}],
                "fields": "userEnteredValue,userEnteredFormat",
            }
        }
    for validation in tab.validations:
        yield from _validation(validation, gid)
    for highlight in reversed(tab.highlights):  # each one goes before those that are there
        marked = build.grid_range(gid, highlight.area)
        yield build.conditional_rule(marked, highlight.formula, highlight.signal.value)
    protected = [build.grid_range(gid, locked) for locked in tab.locked]
    if tab.role in {StyleRole.GUIDE, StyleRole.HIDDEN}:
        protected.append({"sheetId": gid})
    for area in protected:  # whoever edits these cells is asked first
        yield {"addProtectedRange": {"protectedRange": {"range": area, "warningOnly": True}}}
    if tab.is_filtered:
        header = CellRange(tab.header_row, 1, LAST_ROW, len(tab.columns))
        yield {"setBasicFilter": {"filter": {"range": build.grid_range(gid, header)}}}


def _validation(validation: Validation, gid: int) -> Iterator[Json]:
    """A check that warns; a hint alone has no place in Google but a note, and is left out."""
    kind, values = _condition(validation)
    if kind:
        condition = {"type": kind, "values": [{"userEnteredValue": one} for one in values]}
        rule: Json = {"condition": condition, "strict": False}
        if validation.check is Check.LIST:
            rule["showCustomUi"] = True
        if validation.hint:
            rule["inputMessage"] = validation.hint
        yield {"setDataValidation": {"range": build.grid_range(gid, validation.area), "rule": rule}}


def _condition(validation: Validation) -> tuple[str, list[str]]:
    """Its kind in Google and its values; no kind where there is nothing to check."""
    match validation.check, validation.source, validation.first, validation.last:
        case Check.LIST, WordRange() as source, _, _:
            return "ONE_OF_RANGE", [f"={source.tab}!{source.area.fixed_name}"]
        case Check.LIST, tuple() as words, _, _:
            return "ONE_OF_LIST", list(words)
        case Check.DATE, _, date() as first, date() as last:
            return "DATE_BETWEEN", [f"{day:%d-%m-%Y}" for day in (first, last)]
        case ((Check.AMOUNT | Check.NUMBER), _, first, _):
            return "NUMBER_GREATER_THAN_EQ", [str(first)]
        case _:
            return "", []


def _owned(
    protection: build.Protection, spreadsheet_id: str, tab: TabDesign, gid: int
) -> Iterator[Json]:
    """The marks by which the job knows its own places from the beginning."""
    if tab.role is StyleRole.JOB:
        yield protection.page(spreadsheet_id, gid)
    for (row, column), cell in tab.cells.items():
        is_text = isinstance(cell.entry, str)
        if row == tab.header_row and is_text and name_key(str(cell.entry)) == _KONTROL:
            yield build.mark(spreadsheet_id, gid, column)
            yield protection.kontrol(spreadsheet_id, gid, column)
