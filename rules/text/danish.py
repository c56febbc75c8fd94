"""Danish text as people type it: amounts, dates and names to values.

Reading never guesses: what has two meanings gives None. rules/text/language.py writes texts.
"""

from __future__ import annotations

import re
import unicodedata
from calendar import monthrange
from datetime import date
from decimal import ROUND_HALF_EVEN, Decimal
from functools import lru_cache

LARGEST_AMOUNT_OERE = 10**13 - 1
"""99.999.999.999,99 kr.: above it an amount is a slip of the hand, and sums stay within Int64."""

MONTHS = (
    "januar", "februar", "marts", "april", "maj", "juni",
    "juli", "august", "september", "oktober", "november", "december",
)  # fmt: skip
MONTH_NUMBERS = {"sept": 9} | {
    word: number for number, name in enumerate(MONTHS, 1) for word in (name, name[:3])
}
UNITS = {
    "mio": 1_000_000, "million": 1_000_000, "millioner": 1_000_000,
    "tkr": 1_000, "t.kr": 1_000, "t. kr": 1_000,
}  # fmt: skip

_DASHES = dict.fromkeys(
    "\N{HYPHEN}\N{NON-BREAKING HYPHEN}\N{FIGURE DASH}\N{EN DASH}\N{EM DASH}\N{HORIZONTAL BAR}"
    "\N{MINUS SIGN}\N{SMALL HYPHEN-MINUS}\N{FULLWIDTH HYPHEN-MINUS}",
    "-",
)
_BLANKS = dict.fromkeys(
    "\N{HANGUL FILLER}\N{HALFWIDTH HANGUL FILLER}\N{BRAILLE PATTERN BLANK}", " "
)
_DRAWS_NOTHING = frozenset(
    [
        "\N{COMBINING GRAPHEME JOINER}",
        *map(chr, range(0x180B, 0x180F)),
        *map(chr, range(0xFE00, 0xFE10)),
        *map(chr, range(0xE0100, 0xE01F0)),
    ]
)
"""Signs that show nothing, though Unicode does not call them so (Cf): variants of other signs."""
_HEADER_UNIT = re.compile(
    r"""(?<=\d|\s|\() \s* (?:i\s)? (?:hele\s)?
    (?: (?P<thousand> t\.?\s?kr | 1[. ]?000 (?=\s?kr|\s?dkk) | tusinde? )
      | (?P<million> mio | mill(?:ion(?:er)?)? | mkr ) )?
    \.? \s? (?: (?P<krone>kr(?:oner)? | dkk)\.? )?
    \s* (?P<close>\))? \s* [:*]* $""",
    re.VERBOSE,
)
_AMOUNT = re.compile(
    r"""(?P<open>\()? \s* (?P<sign1>-)? \s*
    (?:(?:kr\.?|dkk) \s* (?P<sign2>-)? \s*)?
    (?P<whole> \d{1,15} | [1-9]\d{0,2}(?:\.\d{3})+ | [1-9]\d{0,2}(?:\ \d{3})+ )
    (?: ,(?P<part>\d{1,2}) | ,(?P<dash>-{1,2}) | (?P<sign3>-) )?
    \s* (?:(?P<unit>mio|millioner|million|tkr|t\.\ ?kr)\.?)?
    \s* (?:kr\.?|dkk)? \s* (?P<close>\))?""",
    re.VERBOSE | re.IGNORECASE | re.ASCII,
)
_NAMES_KRONER = re.compile(r"kr|dkk", re.IGNORECASE)
_MIDNIGHT = re.compile(r"[ T](?:kl\.? ?)?0?0[:.]00(?:[:.]00)?$")
_ISO_DATE = re.compile(r"(\d{4})([-/])(\d{1,2})\2(\d{1,2})", re.ASCII)
_DAY_FIRST = re.compile(
    r"(\d{1,2}) ?(?:([-./]) ?(\d{1,2}) ?\2|/ ?(\d{1,2})(?: ?- ?| )) ?(\d{4}|\d{2})", re.ASCII
)
_NAMED_MONTH = re.compile(
    r"(?:den )?(\d{1,2})(?:\. ?| |-)([a-z]+)(?:\. ?| |-)(\d{4}|\d{2})", re.IGNORECASE | re.ASCII
)
_NUMBER = re.compile(r"(-)?\s*(\d{1,12})(?:,(\d{1,6}))?", re.ASCII)


