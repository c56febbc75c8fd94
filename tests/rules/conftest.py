"""The one call of the gate that all cases of a module share."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from rules.judging.rule import Context
from rules.model.finding import Notice
from rules.model.shipped import SHIPPED
from tests.rules.helpers import ShownCase, all_passed, judge, lines


@pytest.fixture(scope="module")
def notices(request: pytest.FixtureRequest) -> Callable[[ShownCase], list[Notice]]:
    """What is found in a case of the module's table `CASES`."""
    by_title = all_passed(request.module.CASES)
    return lambda case: judge(by_title[case.title], Context(SHIPPED, case.today))


@pytest.fixture
def judged(notices: Callable[[ShownCase], list[Notice]]) -> Callable[[ShownCase], list[str]]:
    """What is found in a case, as sorted lines of the table."""
    return lambda case: lines(notices(case), with_path=len(case.raw) > 1)
