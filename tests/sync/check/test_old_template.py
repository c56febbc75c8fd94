"""`check` says which workbooks were made from an older template, and what is new since then."""

from __future__ import annotations

import io
from pathlib import Path

import pytest
from openpyxl import load_workbook

from sheets_templates.template.lists import CHANGES, VERSION
from tests.sheets_templates.books import example_book
from tests.sync.helpers import helhedsplan


def marked(header: str, mark: int | None) -> bytes:
    """The example workbook with another mark on the hidden tab."""
    book = load_workbook(io.BytesIO(example_book()))
    book["Lister"]["A1"], book["Lister"]["A2"] = header, mark
    out = io.BytesIO()
    book.save(out)
    return out.getvalue()


@pytest.mark.parametrize(
    ("header", "mark"),
    [("Planens program, dets første række og antal", None), ("Skabelon", 1)],
    ids=["before there were marks", "marked"],
)
def test_an_old_template_is_named_with_what_is_new(
    tmp_path: Path, header: str, mark: int | None
) -> None:
    (tmp_path / "Ny.xlsx").write_bytes(example_book())
    (tmp_path / "Gammel.xlsx").write_bytes(marked(header, mark))
    answer = helhedsplan("check", tmp_path, "--exit-zero").out

    assert f"Version 1 of the template (the newest is {VERSION}): Gammel.xlsx\n" in answer
    for change in CHANGES[VERSION]:
        assert f"  New since then: {change}\n" in answer


@pytest.mark.parametrize(("header", "mark"), [("Skabelon", 99), ("Områder", 1), ("Skabelon", None)])
def test_a_tab_of_the_same_name_is_no_template(
    tmp_path: Path, header: str, mark: int | None
) -> None:
    (tmp_path / "Egen.xlsx").write_bytes(marked(header, mark))

    assert "template" not in helhedsplan("check", tmp_path, "--exit-zero").out
