"""What lies on a tab beside its cells: filters, charts, tables, bands, groups, slicers."""

from __future__ import annotations

import copy
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from tests.google_server.areas import Area, of_grid_range
from tests.google_server.errors import invalid
from tests.google_server.fields import merged, parsed
from tests.google_server.model import ROW, Sheet
from tests.google_server.requests.edit import Edit, Handler, home_of, index_of
from tests.google_server.requests.sorting import lay, rows_of, sorted_rows
from tests.google_server.requests.tabs import made_sheet, place

Json = dict[str, Any]


@dataclass(frozen=True, slots=True)
class Kind:
    """One kind of attachment: its name in requests, its list on a tab, and its id's name."""

    name: str
    list_name: str
    id_name: str
    new_id: Callable[[Edit], int | str] = lambda edit: edit.book.new_number()


FILTER_VIEW = Kind("filter", "filterViews", "filterViewId")
CHART = Kind("chart", "charts", "chartId")
SLICER = Kind("slicer", "slicers", "slicerId")
BANDING = Kind("bandedRange", "bandedRanges", "bandedRangeId")
TABLE = Kind("table", "tables", "tableId", lambda edit: str(edit.book.new_number()))


def _adder(kind: Kind) -> Handler:
    def add(edit: Edit, request: Json) -> Json:
        new: Json = dict(request.get(kind.name) or {})
        new.setdefault(kind.id_name, kind.new_id(edit))
        if kind is CHART and (new.get("spec") or {}).get("title"):
            family = {"fontFamily": new["spec"].get("fontName", "Roboto")}
            new["spec"] = {"titleTextFormat": family, **new["spec"]}
        sheet = _sheet_for(edit, new)
        if home_of(edit.book, (kind.list_name,), kind.id_name, new[kind.id_name]) is not None:
            raise invalid(f"{kind.id_name} {new[kind.id_name]} is taken.")
        _no_overlap(sheet, kind, new)
        sheet.list_of(kind.list_name).append(new)
        return {kind.name: new}

    return add


def _sheet_for(edit: Edit, new: Json) -> Sheet:
    """The tab on which something new is to lie; for a chart of its own, a new one."""
    if "range" in new:
        new["range"] = {"sheetId": 0, **new["range"]}
        return edit.area(new["range"])[0]
    position = new.get("position") or {}
    if position.get("newSheet"):
        sheet = made_sheet(edit.book, {"title": f"Chart{len(edit.book.sheets)}"})
        sheet.properties["sheetType"] = "OBJECT"
        place(edit.book, sheet, None)
        new["position"] = {"sheetId": sheet.id}
        return sheet
    anchor = (position.get("overlayPosition") or {}).get("anchorCell") or {}
    anchor = {"sheetId": 0, "rowIndex": 0, "columnIndex": 0, **anchor}
    overlay = {**(position.get("overlayPosition") or {}), "anchorCell": anchor}
    new["position"] = {"overlayPosition": {"widthPixels": 600, "heightPixels": 371, **overlay}}
    return edit.book.sheet(anchor["sheetId"])


OVERLAPS = {
    "bandedRanges": "You cannot add alternating background colors to a range that already has "
    "alternating background colors.",
    "tables": "You cannot add a table to a range that already has one.",
}


def _no_overlap(sheet: Sheet, kind: Kind, new: Json) -> None:
    """Bands and tables have a place for themselves.

    Raises:
        RefusalError: another one is there.
    """
    if kind.list_name not in ("bandedRanges", "tables"):
        return
    area = of_grid_range(new["range"])
    for other in sheet.list_of(kind.list_name):
        if of_grid_range(other["range"]).meets(area):
            raise invalid(OVERLAPS[kind.list_name])


def _deleter(kind: Kind, field: str) -> Handler:
    def delete(edit: Edit, request: Json) -> None:
        _, items, at = _found(edit, (kind,), request.get(field))
        del items[at]

    return delete


