"""The secretariat's waivers in a spreadsheet of theirs; made once, never written again."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field

from rules.model.cells import RawTab
from rules.model.parameters import Parameters
from rules.text.danish import name_key
from sheets_templates.template.waiver_sheet import TAB, waiver_design
from sync.i18n.language import _
from sync.stores.base import NeedsPerson
from sync.stores.google.connection import Connection
from sync.stores.google.drawing import draw_into
from sync.stores.google.request_builders import ADDRESS
from sync.stores.google.requests import Forbidden, Gone
from sync.stores.google.snapshot import MASK, SpreadsheetSnapshot, snapshot_of


@dataclass
class GoogleWaivers:
    """The waivers in a spreadsheet; what was read in this run is not read again."""

    google: Connection
    spreadsheet_id: str
    name: str = field(default="Undtagelserne i Google", init=False)
    _seen: SpreadsheetSnapshot | None = field(default=None, init=False)

    @property
    def address(self) -> str:
        """Where it is opened."""
        return ADDRESS.format(self.spreadsheet_id)

    def make_if_missing(self, parameters: Parameters) -> None:
        """Draw the tab where the spreadsheet is empty."""
        snapshot = self._snapshot()
        is_there = any(name_key(tab.raw.name) == name_key(TAB) for tab in snapshot.tabs)
        if not is_there and not any(tab.raw.rows for tab in snapshot.tabs):
            draw_into(self.google, self.spreadsheet_id, waiver_design(parameters))
            self._seen = None

    def tabs(self) -> Sequence[RawTab]:
        """Its tabs."""
        return [tab.raw for tab in self._snapshot().tabs]

    def _snapshot(self) -> SpreadsheetSnapshot:
        if self._seen is None:
            try:
                spreadsheet = self.google.requests.spreadsheet(self.spreadsheet_id, MASK)
            except (Forbidden, Gone) as error:
                raise NeedsPerson(
                    _("Del regnearket til undtagelser med {email} som redaktør.").format(
                        email=self.google.email
                    )
                ) from error
            self._seen = snapshot_of(spreadsheet)
        return self._seen
