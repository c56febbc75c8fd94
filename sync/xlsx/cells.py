"""The bytes of cells and rows that are written, and of the sheet's frame around them.

Excel fits a row without a height when it opens the file; a row that has one, and every row in
LibreOffice, keeps it, and the text below its edge is hidden. So a row's automatic height is raised
where a text that we write needs it. A height that a person has set is left alone, and no row is
ever made lower: other cells may need what it has.
"""

from __future__ import annotations

import re
from dataclasses import dataclass

from rules.text.cell_names import CellRange, cell_name, enclosing, parse_area
from rules.text.letter_widths import CALIBRI, POINTS_IN_A_WIDTH, lines_in
from sync.xlsx.markup import Edit, attribute_edit, is_closed, prefix_at, tag_end
from sync.xlsx.sheet_scan import Row, SheetXml
from sync.xlsx.text import encode, encode_attribute

LINE_POINTS = 13.5
_HIGHEST_POINTS = 409.0
STANDARD_WIDTH = 8.43
_HEIGHT = re.compile(rb"""\sht\s*=\s*["']([\d.]+)["']""")
_NUMBER = re.compile(rb"""\sr\s*=\s*["']\d+["']""")
_SET_BY_PERSON = re.compile(rb"""\scustomHeight\s*=\s*["'](?:1|true)["']""")


@dataclass(frozen=True, slots=True)
class TextRun:
    """How a text looks where the cell's own style must stay: bold, or underlined as a link."""

    bold: bool = False
    link: bool = False
    font: str | None = None
    points: str | None = None

    def xml(self, prefix: bytes) -> bytes:
        """Return the run's properties, nothing if it has none."""
        if not (self.bold or self.link):
            return b""
        parts = [b"<%sb/>" % prefix] if self.bold else []
        if self.points:
            parts.append(b'<%ssz val="%s"/>' % (prefix, encode_attribute(self.points)))
        if self.link:
            parts.append(b'<%scolor rgb="FF0563C1"/>' % prefix)
        if self.font:
            parts.append(b'<%srFont val="%s"/>' % (prefix, encode_attribute(self.font)))
        if self.link:
            parts.append(b"<%su/>" % prefix)
        return b"<%srPr>%s</%srPr>" % (prefix, b"".join(parts), prefix)


PLAIN = TextRun()


def text_cell(
    prefix: bytes, place: tuple[int, int], style: str | None, text: str, run: TextRun = PLAIN
) -> bytes:
    """Return an inline-string cell; `text` is shown text, an empty one leaves only the style."""
    empty = empty_cell(prefix, place, style)
    if not text:
        return empty
    content = b'<%st xml:space="preserve">%s</%st>' % (prefix, encode(text), prefix)
    properties = run.xml(prefix)
    if properties:
        content = b"<%sr>%s%s</%sr>" % (prefix, properties, content, prefix)
    inline = b"<%sis>%s</%sis></%sc>" % (prefix, content, prefix, prefix)
    return empty.removesuffix(b"/>") + b' t="inlineStr">' + inline


def empty_cell(prefix: bytes, place: tuple[int, int], style: str | None) -> bytes:
    """Return a cell that holds nothing but its style."""
    return b'<%sc r="%s"%s/>' % (prefix, cell_name(*place).encode(), style_attribute(style))


def style_attribute(style: str | None, name: bytes = b"s") -> bytes:
    """Return the attribute that names a style, nothing for the default one."""
    if style is None or not (style.isascii() and style.isdecimal()):
        return b""
    return b' %s="%s"' % (name, style.encode())


def element_stop(data: bytes, start: int, end_tag_at: int) -> int:
    """Return the byte after an element, given where its tag and its end tag start."""
    stop = tag_end(data, start)
    return stop if is_closed(data, stop) else tag_end(data, end_tag_at)


def child_stop(data: bytes, start: int) -> int:
    """Return the byte after an element that holds no others, given where its tag starts."""
    stop = tag_end(data, start)
    return stop if is_closed(data, stop) else tag_end(data, data.index(b"</", stop))


def dimension_edits(sheet: SheetXml, written: CellRange | None) -> list[Edit]:
    """Widen the sheet's dimension to what it holds: readers believe it and stop there."""
    child = sheet.child("dimension")
    if child is None:
        return []
    ref = child.attributes.get("ref", "")
    areas = [area for area in (parse_area(ref), sheet.used, written) if area]
    if not areas or (whole := enclosing(areas).name) == ref:
        return []
    return attribute_edit(sheet.data, child.start, b"ref", whole.encode())


def points_needed(text: str, width: float) -> float:
    """The height in points that the text needs in a column of this width, in characters."""
    lines = lines_in(text, max(1.0, width) * POINTS_IN_A_WIDTH, CALIBRI)
    return min(_HIGHEST_POINTS, lines * LINE_POINTS + 1.5)


def is_one_line(points: float) -> bool:
    """Whether a row of the usual height is enough."""
    return points < 2 * LINE_POINTS


def with_spare_line(points: float) -> float:
    """The height with room for one more line: another program may break the text earlier."""
    return points if is_one_line(points) else min(_HIGHEST_POINTS, points + LINE_POINTS)


def height_edits(sheet: SheetXml, row: Row, points: float, before: float = 0.0) -> list[Edit]:
    """Raise the row's automatic height to what is needed; nothing where it is high enough.

    Another program may have made a set height of the job's own. It is about what the text that
    stands there needed: `before`, in points.
    """
    tag = sheet.data[row.start : tag_end(sheet.data, row.start)]
    stands = _HEIGHT.search(tag)
    is_ours = stands and not is_one_line(before) and abs(float(stands[1]) - before) <= LINE_POINTS
    if is_one_line(points) or (_SET_BY_PERSON.search(tag) and not is_ours):
        return []
    value = b"%.7g" % points
    if stands is None:
        number = _NUMBER.search(tag)
        name_stop = len(b"<row") + len(prefix_at(sheet.data, row.start))
        at = row.start + (number.end() if number else name_stop)
        return [(at, at, b' ht="%s"' % value)]
    if float(stands[1]) >= points:
        return []
    return attribute_edit(sheet.data, row.start, b"ht", value)


def new_height(points: float) -> bytes:
    """The attribute of a new row; nothing where one line is enough."""
    return b"" if is_one_line(points) else b' ht="%.7g"' % points
