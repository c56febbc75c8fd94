"""Writing what the job shows into one spreadsheet while people go on working in it.

A column Kontrol is marked by developer metadata. A text takes the place of what was seen to stand
there, and only there: in one request with everything else, which is void if the column has moved.
What cannot be written so is written to the mark: Google itself knows where the column is at that
moment. Every round ends with a look at the spreadsheet, which is the answer to its last request
where it can be. Where rows have moved meanwhile, the texts go after their rows; where nobody knows
whether a write took effect, the look tells.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from rules.model.cells import Cell
from rules.model.tables import CONTROL_HEADER, WARNINGS_TAB
from rules.text.cell_names import cell_name
from rules.text.job_texts import is_control_text, own_number
from rules.text.marking import N_
from sync.findings.owned import (
    Owned,
    overwritten_note,
    without_time,
)
from sync.i18n.language import _
from sync.stores.base import NeedsPerson, TryAgain
from sync.stores.google import request_builders as build
from sync.stores.google.column_texts import ColumnTexts, column_values, may_swap, swaps
from sync.stores.google.refusals import Conflict, Unclear
from sync.stores.google.requests import Json, Requests
from sync.stores.google.snapshot import (
    MASK,
    SheetSnapshot,
    SpreadsheetSnapshot,
    snapshot_of,
    text_of,
)
from sync.stores.google.staff_content import row_keys, staff_content
from sync.stores.google.wanted_texts import CHANGED, WantedTexts, wanted_texts

ROUNDS = 4
_LOCKED_COLUMN = N_(
    "I fanen {tab} må kontrollen ikke skrive i kolonnen Kontrol. "
    "Lad {email} redigere det beskyttede område."
)
_LOCKED_PAGE = N_(
    "Kontrollen må ikke skrive i fanen Advarsler. Lad {email} redigere det beskyttede område."
)
_MERGED = N_("I fanen {tab} er celler i kolonnen Kontrol flettet. Ophæv fletningen.")
_NO_ROOM = N_(
    "Der er ikke plads til kolonnen Kontrol i fanen {tab}. Indsæt en tom kolonne til højre."
)


@dataclass(slots=True)
class _Work:
    """What is left to do: marks to set first, texts for marked columns, and all other requests.

    `swaps` are texts that take the place of what stands there, `values` those for which that was
    tried before. `refusals` say what is left alone because it is the staff's own, in words for
    them; `is_disturbed` that somebody typed into Kontrol meanwhile, which is left to the next run.
    """

    marks: list[Json] = field(default_factory=list)
    swaps: list[ColumnTexts] = field(default_factory=list)
    values: list[ColumnTexts] = field(default_factory=list)
    others: list[Json] = field(default_factory=list)
    refusals: list[str] = field(default_factory=list)
    is_disturbed: bool = False

    def __bool__(self) -> bool:
        return bool(self.marks or self.swaps or self.values or self.others)


@dataclass
class Write:
    """The writing of what the job shows into one spreadsheet that was `seen` before."""

    requests: Requests
    id: str
    protection: build.Protection
    owned: Owned
    seen: SpreadsheetSnapshot

    def __post_init__(self) -> None:
        self._wanted = [wanted_texts(self.seen, column) for column in self.owned.columns]
        self._tried: set[tuple[int, int, str, str]] = set()
        self._was_refused = False
        self._overwritten: dict[tuple[str, str], str] = {}

    @property
    def notes(self) -> list[str]:
        """Sentences about what somebody had typed over the job's texts, which it wrote again."""
        return [
            overwritten_note(tab, cell, text) for (tab, text), cell in self._overwritten.items()
        ]

    def carry_out(self) -> SpreadsheetSnapshot:
        """Write until everything stands where it belongs; how the spreadsheet looks then.

        Raises:
            TryAgain: it changed meanwhile, or could not be written now.
            NeedsPerson: something of the staff's own stands in the way.
        """
        now = self.seen
        work = self._work(now)
        for _round in range(ROUNDS):
            if not work:
                break
            now = self._done(work)
            work = self._work(now)
        disturbed = work.is_disturbed or self._staff_content(now) != self._staff_content(self.seen)
        if work or disturbed:
            raise TryAgain(_(CHANGED))
        if work.refusals:
            raise NeedsPerson(work.refusals[0])
        return now

    def column_of(self, snapshot: SpreadsheetSnapshot, name: str) -> int | None:
        """The marked column of a tab."""
        tab = snapshot.tab(name)
        return self._marked(tab) if tab else None

    def _done(self, work: _Work) -> SpreadsheetSnapshot:
        """Do the work; how the spreadsheet looks afterwards.

        A mark is set by an address, and the column may have moved since it was read. So where a
        mark is set, no text is written in this round: the answer first shows where it stands.
        """
        try:
            if work.marks:
                return self._changed([*work.marks, *work.others])
            if work.values:
                data = [column_values(self.id, one) for one in work.values]
                self.requests.put_values(self.id, data)
            texts = [request for one in work.swaps for request in swaps(self.id, one)]
            if texts or work.others:
                return self._changed([*texts, *work.others])
        except (Conflict, Unclear):
            if not self._was_refused:  # as where a column has just moved: tried once more
                self._was_refused = True
                self._tried.clear()
        return self._look()

    def _changed(self, requests: list[Json]) -> SpreadsheetSnapshot:
        return snapshot_of(self.requests.change(self.id, requests, MASK))

    def _look(self) -> SpreadsheetSnapshot:
        return snapshot_of(self.requests.spreadsheet(self.id, MASK))

    def _staff_content(self, snapshot: SpreadsheetSnapshot) -> list[tuple[Any, ...]]:
        columns = {wanted.gid: wanted.column for wanted in self._wanted}
        for gid in columns:
            if (tab := snapshot.by_gid(gid)) and (marked := self._marked(tab)):
                columns[gid] = marked
        return staff_content(snapshot, columns)

    def _marked(self, tab: SheetSnapshot) -> int | None:
        return tab.marks.get(build.mark_id(self.id, tab.gid))

    def _work(self, now: SpreadsheetSnapshot) -> _Work:
        work = _Work()
        for wanted in self._wanted:
            if tab := now.by_gid(wanted.gid):
                self._add_column(work, tab, wanted)
        self._add_page(work, now)
        return work

    def _add_column(self, work: _Work, tab: SheetSnapshot, wanted: WantedTexts) -> None:
        keys = row_keys(tab, wanted.header)
        header_row = next((row for row, key in keys.items() if key == wanted.header_key), 0)
        if not header_row:
            return  # somebody changed the headers: what stands there is for the next run
        mark = build.mark_id(self.id, tab.gid)
        # a copy of a spreadsheet carries the original's marks
        work.marks += [build.unmark(other) for other in tab.marks if other != mark]
        column = self._marked(tab)
        if column is None:
            self._add_mark(work, tab, wanted, header_row)
            return
        if not _is_kontrol(tab, column, header_row, wanted.header):
            # the mark was set just when columns moved, or its column got another header since
            work.marks += [build.unmark(mark), *build.unprotect(tab)]
            return
        if column not in tab.protections.values() and not wanted.is_former:
            work.others += build.unprotect(tab)
            work.others.append(self.protection.kontrol(self.id, tab.gid, column))
        differing, foreign = _differing(tab, column, header_row, wanted.texts_now(keys), wanted)
        for row, text in foreign.items():
            if text not in wanted.notes:
                work.is_disturbed = True
                del differing[row]
        if wanted.is_former and not differing:
            work.marks += [build.unmark(mark), *build.unprotect(tab)]
        elif any(tab.is_locked(row, column) for row in differing):
            self._refuse_locked(work, tab)
        else:
            self._add_texts(work, tab, column, differing)

    def _add_texts(
        self, work: _Work, tab: SheetSnapshot, column: int, texts: Mapping[int, str]
    ) -> None:
        """Each text as a swap, and where that was tried before, or cannot be, to the mark."""
        standing = tab.column(column)
        swapped, values = {}, {}
        for row, text in texts.items():
            if tab.is_covered(row, column):
                work.refusals.append(_(_MERGED).format(tab=tab.raw.name))
                continue
            old = standing.get(row, "")
            swap = tab.gid, row, old, text
            if swap in self._tried or not may_swap(old, text):
                values[row] = text
            else:
                swapped[row] = text
                self._tried.add(swap)
            if not is_control_text(old):
                self._overwritten[tab.raw.name, old] = cell_name(row, column)
        for group, found in ((work.swaps, swapped), (work.values, values)):
            if found:
                group.append(ColumnTexts(tab.gid, column, found, standing))

    def _refuse_locked(self, work: _Work, tab: SheetSnapshot) -> None:
        email = self.protection.email
        work.refusals.append(_(_LOCKED_COLUMN).format(tab=tab.raw.name, email=email))

    def _add_mark(
        self, work: _Work, tab: SheetSnapshot, wanted: WantedTexts, header_row: int
    ) -> None:
        if wanted.is_former and not any(
            text and is_control_text(text) for text in tab.column(wanted.column).values()
        ):
            return
        try:
            column = _column_to_mark(tab, wanted, header_row)
        except NeedsPerson as error:
            work.refusals.append(str(error))
            return
        if tab.is_locked(header_row, column):
            self._refuse_locked(work, tab)
            return
        work.marks += build.unprotect(tab)
        work.marks.append(build.mark(self.id, tab.gid, column))
        if not wanted.is_former:
            work.marks.append(self.protection.kontrol(self.id, tab.gid, column))

    def _add_page(self, work: _Work, now: SpreadsheetSnapshot) -> None:
        page = next((tab for tab in now.tabs if _is_called(tab, self.owned.page)), None)
        own_gid = build.own_id(self.id, 0, "page")
        if page is None and (page := now.by_gid(own_gid)):
            title = {"title": self.owned.page}
            work.others.append(build.updated(own_gid, title, "title"))
        if page and page.gid != own_gid and self.seen.by_gid(page.gid) is None:
            raise TryAgain(_(CHANGED))  # somebody made it just now: the next run sees whose it is
        if page is None:
            work.others += build.new_page(own_gid, self.owned.page)
            work.others += build.page_content(own_gid, self.owned, now.gids, 0)
            work.others.append(self.protection.page(self.id, own_gid))
            return
        if _page_differs(page, self.owned):
            if page.is_locked(1, 1):
                work.refusals.append(_(_LOCKED_PAGE).format(email=self.protection.email))
                return
            work.others += build.page_content(page.gid, self.owned, now.gids, page.rows)
        if not page.protections and not page.is_protected:
            work.others.append(self.protection.page(self.id, page.gid))


