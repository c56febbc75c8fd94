"""What is kept, as the API writes it: fields at their zero left out, integers without `.0`."""

from __future__ import annotations

import struct
from functools import cache
from typing import Any

from tests.google_server.fields import Mask

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
OTHERWISE = {
    one: other for name in COLORS for one, other in ((name, f"{name}Style"), (f"{name}Style", name))
}
COLOR_PARTS = frozenset({"red", "green", "blue", "alpha"})
PROPERTIES_AT_ZERO = frozenset({"sheetId", "index"})


@cache
def _of_eight_bits(part: float) -> float:
    """A part of a colour as it is kept: one of 255, cut off, in the figures of a 32-bit float."""
    single = struct.pack("f", int(part * 255 + 1e-3) / 255)
    (kept,) = struct.unpack("f", single)
    written = (float(f"{kept:.{figures}g}") for figures in range(1, 10))
    return next(number for number in written if struct.pack("f", number) == single)


def tidy(value: Any, mask: Mask) -> Any:
    """An answer of the Sheets API, without what proto3 leaves out.

    Values of a ValueRange are content and stay as they are; empty objects stay too. What the mask
    does not name is left out here already, but for the other way of writing a colour.
    """
    if isinstance(value, list):
        return [tidy(item, mask) for item in value]
    if isinstance(value, dict):
        if value and value.keys() <= COLOR_PARTS:
            value = {
                name: _of_eight_bits(part) if isinstance(part, float) else part
                for name, part in value.items()
            }
        kept = {}
        always = PROPERTIES_AT_ZERO if "sheetType" in value else frozenset()
        if "sortOrder" in value:
            always = frozenset({"dimensionIndex"})
        takes_all = not mask or "*" in mask
        for name, inner in value.items():
            if not takes_all and not {name, OTHERWISE.get(name)} & mask.keys():
                continue
            if name in WRITTEN_AT_ZERO:
                kept[name] = _number(inner)
                continue
            if name == "values" and _is_content(inner):
                kept[name] = [[_number(item) for item in line] for line in inner]
                continue
            shown = tidy(inner, mask.get(name, {}))
            if name in always or not _is_zero(shown):
                kept[name] = shown
        return kept if OTHERWISE.keys().isdisjoint(kept) else _in_both_colors(kept)
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
