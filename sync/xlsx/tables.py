"""Excel tables (list objects) of a sheet: their headers are written twice and must agree."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from sync.xlsx.addresses import CellArea, parse_area
from sync.xlsx.errors import Reason, RefusedError
from sync.xlsx.markup import local, read_tree, whole_number
from sync.xlsx.sheets import relations
from sync.xlsx.text import decode
from sync.xlsx.zip_package import Package


@dataclass(frozen=True, slots=True)
class ExcelTable:
    """A table's place, how many header and totals rows it has, and its columns' names."""

    area: CellArea
    headers: int
    totals: int
    columns: list[str]

    def is_fixed(self, row: int) -> bool:
        """Tell whether the row is one whose text the table repeats elsewhere."""
        return (
            self.area.top <= row < self.area.top + self.headers
            or self.area.bottom - self.totals < row <= self.area.bottom
        )


def tables(package: Package, part: str) -> list[ExcelTable]:
    """Return the tables of the sheet in `part`."""
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
    root = read_tree(package, part)
    if local(root.tag) != "table":
        raise RefusedError(Reason.UNUSUAL_PACKAGE, f"{part!r} holds no table")
    area = parse_area(root.get("ref", ""))
    if area is None:
        raise RefusedError(Reason.UNUSUAL_PACKAGE, f"the table {part!r} has no place")
    return ExcelTable(
        area,
        headers=whole_number(root.get("headerRowCount"), otherwise=1),
        totals=whole_number(root.get("totalsRowCount", "0"), otherwise=1),
        columns=[decode(one.get("name", "")) for one in root.iterfind(".//{*}tableColumn")],
    )
