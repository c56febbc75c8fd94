"""The language of the texts: Danish, in which they are written here, or one that has a catalogue.

Pure: whoever makes a `Language` has read its catalogue. What is data stays as it is: names of tabs
and columns, choices, codes, and what somebody types into a cell.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from fractions import Fraction
from functools import lru_cache
from gettext import NullTranslations

from babel.dates import format_date, format_datetime
from babel.numbers import format_decimal


@dataclass(frozen=True)
class Language:
    """A language: its code, and its catalogue, whose keys are the Danish texts.

    Amounts, shares, dates and lists are written after patterns of the catalogue, with the months
    and the marks of the code's language.
    """

    code: str
    catalogue: NullTranslations = field(default_factory=NullTranslations, repr=False, compare=False)

    def text(self, danish: str, context: str = "") -> str:
        """A text in this language; a context distinguishes what is one word in Danish only."""
        if context:
            return self.catalogue.pgettext(context, danish)
        # For an empty key gettext returns the head of the catalogue.
        return self.catalogue.gettext(danish) if danish else ""

    def plural(self, one: str, several: str, count: int, **others: str) -> str:
        """The text for this many; `{count}` in it is the place of the number."""
        return self.catalogue.ngettext(one, several, count).format(count=count, **others)

    def kroner(self, oere: int) -> str:
        """An amount as text: `3.500.000 kr.`, with two decimals where there are øre."""
        return self.text("{amount} kr.").format(amount=self.plain_kroner(oere))

    def plain_kroner(self, oere: int) -> str:
        """An amount without its unit, as in a table: `3.500.000`."""
        pattern = "#,##0" if oere % 100 == 0 else "#,##0.00"
        return format_decimal(Decimal(oere).scaleb(-2), format=pattern, locale=self.code)

    def percent(self, share: Fraction) -> str:
        """A share as text, cut (never rounded up) at one decimal: `62,5 pct.`."""
        tenths = Decimal((share * 1000).__floor__()).scaleb(-1)
        number = format_decimal(tenths, format="#,##0.#", locale=self.code)
        return self.text("{number} pct.").format(number=number)

    def number(self, number: Decimal) -> str:
        """A number as text: `37`, `32,5`."""
        return format_decimal(number, format="#,##0.##", locale=self.code)

    def day(self, on: date) -> str:
        """A date as text: `1. marts 2026`."""
        return _day(on, self.text("d. MMMM y", "date"), self.code)

    def month(self, of: date) -> str:
        """The month of a date: `april`; of February, whose length varies, with the year."""
        return format_date(of, "MMMM y" if of.month == 2 else "MMMM", locale=self.code)

    def moment(self, at: date) -> str:
        """A date and time (a datetime) as text: `1. marts 2026 kl. 6.05`."""
        pattern = self.text("d. MMMM y 'kl.' H.mm", "date and time")
        return format_datetime(at, format=pattern, locale=self.code)

    def listed(self, words: Iterable[str], conjunction: str = "") -> str:
        """Words as a person lists them: `a, b og c`, or with another conjunction, in Danish."""
        *others, last = tuple(words) or ("",)
        joined_by = self.text(conjunction) if conjunction else self.text("og")
        return f"{', '.join(others)} {joined_by} {last}" if others else last

    def quote(self, word: str) -> str:
        """A word of the workbook in quotation marks: `»Ja«`."""
        return self.text("»{word}«").format(word=word)


@lru_cache(maxsize=4_096)
def _day(on: date, pattern: str, code: str) -> str:
    return format_date(on, format=pattern, locale=code)


DANISH = Language("da")
