"""The charts of a page as plain SVG, from their numbers.

Colours are classes, which the page's style fills in for light, dark and print. Every drawing has a
title and a description; who cannot see it reads the table beside it.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from babel.numbers import format_compact_decimal
from markupsafe import Markup, escape

from rules.text.language import Language
from sheets_templates.report.description import Chart, ChartKind, Series
from sheets_templates.report.page import TimeLine

_WIDTH, _LETTER = 360, 6.4
"""The width of a small drawing, which fits a telephone, and of a letter in it."""
_LEFT, _TOP, _HEIGHT = 46, 14, 150
_SLOT = 26
_BAR_TOP, _BAR_HEIGHT = 18, 30
_FITS = 36
"""From which width on a part has room for its number."""


@dataclass(frozen=True, slots=True)
class Drawing:
    """A drawing, and the names of its parts in their order with the class of each."""

    svg: Markup
    legend: Sequence[tuple[str, str]]
    is_wide: bool = False


def drawn(chart: Chart, key: str, language: Language) -> Drawing:
    """The chart; of a single column of shares a bar that lies. `key` is its own on the page."""
    places = [n for n, name in enumerate(chart.categories) if name]
    shown = [_picked(series, places) for series in chart.series]
    names = [chart.categories[place] for place in places]
    legend = [(one.name, "limit" if one.is_limit else f"s{n}") for n, one in enumerate(shown)]
    if chart.kind is ChartKind.SHARES and len(names) == 1:
        svg = _whole(key, chart.title, language, (_WIDTH, 56), _bar(shown, language))
        return Drawing(svg, legend)
    longest = max(map(len, names), default=0) * _LETTER
    width = max(_WIDTH, _LEFT + len(names) * _SLOT + 10)
    slot = (width - _LEFT - 10) / max(1, len(names))
    below = 22.0 if longest < slot else min(longest, 130.0) * 0.8 + 18
    figure = _Axes(chart, shown, names, slot, language, is_slanted=longest >= slot)
    svg = _whole(key, chart.title, language, (width, _TOP + _HEIGHT + below), figure.parts())
    return Drawing(svg, legend, is_wide=width > _WIDTH)


def _picked(series: Series, places: Sequence[int]) -> Series:
    """The series without the empty places at its ends, which a spreadsheet's chart needs."""
    return Series(series.name, tuple(series.values[n] for n in places), series.is_limit)


def _whole(
    key: str, title: str, language: Language, size: tuple[float, float], parts: Iterator[str]
) -> Markup:
    """The drawing of this width and height, with its title and its description."""
    desc = language.text("Tallene står i tabellen ved siden af.")
    head = Markup(
        '<svg viewBox="0 0 {width} {height}" width="{width}" role="img" '
        'aria-labelledby="{key}t {key}d">'
        '<title id="{key}t">{title}</title><desc id="{key}d">{desc}</desc>'
    ).format(width=round(size[0]), height=round(size[1]), key=key, title=title, desc=desc)
    return head + Markup("".join(parts)) + Markup("</svg>")


def _text(x: float, y: float, text: str, anchor: str = "start", more: str = "") -> str:
    return f'<text x="{x:.0f}" y="{y:.0f}" text-anchor="{anchor}"{more}>{escape(text)}</text>'


def percent(share: Decimal, language: Language) -> str:
    """A share cut (never rounded up) at a tenth of a percent, as the tables show it."""
    tenths = (share * 1000).__floor__()
    whole, tenth = divmod(abs(tenths), 10)
    comma = "," if language.code == "da" else "."
    return f"{'-' if tenths < 0 else ''}{whole}{comma}{tenth}%"


def _bar(shown: Sequence[Series], language: Language) -> Iterator[str]:
    at = 0.0
    for number, series in enumerate(shown):
        part = Decimal(series.values[0] or 0)
        if series.is_limit:
            continue
        width = float(part) * _WIDTH
        colour = f"s{number}"
        yield _rect(at, _BAR_TOP, width, _BAR_HEIGHT, colour)
        if width > _FITS:
            more = f' class="on {colour}"'
            yield _text(at + width / 2, _BAR_TOP + 20, percent(part, language), "middle", more)
        at += width
    for series in shown:
        if series.is_limit:
            x = float(series.values[0] or 0) * _WIDTH
            yield f'<path class="limit" d="M{x:.0f} {_BAR_TOP - 4}v{_BAR_HEIGHT + 8}"/>'
            room = len(series.name) * _LETTER
            yield _text(min(max(x, room / 2), _WIDTH - room / 2), 11, series.name, "middle")


def _rect(x: float, y: float, width: float, height: float, colour: str) -> str:
    """A rectangle whose edges are whole numbers, so that neighbours touch."""
    left, top, right, bottom = map(round, (x, y, x + width, y + height))
    box = f'x="{left}" y="{top}" width="{right - left}" height="{bottom - top}"'
    return f'<rect class="{colour}" {box}/>'


