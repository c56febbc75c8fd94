"""Which word of a list a typed text means, and which is nearest when it means none."""

from __future__ import annotations

from collections.abc import Callable

from rules.model.parameters import Parameters
from rules.model.tables import ChoiceList, Column
from rules.text.danish import name_key, words_key


class Choices:
    """The lists of choices by the given parameters, with their accepted spellings."""

    def __init__(self, parameters: Parameters) -> None:
        self._parameters = parameters
        self._literal: dict[tuple[str, ...], dict[str, str]] = {}

    def meaning(self, column: Column, programme: str | None) -> Callable[[str], str]:
        """A function from typed text to the choice that it means, or to itself if to none.

        Effort areas are matched in the list of `programme`; word order and simple plurals do not
        count there.
        """
        if column.choices is ChoiceList.EFFORT_AREAS:
            by_words = self._parameters.effort_area_spelled.get(programme or "", {})
            return lambda text: by_words.get(words_key(text), text)
        if isinstance(column.choices, ChoiceList):
            spelled = self._parameters.spelled[column.choices]
        else:
            spelled = self._literal.setdefault(
                column.choices, {name_key(word): str(word) for word in column.choices}
            )
        return lambda text: spelled.get(name_key(text), text)

    def words(self, column: Column, programme: str | None) -> tuple[str, ...]:
        """The words that may stand in the column."""
        if column.choices is ChoiceList.EFFORT_AREAS and programme:
            return self._parameters.effort_areas(programme)
        if isinstance(column.choices, ChoiceList):
            return self._parameters.choices(column.choices)
        return tuple(str(word) for word in column.choices)
