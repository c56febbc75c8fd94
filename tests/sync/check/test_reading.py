"""What is read of a workbook, however it was saved; and what is said of a file that is none."""

from __future__ import annotations

import datetime as dt
import io
import re
import shutil
import subprocess
import warnings
import zipfile
from collections.abc import Callable, Mapping
from itertools import pairwise
from pathlib import Path
from typing import Any

import openpyxl
import pytest
from openpyxl.comments import Comment
from openpyxl.utils import get_column_letter
from openpyxl.utils.datetime import CALENDAR_MAC_1904

from rules.checks.structure import UNREADABLE
from rules.model.cells import NO_RESULT, Cell, FormulaError
from sync.stores.base import Unreadable
from sync.stores.excel.reading import read_tabs
from sync.workbook_tools.demo import make_demo
from sync.xlsx.zip_package import Limits
from tests.sync.helpers import CPR, DAY, TODAY, Site, book, confined, example, helhedsplan, saved
from tests.sync.packages import STRINGS, member, part_of, repacked, with_shared_texts

FAR_CORNER = '<row r="1048576"><c r="XFD1048576"><v>1</v></c></row>'
LONG = "-=" * 2500
MANY = 99_999_999_999_999


def cells_of(data: bytes, limits: Limits | None = None) -> dict[str, dict[str, Cell]]:
    """What is read, by tab and address."""
    return {
        tab.name: {
            f"{get_column_letter(column)}{row}": cell
            for row, cells in tab.rows
            for column, cell in enumerate(cells, 1)
            if cell not in {None, ""}
        }
        for tab in read_tabs(data, limits or Limits())
    }


def with_rows(data: bytes, tab: str, change: Mapping[str, str]) -> bytes:
    """The workbook with regular expressions replaced in a tab's XML."""
    part = part_of(data, tab)
    xml = member(data, part).decode()
    for pattern, new in change.items():
        xml, count = re.subn(pattern, lambda _, new=new: new, xml, flags=re.DOTALL)  # type: ignore[misc]
        assert count, pattern
    return repacked(data, {part: xml.encode()})


def one_cell(xml: str, *, far: bool = False, epoch_1904: bool = False) -> Cell:
    """What is read of A1; style 1 is a date, 2 a time, 3 a duration, 4 a date with its time."""
    workbook = openpyxl.Workbook()
    sheet = workbook.worksheets[0]
    sheet.title = "T"
    for value in (dt.date(2026, 1, 1), dt.time(8), dt.timedelta(hours=30), dt.date(2026, 1, 1)):
        sheet.append([value])
    sheet["A1"].number_format, sheet["A4"].number_format = "dd-mm-yyyy", "dd-mm-yyyy hh:mm"
    sheet["B1"] = "tekst"
    if epoch_1904:
        workbook.epoch = CALENDAR_MAC_1904
    rows = f'<row r="1">{xml}</row>{FAR_CORNER if far else ""}'
    data = with_rows(
        with_shared_texts(saved(workbook)),
        "T",
        {"<sheetData>.*</sheetData>": f"<sheetData>{rows}</sheetData>"},
    )
    return cells_of(data)["T"].get("A1")


