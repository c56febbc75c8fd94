"""What the workbook's styles already offer to a new page; styles.xml itself is never touched."""

from __future__ import annotations

from dataclasses import dataclass

from sync.xlsx.markup import local, parse
from sync.xlsx.sheets import WorkbookParts
from sync.xlsx.zip_package import Package

_GENERAL_AND_TEXT = ("0", "49")
_LEFT_ALIGNED = ("general", "left")
_TRUE = ("1", "true")


@dataclass(slots=True)
class TextStyles:
    """A plain style that wraps lines, and the default font's name and size in points.

    `wrapping` are all styles that wrap lines.
    """

    wrap: str | None = None
    font: str | None = None
    points: str | None = None
    wrapping: frozenset[str] = frozenset()


def read_text_styles(package: Package, book: WorkbookParts) -> TextStyles:
    """Read them from the styles part; a workbook without one has none.

    Raises:
        PackageError: the styles part is damaged.
    """
    part = next((r.part for r in book.relations if r.kind == "styles"), None)
    if part is None or part not in package:
        return TextStyles()
    reader = _Reader()
    parse(package.read(part), part, reader.start, reader.end)
    wrapping = frozenset(reader.wrapping)
    return TextStyles(reader.top_wrap or reader.wrap, reader.font, reader.points, wrapping)


class _Reader:
    """Looks at the first font and at the cell formats."""

    def __init__(self) -> None:
        self.wrap: str | None = None
        self.top_wrap: str | None = None
        self.wrapping: list[str] = []
        self.font: str | None = None
        self.points: str | None = None
        self._depth = 0
        self._section = ""
        self._fonts = 0
        self._formats = -1
        self._is_plain = False

    def start(self, name: str, attributes: dict[str, str]) -> None:
        depth = self._depth
        self._depth = depth + 1
        if depth == 1:
            self._section = local(name)
        elif self._section == "cellXfs":
            self._format(depth, name, attributes)
        elif self._section == "fonts" and self._fonts < 2:
            self._font(depth, name, attributes)

    def end(self, _: str) -> None:
        self._depth -= 1

    def _font(self, depth: int, name: str, attributes: dict[str, str]) -> None:
        tag = local(name)
        if depth == 2 and tag == "font":
            self._fonts += 1
        elif depth == 3 and self._fonts == 1 and tag == "name":
            self.font = attributes.get("val")
        elif depth == 3 and self._fonts == 1 and tag == "sz":
            self.points = attributes.get("val")

    def _format(self, depth: int, name: str, attributes: dict[str, str]) -> None:
        tag = local(name)
        if depth == 2 and tag == "xf":
            self._formats += 1
            self._is_plain = _is_plain(attributes)
        elif depth == 3 and tag == "alignment" and attributes.get("wrapText") in _TRUE:
            self.wrapping.append(str(self._formats))
            if self._is_plain and _is_plain_alignment(attributes):
                self.wrap = self.wrap or str(self._formats)
                if attributes.get("vertical") == "top":
                    self.top_wrap = self.top_wrap or str(self._formats)


def _is_plain(attributes: dict[str, str]) -> bool:
    default = all(attributes.get(key, "0") == "0" for key in ("fontId", "fillId", "borderId"))
    return default and attributes.get("numFmtId", "0") in _GENERAL_AND_TEXT


def _is_plain_alignment(attributes: dict[str, str]) -> bool:
    return (
        attributes.get("horizontal", "general") in _LEFT_ALIGNED
        and attributes.get("textRotation", "0") == "0"
        and attributes.get("indent", "0") == "0"
    )
