"""GDP: no CPR number in a shared workbook. Found by the gate, in every cell and beside them."""

from __future__ import annotations

from rules.judging.rule import ExampleCell, Rule, Wording
from rules.model.finding import Severity
from rules.text.marking import N_

_BESIDE = N_(
    "Se efter i sidehoved, figurer, valglister, beskeder, formler og links, også i ældre udgaver."
)
_WORKBOOK = N_("Se efter i fanernes navne, andre navne, talformater og filens egenskaber.")

RULES = (
    Rule(
        code="GDP-01",
        title="Cpr-nummer i regnearket",
        severity=Severity.ERROR,
        message="Her står et cpr-nummer. Slet det straks.",
        fix="Slet cpr-nummeret i {cell} og i ældre udgaver af filen, som andre kan åbne.",
        variants={
            "comment": Wording(
                "Her står et cpr-nummer i cellens kommentar. Slet det straks.",
                "Slet cpr-nummeret i kommentaren til {cell} og i ældre udgaver af filen.",
            ),
            "beside": Wording(
                "Uden for fanens celler står et cpr-nummer. Slet det straks.", _BESIDE
            ),
            "workbook": Wording(
                "Uden for cellerne står et cpr-nummer. Slet det straks.", _WORKBOOK
            ),
        },
        why="Et regneark, som mange kan åbne, må ikke indeholde cpr-numre.",
        source="Databeskyttelsesloven § 11; cpr.dk om nummerets opbygning",
        wrong=(ExampleCell("Indsatser", 1, "Erfaringer", "Henvist af skolen (010170-0000)"),),
        right=(ExampleCell("Indsatser", 1, "Erfaringer", "Henvist af skolen"),),
    ),
    Rule(
        code="GDP-02",
        title="Ti cifre, der ligner et cpr-nummer",
        severity=Severity.WARNING,
        message="Her står ti cifre, der ligner et cpr-nummer. Slet dem, hvis de er et cpr-nummer.",
        fix="Slet cifrene i {cell}, hvis de er et cpr-nummer. Skriv dem ellers tre og tre med "
        "mellemrum.",
        variants={
            "comment": Wording(
                "I kommentaren står ti cifre, der ligner et cpr-nummer. Slet dem, hvis de er et "
                "cpr-nummer.",
                "Slet cifrene i kommentaren til {cell}, hvis de er et cpr-nummer.",
            ),
            "beside": Wording(
                "Uden for fanens celler står ti cifre, der ligner et cpr-nummer. "
                "Slet dem, hvis de er et cpr-nummer.",
                _BESIDE,
            ),
            "workbook": Wording(
                "Uden for cellerne står ti cifre, der ligner et cpr-nummer. "
                "Slet dem, hvis de er et cpr-nummer.",
                _WORKBOOK,
            ),
        },
        why="Cpr-numre bliver også skrevet uden bindestreg.",
        source="Databeskyttelsesloven § 11; cpr.dk om nummerets opbygning",
        wrong=(ExampleCell("Indsatser", 1, "Erfaringer", "Se sag 0101700000"),),
        right=(ExampleCell("Indsatser", 1, "Erfaringer", "Se sag 24-118"),),
    ),
)
