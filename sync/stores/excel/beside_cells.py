"""What a workbook shows besides its cells' values: numbers in their formats, and other texts.

Only what may hold a CPR number is given: the rules look for them there too.
"""

from __future__ import annotations

import html
import re
import sys
from collections.abc import Iterator, Mapping, Sequence
from functools import lru_cache

from rules.text.number_formats import built_in_format, shown_number
from rules.text.personal_numbers import CprMatch, cpr_match, texts_in_formula
from sync.xlsx.errors import PackageError
from sync.xlsx.markup import cells_in, whole_number
from sync.xlsx.parts import WorkbookParts, read_tree, relations, relations_part
from sync.xlsx.zip_package import Package

_LARGE_NUMBER = re.compile(
    rb'<c r="([A-Z]{1,3}[0-9]{1,7})"([^<>]*)>(?:<f[^<>]*/>|<f[^<>]*>[^<]*</f>)?'
    rb"<v>([0-9]{9,10}(?:\.0*)?|[0-9](?:\.[0-9]+)?E\+?0?[89])</v>"
)
_LARGE_VALUE = re.compile(rb"<v>(?:[0-9]{9}|[0-9][0-9.]*E)")
_STYLE = re.compile(rb'\ss="([0-9]{1,6})"')
_ELSEWHERE = re.compile(
    r"(?:^|/)(?:sharedstrings|theme\d*|calcchain|\[content_types\])\.xml$"
    r"|(?:^|/)(?:tables|threadedcomments)/[^/]*\.xml$|(?:^|/)customxml/|^_rels/"
)
"""Parts that hold cells and comments, which are looked through as such, or nobody's text."""
_DRAWN = re.compile(r"(?:^|/)(?:drawings|charts|diagrams)/[^/]*\.xml$")
_NOTES = re.compile(r"(?:^|/)comments(?:\d*|/[^/]*)\.xml$")
_AUTHOR = re.compile(rb"<(?:\w+:)?author>([^<]*)<")
_TEN_DIGITS = re.compile(rb"[0-9][0-9]{9}")
_BETWEEN_DIGITS = b" \t\r\n-./_" + bytes(range(0x80, 0x100))
"""The bytes of all signs that may stand within a number."""
_LETTER_AS_NUMBER = re.compile(rb"&#(?:10|13|1[0-9]{2}|2[0-5][0-9]);")
"""As some programs write æ, ø, å and line breaks: none is a digit."""
_DRAWN_TEXT = re.compile(r"<(?:\w+:)?t(?:\s[^<>]*)?>([^<]+)</|</\w+:p>")
_ATTRIBUTE = re.compile(
    r"""\s(?:prompt|promptTitle|error|errorTitle|display|tooltip|location|Target|descr|title|comment"""
    r"""|name|displayName|formatCode|v)=(?:"([^"<]*)"|'([^'<]*)')"""
)
_FORMULA_WITH_TEXT = re.compile(rb"""f(?<=[<:]f)(?:\s[^<>]*)?>([^<]*(?:"|&quot;|&#)[^<]*)</""")
_NUMBER_ALONE = re.compile(r"^[0-9.]+$", re.MULTILINE)
_TAG = re.compile(r"<[^<>]*>")
_LARGEST_REMEMBERED = 50_000


def numbers_as_shown(
    package: Package, book: WorkbookParts, sheet: bytes, cells: slice
) -> dict[str, str]:
    """The numbers of nine or ten digits whose format shows more than the digits, by cell.

    `cells` is where in the sheet's XML its filled cells stand.
    """
    if not _LARGE_VALUE.search(sheet, cells.start, cells.stop):
        return {}
    found = _LARGE_NUMBER.findall(sheet, cells.start, cells.stop)
    if not found:
        return {}
    codes = package.once(numbers_as_shown, lambda: _codes(package, book))
    shown = {}
    for cell, attributes, number in found:
        style = _STYLE.search(attributes)
        at = int(style[1]) if style else 0
        code = codes[at] if at < len(codes) else ""
        shown[cell.decode()] = shown_number(float(number), code)
    return {cell: text for cell, text in shown.items() if text}


def _codes(package: Package, book: WorkbookParts) -> Sequence[str]:
    """The code of each style's number format."""
    part = book.related("styles")
    if part not in package:
        return ()
    root = read_tree(package, part)
    own = {
        whole_number(one.get("numFmtId")): one.get("formatCode", "")
        for one in root.iterfind("{*}numFmts/{*}numFmt")
    }
    numbers = [whole_number(one.get("numFmtId")) for one in root.iterfind("{*}cellXfs/{*}xf")]
    return [own.get(number) or built_in_format(number) for number in numbers]


