"""How the spreadsheets of a country write numbers, dates and words. Danish, British, American."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Locale:
    """`date_order` is the order of day, month and year in a date that is all figures."""

    decimal: str
    thousands: str
    date_order: str
    date: str
    time: str
    currency: str
    true: str
    false: str

    @property
    def datetime(self) -> str:
        return f"{self.date} {self.time}"


LOCALES = {
    "en_US": Locale(".", ",", "mdy", "m/d/yyyy", "h:mm:ss am/pm", '"$"#,##0.00', "TRUE", "FALSE"),
    "en_GB": Locale(".", ",", "dmy", "dd/mm/yyyy", "hh:mm:ss", "[$£]#,##0.00", "TRUE", "FALSE"),
    "da_DK": Locale(",", ".", "dmy", "dd-mm-yyyy", "hh.mm.ss", '#,##0.00" kr."', "SAND", "FALSK"),
}


def locale_of(name: str) -> Locale:
    """The locale of this name, or of its language; American for what is not known."""
    if name in LOCALES:
        return LOCALES[name]
    language = name.split("_", maxsplit=1)[0]
    return next(
        (locale for known, locale in LOCALES.items() if known.startswith(f"{language}_")),
        LOCALES["en_US"],
    )
