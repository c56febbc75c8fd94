"""What goes wrong with one workbook ends that workbook, and never the run."""

from __future__ import annotations

import pytest

from tests.sync.helpers import Site, book

OTHER = {"Plan-id": "B-1", "Boligområde": "Nøjsomhed"}
WRONG = {"Indsatser!I2": "'ca. 5"}
TO_XFD = {"Indsatser!K1": "", "Indsatser!K2": "", "Indsatser!K3": "", "Indsatser!K4": ""}


@pytest.mark.parametrize("value", ["x", 5])
def test_headers_that_reach_the_last_column_leave_no_room(site: Site, value: object) -> None:
    file = site.put("a.xlsx", book(cells={**WRONG, **TO_XFD, "Indsatser!XFD1": value}))
    site.put("b.xlsx", book(OTHER, cells=WRONG))
    before = file.read_bytes()
    answer = site.command("sync")
    assert answer.code == 3
    assert "a.xlsx: Der er ingen fri kolonne til Kontrol" in answer.err
    assert "Slet det, der står i kolonne XFD." in answer.err
    assert "written: b.xlsx" in answer.out
    assert (file.read_bytes() == before, site.overview.exists()) == (True, True)
    assert (site.sheets / "a – advarsler.xlsx").exists()
