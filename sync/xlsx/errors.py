"""The two errors that leave this package, and what staff are told where a workbook is refused.

XlsxError
├── PackageError    the file, or a part of it, cannot be read as a workbook
└── RefusedError    it can be read, but writing into it could harm it; nothing was written
"""

from __future__ import annotations

import contextlib
import enum
from collections.abc import Iterator, Sequence

from rules.text.marking import N_


class Damage(enum.StrEnum):
    """What is wrong with a file that cannot be read as a workbook."""

    EMPTY = "empty"
    NOT_A_WORKBOOK = "not_a_workbook"
    DAMAGED = "damaged"
    PASSWORD_PROTECTED = "password_protected"
    LABEL_ENCRYPTED = "label_encrypted"
    OLD_FORMAT = "old_format"
    TOO_LARGE = "too_large"


class Reason(enum.Enum):
    """What stands in the way of writing into a workbook: for staff, and with what to do."""

    SIGNED = N_(
        "Regnearket har en digital signatur, som en rettelse ville bryde. "
        "Fjern signaturen i Excel under »Filer«, »Oplysninger«, og gem."
    )
    SHARED_WORKBOOK = N_(
        "Regnearket er delt på den gamle måde med sporing af ændringer. "
        "Slå »Del projektmappe (ældre)« fra i Excel, og gem."
    )
    STRUCTURE_LOCKED = N_(
        "Regnearkets opbygning er låst, så fanen Advarsler ikke kan tilføjes. "
        "Klik på »Beskyt projektmappe« under »Gennemse« for at fjerne låsen, og gem."
    )
    PROTECTED = N_(
        "Dele af regnearket er låst med en adgangskode. Gem det i Excel uden adgangskode."
    )
    MERGED_OVER_COLUMN = N_(
        "Flettede celler ligger dér, hvor kontrollen skal skrive. "
        "Ophæv fletningen ved kolonnen Kontrol og i fanen Advarsler."
    )
    TABLE_HEADER = N_(
        "Kontrollen skulle skrive i overskriften eller totalrækken i en Excel-tabel. "
        "Slå »Totalrække« fra under »Tabeldesign«, eller flyt kolonnen Kontrol ud af tabellen."
    )
    ARRAY_OR_DATA_TABLE = N_(
        "En matrixformel eller datatabel ligger dér, hvor kontrollen skal skrive. "
        "Flyt formlen væk fra kolonnen Kontrol og fanen Advarsler."
    )
    FORMULA_IN_COLUMN = N_(
        "Der står en formel i kolonnen Kontrol eller i fanen Advarsler. "
        "Slet formlen, for kontrollen skriver selv i de celler."
    )
    UNSORTED_CELLS = N_(
        "Cellerne i filen står i en anden rækkefølge, end Excel selv gemmer dem i. "
        "Åbn filen i Excel, vælg »Gem som«, og gem den med samme navn og filtype."
    )
    UNUSUAL_PACKAGE = N_(
        "Filen er gemt på en måde, så den kunne tage skade, hvis kontrollen skrev i den. "
        "Åbn filen i Excel, vælg »Gem som«, og gem den med samme navn og filtype."
    )
    NAME_TAKEN = N_(
        "Fanen Advarsler er et diagramark eller et makroark. "
        "Giv arket et andet navn, så laver kontrollen selv fanen."
    )
    TAB_MISSING = N_(
        "Fanen, som kontrollen skulle skrive i, findes ikke længere som regneark. "
        "Giv fanen sit navn tilbage, eller lav den igen."
    )
    NO_FREE_COLUMN = N_(
        "Der er ingen fri kolonne til Kontrol, for der står noget i arkets sidste kolonne. "
        "Slet det, der står i kolonne XFD."
    )

    def __str__(self) -> str:
        return self.name.lower()


class XlsxError(Exception):
    """`detail` is English, for the log, and never holds what stands in a cell."""

    def __init__(self, reason: enum.Enum, detail: str) -> None:
        super().__init__(reason, detail)
        self.detail = detail

    def __str__(self) -> str:
        return ": ".join(map(str, self.args))


class PackageError(XlsxError):
    """The file, or a part of it, cannot be read."""

    def __init__(self, damage: Damage, detail: str) -> None:
        super().__init__(damage, detail)
        self.damage = damage


class RefusedError(XlsxError):
    """The workbook can be read, but writing into it could harm it; nothing was written.

    `cells` are those that stand in the way (»K3« or »K3:K5«), `tab` the one that they are in; both
    are empty where it is the whole workbook.
    """

    def __init__(self, reason: Reason, detail: str, cells: Sequence[str] = ()) -> None:
        super().__init__(reason, detail)
        self.reason = reason
        self.cells = tuple(cells)
        self.tab = ""


@contextlib.contextmanager
def refused_in(tab: str) -> Iterator[None]:
    """Whatever is refused inside is refused because of this tab."""
    try:
        yield
    except RefusedError as error:
        error.tab = error.tab or tab
        raise


def damaged(detail: str) -> PackageError:
    """Return the error for a broken file or part."""
    return PackageError(Damage.DAMAGED, detail)