def _updater(kind: Kind, field: str, part: str = "") -> Handler:
    """Change one; `part` where the request carries a part of it only (`spec`)."""

    def update(edit: Edit, request: Json) -> None:
        new: Json = request.get(field) or {}
        number = request.get(kind.id_name) if part else new.get(kind.id_name)
        _, items, at = _found(edit, (kind,), number)
        mask = parsed(request.get("fields") or "*")
        if part:
            items[at] = {**items[at], part: merged(items[at].get(part) or {}, new, mask)}
        else:
            changed = merged(items[at], new, mask)
            items[at] = {**changed, kind.id_name: number}

    return update


def _found(edit: Edit, kinds: tuple[Kind, ...], number: object) -> tuple[Sheet, list[Json], int]:
    """The tab, the list and the place in it of what has this id.

    Raises:
        RefusalError: nothing has.
    """
    for kind in kinds:
        sheet = home_of(edit.book, (kind.list_name,), kind.id_name, number)
        if sheet is not None:
            items = sheet.list_of(kind.list_name)
            return sheet, items, index_of(items, kind.id_name, number, kind.name)
    raise invalid(f"No {kinds[0].name} with id: {number}")


def duplicate_filter_view(edit: Edit, request: Json) -> Json:
    _, items, at = _found(edit, (FILTER_VIEW,), request.get("filterId"))
    new = copy.deepcopy(items[at]) | {"filterViewId": edit.book.new_number()}
    new["title"] = f"Copy of {new.get('title', '')}"
    items.append(new)
    return {"filter": new}


def set_basic_filter(edit: Edit, request: Json) -> None:
    wanted: Json = dict(request.get("filter") or {})
    sheet, area = edit.area({"sheetId": 0, **(wanted.get("range") or {})})
    top, bottom, left, right = area.box()
    if any(of_grid_range(one["range"]).meets(area) for one in sheet.list_of("tables")):
        raise invalid("You cannot add a filter to a range that has a table.")
    wanted["range"] = {
        "sheetId": sheet.id,
        "startRowIndex": top,
        "endRowIndex": bottom,
        "startColumnIndex": left,
        "endColumnIndex": right,
    }
    sheet.attached["basicFilter"] = wanted
    if specs := wanted.get("sortSpecs"):  # the rows below the header are sorted at once
        below = Area(sheet.id, top + 1, bottom, left, right)
        lay(sheet, below, sorted_rows(rows_of(sheet, below), specs))


def clear_basic_filter(edit: Edit, request: Json) -> None:
    edit.book.sheet(request.get("sheetId", 0)).attached.pop("basicFilter", None)


EMBEDDED = (CHART, SLICER)


def _embedded_kind(edit: Edit, number: object) -> Kind:
    charts = home_of(edit.book, (CHART.list_name,), CHART.id_name, number)
    return SLICER if charts is None else CHART


def delete_embedded(edit: Edit, request: Json) -> None:
    number = request.get("objectId")
    sheet, items, at = _found(edit, (_embedded_kind(edit, number),), number)
    del items[at]
    if sheet.properties["sheetType"] == "OBJECT":
        edit.book.sheets.remove(sheet)


def update_position(edit: Edit, request: Json) -> Json:
    number = request.get("objectId")
    _, items, at = _found(edit, (_embedded_kind(edit, number),), number)
    item = items.pop(at)
    new = {**item, "position": request.get("newPosition") or {}}
    old = (item.get("position") or {}).get("overlayPosition") or {}
    overlay = new["position"].get("overlayPosition")
    if overlay is not None:
        mask = parsed(request.get("fields") or "*")
        new["position"] = {"overlayPosition": merged(old, overlay, mask)}
    sheet = _sheet_for(edit, new)
    kind = CHART if "chartId" in new else SLICER
    sheet.list_of(kind.list_name).append(new)
    return {"position": new["position"]}


