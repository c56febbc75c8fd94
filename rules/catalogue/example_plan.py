"""A plan without a mistake, as a person types it: what examples and tests begin from.

`typed` says what a spreadsheet makes of typed text; a leading apostrophe keeps it text.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from functools import cache

from rules.judging.rule import ExampleCell
from rules.model.cells import Cell, FormulaError, RawTab, RawWorkbook
from rules.text.dates import parse_date

EXAMPLE_PATH = "Vapnagaard.xlsx"

EXAMPLE: dict[str, tuple[tuple[str, ...], ...]] = {
    "Plan": (
        ("Felt", "Værdi", "Kontrol"),
        ("Plan-id", "VAP-2025", ""),
        ("Plannavn", "Helhedsplan Vapnagaard 2025-2028", ""),
        ("Boligområde", "Vapnagaard", ""),
        ("Boligorganisation", "Boliggården", ""),
        ("Øvrige boligorganisationer", "", ""),
        ("Program", "'2011-14", ""),
        ("Startdato", "01-01-2025", ""),
        ("Slutdato", "31-12-2028", ""),
        ("Planstatus", "I gang", ""),
        ("Kontaktperson", "Mette Holm", ""),
        ("E-mail", "mette.holm@boliggaarden.example", ""),
        ("Bekræftet af", "", ""),
        ("Bekræftet den", "", ""),
    ),
    "Forberedelse": (
        ("Part", "Dato", "Form", "Deltagere", "Referat", "Kontrol"),
        ("Koordinerende indsats", "03-02-2024", "Møde", "12", "Referat 1", ""),
        ("Kommune", "08-02-2024", "Møde", "9", "Referat 2", ""),
        ("Boligorganisation", "13-02-2024", "Workshop", "14", "Referat 3", ""),
        ("Beboerdemokrater", "18-02-2024", "Dialogmøde", "27", "Referat 4", ""),
    ),
    "Indsatser": (
        ("Nr.", "Indsatsområde", "Aktivitet", "Målgruppe", "Ansvarlig", "Startdato", "Slutdato",
         "Status", "Budget", "Erfaringer", "Kontrol"),
        ("1", "Børn, unge og familie", "Lektiehjælp", "Børn 6-12 år", "Mette Holm",
         "01-02-2025", "30-06-2028", "I gang", "1600000", "Spisning giver bedre fremmøde.", ""),
        ("2", "Sundhed", "Sundhedscafé", "Ældre", "Ali Demir",
         "01-03-2025", "31-12-2028", "Planlagt", "3200000", "", ""),
        ("3", "Image og kommunikation", "Informationsstrategi", "Alle beboere", "Mette Holm",
         "01-01-2025", "31-12-2028", "I gang", "3200000", "", ""),
    ),
    "Finansiering": (
        ("Kilde", "Type", "Art", "Tilsagn", "2025", "2026", "2027", "2028", "I alt",
         "Bemærkning", "Kontrol"),
        ("Landsbyggefonden", "Landsbyggefonden", "Kontant", "Ja",
         "1500000", "1500000", "1500000", "1500000", "6000000", "", ""),
        ("Helsingør Kommune", "Kommune", "Kontant", "Ja",
         "500000", "500000", "500000", "500000", "2000000", "", ""),
        ("I alt", "", "", "", "2000000", "2000000", "2000000", "2000000", "8000000", "", ""),
    ),
    "Godkendelser": (
        ("Trin", "Instans", "Sendt", "Afgørelse", "Afgørelsesdato", "Sagsnr.", "Bemærkning",
         "Kontrol"),
        ("Prækvalifikation", "Landsbyggefonden", "01-09-2023", "Godkendt", "20-11-2023",
         "23/101", "", ""),
        ("Politisk udvalg", "Social- og Beskæftigelsesudvalget", "10-04-2024", "Godkendt",
         "07-05-2024", "24/102", "", ""),
        ("Politisk udvalg", "Økonomi- og Erhvervsudvalget", "10-04-2024", "Godkendt",
         "21-05-2024", "24/103", "", ""),
        ("Byråd", "Helsingør Byråd", "22-05-2024", "Godkendt", "03-06-2024", "24/104", "", ""),
        ("Beboerdemokrati", "Afdelingsmøde Vapnagaard", "05-06-2024", "Godkendt", "27-08-2024",
         "24/105", "", ""),
        ("Boligorganisation", "Boliggården", "10-06-2024", "Godkendt", "05-09-2024", "24/106",
         "", ""),
        ("Styregruppe", "Bystrategisk Partnerskab", "06-09-2024", "Godkendt", "19-09-2024",
         "24/107", "", ""),
        ("Landsbyggefonden", "Landsbyggefonden", "25-09-2024", "Godkendt", "28-11-2024",
         "24/108", "", ""),
    ),
    "Medarbejdere": (
        ("Navn", "Rolle", "Timer pr. uge", "Ansat fra", "Ansat til", "E-mail", "Kontrol"),
        ("Mette Holm", "Projektleder", "37", "01-01-2025", "", "mette.holm@boliggaarden.example",
         ""),
        ("Ali Demir", "Boligsocial medarbejder", "32,5", "01-01-2025", "",
         "ali.demir@boliggaarden.example", ""),
    ),
    "Milepæle": (
        ("Nr.", "Indsats nr.", "Milepæl", "Frist", "Status", "Resultat", "Kontrol"),
        ("1", "1", "Første hold i gang", "01-03-2026", "Nået", "24 deltagere", ""),
        ("2", "2", "Midtvejsmøde", "01-04-2027", "Planlagt", "", ""),
    ),
}  # fmt: skip
FOLLOW_UP: dict[str, tuple[tuple[str, ...], ...]] = {
    "Regnskab": (
        ("År", "Type", "Forbrug", "Bemærkning", "Kontrol"),
        ("2025", "Landsbyggefonden", "1500000", "", ""),
        ("2025", "Kommune", "500000", "", ""),
        ("2026", "Landsbyggefonden", "1100000", "Til og med oktober", ""),
    ),
    "Indberetning": (
        ("År", "Indberetning", "Frist", "Sendt", "Bemærkning", "Kontrol"),
        ("2025", "Reguleringskonto", "30-06-2026", "15-06-2026", "", ""),
        ("2025", "Målopfyldelse", "30-06-2026", "15-06-2026", "", ""),
        ("2027", "Milepælsplan", "01-04-2027", "", "", ""),
    ),
}  # fmt: skip
"""The tabs that nobody has to keep; the example has those that an edit names."""

_NUMBER = re.compile(r"-?\d+(?:,\d+)?")


@cache
def typed(text: str) -> Cell:
    """The cell that a spreadsheet makes of typed text."""
    if text.startswith("'"):
        return text[1:]
    if text.startswith("#"):
        return FormulaError(text)
    if _NUMBER.fullmatch(text):
        return float(text.replace(",", "."))
    day = parse_date(text)
    return day if day and text[:2].isdigit() else text


def example_workbook(edits: Iterable[ExampleCell] = (), path: str = EXAMPLE_PATH) -> RawWorkbook:
    """The example plan with some cells typed over.

    Raises:
        ValueError: an edit names a column or a field that the example does not have.
    """
    edits = tuple(edits)
    named = {edit.tab for edit in edits}
    there = EXAMPLE | {tab: rows for tab, rows in FOLLOW_UP.items() if tab in named}
    sheets = {tab: [list(row) for row in rows] for tab, rows in there.items()}
    for edit in edits:
        rows = sheets[edit.tab]
        if edit.tab == "Plan":
            row = next(row for row in rows if row[0] == edit.column)
            row[1] = edit.text
        else:
            header = list(there[edit.tab][0])
            rows[edit.row][header.index(edit.column)] = edit.text
    tabs = [
        RawTab(name, [(n, [typed(text) for text in row]) for n, row in enumerate(rows, 1)])
        for name, rows in sheets.items()
    ]
    return RawWorkbook(path, tabs)
