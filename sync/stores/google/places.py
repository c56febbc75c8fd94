"""The places in Google that a configuration names, the secretariat's waivers among them.

All of them share one connection.
"""

from __future__ import annotations

import time
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from functools import cached_property

from rules.model.cells import RawTab
from rules.model.parameters import Parameters
from rules.text.danish import name_key
from sheets_templates.drawing.design import WorkbookDesign
from sheets_templates.template.waiver_sheet import TAB, waiver_design
from sync.config.job import GoogleSource
from sync.config.settings import Settings
from sync.i18n.language import _
from sync.stores.base import Line, Store
from sync.stores.google.connection import Connection
from sync.stores.google.drawing import draw_into
from sync.stores.google.overview import GoogleOverview
from sync.stores.google.request_builders import ADDRESS
from sync.stores.google.snapshot import MASK, SpreadsheetSnapshot, snapshot_of
from sync.stores.google.store import GoogleSheets
from sync.stores.google.trials import tried
from sync.stores.patience import Patience


@dataclass
class GoogleWaivers:
    """The waivers in a spreadsheet of the secretariat's: made once, never written again.

    What was read in this run is not read again.
    """

    google: Connection
    spreadsheet_id: str
    name: str = field(default="Undtagelserne i Google", init=False)

    @property
    def address(self) -> str:
        """Where it is opened."""
        return ADDRESS.format(self.spreadsheet_id)

    def make_if_missing(self, parameters: Parameters) -> None:
        """Draw the tab where the spreadsheet is empty."""
        tabs = self._snapshot.tabs
        is_there = any(name_key(tab.raw.name) == name_key(TAB) for tab in tabs)
        if not is_there and not any(tab.raw.rows for tab in tabs):
            draw_into(self.google, self.spreadsheet_id, waiver_design(parameters))
            del self._snapshot

    def tabs(self) -> Sequence[RawTab]:
        """Its tabs."""
        return [tab.raw for tab in self._snapshot.tabs]

    @cached_property
    def _snapshot(self) -> SpreadsheetSnapshot:
        said = _("Del regnearket til undtagelser med {email} som redaktør.")
        with self.google.explained(said, said):
            return snapshot_of(self.google.requests.spreadsheet(self.spreadsheet_id, MASK))


class GooglePlaces:
    """Makes stores, the overview and the waivers. Without `writes` nothing is remembered.

    `now` is when the run began. What asks Google raises StoreError where it does not answer, or
    refuses.
    """

    def __init__(self, settings: Settings, now: datetime | None = None, *, writes: bool) -> None:
        google = settings.google
        self._filled_rows = settings.reading.filled_rows
        self._not_plans = (settings.overview.spreadsheet, settings.waivers.spreadsheet)
        patience = Patience(run=google.deadline_minutes * 60)
        began = now.timestamp() if now else time.time()
        self._connection = Connection(google, settings.state.folder, writes, patience, began)

    def store(self, source: GoogleSource, name: str) -> GoogleSheets:
        """The store of a configured source."""
        return GoogleSheets(self._connection, source, name, self._not_plans, self._filled_rows)

    @staticmethod
    def found(stores: Iterable[Store], named: str) -> tuple[GoogleSheets, str] | None:
        """The store that has a spreadsheet given by address, id or path, and its path there."""
        for store in stores:
            if isinstance(store, GoogleSheets) and (path := store.found(named)):
                return store, path
        return None

    def overview(self, spreadsheet_id: str) -> GoogleOverview:
        """The overview in a spreadsheet."""
        return GoogleOverview(self._connection, spreadsheet_id)

    def waivers(self, spreadsheet_id: str) -> GoogleWaivers:
        """The waivers in a spreadsheet."""
        return GoogleWaivers(self._connection, spreadsheet_id)

    def fill(self, spreadsheet_id: str, design: WorkbookDesign) -> str:
        """Draw a design into an empty spreadsheet; where it is opened."""
        draw_into(self._connection, spreadsheet_id, design)
        return ADDRESS.format(spreadsheet_id)

    def tried(self, spreadsheet_id: str) -> Iterator[Line]:
        """What the store rests on, tried on an empty spreadsheet and taken back."""
        yield from tried(self._connection, spreadsheet_id)

    def close(self) -> None:
        """Close what was opened in Google."""
        self._connection.close()
