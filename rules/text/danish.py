"""Names, headers and choices as people type them: what two spellings of one have in common.

Amounts and dates are parsed in `amounts` and `dates`; `language` writes texts.
"""

from __future__ import annotations

import re
import unicodedata
from functools import lru_cache

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
_HYPHEN = re.compile(r"(?<=[^\W\d_])-(?=[^\W\d_])")
_LEADING_ZEROS = re.compile(r"0+(?=\d)")


def visible(text: str) -> str:
    """The text without the signs that show nothing: zero-width blanks, soft hyphens, marks.

    Line breaks and blanks stay as they are.
    """
    if (text.isascii() and text.isprintable()) or _PLAIN_LETTERS.fullmatch(text):
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
    """What two spellings of one Plan-id have in common: case, blanks, the kind of dash."""
    return folded(text).casefold()


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

    Besides what does not count in `name_key`: dots, all blanks, a hyphen between letters (where a
    word was broken by hand), and a trailing unit (`i kr.`).
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
    bare = key.replace(" ", "").replace(".", "") or key
    return _HYPHEN.sub("", bare) if "-" in bare else bare


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
    """What spellings of a row number have in common: `1`, `1.`, `1:`, `01`; `1,2`, `1.2`."""
    key = name_key(text).rstrip(".").replace(",", ".")
    return key[zeros.end() :] if (zeros := _LEADING_ZEROS.match(key)) else key


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