def _is_called(tab: SheetSnapshot, name: str) -> bool:
    number = own_number(tab.raw.name, WARNINGS_TAB)
    return number is not None and number == own_number(name, WARNINGS_TAB)


def _is_kontrol(tab: SheetSnapshot, column: int, header_row: int, header: str) -> bool:
    """Whether a marked column is the job's.

    It has the header; or no column has, and nothing but the job's texts stands in this one.
    """
    standing = tab.column(column)
    if headed := tab.headed(header_row, header):
        return column in headed
    below = (text for row, text in standing.items() if row > header_row)
    return not standing.get(header_row) and all(map(is_control_text, below))


def _column_to_mark(tab: SheetSnapshot, wanted: WantedTexts, header_row: int) -> int:
    """The column to be marked: the one with the header, or the free one.

    Raises:
        NeedsPerson: there is no room.
        TryAgain: it is not free any more.
    """
    headed = tab.headed(header_row, wanted.header)
    column = wanted.column if wanted.column in headed or not headed else headed[0]
    if column > tab.columns:
        raise NeedsPerson(_(_NO_ROOM).format(tab=tab.raw.name))
    standing = tab.column(column)
    if not headed and any(text for row, text in standing.items() if row >= header_row):
        raise TryAgain(_(CHANGED))
    return column


