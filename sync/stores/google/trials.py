"""What the store rests on, tried with Google itself on a scratch tab.

Each trial makes the tab anew in an empty spreadsheet and takes it away again.
"""

from __future__ import annotations

import time
from collections.abc import Iterator
from datetime import datetime

from sync.stores.base import Line, NeedsPerson, StoreError
from sync.stores.google import request_builders as build
from sync.stores.google.column_texts import ColumnTexts, column_values, swaps
from sync.stores.google.connection import Connection
from sync.stores.google.drive import Listing
from sync.stores.google.refusals import Conflict
from sync.stores.google.request_builders import Json
from sync.stores.google.snapshot import MASK, SheetSnapshot, SpreadsheetSnapshot, snapshot_of
from sync.stores.trials import Trial, seconds_until

_TAB = "helhedsplan doctor"
_KONTROL = 3
"""The column of the scratch tab that is marked."""
_ROWS = (("Nr", "Tekst", "Kontrol"), (3, "a", "OK"), (2, "b", "OK"), (1, "c", ""))
_FOUND = "FEJL Dato: »2«. (CEL-03)"
_LAG_SECONDS = 30.0


class _Bench:
    """The scratch tab of one spreadsheet, and the requests that change it."""

    def __init__(self, google: Connection, spreadsheet_id: str) -> None:
        self.google, self.id = google, spreadsheet_id
        self.listing = Listing(google.cache, google.requests, 0, google.began)
        self.measured = ""
        self.gid = build.own_id(spreadsheet_id, 0, "trial")
        self.protection = build.Protection(google.email)

    def change(self, *changes: Json) -> SpreadsheetSnapshot:
        """Make changes; how the spreadsheet looks then."""
        return snapshot_of(self.google.requests.change(self.id, list(changes), MASK))

    def look(self) -> SpreadsheetSnapshot:
        return snapshot_of(self.google.requests.spreadsheet(self.id, MASK))

    def make(self) -> None:
        """The tab with its rows, and the mark on its column."""
        grid = {"rowCount": 20, "columnCount": 8}
        new = {"sheetId": self.gid, "title": _TAB, "gridProperties": grid}
        rows = [
            {"values": [{"userEnteredValue": build.value(one)} for one in row]} for row in _ROWS
        ]
        start = {"sheetId": self.gid, "rowIndex": 0, "columnIndex": 0}
        update = {"start": start, "rows": rows, "fields": "userEnteredValue"}
        mark = build.mark(self.id, self.gid, _KONTROL)
        self.change({"addSheet": {"properties": new}}, {"updateCells": update}, mark)

    def remove(self) -> None:
        """Take the tab away, and its copies."""
        gone = [tab.gid for tab in self.look().tabs if _TAB in tab.raw.name]
        if gone:
            self.change(*({"deleteSheet": {"sheetId": gid}} for gid in gone))

    def tab(self, snapshot: SpreadsheetSnapshot | None = None) -> SheetSnapshot:
        tab = (snapshot or self.look()).by_gid(self.gid)
        if tab is None:
            raise NeedsPerson("the scratch tab is gone")
        return tab

    def marked(self, tab: SheetSnapshot) -> int | None:
        """The column that carries the mark."""
        return tab.marks.get(build.mark_id(self.id, self.gid))

    def texts(self, row: int, text: str, standing: str) -> ColumnTexts:
        return ColumnTexts(self.gid, _KONTROL, {row: text}, {row: standing})

    def insert_column(self) -> Json:
        place = {"sheetId": self.gid, "dimension": "COLUMNS", "startIndex": 0, "endIndex": 1}
        return {"insertDimension": {"range": place}}


def _mark_stays_when_sorted(bench: _Bench) -> bool:
    area = {"sheetId": bench.gid, "startRowIndex": 1, "endRowIndex": 4}
    tab = bench.tab(
        bench.change({"sortRange": {"range": area, "sortSpecs": [{"sortOrder": "ASCENDING"}]}})
    )
    return bench.marked(tab) == _KONTROL and tab.column(2) == {1: "Tekst", 2: "c", 3: "b", 4: "a"}


def _mark_moves_with_its_column(bench: _Bench) -> bool:
    return bench.marked(bench.tab(bench.change(bench.insert_column()))) == _KONTROL + 1


def _copy_has_other_mark(bench: _Bench) -> bool:
    name = f"{_TAB} 2"
    copy = {"duplicateSheet": {"sourceSheetId": bench.gid, "newSheetName": name}}
    tab = bench.change(copy).tab(name)
    return tab is not None and build.mark_id(bench.id, bench.gid) not in tab.marks


def _swap_takes_the_place(bench: _Bench) -> bool:
    tab = bench.tab(bench.change(*swaps(bench.id, bench.texts(2, _FOUND, "OK"))))
    return tab.column(_KONTROL) == {1: "Kontrol", 2: _FOUND, 3: "OK"}


def _swap_spares_what_is_typed(bench: _Bench) -> bool:
    tab = bench.tab(bench.change(*swaps(bench.id, bench.texts(2, _FOUND, "FEJL"))))
    return tab.column(_KONTROL)[2] == "OK"


def _swap_finds_blank_cells(bench: _Bench) -> bool:
    tab = bench.tab(bench.change(*swaps(bench.id, bench.texts(4, _FOUND, ""))))
    return tab.column(_KONTROL).get(4) == _FOUND


def _swap_is_void_where_the_column_moved(bench: _Bench) -> bool:
    bench.change(bench.insert_column())
    try:
        bench.change(*swaps(bench.id, bench.texts(4, _FOUND, "")))
    except Conflict:
        return (
            _FOUND
            not in {**bench.tab().column(_KONTROL), **bench.tab().column(_KONTROL + 1)}.values()
        )
    return False