@dataclass(frozen=True, slots=True)
class _Axes:
    """Columns of parts upon each other, over the names of their categories."""

    chart: Chart
    shown: Sequence[Series]
    names: Sequence[str]
    slot: float
    language: Language
    is_slanted: bool

    def parts(self) -> Iterator[str]:
        top = self._top()
        for step in range(5):
            y = self._y(top * step / 4, top)
            yield f'<path class="grid" d="M{_LEFT} {y:.0f}H{self._x(len(self.names)):.0f}"/>'
            yield _text(_LEFT - 5, y + 4, self._scale(top * step / 4), "end")
        for number, name in enumerate(self.names):
            x, y = self._x(number + 0.5), _TOP + _HEIGHT + 15
            if self.is_slanted:
                more = f' transform="rotate(-55 {x:.0f} {y - 4:.0f})"'
                yield _text(x + 3, y - 3, name, "end", more)
            else:
                yield _text(x, y, name, "middle")
        yield from self._columns(top)
        for series in self.shown:
            if series.is_limit:
                y = self._y(float(series.values[0] or 0), top)
                yield f'<path class="limit" d="M{_LEFT} {y:.0f}H{self._x(len(self.names)):.0f}"/>'

    def _x(self, place: float) -> float:
        return _LEFT + place * self.slot

    def _y(self, value: float, top: float) -> float:
        return _TOP + _HEIGHT * (1 - value / top)

    def _top(self) -> float:
        """The end of the scale: a number of which a quarter is easily read."""
        highest = float(self.chart.highest or 0)
        if self.chart.kind is ChartKind.SHARES:
            return highest or 1.0
        if not highest:
            parts = [one.values for one in self.shown if not one.is_limit]
            columns = zip(*parts, strict=True)
            whole = sum if self.chart.is_stacked else max
            highest = max((whole(float(v or 0) for v in column) for column in columns), default=0.0)
        step = 1.0
        while step * 40 < highest:
            step *= 10
        return next(s * 4 for s in (step, 2 * step, 2.5 * step, 5 * step, 10 * step)
                    if s * 4 >= highest)  # fmt: skip

    def _scale(self, value: float) -> str:
        if self.chart.kind is ChartKind.SHARES:
            return f"{value:.0%}"
        return format_compact_decimal(value, locale=self.language.code, fraction_digits=1)

    def _columns(self, top: float) -> Iterator[str]:
        beside = 1 if self.chart.is_stacked else sum(not one.is_limit for one in self.shown)
        width = min(self.slot * 0.66, 44 * beside) / beside
        for place in range(len(self.names)):
            reached, left = 0.0, self._x(place + 0.5) - width * beside / 2
            for number, series in enumerate(self.shown):
                value = float(series.values[place] or 0)
                if series.is_limit or value <= 0:
                    continue
                y = self._y(reached + value, top)
                height = value / top * _HEIGHT
                colour = f"s{number}"
                if self.chart.is_stacked:
                    yield _rect(left, y, width, height, colour)
                    reached += value
                else:
                    yield _rect(left + number * width, y, width, height, colour)


def time_line(time: TimeLine, key: str, language: Language) -> Markup:
    """The plan as a bar over its years, with the signs of what falls on which day."""
    days = [time.starts_on, time.ends_on, time.today, *(one.on for one in time.events)]
    first, last = date(min(days).year, 1, 1), date(max(days).year + 1, 1, 1)
    if last.year - first.year > 12:  # a year that somebody mistyped must not squeeze the others
        first = max(first, date(time.starts_on.year - 3, 1, 1))
        last = min(last, date(first.year + 12, 1, 1))

    def x(day: date) -> float:
        share = (day - first).days / (last - first).days
        return 8 + min(max(share, 0), 1) * (_WIDTH - 16)

    levels = {sign: 55 + 15 * number for number, sign in enumerate(time.signs)}
    foot = 48 + 15 * len(levels)

    def parts() -> Iterator[str]:
        for year in range(first.year, last.year + 1):
            at = x(date(year, 1, 1))
            yield f'<path class="grid" d="M{at:.0f} 20V{foot}"/>'
            if year < last.year:
                half = (x(date(year + 1, 1, 1)) - at) / 2
                yield _text(at + half, foot + 12, str(year), "middle")
        left, right = x(time.starts_on), x(time.ends_on)
        yield _rect(left, 26, max(right - left, 1), 12, "plan")
        for one in time.events:
            yield _text(x(one.on), levels[one.sign], one.sign, "middle", ' class="sign"')
        now = x(time.today)
        yield f'<path class="today" d="M{now:.0f} 16V{foot}"/>'
        word = language.text("i dag")
        room = len(word) * _LETTER / 2
        yield _text(min(max(now, room), _WIDTH - room), 12, word, "middle", ' class="sign"')

    return _whole(key, time.title, language, (_WIDTH, foot + 18), parts())