NOON = dt.datetime.combine(dt.date(2025, 12, 31), dt.time(12))
CELLS: list[tuple[str, str, Cell]] = [
    ("a number", '<c r="A1"><v>5</v></c>', 5),
    ("a sum of øre", '<c r="A1"><v>0.30000000000000004</v></c>', 0.30000000000000004),
    ("a number with an exponent", '<c r="A1"><v>1E3</v></c>', 1000),
    ("a date", '<c r="A1" s="1"><v>46022</v></c>', dt.date(2025, 12, 31)),
    ("a date with its time", '<c r="A1" s="4"><v>46022.5</v></c>', NOON),
    ("a date in words of ISO", '<c r="A1" s="1" t="d"><v>2025-12-31</v></c>',
     dt.date(2025, 12, 31)),
    ("a time", '<c r="A1" s="2"><v>0.5</v></c>', dt.time(12)),
    ("a duration", '<c r="A1" s="3"><v>1.25</v></c>', dt.timedelta(days=1.25)),
    ("text in place", '<c r="A1" t="inlineStr"><is><t>hej</t></is></c>', "hej"),
    ("rich text in place",
     '<c r="A1" t="inlineStr"><is><r><t>h</t></r><r><t xml:space="preserve"> j</t></r></is></c>',
     "h j"),
    ("a text with signs", '<c r="A1" t="inlineStr"><is><t>&lt;b&gt; &#248;</t></is></c>', "<b> ø"),
    ("a text of two lines", '<c r="A1" t="inlineStr"><is><t>a\nb</t></is></c>', "a\nb"),
    ("a shared text", '<c r="A1" t="s"><v>0</v></c>', "tekst"),
    ("true", '<c r="A1" t="b"><v>1</v></c>', "SAND"),
    ("false", '<c r="A1" t="b"><v>0</v></c>', "FALSK"),
    ("an error", '<c r="A1" t="e"><v>#REF!</v></c>', FormulaError("#REF!")),
    ("a formula's error", '<c r="A1" t="e"><f>1/0</f><v>#DIV/0!</v></c>', FormulaError("#DIV/0!")),
    ("a new kind of error", '<c r="A1" t="e"><v>#SPILL!</v></c>', FormulaError("#SPILL!")),
    ("the text of an error", '<c r="A1" t="inlineStr"><is><t>#REF!</t></is></c>', "#REF!"),
    ("a formula's number", '<c r="A1"><f>2+3</f><v>5</v></c>', 5),
    ("a formula's text", '<c r="A1" t="str"><f>"a"</f><v>a</v></c>', "a"),
    ("a formula's empty text", '<c r="A1" t="str"><f>""</f><v></v></c>', None),
    ("a formula without a result", '<c r="A1"><f>2+3</f></c>', NO_RESULT),
    ("one that a library wrote", '<c r="A1"><f>2+3</f><v></v></c>', NO_RESULT),
    ("one that gives no text", '<c r="A1" t="str"><f>""</f><v></v></c>', None),
    ("a formatted blank", '<c r="A1" s="1"/>', None),
]  # fmt: skip


@pytest.mark.parametrize("far", [False, True], ids=["plain", "with a cell in the far corner"])
@pytest.mark.parametrize(("title", "xml", "value"), CELLS, ids=[cell[0] for cell in CELLS])
def test_cells(title: str, xml: str, value: Cell, far: bool) -> None:
    read = one_cell(xml, far=far)
    if isinstance(value, dt.date) and not isinstance(value, dt.datetime):
        read = read.date() if isinstance(read, dt.datetime) else read
    assert read == value
    assert not isinstance(read, bool)


@pytest.mark.parametrize("far", [False, True], ids=["plain", "with a cell in the far corner"])
def test_dates_that_count_from_1904(far: bool) -> None:
    read = one_cell('<c r="A1" s="1"><v>44560</v></c>', far=far, epoch_1904=True)
    assert isinstance(read, dt.date)
    assert (read.year, read.month, read.day) == (2025, 12, 31)


@pytest.mark.parametrize("far", [False, True], ids=["plain", "with a cell in the far corner"])
def test_a_day_beyond_the_calendar_is_none(far: bool) -> None:
    """It is a number or an error, by the reader and its version; the gate refuses both."""
    read = one_cell('<c r="A1" s="1"><v>5000000</v></c>', far=far)
    assert isinstance(read, float | FormulaError)


WRONG = {"Indsatser!I2": "'ca. 5", "Indsatser!F3": "'30-02-2026", "Indsatser!H4": "#REF!",
         "Medarbejdere!C2": "'mange"}  # fmt: skip
SAID = [
    ("Indsatser", "I2", "CEL-02"), ("Indsatser", "F3", "CEL-03"), ("Indsatser", "H4", "CEL-06"),
    ("Medarbejdere", "C2", "CEL-09"),
]  # fmt: skip


def findings(answer: Any) -> list[tuple[str, str, str]]:
    return [(one["tab"], one["cell"], one["code"]) for one in answer.json["findings"]]


def moved(workbook: openpyxl.Workbook, down: int, right: int) -> openpyxl.Workbook:
    """All tables some rows further down and some columns further right."""
    for sheet in workbook.worksheets:
        reach = f"A1:{get_column_letter(sheet.max_column)}{sheet.max_row}"
        sheet.move_range(reach, rows=down, cols=right)
    return workbook


