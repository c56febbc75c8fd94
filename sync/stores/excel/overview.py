"""The overview as an Excel workbook.

Where nothing but the time of the check has changed, only that one cell is written, so that a run
over unchanged workbooks stays cheap however many plans there are.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from pathlib import PurePath

from sheets_templates.report.description import (
    MOMENT_ROW,
    Link,
    ReportSheet,
    SheetOutline,
)
from sync.i18n.language import _, languages, spoken
from sync.stores.base import NeedsPerson, SavedAsCopy, TryAgain
from sync.stores.document import Document
from sync.stores.files.replace import NOT_A_FILE
from sync.stores.files.untrusted import NotRegularError
from sync.xlsx.errors import PackageError, RefusedError
from sync.xlsx.markup import splice
from sync.xlsx.parts import read_workbook, relations_part
from sync.xlsx.text import encode, shown
from sync.xlsx.zip_package import Limits, Package

_LONGEST_ADDRESS = 2_079
"""Of a link; Excel calls a workbook with a longer one damaged."""
_STYLES = "xl/styles.xml"
_OURS = Limits(packed_bytes=500_000_000, unpacked_bytes=3_000_000_000, part_bytes=1_000_000_000)
"""What the job itself wrote may be as large as thousands of plans make it."""
_LINE = re.compile(rb'(<c r="A%d"[^<>]*><is><t[^<>]*>)[^<]*</t></is></c>' % MOMENT_ROW)
_MERGED_LINE = b'<mergeCell ref="A%d:' % MOMENT_ROW
_Named = ReportSheet | SheetOutline


@dataclass(frozen=True)
class ExcelOverview:
    """The overview in a file. Its mark is the file's stamp."""

    document: Document

    @property
    def name(self) -> str:
        """The file's name."""
        return self.document.name

    @property
    def address(self) -> str:
        """Where the file is opened."""
        return self.document.address

    def link(self, link: Link) -> Link:
        """The link as it leads there from the file; one into the web stays as it is."""
        if link.address.startswith("https://"):
            return link
        way = self.document.way_to(link.address)
        return Link(link.text, way if len(way) <= _LONGEST_ADDRESS else "", link.cell)

    def is_unchanged(self, mark: str) -> bool:
        """Whether the file is the one that the job wrote."""
        try:
            return bool(mark) and self.document.stamp() == mark
        except OSError:
            return False

    def is_foreign(self, first_tab: str) -> bool:
        """Whether a file without this tab stands there: it is never replaced.

        Raises:
            StoreError: it cannot be looked at.
        """
        old, stamp = self._standing()
        return stamp is not None and not _has_tabs(old, [first_tab])

    def write_line(self, tab: str, line: str) -> str | None:
        """Write only the line below a tab's title; the new stamp, None where it cannot be done.

        Raises:
            StoreError: the file is open, or may not be written.
        """
        old, stamp = self._standing()
        data = _with_line(old, _(tab), line)
        return self.document.replace(old, data, stamp) if data and stamp else None

    def replace(self, sheets: Sequence[_Named], *, is_known: bool, today: date) -> str | None:
        """Write the file anew; its stamp. While it is open, a copy with the day in its name.

        None where a sheet that shall stand as it is cannot be taken out of the file.

        Raises:
            SavedAsCopy: it is open, and a copy is written.
            StoreError: it is open, may not be written, or is somebody else's workbook.
        """
        from sheets_templates.report.excel import report_workbook  # noqa: PLC0415  openpyxl is slow

        new = report_workbook(sheets, language=spoken())
        old, stamp = self._standing()
        data = _joined(old, new, [one.name for one in sheets if isinstance(one, SheetOutline)])
        if data is None:
            return None
        if stamp is None:
            return self.document.make(data)
        if not is_known and not _is_an_overview(old, sheets):
            raise NeedsPerson(_("Filen er ikke et overblik. Giv overblikket et andet navn."))
        try:
            return self.document.replace(old, data, stamp)
        except TryAgain as error:
            stem, suffix = PurePath(self.name).stem, PurePath(self.name).suffix
            copy = self.document.beside(f"{stem} {today.isoformat()}{suffix}")
            name = self._write_copy(copy, sheets, data)
            where = _("Det nye overblik ligger i »{file}«.").format(file=name)
            raise SavedAsCopy(f"{error} {where}", name) from error

    @staticmethod
    def _write_copy(copy: Document, sheets: Sequence[_Named], data: bytes) -> str:
        """Write the day's copy, in place of an earlier one of the same day; its name."""
        old, stamp = ExcelOverview(copy)._standing()
        if stamp is None:
            copy.make(data)
        elif _is_an_overview(old, sheets):
            copy.replace(old, data, stamp)
        else:
            problem = _("Filen {file} er ikke et overblik. Giv den et andet navn.")
            raise NeedsPerson(problem.format(file=copy.name))
        return copy.name

    def _standing(self) -> tuple[bytes, str | None]:
        """The bytes and the stamp of what stands there; no stamp where there is nothing."""
        try:
            return self.document.read(_OURS.packed_bytes)
        except FileNotFoundError:
            return b"", None
        except NotRegularError as error:
            raise NeedsPerson(_(NOT_A_FILE)) from error
        except OSError as error:
            raise TryAgain(_("Overblikket kan ikke læses lige nu.")) from error


def _with_line(data: bytes, tab: str, line: str) -> bytes | None:
    """The overview with this line below a tab's title; None where the tab is not as we write it.

    The job alone has written the file, so the one cell is found without a look at all others.
    """
    try:
        package = Package(data, _OURS)
        part = next(sheet.part for sheet in read_workbook(package).sheets if sheet.name == tab)
        xml = package.read(part)
        cell = _LINE.search(xml)
        if cell is None or _MERGED_LINE in xml:
            return None
        new = cell[1] + encode(shown(line)) + b"</t></is></c>"
        return package.replaced({part: splice(xml, [(*cell.span(), new)])})
    except (StopIteration, RefusedError, PackageError):
        return None


def _joined(old: bytes, new: bytes, standing: Sequence[str]) -> bytes | None:
    """The new workbook with the parts of standing sheets taken out of the old one.

    None where they would not mean the same there: the styles or the parts are others.
    """
    if not standing:
        return new
    try:
        before, after = Package(old, _OURS), Package(new, _OURS)
        parts = {sheet.part for sheet in read_workbook(before).sheets if sheet.name in standing}
        kept = parts | {relations_part(part) for part in parts}
        if (
            read_workbook(before).sheets != read_workbook(after).sheets
            or before.read(_STYLES) != after.read(_STYLES)
            or set(before.names) - kept != set(after.names) - kept
        ):
            return None
        changed = {name: after.read(name) for name in after.names if name not in kept}
        return before.replaced(changed)
    except (RefusedError, PackageError):
        return None


def _is_an_overview(data: bytes, like: Sequence[_Named]) -> bool:
    """Whether a file that we do not remember writing has an overview's tabs, in any language."""
    return _has_tabs(data, [sheet.key for sheet in like])


def _has_tabs(data: bytes, keys: Sequence[str]) -> bool:
    """Whether a file is a workbook with these tabs, named in any language."""
    try:
        names = {sheet.name for sheet in read_workbook(Package(data)).sheets}
    except PackageError:
        return False
    return any({one.text(key) for key in keys} <= names for one in languages())
