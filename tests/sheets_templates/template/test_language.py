"""All that staff read in the template: plain Danish, short sentences, no English words."""

from __future__ import annotations

import re
from collections.abc import Iterator

import pytest

from rules.model.shipped import SHIPPED
from sheets_templates.drawing.design import Formula, StyleRole
from sheets_templates.template.lists import CHANGES
from sheets_templates.template.plan_design import plan_design
from sheets_templates.template.waiver_sheet import waiver_design
from tests.rules.catalogue.test_catalogue import ENGLISH
from tests.sheets_templates.books import MASTER

LONGEST_SENTENCE = 20
DESIGNS = [plan_design(SHIPPED, MASTER), waiver_design(SHIPPED)]


def texts() -> Iterator[str]:
    for design in DESIGNS:
        for tab in design.tabs:
            yield tab.name
            if tab.role is not StyleRole.HIDDEN:
                for cell in tab.cells.values():
                    entry = cell.entry
                    shown = entry.result if isinstance(entry, Formula) else entry
                    if isinstance(shown, str):
                        yield shown
            for validation in tab.validations:
                yield from (validation.title, validation.hint, validation.error)
    for changes in CHANGES.values():
        yield from changes


ALL = sorted({text for text in texts() if text})


def test_there_is_much_to_read() -> None:
    assert len(ALL) > 250


@pytest.mark.parametrize("text", ALL)
def test_sentences_are_short_and_danish(text: str) -> None:
    for sentence in re.split(r"(?<=[.?!:])\s+|\n", text):
        words = re.findall(r"[\w-]+", sentence)
        assert len(words) <= LONGEST_SENTENCE, sentence
        assert not ENGLISH & {word.casefold() for word in words}, sentence


def test_every_prompt_ends_as_a_sentence_does() -> None:
    for design in DESIGNS:
        for tab in design.tabs:
            for validation in tab.validations:
                for text in (validation.hint, validation.error):
                    assert not text or text.endswith((".", "?")), text
