"""The job on workbooks in SharePoint: the same findings and texts as in a folder, few requests."""

from __future__ import annotations

from datetime import timedelta

import pytest

from tests.sync.helpers import TODAY, Site, book, loaded
from tests.sync.stores.sharepoint.helpers import SharePointSite
from tests.sync.waiving import TYPED

SLIPS = {"Indsatser!I2": "'ca. 5", "Indsatser!G3": "'31-06-2026", "Plan!B4": "Vapnagård Nord"}
NAME = "Vapnagaard.xlsx"


def test_the_same_texts_as_in_a_folder(site: SharePointSite) -> None:
    site.lay(NAME, book(cells=SLIPS))
    folder = Site(site.root / "folder")
    folder.put(NAME, book(cells=SLIPS))

    assert site.sync().written == [NAME]
    folder.sync()

    for tab in ("Plan", "Indsatser", "Finansiering"):
        assert site.control(NAME, tab) == folder.control(NAME, tab)
    assert site.page(NAME) == folder.page(NAME)


@pytest.mark.parametrize("rewrites", ["at once", "later", "never"])
def test_the_second_run_writes_nothing_and_the_third_downloads_nothing(
    rewrites: str, site: SharePointSite
) -> None:
    site.server.rewrites = rewrites  # type: ignore[assignment]
    site.lay(NAME, book(cells=SLIPS))
    site.sync()

    assert site.sync(hour=9).written == []
    site.forget()
    assert site.sync(hour=10).read == 0
    assert site.kinds() == {"get": 2, "list": 1}


def test_cells_are_corrected_in_the_version_that_was_shown(site: SharePointSite) -> None:
    site.lay(NAME, book(cells=TYPED))
    address = f"{site.server.library.address}/Planer/{NAME}"

    answer = site.command("fix", address, "--yes")

    assert "Version history" in answer.out
    assert loaded(site.bytes_of(NAME))["Indsatser"]["I2"].value == 1_600_000
    assert site.check().codes == []


def test_moving_from_a_folder_keeps_the_day_on_which_a_finding_was_first_seen(
    site: SharePointSite,
) -> None:
    site.configure(sources='[[sources]]\nkind = "excel"\nfolder = "sheets"')
    site.put(f"Syd/{NAME}", book(cells=SLIPS))
    before = site.shown(today=TODAY - timedelta(days=9)).notices
    site.lay(f"Syd/{NAME}", (site.sheets / "Syd" / NAME).read_bytes())
    site.configure_sharepoint()

    after = site.shown().notices

    assert {one.first_seen for one in after} == {TODAY - timedelta(days=9)}
    assert [one.notice.code for one in after] == [one.notice.code for one in before] != []
