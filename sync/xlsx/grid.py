"""A row and a cell of a sheet, as far as they matter for writing beside them."""

from __future__ import annotations

from dataclasses import dataclass

from sync.xlsx.strings import SharedStrings
from sync.xlsx.text import decode

_ERROR_AND_PLAIN_KINDS = ("e", "n", "d")


@dataclass(slots=True)
class Cell:
    """A cell that was asked for; `start` and `stop` are the offsets of its two tags.

    `raw` is what stands in `v` or in the inline string, None if neither does.
    """

    row: int
    column: int
    start: int
    style: str | None
    kind: str
    stop: int = 0
    raw: str | None = None
    has_formula: bool = False

    @property
    def is_text(self) -> bool:
        """Whether the cell holds text that someone typed or a program wrote."""
        return self.kind in ("s", "inlineStr", "str") and not self.has_formula

    def text(self, strings: SharedStrings) -> str:
        """Return what the cell shows, as far as its bytes tell; a number as it is stored."""
        if self.raw is None:
            return ""
        if self.kind == "s":
            return strings.at(self.raw) or ""
        if self.kind == "b":
            return "TRUE" if self.raw.strip() in ("1", "true") else "FALSE"
        return self.raw if self.kind in _ERROR_AND_PLAIN_KINDS else decode(self.raw)


@dataclass(slots=True)
class Row:
    """A row; `gap` is where a cell of the asked column goes, `stop` where the end tag starts."""

    number: int
    start: int
    style: str | None
    spans: str
    gap: int = 0
    stop: int = 0
