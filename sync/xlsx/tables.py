"""Excel tables (list objects) of a sheet: their headers are written twice and must agree."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field

from sync.xlsx.addresses import CellArea, parse_area
from sync.xlsx.markup import local, parse
from sync.xlsx.refusal import Reason, RefusedError
from sync.xlsx.sheets import relations
from sync.xlsx.text import decode
from sync.xlsx.zip_package import Package


@dataclass(slots=True)
class ExcelTable:
    """A table's place, how many header and totals rows it has, and its columns' names."""

    area: CellArea
    headers: int
    totals: int
    columns: list[str] = field(default_factory=list)

    def is_fixed(self, row: int) -> bool:
        """Tell whether the row is one whose text the table repeats elsewhere."""
        return (
            self.area.top <= row < self.area.top + self.headers
            or self.area.bottom - self.totals < row <= self.area.bottom
        )


def tables(package: Package, part: str) -> list[ExcelTable]:
    """Return the tables of the sheet in `part`.

    Raises:
        PackageError: a table's part is missing or damaged.
        RefusedError: a table has no place.
    """
    found = (relation.part for relation in relations(package, part) if relation.kind == "table")
    return [_read_table(package, table) for table in dict.fromkeys(found)]


def refuse_fixed_rows(found: Iterable[ExcelTable], column: int, rows: Iterable[int]) -> None:
    """Raise RefusedError if one of the cells is a header or a total of a table."""
    rows = tuple(rows)
    for table in found:
        inside = table.area.left <= column <= table.area.right
        if inside and any(table.is_fixed(row) for row in rows):
            raise RefusedError(
                Reason.TABLE_HEADER, "a header or totals row of a table would change"
            )


def _read_table(package: Package, part: str) -> ExcelTable:
    found: list[ExcelTable] = []

    def start(name: str, attributes: dict[str, str]) -> None:
        tag = local(name)
        if tag == "table" and not found:
            area = parse_area(attributes.get("ref", ""))
            if area is None:
                raise RefusedError(Reason.UNUSUAL_PACKAGE, f"the table {part!r} has no place")
            headers = _count(attributes.get("headerRowCount", "1"))
            totals = _count(attributes.get("totalsRowCount", "0"))
            found.append(ExcelTable(area, headers, totals))
        elif tag == "tableColumn" and found:
            found[0].columns.append(decode(attributes.get("name", "")))

    parse(package.read(part), part, start)
    if not found:
        raise RefusedError(Reason.UNUSUAL_PACKAGE, f"{part!r} holds no table")
    return found[0]


def _count(text: str) -> int:
    return int(text) if text.isascii() and text.isdecimal() and len(text) <= 7 else 1
