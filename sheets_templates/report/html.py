"""A page as one file of HTML that needs nothing else: no script to be read, no other file, no net.

Its style and its one small script are the only ones that the browser runs: the page names their
digests in its security policy, and forbids all else. A text that looks like markup stays text.
"""

from __future__ import annotations

import base64
import hashlib
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from functools import cached_property, lru_cache
from itertools import repeat
from pathlib import Path
from typing import NamedTuple

from babel.numbers import format_decimal
from jinja2 import Environment
from markupsafe import Markup, escape

from rules.text.language import Language
from sheets_templates.drawing.appearance import Mark
from sheets_templates.report.description import (
    HERE,
    BriefTable,
    CellKind,
    Chart,
    ChartKind,
    Figure,
    Heading,
    Highlight,
    Link,
    ReportCell,
    ReportSheet,
    SmallTable,
    has_oere,
)
from sheets_templates.report.markup import environment
from sheets_templates.report.page import Card, Facets, Page, with_columns
from sheets_templates.report.svg import Drawing, drawn, percent, time_line

_FOLDER = Path(__file__).parent / "web"
_MOST_UPRIGHT = 7
"""As many columns a table has on an upright page of paper."""
_LONG = 36
"""From which width on, in characters, a column holds sentences."""
_LOOKS = {
    CellKind.AMOUNT: "r",
    CellKind.PERCENT: "r",
    CellKind.COUNT: "r",
    CellKind.CHANGE: "r",
    CellKind.CENTRED: "m",
    CellKind.DATE: "d",
}
"""The class of each kind of cell: to the right, in the middle, on one line."""


class Cell(NamedTuple):
    """A cell as the page shows it: its text, where it leads, and its classes."""

    text: str
    href: str
    classes: str

    def html(self, tag: tuple[str, str]) -> str:
        """The element, its text escaped, with this tag and attribute, which only one with text has.

        The first of a row is its heading, and has the attribute always.
        """
        name, more = tag
        text: str = escape(self.text)
        if self.href:
            text = f'<a href="{escape(self.href)}">{text}</a>'
        classes = f' class="{self.classes}"' if self.classes else ""
        return f"<{name}{more if text else ''}{classes}>{text}</{name}>"


@dataclass(frozen=True, slots=True)
class TableView:
    """A table as the page shows it. Each of `groups` has a heading, which is empty for only one.

    On a telephone a table of texts becomes a list (`stack`), and one of numbers scrolls sideways.
    """

    key: str
    caption: str
    headings: Sequence[tuple[str, str]]
    groups: Sequence[tuple[str, Markup]]
    look: str


@dataclass(frozen=True, slots=True)
class FigureView:
    """A large figure, with the class of its mark and the place on the page that explains it."""

    label: str
    text: str
    mark: str
    href: str


@dataclass(frozen=True, slots=True)
class SheetView:
    """A sheet as the page shows it; of its small tables also what stands in place of no rows."""

    key: str
    title: str
    line: str
    figures: Sequence[FigureView]
    table: TableView | None
    tables: Sequence[tuple[str, TableView | None, str]]


@dataclass(frozen=True, slots=True)
class ChartView:
    """A chart, and the table of its numbers, None where that stands beside it anyway."""

    key: str
    title: str
    drawing: Drawing
    table: TableView | None


@dataclass(frozen=True, slots=True)
class CardView:
    """A card as the page shows it; `facts` are what else stands in the plan's line."""

    key: str
    state: Cell
    card: Card
    links: Sequence[Cell]
    facts: Sequence[tuple[str, Cell]]
    figures: Sequence[FigureView]
    steps: Sequence[tuple[str, Sequence[str]]]
    share: ChartView | None
    years: ChartView | None
    time: Markup | None
    sheets: Sequence[SheetView]


def page_html(page: Page) -> bytes:
    """The page as a file's bytes, in UTF-8."""
    style, script, policy = _assets()
    view = _View(page)
    text = (
        _templates()
        .get_template("page.html")
        .render(
            page=page,
            policy=policy,
            style=style,
            script=script,
            figures=view.figures(page.figures),
            plans=view.sheet(with_columns(page.plans, page.first), "plans", page.facets),
            cards=[view.card(number, card) for number, card in enumerate(page.cards)],
            charts=[view.chart(chart, f"c{number}") for number, chart in enumerate(page.charts)],
            sheets=[view.sheet(sheet, _id_of(sheet)) for sheet in page.sheets],
            words=_words(page.language),
        )
    )
    return text.encode()


