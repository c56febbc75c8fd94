"""What people type for a step, a party, a type or a decision, and what it is read as."""

from __future__ import annotations

import pytest

from rules.model.choices import ChoiceList, Choices, Decision, FundingType, Party, PlanStatus
from rules.model.shipped import SHIPPED

READ_AS: list[tuple[str, str, Choices]] = [
    ("LBF", "Landsbyggefonden", tuple(FundingType)),
    ("helsingør kommune", "Kommune", tuple(FundingType)),
    ("Helsingør Kommune", "Kommune", tuple(Party)),
    ("Afdelingen", "Boligafdeling", tuple(FundingType)),
    ("Beboerdemokrati", "Beboerdemokrater", tuple(Party)),
    ("Tiltrådt", "Godkendt", tuple(Decision)),
    ("Vedtaget", "Godkendt", tuple(Decision)),
    ("Bevilget", "Godkendt", tuple(Decision)),
    ("Imødekommet", "Godkendt", tuple(Decision)),
    ("Afslået", "Afvist", tuple(Decision)),
    ("Vedtaget", "Godkendt", tuple(PlanStatus)),
    ("LBF", "Landsbyggefonden", ChoiceList.STEPS),
    ("Afdelingsmøde", "Beboerdemokrati", ChoiceList.STEPS),
    ("Afdelingsbestyrelsen", "Beboerdemokrati", ChoiceList.STEPS),
    ("Organisationsbestyrelse", "Boligorganisation", ChoiceList.STEPS),
    ("Repræsentantskabet", "Boligorganisation", ChoiceList.STEPS),
    ("Fagudvalg", "Politisk udvalg", ChoiceList.STEPS),
    ("Økonomiudvalget", "Politisk udvalg", ChoiceList.STEPS),
    ("2019-2026", "2019-26", ChoiceList.PROGRAMMES),
    ("2011-2014", "2011-14", ChoiceList.PROGRAMMES),
    ("Byrådssekretariatet", "Byrådssekretariatet", ChoiceList.STEPS),
]


@pytest.mark.parametrize(("typed", "meant", "choices"), READ_AS)
def test_what_is_typed_is_read_as_its_choice(typed: str, meant: str, choices: Choices) -> None:
    assert SHIPPED.meaning(choices)(typed) == meant
