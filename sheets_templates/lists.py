"""The words of the drop-downs: written into the validation, or on the hidden tab »Lister«."""

from __future__ import annotations

from collections.abc import Sequence

from openpyxl.utils import get_column_letter

from rules.parameters import Parameters
from rules.tables import Column, Listed
from sheets_templates.draft import Draft, Entry, Formula
from sheets_templates.sheet_page import shape_column
from sheets_templates.styles import HEADER_LIGHT, TEXT, TabColour

LISTS_TAB = "Lister"
LONGEST_LITERAL = 255
"""Excel refuses a longer list inside a validation."""

_FIRST_FREE = 4


class Lists:
    """Collects the lists that the drop-downs need, and writes those that need the hidden tab.

    The tab's columns A to C make the indsatsområder depend on the plan's program: C holds the
    areas of all programmes beside their programme in B, and A says which stretch of C is the
    plan's.
    """

    def __init__(self, parameters: Parameters) -> None:
        self._parameters = parameters
        self._long: dict[tuple[str, ...], str] = {}

    def source(self, column: Column) -> str:
        """What a list validation of this column is made from: its first formula."""
        if column.choices is Listed.EFFORT_AREAS:
            return f"OFFSET({LISTS_TAB}!$C$1,{LISTS_TAB}!$A$3,0,{LISTS_TAB}!$A$4,1)"
        if isinstance(column.choices, Listed):
            words = self._parameters.choices(column.choices)
        else:
            words = tuple(str(word) for word in column.choices)
        literal = ",".join(words)
        is_plain = not any(set(word) & set(',"') for word in words)
        if is_plain and len(literal) < LONGEST_LITERAL:
            return f'"{literal}"'
        self._long.setdefault(words, column.header)
        letter = get_column_letter(_FIRST_FREE + list(self._long).index(words))
        return f"{LISTS_TAB}!${letter}$2:${letter}${len(words) + 1}"

    def write(self, draft: Draft, programme_place: str, programme: str | None) -> None:
        """Append the hidden tab.

        Args:
            draft: the workbook.
            programme_place: where the plan's program stands (`Plan!$B$9`).
            programme: what stands there; the default holds where it is none of the programmes.
        """
        sheet = draft.add(LISTS_TAB, TabColour.HIDDEN)
        sheet.sheet_state = "hidden"
        pairs = [
            (p.name, area.name) for p in self._parameters.programmes for area in p.effort_areas
        ]
        names = [name for name, _ in pairs]
        default = self._parameters.default_programme
        chosen = programme if programme in names else default
        stretch, typed = f"$B$2:$B${len(pairs) + 1}", f"TRIM({programme_place})"
        quoted = default.replace('"', '""')
        rule = f'=IF(ISNUMBER(MATCH({typed},{stretch},0)),{typed},"{quoted}")'
        first = Formula(f"=MATCH($A$2,{stretch},0)", names.index(chosen) + 1)
        count = Formula(f"=SUMPRODUCT(--({stretch}=$A$2))", names.count(chosen))
        columns: list[tuple[str, Sequence[Entry]]] = [
            ("Planens program, dets første række og antal", (Formula(rule, chosen), first, count)),
            ("Program", names),
            ("Indsatsområde", [area for _, area in pairs]),
            *((header, words) for words, header in self._long.items()),
        ]
        for number, (header, entries) in enumerate(columns, 1):
            shape_column(sheet, number, 42, TEXT)
            draft.put(sheet, 1, number, header, HEADER_LIGHT)
            for row, entry in enumerate(entries, 2):
                draft.put(sheet, row, number, entry, TEXT)
