"""What is too much for one request to Google goes in several, and comes to the same."""

from __future__ import annotations

import json
from typing import Any

import pytest

from sync.stores.google.request_builders import LARGEST, batches
from tests.google_server.requests import applied
from tests.sync.helpers import book
from tests.sync.stores.google.helpers import GENEROUS, GoogleSite

ALLOWED = 1_000
"""One row more than fits may be in a batch."""


def test_little_is_one_request() -> None:
    update = {"range": {"sheetId": 1}, "rows": [], "fields": "*"}
    changes: list[dict[str, Any]] = [{"addSheet": {}}, {"updateCells": update}]

    assert list(batches(changes)) == [changes]
    assert list(batches([])) == []


@pytest.mark.slow
@pytest.mark.parametrize("largest", [3_000, 20_000, LARGEST])
def test_an_overview_in_pieces_is_the_same(site: GoogleSite, largest: int) -> None:
    for name in ("Vapnagaard", "Nøjsomhed", "Sydbyen"):
        site.spreadsheet(name, book(plan={"Boligområde": name}, cells={"Indsatser!I2": "'ca. 5"}))
    overview = site.server.make_spreadsheet("Overblik")
    empty = site.server.book(overview)
    site.configure_google(google=GENEROUS, sections=f'[overview]\nspreadsheet = "{overview}"')
    site.sync()
    (sent,) = [one for one in site.server.asked if one.path.endswith(f"{overview}:batchUpdate")]
    changes = site.body_of(sent)["requests"]

    pieces = list(batches(changes, largest))
    filled = empty
    for piece in pieces:
        filled, _ = applied(filled, piece, empty.owner)

    assert (len(pieces) == 1) == (largest == LARGEST)
    assert all(len(piece) == 1 or len(json.dumps(piece)) < largest + ALLOWED for piece in pieces)
    now = site.server.book(overview)
    assert [sheet.cells for sheet in filled.sheets] == [sheet.cells for sheet in now.sheets]
    assert [sheet.grid for sheet in filled.sheets] == [sheet.grid for sheet in now.sheets]
