"""Bringing a workbook back as it was before the job changed it."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from zoneinfo import ZoneInfo

from sync.config.job import GoogleSource
from sync.config.section import ConfigurationError
from sync.config.settings import Settings
from sync.config.sharepoint import SharePointSource
from sync.locks.lock import alone
from sync.stores.configured import configured_folders, kept_copies
from sync.stores.excel.folder import ExcelFolder
from sync.stores.files.backups import Copy

IN_GOOGLE = "in Google, open the spreadsheet: File, Version history, See version history"
"""Where a spreadsheet's earlier versions are: the job keeps no copies of those."""
IN_SHAREPOINT = "in SharePoint, choose the file: Version history"
"""The same for a workbook in a library."""


@dataclass(frozen=True, slots=True)
class WorkbookCopies:
    """A workbook and its copies, the newest first: version 1 is the newest."""

    store: ExcelFolder
    path: str
    versions: Sequence[Copy]


def wall_time(copy: Copy, zone: ZoneInfo) -> str:
    """When a copy was kept, in this time zone."""
    return f"{copy.kept_at.astimezone(zone):%Y-%m-%d %H:%M:%S}"


def listed(settings: Settings, workbook: str, zone: ZoneInfo) -> Iterator[str]:
    """A line for each copy of a workbook."""
    found = copies_of(settings, workbook)
    if not found.versions:
        yield "The job has kept no copy of it."
    for number, copy in enumerate(found.versions, 1):
        yield f"{number:>3}  as it was before {wall_time(copy, zone)}  {copy.size:>12,} bytes"


def copies_of(settings: Settings, workbook: str) -> WorkbookCopies:
    """The copies of a workbook, given as a file or as the overview names it.

    Raises:
        ConfigurationError: there is neither such a workbook nor a copy of one.
        StoreError: the copies cannot be read now.
    """
    copies = kept_copies(settings)
    there = []
    for store in configured_folders(settings):
        for file in (Path(workbook), store.file_of(workbook)):
            path = store.path_of(file)
            if path is None:
                continue
            if versions := copies.of(path):
                return WorkbookCopies(store, path, versions)
            if file.is_file():
                there.append(WorkbookCopies(store, path, ()))
    if there:
        return there[0]
    unknown = f"{workbook}: there is no such workbook, and no copy of one"
    if any(isinstance(source, GoogleSource) for source in settings.sources):
        unknown += f"; versions of a spreadsheet are {IN_GOOGLE}"
    if any(isinstance(source, SharePointSource) for source in settings.sources):
        unknown += f"; versions of a workbook in a library are {IN_SHAREPOINT}"
    raise ConfigurationError(unknown)


def restore(settings: Settings, workbook: str, number: int) -> Copy:
    """Bring one version of a workbook back; what stands there now is kept first.

    Raises:
        ConfigurationError: there is no such workbook or version.
        StoreError: the workbook is open or busy, or may not be changed.
        AlreadyRunning: a run is going on.
        StateError: the state folder cannot be used.
    """
    with alone(settings.state):
        found = copies_of(settings, workbook)
        path, versions = found.path, found.versions
        if not versions:
            raise ConfigurationError(f"{path}: the job has kept no copy of it")
        if not 1 <= number <= len(versions):
            raise ConfigurationError(
                f"--version {number}: the versions of {path} are 1 to {len(versions)}"
            )
        copy = versions[number - 1]
        found.store.restore(path, copy.content())
        return copy
