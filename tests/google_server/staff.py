"""People who work in the spreadsheets while the job is at it: an edit between any two requests."""

from __future__ import annotations

import random
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

from rules.text.cell_names import column_letters
from tests.google_server.errors import RefusalError
from tests.google_server.model import Sheet, Spreadsheet, entered
from tests.google_server.requests import applied
from tests.google_server.world import World

Json = dict[str, Any]


def _columns(rng: random.Random, sheet: Sheet) -> tuple[int, int]:
    """The used rows and columns of a tab, at least two each."""
    rows = max((row for row, _ in sheet.cells), default=0) + 1
    columns = max((column for _, column in sheet.cells), default=0) + 1
    return max(2, min(rows, sheet.rows)), max(2, min(columns, sheet.columns))


@dataclass
class Staff:
    """Edits by people, drawn at random from a seed; the heading row is left where it is.

    `books` are the spreadsheets that they work in, `spared` the titles of tabs in which they do
    nothing, `owned` the metadata key of columns into which they type a note now and then only.
    `chance` is how likely an edit is before each request. Everything that they type is a word of
    its own, so that `lost` can tell which of it somebody else has overwritten.
    """

    world: World
    books: list[str]
    seed: int = 0
    chance: float = 0.5
    spared: frozenset[str] = frozenset()
    owned: str = ""
    edits: int = 0
    alive: dict[str, set[str]] = field(default_factory=dict)
    log: list[tuple[str, str]] = field(default_factory=list)

    def __post_init__(self) -> None:
        self.rng = random.Random(self.seed)

    def __call__(self) -> None:
        """Before a request: perhaps an edit, now and then several."""
        while self.rng.random() < self.chance:
            self.edit()

    def edit(self) -> None:
        """One edit in one of the spreadsheets."""
        book = self.world.books.get(self.rng.choice(self.books))
        if book is None:
            return
        sheets = [sheet for sheet in book.sheets if sheet.title not in self.spared and sheet.cells]
        if not sheets:
            return
        sheet = self.rng.choice(sheets)
        kind = self.rng.choice(KINDS)
        self.edits += 1
        before = words(book)
        try:
            changed, _ = applied(book, [kind(self, book, sheet)], book.owner)
        except RefusalError:
            return
        self.log.append((kind.__name__, sheet.title))
        self.world.replace_book(changed, book.owner)
        after = words(changed)
        alive = self.alive.setdefault(book.id, set())
        alive -= before - after
        alive |= {word for word in after - before if word.startswith(WORD)}

    def lost(self) -> set[str]:
        """The words that people typed and did not remove themselves, and that are gone."""
        return {
            word
            for book_id, alive in self.alive.items()
            for word in alive - words(self.world.books[book_id])
        }

    def new_word(self) -> str:
        return f"{WORD}{self.edits}"


WORD = "medarbejder-"


def words(book: Spreadsheet) -> set[str]:
    return {
        str(value["stringValue"])
        for sheet in book.sheets
        for cell in sheet.cells.values()
        if "stringValue" in (value := entered(cell))
    }


def owned_columns(sheet: Sheet, key: str) -> set[int]:
    """The columns of a tab that carry this developer metadata."""
    places = (one["location"] for one in sheet.metadata if one["metadataKey"] == key)
    return {
        place["dimensionRange"]["startIndex"]
        for place in places
        if place.get("dimensionRange", {}).get("dimension") == "COLUMNS"
    }


def types(staff: Staff, book: Spreadsheet, sheet: Sheet) -> Json:
    """A word into a cell that is not the job's."""
    rows, columns = _columns(staff.rng, sheet)
    free = sorted(set(range(columns)) - owned_columns(sheet, staff.owned))
    cell = {"userEnteredValue": {"stringValue": staff.new_word()}}
    start = {
        "sheetId": sheet.id,
        "rowIndex": staff.rng.randrange(1, rows),
        "columnIndex": staff.rng.choice(free),
    }
    rows_data = [{"values": [cell]}]
    return {"updateCells": {"start": start, "rows": rows_data, "fields": "userEnteredValue"}}


def _span(sheet: Sheet, dimension: str, start: int, end: int) -> Json:
    return {"sheetId": sheet.id, "dimension": dimension, "startIndex": start, "endIndex": end}


def inserts_row(staff: Staff, book: Spreadsheet, sheet: Sheet) -> Json:
    at = staff.rng.randrange(1, _columns(staff.rng, sheet)[0])
    return {"insertDimension": {"range": _span(sheet, "ROWS", at, at + 1)}}


def inserts_column(staff: Staff, book: Spreadsheet, sheet: Sheet) -> Json:
    at = staff.rng.randrange(0, _columns(staff.rng, sheet)[1])
    return {"insertDimension": {"range": _span(sheet, "COLUMNS", at, at + 1)}}


def deletes_row(staff: Staff, book: Spreadsheet, sheet: Sheet) -> Json:
    at = staff.rng.randrange(1, _columns(staff.rng, sheet)[0])
    return {"deleteDimension": {"range": _span(sheet, "ROWS", at, at + 1)}}


def moves_row(staff: Staff, book: Spreadsheet, sheet: Sheet) -> Json:
    rows = _columns(staff.rng, sheet)[0]
    at, to = staff.rng.randrange(1, rows), staff.rng.randrange(1, rows)
    return {"moveDimension": {"source": _span(sheet, "ROWS", at, at + 1), "destinationIndex": to}}


