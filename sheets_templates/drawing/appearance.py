"""What each kind of cell looks like, in words that every kind of spreadsheet understands."""

from __future__ import annotations

from dataclasses import dataclass
from enum import Enum, auto
from typing import Literal

from sheets_templates.drawing.palette import (
    AMOUNT_FORMAT,
    DATE_FORMAT,
    FONT_SIZE,
    NUMBER_FORMAT,
    PERCENT_FORMAT,
    TEXT_FORMAT,
    TOTAL_FORMAT,
    Colour,
)


class Lines(Enum):
    """The lines around a cell."""

    NONE = auto()
    GRID = auto()
    HEADING = auto()
    SUM = auto()


class Style(Enum):
    """The kinds of cells of a workbook that is made."""

    PLAIN = auto()
    TITLE = auto()
    SUBTITLE = auto()
    NOTE = auto()
    NOTE_BESIDE = auto()
    HEADER_REQUIRED = auto()
    HEADER_REQUIRED_RIGHT = auto()
    HEADER_OPTIONAL = auto()
    HEADER_OPTIONAL_RIGHT = auto()
    LABEL_REQUIRED = auto()
    LABEL_OPTIONAL = auto()
    TEXT = auto()
    DATE = auto()
    AMOUNT = auto()
    NUMBER = auto()
    LINK = auto()
    TOTAL = auto()
    TOTAL_AMOUNT = auto()
    FACT_LABEL = auto()
    FACT = auto()
    FACT_AMOUNT = auto()
    FACT_SHARE = auto()
    SECTION = auto()
    PROSE = auto()
    PROSE_BOLD = auto()
    HIDDEN = auto()
    HIDDEN_HEADER = auto()


@dataclass(frozen=True, slots=True)
class Appearance:
    """A cell's looks: `size` in points, `indent` in steps, no `background` where the page shows."""

    ink: Colour | None = None
    background: Colour | None = None
    bold: bool = False
    italic: bool = False
    underline: bool = False
    size: int = FONT_SIZE
    horizontal: Literal["left", "right"] | None = None
    is_centred: bool = False
    indent: int = 0
    wraps: bool = False
    lines: Lines = Lines.NONE
    number_format: str = NUMBER_FORMAT


def _header(*, dark: bool, right: bool) -> Appearance:
    return Appearance(
        ink=Colour.WHITE if dark else Colour.INK,
        background=Colour.INK if dark else Colour.PALE,
        bold=True,
        horizontal="right" if right else "left",
        is_centred=True,
        indent=1,
        wraps=True,
        lines=Lines.HEADING,
    )


def _cell(number_format: str, *, right: bool = False, wraps: bool = False) -> Appearance:
    return Appearance(
        horizontal="right" if right else "left",
        indent=1,
        wraps=wraps,
        lines=Lines.GRID,
        number_format=number_format,
    )


def _label(*, bold: bool) -> Appearance:
    return Appearance(
        Colour.INK, Colour.PAPER, bold, horizontal="left", indent=1, wraps=True,
        lines=Lines.GRID, number_format=TEXT_FORMAT,
    )  # fmt: skip


def _sum(number_format: str, *, right: bool = False) -> Appearance:
    return Appearance(
        background=Colour.PALE, bold=True, horizontal="right" if right else "left", indent=1,
        wraps=not right, lines=Lines.SUM, number_format=number_format,
    )  # fmt: skip


def _fact(number_format: str, *, right: bool = False) -> Appearance:
    return Appearance(
        ink=Colour.INK, background=Colour.PAPER, bold=True, is_centred=True, indent=1,
        horizontal="right" if right else "left", wraps=not right, lines=Lines.GRID,
        number_format=number_format,
    )  # fmt: skip


APPEARANCES: dict[Style, Appearance] = {
    Style.PLAIN: Appearance(),
    Style.TITLE: Appearance(Colour.INK, bold=True, size=16, is_centred=True),
    Style.SUBTITLE: Appearance(Colour.INK, bold=True, size=12, is_centred=True),
    Style.NOTE: Appearance(Colour.GREY, italic=True, horizontal="left", is_centred=True),
    Style.NOTE_BESIDE: Appearance(
        Colour.GREY, italic=True, horizontal="left", is_centred=True, indent=1
    ),
    Style.HEADER_REQUIRED: _header(dark=True, right=False),
    Style.HEADER_REQUIRED_RIGHT: _header(dark=True, right=True),
    Style.HEADER_OPTIONAL: _header(dark=False, right=False),
    Style.HEADER_OPTIONAL_RIGHT: _header(dark=False, right=True),
    Style.LABEL_REQUIRED: _label(bold=True),
    Style.LABEL_OPTIONAL: _label(bold=False),
    Style.TEXT: _cell(TEXT_FORMAT, wraps=True),
    Style.DATE: _cell(DATE_FORMAT),
    Style.AMOUNT: _cell(AMOUNT_FORMAT, right=True),
    Style.NUMBER: _cell(NUMBER_FORMAT, right=True),
    Style.LINK: Appearance(
        Colour.LINK, underline=True, horizontal="left", indent=1, wraps=True, lines=Lines.GRID,
        number_format=TEXT_FORMAT,
    ),
    Style.TOTAL: _sum(TEXT_FORMAT),
    Style.TOTAL_AMOUNT: _sum(TOTAL_FORMAT, right=True),
    Style.FACT_LABEL: Appearance(
        Colour.INK, Colour.PAPER, horizontal="left", is_centred=True, indent=1, wraps=True,
        lines=Lines.GRID,
    ),
    Style.FACT: _fact(NUMBER_FORMAT),
    Style.FACT_AMOUNT: _fact(TOTAL_FORMAT, right=True),
    Style.FACT_SHARE: _fact(PERCENT_FORMAT, right=True),
    Style.SECTION: Appearance(Colour.INK, Colour.PALE, bold=True, size=12, is_centred=True,
                              indent=1, horizontal="left", number_format=TEXT_FORMAT),
    Style.PROSE: _cell(TEXT_FORMAT, wraps=True),
    Style.PROSE_BOLD: Appearance(
        Colour.INK, bold=True, horizontal="left", indent=1, wraps=True, lines=Lines.GRID,
        number_format=TEXT_FORMAT,
    ),
    Style.HIDDEN: Appearance(wraps=True, number_format=NUMBER_FORMAT),
    Style.HIDDEN_HEADER: Appearance(Colour.INK, Colour.PALE, bold=True),
}  # fmt: skip
"""Every kind of cell, written out."""
