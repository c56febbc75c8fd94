"""How values become cells, and what marks them, in all tabs alike."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date, datetime, timedelta
from decimal import Decimal
from fractions import Fraction

from rules.judging.figures import PlanFigures
from rules.model.plan import Activity, Employee
from rules.text.marking import N_
from sheets_templates.drawing.appearance import Mark
from sheets_templates.report.description import ReportCell
from sync.i18n.language import _, plural, spoken

_MOST_NAMES = 3
MOST_COLUMNS = 40
"""As many plans a chart shows; more of them nobody could read."""
AHEAD = timedelta(days=90)
"""How far deadlines are shown before they come."""
UNKNOWN = N_("kan ikke vurderes")
ACT, FOLLOW, FINE = "▲", "■", "●"
"""A triangle for what must be done, a square for what must be followed, a dot for what is well."""
LIGHTS = {ACT: Mark.BAD, FOLLOW: Mark.WATCH, FINE: Mark.GOOD, UNKNOWN: Mark.WATCH}
"""The marks of the three symbols, and of what cannot be judged."""


def checked_line(at: datetime) -> str:
    """The line below the overview's title: all that changes when nothing else has."""
    return _("Kontrolleret {moment}").format(moment=spoken().moment(at))


def unknown() -> str:
    """What stands in the place of what nobody can know."""
    return _(UNKNOWN)


def value_of(row: Activity | Employee, key: str) -> ReportCell:
    """The row's value in this column; in words where it cannot be read."""
    value: ReportCell = getattr(row, key)
    return unknown() if key in row.unread else value


def kroner(oere: int | None) -> Decimal | str:
    """An amount in øre as exact kroner; where it is not known, in words."""
    return unknown() if oere is None else Decimal(oere).scaleb(-2)


def share(part: Fraction | None) -> ReportCell:
    """A share cut (never rounded up) at a tenth of a percent, so that no miss looks like a pass."""
    if part is None:
        return unknown()
    return Decimal((part * 1000).__floor__()).scaleb(-3)


def next_step(plan: PlanFigures) -> str:
    """The plan's next approval, in words where there is none."""
    if not plan.steps:
        return unknown()
    return plan.next_step or _("alle er givet")


def months_between(first: date, last: date) -> int:
    """Whole months from one day to another; negative where the other lies before it."""
    if last < first:
        return -months_between(last, first)
    months = (last.year - first.year) * 12 + last.month - first.month
    return months if last.day >= first.day else months - 1


def months_before(day: date, months: int) -> date:
    """The first of the month that lies so many months before the day's own."""
    number = day.year * 12 + day.month - 1 - months
    return date(number // 12, number % 12 + 1, 1)


def change_heading(monday: date | None) -> str:
    """The heading of a change since the week of this Monday, which need not be the last one."""
    if monday is None:
        return _("Ændring")
    return _("Ændring siden uge {number}").format(number=monday.isocalendar().week)


def days_text(days: int) -> str:
    """A number of days: `1 dag`, `2 dage`."""
    return plural("{count} dag", "{count} dage", days)


def some(names: Iterable[str]) -> str:
    """Names by the alphabet; of many of them the first, and how many more there are."""
    known = sorted(names)
    if len(known) <= _MOST_NAMES:
        return ", ".join(known)
    shown, rest = ", ".join(known[: _MOST_NAMES - 1]), len(known) - _MOST_NAMES + 1
    return _("{names} og {count} andre").format(names=shown, count=rest)


def alarm(count: int, mark: Mark = Mark.BAD) -> Mark:
    """The mark of a large figure that should be 0."""
    return mark if count else Mark.GOOD


def in_round(step: str, number: int) -> str:
    """A step, with the number of its round where that is not the first."""
    return step if number == 1 else _("{step} (runde {number})").format(step=step, number=number)


def of_plans(label: str, counted: int, plans: int) -> str:
    """The label of a figure, with how many plans it is of where that is not all of them."""
    if counted == plans:
        return label
    return f"{label} ({plural('af {count} plan', 'af {count} planer', counted)})"
