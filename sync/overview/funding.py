"""The tab Finansiering: each plan's money by type and year."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from fractions import Fraction

from rules.figures import PlanFigures
from rules.vocabulary import FundingType
from sheets_templates.description import Heading, Highlight, Kind, Mark, ReportCell, ReportSheet
from sync.account import Overview
from sync.overview.cells import UNKNOWN, kroner, names, share


def funding_sheet(overview: Overview) -> ReportSheet:
    """The tab."""
    years = sorted({year for plan in overview.figures for _, year in plan.funding_oere})
    headings = (
        Heading("Plan-id", width=13),
        Heading("Plan", width=38),
        Heading("Type", width=20),
        *(Heading(str(year), Kind.AMOUNT, 15) for year in years),
        Heading("I alt (kr.)", Kind.AMOUNT, 17),
        Heading("Andel", Kind.PERCENT, 10),
    )
    rows: list[list[ReportCell]] = []
    for plan in overview.figures:
        name = names(plan)
        for type_ in [*FundingType, None]:
            amounts = [plan.funding_oere.get((type_, year)) for year in years]
            if any(amount is not None for amount in amounts):
                total = sum(amount or 0 for amount in amounts)
                cells = [kroner(amount) if amount is not None else None for amount in amounts]
                part = _part(total, plan.total_oere)
                rows.append([*name, str(type_ or "(uden type)"), *cells, kroner(total), part])
        rows.append([*name, "I alt", *_year_totals(plan, years), kroner(plan.total_oere), None])
    return ReportSheet(
        "Finansiering",
        "Finansiering pr. plan, type og år",
        "Beløb i kroner. Rækker med sum i regnearkene er ikke talt med.",
        headings,
        rows,
        highlights=(Highlight(Mark.TOTAL, "I alt", 0, len(headings) - 1, by=2),),
    )


def _year_totals(plan: PlanFigures, years: Sequence[int]) -> list[ReportCell]:
    if plan.total_oere is None:
        return [UNKNOWN] * len(years)
    sums = Counter[int]()
    for (_, year), amount in plan.funding_oere.items():
        sums[year] += amount
    return [kroner(sums[year]) if year in sums else None for year in years]


def _part(amount: int, total: int | None) -> ReportCell:
    return share(Fraction(amount, total)) if total else None