def shifted(cell: str, down: int, right: int) -> str:
    letter, row = cell[0], int(cell[1:])
    return f"{chr(ord(letter) + right)}{row + down}"


@pytest.mark.parametrize(("down", "right"), [(0, 0), (3, 0), (0, 2), (7, 3)])
def test_tables_may_begin_anywhere(site: Site, down: int, right: int) -> None:
    site.put("a.xlsx", saved(moved(example(cells=WRONG), down, right)))
    expected = [(tab, shifted(cell, down, right), code) for tab, cell, code in SAID]
    assert findings(site.check()) == expected


def test_titles_may_stand_above(site: Site) -> None:
    workbook = moved(example(cells=WRONG), 4, 0)
    for sheet in workbook.worksheets:
        sheet["A1"] = f"Helhedsplan: {sheet.title}"
        sheet["B2"] = "Udfyldes af medarbejderne"
        sheet.merge_cells("A1:C1")
    site.put("a.xlsx", saved(workbook))
    assert findings(site.check()) == [(t, shifted(c, 4, 0), code) for t, c, code in SAID]


def test_hidden_tabs_rows_and_columns_are_read(site: Site) -> None:
    workbook = example(cells={**WRONG, "Skjult!B2": CPR, "Meget skjult!C3": CPR})
    workbook["Skjult"].sheet_state = "hidden"
    workbook["Meget skjult"].sheet_state = "veryHidden"
    workbook["Indsatser"].row_dimensions[2].hidden = True
    workbook["Medarbejdere"].column_dimensions["C"].hidden = True
    site.put("a.xlsx", saved(workbook))
    hidden = [("Skjult", "B2", "GDP-01"), ("Meget skjult", "C3", "GDP-01")]
    assert findings(site.check()) == [*SAID, *hidden]


def test_a_cpr_number_in_a_comment_is_found_and_never_repeated(site: Site) -> None:
    workbook = example()
    workbook["Indsatser"]["C3"].comment = Comment(f"Barnet er {CPR}, ring til mor", "Anne")
    site.put("a.xlsx", saved(workbook))
    answer = site.check()
    assert findings(answer) == [("Indsatser", "C3", "GDP-01")]
    assert CPR not in answer.out


@pytest.mark.parametrize("far", [False, True], ids=["plain", "with a cell in the far corner"])
def test_ten_digits_stored_as_a_number_are_found(site: Site, far: bool) -> None:
    corner = {"Noter!XFD1048576": 1} if far else {}
    site.put("a.xlsx", book(cells={"Noter!B2": 1_101_700_000, **corner}))
    assert findings(site.check()) == [("Noter", "B2", "GDP-02")]


def test_a_chart_sheet_is_passed_over(site: Site) -> None:
    workbook = example(cells=WRONG)
    workbook.create_chartsheet("Diagram", 1)
    site.put("a.xlsx", saved(workbook))
    assert findings(site.check()) == SAID


def without_references(data: bytes) -> bytes:
    """No row and no cell says where it is; gaps are filled with empty cells."""
    out = data
    for tab in openpyxl.load_workbook(io.BytesIO(data), read_only=True).sheetnames:
        part = part_of(out, tab)
        xml = member(out, part).decode()
        sheet = openpyxl.load_workbook(io.BytesIO(out))[tab]
        for row in sheet.iter_rows():
            for before, cell in pairwise(row):
                if f'r="{cell.coordinate}"' not in xml:
                    whole = re.search(
                        rf'<c r="{before.coordinate}"(?:[^>]*/>|.*?</c>)', xml, re.DOTALL
                    )
                    assert whole
                    xml = xml.replace(whole[0], f'{whole[0]}<c r="{cell.coordinate}"/>')
        xml = re.sub(r'<(row|c) r="[A-Z]*\d+"', r"<\1", xml)
        out = repacked(out, {part: xml.encode()})
    return out


