"""CPR numbers in text: finding them, and hiding them in everything that is written.

The modulus-11 check is not used: numbers issued since 2007 need not pass it (source: cpr.dk).
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator
from enum import StrEnum

MASK = "[cpr-nummer skjult]"
"""In brackets: a parenthesis behind a name would not count, and »I gang (…)« be a choice."""

SHORTEST = len("0101700000")
"""No text under so many characters holds a CPR number."""

_BRACKETS = ("()", "[]")
_DASHES = "-\u2010-\u2015\N{MINUS SIGN}\N{SMALL HYPHEN-MINUS}\N{FULLWIDTH HYPHEN-MINUS}"
_BLANK = "[\\s\u200b-\u200d\u2060\ufeff\u00ad]"
_BETWEEN_PAIRS = rf"(?:{_BLANK}?[{_DASHES}./]{_BLANK}?|{_BLANK}|)"
_DOT = "[._\N{MIDDLE DOT}]"
_NUMBER = re.compile(
    # A day, of replacement numbers 60 days later; the search starts quickly with its first digit.
    rf"""[0-36-9](?<![0-9]{{2}})(?:(?<=[06])[1-9]|(?<=[1278])[0-9]
        |(?<=[39])0(?!{_BETWEEN_PAIRS}02)|(?<=[39])1(?!{_BETWEEN_PAIRS}(?:0[2469]|11)))
    (?P<pairs>{_BETWEEN_PAIRS}) (?:0[1-9]|1[0-2]) (?:(?P=pairs)|(?<=/[0-9]{{2}})[{_DASHES}])
    (?P<year>(?:19|20)?[0-9]{{2}}) (?P<between>{_BLANK}*[{_DASHES}/]{_BLANK}*|{_BLANK}+|{_DOT}|)
    (?P<last>[0-9]{{4}})(?![0-9])""",
    re.VERBOSE,
)
_BEHIND_A_DAY = re.compile(
    r"(?:(?:[01][0-9]|2[0-3])[0-5][0-9]|20[1-3][0-9])(?![0-9])|[0-9]{4}\s?(?:kr|,-)", re.IGNORECASE
)
_YEARS_OF_PLANS = re.compile(r"(?:20)?[1-3][0-9]")

_TEXT_IN_FORMULA = re.compile(r'"([^"]*)"')
_UNUSUAL = re.compile(
    "[\u00ad\u061c-\u1fff\u200b-\u200f\u202a-\u202e\u2060-\u206f\ua620-\U000e007f]"
)
"""Signs that cannot be seen, and letters and digits of other scripts."""


class CprMatch(StrEnum):
    """How sure it is that a text holds a CPR number."""

    WRITTEN_AS_CPR = "written as a CPR number"
    TEN_DIGITS = "ten bare digits"


def cpr_match(text: str) -> CprMatch | None:
    """The surest sign of a CPR number in the text, or None.

    A birthday of the 30th of February or the 31st of a short month is none; the 29th of February
    always is, since the century is not known.
    """
    found = {match for _, _, match in _numbers(text)} if len(text) >= SHORTEST else ()
    return next((match for match in CprMatch if match in found), None) if found else None


def texts_in_formula(formula: str) -> list[str]:
    """The texts that a formula holds; its own digits and dashes are sums."""
    return _TEXT_IN_FORMULA.findall(formula)


def masked(text: str) -> str:
    """The text with everything that may be a CPR number replaced, a bracket around it too."""
    if len(text) < SHORTEST:
        return text
    pieces, at = [], 0
    for start, end, _ in sorted(_numbers(text)):
        if start >= at:
            in_brackets = start > at and text[start - 1] + text[end : end + 1] in _BRACKETS
            pieces += [text[at : start - in_brackets], MASK]
            at = end + in_brackets
        at = max(at, end)
    return "".join((*pieces, text[at:])) if pieces else text


def _numbers(text: str) -> Iterator[tuple[int, int, CprMatch]]:
    """Where each number begins and ends, and how sure it is."""
    yield from _plain_numbers(text)
    if not text.isascii() and _UNUSUAL.search(text):
        seen = [(n, c) for n, c in enumerate(text) if unicodedata.category(c) != "Cf"]
        plain = "".join(str(unicodedata.decimal(c, c)) for _, c in seen)
        for start, end, match in _plain_numbers(plain):
            yield seen[start][0], seen[end - 1][0] + 1, match


def _plain_numbers(text: str) -> Iterator[tuple[int, int, CprMatch]]:
    for match in _NUMBER.finditer(text):
        has_slash = "/" in match["between"]
        is_date = match["pairs"] or len(match["year"]) == len("1970") or has_slash
        is_bare = not match["pairs"] and not match["between"]
        # A day of a plan's time, and behind it the time of the day, another year or an amount?
        may_be_a_day = is_date and _YEARS_OF_PLANS.fullmatch(match["year"])
        if may_be_a_day and (is_bare or _BEHIND_A_DAY.match(text, match.start("last"))):
            continue
        if has_slash and not match["pairs"] and _YEARS_OF_PLANS.fullmatch(match["last"]):
            continue  # the number of a case and its year
        is_sure = is_date or not is_bare
        yield *match.span(), CprMatch.WRITTEN_AS_CPR if is_sure else CprMatch.TEN_DIGITS