def _words(language: Language) -> Mapping[str, str]:
    """The page's own words, by what the template calls them."""
    return {
        "skip": language.text("Gå til indholdet"),
        "contents": language.text("Indhold"),
        "filters": language.text("Vis kun"),
        "all": language.text("alle"),
        "reset": language.text("Vis alle"),
        "shown": language.text("{shown} af {all} planer vises."),
        "figures": language.text("Tal for alle planer"),
        "plans": language.text("Hvor er der brug for dig?"),
        "plans_line": language.text(
            "Det, der haster mest, står øverst. Klik på en plan for at læse om den."
        ),
        "cards": language.text("Plan for plan"),
        "charts": language.text("Diagrammer"),
        "money": language.text("Penge"),
        "steps": language.text("Godkendelser"),
        "time": language.text("Tidslinje"),
        "numbers": language.text("Tallene i diagrammet"),
        "dates": language.text("Datoerne på tidslinjen"),
        "day": language.text("Dato"),
        "what": language.text("Hvad"),
        "facts": language.text("Mere om planen"),
        "open": language.text("Åbn regnearket"),
        "top": language.text("Til toppen"),
        "nothing": language.text("Der er ingen."),
        "made": language.text(
            "Siden laves forfra ved hver kontrol. Tallene er fra planernes regneark."
        ),
    }


@lru_cache(maxsize=1)
def _templates() -> Environment:
    return environment(_FOLDER)


@lru_cache(maxsize=1)
def _assets() -> tuple[Markup, Markup, str]:
    """The style, the script, and the policy that allows them and nothing else."""
    style = _templates().get_template("page.css").render()
    script = _templates().get_template("page.js").render()
    policy = (
        f"default-src 'none'; style-src '{_digest(style)}'; script-src '{_digest(script)}'; "
        "base-uri 'none'; form-action 'none'"
    )
    return Markup(style), Markup(script), policy  # our own files, no text from a sheet


def _digest(text: str) -> str:
    return f"sha256-{base64.b64encode(hashlib.sha256(text.encode()).digest()).decode()}"


