"""How long the overview of many plans takes beyond the check: `python -m tests.bench.overview DIR`.

Prints the seconds of the processor that it takes to lay out and to write it, and its size in bytes;
then the same of the page.
"""

from __future__ import annotations

import gc
import sys
import tempfile
import time
from datetime import datetime
from pathlib import Path
from zoneinfo import ZoneInfo

from sync.config.job import ExcelSource
from sync.config.settings import Settings
from sync.config.state import StateSection
from sync.history.history import History
from sync.overview.page import publish_page
from sync.overview.publish import publish
from sync.overview.workbook import OverviewSheets
from sync.run.options import RunOptions
from sync.run.pipeline import look
from sync.stores.configured import Configured
from sync.stores.excel.overview import ExcelOverview
from sync.stores.files.local_file import LocalFile

NOW = datetime(2026, 11, 23, 8, tzinfo=ZoneInfo("Europe/Copenhagen"))


def main(folder: Path) -> None:
    """Check the folder without writing into it, then build its overview elsewhere."""
    settings = Settings(sources=(ExcelSource(folder=folder),))
    places = Configured(settings)
    gc.disable()  # as the commands do
    with (
        tempfile.TemporaryDirectory() as temporary,
        History(StateSection(folder=Path(temporary))) as history,
    ):
        options = RunOptions(settings, NOW, writes=False)
        overview = look(places, history, options).overview
        assert overview is not None
        place = ExcelOverview(LocalFile(Path(temporary) / "Overblik.xlsx"))
        began = time.process_time()
        sheets = OverviewSheets(overview, options.parameters, NOW)
        publish(sheets, place, stores=places.stores, history=history)
        seconds = time.process_time() - began
        sys.stdout.write(f"{seconds} {Path(place.address).stat().st_size}\n")
        page = Path(place.address).with_suffix(".html")
        began = time.process_time()
        publish_page(sheets, page, stores=places.stores, folders=[folder], history=history)
        seconds = time.process_time() - began
        sys.stdout.write(f"{seconds} {page.stat().st_size}\n")


if __name__ == "__main__":
    main(Path(sys.argv[1]))
