"""The overview as tabs of a spreadsheet that a person made and shared.

The job's tabs are known by their ids. They are filled in place, so that formulas in tabs of the
secretariat's own go on working; those tabs are never looked into.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import AbstractContextManager
from dataclasses import dataclass, field, replace
from datetime import date

from rules.text.cell_names import CellRange
from sheets_templates.drawing.appearance import (
    AMOUNT_FORMAT,
    CHANGE_FORMAT,
    DATE_FORMAT,
    PERCENT_FORMAT,
    TEXT_FORMAT,
    WHOLE_AMOUNT_FORMAT,
    Appearance,
    Colour,
    Lines,
    Style,
)
from sheets_templates.drawing.design import StyleRole
from sheets_templates.report.description import (
    FIRST_COLUMN,
    HERE,
    MOMENT_ROW,
    TITLE_ROW,
    CellKind,
    Figure,
    Heading,
    Link,
    ReportCell,
    ReportSheet,
    SheetOutline,
    has_oere,
)
from sheets_templates.report.fitting import fitted
from sheets_templates.report.placing import Kind, figure_columns
from sync.i18n.language import _
from sync.stores.base import NeedsPerson
from sync.stores.google import request_builders as build
from sync.stores.google.charts import chart_requests, extent, small_cells
from sync.stores.google.connection import Connection
from sync.stores.google.refusals import Conflict
from sync.stores.google.requests import Json

_MASK = (
    "properties(title,locale),"
    "sheets(properties(sheetId,title),protectedRanges(protectedRangeId),"
    "conditionalFormats(ranges),charts(chartId))"
)
_ALL = "userEnteredValue,userEnteredFormat,textFormatRuns"
_SHAPE = "title,gridProperties(rowCount,columnCount,frozenRowCount,frozenColumnCount)"
_MARGIN_PIXELS = 16
_AS_LEFT = "google"
_SMALL = {Kind.TITLE: Style.SECTION, Kind.HEADING: Style.BOLD_TEXT, Kind.TEXT: Style.TEXT}
_PATTERNS = {
    CellKind.TEXT: TEXT_FORMAT, CellKind.DATE: DATE_FORMAT, CellKind.PERCENT: PERCENT_FORMAT,
    CellKind.COUNT: "0", CellKind.CHANGE: CHANGE_FORMAT, CellKind.CENTRED: TEXT_FORMAT,
}  # fmt: skip


@dataclass
class GoogleOverview:
    """The overview in a spreadsheet."""

    google: Connection
    spreadsheet_id: str
    name: str = field(default_factory=lambda: _("Overblikket i Google"), init=False)

    @property
    def address(self) -> str:
        """Where it is opened."""
        return build.ADDRESS.format(self.spreadsheet_id)

    def link(self, link: Link) -> Link:
        """The link where it leads into the web; from there no file can be reached."""
        return link if link.address.startswith("https://") else Link(link.text, "")

    def is_unchanged(self, mark: str) -> bool:
        """Whether it was written before; its tabs are protected, so nobody changes them."""
        return mark == _AS_LEFT

    def write_line(self, tab: str, line: str) -> str | None:
        """Write only the line below a tab's title; None where the tab is gone."""
        place = build.grid_range(self._gid(tab), CellRange(MOMENT_ROW, 1, MOMENT_ROW, 1))
        data: list[Json] = [{"dataFilter": {"gridRange": place}, "values": [[line]]}]
        try:
            with self._explained():
                self.google.requests.put_values(self.spreadsheet_id, data)
        except Conflict:
            return None
        return _AS_LEFT

    def replace(
        self, sheets: Sequence[ReportSheet | SheetOutline], *, is_known: bool, today: date
    ) -> str | None:
        """Fill the job's tabs, and remove its others; None where one that shall stand is gone.

        All of it goes in one request, or in several where it is too much for one. A tab of the
        secretariat's own with the name of one of the job's is refused.
        """
        del is_known, today  # tabs are known by their ids, and replaced in any case
        with self._explained():
            there = self.google.requests.spreadsheet(self.spreadsheet_id, _MASK)
            self._refuse_foreign(there, sheets)
            known = {one["properties"]["sheetId"] for one in there["sheets"]}
            standing = [one for one in sheets if isinstance(one, SheetOutline)]
            if any(self._gid(one.key) not in known for one in standing):
                return None
            for batch in build.batches(self._requests(there, sheets)):
                self.google.requests.make(self.spreadsheet_id, batch)
        return _AS_LEFT

    def _gid(self, tab: str) -> int:
        return build.own_id(self.spreadsheet_id, 0, f"overview/{tab}")

    def _explained(self) -> AbstractContextManager[None]:
        said = _("Del regnearket til overblikket med {account} som redaktør.")
        return self.google.explained(
            said.format(account=self.google.email),
            _("Der er ikke et regneark til overblikket i Google Drev."),
        )

    def _refuse_foreign(self, there: Json, sheets: Sequence[ReportSheet | SheetOutline]) -> None:
        names = {sheet.name.casefold(): self._gid(sheet.key) for sheet in sheets}
        for one in there["sheets"]:
            title, gid = one["properties"]["title"], one["properties"]["sheetId"]
            if names.get(title.casefold(), gid) != gid:
                said = _(
                    "Regnearket har selv en fane med navnet {tab}. "
                    "Giv den et andet navn, så laver kontrollen sin egen."
                )
                raise NeedsPerson(said.format(tab=title))

    def _requests(
        self, there: Json, sheets: Sequence[ReportSheet | SheetOutline]
    ) -> Iterator[Json]:
        known = {one["properties"]["sheetId"]: one for one in there["sheets"]}
        gids = {sheet.name: self._gid(sheet.key) for sheet in sheets}
        made = [(n, fitted(one)) for n, one in enumerate(sheets) if isinstance(one, ReportSheet)]
        for index, sheet in made:
            gid = gids[sheet.name]
            properties = _properties(sheet, gid)
            if gid in known:
                yield {"unmergeCells": {"range": {"sheetId": gid}}}
                yield build.updated(gid, properties, _SHAPE)
                yield {"clearBasicFilter": {"sheetId": gid}}
                for chart in known[gid].get("charts", ()):
                    yield {"deleteEmbeddedObject": {"objectId": chart["chartId"]}}
                for _rule in known[gid].get("conditionalFormats", ()):
                    yield {"deleteConditionalFormatRule": {"sheetId": gid, "index": 0}}
            else:
                yield {"addSheet": {"properties": {**properties, "index": index}}}
                yield self.google.protection.page(self.spreadsheet_id, gid)
        for _index, sheet in made:
            yield from _Filling(sheet, gids, there["properties"].get("locale", "en_US")).requests()
            yield from chart_requests(self.spreadsheet_id, gids[sheet.name], sheet)
        for gid, tab in known.items():
            own = build.protection_id(self.spreadsheet_id, gid)
            ids = {one["protectedRangeId"] for one in tab.get("protectedRanges", ())}
            if own in ids and gid not in gids.values():
                yield {"deleteSheet": {"sheetId": gid}}


