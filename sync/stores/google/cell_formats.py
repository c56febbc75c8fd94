"""Cells as requests to Google hold them: their values and their formats. Pure."""

from __future__ import annotations

import re
from datetime import date, datetime
from decimal import Decimal
from typing import Any

from sheets_templates.drawing.appearance import (
    FONT_NAME,
    Appearance,
    Colour,
    Lines,
    MarkStyle,
    Style,
)
from sheets_templates.drawing.design import Entry, Formula
from sync.stores.google.snapshot import serial_of

Json = dict[str, Any]
LONGEST = 50_000
"""As many characters as a cell takes."""
_OUTSIDE_TEXTS = re.compile(r'("(?:[^"]|"")*")')
_DECIMAL_POINT = re.compile(r"(?<=\d)\.(?=\d)")
_PIXELS_A_CHARACTER, _PADDING = 7.0, 5
_WITH_COMMAS = ("en", "ja", "ko", "zh", "th", "iw")
"""Languages whose numbers have a point, and whose formulas have commas between arguments."""
_LINE_COLOURS = {Lines.GRID: Colour.LINE, Lines.HEADING: Colour.INK, Lines.SUM: Colour.INK}


def colour(code: str) -> Json:
    """A colour like `1F3864`."""
    parts = (int(code[at : at + 2], 16) / 255 for at in (0, 2, 4))
    return {"rgbColor": dict(zip(("red", "green", "blue"), parts, strict=True))}


def pixels(characters: float) -> int:
    """How wide a column of so many characters is."""
    return round(characters * _PIXELS_A_CHARACTER) + _PADDING


def has_decimal_comma(locale: str) -> bool:
    """Whether numbers are written with a comma there, and arguments of formulas with `;`."""
    return not locale.startswith(_WITH_COMMAS)


def localized(formula: str) -> str:
    """A formula as it is written in a Danish spreadsheet: `;` between arguments, decimal commas."""
    parts = _OUTSIDE_TEXTS.split(formula)
    return "".join(
        part if number % 2 else _DECIMAL_POINT.sub(",", part.replace(",", ";"))
        for number, part in enumerate(parts)
    )


def value(entry: Entry) -> Json:
    """What is entered into a cell; a plain text stays one, whatever it begins with."""
    match entry:
        case None | "":
            return {}
        case Formula():
            return {"formulaValue": localized(entry.text)}
        case bool():
            return {"boolValue": entry}
        case int() | float() | Decimal():
            return {"numberValue": float(entry)}
        case datetime():
            return {"numberValue": serial_of(entry.date())}
        case date():
            return {"numberValue": serial_of(entry)}
        case str():
            return {"stringValue": entry[:LONGEST]}


def number_format(pattern: str) -> Json:
    """The kind of a number format, by its pattern."""
    if pattern == "@":
        return {"type": "TEXT"}
    if "yy" in pattern:
        return {"type": "DATE", "pattern": pattern}
    return {"type": "PERCENT" if "%" in pattern else "NUMBER", "pattern": pattern}


def format_of(style: Appearance) -> Json:
    """The format of a cell."""
    text: Json = {
        "fontFamily": FONT_NAME,
        "fontSize": style.size,
        "bold": style.bold,
        "italic": style.italic,
        "underline": style.underline,
    }
    found: Json = {
        "textFormat": text,
        "verticalAlignment": "MIDDLE" if style.is_centred else "TOP",
        "wrapStrategy": "WRAP" if style.wraps else "OVERFLOW_CELL",
    }
    if style.ink:
        text["foregroundColorStyle"] = colour(style.ink)
    if style.background:
        found["backgroundColorStyle"] = colour(style.background)
    if style.indent:
        side = _PADDING + round(style.indent * _PIXELS_A_CHARACTER)
        found["padding"] = {"top": 2, "right": side, "bottom": 2, "left": side}
    if style.horizontal:
        found["horizontalAlignment"] = style.horizontal.upper()
    if style.lines in _LINE_COLOURS:
        line = {"style": "SOLID", "colorStyle": colour(_LINE_COLOURS[style.lines])}
        found["borders"] = dict.fromkeys(("top", "bottom", "left", "right"), line)
    if style.number_format != "General":
        found["numberFormat"] = number_format(style.number_format)
    return found


FORMATS: dict[Style, Json] = {style: format_of(style.value) for style in Style}
"""Every kind of cell."""


def conditional_rule(area: Json, formula: str, style: Json, locale: str = "da_DK") -> Json:
    """A format that cells take on while a formula holds, before the rules that are there."""
    written = localized(formula) if has_decimal_comma(locale) else formula
    condition = {"type": "CUSTOM_FORMULA", "values": [{"userEnteredValue": written}]}
    rule = {"ranges": [area], "booleanRule": {"condition": condition, "format": style}}
    return {"addConditionalFormatRule": {"rule": rule, "index": 0}}


def rule_format(style: MarkStyle) -> Json:
    """What such a rule changes in a cell."""
    text = {
        "foregroundColorStyle": colour(style.ink), "bold": style.bold, "italic": style.italic,
    }  # fmt: skip
    background = {"backgroundColorStyle": colour(style.background)} if style.background else {}
    return {"textFormat": text, **background}
