"""What the job asks of the secretariat's own places: the overview, and the waivers."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from typing import Protocol

from rules.model.cells import RawTab
from rules.model.parameters import Parameters
from sheets_templates.report.description import Link, ReportSheet, SheetOutline


class OverviewPlace(Protocol):
    """Where the overview is shown.

    A mark stands for the overview as the job left it; the job remembers it until the next run.
    """

    @property
    def name(self) -> str:
        """What a person calls it."""

    @property
    def address(self) -> str:
        """Where it is opened; the same address is the same overview."""

    def clean_up(self) -> None:
        """Remove what a run that was ended by force left behind."""

    def link(self, link: Link) -> Link:
        """What leads from the overview to the same place as this link, which stands anywhere."""

    def is_unchanged(self, mark: str) -> bool:
        """Whether nobody has changed it since the job left it with this mark."""

    def write_line(self, tab: str, line: str) -> str | None:
        """Write only the line below a tab's title; the new mark, None where that cannot be done.

        `tab` is its Danish name, whatever it is called there.

        Raises:
            StoreError: it may not be written now.
        """

    def replace(
        self, sheets: Sequence[ReportSheet | SheetOutline], *, is_known: bool, today: date
    ) -> str | None:
        """Write the overview, wholly or not at all; the new mark.

        None where a sheet that shall stand as it is does not stand there. `is_known` says that the
        job has written an overview at this address before; `today` is the run's day.

        Raises:
            StoreError: it is in use, may not be written, or is somebody else's workbook.
        """


class WaiverPlace(Protocol):
    """Where the secretariat accepts findings."""

    @property
    def name(self) -> str:
        """What a person calls it."""

    @property
    def address(self) -> str:
        """Where it is opened."""

    def make_if_missing(self, parameters: Parameters) -> None:
        """Make an empty tab for waivers where there is none.

        Raises:
            StoreError: it could not be written.
        """

    def tabs(self) -> Sequence[RawTab]:
        """Its tabs; none where it does not exist.

        Raises:
            Unreadable: it is there, but cannot be read as a workbook.
            StoreError: it cannot be opened now.
        """