def _properties(sheet: ReportSheet, gid: int) -> Json:
    last_row, last_column = extent(sheet)
    return {
        "sheetId": gid,
        "title": sheet.name,
        "tabColorStyle": build.colour(StyleRole.JOB),
        "gridProperties": {
            "rowCount": max(sheet.last_row, last_row) + 1,
            "columnCount": max(sheet.last_column, last_column) + 1,
            "frozenRowCount": sheet.header_row,
            "frozenColumnCount": FIRST_COLUMN - 1 + sheet.frozen_columns,
            "hideGridlines": True,
        },
    }


@dataclass(frozen=True)
class _Filling:
    """What fills one tab. `gids` are the tabs' ids by their names."""

    sheet: ReportSheet
    gids: dict[str, int]
    locale: str

    @property
    def gid(self) -> int:
        return self.gids[self.sheet.name]

    def requests(self) -> Iterator[Json]:
        sheet = self.sheet
        yield {
            "updateCells": {"range": {"sheetId": self.gid}, "rows": self._rows(), "fields": _ALL}
        }
        yield from self._merges()
        for number, heading in enumerate(sheet.headings):
            column = FIRST_COLUMN + number
            yield build.resized(self.gid, "COLUMNS", column, build.pixels(heading.width))
            if sheet.rows:
                area = CellRange(sheet.header_row + 1, column, sheet.last_row, column)
                style = _style_of(heading, [row[number] for row in sheet.rows])
                cell = {"userEnteredFormat": build.format_of(style)}
                place = build.grid_range(self.gid, area)
                yield {"repeatCell": {"range": place, "cell": cell, "fields": "userEnteredFormat"}}
        yield build.resized(self.gid, "COLUMNS", 1, _MARGIN_PIXELS)
        for highlight in reversed(sheet.highlights):
            if highlight.last >= highlight.first:
                first = sheet.header_row + 1
                left, right = FIRST_COLUMN + highlight.first, FIRST_COLUMN + highlight.last
                cells = build.grid_range(self.gid, CellRange(first, left, sheet.last_row, right))
                formula, look = highlight.formula(first), highlight.mark.value
                yield build.conditional_rule(cells, formula, look, self.locale)
        if sheet.filters and sheet.rows:
            area = CellRange(sheet.header_row, FIRST_COLUMN, sheet.last_row, sheet.last_column)
            yield {"setBasicFilter": {"filter": {"range": build.grid_range(self.gid, area)}}}

    def _rows(self) -> list[Json]:
        """Title, line, figures, headings, table; from A1, each row as long as it has to be."""
        sheet = self.sheet
        rows: list[list[Json]] = [[] for _row in range(sheet.header_row)]
        rows[TITLE_ROW - 1] = [build.cell_of(sheet.title, build.FORMATS[Style.TITLE])]
        rows[MOMENT_ROW - 1] = [build.cell_of(sheet.line, build.FORMATS[Style.NOTE])]
        if sheet.figures:
            for figure, (first, _last) in zip(sheet.figures, figure_columns(sheet), strict=True):
                for row, cell in enumerate((self._label(figure), _figure(figure))):
                    line = rows[sheet.label_row - 1 + row]
                    line += [{}] * (first - 1 - len(line))
                    line.append(cell)
        header = [{}, *(build.cell_of(one.text, _header(one)) for one in sheet.headings)]
        rows[sheet.header_row - 1] = header
        rows += [[{}, *(self._body(cell) for cell in row)] for row in sheet.rows]
        for one in small_cells(sheet):
            rows += [[] for _row in range(one.row - len(rows))]
            line = rows[one.row - 1]
            line += [{}] * (one.first - 1 - len(line))
            look = build.FORMATS[_SMALL[one.kind]]
            if isinstance(one.value, date):
                look = build.FORMATS[Style.DATE]
            line.append({**self._body(one.value), "userEnteredFormat": look})
        return [{"values": row} for row in rows]

    def _merges(self) -> Iterator[Json]:
        """The cells of each large figure and of small tables.

        Google merges none across the edge of what is frozen.
        """
        sheet = self.sheet
        frozen = FIRST_COLUMN - 1 + sheet.frozen_columns
        spans = [(row, *span) for span in figure_columns(sheet) if sheet.figures
                 for row in (sheet.label_row, sheet.label_row + 1)]  # fmt: skip
        spans += [(one.row, one.first, one.last) for one in small_cells(sheet)]
        for row, first, last in spans:
            end = frozen if first <= frozen < last else last
            if end > first:
                place = build.grid_range(self.gid, CellRange(row, first, row, end))
                yield {"mergeCells": {"range": place, "mergeType": "MERGE_ALL"}}

    def _label(self, figure: Figure) -> Json:
        cell = build.cell_of(figure.label, build.FORMATS[Style.NOTE])
        rows = self.sheet.rows_down_to(self.sheet.last_row)
        there = f"'{figure.leads_to}'!A1" if figure.leads_to else rows
        cell["textFormatRuns"] = [{"format": {"link": {"uri": self._inside(there)}}}]
        return cell

    def _inside(self, cell: str) -> str:
        """What leads to cells of one of the job's own tabs."""
        tab, _, cells = cell.rpartition("!")
        gid = self.gids[tab.strip("'")]
        return f"#gid={gid}&range={cells}"

    def _body(self, cell: ReportCell) -> Json:
        if not isinstance(cell, Link):
            return {"userEnteredValue": build.value(cell)} if cell is not None else {}
        found: Json = {"userEnteredValue": build.value(cell.text)}
        if cell.address and cell.text:
            uri = self._inside(cell.cell) if cell.address == HERE else cell.address
            found["textFormatRuns"] = [{"format": {"link": {"uri": uri}}}]
        return found


def _header(heading: Heading) -> Json:
    is_text = heading.kind in {CellKind.TEXT, CellKind.DATE}
    return build.FORMATS[Style.HEADER_REQUIRED if is_text else Style.HEADER_REQUIRED_RIGHT]


def _style_of(heading: Heading, values: Sequence[ReportCell]) -> Appearance:
    pattern = _PATTERNS.get(heading.kind, AMOUNT_FORMAT)
    if heading.kind is CellKind.AMOUNT and not has_oere(values):
        pattern = WHOLE_AMOUNT_FORMAT
    is_text = heading.kind in {CellKind.TEXT, CellKind.DATE, CellKind.CENTRED}
    side: Appearance = (Style.TEXT if is_text else Style.AMOUNT).value
    return replace(side, wraps=True, lines=Lines.GRID, number_format=pattern)


def _figure(figure: Figure) -> Json:
    style = Appearance(
        ink=figure.mark.value.ink if figure.mark else Colour.INK,
        bold=True,
        size=18,
        horizontal="left",
        number_format=_PATTERNS.get(figure.kind, WHOLE_AMOUNT_FORMAT),
    )
    return build.cell_of(figure.value, build.format_of(style))
