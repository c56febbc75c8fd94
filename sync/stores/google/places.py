"""The places in Google that a configuration names; all of them share one connection."""

from __future__ import annotations

from collections.abc import Iterable

from sheets_templates.drawing.design import WorkbookDesign
from sync.config.job import GoogleSource
from sync.config.settings import Settings
from sync.stores.base import Store
from sync.stores.google.connection import Connection
from sync.stores.google.drawing import draw_into
from sync.stores.google.overview import GoogleOverview
from sync.stores.google.request_builders import ADDRESS
from sync.stores.google.requests import Bucket, Patience, Quotas
from sync.stores.google.store import GoogleSheets
from sync.stores.google.waivers import GoogleWaivers


class GooglePlaces:
    """Makes stores, the overview and the waivers. Without `writes` nothing is remembered.

    What asks Google raises StoreError where it does not answer, or refuses.
    """

    def __init__(self, settings: Settings, *, writes: bool) -> None:
        google = settings.google
        self._filled_rows = settings.reading.filled_rows
        self._not_plans = (settings.overview.spreadsheet, settings.waivers.spreadsheet)
        self._connection = Connection(
            key_file=google.credentials,
            state=settings.state.folder,
            writes=writes,
            address=google.address,
            locks_kontrol=google.lock_kontrol,
            full_every=google.full_look_hours * 3600,
            quotas=Quotas(Bucket(google.reads_per_minute), Bucket(google.writes_per_minute)),
            patience=Patience(run=google.deadline_minutes * 60),
        )

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

    def close(self) -> None:
        """Close what was opened in Google."""
        self._connection.close()