def visible(text: str) -> str:
    """The text without the signs that show nothing: zero-width blanks, soft hyphens, marks.

    Line breaks and blanks stay as they are.
    """
    if text.isascii() or _PLAIN_LETTERS.fullmatch(text):
        return text
    text = unicodedata.normalize("NFC", text).translate(_BLANK_SIGNS)
    if text.isprintable() and not _DRAWS_NOTHING.intersection(text):
        return text
    return "".join(
        sign
        for sign in text
        if sign.isspace()
        or (unicodedata.category(sign) not in {"Cf", "Cc"} and sign not in _DRAWS_NOTHING)
    )


_PLAIN_LETTERS = re.compile("[\t\n\r -~\xa1-\xac\xae-\u02ff]*")
"""Nearly every text: its signs can be seen, or are blanks, and have no second spelling."""
_BLANK_SIGNS = str.maketrans(_BLANKS)
_DASH_SIGNS = str.maketrans(_DASHES)


def spaced(text: str) -> str:
    """What of the text can be seen, on one line: every run of blanks as one, none at its ends."""
    return " ".join(visible(text).split())


def id_key(text: str) -> str:
    """What two spellings of one Plan-id have in common: case and blanks do not count."""
    return spaced(text).casefold()


def folded(text: str) -> str:
    """The text as it is compared and parsed: `spaced`, with every kind of dash as a hyphen."""
    return spaced(text) if text.isascii() else spaced(text).translate(_DASH_SIGNS)


@lru_cache(maxsize=65_536)
def name_key(text: str) -> str:
    """What two spellings of one name have in common.

    Case, blanks, signs that cannot be seen, the kind of dash, a trailing `:` or `*` and a trailing
    parenthesis do not count.
    """
    return _without(":*)", folded(text).casefold())


@lru_cache(maxsize=65_536)
def header_key(text: str) -> str:
    """What two spellings of a header, a field or a choice have in common.

    Besides what does not count in `name_key`: dots, all blanks, and a trailing unit (`i kr.`).
    """
    key = name_key(text)
    unit = _unit_in(key)
    return _bare(_without(":*)", key[: unit.start()].rstrip()) if unit else key)


@lru_cache(maxsize=2_048)
def tab_key(text: str) -> str:
    """What two spellings of a tab's name have in common; a parenthesis belongs to the name."""
    return _bare(_without(":*", folded(text).casefold()))


def _without(trailers: str, key: str) -> str:
    """The key without these signs at its end, `)` with its parenthesis; read once from the end."""
    end = len(key)
    while end and key[end - 1] in trailers:
        start = end - 1
        if key[start] == ")":
            start = key.rfind("(", 0, end)
            if start < 0 or key.find(")", start, end - 1) >= 0:
                break
        while start and key[start - 1].isspace():
            start -= 1
        if not start:
            break
        end = start
    return key[:end]


def _bare(key: str) -> str:
    return key.replace(" ", "").replace(".", "") or key


def header_unit(text: str) -> int:
    """What 1 means under a header, in kroner: 1,000 under »Budget (t.kr.)«, else 1 or 1,000,000."""
    unit = _unit_in(folded(text).casefold())
    if unit is None:
        return 1
    return 1_000 if unit["thousand"] else 1_000_000 if unit["million"] else 1


def _unit_in(key: str) -> re.Match[str] | None:
    unit = _HEADER_UNIT.search(key)
    return unit if unit and (unit["thousand"] or unit["million"] or unit["krone"]) else None


@lru_cache(maxsize=65_536)
def number_key(text: str) -> str:
    """What two spellings of one row number have in common: `1`, `1.` and `1:`; `1,2` and `1.2`."""
    return name_key(text).rstrip(".").replace(",", ".")


