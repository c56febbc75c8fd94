"""Text in cells that would be a formula, a command or markup elsewhere: it stays text."""

from __future__ import annotations

import json
import zipfile
from collections.abc import Iterator
from pathlib import Path

import openpyxl
import pytest
from openpyxl.workbook.protection import WorkbookProtection

from sync.xlsx.text import FORMULA_STARTS
from tests.sync.helpers import PAGE, Site, example, process, saved

pytestmark = pytest.mark.slow

NAMES = "Indsatser", "Finansiering", "Godkendelser", "Medarbejdere", "Milepæle", "Forberedelse"
PAYLOADS = [
    '=HYPERLINK("http://127.0.0.1:9/x","klik")', "=1+1", "+1+1", "-2+3+cmd|' /C calc'!A0",
    "@SUM(1+1)", "\t=1+1", "\n=1+1", " =1+1", "＝1+1", "=cmd|'/C calc'!A0", ";=1+1", '"=1+1',
    "=DDE(\"cmd\";\"/C calc\";\"a\")", "=IMPORTXML(\"http://127.0.0.1:9\",\"//a\")",
    "<script>alert(1)</script>", "&#x3D;1+1", "&lt;b&gt;", "]]>", "<!--", "_x003D_1+1",
    "_x001B_[31m", "\x9b31m", "\N{RIGHT-TO-LEFT OVERRIDE}tsop", "[bold red]x[/bold red]",
    "[link=http://127.0.0.1:9]x[/link]", "{0.__class__}", "%s%n", "${PATH}", "`id`", "../../etc",
    "'; DROP TABLE runs; --", "\N{LINE SEPARATOR}FEJL Budget: intet (CEL-02)",
]  # fmt: skip


@pytest.fixture(scope="module")
def site(tmp_path_factory: pytest.TempPathFactory) -> Site:
    """A site with a workbook for each payload: it stands in every cell below the headers."""
    site = Site(tmp_path_factory.mktemp("texts") / "site")
    for number, payload in enumerate(PAYLOADS):
        site.put(f"{number:02}.xlsx", full_of(payload))
    site.put("sidst.xlsx", full_of(PAYLOADS[0], refused=True))
    return site


def full_of(payload: str, *, refused: bool = False) -> bytes:
    """The example with a text in every cell below the headers, in a header and in a tab's name."""
    workbook = example()
    for tab in workbook.worksheets:
        first = 2 if tab.title == "Plan" else 1
        for row in tab.iter_rows(min_row=2):
            for cell in row[first - 1 :]:
                cell.value, cell.data_type = payload, "s"
        tab.cell(1, tab.max_column + 2).value = payload
        tab.cell(1, tab.max_column).data_type = "s"
    name = payload.strip()[:20].translate(str.maketrans("", "", "[]:*?/\\'\x9b\n\t"))
    workbook.create_sheet(name or "x")["A1"] = "010170-0000"
    if refused:  # the tab Advarsler at least, which goes beside then
        workbook.security = WorkbookProtection(lockStructure=True)
    return saved(workbook)


def is_harmless(text: str) -> bool:
    return all(c.isprintable() or c in "\n\u00a0" for c in text)


def links_of(file: Path, *, is_report: bool) -> Iterator[str]:
    """Where the links of a workbook lead; no cell that the job wrote is or becomes a formula."""
    for sheet in openpyxl.load_workbook(file).worksheets:
        for row in sheet.iter_rows():
            for cell in row:
                text = str(cell.value or "")
                assert cell.data_type != "f" or "SUM" in text
                is_written = is_report or sheet.title == PAGE
                if is_written and text.lstrip().startswith(FORMULA_STARTS):
                    assert cell.number_format == "@", "editing it would make it a formula"
                if cell.hyperlink:
                    yield cell.hyperlink.target or ""


def test_the_terminal_gets_plain_lines(site: Site) -> None:
    answer = process("check", site.sheets, "--today", "2026-11-23")
    assert "Traceback" not in answer.err
    assert is_harmless(answer.out + answer.err)
    assert all(
        line.startswith(("  FEJL ", "  ADVARSEL ", "  INFO ")) or line.endswith(".xlsx")
        for line in answer.out.splitlines()[:-1]
    )


def test_json_holds_no_control_characters(site: Site) -> None:
    answer = site.check()
    assert is_harmless(answer.out)
    assert json.loads(answer.out)["summary"]["workbooks"] == len(PAYLOADS) + 1


def test_nothing_that_is_written_is_a_formula_or_leads_away(site: Site) -> None:
    answer = site.command("sync", "--remember", "--today", "2026-11-23")
    assert is_harmless(answer.out + answer.err)
    side = site.sheets / "sidst – advarsler.xlsx"
    files = [site.overview, side, *site.sheets.glob("[0-9]*.xlsx")]
    assert len(files) == len(PAYLOADS) + 2
    for file in files:
        targets = links_of(file, is_report=file in {site.overview, side})
        assert not [target for target in targets if "127.0.0.1" in target]
        with zipfile.ZipFile(file) as archive:
            assert not [name for name in archive.namelist() if "externalLink" in name]
    assert is_harmless(site.command("status").out)


def test_a_second_run_finds_everything_as_it_is(site: Site) -> None:
    site.sync()
    before = site.bytes_of_workbooks()
    site.age()
    assert site.sync(hour=9, full=True).written == []
    assert site.bytes_of_workbooks() == before
