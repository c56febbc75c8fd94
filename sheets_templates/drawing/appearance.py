"""What each kind of cell looks like, in words that every kind of spreadsheet understands."""

from __future__ import annotations

from dataclasses import dataclass, replace
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


@dataclass(frozen=True, slots=True)
class Appearance:
    """A cell's look: `size` in points, `indent` in steps, no `background` where the page shows."""

    ink: Colour | None = None
    background: Colour | None = None
    bold: bool = False
    italic: bool = False
    underline: bool = False
    size: int = FONT_SIZE
    horizontal: Literal["left", "right", "center"] | None = None
    is_centred: bool = False
    indent: int = 0
    wraps: bool = False
    lines: Lines = Lines.NONE
    number_format: str = NUMBER_FORMAT


_TEXT = Appearance(
    horizontal="left", indent=1, wraps=True, lines=Lines.GRID, number_format=TEXT_FORMAT
)
_HEADER = Appearance(
    Colour.WHITE, Colour.INK, bold=True, horizontal="left", is_centred=True, indent=1, wraps=True,
    lines=Lines.HEADING,
)  # fmt: skip
_LIGHT_HEADER = replace(_HEADER, ink=Colour.INK, background=Colour.PALE)
_NOTE = Appearance(Colour.GREY, italic=True, horizontal="left", is_centred=True)
_AMOUNT = Appearance(horizontal="right", indent=1, lines=Lines.GRID, number_format=AMOUNT_FORMAT)
_TOTAL = replace(_TEXT, background=Colour.PALE, bold=True, lines=Lines.SUM)
_FACT = Appearance(
    Colour.INK, Colour.PAPER, bold=True, horizontal="left", is_centred=True, indent=1, wraps=True,
    lines=Lines.GRID,
)  # fmt: skip
_FACT_AMOUNT = replace(_FACT, horizontal="right", wraps=False, number_format=TOTAL_FORMAT)


class Style(Enum):
    """The kinds of cells of a workbook that is made; the value is how the kind looks."""

    PLAIN = Appearance()
    TITLE = Appearance(Colour.INK, bold=True, size=16, is_centred=True)
    SUBTITLE = replace(TITLE, size=12)
    NOTE = _NOTE
    NOTE_BESIDE = replace(_NOTE, indent=1)
    HEADER_REQUIRED = _HEADER
    HEADER_REQUIRED_RIGHT = replace(_HEADER, horizontal="right")
    HEADER_OPTIONAL = _LIGHT_HEADER
    HEADER_OPTIONAL_RIGHT = replace(_LIGHT_HEADER, horizontal="right")
    LABEL_REQUIRED = replace(_TEXT, ink=Colour.INK, background=Colour.PAPER, bold=True)
    LABEL_OPTIONAL = replace(LABEL_REQUIRED, bold=False)
    TEXT = _TEXT
    DATE = replace(_TEXT, wraps=False, number_format=DATE_FORMAT)
    AMOUNT = _AMOUNT
    NUMBER = replace(_AMOUNT, number_format=NUMBER_FORMAT)
    LINK = replace(_TEXT, ink=Colour.LINK, underline=True)
    TOTAL = _TOTAL
    TOTAL_AMOUNT = replace(_TOTAL, horizontal="right", wraps=False, number_format=TOTAL_FORMAT)
    FACT_LABEL = replace(_FACT, bold=False)
    FACT = _FACT
    FACT_AMOUNT = _FACT_AMOUNT
    FACT_SHARE = replace(_FACT_AMOUNT, number_format=PERCENT_FORMAT)
    SECTION = Appearance(
        Colour.INK, Colour.PALE, bold=True, size=12, horizontal="left", is_centred=True, indent=1,
        number_format=TEXT_FORMAT,
    )  # fmt: skip
    BOLD_TEXT = replace(_TEXT, ink=Colour.INK, bold=True)
    HIDDEN = Appearance(wraps=True)
    HIDDEN_HEADER = Appearance(Colour.INK, Colour.PALE, bold=True)