def texts_beside(
    package: Package, book: WorkbookParts
) -> tuple[Mapping[str, list[str]], list[str]]:
    """By the part of a sheet what stands beside its cells, and what belongs to no sheet."""
    seen: set[str] = set()
    by_sheet: dict[str, list[str]] = {}
    for sheet in book.sheets:
        parts = [part for part in _reached(package, sheet.part) if part not in seen]
        seen.update(parts)
        by_sheet[sheet.part] = [text for part in parts for text in _texts_of(package, part)]
    others = [name for name in package.names if name not in seen]
    return by_sheet, [text for part in others for text in _texts_of(package, part)]


def _reached(package: Package, start: str) -> list[str]:
    """A part and all that it leads to, with what tells where it leads."""
    parts, waiting = [], [start]
    while waiting:
        part = package.member(waiting.pop())
        if part is not None and part not in parts:
            parts.append(part)
            if (links := package.member(relations_part(part))) is not None:
                parts.append(links)
                waiting += [relation.part for relation in relations(package, part)]
    return parts


def _texts_of(package: Package, part: str) -> Iterator[str]:
    """The texts of a part that hold a number, those of a sheet without its cells'."""
    kind = _kind_of(part)
    if not kind:
        return
    try:
        data = package.read(part)
    except PackageError:
        return  # nothing that is read besides it; who needs the part says what is wrong
    if kind == "sheet":
        cells = cells_in(data)
        yield from _texts_in_formulas(data, cells.start, cells.stop)
        if cells.start:
            data = data[: cells.start] + b">" + data[cells.stop :]
    look = _texts_in if len(data) <= _LARGEST_REMEMBERED else _texts_in.__wrapped__
    yield from look(kind, data)


@lru_cache(maxsize=256)
def _texts_in(kind: str, data: bytes) -> tuple[str, ...]:
    """The texts of XML that hold a number; workbooks made from one template have the same XML."""
    if kind == "notes":
        data = b"\n".join(_AUTHOR.findall(data))
    is_drawn = kind == "drawn"
    found = [*_texts_in_formulas(data)] if kind == "sheet" else []
    if not is_drawn and not _may_hold_one(data):
        return tuple(found)
    xml = data.decode("utf-8", "replace")
    attributes = (html.unescape(one or other) for one, other in _ATTRIBUTE.findall(xml))
    found += [text for text in attributes if cpr_match(text) is CprMatch.WRITTEN_AS_CPR]
    if is_drawn:
        content = "".join(text or "\n" for text in _DRAWN_TEXT.findall(xml))
    else:
        content = _NUMBER_ALONE.sub("", _TAG.sub("\n", xml))
    if cpr_match(content := html.unescape(content)):
        found.append(content)
    return tuple(found)


def _may_hold_one(xml: bytes) -> bool:
    """A quick look at a piece of XML: nearly none holds a number."""
    rest = _LETTER_AS_NUMBER.sub(b" ", xml) if b"&#" in xml else xml
    is_plain = b"&#" not in rest and b"\xef\xbc" not in rest
    if is_plain and not _TEN_DIGITS.search(rest.translate(None, _BETWEEN_DIGITS)):
        return False
    return cpr_match(html.unescape(xml.decode("utf-8", "replace"))) is not None


def _texts_in_formulas(sheet: bytes, start: int = 0, stop: int = sys.maxsize) -> Iterator[str]:
    formulas = _FORMULA_WITH_TEXT.findall(sheet, start, stop)
    if not formulas or not _may_hold_one(b"<".join(formulas)):
        return
    for formula in filter(_may_hold_one, formulas):
        for text in texts_in_formula(html.unescape(formula.decode("utf-8", "replace"))):
            if cpr_match(text) is CprMatch.WRITTEN_AS_CPR:
                yield text


@lru_cache(maxsize=1_024)
def _kind_of(part: str) -> str:
    """What a part holds, by its name; empty for what is looked through as cells, or is no text."""
    name = part.lower()
    if not name.endswith((".xml", ".rels", ".vml")):
        return ""
    if "/worksheets/" in name and name.endswith(".xml"):
        return "sheet"
    if _NOTES.search(name):
        return "notes"
    if _ELSEWHERE.search(name):
        return ""
    return "drawn" if _DRAWN.search(name) else "other"
