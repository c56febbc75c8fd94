"""Whose a column Kontrol is, and which texts are the job's."""

from __future__ import annotations

import pytest

from rules.gate.own_places import own_column
from rules.model.cells import RawRow
from rules.text.job_texts import is_control_text, own_number

VERDICT = "FEJL Budget: »ca. 5« kan ikke læses. (CEL-02)"
HEADER = ["Nr.", "Kontrol", "KONTROL 2", "Noter"]


def rows(*pairs: tuple[str | int | None, str | int | None]) -> list[RawRow]:
    return [(number, ["x", one, two]) for number, (one, two) in enumerate(pairs, 2)]


@pytest.mark.parametrize(
    ("found", "known", "column", "header"),
    [
        (rows(("OK", None), (VERDICT, None)), "", 2, "Kontrol"),
        (rows((None, None)), "", 2, "Kontrol"),
        (rows(("Set af Lise", None)), "", 3, "KONTROL 2"),
        (rows(("Set af Lise", "OK")), "", 3, "KONTROL 2"),
        (rows(("Set af Lise", "Mangler")), "", None, "Kontrol 3"),
        (rows((None, "OK")), "", 3, "KONTROL 2"),
        (rows((None, None), ("OK", None)), "Kontrol 2", 2, "Kontrol"),
        (rows(("OK", None), ("Set", None)), "", 3, "KONTROL 2"),
        (rows(("OK", None), ("Set", None)), "Kontrol", 2, "Kontrol"),
        (rows(("Set", None)), "Kontrol", 2, "Kontrol"),
        (rows(("Set", None), ("Set", None)), "Kontrol", 3, "KONTROL 2"),
        (rows((7, None)), "", 3, "KONTROL 2"),
    ],
)
def test_the_column_that_is_the_jobs(
    found: list[RawRow], known: str, column: int | None, header: str
) -> None:
    own = own_column(HEADER, found, known)
    assert (own.column, own.header) == (column, header)


@pytest.mark.parametrize(
    ("text", "is_the_jobs"),
    [
        ("OK", True),
        (VERDICT, True),
        (f"{VERDICT}\r\nADVARSEL: mangler. (FOR-01)", True),
        ("WARNING Budget: typed as text. (CEL-07)", True),
        ("ok", False),
        ("OK – Lise", False),
        ("FEJL i bilag", False),
        ("INFO: ring til Lise", False),
        (f"{VERDICT}\nrettet af Lise", False),
        ("Fejl: se bilag (CEL-02)", False),
        ("Se bilag (CEL-02)", False),
    ],
)
def test_the_texts_that_are_the_jobs(text: str, is_the_jobs: bool) -> None:
    assert is_control_text(text) is is_the_jobs


@pytest.mark.parametrize(
    ("name", "number"),
    [
        ("Kontrol", 1), (" kontrol ", 1), ("KONTROL 2", 2), ("Kontrol2", 2), ("Kontrol 12", 12),
        ("Kontrol:", None), ("Kontrol (2)", None), ("Kontrol 1", None), ("Kontroller", None),
        ("Kontrol 2025", None), ("", None), ("Egen kontrol", None),
    ],
)  # fmt: skip
def test_the_names_of_the_jobs_places(name: str, number: int | None) -> None:
    assert own_number(name, "Kontrol") == number