@lru_cache(maxsize=65_536)
def words_key(text: str) -> frozenset[str]:
    """The stems of a name's words: word order, »og« and simple plurals do not count."""
    words = re.findall(r"\w+", name_key(text))
    return frozenset(_stem(word) for word in words if word != "og")


def _stem(word: str) -> str:
    for ending in ("erne", "ene", "er", "e", "r"):
        if word.endswith(ending) and len(word) - len(ending) >= 4:
            return word.removesuffix(ending)
    return word


def parse_amount(text: str, kroner: int = 1) -> int | None:
    """A typed amount in whole øre, or None where it cannot be read or has two meanings.

    `kroner` is what 1 means in its column; a text that names its own unit is not touched by it.

    Source: the forms listed in docs/workbook.md, »What a person types«.
    """
    match = _AMOUNT.fullmatch(folded(text))
    if match is None:
        return None
    part, unit = match["part"], match["unit"]
    signs = (match["open"], match["sign1"], match["sign2"], match["sign3"])
    negative = [sign for sign in signs if sign]
    if bool(match["open"]) != bool(match["close"]) or len(negative) > 1:
        return None
    if match["dash"] and unit:
        return None
    digits = match["whole"].replace(".", "").replace(" ", "")
    oere = int(digits) * 100 + int((part or "0").ljust(2, "0"))
    if unit:
        oere *= UNITS[unit.casefold()]
    elif not _NAMES_KRONER.search(text):
        oere *= kroner
    if oere > LARGEST_AMOUNT_OERE:
        return None
    return -oere if negative else oere


def amount_from_number(number: float, kroner: int = 1) -> int | None:
    """A number cell's amount in whole øre (half-even), or None where it is beyond all money.

    `kroner` is what 1 means in its column.
    """
    if number.is_integer():
        oere = int(number) * 100 * kroner
    elif number == number and abs(number) < LARGEST_AMOUNT_OERE:  # noqa: PLR0124  NaN is not itself
        oere = int((Decimal(repr(number)) * 100 * kroner).quantize(Decimal(1), ROUND_HALF_EVEN))
    else:
        return None
    return oere if abs(oere) <= LARGEST_AMOUNT_OERE else None


def parse_date(text: str) -> date | None:
    """A typed date, day first, or None where it is not one. Two-digit years are 20xx."""
    parts = _date_parts(text)
    try:
        return date(*parts) if parts else None
    except ValueError:
        return None


def month_that_is_too_short(text: str) -> tuple[date, int] | None:
    """For a day that its month does not have: the month's first day, and how many days it has.

    None for everything else, also for what is a date.
    """
    year, month, day = _date_parts(text) or (0, 0, 0)
    if not (1 <= month <= 12 and 1900 <= year <= 9999):
        return None
    days = monthrange(year, month)[1]
    return (date(year, month, 1), days) if days < day <= 31 else None


def _date_parts(text: str) -> tuple[int, int, int] | None:
    """The year, month and day of what is written as a date, whether or not there is such a day."""
    tidy = _MIDNIGHT.sub("", folded(text))
    if match := _DAY_FIRST.fullmatch(tidy):
        day, _, month, other_month, year = match.groups()
        month = month or other_month
    elif match := _ISO_DATE.fullmatch(tidy):
        year, _, month, day = match.groups()
    elif (match := _NAMED_MONTH.fullmatch(tidy)) and match[2].casefold() in MONTH_NUMBERS:
        day, month, year = match[1], str(MONTH_NUMBERS[match[2].casefold()]), match[3]
    else:
        return None
    return int(year) + (2000 if len(year) == 2 else 0), int(month), int(day)


def parse_number(text: str) -> Decimal | None:
    """A typed number with a decimal comma, or None where it is not one."""
    match = _NUMBER.fullmatch(folded(text))
    if match is None:
        return None
    sign, whole, part = match.groups()
    number = Decimal(f"{whole}.{part or 0}")
    return -number if sign else number