def formatted_to_the_end(data: bytes, tab: str = "Indsatser") -> bytes:
    """Every row down to the last one is formatted, as when whole columns were given a border."""
    part = part_of(data, tab)
    xml = member(data, part).decode()
    last = max(int(row) for row in re.findall(r'<row r="(\d+)"', xml))
    rows = "".join(
        f'<row r="{row}"><c r="A{row}" s="0"/><c r="B{row}" s="0"/></row>'
        for row in range(last + 1, 1_048_577)
    )
    return repacked(data, {part: xml.replace("</sheetData>", f"{rows}</sheetData>").encode()})


def strings(data: bytes, pattern: str, new: str) -> bytes:
    xml, count = re.subn(pattern, new, member(data, STRINGS).decode(), count=1)
    assert count
    return repacked(data, {STRINGS: xml.encode()})


def prefixed_strings(data: bytes) -> bytes:
    xml = member(data, STRINGS).decode()
    xml = re.sub(r"<(/?)([a-z])", r"<\1x:\2", xml).replace("xmlns=", "xmlns:x=", 1)
    xml = re.sub(r'uniqueCount="\d+"', f'uniqueCount="{MANY}"', xml)
    return repacked(data, {STRINGS: xml.encode()})


PLAIN = with_shared_texts(book(cells=WRONG))
SIZE = r'<dimension ref="[^"]*"'
COUNT = r' uniqueCount="\d+"'
# Made where they are read: one of them takes a second.
ODD: list[tuple[str, Callable[[], bytes]]] = [
    ("a cell in the far corner",
     lambda: with_rows(PLAIN, "Indsatser", {"</sheetData>": f"{FAR_CORNER}</sheetData>"})),
    ("a cell in the far corner of a tab of the staff's own",
     lambda: book(cells={**WRONG, "Noter!XFD1048576": 1, "Noter!A1": 1})),
    ("no references", lambda: without_references(PLAIN)),
    ("formatted down to the last row", lambda: formatted_to_the_end(PLAIN)),
    ("a false size", lambda: with_rows(PLAIN, "Indsatser", {SIZE: '<dimension ref="A1"'})),
    ("a huge size",
     lambda: with_rows(PLAIN, "Indsatser", {SIZE: '<dimension ref="A1:XFD1048576"'})),
    ("a false count of texts", lambda: strings(PLAIN, COUNT, f' uniqueCount="{MANY}"')),
    ("a small count of texts", lambda: strings(PLAIN, COUNT, ' uniqueCount="1"')),
    ("a false count of uses", lambda: strings(PLAIN, COUNT, f' count="{MANY}"')),
    ("a false count in single quotes", lambda: strings(PLAIN, COUNT, f" uniqueCount='{MANY}'")),
    ("a false count after a blank", lambda: strings(PLAIN, COUNT, f' uniqueCount = "{MANY}"')),
    ("a false count with a prefix", lambda: prefixed_strings(PLAIN)),
    ("a false count after a long comment",
     lambda: strings(
         strings(PLAIN, COUNT, f' uniqueCount="{MANY}"'), "<sst", f"<!--{LONG}--><sst")),
]  # fmt: skip


ABSURD_ROWS = ("0", "-1", "1048577", "4294967295")


def with_row(row: str) -> bytes:
    absurd = f'<row r="{row}"><c r="A{row}"><v>1</v></c></row></sheetData>'
    return with_rows(PLAIN, "Indsatser", {"</sheetData>": absurd})


def said_of_odd(folder: Path) -> dict[str, list[tuple[str, str, str]]]:
    """What is said of each odd workbook, read together in a process that could abort or hang."""
    odd = [(title, made()) for title, made in ODD]
    odd += [(row, with_row(row)) for row in ABSURD_ROWS]
    for number, (_, data) in enumerate(odd):
        (folder / f"{number:02}.xlsx").write_bytes(data)
    answer = confined("check", folder, "--format", "json", "--today", DAY, "--ignore", "STR-06")
    assert answer.code == 1, answer.err[-500:]
    by_book: dict[str, list[tuple[str, str, str]]] = {}
    for one in answer.json["findings"]:
        title, _ = odd[int(one["workbook"][:2])]
        by_book.setdefault(title, []).append((one["tab"], one["cell"], one["code"]))
    return by_book


