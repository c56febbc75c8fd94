"""Plans that were counted before and are not today: their workbooks are gone, or cannot be read.

They stand beside the others with the figures of their last reading, and belong to no sum.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence

from rules.judging.money import funding_sums, sum_oere
from rules.model.choices import PlanStatus
from rules.model.parameters import Parameters
from rules.text.danish import name_key
from rules.text.personal_numbers import masked
from sync.history.runs import KnownFigures
from sync.i18n.language import _
from sync.overview.model import BookLine, BookState, MissingPlan, PlanBook, PlanLine


def known_figures(plans: Iterable[PlanLine], parameters: Parameters) -> dict[str, KnownFigures]:
    """What is to be remembered of each workbook that is counted today, by its path."""
    return {book.path: _figures_of(plan, book, parameters) for plan in plans for book in plan.books}


def _figures_of(plan: PlanLine, book: PlanBook, parameters: Parameters) -> KnownFigures:
    figures = plan.figures
    sums = funding_sums(row for row in book.workbook.funding if not row.is_total)
    return KnownFigures(
        plan_id=masked(figures.plan_id or ""),
        name=masked(plan.name),
        area=masked(book.area),
        ends_on=figures.ends_on,
        is_finished=figures.status == PlanStatus.FINISHED,
        total_oere=None if figures.total_oere is None else sum_oere(sums),
        local_oere=None if figures.local_oere is None else sum_oere(sums, parameters.local_types),
    )


def missing_plans(
    books: Iterable[BookLine], plans: Sequence[PlanLine], known: Mapping[str, KnownFigures]
) -> list[MissingPlan]:
    """The plans, or parts of plans, that are not counted any more; by Plan-id.

    A workbook that was renamed, or whose copy is counted, is not missed; nor is that of a plan
    that is finished, which may be put away.
    """
    counted = _known_places(plans)
    lost: dict[str, list[BookLine]] = defaultdict(list)
    for line in books:
        figures = known.get(line.path)
        if figures is None or figures.is_finished or line.state is BookState.COPY:
            continue
        if _place_of(figures) not in counted:
            lost[name_key(figures.plan_id) or line.path].append(line)
    found = [_missing_plan(lines, known) for lines in lost.values()]
    return sorted(found, key=lambda plan: (plan.plan_id, plan.paths))


def _known_places(plans: Iterable[PlanLine]) -> set[tuple[str, str]]:
    """The plans and areas that are counted."""
    return {
        _place(masked(plan.figures.plan_id or ""), masked(plan.name), masked(book.area))
        for plan in plans
        for book in plan.books
    }


def _place(plan_id: str, name: str, area: str) -> tuple[str, str]:
    return name_key(plan_id) or name_key(name), name_key(area)


def _place_of(figures: KnownFigures) -> tuple[str, str]:
    return _place(figures.plan_id, figures.name, figures.area)


def _missing_plan(lines: Sequence[BookLine], known: Mapping[str, KnownFigures]) -> MissingPlan:
    figures = [known[line.path] for line in lines]
    totals = [one.total_oere for one in figures]
    local = [one.local_oere for one in figures]
    return MissingPlan(
        plan_id=figures[0].plan_id,
        name=figures[0].name,
        areas=tuple(dict.fromkeys(one.area for one in figures if one.area)),
        ends_on=figures[0].ends_on,
        total_oere=None if None in totals else sum(one or 0 for one in totals),
        local_oere=None if None in local else sum(one or 0 for one in local),
        paths=tuple(line.path for line in lines),
        reason=" ".join(dict.fromkeys(line.reason or _(line.state) for line in lines)),
    )
