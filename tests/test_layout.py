"""The layout stays what decision 29 made of it: python -m tests.layout prints the figures."""

from __future__ import annotations

from tests.layout import layout


def test_packages_are_few_and_only_main_is_loose() -> None:
    assert layout().loose == {"sync.__main__"}
    assert len(layout().units) <= 20
    assert len(layout().arrows) <= 90


def test_nothing_imports_in_circles() -> None:
    assert layout().floors <= 10
    assert len(layout().chain) <= 16
