"""Ranges with something attached: named, protected, merged, conditionally formatted."""

from __future__ import annotations

from typing import Any

from tests.google_server.areas import as_grid_range, of_grid_range
from tests.google_server.describing import protected_for
from tests.google_server.errors import invalid
from tests.google_server.fields import merged, parsed
from tests.google_server.model import Sheet, put, with_value
from tests.google_server.protection import REFUSED, may_edit, place_of
from tests.google_server.requests.edit import Edit, home_of, index_of

Json = dict[str, Any]


def with_sheet(range_: Json) -> Json:
    """A range that says which tab it is on, the first one's 0 too."""
    return {"sheetId": 0, **range_}


def add_named(edit: Edit, request: Json) -> Json:
    wanted: Json = dict(request.get("namedRange") or {})
    edit.area(wanted.get("range"))
    if any(
        n["name"].casefold() == wanted.get("name", "").casefold() for n in edit.book.named_ranges
    ):
        raise invalid("A named range with that name already exists.")
    wanted.setdefault("namedRangeId", str(edit.book.new_number()))
    wanted["range"] = with_sheet(wanted["range"])
    edit.book.named_ranges.append(wanted)
    return {"namedRange": wanted}


def update_named(edit: Edit, request: Json) -> None:
    wanted: Json = request.get("namedRange") or {}
    ranges = edit.book.named_ranges
    at = index_of(ranges, "namedRangeId", wanted.get("namedRangeId"), "named range")
    ranges[at] = merged(ranges[at], wanted, parsed(request.get("fields") or "*"))


def delete_named(edit: Edit, request: Json) -> None:
    ranges = edit.book.named_ranges
    del ranges[index_of(ranges, "namedRangeId", request.get("namedRangeId"), "named range")]


def add_protected(edit: Edit, request: Json) -> Json:
    """Protect a range; who does it may edit it, and the owner always may."""
    wanted: Json = dict(request.get("protectedRange") or {})
    wanted.setdefault("protectedRangeId", edit.book.new_number())
    area = place_of(edit.book, wanted)
    sheet = edit.book.sheet(area.sheet_id)
    if "range" in wanted:
        wanted["range"] = with_sheet(wanted["range"])
    else:
        wanted["range"] = as_grid_range(area)
    asked: Json = wanted.get("editors") or {}
    if _is_of_sheet(wanted) and any(map(_is_of_sheet, sheet.list_of("protectedRanges"))):
        raise invalid(f'Sheet "{sheet.title}" already has sheet protection.')
    wanted["editors"] = _editors(edit, wanted)
    sheet.list_of("protectedRanges").append(wanted)
    reply = protected_for(edit.book, wanted, edit.who)
    if "editors" in reply:  # as recorded: the reply does not tell who was added
        reply["editors"] = asked
    return {"protectedRange": reply}


def _is_of_sheet(protected: Json) -> bool:
    return "namedRangeId" not in protected and set(protected["range"]) == {"sheetId"}


def _editors(edit: Edit, protected: Json) -> Json:
    """Who may edit it: those who are named, who protects it, and the owner.

    Raises:
        RefusalError: it only warns, and names editors.
    """
    wanted: Json = protected.get("editors") or {}
    if protected.get("warningOnly") and any(wanted.values()):
        raise invalid("ProtectedRange is warningOnly. Editors cannot be set on it.")
    users = list(wanted.get("users", ()))
    known = {user.casefold() for user in users}
    for user in (edit.who, edit.book.owner):
        if user.casefold() not in known:
            users.append(user)
            known.add(user.casefold())
    return {**wanted, "users": users}


def _protected(edit: Edit, number: int | None) -> tuple[list[Json], int]:
    """A protected range that the caller may change.

    Raises:
        RefusalError: there is none, or they may not.
    """
    sheet = home_of(edit.book, ("protectedRanges",), "protectedRangeId", number)
    if sheet is None:
        raise invalid(f"No protected range with ID: {number}.")
    ranges = sheet.list_of("protectedRanges")
    at = index_of(ranges, "protectedRangeId", number, "protected range")
    if not may_edit(edit.book, ranges[at], edit.who):
        raise invalid(REFUSED)
    return ranges, at


def update_protected(edit: Edit, request: Json) -> None:
    wanted: Json = request.get("protectedRange") or {}
    ranges, at = _protected(edit, wanted.get("protectedRangeId"))
    mask = parsed(request.get("fields") or "*")
    new = merged(ranges[at], wanted, mask)
    new["protectedRangeId"] = ranges[at]["protectedRangeId"]
    if new.get("warningOnly") and "editors" not in mask:
        del new["editors"]
    new["editors"] = _editors(edit, new)
    ranges[at] = new


