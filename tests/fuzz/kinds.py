"""The kinds of input: how each is made of chance, and what is claimed of it."""

from __future__ import annotations

import traceback
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from random import Random
from typing import Any

from tests.fuzz.claims import amount_claim, date_claim, number_claim, package_claim
from tests.fuzz.packages import changed
from tests.fuzz.runs import odd_folder, run_claim
from tests.fuzz.typed import typed_amount, typed_date


@dataclass(frozen=True, slots=True)
class Kind:
    """`claim` says what is wrong with what `make` made, or ''."""

    make: Callable[[Random], Any]
    claim: Callable[[Any], str]


def _number_like(text: str) -> str:
    return amount_claim(text) or number_claim(text)


KINDS: Mapping[str, Kind] = {
    "amounts": Kind(typed_amount, _number_like),
    "dates": Kind(typed_date, date_claim),
    "workbooks": Kind(changed, package_claim),
    "runs": Kind(odd_folder, run_claim),
}


def wrong_with(kind: Kind, seed: int) -> str:
    """What is wrong with the input of this number; an exception is, too."""
    made = kind.make(Random(seed))
    try:
        return kind.claim(made)
    except Exception as error:  # noqa: BLE001  whatever is raised is what we look for
        place = traceback.extract_tb(error.__traceback__)[-1]
        return f"{type(error).__name__}: {error} at {place.filename}:{place.lineno}"
