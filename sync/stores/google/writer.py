"""Bringing about what the job shows in one spreadsheet while people go on working in it.

A column Kontrol is marked by developer metadata, and every text is written to the mark: Google
itself knows where the column is at that moment, whatever was inserted, deleted or moved. Every
round ends with a look at the spreadsheet. Where rows have moved meanwhile, the texts go after
their rows; where nobody knows whether a write took effect, the look tells. The answer to the last
request of a round is that look, where it can be.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from rules.model.cells import Cell, cell_text
from rules.model.tables import CONTROL_HEADER
from rules.text.cell_names import column_letters
from rules.text.danish import name_key
from rules.text.marking import N_
from sheets_templates.drawing.warnings_tab import HEADER_ROW, WARNINGS_COLUMNS, warnings_headers
from sync.findings.owned import (
    Owned,
    is_control_text,
    without_time,
)
from sync.i18n.language import _, languages
from sync.stores.base import NeedsPerson, TryAgain
from sync.stores.google import request_builders
from sync.stores.google.expected import ColumnTexts, agree, with_texts
from sync.stores.google.requests import Conflict, Requests, Unclear
from sync.stores.google.snapshot import MASK, Sight, Tab, row_keys, sight_of, staff_content

Json = dict[str, Any]
ROUNDS = 4
CHANGED = N_("Regnearket blev ændret under kontrollen. Næste kontrol skriver.")
_FOREIGN_COLUMN = N_(
    "I fanen {tab} bruges kolonnen Kontrol til noget andet. "
    "Giv den en anden overskrift, så laver kontrollen sin egen."
)
_FOREIGN_CELL = N_(
    "I fanen {tab}, celle {cell}, står noget i kolonnen Kontrol, som kontrollen ikke har skrevet. "
    "Flyt det til en anden kolonne."
)
_FOREIGN_PAGE = N_(
    "Regnearket har selv en fane med navnet Advarsler. "
    "Giv den et andet navn, så laver kontrollen sin egen."
)
_BARRED_COLUMN = N_(
    "I fanen {tab} må kontrollen ikke skrive i kolonnen Kontrol. "
    "Lad {email} redigere det beskyttede område."
)
_BARRED_PAGE = N_(
    "Kontrollen må ikke skrive i fanen Advarsler. Lad {email} redigere det beskyttede område."
)
_NO_ROOM = N_(
    "Der er ikke plads til kolonnen Kontrol i fanen {tab}. Indsæt en tom kolonne til højre."
)


@dataclass(frozen=True, slots=True)
class Wanted:
    """What the column Kontrol of a tab shall show, header included: texts by what a row holds."""

    gid: int
    name: str
    column: int
    header_key: str
    texts: Mapping[str, str]


@dataclass(slots=True)
class Work:
    """What is left to do: marks to set first, texts for marked columns, and all other requests.

    `refusals` say what is left alone because it is the staff's own, in words for them.
    """

    marks: list[Json] = field(default_factory=list)
    values: list[ColumnTexts] = field(default_factory=list)
    others: list[Json] = field(default_factory=list)
    refusals: list[str] = field(default_factory=list)

    def __bool__(self) -> bool:
        return bool(self.marks or self.values or self.others)


class Write:
    """The writing of what the job shows into one spreadsheet that was seen before."""

    def __init__(
        self,
        requests: Requests,
        spreadsheet_id: str,
        protection: request_builders.Protection,
        owned: Owned,
        seen: Sight,
    ) -> None:
        self._requests = requests
        self._id = spreadsheet_id
        self._protection = protection
        self._owned = owned
        self._seen = seen
        self._wanted = [
            _wanted(seen, column.tab, column.column, column.header_row, column.texts)
            for column in owned.columns
        ]
        self._may_show = not any(tab.barred for tab in seen.tabs)

    def bring_about(self) -> Sight:
        """Write until everything stands where it belongs; how the spreadsheet looks then.

        Raises:
            TryAgain: it changed meanwhile, or could not be written now.
            NeedsPerson: something of the staff's own stands in the way.
        """
        now = self._seen
        work = self._work(now)
        for _round in range(ROUNDS):
            if not work:
                break
            now = self._done(work, now)
            work = self._work(now)
        if work or staff_content(now, self._columns(now)) != staff_content(
            self._seen, self._columns(self._seen)
        ):
            raise TryAgain(_(CHANGED))
        if work.refusals:
            raise NeedsPerson(work.refusals[0])
        return now

    def _done(self, work: Work, now: Sight) -> Sight:
        """Do the work; how the spreadsheet looks afterwards."""
        try:
            if work.marks:
                return self._change([*work.marks, *work.others])
            if work.values and not work.others and self._may_show:
                return self._put_and_see(work.values, now)
            if work.values:
                data = [request_builders.column_values(one) for one in work.values]
                self._requests.put_values(self._id, data)
            if work.others:
                return self._change(work.others)
        except Conflict:
            self._may_show = False  # perhaps a tab is protected from the account
            return self.look()
        except Unclear:
            return self.look()
        return self.look()

    def _put_and_see(self, written: Sequence[ColumnTexts], now: Sight) -> Sight:
        """Write texts and nothing else; the answer shows whether anything else has changed."""
        tabs = [tab for tab in with_texts(now, written).tabs if not tab.is_page]
        data = [request_builders.column_values(one) for one in written]
        data += [request_builders.left_alone(tab.gid) for tab in tabs]
        shown = self._requests.put_values_and_show(self._id, data, len(tabs))
        return with_texts(now, written) if agree(tabs, shown) else self.look()

    def _change(self, requests: list[Json]) -> Sight:
        fields = f"updatedSpreadsheet({MASK})"
        return sight_of(
            self._requests.change(self._id, requests, fields).get("updatedSpreadsheet", {})
        )

    def look(self) -> Sight:
        """How the spreadsheet looks now."""
        return sight_of(self._requests.spreadsheet(self._id, MASK))

    def column_of(self, sight: Sight, name: str) -> int | None:
        """The marked column of a tab."""
        tab = sight.tab(name)
        return self._marked(tab) if tab else None

    def _columns(self, sight: Sight) -> dict[int, int]:
        """The columns Kontrol by the ids of their tabs."""
        columns = {wanted.gid: wanted.column for wanted in self._wanted}
        for wanted in self._wanted:
            if (tab := sight.by_gid(wanted.gid)) and (marked := self._marked(tab)):
                columns[wanted.gid] = marked
        return columns

    def _marked(self, tab: Tab) -> int | None:
        return tab.tags.get(request_builders.own_id(self._id, tab.gid, "kontrol"))

    def _work(self, now: Sight) -> Work:
        work = Work()
        for wanted in self._wanted:
            if tab := now.by_gid(wanted.gid):
                self._add_column(work, tab, wanted)
        self._add_page(work, now)
        return work

    def _add_column(self, work: Work, tab: Tab, wanted: Wanted) -> None:
        if not _header_row(tab, wanted):
            return  # somebody changed the headers: what stands there is for the next run
        mark = request_builders.own_id(self._id, tab.gid, "kontrol")
        column = self._marked(tab)
        if column is not None and not _is_kontrol(tab, column, wanted):
            # the mark was set just when columns moved, or its column got another header since
            work.marks.append(request_builders.untag(mark))
            work.marks += [request_builders.unprotect(id_) for id_ in tab.protections]
            return
        if column is None:
            self._add_mark(work, tab, wanted)
            return
        if column not in tab.protections.values():
            work.others += [request_builders.unprotect(id_) for id_ in tab.protections]
            work.others.append(self._protection.kontrol(self._id, tab.gid, column))
        texts, foreign = _differing(tab, column, wanted)
        if foreign:
            cell = f"{column_letters(column)}{foreign[0]}"
            work.refusals.append(_(_FOREIGN_CELL).format(tab=tab.raw.name, cell=cell))
        if any(tab.bars(row, column) for row in texts):
            self._refuse_barred(work, tab)
        elif texts:
            work.values.append(ColumnTexts(tab.gid, column, mark, texts))

    def _refuse_barred(self, work: Work, tab: Tab) -> None:
        email = self._protection.email
        work.refusals.append(_(_BARRED_COLUMN).format(tab=tab.raw.name, email=email))

    def _add_mark(self, work: Work, tab: Tab, wanted: Wanted) -> None:
        try:
            column = _column_to_mark(tab, wanted)
        except NeedsPerson as error:
            work.refusals.append(str(error))
            return
        if tab.bars(_header_row(tab, wanted), column):
            self._refuse_barred(work, tab)
            return
        work.marks += [request_builders.unprotect(id_) for id_ in tab.protections]
        work.marks.append(request_builders.tag(self._id, tab.gid, column))
        work.marks.append(self._protection.kontrol(self._id, tab.gid, column))

    def _add_page(self, work: Work, now: Sight) -> None:
        page = now.page
        if page is None and (own := now.by_gid(request_builders.own_id(self._id, 0, "page"))):
            work.others.append(request_builders.renamed(own.gid))
            page = own
        if page is None:
            gid, requests = request_builders.new_page(self._id)
            work.others += requests
            work.others += request_builders.page_content(gid, self._owned, now.gids)
            work.others.append(self._protection.page(self._id, gid))
            return
        if _is_foreign(page):
            work.refusals.append(_(_FOREIGN_PAGE))
            return
        differs = _page_differs(page, self._owned)
        if differs and page.bars(1, 1):
            work.refusals.append(_(_BARRED_PAGE).format(email=self._protection.email))
            return
        if differs:
            work.others += request_builders.page_content(page, self._owned, now.gids)
        if not page.protections:
            work.others.append(self._protection.page(self._id, page.gid))


def _wanted(
    sight: Sight, tab_name: str, column: int, header_row: int, texts: Mapping[int, str]
) -> Wanted:
    """What a column shall show, by what its rows hold.

    Raises:
        TryAgain: the tab is not there any more.
    """
    tab = sight.tab(tab_name)
    if tab is None:
        raise TryAgain(_(CHANGED))
    keys = dict(row_keys(tab))
    by_key = {
        keys[row]: text[: request_builders.LONGEST] for row, text in texts.items() if row in keys
    }
    return Wanted(tab.gid, tab_name, column, keys.get(header_row, ""), by_key)


def _is_kontrol(tab: Tab, column: int, wanted: Wanted) -> bool:
    """Whether a marked column is the job's.

    It has the header; or no column has, and nothing but the job's texts stands in this one.
    """
    header_row = _header_row(tab, wanted)
    standing = tab.column(column)
    header = standing.get(header_row, "")
    headed = _headed(tab, header_row)
    if headed:
        return column in headed
    below = (text for row, text in standing.items() if row > header_row)
    return not header and all(is_control_text(text) for text in below)


def _headed(tab: Tab, header_row: int) -> list[int]:
    """The columns that have the header Kontrol."""
    control = name_key(CONTROL_HEADER)
    cells = next((cells for row, cells in tab.raw.rows if row == header_row), ())
    return [n for n, cell in enumerate(cells, 1) if name_key(_as_text(cell)) == control]


def _header_row(tab: Tab, wanted: Wanted) -> int:
    """Where the header row stands now; 0 where it cannot be found again."""
    return next((row for row, key in row_keys(tab) if key == wanted.header_key), 0)


def _column_to_mark(tab: Tab, wanted: Wanted) -> int:
    """The column to be marked: the one with the header, or the free one.

    Raises:
        NeedsPerson: it holds something of the staff's own, or there is no room.
        TryAgain: it is not free any more.
    """
    header_row = _header_row(tab, wanted)
    headed = _headed(tab, header_row)
    column = headed[0] if headed else wanted.column
    if column > tab.columns:
        raise NeedsPerson(_(_NO_ROOM).format(tab=tab.raw.name))
    below = {row: text for row, text in tab.column(column).items() if row > header_row}
    if not all(is_control_text(text) for text in below.values()):
        raise NeedsPerson(_(_FOREIGN_COLUMN).format(tab=tab.raw.name))
    if not headed and tab.column(column).get(header_row):
        raise TryAgain(_(CHANGED))
    return column


def _differing(tab: Tab, column: int, wanted: Wanted) -> tuple[dict[int, str], list[int]]:
    """The texts that have to be written, by row; an empty one where a cell is to be cleared.

    And the rows in which something stands that the job did not write: it is left there.
    """
    texts = {row: wanted.texts[key] for row, key in row_keys(tab) if key in wanted.texts}
    header_row = _header_row(tab, wanted)
    standing = {row: text for row, text in tab.column(column).items() if row >= header_row}
    header = standing.pop(header_row, "")
    foreign = [row for row, text in sorted(standing.items()) if not is_control_text(text)]
    differing = {
        row: texts.get(row, "")
        for row in (texts.keys() | standing.keys()) - set(foreign)
        if texts.get(row, "") != standing.get(row, "")
    }
    if name_key(header) != name_key(CONTROL_HEADER):
        differing[header_row] = CONTROL_HEADER
    return differing, foreign


def _is_foreign(page: Tab) -> bool:
    """Whether a tab Advarsler is the staff's own: neither empty nor the job's."""
    rows = dict(page.raw.rows)
    headers = [cell for cell in rows.get(HEADER_ROW, ()) if cell][: len(WARNINGS_COLUMNS)]
    has_headers = any(headers == list(warnings_headers(language)) for language in languages())
    return bool(rows) and not has_headers and not page.protections


def _page_differs(page: Tab, owned: Owned) -> bool:
    """Whether anything but the time of the check stands differently in the tab Advarsler."""
    wanted = {n: row for n, row in enumerate(request_builders.page_texts(owned), 1) if any(row)}
    standing = {row: _texts(cells) for row, cells in page.raw.rows}
    wanted[1] = (without_time(owned.summary),)
    first = standing.get(1, ("",))
    standing[1] = (without_time(first[0]), *first[1:])
    return {n: _trimmed(row) for n, row in wanted.items()} != standing


def _as_text(cell: Cell) -> str:
    return cell if isinstance(cell, str) else cell_text(cell)


def _texts(cells: Sequence[Cell]) -> tuple[str, ...]:
    return _trimmed(tuple(map(_as_text, cells)))


def _trimmed(texts: tuple[str, ...]) -> tuple[str, ...]:
    while texts and not texts[-1]:
        texts = texts[:-1]
    return texts
