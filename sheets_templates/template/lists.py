"""The hidden tab »Lister«: the template's mark, the drop-downs' words, what is worked out.

Column by column:

    A  the mark: which version of the template the workbook was made from. It is in no tab that
       staff fill in, moves with a copy, and stands in Excel and in Google at the same place
    B  what is worked out: the plan's program, its stretch of the list, how many rows, the money
    C  the indsatsområder of the plan's program, which the drop-down offers; blank below them
    D  E  every program beside its indsatsområder
    F  G  the types of funding, and those that count as local
    H  I  J  the approval steps, whether each is done, and whether it is the turn of each
    K …  lists that are too long for a drop-down of their own
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence

from rules.model.cells import RawWorkbook, cell_text
from rules.model.choices import ChoiceList, FundingType
from rules.model.parameters import Parameters
from rules.model.tables import ACTIVITIES, HEADER_ROW, MILESTONES, Column
from rules.text.cell_names import CellRange, column_letters
from rules.text.danish import name_key
from rules.text.marking import N_
from sheets_templates.drawing.appearance import Style
from sheets_templates.drawing.design import (
    DesignedCell,
    DesignedColumn,
    Entry,
    Formula,
    StyleRole,
    TabDesign,
    WordRange,
)
from sheets_templates.template.layout import down, field_place, fixed, in_quotes, number_of

LISTS_TAB = "Lister"
MARK_HEADER = "Skabelon"
VERSION = 3
_UNMARKED_HEADER = "Planens program, dets første række og antal"
"""What stood at the place of the mark in version 1."""

CHANGES: Mapping[int, tuple[str, ...]] = {
    3: (
        N_("Godkendelser har de syv trin og Forberedelse de fire parter fra begyndelsen."),
        N_("Øverst i Plan står, hvor mange fejl og advarsler regnearket har."),
        N_("Hele kroner vises uden øre, og tomme faner har linjer at skrive på."),
        N_("Fanen Vejledning viser, hvad der stod forkert, og hvad der skal stå."),
        N_("Fanen Regnskab viser, hvad der er brugt, ved siden af budgettet."),
        N_("Fanen Indberetning viser, hvad Landsbyggefonden skal have, og hvornår."),
        N_("Godkendelser har kolonnen Runde til ændringer, som skal godkendes på ny."),
        N_("I Plan kan den ansvarlige skrive »Bekræftet af« og »Bekræftet den«."),
    ),
    2: (
        N_("Fanen Vejledning forklarer faner og regler."),
        N_("Finansiering viser den lokale medfinansiering, mens du skriver."),
        N_("Godkendelser viser det næste trin."),
        N_("Milepæle har en liste over indsatsernes numre, og overskredne datoer bliver røde."),
        N_("Felter med sumformler er beskyttet uden kode."),
    ),
}
"""For each version what is new in it, to be put into words."""

LONGEST_LITERAL = 255
"""Excel refuses a longer list inside a validation."""
STRETCH_LENGTH, ACTIVITY_ROWS = (f"{LISTS_TAB}!$B${row}" for row in (4, 5))
UNREADABLE, UNTYPED, LOCAL, TOTAL = (f"{LISTS_TAB}!$B${row}" for row in range(6, 10))
"""Cells of column B, as formulas of any tab name them."""
STEP_COLUMN = 8

_FIRST_FREE = 11
_WIDTH = 42.0


class Lists:
    """Says where the words of each drop-down stand; collects the lists that need the hidden tab."""

    def __init__(self, parameters: Parameters) -> None:
        self.language = parameters.language
        self._parameters = parameters
        self._longest_programme = max(len(one.effort_areas) for one in parameters.programmes)
        self._long: dict[tuple[str, ...], str] = {}

    def source(self, column: Column) -> tuple[str, ...] | WordRange:
        """The words of a drop-down, or where they stand."""
        if column is MILESTONES.column("activity_number"):
            numbers = down(number_of(ACTIVITIES, "number"))
            return WordRange(ACTIVITIES.tab, numbers, ACTIVITY_ROWS)
        if column.choices is ChoiceList.EFFORT_AREAS:
            offered = CellRange(2, 3, 1 + self._longest_programme, 3)
            return WordRange(LISTS_TAB, offered, STRETCH_LENGTH)
        words = self._parameters.words(column.choices)
        is_plain = not any(set(word) & set(',"') for word in words)
        if is_plain and len(",".join(words)) < LONGEST_LITERAL:
            return words
        self._long.setdefault(words, column.header)
        number = _FIRST_FREE + list(self._long).index(words)
        return WordRange(LISTS_TAB, CellRange(2, number, len(words) + 1, number))

    def tab(
        self,
        programme: str | None,
        activity_rows: int,
        money: Iterable[Formula],
        steps: Sequence[Sequence[Entry]],
    ) -> TabDesign:
        """The hidden tab; `programme` is what the form says, `activity_rows` how many there are.

        `money` goes on in column B, `steps` are the columns of the approval steps.
        """
        programmes = self._parameters.programmes
        pairs = [(one.name, area.name) for one in programmes for area in one.effort_areas]
        names = [name for name, _ in pairs]
        default = self._parameters.default_programme
        chosen = programme if programme in names else default
        start, length = names.index(chosen) + 1, names.count(chosen)
        stretch = _stretch(names, default, chosen)
        columns: list[tuple[str, Sequence[Entry]]] = [
            (MARK_HEADER, (VERSION,)),
            ("Mellemregninger", (*stretch, _activity_rows(activity_rows), *money)),
            ("Planens indsatsområder", tuple(self._offered(pairs, start, length))),
            ("Program", names),
            ("Indsatsområde", [area for _, area in pairs]),
            ("Type", tuple(FundingType)),
            ("Lokal", self._parameters.local_types),
            *zip(("Trin", "Færdigt", "På tur"), steps, strict=True),
            *((header, words) for words, header in self._long.items()),
        ]  # fmt: skip
        cells = {}
        for number, (header, entries) in enumerate(columns, 1):
            cells[1, number] = DesignedCell(header, Style.HIDDEN_HEADER)
            for row, entry in enumerate(entries, 2):
                cells[row, number] = DesignedCell(entry, Style.HIDDEN)
        shapes = (DesignedColumn(_WIDTH, Style.HIDDEN),) * len(columns)
        return TabDesign(LISTS_TAB, StyleRole.HIDDEN, shapes, cells, header_row=1)

    def _offered(self, pairs: Sequence[tuple[str, str]], at: int, length: int) -> Iterable[Formula]:
        """The list that the drop-down shows: formulas that follow the plan's program."""
        all_areas = CellRange(2, 5, len(pairs) + 1, 5).fixed_name
        first, count = "$B$3", "$B$4"
        for place in range(1, self._longest_programme + 1):
            text = f'=IF({place}<={count},INDEX({all_areas},{first}+{place - 1}),"")'
            yield Formula(text, pairs[at + place - 2][1] if place <= length else "")


