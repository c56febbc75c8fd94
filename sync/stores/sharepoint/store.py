"""A folder of a library as a store of plan workbooks, and what a configuration names there."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from functools import cached_property
from pathlib import Path

from rules.model.finding import Correction
from sheets_templates.report.description import Link
from sync.config.section import ConfigurationError
from sync.config.settings import Settings
from sync.config.sharepoint import SharePointSource
from sync.findings.owned import Owned, SideSheet
from sync.i18n.language import _
from sync.stores.base import (
    Contents,
    Line,
    ListedWorkbook,
    NeedsPerson,
    SideWorkbookChanges,
    Skipped,
    Snapshot,
    Store,
    TryAgain,
    Unreadable,
    Version,
    Written,
)
from sync.stores.excel.editing import edited, snapshot_of, with_corrections
from sync.stores.excel.names import workbooks_among
from sync.stores.excel.overview import undated
from sync.stores.excel.side_workbook import (
    is_side_workbook,
    may_be_side_workbook,
    write_side_workbooks,
)
from sync.stores.files.replace import CHANGED
from sync.stores.files.untrusted import TooLargeError
from sync.stores.patience import Patience
from sync.stores.sharepoint.diagnosis import library_lines
from sync.stores.sharepoint.document import SharePointDocument, beside
from sync.stores.sharepoint.graph import Graph, session_to
from sync.stores.sharepoint.items import Item
from sync.stores.sharepoint.library import Library
from sync.stores.sharepoint.sign_in import SignIn
from sync.stores.sharepoint.trial import tried
from sync.xlsx.corrections import CorrectionOutcome
from sync.xlsx.zip_package import DEFAULT_LIMITS, Limits

_KEPT_BYTES = 200_000_000
"""How much of what was read is kept in memory until it is written; the rest is fetched again."""


@dataclass
class SharePointWorkbooks:
    """The workbooks of a folder in a library and of its subfolders.

    `name`, where given, begins every path. `secrets` are the files that
    prove who asks, `not_these` paths below the folder of files
    that are none of them, and `not_copies_of` those whose dated copies are none.
    """

    library: Library
    name: str = ""
    limits: Limits = DEFAULT_LIMITS
    secrets: Sequence[Path] = ()
    not_these: Collection[str] = ()
    not_copies_of: Collection[str] = ()
    _listed: dict[str, Item] = field(default_factory=dict, init=False)
    _read: dict[str, bytes] = field(default_factory=dict, init=False)

    @property
    def is_shared(self) -> bool:
        """All requests share one limit, so one process sends them."""
        return False

    def clean_up(self) -> None:
        """Nothing is left behind: an upload that was not finished ends by itself."""

    def opening_link(self, link: Link) -> Link:
        """Workbooks are led to by their addresses, which the links hold already."""
        return link

    def contents(self) -> Contents:
        """The workbooks that are there, in path order."""
        self._listed, self._read = {}, {}
        workbooks: list[ListedWorkbook] = []
        skipped: list[Skipped] = []
        beside: list[str] = []
        for path, item in sorted(self._items(), key=lambda found: found[0]):
            if item.is_shortcut:
                reason = _("Det er en genvej. Læg selve filen eller mappen her.")
                skipped.append(Skipped(self._path(path), reason))
            elif self._is_beside(path, item):
                beside.append(self._path(path))
            else:
                self._listed[self._path(path)] = item
                workbooks.append(
                    ListedWorkbook(
                        self._path(path), item.stamp, item.changed_at, item.address,
                        is_certain=True,
                    )
                )  # fmt: skip
        return Contents(workbooks, skipped, beside)

    def _items(self) -> Iterator[tuple[str, Item]]:
        """What may be a workbook, and shortcuts to folders, by path below the folder."""
        for folder, items in self.library.walk():
            files = {one.name: one for one in items if not one.is_folder or one.is_shortcut}
            wanted = set(workbooks_among(files, self.library.source.patterns))
            for name, item in files.items():
                path = f"{folder}/{name}" if folder else name
                is_left_out = path in self.not_these or undated(path) in self.not_copies_of
                if (name in wanted or item.is_shortcut) and not is_left_out:
                    yield path, item

    def _is_beside(self, path: str, item: Item) -> bool:
        """Whether it is the job's own side workbook; another's is looked into for the mark."""
        if not may_be_side_workbook(path):
            return False
        is_made = item.made_by == self.library.graph.identity.client_id
        return is_made or is_side_workbook(self.document(path))

    def _path(self, below: str) -> str:
        return f"{self.name}/{below}" if self.name else below

    def document(self, below: str) -> SharePointDocument:
        """The file of this path below the folder."""
        return SharePointDocument(self.library, below)

    def digest(self, path: str) -> str:
        """The stamp: it tells the content for sure."""
        return self._listed[path].stamp

    def read(self, path: str) -> Snapshot:
        """The workbook's cells.

        Raises:
            Unreadable: it is no workbook that can be read.
            TryAgain: it is gone, or was saved a moment ago.
        """
        item = self._listed[path]
        version = Version(item.stamp, item.stamp)
        content = self._content(path, version)
        snapshot = snapshot_of(path, content, version, self.limits)
        if len(content) + sum(map(len, self._read.values())) <= _KEPT_BYTES:
            self._read[path] = content
        return snapshot

    def _content(self, path: str, version: Version) -> bytes:
        if path in self._read:
            return self._read.pop(path)
        try:
            return self.library.content(self._listed[path], self.limits.packed_bytes)
        except TooLargeError:
            raise Unreadable("too_large", version=version) from None

    def write(self, path: str, version: Version, owned: Owned) -> Written:
        """Write the columns Kontrol and the tab Advarsler into the version that was read."""
        item, content = self._same(path, version)
        edit = edited(content, owned, self.limits)
        if edit.data == content:
            return edit.written(version, is_changed=False)
        new = self._listed[path] = self.library.replace(item, edit.data)
        return edit.written(Version(new.stamp, new.stamp))

    def correct(
        self, path: str, version: Version, texts: Sequence[Correction]
    ) -> CorrectionOutcome:
        """Put values in the place of texts that a person typed, in the version that was read."""
        item, content = self._same(path, version)
        corrected, outcome = with_corrections(content, texts, self.limits)
        if corrected != content:
            self.library.replace(item, corrected)
        return outcome

    def _same(self, path: str, version: Version) -> tuple[Item, bytes]:
        """The listed item and its content, if it is the version that was read."""
        item = self._listed.get(path)
        if item is None or item.stamp != version.stamp:
            raise TryAgain(_(CHANGED))
        try:
            return item, self._content(path, version)
        except Unreadable as error:
            raise NeedsPerson(_("Filen er for stor. Flyt den et andet sted hen først.")) from error

    def write_side_workbooks(
        self, contents: Contents, side_sheets: Mapping[str, SideSheet], undecided: Collection[str]
    ) -> SideWorkbookChanges:
        """Tell these things in side workbooks, and remove those that are not needed any more."""
        start = f"{self.name}/" if self.name else ""
        return write_side_workbooks(
            contents,
            side_sheets,
            undecided,
            lambda side: self.document(side.removeprefix(start)),
        )

    def found(self, named: str) -> str | None:
        """The path of a workbook given by its address or its path; None where there is none."""
        self.contents()
        for path, item in self._listed.items():
            if named in {path, item.address}:
                return path
        return None

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
        patience = Patience(run=section.deadline_minutes * 60)
        self._session = session_to(section.address)
        self._graph = Graph(SignIn(section, self._session, patience), self._session, patience)

    def store(self, source: SharePointSource, name: str) -> SharePointWorkbooks:
        """The store of a configured source."""
        section = self._settings.sharepoint
        return SharePointWorkbooks(
            Library(self._graph, source),
            name,
            self._settings.reading.limits,
            [one for one in (section.certificate, section.secret_file) if one],
            not_these=self._not_plans if source == self._first else (),
            not_copies_of=self._not_plans if source == self._first else (),
        )

    def document(self, path: str) -> SharePointDocument:
        """A file below the folder of the first source.

        Raises:
            ConfigurationError: there is no source in SharePoint.
        """
        return SharePointDocument(self._library, path)

    @property
    def calendar(self) -> SharePointDocument:
        """The calendar beside the overview."""
        overview = self._settings.overview
        return self.document(overview.sharepoint).beside(overview.calendar.name)

    @staticmethod
    def found(stores: Iterable[Store], named: str) -> tuple[SharePointWorkbooks, str] | None:
        """The store that has a workbook given by address or path, and its path there."""
        for store in stores:
            if isinstance(store, SharePointWorkbooks) and (path := store.found(named)):
                return store, path
        return None

    @cached_property
    def _first(self) -> SharePointSource | None:
        sources = self._settings.sources
        return next((one for one in sources if isinstance(one, SharePointSource)), None)

    @cached_property
    def _library(self) -> Library:
        if self._first is None:
            raise ConfigurationError(
                'sharepoint: the overview and the waivers need a source with kind = "sharepoint"'
            )
        return Library(self._graph, self._first)

    @cached_property
    def _not_plans(self) -> tuple[str, ...]:
        """Files that are no plan workbooks, whatever their names are."""
        settings = self._settings
        overview, waivers = settings.overview.sharepoint, settings.waivers.sharepoint
        calendar = beside(overview, settings.overview.calendar.name)
        return tuple(filter(None, (overview, waivers, calendar if overview else "")))

    def close(self) -> None:
        """Close the connection."""
        self._session.close()
