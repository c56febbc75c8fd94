"""The cell styles of a workbook: read, and one added that wraps lines where none does."""

from __future__ import annotations

import enum
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from xml.etree.ElementTree import Element

from sync.xlsx.markup import attribute_edit, inside, outline, prefix_at, splice, whole_number
from sync.xlsx.parts import WorkbookParts, read_tree
from sync.xlsx.zip_package import Package

_DATES = frozenset({14, 15, 16, 17, 22, *range(27, 37), *range(50, 59)})
_TIMES = frozenset({18, 19, 20, 21, 45, 46, 47})
_GENERAL, _TEXT = 0, 49
_NOT_CODE = re.compile(r'"[^"]*"|\\.|\[[^\]]*\]|_.|\*.')
_TRUE = ("1", "true")
_MOST_STYLES = 64_000
"""As many as Excel keeps."""


class Shows(enum.Enum):
    """How a cell with a style shows a number."""

    NUMBER = enum.auto()
    DATE = enum.auto()
    TIME = enum.auto()
    TEXT = enum.auto()


@dataclass(frozen=True, slots=True)
class Styles:
    """The cell styles by their numbers, and the default font's name and size in points.

    `wrap` is a plain style that wraps lines, `wrapping` are all that do.
    """

    shows: Sequence[Shows] = ()
    wrap: str | None = None
    wrapping: frozenset[str] = frozenset()
    font: str | None = None
    points: str | None = None

    def shows_number_as(self, style: str | None) -> Shows:
        """How this style shows a number; a cell without one has the first."""
        number = whole_number(style)
        return self.shows[number] if number < len(self.shows) else Shows.NUMBER


def read_styles(package: Package, book: WorkbookParts) -> Styles:
    """Read the styles part; a workbook without one has none."""
    part = book.related("styles")
    if part not in package:
        return Styles()
    root = read_tree(package, part)
    codes = {
        whole_number(one.get("numFmtId")): one.get("formatCode", "")
        for one in root.iterfind("{*}numFmts/{*}numFmt")
    }
    shows: list[Shows] = []
    wrapping, plain, plain_and_top = [], [], []
    for number, style in enumerate(root.iterfind("{*}cellXfs/{*}xf")):
        shows.append(_shows(whole_number(style.get("numFmtId")), codes))
        alignment = style.find("{*}alignment")
        if alignment is not None and alignment.get("wrapText") in _TRUE:
            wrapping.append(str(number))
            if _is_plain(style, alignment):
                plain.append(str(number))
                if alignment.get("vertical") == "top":
                    plain_and_top.append(str(number))
    font = root.find("{*}fonts/{*}font")
    name, size = (font.find("{*}name"), font.find("{*}sz")) if font is not None else (None, None)
    return Styles(
        shows,
        wrap=next(iter((*plain_and_top, *plain)), None),
        wrapping=frozenset(wrapping),
        font=None if name is None else name.get("val"),
        points=None if size is None else size.get("val"),
    )


def with_wrap(
    package: Package, book: WorkbookParts, styles: Styles
) -> tuple[Styles, dict[str, bytes]]:
    """The styles with a plain one that wraps lines behind them, and the part that changes.

    Nothing changes where there is one, or no list of styles that it can be put behind.
    """
    part = package.member(book.related("styles"))
    number = len(styles.shows)
    if part is None or styles.wrap is not None or not 0 < number < _MOST_STYLES:
        return styles, {}
    data = package.read(part)
    lists = [one for one in outline(data, part, 1) if one.name == "cellXfs"]
    if len(lists) != 1 or b"\0" in data:
        return styles, {}
    (place,) = lists
    prefix = prefix_at(data, place.start)
    of = b' xfId="0"' if b"cellStyleXfs" in data else b""
    new = (
        b'<%sxf numFmtId="0" fontId="0" fillId="0" borderId="0"%s applyAlignment="1">'
        b'<%salignment vertical="top" wrapText="1"/></%sxf>' % (prefix, of, prefix, prefix)
    )
    edits = [
        inside(data, place.start, place.stop, prefix + b"cellXfs", new),
        *attribute_edit(data, place.start, b"count", b"%d" % (number + 1)),
    ]
    with_it = replace(
        styles,
        shows=[*styles.shows, Shows.NUMBER],
        wrap=str(number),
        wrapping=styles.wrapping | {str(number)},
    )
    return with_it, {part: splice(data, edits)}


def _is_plain(style: Element, alignment: Element) -> bool:
    """Whether a style has the default font and no colour, border, number format or indent."""
    return (
        all(style.get(key, "0") == "0" for key in ("fontId", "fillId", "borderId"))
        and whole_number(style.get("numFmtId")) in (_GENERAL, _TEXT)
        and alignment.get("horizontal", "general") in ("general", "left")
        and alignment.get("textRotation", "0") == "0"
        and alignment.get("indent", "0") == "0"
    )


def _shows(number: int, codes: Mapping[int, str]) -> Shows:
    if number not in codes:
        if number in _DATES:
            return Shows.DATE
        if number in _TIMES:
            return Shows.TIME
        return Shows.TEXT if number == _TEXT else Shows.NUMBER
    code = _NOT_CODE.sub("", codes[number].partition(";")[0]).lower()
    if "general" in code or "standard" in code:
        return Shows.NUMBER
    if "d" in code or "y" in code or "å" in code:
        return Shows.DATE
    if "h" in code or "s" in code:
        return Shows.TIME
    return Shows.TEXT if "@" in code else Shows.NUMBER
