"""Side workbooks: the findings of a workbook that cannot be written into, in a file beside it.

A side workbook carries a mark among its document properties: a digest of its own name, of what it
was made to tell, and of what stood in its cells then. So the job knows its own file without its
state, and although Excel or SharePoint saved it again; a copy under another name, or a file in
which somebody typed something, is not the job's to replace or to remove.
"""

from __future__ import annotations

import hashlib
import unicodedata
from collections import Counter
from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import PurePosixPath
from urllib.parse import quote

from rules.model.cells import RawTab, cell_text
from rules.model.tables import CONTROL_HEADER, LINK_AT, WARNINGS_COLUMNS, WARNINGS_TAB
from rules.text.personal_numbers import masked
from rules.text.quoting import quoted, shown_name
from sheets_templates.drawing.design import MARK
from sheets_templates.report.description import (
    SEVERITY_MARKS,
    Heading,
    Link,
    ReportCell,
    ReportSheet,
    word_highlights,
)
from sync.findings.owned import Owned, SideSheet, WarningsRow, without_time
from sync.i18n.language import _, spoken
from sync.stores.base import (
    Contents,
    ListedWorkbook,
    NeedsPerson,
    SideWorkbookChanges,
    Skipped,
    StoreError,
    TryAgain,
    Unreadable,
)
from sync.stores.document import Document
from sync.stores.excel.reading import read_tabs
from sync.stores.files.untrusted import NotRegularError, TooLargeError
from sync.xlsx.errors import PackageError
from sync.xlsx.parts import property_of
from sync.xlsx.text import shown
from sync.xlsx.zip_package import Package

ENDING = " – advarsler.xlsx"
_TELLING = "– advarsler"
_LARGEST = 20_000_000
_LONGEST_NAME = 255
"""Bytes of a file's name, on the systems that allow the fewest."""
_SUMMARY_ROW = 2


def side_name(workbook: str, *, with_suffix: bool) -> str:
    """The name of the workbook's side workbook.

    `with_suffix` tells it from that of another workbook with the same stem: `Plan.xlsm` beside
    `Plan.xlsx`.
    """
    stem = workbook if with_suffix else PurePosixPath(workbook).stem
    if len((stem + ENDING).encode("utf-8", "surrogateescape")) > _LONGEST_NAME:
        stem = f"{stem[:50]}-{_name_digest(workbook)}"
    return stem + ENDING


def may_be_side_workbook(name: str) -> bool:
    """Whether a file of this name is worth a look for the mark; nearly none is."""
    return _TELLING in unicodedata.normalize("NFC", name).casefold()


def is_side_workbook(document: Document) -> bool:
    """Whether the job made this file, or the one that it is a copy of."""
    try:
        return _mark_in(document.read(_LARGEST)[0]) is not None
    except OSError:
        return False


@dataclass(frozen=True, slots=True)
class _SideMark:
    """What the job notes in a side workbook when it makes it."""

    name: str
    contents: str
    cells: str

    def __str__(self) -> str:
        return f"{self.name} {self.contents} {self.cells}"


def _mark_in(data: bytes) -> _SideMark | None:
    try:
        words = property_of(Package(data), MARK).split()
    except PackageError:
        return None
    return _SideMark(*words) if len(words) == len(_SideMark.__slots__) else None


@dataclass(frozen=True, slots=True)
class SideWorkbook:
    """A side workbook that is to be there, or not to be there."""

    document: Document

    def write(self, workbook: str, side_sheet: SideSheet, address: str = "") -> bool:
        """Let it tell this of the workbook of that name; whether it had to be written.

        `address` is where the workbook is opened, where its name does not lead there.

        Raises:
            TryAgain: it is open, busy, or changed just now.
            NeedsPerson: it is somebody else's, or cannot be written.
        """
        sheets = _report_sheets(address or quote(workbook), side_sheet)
        contents = _sheets_digest(sheets)
        found = self._own()
        if found is None:
            self.document.make(_made(self.document.name, sheets, contents), workbook)
            return True
        old, stamp, mark = found
        if mark.contents == contents:
            return False
        self.document.replace(old, _made(self.document.name, sheets, contents), stamp)
        return True

    def remove(self) -> bool:
        """Remove it, if it is the job's; whether it was.

        Raises:
            TryAgain: it is open or busy.
            NeedsPerson: somebody typed something into it, or it cannot be removed.
        """
        try:
            mark = _mark_in(self.document.read(_LARGEST)[0])
        except FileNotFoundError:
            return False
        except OSError as error:
            raise TryAgain(_("Filen kunne ikke fjernes lige nu.")) from error
        if mark is None or mark.name != _name_digest(self.document.name):
            return False
        if found := self._own():
            self.document.remove(found[1])
        return found is not None

    def _own(self) -> tuple[bytes, str, _SideMark] | None:
        """Bytes, stamp and mark of a file that is as the job made it; None where there is none."""
        name = shown_name(self.document.name)
        try:
            data, stamp = self.document.read(_LARGEST)
        except FileNotFoundError:
            return None
        except (NotRegularError, TooLargeError):
            data, stamp = b"", ""
        except OSError as error:
            raise TryAgain(_("Filen »{name}« kan ikke åbnes lige nu.").format(name=name)) from error
        mark = _mark_in(data)
        if mark is None or mark.name != _name_digest(self.document.name):
            raise NeedsPerson(
                _("Filen »{name}« er ikke kontrollens. Giv den et andet navn.").format(name=name)
            )
        if mark.cells != _cells_digest(data):
            raise NeedsPerson(
                _(
                    "Nogen har skrevet i filen »{name}«. Flyt det, der skal gemmes, og slet filen."
                ).format(name=name)
            )
        return data, stamp, mark


