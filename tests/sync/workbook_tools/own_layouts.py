"""Workbooks as areas have made them for themselves, before there was a template."""

from __future__ import annotations

import io
from collections.abc import Sequence
from datetime import date
from typing import Any

from openpyxl import Workbook

Grid = Sequence[Sequence[Any]]

ENGLISH: dict[str, Grid] = {
    "Master data": [
        ["Social plan Vapnagaard"],
        [],
        ["Plan number", "VAP-2025"],
        ["Plan name", "Helhedsplan Vapnagaard 2025-2028"],
        ["Area", "Vapnagaard"],
        ["Housing organisation", "Boliggården"],
        ["Plan start", date(2025, 1, 1)],
        ["Plan end", date(2028, 12, 31)],
        ["Plan status", "I gang"],
        ["Contact person", "Mette Holm"],
    ],
    "Activities": [
        ["Activities of the plan"],
        ["No.", "Effort area", "Activity", "Target group", "Responsible", "Start date", "End date",
         "State", "Budget (DKK)", "Our own notes"],
        [1, "Sundhed", "Café", "Alle", "Mette", date(2025, 2, 1), date(2028, 6, 30), "I gang",
         4_800_000, "x"],
        [2, "Børn, unge og familie", "Lektiehjælp", "Børn", "Ali", date(2025, 2, 1),
         date(2028, 6, 30), "Planlagt", 3_200_000, ""],
    ],
    "Funding": [
        ["Funding source", "Source type", "Commitment", "Budget 2025", "Budget 2026",
         "Budget 2027", "Budget 2028", "Remarks"],
        ["LBF", "Landsbyggefonden", "Ja", 1_500_000, 1_500_000, 1_500_000, 1_500_000, ""],
        ["Helsingør", "Kommune", "Ja", 500_000, 500_000, 500_000, 500_000, ""],
    ],
    "Decisions": [
        ["Step", "Committee", "Sent on", "Decision", "Decision date", "Case no."],
        ["Politisk udvalg", "Social", date(2024, 4, 10), "Godkendt", date(2024, 5, 7), "24/1"],
        ["Byråd", "Byrådet", date(2024, 5, 10), "Godkendt", date(2024, 6, 3), "24/2"],
    ],
    "Employees": [
        ["Name", "Position", "Hours per week", "Employed from", "E-mail address"],
        ["Mette Holm", "Projektleder", 37, date(2025, 1, 1), "mette@firma.example"],
        ["Ali Demir", "Koordinator", 30, date(2025, 1, 1), "ali@firma.example"],
    ],
}  # fmt: skip

ONE_TAB: dict[str, Grid] = {
    "Ellekildehave": [
        ["Helhedsplan for Ellekildehave"],
        ["Plannummer", "ELL-2025"],
        ["Planens navn", "Ellekildehave 2025-2028"],
        ["Boligområde", "Ellekildehave"],
        ["Boligselskab", "Nordkysten"],
        ["Startdato", date(2025, 1, 1)],
        ["Slutdato", date(2028, 12, 31)],
        ["Planstatus", "I gang"],
        [],
        ["Aktiviteter"],
        ["Nr.", "Indsatsområde", "Aktivitet", "Tovholder", "Startdato", "Slutdato", "Status",
         "Budget (t.kr.)"],
        ["1", "Sundhed", "Café", "Lone", date(2025, 2, 1), date(2028, 6, 30), "I gang", 4_800],
        ["2", "Kultur og fritid", "Idræt", "Jens", date(2025, 2, 1), date(2028, 6, 30), "Planlagt",
         3_200.5],
        [],
        ["Økonomi i t.kr."],
        ["Finansieringskilde", "Type", "Tilsagn", "2025 (t.kr.)", "2026 (t.kr.)", "2027 (t.kr.)",
         "2028 (t.kr.)"],
        ["Landsbyggefonden", "Landsbyggefonden", "Ja", 1_500, 1_500, 1_500, 1_500.5],
        ["Kommunen", "Kommune", "Ja", 500, 500, 500, 500],
        [],
        ["Godkendelser"],
        ["Trin", "Udvalg", "Beslutning", "Beslutningsdato"],
        ["Politisk udvalg", "Social", "Godkendt", date(2024, 5, 7)],
        ["Byråd", "Byrådet", "Godkendt", date(2024, 6, 3)],
    ],
}  # fmt: skip

UNSURE: dict[str, Grid] = {
    "Plan": [
        ["Felt", "Værdi"], ["Plan-id", "TIB-2025"], ["Plannavn", "Tibberupparken"],
        ["Boligområde", "Tibberupparken"], ["Boligorganisation", "Nordkysten"],
        ["Startdato", date(2025, 1, 1)], ["Slutdato", date(2028, 12, 31)],
        ["Planstatus", "I gang"],
    ],
    "Indsatser": [
        ["Nr.", "Område", "Titel", "Anvarlig", "Startdato", "Slutdato", "Status", "Kroner", "Sum"],
        ["1", "Sundhed", "Café", "Lone", date(2025, 2, 1), date(2028, 6, 30), "I gang", 100_000,
         "x"],
        ["2", "Sundhed", "Løb", "Jens", date(2025, 2, 1), date(2028, 6, 30), "I gang", 200_000,
         "y"],
    ],
    "Finansiering": [
        ["Kilde", "Type", "Tilsagn", "2025"],
        ["LBF", "Landsbyggefonden", "Ja", 225_000], ["Kommunen", "Kommune", "Ja", 75_000],
    ],
    "Godkendelser": [
        ["Trin", "Instans", "Afgørelse", "Afgørelsesdato"],
        ["Byråd", "Byrådet", "Afventer", None],
    ],
    "Budgetark": [["År", "Konto", "Beløb"], [2025, "A", 5], [2026, "B", 6]],
}  # fmt: skip


DECOYS: dict[str, Grid] = {
    "Logbog": [["Dato", "Hvem", "Hvad"], [date(2025, 1, 1), "Mette", "x"],
               [date(2025, 2, 1), "Ali", "y"]],
    "Kontakter": [["Navn", "Rolle", "E-mail", "Telefon"],
                  ["Mette", "Projektleder", "m@firma.example", "49 28 00 00"]],
    "Regnskab": [["Post", "Type", "Kilde", "Forbrug 2025", "Forbrug 2026"],
                 ["Løn", "Kommune", "Kommunen", 5_000, 6_000],
                 ["Leje", "Fond", "Fonden", 5_000, 6_000]],
    "Aktiviteter": [
        ["Aktivitet", "Område", "Ansvarlig", "Start", "Slut", "Status", "Beløb", "Navn"],
        ["Café", "Nord", "Lone", 2025, 2026, "gul", "ca. 500", "x"],
        ["Løb", "Syd", "Jens", 2025, 2026, "rød", "ved ikke", "y"],
    ],
}  # fmt: skip
"""Tabs that look like ours and are not, or hold something else than their headers say."""


def saved(tabs: dict[str, Grid]) -> bytes:
    """The workbook as a file's bytes."""
    workbook = Workbook()
    workbook.remove(workbook.worksheets[0])
    for name, rows in tabs.items():
        sheet = workbook.create_sheet(name)
        for row, cells in enumerate(rows, 1):
            for column, value in enumerate(cells, 1):
                if value not in (None, ""):
                    sheet.cell(row, column).value = value
    out = io.BytesIO()
    workbook.save(out)
    return out.getvalue()
