"""Copies are known by their names."""

from __future__ import annotations

import pytest

from rules.text.copy_names import is_copy_by_name, says_copy

CASES = [
    ("Plan.xlsx", False),
    ("Plan 2027.xlsx", False),
    ("Plan-vest.xlsx", False),
    ("Plan-2027.xlsx", False),
    ("Plan (Nøjsomhed).xlsx", False),
    ("Planer.xlsx", False),
    ("Kopi af Planer.xlsx", False),
    ("Kopiplan.xlsx", False),
    ("Plan-DESKTOP-4F2K9.xlsx", True),
    ("Plan-PC01.xlsx", True),
    ("Plan-LAPTOP.xlsx", True),
    ("Plan (1).xlsx", True),
    ("Plan(2).xlsm", True),
    ("Plan - Kopi.xlsx", True),
    ("Plan - Kopi (2).xlsx", True),
    ("plan - kopi.xlsx", True),
    ("Plan – kopi.xlsx", True),
    ("Plan-KOPI.xlsx", True),
    ("Plan kopi 2.xlsx", True),
    ("Plan - Copy.xlsx", True),
    ("Plan - Kopie.xlsx", True),
    ("Plan – kopia.xlsx", True),
    ("Kopia av Plan.xlsx", True),
    ("Kopie von Plan.xlsx", True),
    ("Kopi af Plan.xlsx", True),
    ("Kopi (2) af Plan.xlsx", True),
    ("Copy of Plan.xlsx", True),
    ("mappe/Kopi af plan.xlsx", True),
    ("Plan (Kopi fra pc7).xlsx", True),
    ("Plan (Annas modstridende kopi 2026-11-23).xlsx", True),
    ("Plan (Anna's conflicted copy 2026-11-23).xlsx", True),
    ("Plan (conflicted copy 2026-11-23 101500).xlsx", True),
    ("Plan_conflict-20261123-101500.xlsx", True),
    ("Plan.sync-conflict-20261123-101500-ABCDEFG.xlsx", True),
]


@pytest.mark.parametrize(("name", "is_copy"), CASES, ids=[name for name, _ in CASES])
def test_copies_are_known_by_their_names(name: str, is_copy: bool) -> None:
    assert is_copy_by_name(name, "Plan.xlsx") is is_copy


def test_names_are_compared_however_their_letters_are_put_together() -> None:
    assert is_copy_by_name("Kopi af A\u030ahus.xlsx", "\u00c5hus.xlsx")


def test_a_long_name_takes_no_long_time() -> None:
    assert not is_copy_by_name("Plan" + " (" * 5_000 + ".xlsx", "Plan.xlsx")
    assert not is_copy_by_name("Plan" + "-A" * 5_000 + "!.xlsx", "Plan.xlsx")


@pytest.mark.parametrize(
    ("name", "says_it"),
    [
        ("Plan.xlsx", False),
        ("Kopiplan.xlsx", False),
        ("Konfliktråd.xlsx", False),
        ("Plan (Nøjsomhed).xlsx", False),
        ("Plan 2025-2028.xlsx", False),
        ("Plan (2025).xlsx", False),
        ("Genopretningsplan.xlsx", False),
        ("kopi/Plan.xlsx", False),
        ("Vapnagaard (Mettes konfliktkopi 2026-11-20).xlsx", True),
        ("Vapnagaard (Mettes konflikt 2026-11-20).xlsx", True),
        ("Vapnagaard_conflict-20261123-101500.xlsx", True),
        ("Vapnagaard.sync-conflict-20261123-101500-ABC.xlsx", True),
        ("Sikkerhedskopi af Plan.xlsx", True),
        ("Plan_kopi.xlsx", True),
        ("Copy of Plan.xlsx", True),
        ("Plan backup 2026-11-23.xlsx", True),
        ("Plan (Gendannet).xlsx", True),
        ("Plan [Recovered].xlsx", True),
        ("Plan (Autosaved).xlsx", True),
        ("Plan (3).xlsx", True),
        ("AutoGendan-version af Plan.xlsx", True),
        ("Kopie von Plan.xlsx", True),
        ("Copie de Plan.xlsx", True),
    ],
)
def test_a_copy_says_so_without_its_original(name: str, says_it: bool) -> None:
    assert says_copy(name) is says_it
