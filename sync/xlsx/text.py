"""Text as a cell holds it, and as it stands in the XML."""

from __future__ import annotations

import re
from html import escape

LONGEST_TEXT = 32_767
"""UTF-16 units that a cell holds at most, which is how Excel counts characters."""

MOST_LINE_FEEDS = 253

FORMULA_SHIELD = "· "
"""Put before a text that would become a formula when someone edits the cell.

A dot that can be seen: a blank would be trimmed when someone types, an apostrophe would vanish,
and a no-break space would fool whoever searches or compares.
"""

FORMULA_STARTS = ("=", "+", "-", "@", "＝", "＋", "－", "＠")
_NOT_SHOWN = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\ud800-\udfff\ufffe\uffff]")
_LOOKS_ESCAPED = re.compile("_(?=x[0-9A-Fa-f]{4}_)")
_ESCAPED = re.compile("_x([0-9A-Fa-f]{4})_")


def shown(text: str) -> str:
    """Return `text` as a cell can hold it: no control characters, no formula, not too long."""
    text = text.replace("\r\n", "\n").replace("\r", "\n")
    text = _NOT_SHOWN.sub("\ufffd", text)
    if text.lstrip().startswith(FORMULA_STARTS):
        text = FORMULA_SHIELD + text
    head, *rest = text.split("\n", MOST_LINE_FEEDS)
    if len(rest) == MOST_LINE_FEEDS:
        text = "\n".join([head, *rest[:-1], rest[-1].replace("\n", " ")])
    if len(text) * 2 <= LONGEST_TEXT:
        return text
    units = text.encode("utf-16-le")
    if len(units) // 2 <= LONGEST_TEXT:
        return text
    # cut on a whole character; the last one says that there was more
    return units[: 2 * (LONGEST_TEXT - 1)].decode("utf-16-le", "ignore") + "…"


def encode(text: str) -> bytes:
    """Return a shown text as XML content, in ASCII, so that it fits every encoding."""
    return escape(_LOOKS_ESCAPED.sub("_x005F_", text), quote=False).encode(
        "ascii", "xmlcharrefreplace"
    )


def encode_attribute(text: str) -> bytes:
    """Return `text` as the value of an attribute in double quotes, in ASCII."""
    quoted = escape(text, quote=False)
    for sign, reference in (('"', "&quot;"), ("\n", "&#10;"), ("\t", "&#9;")):
        quoted = quoted.replace(sign, reference)
    return quoted.encode("ascii", "xmlcharrefreplace")


def decode(text: str) -> str:
    """Return the text that Excel shows for what the XML holds: `_x000D_` is a character."""
    if "_x" not in text:
        return text
    return _ESCAPED.sub(lambda found: chr(int(found[1], 16)), text)
