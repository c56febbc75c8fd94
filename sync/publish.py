"""Putting the overview where the secretariat opens it.

Where nothing but the time of the check has changed, only that one cell is written, so that a run
over unchanged workbooks stays cheap however many plans there are.
"""

from __future__ import annotations

import hashlib
import os
from datetime import datetime
from functools import lru_cache
from pathlib import Path
from urllib.parse import quote

from rules.parameters import Parameters
from sheets_templates.description import MOMENT_ROW, TITLE_ROW, ReportSheet
from sync.account import Overview
from sync.history import History
from sync.overview.plans import checked_line
from sync.overview.sheets import overview_sheets
from sync.stores.files import replace_file, stamp_of, write_new_file
from sync.stores.store import NeedsPerson
from sync.xlsx.edit import OwnedColumn, Refused, write_owned
from sync.xlsx.package import Package, UnreadablePackage
from sync.xlsx.parts import sheets as part_sheets

_CONTENT, _STAMP, _FILE = "overview content", "overview stamp", "overview file"


def publish(
    overview: Overview, parameters: Parameters, file: Path, history: History, at: datetime
) -> None:
    """Write the overview, wholly or not at all.

    Raises:
        StoreError: it is open somewhere, may not be written, or is somebody else's workbook.
    """
    sheets = overview_sheets(overview, parameters, at, lambda address: _link(address, file.parent))
    content = _digest(sheets)
    is_ours = file.exists() and stamp_of(file.stat()) == history.fact(_STAMP)
    data = None
    if is_ours and content == history.fact(_CONTENT):
        data = _with_time(file.read_bytes(), sheets[0].name, at)
    if data is None:
        from sheets_templates.report import report_workbook  # noqa: PLC0415  openpyxl is slow

        data = report_workbook(sheets)
    if file.exists():
        written_before = history.fact(_FILE) == str(file.resolve())
        if not written_before and not _is_an_overview(file.read_bytes(), sheets):
            raise NeedsPerson("Filen er ikke et overblik. Giv overblikket et andet navn.")
        stamp = replace_file(file, data, stamp_of(file.stat()))
    else:
        stamp = write_new_file(file, data)
    history.set_fact(_CONTENT, content)
    history.set_fact(_STAMP, stamp)
    history.set_fact(_FILE, str(file.resolve()))


def _is_an_overview(data: bytes, like: tuple[ReportSheet, ...]) -> bool:
    """Whether a file that we do not remember writing has the tabs of an overview."""
    try:
        names = {sheet.name for sheet in part_sheets(Package(data))}
    except UnreadablePackage:
        return False
    return {sheet.name for sheet in like} <= names


@lru_cache(maxsize=65_536)
def _link(address: str, folder: Path) -> str:
    """What leads from a workbook in `folder` to another: relative, so that both can be moved."""
    try:
        return quote(Path(os.path.relpath(address, folder)).as_posix())
    except ValueError:
        return Path(address).absolute().as_uri()


def _digest(sheets: tuple[ReportSheet, ...]) -> str:
    """A digest of everything but the line with the time."""
    digest = hashlib.blake2b(digest_size=16)
    for number, sheet in enumerate(sheets):
        line = sheet.line if number else ""
        parts = (sheet.name, sheet.title, line, sheet.headings, sheet.rows, sheet.bold_rows)
        digest.update(repr(parts).encode())
    return digest.hexdigest()


def _with_time(data: bytes, tab: str, at: datetime) -> bytes | None:
    """The overview with only the line of the time changed; None where that cannot be done."""
    column = OwnedColumn(tab, 1, TITLE_ROW, None, {MOMENT_ROW: checked_line(at)})
    try:
        return write_owned(Package(data), [column], None)
    except (Refused, UnreadablePackage):
        return None
