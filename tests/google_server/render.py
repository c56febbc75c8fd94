"""What is kept, as the API writes it: fields at their zero left out, integers without `.0`."""

from __future__ import annotations

import struct
from typing import Any

# Wrapped or one-of fields: these are written at 0, "" and false too.
WRITTEN_AT_ZERO = frozenset(
    {
        "startRowIndex",
        "endRowIndex",
        "startColumnIndex",
        "endColumnIndex",
        "startIndex",
        "endIndex",
        "numberValue",
        "stringValue",
        "boolValue",
        "bold",
        "italic",
        "strikethrough",
        "underline",
    }
)
# Colours are written twice: as they are, and as a style.
COLORS = (
    "backgroundColor",
    "color",
    "firstBandColor",
    "footerColor",
    "foregroundColor",
    "headerColor",
    "secondBandColor",
    "tabColor",
)
COLORED = frozenset({*COLORS, *(f"{name}Style" for name in COLORS)})
COLOR_PARTS = frozenset({"red", "green", "blue", "alpha"})
PROPERTIES_AT_ZERO = frozenset({"sheetId", "index"})


def _of_eight_bits(part: Any) -> Any:
    """A part of a colour as it is kept: one of 255, cut off, in the figures of a 32-bit float."""
    if not isinstance(part, float):
        return part
    single = struct.pack("f", int(part * 255 + 1e-3) / 255)
    (kept,) = struct.unpack("f", single)
    written = (float(f"{kept:.{figures}g}") for figures in range(1, 10))
    return next(number for number in written if struct.pack("f", number) == single)


def tidy(value: Any) -> Any:
    """An answer of the Sheets API, without what proto3 leaves out.

    Values of a ValueRange are content and stay as they are; empty objects stay too.
    """
    if isinstance(value, list):
        return [tidy(item) for item in value]
    if isinstance(value, dict):
        if value and value.keys() <= COLOR_PARTS:
            value = {name: _of_eight_bits(part) for name, part in value.items()}
        kept = {}
        always = PROPERTIES_AT_ZERO if "sheetType" in value else frozenset()
        if "sortOrder" in value:
            always = frozenset({"dimensionIndex"})
        for name, inner in value.items():
            if name in WRITTEN_AT_ZERO:
                kept[name] = _number(inner)
                continue
            if name == "values" and _is_content(inner):
                kept[name] = [[_number(item) for item in line] for line in inner]
                continue
            shown = tidy(inner)
            if name in always or not _is_zero(shown):
                kept[name] = shown
        return kept if COLORED.isdisjoint(kept) else _in_both_colors(kept)
    return _number(value) if isinstance(value, float) else value


def _in_both_colors(answer: dict[str, Any]) -> dict[str, Any]:
    for name in COLORS:
        color, style = answer.get(name), answer.get(f"{name}Style")
        if color is not None and style is None and not {"rgbColor", "themeColor"} & color.keys():
            answer[f"{name}Style"] = {"rgbColor": color}
        elif style is not None and color is None and "rgbColor" in style:
            answer[name] = style["rgbColor"]
    return answer


def _is_content(value: Any) -> bool:
    return isinstance(value, list) and all(isinstance(line, list) for line in value)


def _is_zero(value: Any) -> bool:
    return value is None or value == [] or (not isinstance(value, dict) and not value)


def _number(value: Any) -> Any:
    if isinstance(value, float) and value.is_integer() and abs(value) < 2**53:
        return int(value)
    return value
