"""Changes in requests of a size that Google takes well. Pure."""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator
from typing import Any

Json = dict[str, Any]
LARGEST = 2_000_000
"""As many bytes as Google advises for a request."""


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