@pytest.mark.slow
def test_odd_workbooks_are_read_like_any_other_and_none_is_a_crash(tmp_path: Path) -> None:
    said = said_of_odd(tmp_path)
    for title, _ in ODD:
        assert said[title] == SAID, title
    for row in ABSURD_ROWS:
        assert said[row] in ([(None, None, "STR-03")], SAID), row


SOFFICE = shutil.which("soffice") or shutil.which("libreoffice")


@pytest.mark.slow
@pytest.mark.libreoffice
@pytest.mark.skipif(SOFFICE is None, reason="LibreOffice is not installed")
def test_what_libreoffice_saved_again_gives_the_same_findings(site: Site) -> None:
    make_demo(site.root / "demo", TODAY)
    site.put("mine.xlsx", PLAIN)
    sources = [*sorted((site.root / "demo" / "sheets").iterdir()), site.sheets / "mine.xlsx"]
    before, after = site.root / "before", site.root / "after"
    before.mkdir()
    for source in sources:
        shutil.copy(source, before)
    subprocess.run(
        [str(SOFFICE), f"-env:UserInstallation={(site.root / 'profile').as_uri()}", "--headless",
         "--convert-to", "xlsx:Calc MS Excel 2007 XML", "--outdir", str(after),
         *map(str, sorted(before.iterdir()))],
        check=True, capture_output=True, timeout=180,
    )  # fmt: skip
    first, second = (
        helhedsplan("check", folder, "--format", "json", "--today", DAY).json
        for folder in (before, after)
    )
    assert len(first["workbooks"]) == 5
    assert second["findings"] == first["findings"]
    assert second["plans"] == first["plans"]


def ole(*names: str) -> bytes:
    head = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1".ljust(512, b"\0")
    return head + b"".join(name.encode("utf-16-le").ljust(128, b"\0") for name in names) * 4


def zipped(members: Mapping[str, bytes]) -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in members.items():
            archive.writestr(name, content)
    return out.getvalue()