def write_side_workbooks(
    contents: Contents,
    side_sheets: Mapping[str, SideSheet],
    undecided: Collection[str],
    document_of: Callable[[str], Document],
) -> SideWorkbookChanges:
    """Tell these things in side workbooks, and remove those that are not needed any more."""
    names = _side_paths(contents)
    addresses = {one.path: one.address for one in contents.workbooks}
    names_now: dict[str, str] = {}
    written, removed, problems = [], [], []
    for path, side_sheet in side_sheets.items():
        side, address = names[path], addresses[path]
        web = address if address.startswith("https://") else ""
        try:
            name = PurePosixPath(path).name
            if SideWorkbook(document_of(side)).write(name, side_sheet, web):
                written.append(side)
            names_now[path] = PurePosixPath(side).name
        except StoreError as error:
            problems.append((path, str(error)))
    skipped = [one.path for one in contents.skipped]
    stays = {names[path] for path in [*side_sheets, *undecided, *skipped] if path in names}
    for side in contents.side_workbooks:
        try:
            if side not in stays and SideWorkbook(document_of(side)).remove():
                removed.append(side)
        except StoreError as error:
            problems.append((side, str(error)))
    return SideWorkbookChanges(names_now, written, removed, problems)


def _side_paths(contents: Contents) -> dict[str, str]:
    """Where the side workbook of each workbook would lie; no two have the same."""
    there: list[ListedWorkbook | Skipped] = [*contents.workbooks, *contents.skipped]
    paths = [PurePosixPath(one.path) for one in there]
    stems = Counter((path.parent, path.stem.casefold()) for path in paths)
    return {
        str(path): str(
            path.with_name(
                side_name(path.name, with_suffix=stems[path.parent, path.stem.casefold()] > 1)
            )
        )
        for path in paths
    }


def _report_sheets(address: str, side_sheet: SideSheet) -> tuple[ReportSheet, ...]:
    """The tabs of the side workbook of the workbook that is opened at this address."""
    warnings = ReportSheet(
        WARNINGS_TAB,
        side_sheet.reason,
        side_sheet.owned.summary,
        tuple(Heading(column.header, width=column.width) for column in WARNINGS_COLUMNS),
        [_warnings_row(row, address) for row in side_sheet.owned.rows],
        highlights=word_highlights(SEVERITY_MARKS, 0),
    )
    warnings = replace(warnings.worded(spoken()), name=WARNINGS_TAB)
    lines = list(_control_rows(side_sheet.owned, address))
    if not lines:
        return (warnings,)
    control = ReportSheet(
        CONTROL_HEADER,
        "Det ville stå i kolonnen Kontrol",
        "Række for række. Klik på rækkens nummer for at åbne regnearket der.",
        (Heading("Fane", width=18), Heading("Række", width=9), Heading(CONTROL_HEADER, width=120)),
        lines,
    )
    return warnings, control.worded(spoken())


def _warnings_row(row: WarningsRow, address: str) -> list[ReportCell]:
    cells: list[ReportCell] = list(map(shown, row.cells))
    if row.link:
        tab, cell = row.link
        cells[LINK_AT] = _link(cell, address, tab, cell)
    return cells


def _control_rows(owned: Owned, address: str) -> Sequence[list[ReportCell]]:
    return [
        [
            shown(quoted(column.tab)),
            _link(str(row), address, column.tab, f"A{row}"),
            shown(text),
        ]
        for column in owned.columns
        for row, text in sorted(column.texts.items())
    ]


def _link(text: str, address: str, tab: str, cell: str) -> ReportCell:
    """What leads to the cell; only text where the tab's name would give away a CPR number."""
    if masked(tab) != tab:
        return text
    quoted = tab.replace("'", "''")
    return Link(text, address, f"'{quoted}'!{cell}")


def _sheets_digest(sheets: Sequence[ReportSheet]) -> str:
    """What tells these sheets from others; the time of the check does not count."""
    digest = hashlib.blake2b(digest_size=16)
    for sheet in sheets:
        parts = (sheet.name, sheet.title, without_time(sheet.line), sheet.headings, sheet.rows)
        digest.update(repr(parts).encode("utf-8", "surrogateescape"))
    return digest.hexdigest()


def _made(name: str, sheets: Iterable[ReportSheet], contents: str) -> bytes:
    """The file's bytes; made twice, since the mark tells how its cells are read back."""
    from sheets_templates.report.excel import report_workbook  # noqa: PLC0415  openpyxl is slow

    sheets = tuple(sheets)
    cells = _cells_digest(report_workbook(sheets, language=spoken()))
    return report_workbook(sheets, str(_SideMark(_name_digest(name), contents, cells)), spoken())


def _name_digest(name: str) -> str:
    key = unicodedata.normalize("NFC", name).casefold()
    return hashlib.blake2b(key.encode("utf-8", "surrogateescape"), digest_size=8).hexdigest()


def _cells_digest(data: bytes) -> str:
    """A digest of all that stands in the cells and comments; the time of the check left out."""
    try:
        tabs = read_tabs(data)
    except Unreadable:
        return ""
    digest = hashlib.blake2b(digest_size=16)
    for tab in tabs:
        digest.update(repr((tab.name, _texts(tab), sorted(tab.comments.items()))).encode())
    return digest.hexdigest()


def _texts(tab: RawTab) -> list[tuple[int, int, str]]:
    return [
        (row, column, without_time(text) if row == _SUMMARY_ROW else text)
        for row, cells in tab.rows
        for column, cell in enumerate(cells, 1)
        if (text := cell_text(cell).replace("\r\n", "\n"))
    ]
