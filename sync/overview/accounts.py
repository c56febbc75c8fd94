"""The tab Regnskab: what each plan was to spend, and what it spent; there where a plan tells."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from decimal import Decimal
from fractions import Fraction

from rules.judging.figures import PlanFigures, YearSpending
from rules.text.marking import N_
from sheets_templates.drawing.appearance import Mark
from sheets_templates.report.description import (
    CellKind,
    Chart,
    ChartKind,
    Figure,
    Highlight,
    ReportCell,
    ReportColumn,
    ReportSheet,
    Series,
    table,
)
from sync.i18n.language import _
from sync.overview.cells import MOST_COLUMNS, UNKNOWN, kroner, of_plans, share, unknown
from sync.overview.model import Overview, PlanLine

TOTAL = N_("I alt")
_Row = tuple[PlanLine, str, YearSpending]
"""A plan, a year or all of them, and the amounts."""


def keeps_accounts(overview: Overview) -> bool:
    """Whether any plan keeps accounts."""
    return any(plan.spending for plan in overview.figures)


def accounts_sheet(overview: Overview) -> ReportSheet:
    """The tab."""
    columns: Sequence[ReportColumn[_Row]] = (
        ReportColumn("Plan-id", lambda row: row[0].link, width=14),
        ReportColumn("Plan", lambda row: row[0].name, width=37),
        ReportColumn("År", lambda row: row[1], CellKind.CENTRED, 9),
        ReportColumn("Budget (kr.)", lambda r: kroner(r[2].budget_oere), CellKind.AMOUNT, 14),
        ReportColumn("Brugt (kr.)", lambda r: _spent(r[2], r[2].spent_oere), CellKind.AMOUNT, 14),
        ReportColumn("Tilbage (kr.)", lambda r: _spent(r[2], left(r[2])), CellKind.AMOUNT, 14),
        ReportColumn("Lokal andel af forbruget", lambda r: _local(r[2]), CellKind.PERCENT, 12),
        ReportColumn(
            "Heraf fondens (kr.)", lambda r: _spent(r[2], r[2].of_grant_oere), CellKind.AMOUNT, 14
        ),
    )
    headings, rows = table(columns, _rows(overview))
    last = len(headings) - 1
    chart = _chart(overview)
    return ReportSheet(
        "Regnskab",
        "Budget og forbrug pr. plan og år",
        "Beløb i kroner. De år, der er gået, og dem, der er skrevet forbrug for.",
        headings,
        rows,
        highlights=(
            Highlight(Mark.TOTAL, TOTAL, 0, last, by=2),
            Highlight(Mark.WATCH, UNKNOWN, 3, last),
            Highlight(Mark.WATCH, _NOT_WRITTEN, 3, last),
        ),
        figures=used_of_grant(overview.figures),
        charts=(chart,) if chart else (),
        frozen_columns=3,
    )


_NOT_WRITTEN = N_("ikke skrevet")


def left(one: YearSpending) -> int | None:
    """What is left of the year's budget; negative where more was spent."""
    if one.budget_oere is None or one.spent_oere is None:
        return None
    return one.budget_oere - one.spent_oere


def _spent(one: YearSpending, oere: int | None) -> ReportCell:
    return _(_NOT_WRITTEN) if one.spent_oere is None and not one.is_unread else kroner(oere)


def _local(one: YearSpending) -> ReportCell:
    if one.spent_oere is None or one.local_oere is None:
        return unknown() if one.is_unread else None
    return share(Fraction(one.local_oere, one.spent_oere)) if one.spent_oere > 0 else None


def _rows(overview: Overview) -> Iterator[_Row]:
    for plan in overview.plans:
        years = plan.figures.spending
        yield from ((plan, str(one.year), one) for one in years)
        if len(years) > 1:
            yield plan, _(TOTAL), in_total(years)


def in_total(years: Sequence[YearSpending]) -> YearSpending:
    """The sums of the years whose spending is written; not known where it cannot be read."""
    written = [one for one in years if one.spent_oere is not None or one.is_unread]

    def total(amounts: Iterable[int | None]) -> int | None:
        known = [*amounts]
        return None if None in known or not known else sum(one or 0 for one in known)

    return YearSpending(
        0,
        total(one.budget_oere for one in written),
        total(one.spent_oere for one in written),
        total(one.local_oere for one in written),
        total(one.of_grant_oere for one in written),
        is_unread=any(one.is_unread for one in written),
    )


def used_of_grant(plans: Iterable[PlanFigures]) -> tuple[Figure, ...]:
    """How much of the fund's money is used, of the plans that keep accounts; none without any."""
    keeping = [plan for plan in plans if plan.spending]
    known = [
        (plan.grant_oere, plan.used_of_grant_oere)
        for plan in keeping
        if plan.grant_oere and plan.used_of_grant_oere is not None
    ]
    if not keeping:
        return ()
    granted, used = sum(one or 0 for one, _ in known), sum(one or 0 for _, one in known)
    part = share(Fraction(used, granted)) if granted else unknown()
    value = part if isinstance(part, Decimal) else unknown()
    label = of_plans(_("Brugt af bevillingen"), len(known), len(keeping))
    return (Figure(label, value, CellKind.PERCENT, leads_to="Regnskab"),)


def _chart(overview: Overview) -> Chart | None:
    """Budget and spending of each plan beside each other, in the years with accounts."""
    totals = [(plan, in_total(plan.spending)) for plan in overview.figures if plan.spending]
    known = [(plan, one) for plan, one in totals if left(one) is not None][:MOST_COLUMNS]
    if not known:
        return None
    return Chart(
        ChartKind.AMOUNTS,
        _("Budget og forbrug i de år, der er skrevet forbrug for"),
        tuple(plan.plan_id or _("(uden Plan-id)") for plan, _one in known),
        (
            Series(
                _("Budget"), tuple(Decimal(one.budget_oere or 0).scaleb(-2) for _p, one in known)
            ),
            Series(_("Brugt"), tuple(Decimal(one.spent_oere or 0).scaleb(-2) for _p, one in known)),
        ),
        is_stacked=False,
    )
