"""`helhedsplan fix`: shows, asks, corrects, and can be undone."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.sync.helpers import Site, book, helhedsplan, values_by_openpyxl

SLIPS = {
    "Indsatser!I2": "'1.600.000 kr.",
    "Indsatser!H3": "Planlgat",
    "Indsatser!G3": "'31/12-2028",
    "Indsatser!E2": "",
    "Medarbejdere!F2": "mette.holm(a)boliggaarden.example",
}
PREVIEW = """\
Indsatser
  I2 Budget: »1.600.000 kr.« -> 1600000  (CEL-07)
  G3 Slutdato: »31/12-2028« -> 31-12-2028
  H3 Status: »Planlgat« -> »Planlagt«  (CEL-04)
Medarbejdere
  F2 E-mail: »mette.holm(a)boliggaarden.example« -> »mette.holm@boliggaarden.example«  (CEL-10)
"""


@pytest.fixture
def site(tmp_path: Path) -> Site:
    made = Site(tmp_path / "site")
    (made.sheets / "Vapnagaard.xlsx").write_bytes(book(cells=SLIPS))
    return made


def file_of(site: Site) -> Path:
    return site.sheets / "Vapnagaard.xlsx"


def fix(site: Site, *more: str) -> tuple[int, str, str]:
    answer = helhedsplan("fix", "Vapnagaard.xlsx", "-c", site.config, *more)
    return answer.code, answer.out, answer.err


def test_without_yes_it_only_shows(site: Site) -> None:
    before = file_of(site).read_bytes()
    code, out, _ = fix(site)

    assert (code, out) == (
        0, PREVIEW + "4 corrections. Write into the workbook? Say --yes.\nNothing was written.\n"
    )  # fmt: skip
    assert file_of(site).read_bytes() == before


def test_what_is_sure_is_corrected_and_nothing_else(site: Site) -> None:
    before = values_by_openpyxl(file_of(site).read_bytes())
    code, out, _ = fix(site, "--yes")
    after = values_by_openpyxl(file_of(site).read_bytes())

    assert code == 0
    assert out.startswith(PREVIEW + '4 cells corrected. Undo with: helhedsplan restore "')
    assert {place[1] for place in before if before[place] != after.get(place)} == {
        "I2", "G3", "H3", "F2",
    }  # fmt: skip
    assert after["Indsatser", "I2"] == 1_600_000
    assert after["Indsatser", "G3"].isoformat() == "2028-12-31T00:00:00"
    answer = helhedsplan("check", "-c", site.config, "--format", "json")
    assert [code for code in answer.codes if code[:3] == "CEL"] == ["CEL-01"], (
        "nobody guesses a name"
    )


def test_a_second_time_there_is_nothing_to_do(site: Site) -> None:
    fix(site, "--yes")
    before = file_of(site).read_bytes()

    assert fix(site, "--yes")[:2] == (
        0, "There is nothing that can be corrected without asking whoever typed it.\n",
    )  # fmt: skip
    assert file_of(site).read_bytes() == before


def test_restore_brings_back_what_was_typed(site: Site) -> None:
    before = file_of(site).read_bytes()
    fix(site, "--yes")
    helhedsplan("restore", "Vapnagaard.xlsx", "-c", site.config)

    assert file_of(site).read_bytes() == before


def test_a_workbook_that_is_open_is_left_alone(site: Site) -> None:
    before = file_of(site).read_bytes()
    (site.sheets / ".~lock.Vapnagaard.xlsx#").write_text(",Anne Lund,pc,25.11.2026 10:00,x;")
    code, _, err = fix(site, "--yes")

    assert code == 3
    assert "åbent hos Anne Lund" in err
    assert file_of(site).read_bytes() == before


def test_a_workbook_that_is_none_is_named(site: Site) -> None:
    file_of(site).write_bytes(b"no workbook")
    code, _, err = fix(site, "--yes")

    assert (code, err) == (3, "Vapnagaard.xlsx: cannot be read; helhedsplan check says why\n")


def test_another_workbook_is_not_known(site: Site) -> None:
    answer = helhedsplan("fix", "Andet.xlsx", "-c", site.config, "--yes")

    assert answer.code == 2
