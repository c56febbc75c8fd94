"""Texts for a column Kontrol as requests: where the mark stands, and over what was seen. Pure."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from rules.text.cell_names import CellRange
from sync.stores.google.request_builders import LONGEST, Json, grid_range, mark, mark_id

_BLANK = r"^\s*$"
"""Finds blank cells, as a regular expression."""


@dataclass(frozen=True, slots=True)
class ColumnTexts:
    """Texts for rows (from 1) of the marked column of a tab; an empty one clears the cell.

    `standing` is what stands in these rows now.
    """

    gid: int
    column: int
    texts: Mapping[int, str]
    standing: Mapping[int, str]


def column_values(spreadsheet_id: str, written: ColumnTexts) -> Json:
    """Texts for the marked column; all rows for which there is none are left alone."""
    values: list[str | None] = [None] * max(written.texts)
    for row, text in written.texts.items():
        values[row - 1] = text[:LONGEST]
    mark = {"metadataId": mark_id(spreadsheet_id, written.gid)}
    return {
        "dataFilter": {"developerMetadataLookup": mark},
        "majorDimension": "COLUMNS",
        "values": [values],
    }


def swaps(spreadsheet_id: str, written: ColumnTexts) -> list[Json]:
    """The requests that write each text where what stands there still does, and nowhere else.

    The first two void them all where the mark is not on the column any more: it is deleted at that
    column alone, and made again with its id, of which there can be only one.
    """
    made = mark(spreadsheet_id, written.gid, written.column)
    metadata = made["createDeveloperMetadata"]["developerMetadata"]
    lookup = {
        "metadataId": metadata["metadataId"],
        "metadataLocation": metadata["location"],
        "locationMatchingStrategy": "EXACT_LOCATION",
    }
    guard = {"deleteDeveloperMetadata": {"dataFilter": {"developerMetadataLookup": lookup}}}
    return [guard, made, *_replacements(written)]


def _replacements(written: ColumnTexts) -> Iterator[Json]:
    """A find-and-replace for each run of rows with the same old and the same new text."""
    column = written.column
    begun, before = 0, 0
    for row in [*sorted(written.texts), 0]:
        changes = row == before + 1 and begun
        if changes and _change(written, row) == _change(written, begun):
            before = row
            continue
        if begun:
            old, new = _change(written, begun)
            yield {
                "findReplace": {
                    "find": old or _BLANK,
                    "replacement": new,
                    "matchCase": True,
                    "matchEntireCell": True,
                    "searchByRegex": not old,
                    "range": grid_range(written.gid, CellRange(begun, column, before, column)),
                }
            }
        begun = before = row


def _change(written: ColumnTexts, row: int) -> tuple[str, str]:
    return written.standing.get(row, ""), written.texts[row][:LONGEST]


def may_swap(old: str, new: str) -> bool:
    """Whether a text can be put in another's place by find-and-replace.

    Where a regular expression finds blank cells, `$` and `\\` have a meaning in what is put there.
    """
    return len(old) < LONGEST and (bool(old) or not {"$", "\\"} & set(new))
