"""From paths on the command line, or sources in the configuration, to stores."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from contextlib import ExitStack, closing
from dataclasses import replace
from datetime import datetime
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING

from sheets_templates.drawing.design import WorkbookDesign
from sync.config.job import ExcelSource, GoogleSource
from sync.config.section import ConfigurationError
from sync.config.settings import AnySource, Settings
from sync.config.sharepoint import SharePointSource
from sync.stores.base import Line, OverviewPlace, Store, WaiverPlace
from sync.stores.document import Document
from sync.stores.excel.editing import ExcelStore
from sync.stores.excel.folder import ExcelFolder
from sync.stores.excel.names import PATTERNS
from sync.stores.excel.overview import ExcelOverview
from sync.stores.excel.waivers import ExcelWaivers
from sync.stores.files.backups import Copies
from sync.stores.files.local_file import LocalFile

if TYPE_CHECKING:
    from sync.stores.google.places import GooglePlaces
    from sync.stores.google.store import GoogleSheets
    from sync.stores.sharepoint.store import SharePointPlaces

_NO_SOURCE = (
    'sources: name at least one folder with plan workbooks, like sources = [{ folder = "sheets" }]'
)
_IN_GOOGLE = "docs.google.com/"
_SPREADSHEET = re.compile(r"(?:docs\.google\.com/spreadsheets/d/|\A)([\w-]{40,})(?:[/?#]|\Z)")
"""The address of a spreadsheet as the browser shows it, or its id alone."""


class Configured:
    """The places that a configuration names. Without `writes` nothing is kept in the state folder.

    `now` is when the run began, where it is not just now.

    Its methods raise ConfigurationError where there is no source, two have one name, or one lies
    in another or with the state, and StoreError where Google does not answer or refuses.
    """

    def __init__(
        self, settings: Settings, now: datetime | None = None, *, writes: bool = False
    ) -> None:
        self._settings = settings
        self._now = now
        self._writes = writes
        self._opened = ExitStack()

    def close(self) -> None:
        """Close what was opened in Google and in SharePoint."""
        self._opened.close()

    @cached_property
    def _google(self) -> GooglePlaces:
        # Google's libraries take 0.3 s to import, and most configurations need none of them.
        from sync.stores.google.places import GooglePlaces  # noqa: PLC0415

        places = GooglePlaces(self._settings, self._now, writes=self._writes)
        return self._opened.enter_context(closing(places))

    @cached_property
    def _sharepoint(self) -> SharePointPlaces:
        # As above: msal is slow to import.
        from sync.stores.sharepoint.store import SharePointPlaces  # noqa: PLC0415

        return self._opened.enter_context(closing(SharePointPlaces(self._settings)))

    @cached_property
    def stores(self) -> list[Store]:
        """A store for each configured source; several are told apart by their names."""
        return [*map(self._store, *self._named_sources())]

    def refuse_wrong(self) -> None:
        """Look whether the sources make sense together, without a look at any of them."""
        self._named_sources()

    def _named_sources(self) -> tuple[Sequence[AnySource], list[str]]:
        """The sources, and how each is called; a single one without a name needs none."""
        sources = self._settings.sources
        if not sources:
            raise ConfigurationError(_NO_SOURCE)
        names = [source.name or _usual_name(source) for source in sources]
        if len(set(names)) < len(names):
            twice = next(name for name in names if names.count(name) > 1)
            raise ConfigurationError(
                f"sources: two are called {twice}; write a name of its own into each, or delete one"
            )
        _refuse_nested(sources)
        _refuse_state_among(sources, self._settings.state.folder)
        return sources, [
            name if source.name or len(sources) > 1 else ""
            for source, name in zip(sources, names, strict=True)
        ]

    def _store(self, source: AnySource, name: str) -> Store:
        if isinstance(source, GoogleSource):
            return self._google.store(source, name)
        if isinstance(source, SharePointSource):
            return self._sharepoint.store(source, name)
        return ExcelFolder(
            folder=source.folder,
            patterns=source.patterns,
            limits=self._settings.reading.limits,
            not_these=_no_plans(self._settings),
            not_copies_of=_no_plans(self._settings),
            name=name,
            copies=kept_copies(self._settings),
        )

    def named(self, paths: Sequence[Path]) -> list[Store]:
        """A store for each named workbook or folder; spreadsheets are named as `spreadsheet` says.

        Raises:
            ConfigurationError: there is no such thing.
        """
        ids = {path: id_ for path in paths if (id_ := self._id_of(path))}
        files = [path for path in paths if path not in ids]
        stores: list[Store] = [*_named_folders(files, self._settings)]
        if ids:
            source = GoogleSource(kind="google", spreadsheets=tuple(dict.fromkeys(ids.values())))
            stores.append(self._google.store(source, "Google" if files else ""))
        return stores

    def _id_of(self, path: Path) -> str:
        """The id of a spreadsheet that is named instead of a file; empty where it is none."""
        if path.exists() or not (self._has_google or _IN_GOOGLE in path.as_posix()):
            return ""
        if match := _SPREADSHEET.search(path.as_posix()):
            return match[1]
        found = self.spreadsheet(str(path))
        return found[0].id_of(found[1]) if found else ""

    def spreadsheet(self, named: str) -> tuple[GoogleSheets, str] | None:
        """The source in Google that has a spreadsheet, and its path; None where none has it."""
        return self._google.found(self.stores, named) if self._has_google else None

    def tried(self, scratch: str, ask: Callable[[str], bool]) -> Iterator[Line]:
        """What a store rests on, tried on a scratch workbook: that of an address or an id in
        Google, or one that is made in the source in SharePoint of this name or number.

        `ask` tells a person what to do, False where nobody answers.

        Raises:
            ConfigurationError: nothing of the kind can be tried.
        """
        sources = self._settings.sources
        for number, source in enumerate(sources, 1):
            is_meant = scratch in {str(number), source.name or _usual_name(source)}
            if is_meant and isinstance(source, SharePointSource):
                yield from self._sharepoint.store(source, source.name).tried(ask)
                return
        match = _SPREADSHEET.search(scratch)
        if match is None:
            message = "name a source in SharePoint, or an empty spreadsheet in Google"
            raise ConfigurationError(f"{scratch}: {message} by its address or its id")
        yield from self._google.tried(match[1])

    def workbook_in_library(self, named: str) -> tuple[ExcelStore, str] | None:
        """The source in SharePoint that has a workbook, and its path; None where none has it.

        It is given by its address or its path.
        """
        for source, store in zip(self._settings.sources, self.stores, strict=True):
            if isinstance(source, SharePointSource) and isinstance(store, ExcelStore):
                for one in store.contents().workbooks:
                    if named in {one.path, one.address}:
                        return store, one.path
        return None

    @property
    def _has_google(self) -> bool:
        return any(isinstance(source, GoogleSource) for source in self._settings.sources)

    def fill_spreadsheet(self, spreadsheet_id: str, design: WorkbookDesign) -> str:
        """Draw a design into an empty spreadsheet in Google; where it is opened."""
        return self._google.fill(spreadsheet_id, design)

    def overview(self) -> OverviewPlace:
        """Where the overview is shown."""
        overview = self._settings.overview
        if overview.spreadsheet:
            return self._google.overview(overview.spreadsheet)
        if overview.sharepoint:
            return ExcelOverview(self._sharepoint.document(overview.sharepoint))
        return ExcelOverview(LocalFile(overview.file))

    def calendar(self) -> Document:
        """Where the deadlines are shown as a calendar."""
        overview = self._settings.overview
        return self._sharepoint.calendar if overview.sharepoint else LocalFile(overview.calendar)

    def waivers(self) -> WaiverPlace:
        """Where the secretariat accepts findings."""
        waivers = self._settings.waivers
        if waivers.spreadsheet:
            return self._google.waivers(waivers.spreadsheet)
        place = waivers.sharepoint
        document = self._sharepoint.document(place) if place else LocalFile(waivers.file)
        return ExcelWaivers(document, self._settings.reading.limits)


def configured_folders(settings: Settings) -> list[ExcelFolder]:
    """A store for each configured folder of Excel workbooks, named as `Configured` names it.

    Raises:
        ConfigurationError: there is no source, or two have one name.
    """
    return [store for store in Configured(settings).stores if isinstance(store, ExcelFolder)]


def kept_copies(settings: Settings) -> Copies:
    """The backups of workbooks in the state folder."""
    return Copies(settings.state.folder / "copies", settings.copies.number, settings.copies.days)


def _usual_name(source: AnySource) -> str:
    """What a source is called where nobody gave it a name."""
    if isinstance(source, SharePointSource):
        return source.usual_name
    return source.folder.name if isinstance(source, ExcelSource) else "Google"


def _refuse_nested(sources: Sequence[AnySource]) -> None:
    folders = {
        number: source.folder.resolve()
        for number, source in enumerate(sources)
        if isinstance(source, ExcelSource)
    }
    for number, folder in folders.items():
        others = {other for n, other in folders.items() if n != number}
        if others & {folder, *folder.parents} or any(_are_one(folder, one) for one in others):
            raise ConfigurationError(f"sources.{number}.folder: lies in another source")
    in_libraries = {n: one for n, one in enumerate(sources) if isinstance(one, SharePointSource)}
    for number, one in in_libraries.items():
        if any(other.holds(one) for n, other in in_libraries.items() if n != number):
            raise ConfigurationError(f"sources.{number}.folder: lies in another source")


def _are_one(folder: Path, other: Path) -> bool:
    """Whether both names lead to one folder, as where it is mounted twice."""
    try:
        return folder.samefile(other)
    except OSError:
        return False


def _refuse_state_among(sources: Sequence[AnySource], state: Path) -> None:
    """The state is the job's alone, and the workbooks are the staff's: neither holds the other."""
    own = state.resolve()
    for number, source in enumerate(sources):
        if not isinstance(source, ExcelSource):
            continue
        folder = source.folder.resolve()
        if own in (folder, *folder.parents) or folder in own.parents:
            raise ConfigurationError(
                f"state.folder: {state} and the workbooks of sources.{number} lie in each other; "
                'name a folder beside them, like "state"'
            )


def _no_plans(settings: Settings) -> tuple[Path, ...]:
    """Files that are no plan workbooks, whatever their names are."""
    return settings.overview.file, settings.waivers.file, settings.overview.calendar


def _named_folders(paths: Sequence[Path], settings: Settings) -> list[ExcelFolder]:
    """The stores, each without the files that an earlier one has."""
    stores = [_named_folder(path, settings) for path in paths]
    if len(stores) <= 1:
        return stores
    distinct: list[ExcelFolder] = []
    files: set[Path] = set()
    seen: Counter[str] = Counter()
    for store in stores:
        distinct.append(replace(store, not_these=(*store.not_these, *files)))
        workbooks = distinct[-1].contents().workbooks
        files |= {Path(listed.address).resolve() for listed in workbooks}
        seen.update(listed.path for listed in workbooks)
    if max(seen.values(), default=0) <= 1:
        return distinct
    return [replace(store, name=store.folder.as_posix()) for store in distinct]


def _named_folder(path: Path, settings: Settings) -> ExcelFolder:
    limits = settings.reading.limits
    if path.is_file():
        return ExcelFolder(path.parent, PATTERNS, limits, only=(path.name,))
    if not path.is_dir():
        raise ConfigurationError(f"{path}: there is no such file or folder")
    no_plans = _no_plans(settings)
    return ExcelFolder(
        path,
        PATTERNS,
        limits,
        not_these=(*no_plans, *(path / file.name for file in no_plans)),
        not_copies_of=no_plans,
    )