@dataclass(frozen=True)
class _View:
    """Makes of what the page holds what the template shows."""

    page: Page

    @cached_property
    def _cards(self) -> Mapping[str, str]:
        """Where the card of each plan is, by what the tables call the plan."""
        number = self._number_of(self.page.plans.headings, self.page.plan_heading)
        names = [_plain(card.row[number]) for card in self.page.cards]
        return {name: f"#plan-{n}" for n, name in reversed(list(enumerate(names)))}

    @staticmethod
    def _number_of(headings: Sequence[Heading], text: str) -> int:
        return next(n for n, one in enumerate(headings) if one.text == text)

    def figures(self, figures: Sequence[Figure]) -> list[FigureView]:
        """The figures; each leads to the table on this page that explains it, if there is one."""
        places = {sheet.name: f"#{_id_of(sheet)}" for sheet in self.page.sheets}
        return [
            FigureView(
                one.label,
                shown(one.value, one.kind, self.page.language, has_oere=has_oere([one.value])),
                f"{'' if isinstance(one.value, str) else 'd '}{_class_of(one.mark)}".strip(),
                places.get(one.leads_to, ""),
            )
            for one in figures
        ]

    def sheet(self, sheet: ReportSheet, key: str, facets: Sequence[Facets] = ()) -> SheetView:
        """A sheet; without a table where it has no rows."""
        joined = [{name: "\n".join(some) for name, some in one.items()} for one in facets]
        table = self._table(sheet, key, joined) if sheet.rows else None
        tables = [self._small(one, f"{key}-{n}") for n, one in enumerate(sheet.tables)]
        return SheetView(key, sheet.title, sheet.line, self.figures(sheet.figures), table, tables)

    def _small(self, small: SmallTable, key: str) -> tuple[str, TableView | None, str]:
        if not small.rows:
            return small.title, None, small.empty
        texts = small.headings or ("",) * len(small.shares)
        columns = zip(*small.rows, strict=True)
        headings = tuple(
            Heading(text, CellKind.DATE if isinstance(column[0], date) else CellKind.TEXT)
            for text, column in zip(texts, columns, strict=True)
        )
        sheet = ReportSheet("", small.title, "", headings, small.rows)
        return small.title, self._table(sheet, key), small.empty

    def _table(
        self, sheet: ReportSheet, key: str, facets: Sequence[Mapping[str, str]] = ()
    ) -> TableView:
        """The table; `facets` are what the filters ask of its rows besides what stands in them."""
        headings, language = sheet.headings, self.page.language
        plan = self.page.plan_heading
        columns = [
            _Column(one, [row[n] for row in sheet.rows], language, stays_whole=one.text == plan)
            for n, one in enumerate(headings)
        ]
        marks = _Marks(sheet.highlights, len(headings))
        asked = [("plan", n) for n, one in enumerate(headings) if one.text == plan]
        asked += [
            (f.key, n)
            for f in self.page.filters
            for n, one in enumerate(headings)
            if f.heading and one.text == f.heading
        ]
        is_grouped = sheet.key in self.page.grouped
        heads = [(one.heading.text, one.head) for one in columns[1 if is_grouped else 0 :]]
        has_numbers = sum(look == "r" for _text, look in heads) * 2 > len(heads)
        look = "numbers" if has_numbers else "stack"
        tags = _tags([text for text, _look in heads], is_stack=not has_numbers)
        groups: dict[str, list[str]] = {}
        for row, own in zip(sheet.rows, facets or repeat({}), strict=False):
            words = [_plain(value) for value in row]
            of_row = marks.of(row)
            cells = [
                Cell(
                    column.text(value),
                    (column.heading.text == plan and self._cards.get(words[n])) or _href(value),
                    f"{column.look}{of_row[n]}".strip(),
                )
                for n, (column, value) in enumerate(zip(columns, row, strict=True))
            ]
            group = cells.pop(0).text if is_grouped else ""
            attributes = {name: words[n] for name, n in asked if words[n]} | dict(own)
            data = "".join(f' data-{name}="{escape(value)}"' for name, value in attributes.items())
            html = "".join(map(Cell.html, cells, tags))
            groups.setdefault(group, []).append(f"<tr{data}>{html}</tr>\n")
        if len(heads) > _MOST_UPRIGHT:
            look += " wide"
        bodies = [(name, Markup("".join(rows))) for name, rows in groups.items()]  # escaped above
        return TableView(key, sheet.title, heads, bodies, look)

    def chart(self, chart: Chart, key: str, *, with_table: bool = True) -> ChartView:
        """The chart with the table of its numbers."""
        view = drawn(chart, key, self.page.language)
        return ChartView(key, chart.title, view, self._numbers(chart, key) if with_table else None)

    def _numbers(self, chart: Chart, key: str) -> TableView:
        kind = CellKind.AMOUNT if chart.kind is ChartKind.AMOUNTS else CellKind.COUNT
        if chart.kind is ChartKind.SHARES:
            kind = CellKind.PERCENT
        names, *rows = chart.rows
        headings = (Heading(""), *(Heading(str(name), kind) for name in names[1:]))
        sheet = ReportSheet("", chart.title, "", headings, [row for row in rows if row[0]])
        return self._table(sheet, f"{key}n")

    def card(self, number: int, card: Card) -> CardView:
        """The card of a plan."""
        page, key, brief = self.page, f"plan-{number}", card.brief
        columns = [
            _Column(one, [value], page.language)
            for one, value in zip(page.plans.headings, card.row, strict=True)
        ]
        marks = _Marks(page.plans.highlights, len(columns)).of(card.row)
        cells = [
            Cell(column.text(value), _href(value), mark.strip())
            for column, value, mark in zip(columns, card.row, marks, strict=True)
        ]
        return CardView(
            key=key,
            state=cells[0],
            card=card,
            links=[Cell(one.text, _href(one), "") for one in card.links],
            facts=[
                (column.heading.text, cell)
                for column, cell in zip(columns, cells, strict=True)
                if column.heading.text not in page.said and cell.text
            ],
            figures=self.figures(brief.figures),
            steps=[*_steps(card.steps)],
            share=self.chart(card.share, f"{key}s", with_table=False) if card.share else None,
            years=self.chart(brief.chart, f"{key}y", with_table=False) if brief.chart else None,
            time=time_line(card.time, f"{key}t", page.language) if card.time else None,
            sheets=[self.sheet(one, f"{key}-{n}") for n, one in enumerate(card.sheets)],
        )


