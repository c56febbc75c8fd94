"""The language that the job speaks: set once, by the command line, for the whole process.

`_` and `plural` put a text of `sync` into it. `rules` and `sheets_templates` get the
language with their parameters.
"""

from __future__ import annotations

from functools import cache
from gettext import GNUTranslations
from pathlib import Path

from rules.text.language import DANISH, Language

FOLDER = Path(__file__).with_name("languages")
DOMAIN = "helhedsplan"


class _Catalogue(GNUTranslations):
    """A catalogue that another process reads for itself, instead of being sent it."""

    def __init__(self, code: str) -> None:
        self.code = code
        with (FOLDER / code / "LC_MESSAGES" / f"{DOMAIN}.mo").open("rb") as file:
            super().__init__(file)

    def __reduce__(self) -> tuple[type[_Catalogue], tuple[str]]:
        return _Catalogue, (self.code,)


@cache
def language_of(code: str) -> Language:
    """The language with this code, which is Danish or has a catalogue."""
    return DANISH if code == DANISH.code else Language(code, _Catalogue(code))


@cache
def languages() -> tuple[Language, ...]:
    """All of them, Danish first."""
    found = sorted(file.parts[-3] for file in FOLDER.glob(f"*/LC_MESSAGES/{DOMAIN}.mo"))
    return DANISH, *map(language_of, found)


_SPOKEN = [DANISH]


def speak(language: Language) -> None:
    """Say everything in this language from now on."""
    _SPOKEN[0] = language


def spoken() -> Language:
    """The language that is spoken."""
    return _SPOKEN[0]


def _(danish: str) -> str:
    """A text in the language that is spoken."""
    return _SPOKEN[0].text(danish)


def plural(one: str, several: str, count: int, **others: str) -> str:
    """The text for this many, in the language that is spoken; `{count}` is the number."""
    return _SPOKEN[0].plural(one, several, count, **others)
