"""Which word a misspelled one is: the nearest of some, or the only one that it can be meant for."""

from __future__ import annotations

import difflib
from collections.abc import Iterable, Sequence

from rules.text.danish import header_key

_LONGEST = 200
"""A longer text is no misspelled name, and comparing it letter by letter would take its time."""
_SHORTEST_WORD, _LONG_WORD = 4, 9


def nearest_name(name: str, candidates: Iterable[str], cutoff: float = 0.55) -> str | None:
    """The candidate that is spelled most like the name, or None where none is near.

    Of the near ones, one that goes on where the name ends comes first: »2011« is »2011-14«.
    """
    if len(name) > _LONGEST:
        return None
    letters = _letters(name)
    by_letters = {_letters(one): one for one in candidates if len(one) <= _LONGEST}
    near = difflib.get_close_matches(letters, by_letters, cutoff=cutoff)
    near.sort(key=lambda one: not one.startswith(letters))
    return by_letters[near[0]] if near else None


def only_choice(text: str, words: Sequence[str]) -> str | None:
    """The word that the text is a slip of the hand from; None where two are near, or none is.

    One letter may be wrong, missing, too many or swapped with its neighbour, in long words two.
    The first and the last letter must be right: there a letter changes what a word means
    (»ugodkendt«, »afsluttes«).
    """
    typed = _letters(text)
    by_word = sorted((_edits(typed, _letters(word)), word) for word in dict.fromkeys(words))
    if not by_word:
        return None
    (edits, nearest), *others = by_word
    meant = _letters(nearest)
    shortest = min(len(typed), len(meant))
    if shortest < _SHORTEST_WORD or (typed[0], typed[-1]) != (meant[0], meant[-1]):
        return None
    if edits > (2 if shortest >= _LONG_WORD else 1):
        return None
    return nearest if not others or others[0][0] >= edits + 2 else None


def _letters(text: str) -> str:
    return header_key(text)


def _edits(one: str, other: str) -> int:
    """How many letters must be changed, added, taken away or swapped with their neighbour.

    Row by row: `last[j]` is what the letters so far cost against the first j letters of `other`.
    """
    before: list[int] = []
    last = list(range(len(other) + 1))
    for i, letter in enumerate(one, 1):
        row = [i]
        for j, meant in enumerate(other, 1):
            cheapest = min(last[j] + 1, row[j - 1] + 1, last[j - 1] + (letter != meant))
            is_swap = i > 1 and j > 1 and letter == other[j - 2] and one[i - 2] == meant
            row.append(min(cheapest, before[j - 2] + 1) if is_swap else cheapest)
        before, last = last, row
    return last[-1]
