"""What a new spreadsheet looks like before anybody touches it."""

from __future__ import annotations

import copy
from typing import Any

Json = dict[str, Any]


def _color(red: float = 0, green: float = 0, blue: float = 0) -> Json:
    parts = {"red": red, "green": green, "blue": blue}
    return {name: part for name, part in parts.items() if part}


WHITE = _color(1, 1, 1)
THEME = (
    ("TEXT", _color()),
    ("BACKGROUND", WHITE),
    ("ACCENT1", _color(0.25882354, 0.52156866, 0.95686275)),
    ("ACCENT2", _color(0.91764706, 0.2627451, 0.20784314)),
    ("ACCENT3", _color(0.9843137, 0.7372549, 0.015686275)),
    ("ACCENT4", _color(0.20392157, 0.65882355, 0.3254902)),
    ("ACCENT5", _color(1, 0.42745098, 0.003921569)),
    ("ACCENT6", _color(0.27450982, 0.7411765, 0.7764706)),
    ("LINK", _color(0.06666667, 0.33333334, 0.8)),
)
DEFAULT_FORMAT: Json = {
    "backgroundColor": WHITE,
    "padding": {"top": 2, "right": 3, "bottom": 2, "left": 3},
    "verticalAlignment": "BOTTOM",
    "wrapStrategy": "OVERFLOW_CELL",
    "textFormat": {
        "foregroundColor": {},
        "fontFamily": "arial,sans,sans-serif",
        "fontSize": 10,
        "bold": False,
        "italic": False,
        "strikethrough": False,
        "underline": False,
        "foregroundColorStyle": {"rgbColor": {}},
    },
    "backgroundColorStyle": {"rgbColor": WHITE},
}


def spreadsheet_properties(title: str, locale: str, time_zone: str) -> Json:
    theme = [{"colorType": kind, "color": {"rgbColor": color}} for kind, color in THEME]
    return {
        "title": title,
        "locale": locale,
        "autoRecalc": "ON_CHANGE",
        "timeZone": time_zone,
        "defaultFormat": copy.deepcopy(DEFAULT_FORMAT),
        "spreadsheetTheme": {"primaryFontFamily": "Arial", "themeColors": theme},
    }


def effective_format(user_format: Json, laid_over: Json) -> Json:
    """The format in which a cell is shown: the spreadsheet's, its own, and over both a rule's."""
    layers = (DEFAULT_FORMAT, user_format, laid_over)
    text: Json = {}
    whole: Json = {}
    for layer in layers:
        text |= layer.get("textFormat") or {}
        whole |= layer
    return {**whole, "textFormat": text, "hyperlinkDisplayType": "PLAIN_TEXT"}
