"""What the job asks of the places of workbooks, overview and waivers, and how they say no.

    StoreError            the world is wrong
    ├── TryAgain          open, busy or changed meanwhile: the next run does it
    │   ├── SavedAsCopy   and what should have been written lies in a copy
    │   ├── HeldOpen      perhaps for days: until then it stands beside the workbook
    │   └── Again         a service did not begin it: the same request can be sent again
    └── NeedsPerson       somebody must do something first

They are named by what the job does about them. A workbook that can be fetched but not read is no
store error; it is `Unreadable`, a finding.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Protocol, runtime_checkable

from rules.model.cells import RawTab, RawWorkbook
from rules.model.parameters import Parameters
from sheets_templates.report.description import Link, ReportSheet, SheetOutline
from sync.findings.owned import Owned, SideSheet


class StoreError(Exception):
    """The world is wrong. The message is in words for staff, and says what to do.

    `notes` tell in words what else somebody should know.
    """

    notes: Sequence[str] = ()


class TryAgain(StoreError):  # noqa: N818
    """Nothing is lost; the next run will do it."""


class SavedAsCopy(TryAgain):
    """It was written into another file in the same folder, whose name is `copy`."""

    def __init__(self, message: str, copy: str) -> None:
        super().__init__(message)
        self.copy = copy


class Again(TryAgain):
    """The request was not begun, or only reads: it can be sent again, `after` seconds at least."""

    def __init__(self, message: str, after: float = 0.0) -> None:
        super().__init__(message)
        self.after = after


class HeldOpen(TryAgain):
    """Somebody works in it where a workbook may stay open for days: in a browser."""


class NeedsPerson(StoreError):  # noqa: N818
    """Somebody must do something before it can succeed."""


@dataclass(frozen=True, slots=True)
class ListedWorkbook:
    """A workbook that is there. `stamp` changes whenever the workbook may have changed.

    `path` is relative to the store, with `/`; `address` is where a person opens it. `is_certain`
    says that the stamp tells for sure; a file's time is in doubt where it was read soon after.
    """

    path: str
    stamp: str
    changed_at: datetime
    address: str
    is_certain: bool = False


@dataclass(frozen=True, slots=True)
class Skipped:
    """Something that is there but is not looked at, and why, in words for staff."""

    path: str
    reason: str


@dataclass(frozen=True, slots=True)
class Contents:
    """What a store lists."""

    workbooks: Sequence[ListedWorkbook]
    skipped: Sequence[Skipped] = ()
    side_workbooks: Sequence[str] = ()
    """The paths of the job's own side workbooks that are there."""


@dataclass(frozen=True, slots=True)
class SideWorkbookChanges:
    """What became of the side workbooks.

    `names` are those that stand there now, by their workbook's path; `written` and `removed` are
    paths. `problems` are paths, each with what stood in the way, in words.
    """

    names: Mapping[str, str] = field(default_factory=dict)
    written: Sequence[str] = ()
    removed: Sequence[str] = ()
    problems: Sequence[tuple[str, str]] = ()


@dataclass(frozen=True, slots=True)
class Version:
    """Which version of a workbook was read or written: its stamp, and a digest of its content."""

    stamp: str
    digest: str


@dataclass(frozen=True, slots=True)
class Written:
    """What a write came to: the version that stands there now, and what was added.

    `added` says in which column each tab's Kontrol stands where it was new, by tab. `notes` tell in
    words what else somebody should know. Where `lacks_page` the tab Advarsler could not be added.
    """

    version: Version
    added: Mapping[str, int] = field(default_factory=dict)
    notes: Sequence[str] = ()
    is_changed: bool = True
    lacks_page: bool = False


class Unreadable(Exception):  # noqa: N818  it is the workbook that is wrong, not the program
    """The workbook cannot be read; `variant` is the wording of STR-03 that says why.

    `version` is the version that cannot be read, where it is known.
    """

    def __init__(self, variant: str, tab: str = "", version: Version | None = None) -> None:
        super().__init__(variant, tab, version)
        self.variant = variant
        self.tab = tab
        self.version = version