def _write_follows_the_mark(bench: _Bench) -> bool:
    bench.change(bench.insert_column())
    values = column_values(bench.id, bench.texts(4, "=1+1", ""))
    bench.google.requests.put_values(bench.id, [values])
    tab = bench.tab()
    return tab.column(_KONTROL + 1).get(4) == "=1+1" and not tab.formulas


def _second_protection_is_refused(bench: _Bench) -> bool:
    bench.change(bench.protection.page(bench.id, bench.gid))
    another = {"addProtectedRange": {"protectedRange": {"range": {"sheetId": bench.gid}}}}
    try:
        bench.change(another)
    except Conflict:
        return bench.tab().is_protected
    return False


def _merged_cells_keep_nothing(bench: _Bench) -> bool:
    area = {
        "sheetId": bench.gid, "startRowIndex": 1, "endRowIndex": 3,
        "startColumnIndex": _KONTROL - 1, "endColumnIndex": _KONTROL,
    }  # fmt: skip
    bench.change({"mergeCells": {"range": area, "mergeType": "MERGE_ALL"}})
    values = column_values(bench.id, bench.texts(3, "x", ""))
    bench.google.requests.put_values(bench.id, [values])
    tab = bench.tab()
    return tab.is_covered(3, _KONTROL) and 3 not in tab.column(_KONTROL)


def _comments_come_along(bench: _Bench) -> bool:
    bench.look()
    return bench.google.requests.asks_for_comments


def _own_changes_are_told(bench: _Bench) -> bool:
    """It tells of a change, that it is ours, and that its time lies in the write."""

    def file() -> Json:
        return bench.listing.file(bench.id)

    before = file().get("modifiedTime", "")
    begun = time.time()
    bench.change(bench.insert_column())
    earliest, latest = bench.google.requests.clock.there(begun, time.time())
    lag = seconds_until(
        lambda: file().get("modifiedTime") != before, _LAG_SECONDS, bench.google.patience
    )
    if lag is None:
        bench.measured = f"nothing within {_LAG_SECONDS:g} s"
        return False
    now = file()
    changed = datetime.fromisoformat(now["modifiedTime"]).timestamp()
    is_mine = now.get("lastModifyingUser", {}).get("me") is True
    bench.measured = (
        f"me: {is_mine}; {changed - latest:+.1f} s after the write, told after {lag:.1f} s"
    )
    return is_mine and earliest <= changed <= latest


_TRIALS = (
    Trial(
        "a mark stays with its column when rows are sorted",
        "Kontrol is found by its header alone, and marked anew.",
        _mark_stays_when_sorted,
    ),
    Trial(
        "a mark moves with its column",
        "The job takes the mark off, and marks the right column, in each run after a move.",
        _mark_moves_with_its_column,
    ),
    Trial(
        "the copy of a tab does not carry the original's mark",
        "Texts for the tab might be written into its copy too; tell us before you go on.",
        _copy_has_other_mark,
    ),
    Trial(
        "a text takes the place of the one that was seen",
        "Texts are written to the mark, by one more request.",
        _swap_takes_the_place,
    ),
    Trial(
        "what somebody typed is not written over",
        "A note typed into Kontrol in the second of a write is lost; tell us.",
        _swap_spares_what_is_typed,
    ),
    Trial(
        "blank cells are found and filled",
        "New rows, and first runs, cost one more request to write and one to look.",
        _swap_finds_blank_cells,
    ),
    Trial(
        "a batch is void where the column has moved",
        "Texts may come to stand in blank cells if a column moves in the second of a write; tell "
        "us before you go on.",
        _swap_is_void_where_the_column_moved,
    ),
    Trial(
        "what is written to the mark follows it, and stays a text",
        "Texts may come to stand in other cells; do not go on, and tell us.",
        _write_follows_the_mark,
    ),
    Trial(
        "a tab is protected once only",
        "Nothing: the job adds no second protection.",
        _second_protection_is_refused,
    ),
    Trial(
        "merged cells show and keep nothing of their own",
        "Nothing: the job asks staff to unmerge Kontrol all the same.",
        _merged_cells_keep_nothing,
    ),
    Trial(
        "comments come with the cells",
        "CPR numbers in comments are not found; those in notes and cells are.",
        _comments_come_along,
    ),
    Trial(
        "Drive soon tells that the job itself made a change, and when",
        "Each spreadsheet that was written is read once more by a later run.",
        _own_changes_are_told,
    ),
)


def tried(google: Connection, spreadsheet_id: str) -> Iterator[Line]:
    """A line for each assumption: yes, no, or not as expected, with what that means.

    Raises:
        StoreError: the spreadsheet cannot be reached, or is not empty.
    """
    bench = _Bench(google, spreadsheet_id)
    if bench.listing.file(spreadsheet_id).get("trashed"):
        yield _bin_line(bench)
        return
    bench.remove()
    if any(tab.raw.rows for tab in bench.look().tabs):
        raise NeedsPerson("The spreadsheet is not empty. Name an empty one, made for this alone.")
    try:
        for trial in _TRIALS:
            bench.remove()
            bench.make()
            yield trial.line(bench)
    finally:
        bench.remove()
    yield Line(
        "try",
        "all of it was taken back; put the spreadsheet into the bin and try again to "
        "see whether Google still lets it be read there",
    )


def _bin_line(bench: _Bench) -> Line:
    """Whether a spreadsheet in the bin can still be read: the job asks Drive either way."""
    subject = "try: Drive tells of the bin"
    try:
        bench.look()
    except StoreError as error:
        return Line(subject, f"yes, and Sheets refuses to read there ({type(error).__name__})")
    return Line(subject, "yes, and Sheets would still let it be read")
