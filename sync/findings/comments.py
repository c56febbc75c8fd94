"""Comments (bemærkninger): what the secretariat writes to the staff of a plan, and where it stands.

Pure. A comment to a row or a finding is tied to what it matched first, and follows it when rows
move. What ties it is remembered between runs; so are the comments themselves, for the runs in which
they cannot be read. A comment is no finding, and is counted as none.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import NamedTuple

from rules.judging.approved import workbook_key
from rules.model.finding import Finding, Place
from rules.model.plan import ROW_TYPES, Workbook, row_identity
from rules.model.tables import PLAN, TABLES
from rules.text.cell_names import parse_cell
from rules.text.danish import name_key
from rules.text.marking import N_
from sync.findings.comment_lines import (
    Comment,
    CommentLine,
    CommentStatus,
    KeptComment,
    PlacedComment,
)
from sync.findings.waiver_lines import Waiver
from sync.findings.waivers import fits
from sync.i18n.language import _

_FIRST = {table.key: table.columns[0].key for table in TABLES}
_WHAT_TO_DO = {
    CommentStatus.SHOWN: "",
    CommentStatus.SETTLED: "",
    CommentStatus.INCOMPLETE: N_("Skriv Plan-id og bemærkningen."),
    CommentStatus.MATCHES_NONE: N_(
        "Ingen kan se bemærkningen. Ret Plan-id, Kode, Regneark, Fane og Sted."
    ),
    CommentStatus.AMBIGUOUS: N_(
        "Ingen kan se bemærkningen. Skriv Regneark, Fane og Sted, så den kun passer på ét sted."
    ),
    CommentStatus.GONE: N_(
        "Ingen kan se bemærkningen. Rækken eller fundet er væk: Skriv et nyt Sted, eller skriv ja "
        "i »Løst«."
    ),
}


class _Row(NamedTuple):
    """A row that a comment may be to, by what it is known again, and its names."""

    place: Place
    tie: str
    names: Sequence[str]


@dataclass
class Comments:
    """The comments of a run: asked plan by plan, then for what became of each of them.

    `read` is None where they cannot be read; then those count that were `kept` before.
    """

    read: Sequence[Comment] | None
    kept: Sequence[KeptComment]
    _standing: dict[str, CommentStatus] = field(default_factory=dict)

    def __post_init__(self) -> None:
        self.all = self.read if self.read is not None else [one.comment for one in self.kept]
        self._ties = {one.comment.key: one.tie for one in self.kept if one.tie}
        self._by_plan: dict[str, list[Comment]] = defaultdict(list)
        for one in self.all:
            if one.is_settled:
                self._standing[one.key] = CommentStatus.SETTLED
            elif not one.plan_id or not one.text:
                self._standing[one.key] = CommentStatus.INCOMPLETE
            else:
                self._standing[one.key] = CommentStatus.MATCHES_NONE
                self._by_plan[name_key(one.plan_id)].append(one)

    def placed(
        self,
        plan_id: str | None,
        workbooks: Sequence[Workbook],
        findings: Mapping[str, Finding],
    ) -> dict[str, list[PlacedComment]]:
        """The comments to a plan with these workbooks and findings (by identity), by path."""
        found: dict[str, list[PlacedComment]] = defaultdict(list)
        for comment in self._by_plan.get(name_key(plan_id or ""), ()):
            wanted = name_key(comment.workbook)
            books = [one for one in workbooks if wanted in ("", name_key(one.path))]
            self._standing[comment.key], places = self._places(comment, books, findings)
            for place in places:
                found[place.workbook].append(PlacedComment(comment, place))
        return found

    def _places(
        self, comment: Comment, books: Sequence[Workbook], findings: Mapping[str, Finding]
    ) -> tuple[CommentStatus, Sequence[Place]]:
        if not comment.code and not comment.spot:
            places = list(_whole(comment, books))
            return (CommentStatus.SHOWN if places else CommentStatus.MATCHES_NONE), places
        tie = self._ties.get(comment.key, "")
        found = (_findings if comment.code else _rows)(comment, books, findings, tie)
        if len(found) != 1:
            none = CommentStatus.GONE if tie else CommentStatus.MATCHES_NONE
            return (CommentStatus.AMBIGUOUS if found else none), ()
        self._ties[comment.key], place = found[0]
        return CommentStatus.SHOWN, [place]

    def to_remember(self) -> list[KeptComment]:
        """The open comments, for the next run."""
        return [
            KeptComment(one, self._ties.get(one.key, ""))
            for one in self.all
            if self._standing[one.key] is not CommentStatus.SETTLED
        ]

    def lines(self) -> list[CommentLine]:
        """Every comment in the order in which they stand, with what became of it."""
        return [
            CommentLine(one, standing, _(_WHAT_TO_DO[standing]))
            for one in self.all
            for standing in (self._standing[one.key],)
        ]


def _whole(comment: Comment, books: Sequence[Workbook]) -> Iterator[Place]:
    """The workbooks, or in each the tab that is named."""
    for book in books:
        tabs = (tab for tab in book.tabs if name_key(tab) == name_key(comment.tab))
        if not comment.tab:
            yield Place(book.path)
        elif tab := next(tabs, None):
            yield Place(book.path, tab)


_Found = list[tuple[str, Place]]
"""Places, each with what it is known again by."""


def _findings(
    comment: Comment, _books: Sequence[Workbook], findings: Mapping[str, Finding], tie: str
) -> _Found:
    """The finding that the comment is tied to, else those that it names."""
    line = Waiver(
        comment.row, comment.plan_id, comment.code, comment.workbook, comment.tab, comment.spot
    )
    return [
        (identity, finding.place)
        for identity, finding in findings.items()
        if (identity == tie if tie else fits(line, finding))
    ]


def _rows(
    comment: Comment, books: Sequence[Workbook], _findings: Mapping[str, Finding], tie: str
) -> _Found:
    """The row that the comment is tied to, else those of its name, else that of its cell."""
    wanted, cell = name_key(comment.spot), parse_cell(comment.spot.upper())
    rows = [row for book in books for row in _all_rows(book, name_key(comment.tab))]

    def place(row: _Row) -> Place:
        """The row's place, at the cell where that is what is named."""
        if cell is None or wanted in row.names or row.place.header:
            return row.place
        return row.place._replace(column=cell[1])

    if tie:
        found = [row for row in rows if row.tie == tie]
    else:
        found = [row for row in rows if row.names[0] == wanted]
        found = found or [row for row in rows if wanted in row.names]
        found = found or [row for row in rows if cell and row.place.row == cell[0]]
    return [(row.tie, place(row)) for row in found]


def _all_rows(book: Workbook, tab: str) -> Iterator[_Row]:
    """The rows of a workbook, or of one of its tabs alone; of the form its fields."""
    for key, layout in book.layouts.items():
        if tab not in ("", name_key(layout.name)):
            continue
        before = f"{workbook_key(book)}|{key}|"
        if key == PLAN.key:
            for field_key, row in layout.fields.items():
                header = PLAN.column(field_key).header
                place = Place(book.path, layout.name, row, layout.columns.get("value", 1), header)
                yield _Row(place, before + field_key, [name_key(header)])
        for row in getattr(book, key, ()) if key in ROW_TYPES else ():
            identity = row_identity(row)
            place = Place(book.path, layout.name, row.row, layout.columns.get(_FIRST[key], 1))
            yield _Row(place, before + identity, identity.split("|"))
