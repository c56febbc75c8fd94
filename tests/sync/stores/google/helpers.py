"""A site whose plans lie in Google Sheets: a server, a key, a configuration."""

from __future__ import annotations

import json
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from openpyxl.utils.cell import coordinate_to_tuple

from tests.google_server.model import Sheet, entered
from tests.google_server.requests import applied
from tests.google_server.server import GoogleServer
from tests.loopback import Request
from tests.sync.helpers import Site

Json = dict[str, Any]
GENEROUS = "reads_per_minute = 100000\nwrites_per_minute = 100000\n"


@dataclass(frozen=True)
class GoogleSite(Site):
    """A site with one source in Google; `sheets` stays empty unless a test adds that source."""

    server: GoogleServer = field(kw_only=True)
    key_file: Path = field(kw_only=True)

    def configure_google(
        self, source: str = "", google: str = GENEROUS, sections: str = "", more: str = ""
    ) -> None:
        """Write the configuration; `more` are further sources."""
        self.configure(
            sources=f'[[sources]]\nkind = "google"\n{source}\n{more}',
            sections=f'[google]\ncredentials = "{self.key_file}"\naddress = "{self.server.url}"\n'
            f"{google}\n{sections}",
        )

    def spreadsheet(self, title: str, data: bytes, **where: Any) -> str:
        """A person's spreadsheet with the contents of an .xlsx file, shared with the account."""
        return self.server.load_workbook(title, data, **where)

    def tab(self, spreadsheet_id: str, title: str) -> Sheet:
        """A tab as the server keeps it now."""
        found = self.server.book(spreadsheet_id).titled(title)
        assert found is not None, title
        return found

    def batch(self, spreadsheet_id: str, *requests: Json) -> None:
        """Let staff change a spreadsheet by requests of the API."""
        book = self.server.book(spreadsheet_id)
        changed, _ = applied(book, list(requests), book.owner)
        self.server.world.replace_book(changed, book.owner)

    def type_in(self, spreadsheet_id: str, tab: str, cell: str, text: str) -> None:
        """Let staff type a text into a cell."""
        row, column = coordinate_to_tuple(cell)
        start = {
            "sheetId": self.tab(spreadsheet_id, tab).id,
            "rowIndex": row - 1,
            "columnIndex": column - 1,
        }
        rows = [{"values": [{"userEnteredValue": {"stringValue": text}}]}]
        update = {"start": start, "rows": rows, "fields": "userEnteredValue"}
        self.batch(spreadsheet_id, {"updateCells": update})

    @staticmethod
    def body_of(request: Request) -> Json:
        """What a request sent."""
        body: Json = json.loads(request.content)
        return body

    def kontrol(self, spreadsheet_id: str, title: str) -> dict[int, str]:
        """What the column Kontrol of a tab shows, by row, header row included."""
        texts = texts_of(self.tab(spreadsheet_id, title))
        places = [place for place, text in texts.items() if text == "Kontrol"]
        if not places:
            return {}
        (header, column) = min(places)
        return {
            row: text
            for (row, one), text in sorted(texts.items())
            if one == column and row >= header
        }

    def forget(self) -> None:
        self.server.asked.clear()


def put_formula(
    site: GoogleSite, spreadsheet_id: str, cell: str, formula: str, result: Json | None = None
) -> None:
    """Let staff type a formula; `result` is what it comes to, where the server is not to say."""
    tab, _, place = cell.rpartition("!")
    row, column = coordinate_to_tuple(place)
    entered_cell: Json = {"userEnteredValue": {"formulaValue": formula}}
    if result is not None:
        entered_cell["result"] = result
    site.tab(spreadsheet_id, tab).cells[row - 1, column - 1] = entered_cell
    book = site.server.book(spreadsheet_id)
    site.server.world.replace_book(book, book.owner)


def texts_of(sheet: Sheet) -> dict[tuple[int, int], str]:
    """The texts of a tab by row and column, from 1."""
    return {
        (row + 1, column + 1): str(next(iter(value.values())))
        for (row, column), cell in sheet.cells.items()
        if (value := entered(cell))
    }


def table_of(sheet: Sheet) -> list[dict[str, str]]:
    """The rows of a tab of the overview, by heading; an empty cell is ''."""
    texts = texts_of(sheet)
    header_row = sheet.grid["frozenRowCount"]
    headings = {column: text for (row, column), text in texts.items() if row == header_row}
    return [
        {heading: texts.get((row, column), "") for column, heading in headings.items()}
        for row in range(header_row + 1, sheet.rows + 1)
        if any((row, column) in texts for column in headings)
    ]
