"""The secretariat's own workbooks: the overview, and the waivers."""

from __future__ import annotations

from collections.abc import Iterator

from sync.config import Settings
from sync.doctor.file_probe import nearest_existing, unwritable
from sync.stores.base import Line, StoreError
from sync.stores.configured import Configured
from sync.stores.files.replace import opened_by
from sync.stores.waiver_rows import waivers_in


def overview_lines(settings: Settings) -> Iterator[Line]:
    """Whether the overview can be written to its place."""
    if settings.overview.spreadsheet:
        address = Configured(settings).overview().address
        yield Line("overview", f"{address}; a run says whether it can be written")
        return
    file = settings.overview.file
    remedy = "Give the job's user the right to write there, or name another file in overview.file."
    if wrong := unwritable(nearest_existing(file.parent), "overview", remedy):
        yield wrong
    elif owner := opened_by(file):
        yield Line(
            "overview",
            f"{file} is open: {owner}",
            "Close it. Where nobody has it open, a crash left a lock file beside it: delete that.",
        )
    else:
        yield Line("overview", f"{file} can be written")


def waiver_lines(settings: Settings) -> Iterator[Line]:
    """Whether the secretariat's waivers can be read."""
    place = Configured(settings).waivers()
    try:
        waivers = waivers_in(place)
    except StoreError as error:
        yield Line("waivers", f"{place.name}: {error}", "Until then no finding is accepted.")
        return
    yield Line("waivers", f"{place.name}: {len(waivers or ())} waivers can be read")