def _differing(
    tab: SheetSnapshot, column: int, header_row: int, texts: Mapping[int, str], wanted: WantedTexts
) -> tuple[dict[int, str], dict[int, str]]:
    """The texts that have to be written, by row; an empty one where a cell is to be cleared.

    And, by row, what they are written over that the job did not write. Beside the rows that are
    answered it is left there.
    """
    standing = {row: text for row, text in tab.column(column).items() if row >= header_row}
    stands = standing.pop(header_row, "")
    foreign = {row: text for row, text in standing.items() if not is_control_text(text)}
    differing = {
        row: texts.get(row, "")
        for row in texts.keys() | (standing.keys() - foreign.keys())
        if texts.get(row, "") != standing.get(row, "")
    }
    if own_number(stands, CONTROL_HEADER) != own_number(wanted.header, CONTROL_HEADER):
        differing[header_row] = wanted.header
    return differing, {row: text for row, text in foreign.items() if row in texts}


def _page_differs(page: SheetSnapshot, owned: Owned) -> bool:
    """Whether anything but the time of the check stands differently in the tab Advarsler."""
    wanted = {n: row for n, row in enumerate(build.page_texts(owned), 1) if any(row)}
    standing = {row: _texts(cells) for row, cells in page.raw.rows}
    wanted[1] = (without_time(owned.summary),)
    first = standing.get(1, ("",))
    standing[1] = (without_time(first[0]), *first[1:])
    return {n: _texts(row) for n, row in wanted.items()} != standing


def _texts(cells: Sequence[Cell]) -> tuple[str, ...]:
    """The texts of a row; empty ones at its end do not count."""
    texts = [text_of(cell) for cell in cells]
    while texts and not texts[-1]:
        texts.pop()
    return tuple(texts)
