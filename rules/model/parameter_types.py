"""What the parameters are made of: areas, organisations, programmes, steps, limits, units."""

from __future__ import annotations

import re
from calendar import monthrange
from dataclasses import dataclass
from datetime import date
from fractions import Fraction
from typing import Generic, TypeVar

from rules.text.marking import N_

Value = TypeVar("Value")


HOUSE_RULE = N_("Lokal praksis i Helsingør")


UNCONFIRMED = "Skal bekræftes: ingen kilde"
"""The source of what only seems to be so."""


@dataclass(frozen=True, slots=True)
class Limit(Generic[Value]):
    """A limit, the day from which it holds, and where it comes from."""

    value: Value
    since: date
    source: str


@dataclass(frozen=True, slots=True)
class Organisation:
    """A housing organisation and the other ways in which its name is written."""

    name: str
    spellings: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Area:
    """A housing area, the organisation that runs its plan, and other spellings."""

    name: str
    organisation: str
    spellings: tuple[str, ...] = ()
    source: str = ""


@dataclass(frozen=True, slots=True)
class EffortArea:
    """An *indsatsområde* of a programme, and other wordings of it."""

    name: str
    spellings: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class ReportingDuty:
    """A report that a programme demands for each year.

    `due` is the month and day of the year after, by which it must be sent; without it only a
    deadline that is typed counts. `is_local_practice` says that no published rule names that day.
    `is_accounts` is the report that holds the year's spending.
    """

    name: str
    due: tuple[int, int] | None = None
    source: str = ""
    is_local_practice: bool = False
    is_accounts: bool = False
    spellings: tuple[str, ...] = ()

    def due_on(self, year: int) -> date | None:
        """The last day for the report about this year; a 29th of February may be the 28th."""
        if self.due is None:
            return None
        month, day = self.due
        return date(year + 1, month, min(day, monthrange(year + 1, month)[1]))


@dataclass(frozen=True, slots=True)
class Programme:
    """A programme of Landsbyggefonden: its effort areas, the reports that it demands, its share.

    `minimum_local_share` is its own, where it has another than the rest.
    """

    name: str
    effort_areas: tuple[EffortArea, ...]
    source: str = ""
    reports: tuple[ReportingDuty, ...] = ()
    minimum_local_share: Limit[Fraction] | None = None

    @property
    def spellings(self) -> tuple[str, ...]:
        """`2019-26` is also written `2019-2026`."""
        years = re.fullmatch(r"(\d\d)(\d\d)-(\d\d)", self.name)
        return (f"{years[1]}{years[2]}-{years[1]}{years[3]}",) if years else ()


@dataclass(frozen=True, slots=True)
class ApprovalStep:
    """An approval step.

    `requires` are steps that must be approved before it, `follows` those that customarily are.
    `definite` is its name as it stands within a sentence (»Byrådet«), where that is another.
    """

    name: str
    requires: tuple[str, ...] = ()
    follows: tuple[str, ...] = ()
    mandatory: bool = True
    spellings: tuple[str, ...] = ()
    definite: str = ""

    @property
    def in_text(self) -> str:
        """What it is called within a sentence."""
        return self.definite or self.name


@dataclass(frozen=True, slots=True)
class Unit:
    """Amounts of a column that are not whole kroner: `kroner` is what 1 in a cell means.

    `workbooks` is a pattern of file names (`Ellekilde*.xlsx`); `tab` and `column` are our names.
    """

    workbooks: str
    tab: str
    column: str
    kroner: int


@dataclass(frozen=True, slots=True)
class ExpectedPlan:
    """What is registered of a plan elsewhere: what the fund granted, and for which period."""

    plan_id: str
    grant_oere: int | None = None
    starts_on: date | None = None
    ends_on: date | None = None


Named = Area | Organisation | EffortArea | Programme | ApprovalStep | ReportingDuty


def spelled(item: Named) -> tuple[str, ...]:
    """All the ways in which a name is written, the name itself first."""
    return (item.name, *item.spellings)