def _tags(headings: Sequence[str], *, is_stack: bool) -> list[tuple[str, str]]:
    """The tag and the attributes of the cells under each heading, which a stack repeats."""
    named = (f' data-h="{escape(text)}"' if is_stack and text else "" for text in headings[1:])
    return [("th", ' scope="row"'), *(("td", more) for more in named)]


class _Column:
    """A column: how its values are written, and the classes of its cells."""

    def __init__(
        self,
        heading: Heading,
        values: Sequence[ReportCell],
        language: Language,
        *,
        stays_whole: bool = False,
    ) -> None:
        self.heading, self._language = heading, language
        self._has_oere = heading.kind is CellKind.AMOUNT and has_oere(values)
        self.look = "d" if stays_whole else _LOOKS.get(heading.kind, "")
        self.head = self.look or ("long" if heading.width >= _LONG else "")

    def text(self, value: ReportCell = None) -> str:
        """A value of the column as text."""
        return shown(value, self.heading.kind, self._language, has_oere=self._has_oere)


def shown(value: ReportCell, kind: CellKind, language: Language, *, has_oere: bool) -> str:
    """A cell's value as the workbook shows it: the same number, day and share."""
    if isinstance(value, str):
        return value
    if isinstance(value, Link):
        return value.text
    if value is None:
        return ""
    if isinstance(value, date):
        return f"{value:%d-%m-%Y}"
    if kind is CellKind.PERCENT:
        return percent(Decimal(value), language)
    if kind is CellKind.CHANGE:
        return f"{value:+d}" if value else "0"
    return _number(Decimal(value), "#,##0.00" if has_oere else "#,##0.##", language.code)


@lru_cache(maxsize=65_536)
def _number(value: Decimal, pattern: str, code: str) -> str:
    return format_decimal(value, format=pattern, locale=code)


def _plain(value: ReportCell) -> str:
    """What a highlight and a filter go by."""
    if isinstance(value, Link):
        return value.text
    return "" if value is None else str(value)


def _href(value: ReportCell) -> str:
    return value.address if isinstance(value, Link) and value.address != HERE else ""


class _Marks:
    """Which mark each cell of a row has: the first highlight that holds for it."""

    def __init__(self, highlights: Sequence[Highlight], width: int) -> None:
        self._rules = [
            (f" {_class_of(one.mark)}", one.word.upper(), one.first, one.last, one.by, one.below)
            for one in highlights
        ]
        self._width = width

    def of(self, row: Sequence[ReportCell]) -> list[str]:
        """The class of each cell, with a blank before it; empty where there is none."""
        upper = [_plain(value).upper() for value in row]
        found = [""] * self._width
        for mark, word, first, last, by, below in self._rules:
            for number in range(first, last + 1):
                text, value = upper[number if by is None else by], row[number]
                holds = text.startswith(word) if word else not text
                if below is not None:
                    holds = isinstance(value, int | Decimal) and value < below
                if holds and not found[number]:
                    found[number] = mark
        return found


def _id_of(sheet: ReportSheet) -> str:
    """By what the page knows a sheet, in every language."""
    return f"tab-{sheet.key.replace(' ', '-')}"


def _class_of(mark: Mark | None) -> str:
    return mark.name.lower() if mark else ""


def _steps(table: BriefTable) -> Iterator[tuple[str, Sequence[str]]]:
    """The rows of a table of steps, each with the class of its mark."""
    for row in table.rows:
        mark = next((m for word, m in table.marks for text in row if text.startswith(word)), None)
        yield _class_of(mark), row