GOOD = with_shared_texts(book())
FIRST = part_of(GOOD, "Plan")
BOMB = repacked(GOOD, {part_of(GOOD, "Plan"): b"<worksheet>" + b" " * 70_000_000})
UNREADABLES = [
    ("empty", b"", "empty"),
    ("a web page", b"<html><table><tr><td>Felt</td></tr></table></html>", "not_a_workbook"),
    ("a text", "Nr.;Indsatsområde\n1;Sundhed\n".encode(), "not_a_workbook"),
    ("random bytes", bytes(range(256)) * 40, "not_a_workbook"),
    ("a Word document",
     zipped({"[Content_Types].xml": b"<Types/>", "word/document.xml": b"<d/>"}), "not_a_workbook"),
    ("a zip file of pictures", zipped({"a.png": b"png"}), "not_a_workbook"),
    ("cut in the middle", GOOD[: len(GOOD) // 2], ""),
    ("the end is missing", GOOD[:-40], ""),
    ("a byte is wrong", GOOD.replace(b"PK\x01\x02", b"PK\x01\x03", 1), ""),
    ("a tab's part is missing", repacked(GOOD, {part_of(GOOD, "Indsatser"): None}), ""),
    ("a tab's part is cut", repacked(GOOD, {FIRST: member(GOOD, FIRST)[:900]}), ""),
    ("password", ole("EncryptionInfo", "EncryptedPackage"), "password_protected"),
    ("an old .xls", ole("Root Entry", "Workbook"), "old_format"),
    ("a very old .xls", ole("Root Entry", "Book"), "old_format"),
    ("a zip bomb", BOMB, "too_large"),
]  # fmt: skip


@pytest.mark.parametrize(
    ("title", "data", "variant"), UNREADABLES, ids=[one[0] for one in UNREADABLES]
)
def test_damaged_and_odd_files_are_one_finding(
    site: Site, title: str, data: bytes, variant: str
) -> None:
    site.put("a.xlsx", data)
    site.put("b.xlsx", GOOD)
    answer = site.check()
    wording = UNREADABLE.variants.get(variant)
    message = wording.message if wording else UNREADABLE.message
    assert [(f["workbook"], f["code"], f["message"]) for f in answer.json["findings"]] == [
        ("a.xlsx", "STR-03", message)
    ]
    assert [one["status"] for one in answer.json["workbooks"]] == ["unreadable", "checked"]


MANY_ROWS = book(cells={f"Noter!A{row}": f"Møde {row}" for row in range(1, 30)})
"""A tab of the staff's own with more rows than the limit of the test below."""
REMEDIES: Mapping[str, tuple[dict[str, bytes], dict[str, bytes]]] = {
    "": ({"a.xlsx": GOOD[:-40]}, {"a.xlsx": GOOD}),
    "empty": ({"a.xlsx": b""}, {"a.xlsx": GOOD}),
    "not_a_workbook": ({"a.xlsx": b"Nr.;Navn"}, {"a.xlsx": GOOD}),
    "password_protected": (
        {"a.xlsx": ole("EncryptionInfo", "EncryptedPackage")}, {"a.xlsx": GOOD}),
    "label_encrypted": ({"a.xlsx": ole("DRMEncryptedDataSpace")}, {"a.xlsx": GOOD}),
    "too_large": ({"a.xlsx": BOMB}, {"a.xlsx": GOOD}),
    "too_many_rows": ({"a.xlsx": MANY_ROWS}, {"a.xlsx": GOOD, "../old/noter.xlsx": MANY_ROWS}),
    "old_format": ({"a.xls": ole("Root Entry", "Workbook")}, {"a.xlsx": GOOD}),
    "other_format": ({"a.ods": GOOD}, {"a.xlsx": GOOD}),
}  # fmt: skip


@pytest.mark.parametrize("variant", ["", *UNREADABLE.variants])
def test_whoever_follows_str_03_has_no_finding_any_more(site: Site, variant: str) -> None:
    site.configure("[reading]\nfilled_rows = 25")
    before, after = REMEDIES[variant]
    for name, data in before.items():
        site.put(name, data)
    wording = UNREADABLE.variants.get(variant)
    message = (wording.message if wording else UNREADABLE.message).format(tab="Noter")
    assert [one["message"] for one in site.check().json["findings"]] == [message]

    for name in before:
        (site.sheets / name).unlink()
    for name, data in after.items():
        site.put(name, data)
    assert site.check().json["findings"] == []


def test_broken_bytes_give_findings_and_never_a_crash() -> None:
    names = [part_of(GOOD, "Plan"), "xl/workbook.xml", "xl/styles.xml", STRINGS]
    snippets = [b"", b"<", b"/>", b'"', b"\0", b"\xff", b"&x;", b'r="A1"', b"<row/>", b"</c>"]
    for name in names:
        source = member(GOOD, name)
        for n in range(40):
            at = (n * 7919 + 13) % len(source)
            broken = source[:at] + snippets[n % len(snippets)] + source[at + n % 4 :]
            with warnings.catch_warnings():
                warnings.simplefilter("ignore")
                try:
                    read_tabs(repacked(GOOD, {name: broken}), Limits())
                except Unreadable as error:
                    assert error.variant in {"", *UNREADABLE.variants}  # noqa: PT017


@pytest.mark.parametrize(
    ("section", "message"),
    [
        ("filled_rows = 13", "Fanen »Plan« har flere udfyldte rækker, end der kan læses."),
        ("filled_rows = 14", None),
        ("packed_megabytes = 1", "Filen er for stor til at blive læst."),
        ("packed_megabytes = 2", None),
        ("unpacked_megabytes = 1", "Filen er for stor til at blive læst."),
        ("unpacked_megabytes = 4", None),
    ],
)
def test_limits_are_the_configurations(site: Site, section: str, message: str | None) -> None:
    out = io.BytesIO(GOOD)
    with zipfile.ZipFile(out, "a") as archive:
        archive.writestr("xl/media/image1.png", b"x" * 1_500_000)
    site.put("a.xlsx", out.getvalue())
    site.configure(f"[reading]\n{section}")
    assert [one["message"] for one in site.check().json["findings"]] == (
        [message] if message else []
    )


def test_the_store_leaves_nothing_open(site: Site, tmp_path: Path) -> None:
    file = site.put("a.xlsx", GOOD)
    site.check()
    file.rename(tmp_path / "moved.xlsx")
    assert site.check().json["workbooks"] == []
