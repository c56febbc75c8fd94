"""A folder of a library as a store of plan workbooks, and what a configuration names there."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterator, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path, PurePosixPath

from sync.config.section import ConfigurationError
from sync.config.settings import Settings
from sync.config.sharepoint import SharePointSource
from sync.i18n.language import _
from sync.stores.base import Contents, Line, ListedWorkbook, Skipped, Unreadable, Version
from sync.stores.excel.editing import ExcelStore
from sync.stores.excel.names import CLOSED, SHORTCUT, is_copy_of_any, workbooks_among
from sync.stores.files.untrusted import TooLargeError
from sync.stores.patience import Patience
from sync.stores.sharepoint.diagnosis import library_lines, tried
from sync.stores.sharepoint.graph import Graph, Http
from sync.stores.sharepoint.items import Item
from sync.stores.sharepoint.library import Library, SharePointDocument
from sync.stores.sharepoint.sign_in import SignIn
from sync.xlsx.zip_package import DEFAULT_LIMITS, Limits

_KEPT_BYTES = 200_000_000
"""How much of what was read is kept in memory until it is written; the rest is fetched again."""


@dataclass
class SharePointWorkbooks(ExcelStore):
    """The workbooks of a folder in a library and of its subfolders.

    `secrets` are the files that prove who asks, `not_plans` paths below the folder of files that
    are no workbooks of it, nor are copies of them by their names.
    """

    library: Library
    name: str = ""
    limits: Limits = DEFAULT_LIMITS
    secrets: Sequence[Path] = ()
    not_plans: Collection[str] = ()
    _listed: dict[str, Item] = field(default_factory=dict, init=False)
    _read: dict[str, bytes] = field(default_factory=dict, init=False)

    def document(self, path: str) -> SharePointDocument:
        """The file of this path."""
        return SharePointDocument(self.library, self._below(path))

    def contents(self) -> Contents:
        """What is there now; what was read of it before is forgotten."""
        self._listed, self._read = {}, {}
        return super().contents()

    def _found(self) -> Iterator[ListedWorkbook | Skipped]:
        """What may be a workbook, shortcuts to folders, and folders that cannot be opened."""
        closed: list[str] = []
        own = [PurePosixPath(path).name for path in self.not_plans]
        for folder, items in self.library.walk(closed):
            files = {one.name: one for one in items if not one.is_folder or one.is_shortcut}
            wanted = set(workbooks_among(files, self.library.source.patterns))
            for name, item in files.items():
                below = f"{folder}/{name}" if folder else name
                path = self._path(below)
                if below in self.not_plans or is_copy_of_any(name, own):
                    continue
                if item.is_shortcut:
                    yield Skipped(path, _(SHORTCUT))
                elif name in wanted:
                    self._listed[path] = item
                    yield ListedWorkbook(
                        path, item.stamp, item.changed_at, item.address, is_certain=True
                    )
        yield from (Skipped(self._path(one), _(CLOSED)) for one in closed)

    def _is_beside(self, path: str) -> bool:
        """Whether it is the job's own side workbook; another's is looked into for the mark."""
        return self._listed[path].made_by == self.library.client_id or super()._is_beside(path)

    def digest(self, path: str) -> str:
        """The stamp: it tells the content for sure."""
        return self._listed[path].stamp

    def _fetched(self, path: str) -> tuple[bytes, Version]:
        """The content, kept in memory where it is asked for the first time."""
        item = self._listed[path]
        version = Version(item.stamp, item.stamp)
        if path in self._read:
            return self._read.pop(path), version
        try:
            content = self.library.content(item, self.limits.packed_bytes)
        except TooLargeError:
            raise Unreadable("too_large", version=version) from None
        if len(content) + sum(map(len, self._read.values())) <= _KEPT_BYTES:
            self._read[path] = content
        return content, version

    def _put(
        self, path: str, old: bytes, new: bytes, standing: Version
    ) -> tuple[Version, Sequence[str]]:
        del old, standing
        self._read.pop(path, None)
        item = self._listed[path] = self.library.replace(self._listed[path], new)
        return Version(item.stamp, item.stamp), ()

    def examined(self, now: datetime) -> Iterator[Line]:
        """Who asks, what it may do, the version history, a scratch file, and the clock."""
        subject = f"source {self.name or self.library.source.usual_name}"
        yield from library_lines(subject, self.library, self.secrets, now)

    def tried(self, ask: Callable[[str], bool]) -> Iterator[Line]:
        """What the job assumes of the service, tried on a scratch workbook."""
        yield from tried(self.library, ask)


class SharePointPlaces:
    """Makes stores and documents. What asks Graph raises StoreError where it is refused."""

    def __init__(self, settings: Settings) -> None:
        self._settings = settings
        section = settings.sharepoint
        self._http = Http(section.address, Patience(run=section.deadline_minutes * 60))
        graph = Graph(SignIn(section, self._http).token, self._http)
        sources = [one for one in settings.sources if isinstance(one, SharePointSource)]
        self._libraries = [Library(graph, one, section.client_id) for one in sources]

    def store(self, source: SharePointSource, name: str) -> SharePointWorkbooks:
        """The store of a configured source."""
        section, limits = self._settings.sharepoint, self._settings.reading.limits
        (library,) = [one for one in self._libraries if one.source == source]
        secrets = [one for one in (section.certificate, section.secret_file) if one]
        not_plans = self._not_plans if library is self._first else ()
        return SharePointWorkbooks(library, name, limits, secrets, not_plans)

    def document(self, path: str) -> SharePointDocument:
        """A file below the folder of the first source.

        Raises:
            ConfigurationError: there is no source in SharePoint.
        """
        return SharePointDocument(self._first, path)

    @property
    def calendar(self) -> SharePointDocument:
        """The calendar beside the overview."""
        overview = self._settings.overview
        return self.document(overview.sharepoint).beside(overview.calendar.name)

    @property
    def _first(self) -> Library:
        if not self._libraries:
            raise ConfigurationError(
                'sharepoint: the overview and the waivers need a source with kind = "sharepoint"'
            )
        return self._libraries[0]

    @property
    def _not_plans(self) -> set[str]:
        """Files that are no plan workbooks, whatever their names are."""
        overview, waivers = self._settings.overview, self._settings.waivers
        return {overview.sharepoint, waivers.sharepoint, self.calendar.path}

    def close(self) -> None:
        """Close the connection."""
        self._http.close()