@dataclass(frozen=True, slots=True)
class Snapshot:
    """A workbook as it was at one moment."""

    raw: RawWorkbook
    version: Version


class Store(Protocol):
    """A place that keeps workbooks.

    `name`, where there is one, begins the paths of all its workbooks. Whatever looks into the place
    raises StoreError where it cannot be reached, or a workbook cannot be fetched.
    """

    @property
    def name(self) -> str:
        """What tells this store's workbooks from another's; empty where it is the only one."""

    @property
    def is_shared(self) -> bool:
        """Whether other processes may read from it too; then it must be picklable."""

    def clean_up(self) -> None:
        """Remove what a run that was ended by force left behind."""

    def opening_link(self, link: Link) -> Link:
        """A link to one of its cells in the form that opens it; any other link as it is."""

    def contents(self) -> Contents:
        """What is there, in path order."""

    def digest(self, path: str) -> str:
        """A digest of the workbook's content."""

    def fetch(self, path: str) -> Callable[[], Snapshot]:
        """Fetch a workbook; what is returned reads its cells, and waits for nothing.

        Where the store `is_shared` several threads may fetch at a time.

        Raises:
            Unreadable: it is there, but cannot be read as a workbook; so does what is returned.
            StoreError: it cannot be fetched now.
        """

    def write(self, path: str, version: Version, owned: Owned) -> Written:
        """Write what the job owns, and nothing else, into the version that was read.

        A new column Kontrol stands where it is to, or further right where that place is taken.

        Raises:
            StoreError: it was left alone, because it changed, is in use, or bears no writing.
        """

    def write_side_workbooks(
        self, contents: Contents, side_sheets: Mapping[str, SideSheet], undecided: Collection[str]
    ) -> SideWorkbookChanges:
        """Write these beside their workbooks, and remove what stands beside any other.

        `undecided` are workbooks of which nobody knows now whether they can be written; what
        stands beside them stays. A store with no room beside a workbook writes nothing.
        """


class OverviewPlace(Protocol):
    """Where the overview is shown.

    A mark stands for the overview as the job left it; the job remembers it until the next run.
    Whatever writes raises StoreError where the overview is in use, may not be written, or is
    somebody else's workbook.
    """

    @property
    def name(self) -> str:
        """What a person calls it."""

    @property
    def address(self) -> str:
        """Where it is opened; the same address is the same overview."""

    def link(self, link: Link) -> Link:
        """What leads from the overview to the same place as this link, which stands anywhere."""

    def is_unchanged(self, mark: str) -> bool:
        """Whether nobody has changed it since the job left it with this mark."""

    def write_line(self, tab: str, line: str) -> str | None:
        """Write only the line below a tab's title; the new mark, None where that cannot be done.

        `tab` is its Danish name, whatever it is called there.
        """

    def replace(
        self, sheets: Sequence[ReportSheet | SheetOutline], *, is_known: bool, today: date
    ) -> str | None:
        """Write the overview, wholly or not at all; the new mark.

        None where a sheet that shall stand as it is does not stand there. `is_known` says that the
        job has written an overview at this address before; `today` is the run's day.
        """


class WaiverPlace(Protocol):
    """Where the secretariat accepts findings. It raises StoreError where it cannot be opened."""

    @property
    def name(self) -> str:
        """What a person calls it."""

    @property
    def address(self) -> str:
        """Where it is opened."""

    def make_if_missing(self, parameters: Parameters) -> None:
        """Make an empty tab for waivers where there is none."""

    def tabs(self) -> Sequence[RawTab]:
        """Its tabs; none where it does not exist.

        Raises:
            Unreadable: it is there, but cannot be read as a workbook.
        """


@dataclass(frozen=True, slots=True)
class Line:
    """One thing that was tried. `remedy` says what to do, and is empty where all is right."""

    subject: str
    says: str
    remedy: str = ""

    @property
    def is_right(self) -> bool:
        """Whether nothing needs to be done."""
        return not self.remedy


@runtime_checkable
class Examinable(Protocol):
    """A place that can say more about itself than that it can be reached."""

    def examined(self, now: datetime) -> Iterator[Line]:
        """A line for each thing that a run needs here, tried for real."""
