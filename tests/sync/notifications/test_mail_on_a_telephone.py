"""A mail as a telephone shows it."""

from __future__ import annotations

from pathlib import Path

import pytest

from rules.model.finding import Severity
from sync.notifications.letter import Bar, Letter, as_html
from tests.browser import browser, needs_browser, opened

pytestmark = [*needs_browser, pytest.mark.slow]


def test_the_bars_are_not_cut_by_a_narrow_screen(tmp_path: Path) -> None:
    parts = {Severity.ERROR: 4, Severity.WARNING: 6}
    name = "TIB-NOEJ-2025-02 Boligsocial helhedsplan for Tibberupparken og Ellekildehave 2025-2028"
    letter = Letter(
        to="eva@example.dk", recipient="sekretariatet", about="sekretariatet",
        subject="Helhedsplaner, uge 53", opening="Hej", sections=[], closing="",
        bars=[Bar(name, parts, "4 fejl, 6 advarsler og 0 info")],
    )  # fmt: skip
    file = tmp_path / "mail.html"
    file.write_text(as_html(letter), encoding="utf-8")
    with browser() as chromium, opened(chromium, file, width=360) as (page, _heard):
        assert page.evaluate("document.documentElement.scrollWidth") <= 360
