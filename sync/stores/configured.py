"""From paths on the command line, or sources in the configuration, to stores."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Sequence
from dataclasses import replace
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING

from sheets_templates.drawing.design import WorkbookDesign
from sync.config import ConfigurationError, Settings
from sync.config.google import GoogleSource
from sync.config.job import ExcelSource
from sync.stores.base import Store
from sync.stores.excel.folder import PATTERNS, ExcelFolder
from sync.stores.excel.overview import ExcelOverview
from sync.stores.excel.waivers import ExcelWaivers
from sync.stores.files.backups import Copies
from sync.stores.secretariat import OverviewPlace, WaiverPlace

if TYPE_CHECKING:
    from sync.stores.google.connection import Connection
    from sync.stores.google.store import GoogleSheets

_IN_GOOGLE = "docs.google.com/"
_SPREADSHEET = re.compile(r"(?:docs\.google\.com/spreadsheets/d/|\A)([\w-]{40,})(?:[/?#]|\Z)")
"""The address of a spreadsheet as the browser shows it, or its id alone."""


class Configured:
    """The places that a configuration names; those in Google share one connection.

    Without `writes` nothing is kept in the state folder.
    """

    def __init__(self, settings: Settings, *, writes: bool = False) -> None:
        self._settings = settings
        self._writes = writes

    def refuse_wrong(self) -> None:
        """Look whether the sources make sense together.

        Raises:
            ConfigurationError: there is none, two have one name, or one lies in another.
        """
        _names_of(self._settings.sources)

    def close(self) -> None:
        """Let go of what was opened in Google."""
        if "google" in vars(self):
            self.google.close()

    @cached_property
    def google(self) -> Connection:
        """The way to Google; nothing is opened before it is needed."""
        # slow to import, and seldom needed
        from sync.stores.google.connection import Connection  # noqa: PLC0415
        from sync.stores.google.quota import Bucket, Patience  # noqa: PLC0415
        from sync.stores.google.requests import Quotas  # noqa: PLC0415

        google = self._settings.google
        return Connection(
            key_file=google.credentials,
            state=self._settings.state.folder,
            writes=self._writes,
            address=google.address,
            locks_kontrol=google.lock_kontrol,
            full_every=google.full_look_hours * 3600,
            quotas=Quotas(Bucket(google.reads_per_minute), Bucket(google.writes_per_minute)),
            patience=Patience(run=google.deadline_minutes * 60),
        )

    @cached_property
    def stores(self) -> list[Store]:
        """A store for each configured source; several are told apart by their names.

        Raises:
            ConfigurationError: the sources make no sense together.
        """
        sources = self._settings.sources
        names = _names_of(sources)
        return [
            self._store(source, name if source.name or len(sources) > 1 else "")
            for source, name in zip(sources, names, strict=True)
        ]

    def _store(self, source: ExcelSource | GoogleSource, name: str) -> Store:
        if isinstance(source, ExcelSource):
            return _folder(self._settings, source, name)
        from sync.stores.google.listing import Listing  # noqa: PLC0415  as above
        from sync.stores.google.store import GoogleSheets, Where  # noqa: PLC0415  as above

        settings = self._settings
        own = (settings.overview.spreadsheet, settings.waivers.spreadsheet)
        where = Where(source.spreadsheets, source.folder, own)
        listing = Listing(self.google, source.shared_drive)
        return GoogleSheets(self.google, listing, where, name, self._settings.reading.filled_rows)

    def named(self, paths: Sequence[Path]) -> list[Store]:
        """A store for each named workbook or folder; spreadsheets are named as `spreadsheet` says.

        Raises:
            ConfigurationError: there is no such thing.
            StoreError: Google does not answer.
        """
        ids = {path: id_ for path in paths if (id_ := self._id_of(path))}
        files = [path for path in paths if path not in ids]
        stores: list[Store] = [*named_stores(files, self._settings)] if files else []
        if ids:
            from sync.stores.google.listing import Listing  # noqa: PLC0415  as above
            from sync.stores.google.store import GoogleSheets, Where  # noqa: PLC0415  as above

            where = Where(tuple(dict.fromkeys(ids.values())))
            name = "Google" if files else ""
            stores.append(GoogleSheets(self.google, Listing(self.google), where, name))
        return stores

    def _id_of(self, path: Path) -> str:
        """The id of a spreadsheet that is named instead of a file; empty where it is none."""
        if path.exists() or not (self._has_google() or _IN_GOOGLE in path.as_posix()):
            return ""
        if match := _SPREADSHEET.search(path.as_posix()):
            return match[1]
        found = self.spreadsheet(str(path))
        return found[0].id_of(found[1]) if found else ""

    def spreadsheet(self, named: str) -> tuple[GoogleSheets, str] | None:
        """The source in Google that has a spreadsheet, and its path; None where none has it.

        Raises:
            ConfigurationError: the sources make no sense together.
            StoreError: Google does not answer.
        """
        if not self._has_google():
            return None
        from sync.stores.google.store import GoogleSheets  # noqa: PLC0415  as above

        for store in self.stores:
            if isinstance(store, GoogleSheets) and (path := store.found(named)):
                return store, path
        return None

    def _has_google(self) -> bool:
        return any(isinstance(source, GoogleSource) for source in self._settings.sources)

    def fill_spreadsheet(self, spreadsheet_id: str, design: WorkbookDesign) -> str:
        """Draw a design into an empty spreadsheet in Google; where it is opened.

        Raises:
            StoreError: it is not shared, not empty, or Google does not answer.
        """
        from sync.stores.google.drawing import draw_into  # noqa: PLC0415  as above
        from sync.stores.google.store import ADDRESS  # noqa: PLC0415  as above

        draw_into(self.google, spreadsheet_id, design)
        return ADDRESS.format(spreadsheet_id)

    def overview(self) -> OverviewPlace:
        """Where the overview is shown."""
        spreadsheet = self._settings.overview.spreadsheet
        if spreadsheet:
            from sync.stores.google.overview import GoogleOverview  # noqa: PLC0415  as above

            return GoogleOverview(self.google, spreadsheet)
        return ExcelOverview(self._settings.overview.file)

    def waivers(self) -> WaiverPlace:
        """Where the secretariat accepts findings."""
        spreadsheet = self._settings.waivers.spreadsheet
        if spreadsheet:
            from sync.stores.google.waivers import GoogleWaivers  # noqa: PLC0415  as above

            return GoogleWaivers(self.google, spreadsheet)
        return ExcelWaivers(self._settings.waivers.file, self._settings.reading.limits)


def configured_folders(settings: Settings) -> list[ExcelFolder]:
    """A store for each configured folder of Excel workbooks, named as `Configured` names it.

    Raises:
        ConfigurationError: there is no source, or two have one name.
    """
    return [store for store in Configured(settings).stores if isinstance(store, ExcelFolder)]


def _names_of(sources: Sequence[ExcelSource | GoogleSource]) -> list[str]:
    if not sources:
        raise ConfigurationError("sources: name at least one folder with plan workbooks")
    names = [_name_of(source) for source in sources]
    if len(set(names)) < len(names):
        raise ConfigurationError("sources: give each source a name of its own")
    _refuse_nested(sources)
    return names


def _name_of(source: ExcelSource | GoogleSource) -> str:
    if isinstance(source, ExcelSource):
        return source.name or source.folder.name
    return source.name or "Google"


def _refuse_nested(sources: Sequence[ExcelSource | GoogleSource]) -> None:
    folders = {
        number: source.folder.resolve()
        for number, source in enumerate(sources)
        if isinstance(source, ExcelSource)
    }
    for number, folder in folders.items():
        others = {other for n, other in folders.items() if n != number}
        if others & {folder, *folder.parents}:
            raise ConfigurationError(f"sources.{number}.folder: lies in another source")


def _folder(settings: Settings, source: ExcelSource, name: str) -> ExcelFolder:
    return ExcelFolder(
        folder=source.folder,
        patterns=source.patterns,
        limits=settings.reading.limits,
        not_these=_ours(settings),
        not_copies_of=(settings.overview.file,),
        name=name,
        copies=kept_copies(settings),
    )


def _ours(settings: Settings) -> tuple[Path, ...]:
    """Files that are no plan workbooks, whatever their names are; the overview first."""
    return settings.overview.file, settings.waivers.file, settings.overview.calendar


def named_stores(paths: Sequence[Path], settings: Settings) -> list[ExcelFolder]:
    """A store for each named workbook or folder.

    Raises:
        ConfigurationError: a path does not exist.
    """
    stores = [_named_store(path, settings) for path in paths]
    if len(stores) == 1:
        return stores
    stores = _without_repeats(stores)
    seen = Counter(listed.path for store in stores for listed in store.contents().workbooks)
    if max(seen.values(), default=0) <= 1:
        return stores
    return [replace(store, name=store.folder.as_posix()) for store in stores]


def _without_repeats(stores: Sequence[ExcelFolder]) -> list[ExcelFolder]:
    """The stores, each without the files that an earlier one has."""
    seen: set[Path] = set()
    distinct = []
    for store in stores:
        one = replace(store, not_these=(*store.not_these, *seen))
        seen |= {Path(listed.address).resolve() for listed in one.contents().workbooks}
        distinct.append(one)
    return distinct


def _named_store(path: Path, settings: Settings) -> ExcelFolder:
    limits = settings.reading.limits
    if path.is_dir():
        ours = _ours(settings)
        not_these = (*ours, *(path / file.name for file in ours))
        return ExcelFolder(
            path, PATTERNS, limits, not_these=not_these,
            not_copies_of=(ours[0], path / ours[0].name),
        )  # fmt: skip
    if path.is_file():
        return ExcelFolder(path.parent, PATTERNS, limits, only=(path.name,))
    raise ConfigurationError(f"{path}: there is no such file or folder")


def kept_copies(settings: Settings) -> Copies:
    """The backups of workbooks in the state folder."""
    return Copies(settings.state.folder / "copies", settings.copies.number, settings.copies.days)
