"""What must hold for every input; each claim gives what is wrong, or '' for nothing."""

from __future__ import annotations

import io
import re
import unicodedata
import zipfile
import zlib
from collections.abc import Iterable, Iterator

from rules.model.cells import RawTab
from rules.model.tables import WARNINGS_TAB
from rules.text.amounts import parse_amount, parse_number
from rules.text.danish import name_key
from rules.text.dates import parse_date
from sync.stores.base import Unreadable
from sync.stores.excel.reading import read_tabs
from sync.xlsx.errors import PackageError, RefusedError
from sync.xlsx.owned_column import OwnedColumn
from sync.xlsx.owned_sheet import OwnedCell, OwnedSheet
from sync.xlsx.write_owned import write_owned
from sync.xlsx.zip_package import Limits, Package
from tests.corpus.trial import OWN_ENDINGS, part_harm, target
from tests.fuzz.typed import amount_meanings, date_meaning, named_date_meaning

_OWN_PARTS = (*OWN_ENDINGS, "sheet1.xml", "sheet3.xml")
PAGE = OwnedSheet(
    WARNINGS_TAB, ((OwnedCell("Prøve", bold=True),), (), (OwnedCell("Alvor"),)), (10.0,), 1
)


def as_seen(text: str) -> str:
    """The text without what nobody sees, with one kind of blank and dash, a last minus in front."""
    text = unicodedata.normalize("NFC", text)
    shown = (sign for sign in text if sign.isspace() or unicodedata.category(sign)[0] != "C")
    text = "".join("-" if unicodedata.category(s) == "Pd" or s == "−" else s for s in shown)
    text = " ".join(text.split())
    return re.sub(
        r"^([^-(\d]*)(\d(?:[\d., ]*\d)?)-(?= ?(?:$|kr|dkk|mi|t))", r"\1-\2", text, flags=re.I
    )


def evenly_spaced(text: str) -> str:
    """A date with its blanks where most people type them: `31. dec. 2026`, `31/12-2026`."""
    text = re.sub(r"^den ", "", as_seen(text).casefold())
    text = re.sub(r"[ t](?:kl\.? ?)?0?0[:.]00(?:[:.]00)?$", "", text)
    text = re.sub(r"(?<=\d) ?([./-]) ?(?=\d)", r"\1", text)
    text = re.sub(r"^(\d{1,2}/\d{1,2}) (?=\d)", r"\1-", text)
    text = re.sub(r"^(\d{4})/(\d{1,2})/(?=\d)", r"\1-\2-", text)
    text = re.sub(r"(?<=\d)(?:\. ?| |-)(?=[a-z])", ". ", text)
    return re.sub(r"(?<=[a-z])(?:\. ?| |-)(?=\d)", " ", text)


def amount_claim(text: str) -> str:
    """An amount is read where it has one meaning, and only then."""
    read = parse_amount(text)
    meanings = amount_meanings(as_seen(text))
    wanted = next(iter(meanings)) if len(meanings) == 1 else None
    return "" if read == wanted else f"{text!r} is read as {read}, and means {sorted(meanings)}"


def date_claim(text: str) -> str:
    """A date is read where it is one, and as the day that it is."""
    read = parse_date(text)
    shown = evenly_spaced(text)
    wanted = date_meaning(shown) or named_date_meaning(shown)
    return "" if read == wanted else f"{text!r} is read as {read}, and means {wanted}"


def number_claim(text: str) -> str:
    """Whatever is read as a number means the same as an amount, where it is one too."""
    read = parse_number(text)
    meanings = amount_meanings(as_seen(text))
    if read is None or len(meanings) != 1 or read * 100 == next(iter(meanings)):
        return ""
    return f"{text!r} is read as the number {read}, and means {sorted(meanings)}"


def package_claim(data: bytes) -> str:
    """Any bytes are read or are not; a workbook is written without harm, or refused."""
    try:
        tabs = read_tabs(data, Limits())
    except Unreadable:
        tabs = []
    tabs = [tab for tab in tabs if name_key(tab.name) != name_key(WARNINGS_TAB)]
    column = target(tabs) if tabs else OwnedColumn("Indsatser", 3, 1, None, {2: "OK"})
    try:
        written = write_owned(Package(data), [column], PAGE)
    except (RefusedError, PackageError):
        return ""
    if not tabs:
        return "" if Package(written) else "what cannot be read was written"
    harm = [*_part_harm(data, written, column)]
    if write_owned(Package(written), [column], PAGE) != written:
        harm.append("a second run writes again")
    if _others(tabs, column) != _others(read_tabs(written, Limits()), column):
        harm.append("other cells read differently")
    return "; ".join(harm)


def _part_harm(before: bytes, after: bytes, column: OwnedColumn) -> Iterator[str]:
    """Parts that changed and are not the job's; where zipfile cannot unpack, by their records."""
    try:
        with zipfile.ZipFile(io.BytesIO(before)) as archive:
            is_whole = archive.testzip() is None
    except (zipfile.BadZipFile, zlib.error, NotImplementedError, EOFError):
        is_whole = False
    if is_whole:
        yield from part_harm(before, after, column)
        return
    now = _records(after)
    for name, record in _records(before).items():
        if now.get(name) != record and not name.casefold().endswith(_OWN_PARTS):
            yield f"{name}: is not ours"


def _records(data: bytes) -> dict[str, bytes]:
    """The zip file's records as they are stored, by name; none where zipfile cannot open it."""
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as archive:
            records = archive.infolist()
    except NotImplementedError:
        return {}
    return {
        one.filename: data[one.header_offset + 30 :][: len(one.filename) + one.compress_size]
        for one in records
    }


def _others(tabs: Iterable[RawTab], column: OwnedColumn) -> dict[tuple[str, int, int], str]:
    """The cells that are not the job's, as text."""
    return {
        (tab.name, row, number): repr(cell)
        for tab in tabs
        if name_key(tab.name) != name_key(WARNINGS_TAB)
        for row, cells in tab.rows
        for number, cell in enumerate(cells, 1)
        if cell not in {None, ""}
        and not (tab.name == column.tab and number == column.column and row >= column.header_row)
    }
