"""Right plans in strangers' habits have no finding that asks for something; mistakes are found."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.strangers.folder import COMPLAINTS, Folder, misses, mistaken_plans, right_plans
from tests.strangers.plans import MISTAKES

pytestmark = pytest.mark.slow


def test_right_plans_in_other_habits_are_right(tmp_path: Path) -> None:
    found = Folder(tmp_path, right_plans(60)).findings()

    complaints = {
        name: [one for one in findings if one[1] in COMPLAINTS] for name, findings in found.items()
    }
    assert len(found) == 60
    assert {name: some for name, some in complaints.items() if some} == {}


def test_each_typical_mistake_is_found(tmp_path: Path) -> None:
    """In one plan each; `python -m tests.strangers` puts each into ten."""
    assert len(MISTAKES) >= 40
    assert misses(Folder(tmp_path, mistaken_plans(1)).findings(), 1) == []