def delete_protected(edit: Edit, request: Json) -> None:
    ranges, at = _protected(edit, request.get("protectedRangeId"))
    del ranges[at]


def merge(edit: Edit, request: Json) -> None:
    """Merged cells keep the value of the first; the others lose theirs."""
    sheet, area = edit.changeable(request.get("range"))
    top, bottom, left, right = area.box()
    for old in sheet.list_of("merges"):
        if of_grid_range(old).meets(area) and not _inside(old, (top, bottom, left, right)):
            raise invalid("You must select all cells in a merged range to merge or unmerge them.")
    _unmerge(sheet, area)
    boxes = {
        "MERGE_ROWS": [(row, row + 1, left, right) for row in range(top, bottom)],
        "MERGE_COLUMNS": [(top, bottom, column, column + 1) for column in range(left, right)],
    }.get(request.get("mergeType", "MERGE_ALL"), [(top, bottom, left, right)])
    for box in boxes:
        _merge_box(sheet, box)


def _inside(range_: Json, box: tuple[int, int, int, int]) -> bool:
    top, bottom, left, right = box
    return bool(
        top <= range_["startRowIndex"]
        and range_["endRowIndex"] <= bottom
        and left <= range_["startColumnIndex"]
        and range_["endColumnIndex"] <= right
    )


def _merge_box(sheet: Sheet, box: tuple[int, int, int, int]) -> None:
    top, bottom, left, right = box
    if (bottom - top) * (right - left) < 2:
        return
    for place in [(r, c) for r in range(top, bottom) for c in range(left, right)][1:]:
        if place in sheet.cells:
            put(sheet.cells, place, with_value(sheet.cells[place], {}))
    names = ("startRowIndex", "endRowIndex", "startColumnIndex", "endColumnIndex")
    sheet.list_of("merges").append({"sheetId": sheet.id, **dict(zip(names, box, strict=True))})


def _unmerge(sheet: Sheet, area: Any) -> None:
    merges = sheet.list_of("merges")
    merges[:] = [old for old in merges if not of_grid_range(old).meets(area)]


def unmerge(edit: Edit, request: Json) -> None:
    sheet, area = edit.changeable(request.get("range"))
    _unmerge(sheet, area)


def add_rule(edit: Edit, request: Json) -> None:
    rule: Json = dict(request.get("rule") or {})
    ranges = [with_sheet(range_) for range_ in rule.get("ranges") or []]
    if not ranges:
        raise invalid("No ranges specified.")
    sheet, _ = edit.area(ranges[0])
    rules = sheet.list_of("conditionalFormats")
    index = request.get("index", 0)
    if not 0 <= index <= len(rules):
        raise invalid(f"Invalid index: {index}")
    rules.insert(index, {**rule, "ranges": ranges})


def delete_rule(edit: Edit, request: Json) -> Json:
    rules = edit.book.sheet(request.get("sheetId", 0)).list_of("conditionalFormats")
    return {"rule": rules.pop(_rule_at(rules, request.get("index", 0)))}


def _rule_at(rules: list[Json], index: int) -> int:
    if not 0 <= index < len(rules):
        raise invalid(f"No conditional format on sheet at index: {index}")
    return index


def update_rule(edit: Edit, request: Json) -> Json:
    if "rule" in request:
        ranges = [with_sheet(range_) for range_ in request["rule"].get("ranges") or []]
        sheet = edit.book.sheet(ranges[0]["sheetId"] if ranges else request.get("sheetId", 0))
    else:
        sheet = edit.book.sheet(request.get("sheetId", 0))
    rules = sheet.list_of("conditionalFormats")
    at = _rule_at(rules, request.get("index", 0))
    if "rule" in request:
        old, rules[at] = rules[at], {**request["rule"], "ranges": ranges}
        return {"oldRule": old, "newRule": rules[at], "newIndex": at, "oldIndex": at}
    rule = rules.pop(at)
    to = request.get("newIndex", 0)
    rules.insert(to, rule)
    return {"newRule": rule, "newIndex": to, "oldIndex": at}


HANDLERS = {
    "addNamedRange": add_named,
    "updateNamedRange": update_named,
    "deleteNamedRange": delete_named,
    "addProtectedRange": add_protected,
    "updateProtectedRange": update_protected,
    "deleteProtectedRange": delete_protected,
    "mergeCells": merge,
    "unmergeCells": unmerge,
    "addConditionalFormatRule": add_rule,
    "updateConditionalFormatRule": update_rule,
    "deleteConditionalFormatRule": delete_rule,
}
