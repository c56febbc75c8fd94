"""docs/newcomer.md: a fifth area, a plan, five mistakes and their correction, as printed there."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from tests.docs.newcomer import CORRECTIONS, MISTAKES, ROOT, ROWS, TODAY, set_up, type_into
from tests.sync.helpers import helhedsplan

PAGE = (ROOT / "docs" / "newcomer.md").read_text(encoding="utf-8")
PRINTED = re.findall(r"```text\n(.*?)```", PAGE, re.DOTALL)


@pytest.mark.slow
def test_the_try_goes_as_the_page_tells(tmp_path: Path) -> None:
    config = set_up(tmp_path / "clean")
    file = config.parent / "sheets" / "Nordre Park.xlsx"

    def output_of(*arguments: object) -> str:
        return helhedsplan(*arguments, "-c", config).out

    def checked() -> str:
        return output_of("check", "--today", TODAY)

    assert output_of("new", file, "--area", "Nordre Park", "--plan", "NOR-2027").startswith("Made ")
    printed = [checked()]
    type_into(file, ROWS)
    printed.append(checked())
    type_into(file, MISTAKES)
    printed += [checked(), output_of("fix", "Nordre Park.xlsx")]
    assert "2 cells corrected" in output_of("fix", "Nordre Park.xlsx", "--yes")
    type_into(file, CORRECTIONS)
    printed.append(checked())

    assert printed == PRINTED
