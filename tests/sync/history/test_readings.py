"""What was read is judged again and put into words anew, without reading it again."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

import pytest

from rules.catalogue.catalogue import RULE_BY_CODE, RULES
from rules.judging.rule import Rule, Wording
from rules.model.shipped import SHIPPED
from sync.history.readings import settings_key
from sync.i18n.language import language_of
from tests.sync.helpers import Site, book, overview_of

WRONG = {"Indsatser!I2": "'ca. 5", "Milepæle!B3": "9"}
UNREADABLE = b"PK\x03\x04 cut off"


@pytest.fixture
def settled(site: Site) -> Site:
    """Workbooks that have been checked: one that is fine, one that is wrong, one unreadable."""
    site.put("a.xlsx", book(cells=WRONG))
    site.put("b.xlsx", book({"Plan-id": "P-2"}))
    site.put("c.xlsx", UNREADABLE)
    site.sync(hour=6)
    site.age()
    site.sync(hour=7)
    return site


def reworded(monkeypatch: pytest.MonkeyPatch, code: str, **texts: str) -> None:
    """Let a rule be worded otherwise from now on."""
    monkeypatch.setitem(RULE_BY_CODE, code, replace(RULE_BY_CODE[code], **texts))  # type: ignore[arg-type]


@pytest.mark.slow
def test_a_corrected_text_is_written_without_reading_anything(
    settled: Site, monkeypatch: pytest.MonkeyPatch
) -> None:
    before = settled.bytes_of_workbooks()
    reworded(monkeypatch, "CEL-02", message="Skriv beløbet »{text}« som et tal.")
    result = settled.sync(hour=8)

    assert not result.is_unchanged
    assert (result.read, result.written) == (0, ["a.xlsx"])
    assert (
        "FEJL Budget: Skriv beløbet »ca. 5« som et tal. (CEL-02)"
        in (settled.control("a.xlsx", "Indsatser")[2])
    )
    assert settled.bytes_of_workbooks()["b.xlsx"] == before["b.xlsx"]


def test_another_language_is_written_without_reading_anything(settled: Site) -> None:
    settled.configure(top='language = "en"')
    result = settled.sync(hour=8)

    assert result.read == 0
    assert sorted(result.written) == ["a.xlsx", "b.xlsx"]
    assert settled.control("a.xlsx", "Indsatser")[2].startswith("ERROR Budget: “ca. 5” cannot be")
    (line,) = [one for one in overview_of(result).notices if one.notice.workbook == "c.xlsx"]
    assert line.notice.message.startswith("The file")


def test_a_rule_between_rows_is_worded_anew_too(
    settled: Site, monkeypatch: pytest.MonkeyPatch
) -> None:
    reworded(
        monkeypatch, "MIL-02", message="Der er ingen indsats nr. {numbers:og}, ser det ud til."
    )
    result = settled.sync(hour=8)

    assert (result.read, result.written) == (0, ["a.xlsx"])
    assert "ser det ud til. (MIL-02)" in settled.control("a.xlsx", "Milepæle")[3]


def with_a_fact_more(rule: Rule) -> Rule:
    return replace(rule, fix=f"{rule.fix} {{tab}}")


def with_a_variant_more(rule: Rule) -> Rule:
    return replace(rule, variants={**rule.variants, "new": Wording("", "")})


@pytest.mark.parametrize("changed", [with_a_fact_more, with_a_variant_more])
def test_a_text_that_needs_other_facts_is_another_reading(changed: Callable[[Rule], Rule]) -> None:
    rules = [changed(rule) if rule.code == "CEL-02" else rule for rule in RULES]
    assert settings_key(SHIPPED, rules) != settings_key(SHIPPED, RULES)


def test_the_language_is_no_part_of_what_was_read() -> None:
    assert settings_key(replace(SHIPPED, language=language_of("en")), RULES) == settings_key(
        SHIPPED, RULES
    )
