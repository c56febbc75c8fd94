"""Which activities a milestone names: one, several, or all of them."""

from __future__ import annotations

import re
from collections.abc import Collection

from rules.text.danish import name_key, number_key

ALL_ACTIVITIES = frozenset(
    map(
        name_key,
        ("Alle", "Alle indsatser", "Alle aktiviteter", "Samtlige", "Samtlige indsatser",
         "Tværgående", "Tværgående indsats", "Tværgående indsatser", "På tværs", "Hele planen"),
    )
)  # fmt: skip
_BETWEEN = re.compile(r"\s*(?:[,;/&+\n]|\bog\b|\bsamt\b)\s*", re.IGNORECASE)
_LABEL = re.compile(
    r"^(?:indsats(?:er)?|aktivitet(?:er)?)?\s*(?:nr|numre)?\.?\s*(?=\d)", re.IGNORECASE
)
_RANGE = re.compile(r"(\d{1,3})\s*(?:[-\N{EN DASH}]|til)\s*(\d{1,3})")


def numbers_named(text: str, known: Collection[str | None]) -> list[str]:
    """The numbers in a milestone's cell, those of ranges (`5-7`) too; none where all are meant.

    What is the number of an activity as it stands (`1,2`, `3-4`) is that one. `known` are keys
    (`number_key`).
    """
    if name_key(text) in ALL_ACTIVITIES:
        return []
    numbers: list[str] = []
    for part in [text] if number_key(text) in known else _BETWEEN.split(text):
        number = _LABEL.sub("", part.strip())
        span = _RANGE.fullmatch(number)
        if number_key(number) in known or span is None:
            numbers += [number] if number else []
        else:
            numbers += [*map(str, range(int(span[1]), int(span[2]) + 1))] or [number]
    return numbers