def update_border(edit: Edit, request: Json) -> None:
    _, items, at = _found(edit, (CHART,), request.get("objectId"))
    mask = parsed(request.get("fields") or "*")
    border = merged(items[at].get("border") or {}, request.get("border") or {}, mask)
    items[at] = {**items[at], "border": border}


def _groups(edit: Edit, range_: Json) -> list[Json]:
    sheet = edit.book.sheet(range_.get("sheetId", 0))
    return sheet.list_of("rowGroups" if range_.get("dimension") == "ROWS" else "columnGroups")


def _covers(outer: Json, inner: Json) -> bool:
    return bool(
        outer["startIndex"] <= inner["startIndex"] and inner["endIndex"] <= outer["endIndex"]
    )


def add_group(edit: Edit, request: Json) -> Json:
    """A group of rows or columns; inside another one it is a level deeper."""
    range_: Json = {"sheetId": 0, "startIndex": 0, **(request.get("range") or {})}
    groups = _groups(edit, range_)
    depth = 1 + sum(_covers(group["range"], range_) for group in groups)
    for group in groups:
        if _covers(range_, group["range"]) and group["range"] != range_:
            group["depth"] += 1
    groups.append({"range": range_, "depth": depth})
    groups.sort(key=lambda group: (group["range"]["startIndex"], group["depth"]))
    name = "row" if range_["dimension"] == ROW else "column"
    edit.book.sheet(range_["sheetId"]).grid[f"{name}GroupControlAfter"] = True
    return {"dimensionGroups": groups}


def delete_group(edit: Edit, request: Json) -> Json:
    range_: Json = {"sheetId": 0, "startIndex": 0, **(request.get("range") or {})}
    groups = _groups(edit, range_)
    hits = [group for group in groups if group["range"] == range_]
    if not hits:
        raise invalid("There is no group over this range.")
    groups.remove(max(hits, key=lambda group: group["depth"]))
    for group in groups:
        if _covers(range_, group["range"]) and group["range"] != range_:
            group["depth"] -= 1
    return {"dimensionGroups": groups}


def update_group(edit: Edit, request: Json) -> None:
    wanted: Json = request.get("dimensionGroup") or {}
    range_: Json = {"sheetId": 0, "startIndex": 0, **(wanted.get("range") or {})}
    groups = _groups(edit, range_)
    for index, group in enumerate(groups):
        if group["range"] == range_ and group["depth"] == wanted.get("depth", 1):
            groups[index] = {**group, "collapsed": bool(wanted.get("collapsed"))}
            return
    raise invalid("There is no such group.")


HANDLERS: dict[str, Handler] = {
    "addFilterView": _adder(FILTER_VIEW),
    "updateFilterView": _updater(FILTER_VIEW, "filter"),
    "deleteFilterView": _deleter(FILTER_VIEW, "filterId"),
    "duplicateFilterView": duplicate_filter_view,
    "setBasicFilter": set_basic_filter,
    "clearBasicFilter": clear_basic_filter,
    "addChart": _adder(CHART),
    "updateChartSpec": _updater(CHART, "spec", "spec"),
    "addSlicer": _adder(SLICER),
    "updateSlicerSpec": _updater(SLICER, "spec", "spec"),
    "deleteEmbeddedObject": delete_embedded,
    "updateEmbeddedObjectPosition": update_position,
    "updateEmbeddedObjectBorder": update_border,
    "addBanding": _adder(BANDING),
    "updateBanding": _updater(BANDING, "bandedRange"),
    "deleteBanding": _deleter(BANDING, "bandedRangeId"),
    "addTable": _adder(TABLE),
    "updateTable": _updater(TABLE, "table"),
    "deleteTable": _deleter(TABLE, "tableId"),
    "addDimensionGroup": add_group,
    "deleteDimensionGroup": delete_group,
    "updateDimensionGroup": update_group,
}
