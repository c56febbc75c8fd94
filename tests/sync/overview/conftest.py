"""A region of twelve plans, which several tests look at and none changes."""

from __future__ import annotations

import openpyxl
import pytest

from tests.bench.region import make_region
from tests.sync.helpers import Site
from tests.sync.overview.region import LAST_WEEK, TODAY, Region


@pytest.fixture(scope="session")
def region(tmp_path_factory: pytest.TempPathFactory) -> Region:
    """The region, run over on two Mondays."""
    root = tmp_path_factory.mktemp("region")
    site = Site(root)
    make_region(root, 12, TODAY)
    site.sync(LAST_WEEK)
    before = site.overview.read_bytes()
    # In a week one mistake is made, and one is mended.
    files = sorted(site.sheets.glob("*.xlsx"))
    for number, value in ((0, "ca. 5"), (1, "ca. 6")):
        workbook = openpyxl.load_workbook(files[number])
        workbook["Medarbejdere"]["C4"].value = value
        workbook.save(files[number])
    site.sync(TODAY)
    return Region(site, before, site.overview.read_bytes())