def moves_column(staff: Staff, book: Spreadsheet, sheet: Sheet) -> Json:
    columns = _columns(staff.rng, sheet)[1]
    at, to = staff.rng.randrange(columns), staff.rng.randrange(columns)
    source = _span(sheet, "COLUMNS", at, at + 1)
    return {"moveDimension": {"source": source, "destinationIndex": to}}


def sorts(staff: Staff, book: Spreadsheet, sheet: Sheet) -> Json:
    rows, columns = _columns(staff.rng, sheet)
    range_ = {
        "sheetId": sheet.id,
        "startRowIndex": 1,
        "endRowIndex": rows,
        "startColumnIndex": 0,
        "endColumnIndex": columns,
    }
    order = staff.rng.choice(("ASCENDING", "DESCENDING"))
    spec = {"dimensionIndex": staff.rng.randrange(columns), "sortOrder": order}
    return {"sortRange": {"range": range_, "sortSpecs": [spec]}}


def inserts_rows(staff: Staff, book: Spreadsheet, sheet: Sheet) -> Json:
    at = staff.rng.randrange(1, _columns(staff.rng, sheet)[0])
    return {"insertDimension": {"range": _span(sheet, "ROWS", at, at + 3)}}


def _row(sheet: Sheet, row: int) -> Json:
    return {"sheetId": sheet.id, "startRowIndex": row, "endRowIndex": row + 1}


def copies_row(staff: Staff, book: Spreadsheet, sheet: Sheet) -> Json:
    """A whole row over another one, the job's cell in it included."""
    rows = _columns(staff.rng, sheet)[0]
    source, target = staff.rng.randrange(1, rows), staff.rng.randrange(1, rows + 1)
    return {"copyPaste": {"source": _row(sheet, source), "destination": _row(sheet, target)}}


def cuts_row(staff: Staff, book: Spreadsheet, sheet: Sheet) -> Json:
    """A row's contents to another place: the cells stay, and what was there is gone."""
    rows = _columns(staff.rng, sheet)[0]
    source, target = staff.rng.randrange(1, rows), staff.rng.randrange(1, rows + 1)
    destination = {"sheetId": sheet.id, "rowIndex": target, "columnIndex": 0}
    return {"cutPaste": {"source": _row(sheet, source), "destination": destination}}


def empties_row(staff: Staff, book: Spreadsheet, sheet: Sheet) -> Json:
    row = staff.rng.randrange(1, _columns(staff.rng, sheet)[0])
    return {"updateCells": {"range": _row(sheet, row), "fields": "userEnteredValue"}}


def fills_down(staff: Staff, book: Spreadsheet, sheet: Sheet) -> Json:
    """One cell of a column that is not the job's over the next two."""
    rows, columns = _columns(staff.rng, sheet)
    row = staff.rng.randrange(1, rows)
    column = staff.rng.choice(sorted(set(range(columns)) - owned_columns(sheet, staff.owned)))
    across = {"startColumnIndex": column, "endColumnIndex": column + 1}
    below = {"sheetId": sheet.id, "startRowIndex": row + 1, "endRowIndex": row + 3}
    source = {**_row(sheet, row), **across}
    return {"copyPaste": {"source": source, "destination": {**below, **across}}}


def types_a_note(staff: Staff, book: Spreadsheet, sheet: Sheet) -> Json:
    """A word into a column that is the job's, where there is one."""
    request = types(staff, book, sheet)
    columns = sorted(owned_columns(sheet, staff.owned))
    if columns:
        request["updateCells"]["start"]["columnIndex"] = columns[0]
    return request


def types_a_status(staff: Staff, book: Spreadsheet, sheet: Sheet) -> Json:
    """A formula beside the table, or in it, that looks at the job's cell of its row."""
    request = types(staff, book, sheet)
    start = request["updateCells"]["start"]
    columns = sorted(owned_columns(sheet, staff.owned)) or [0]
    kontrol = f"{column_letters(columns[0])}{start['rowIndex'] + 1}"
    formula = f'=IF({kontrol}="";"";IF({kontrol}="OK";"færdig";"ret"))'
    request["updateCells"]["rows"] = [{"values": [{"userEnteredValue": {"formulaValue": formula}}]}]
    cell = sheet.cells.get((start["rowIndex"], start["columnIndex"]))
    if cell and entered(cell):  # beside what is there already
        start["columnIndex"] = _columns(staff.rng, sheet)[1]
    return request


def copies_tab(staff: Staff, book: Spreadsheet, sheet: Sheet) -> Json:
    if len(book.sheets) > MOST_TABS:
        return types(staff, book, sheet)
    new = {"sourceSheetId": sheet.id, "newSheetName": f"Kopi {staff.edits} af {sheet.title}"}
    return {"duplicateSheet": new}


def renames_tab(staff: Staff, book: Spreadsheet, sheet: Sheet) -> Json:
    """Another name, or the one that it had before."""
    title = sheet.title.removesuffix(OLD) if sheet.title.endswith(OLD) else sheet.title + OLD
    properties = {"sheetId": sheet.id, "title": title}
    return {"updateSheetProperties": {"properties": properties, "fields": "title"}}


MOST_TABS = 12
OLD = " (gammel)"
Kind = Callable[[Staff, Spreadsheet, Sheet], Json]
KINDS: tuple[Kind, ...] = (
    types,
    types,
    inserts_row,
    inserts_column,
    deletes_row,
    moves_row,
    moves_column,
    sorts,
    inserts_rows,
    copies_row,
    cuts_row,
    empties_row,
    fills_down,
    types_a_note,
    types_a_status,
    copies_tab,
    renames_tab,
)