def _stretch(names: Sequence[str], default: str, chosen: str) -> tuple[Formula, Formula, Formula]:
    """The plan's program (the default where it names none), its first place, and how many."""
    stretch = CellRange(2, 4, len(names) + 1, 4).fixed_name
    typed = f"TRIM({field_place('programme')})"
    rule = f"=IF(ISNUMBER(MATCH({typed},{stretch},0)),{typed},{in_quotes(default)})"
    return (
        Formula(rule, chosen),
        Formula(f"=MATCH($B$2,{stretch},0)", names.index(chosen) + 1),
        Formula(f"=SUMPRODUCT(--({stretch}=$B$2))", names.count(chosen)),
    )


def _activity_rows(count: int) -> Formula:
    """How far down Indsatser is filled: what the drop-down of Indsats nr. offers."""
    numbers = fixed(ACTIVITIES, number_of(ACTIVITIES, "number"))
    last = f"SUMPRODUCT(MAX((LEN({numbers})>0)*ROW({numbers})))"
    header = f"ROW({ACTIVITIES.tab}!${column_letters(1)}${HEADER_ROW})"
    return Formula(f"=MAX(1,{last}-{header})", max(1, count))


def version_of(workbook: RawWorkbook) -> int | None:
    """The version of the template that the workbook was made from; None if from none of ours."""
    for tab in workbook.tabs:
        if name_key(tab.name) != name_key(LISTS_TAB):
            continue
        rows = dict(tab.rows)
        first = cell_text(rows[1][0]) if rows.get(1) else ""
        if first == _UNMARKED_HEADER:
            return 1
        mark = rows[2][0] if first == MARK_HEADER and rows.get(2) else None
        if isinstance(mark, int | float) and 0 < mark <= VERSION:
            return int(mark)
    return None


def changes_since(version: int) -> tuple[str, ...]:
    """What newer versions of the template have that this one has not."""
    return tuple(one for newer in sorted(CHANGES) if newer > version for one in CHANGES[newer])
