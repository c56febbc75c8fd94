"""The tab Finansiering: each plan's money by type and year, and a chart of who pays."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from decimal import ROUND_FLOOR, Decimal
from fractions import Fraction

from rules.judging.figures import PlanFigures
from rules.judging.money import funding_sums, sum_oere
from rules.model.choices import FundingType
from rules.model.parameters import Parameters
from rules.text.marking import N_
from sheets_templates.drawing.appearance import Mark
from sheets_templates.report.description import (
    CellKind,
    Chart,
    ChartKind,
    Heading,
    Highlight,
    ReportCell,
    ReportSheet,
    Series,
)
from sync.i18n.language import _, spoken
from sync.overview.cells import ACT, FOLLOW, MOST_COLUMNS, UNKNOWN, kroner, share, unknown
from sync.overview.model import Overview, PlanLine

TOTAL, LOCAL_SHARE = N_("I alt"), N_("Lokal andel")


def funding_sheet(overview: Overview, parameters: Parameters) -> ReportSheet:
    """The tab."""
    years = sorted({year for plan in overview.figures for _type, year in plan.funding_oere})
    headings = (
        Heading("Plan-id", width=14),
        Heading("Plan", width=37),
        Heading("Type", width=18),
        *(Heading(str(year), CellKind.AMOUNT, 12) for year in years),
        Heading("I alt (kr.)", CellKind.AMOUNT, 13),
        Heading("Andel", CellKind.PERCENT, 8.5),
        Heading("Mangler, hvis totalen ligger fast (kr.)", CellKind.AMOUNT, 13),
        Heading("Mangler, hvis tilskuddet ligger fast (kr.)", CellKind.AMOUNT, 13),
    )
    last = len(headings) - 1
    chart = _chart(overview, parameters)
    return ReportSheet(
        "Finansiering",
        "Finansiering pr. plan, type og år",
        "Beløb i kroner. Regnearkenes egne sumrækker er ikke talt med.",
        headings,
        [row for plan in overview.plans for row in _rows(plan, years, parameters)],
        highlights=(
            Highlight(Mark.TOTAL, TOTAL, 0, last, by=2),
            Highlight(Mark.BAD, ACT, 3, last),
            Highlight(Mark.NOTE, FOLLOW, 3, last),
            Highlight(Mark.WATCH, UNKNOWN, 3, last),
        ),
        charts=(chart,) if chart else (),
        frozen_columns=3,
        sources=tuple(_sources(overview)),
    )


def _sources(overview: Overview) -> Iterator[str]:
    """The workbook of each row that the amounts are made of; of none where they do not add up."""
    for plan in overview.plans:
        rows = [(book, row) for book in plan.books for row in book.workbook.funding]
        counting = [(book, row) for book, row in rows if row.years and not row.is_total]
        here = sum_oere(funding_sums(row for _, row in counting))
        if here == sum_oere(plan.figures.funding_oere):
            yield from (book.path for book, _ in counting)


def _rows(plan: PlanLine, years: Sequence[int], parameters: Parameters) -> list[list[ReportCell]]:
    """The plan's money by type, its sums, and the local share of each year."""
    figures, sums = plan.figures, plan.figures.funding_oere
    rows: list[list[ReportCell]] = []
    for type_ in [*FundingType, None]:
        amounts = [sums.get((type_, year)) for year in years]
        if any(amount is not None for amount in amounts):
            total = sum(amount or 0 for amount in amounts)
            cells = [None if amount is None else kroner(amount) for amount in amounts]
            part = share(Fraction(total, figures.total_oere)) if figures.total_oere else None
            name = str(type_ or _("(uden type)"))
            rows.append([plan.link, plan.name, name, *cells, kroner(total), part, None, None])
    funded = {year for _type, year in sums}
    totals: list[ReportCell] = [unknown()] * len(years)
    if figures.total_oere is not None:
        totals = [kroner(sum_oere(sums, year=y)) if y in funded else None for y in years]
    missing = kroner(figures.missing_moved_oere), kroner(figures.missing_added_oere)
    totals += [kroner(figures.total_oere), None, *missing]
    rows.append([plan.link, plan.name, _(TOTAL), *totals])
    parts: list[ReportCell] = [None] * len(years)
    of_all = unknown()
    if figures.local_share is not None:
        limit, local = figures.minimum_local_share, parameters.local_types
        parts = [
            _share_text(sum_oere(sums, local, y), sum_oere(sums, year=y), limit, FOLLOW)
            for y in years
        ]
        whole = figures.total_oere or 0
        of_all = _share_text(figures.local_oere or 0, whole, limit, ACT) or unknown()
    part = share(figures.local_share)
    rows.append([plan.link, plan.name, _(LOCAL_SHARE), *parts, of_all, part, None, None])
    return rows


def _share_text(part: int, whole: int, limit: Fraction, symbol: str) -> str | None:
    """A share in words, with a symbol where it is under the limit; None of nothing."""
    if whole <= 0:
        return None
    exact = Fraction(part, whole)
    return f"{symbol} {spoken().percent(exact)}" if exact < limit else spoken().percent(exact)


def _chart(overview: Overview, parameters: Parameters) -> Chart | None:
    """Who pays how large a part of each plan, the smallest local part first."""
    known = [p for p in overview.figures if p.local_share is not None]
    known.sort(key=lambda plan: (plan.local_share or 0, plan.plan_id or ""))
    shown = known[:MOST_COLUMNS]
    if not shown:
        return None
    local_first = sorted(FundingType, key=lambda one: one not in parameters.local_types)
    # An empty place at either end lets the limit's line run across all columns.
    series = [
        Series(str(type_), (None, *(_part(plan, type_) for plan in shown), None))
        for type_ in local_first
        if any(_part(plan, type_) for plan in shown)
    ]
    limit = parameters.minimum_local_share.value
    value = Decimal(limit.numerator) / limit.denominator
    name = _("Krav til lokal andel: {share}").format(share=spoken().percent(limit))
    series.append(Series(name, (value,) * (len(shown) + 2), is_limit=True))
    title = _("Hvem betaler? Andel af hver plans samlede budget")
    if len(known) > len(shown):
        note = _("({count} planer med den laveste lokale andel)").format(count=MOST_COLUMNS)
        title = f"{title} {note}"
    categories = ("", *(plan.plan_id or _("(uden Plan-id)") for plan in shown), "")
    return Chart(ChartKind.SHARES, title, categories, tuple(series), highest=1)


def _part(plan: PlanFigures, type_: FundingType) -> Decimal | None:
    amount = sum_oere(plan.funding_oere, {type_})
    if not amount or not plan.total_oere:
        return None
    return (Decimal(amount) / plan.total_oere).quantize(Decimal("0.0001"), ROUND_FLOOR)
