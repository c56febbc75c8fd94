"""The sections about the rules: who, where, which steps, which numbers; and what they come to."""

from __future__ import annotations

import re
from calendar import monthrange
from collections.abc import Callable, Iterable
from dataclasses import replace
from datetime import date
from decimal import Decimal
from fractions import Fraction
from pathlib import Path
from typing import Annotated, Any, Literal, Self, TypeVar

from pydantic import BeforeValidator, Field, field_validator, model_validator
from pydantic_core import PydanticCustomError
from pydantic_settings import BaseSettings

from rules.catalogue.catalogue import RULE_BY_CODE
from rules.model.parameter_types import (
    HOUSE_RULE,
    ApprovalStep,
    Area,
    EffortArea,
    ExpectedPlan,
    Limit,
    Organisation,
    Programme,
    ReportingDuty,
    Unit,
)
from rules.model.parameters import ParameterError, Parameters
from rules.model.shipped import SHIPPED
from rules.text.danish import header_key
from rules.text.language import DANISH
from sync.config.section import ConfigurationError, Section, WorkbookFile
from sync.i18n.language import language_of, languages

CONFIGURED = "konfigurationen"
"""The source of what does not come from the shipped values."""
SAME_IN_THE_RULES = (
    "default_programme", "preliminary_step", "organisation_step", "final_step", "local_types",
    "header_aliases", "tab_aliases", "forms_without_headers",
)  # fmt: skip
"""Keys that are fields of `Parameters`, by the same name and in the same form."""
_LEAP_YEAR = 2028
_Entry = TypeVar("_Entry", Area, Organisation, Programme, ApprovalStep)


class WaiversSection(Section):
    """The secretariat's workbook of waivers, and the codes that cannot be accepted in it."""

    file: WorkbookFile = Path("Undtagelser.xlsx")
    spreadsheet: str = ""
    sharepoint: str = ""
    never: tuple[str, ...] = ("FIN-01", "GOD-01", "GDP-01")

    @field_validator("never")
    @classmethod
    def _are_codes(cls, codes: tuple[str, ...]) -> tuple[str, ...]:
        for code in codes:
            if code not in RULE_BY_CODE:
                raise ValueError(f"there is no rule {code}; see helhedsplan rules")
        return codes


class NamedSection(Section):
    """An entry of a list; one with a shipped entry's name changes what it writes of that."""

    name: str


class OrganisationSection(NamedSection):
    """A housing organisation and other spellings of its name."""

    spellings: tuple[str, ...] = ()


class AreaSection(NamedSection):
    """A housing area, the organisation that runs its plan, and other spellings."""

    organisation: str = ""
    spellings: tuple[str, ...] = ()


class EffortAreaSection(Section):
    """An indsatsområde and other wordings of it; a text alone is its name."""

    name: str
    spellings: tuple[str, ...] = ()

    @model_validator(mode="before")
    @classmethod
    def _text_is_the_name(cls, given: object) -> object:
        return {"name": given} if isinstance(given, str) else given


class DayOfYear(Section):
    """A day of any year; the 29th of February may be the 28th."""

    month: Annotated[int, Field(ge=1, le=12)]
    day: Annotated[int, Field(ge=1, le=31)]

    @model_validator(mode="after")
    def _is_a_day(self) -> Self:
        if self.day > monthrange(_LEAP_YEAR, self.month)[1]:
            raise ValueError("the month has no such day")
        return self


class ReportSection(Section):
    """A report that a programme demands for each year; `due` is a day of the year after."""

    name: Annotated[str, Field(min_length=1)]
    due: DayOfYear | None = None
    source: str = ""
    local_practice: bool = False
    accounts: bool = False
    spellings: tuple[str, ...] = ()


class ProgrammeSection(NamedSection):
    """A programme of Landsbyggefonden: its indsatsområder, its reports, and a share of its own."""

    effort_areas: tuple[EffortAreaSection, ...] = ()
    reports: tuple[ReportSection, ...] = ()
    minimum_local_share: Decimal | None = None


def _exact(grant: object) -> object:
    """An amount as it was typed; a number with a point is not exact, and no amount."""
    typed = str(grant) if type(grant) is int else grant
    if isinstance(typed, str) and re.fullmatch(r"\d+(?:\.\d{1,2})?", typed, re.ASCII):
        return typed
    raise ValueError('must be a whole number of kroner, or a text like "12000000.50"')


class ExpectedPlanSection(Section):
    """A plan that must be there, and what is registered of it; a text alone is its Plan-id."""

    id: Annotated[str, Field(min_length=1)]
    grant: Annotated[Decimal, BeforeValidator(_exact)] | None = None
    starts_on: Annotated[date | None, Field(alias="from")] = None
    ends_on: Annotated[date | None, Field(alias="to")] = None

    @model_validator(mode="before")
    @classmethod
    def _text_is_the_id(cls, given: object) -> object:
        return {"id": given} if isinstance(given, str) else given

    @model_validator(mode="after")
    def _ends_after_it_starts(self) -> Self:
        if self.starts_on and self.ends_on and self.ends_on < self.starts_on:
            raise ValueError("to must not be before from")
        return self


class StepSection(NamedSection):
    """An approval step, and the steps that must or customarily do come before it."""

    requires: tuple[str, ...] = ()
    follows: tuple[str, ...] = ()
    mandatory: bool = True
    spellings: tuple[str, ...] = ()
    definite: str = ""


class LimitsSection(Section):
    """The numbers of the rules; what is left out keeps its shipped value."""

    minimum_local_share: Decimal | None = None
    low_grant_share: Decimal | None = None
    shortest_years: int | None = None
    longest_years: int | None = None
    expiry_notice_months: int | None = None
    weekly_hours: Decimal | None = None
    spending_deviation_share: Decimal | None = None
    spending_deviation_kroner: int | None = None
    report_notice_days: int | None = None


class UnitSection(Section):
    """Amounts of a column that are not whole kroner, in the workbooks that the pattern names."""

    workbooks: Annotated[str, Field(min_length=1)] = "*"
    tab: str
    column: str
    kroner: Annotated[int, Field(gt=0, le=1_000_000_000)] = 1


class RuleSettings(BaseSettings):
    """What can be configured of the rules; what is left out keeps its shipped value.

    `preset` names what the lists add to: Helsingør's areas, organisations and procedure. With
    "none" there are no areas and organisations but those written, and a list that is written is
    the whole list.
    """

    preset: Literal["helsingor", "none"] = "helsingor"
    organisations: tuple[OrganisationSection, ...] | None = None
    areas: tuple[AreaSection, ...] | None = None
    programmes: tuple[ProgrammeSection, ...] | None = None
    default_programme: str | None = None
    approval_steps: tuple[StepSection, ...] | None = None
    preliminary_step: str | None = None
    organisation_step: str | None = None
    final_step: str | None = None
    local_types: tuple[str, ...] | None = None
    limits: LimitsSection = LimitsSection()
    choice_aliases: dict[str, tuple[str, ...]] | None = None
    header_aliases: dict[str, dict[str, tuple[str, ...]]] = Field(default_factory=dict)
    tab_aliases: dict[str, tuple[str, ...]] = Field(default_factory=dict)
    forms_without_headers: tuple[str, ...] = ()
    units: tuple[UnitSection, ...] = ()
    expected_plans: tuple[ExpectedPlanSection, ...] = ()
    language: str = DANISH.code

    @field_validator("language")
    @classmethod
    def _has_a_catalogue(cls, code: str) -> str:
        codes = [one.code for one in languages()]
        if code not in codes:
            raise PydanticCustomError(
                "language", "must be one of: {codes}", {"codes": ", ".join(codes)}
            )
        return code

    def parameters(self) -> Parameters:
        """What the rules are set to: the shipped values with the configured ones over them.

        Raises:
            ConfigurationError: the values make no sense together.
        """
        configured = {
            "organisations": self._entries(
                "organisations", SHIPPED.organisations, lambda one: Organisation(**dict(one))
            ),
            "areas": self._entries(
                "areas", SHIPPED.areas, lambda one: Area(**dict(one), source=CONFIGURED)
            ),
            "programmes": self._entries("programmes", SHIPPED.programmes, _programme),
            "steps": self._steps(),
            "choice_aliases": self._choice_aliases(),
            "expected_plans": tuple(map(_expected, self.expected_plans)),
            "units": tuple(Unit(**dict(unit)) for unit in self.units if unit.kroner != 1),
            **{key: getattr(self, key) for key in SAME_IN_THE_RULES},
            **_limits(self.limits),
        }
        changes: dict[str, Any] = {k: v for k, v in configured.items() if v is not None}
        try:
            return replace(SHIPPED, language=language_of(self.language), **changes)
        except ParameterError as error:
            raise ConfigurationError(f"{error.key}: {error.problem}") from error

    def _is_whole(self, key: str) -> bool:
        """Whether what is written under this key is the whole list."""
        is_written = getattr(self, key) is not None
        return self.preset == "none" and (is_written or key in ("areas", "organisations"))

    def _entries(
        self, key: str, shipped: tuple[_Entry, ...], made: Callable[[Any], _Entry]
    ) -> tuple[_Entry, ...]:
        """The shipped entries, changed by those of the same name; the further ones behind them."""
        entries = {} if self._is_whole(key) else {header_key(one.name): one for one in shipped}
        written = set[str]()
        for section in getattr(self, key) or ():
            name = header_key(section.name)
            if name in written:
                raise ConfigurationError(
                    f"{key}: »{section.name}« stands twice; delete one of them"
                )
            written.add(name)
            before, entry = entries.get(name), made(section)
            entries[name] = _changed(before, entry, section.model_fields_set) if before else entry
        return tuple(entries.values())

    def _steps(self) -> tuple[ApprovalStep, ...]:
        """The approval steps in their order: a further one stands before the final one."""
        steps = self._entries("approval_steps", SHIPPED.steps, _step)
        final = self.final_step or SHIPPED.final_step
        if self._is_whole("approval_steps"):
            return steps
        return tuple(sorted(steps, key=lambda step: step.name == final))

    def _choice_aliases(self) -> dict[str, tuple[str, ...]]:
        shipped = {} if self._is_whole("choice_aliases") else SHIPPED.choice_aliases
        own = self.choice_aliases or {}
        words = dict.fromkeys([*shipped, *own])
        return {word: _joined(shipped.get(word, ()), own.get(word, ())) for word in words}


def _joined(shipped: Iterable[str], own: Iterable[str]) -> tuple[str, ...]:
    return tuple(dict.fromkeys((*shipped, *own)))


def _changed(shipped: _Entry, entry: _Entry, written: Iterable[str]) -> _Entry:
    """The shipped entry with what is written of another; spellings are added to its own."""
    changes = {key: getattr(entry, key) for key in written}
    if "spellings" in changes:
        changes["spellings"] = _joined(shipped.spellings, entry.spellings)
    if replace(shipped, **changes) != shipped and hasattr(shipped, "source"):
        changes["source"] = CONFIGURED
    return replace(shipped, **changes)


def _step(section: StepSection) -> ApprovalStep:
    """A step; those that we know need not say what they are called within a sentence."""
    known = {step.name: step.definite for step in SHIPPED.steps}
    definite = section.definite or known.get(section.name, "")
    return ApprovalStep(**{**dict(section), "definite": definite})


def _programme(section: ProgrammeSection) -> Programme:
    effort_areas = tuple(EffortArea(one.name, one.spellings) for one in section.effort_areas)
    share = section.minimum_local_share
    limit = None if share is None else _limit("minimum_local_share", share)
    return Programme(
        section.name, effort_areas, CONFIGURED, tuple(map(_duty, section.reports)), limit
    )


def _duty(section: ReportSection) -> ReportingDuty:
    due = (section.due.month, section.due.day) if section.due else None
    source = section.source or (HOUSE_RULE if section.local_practice else CONFIGURED)
    return ReportingDuty(
        section.name, due, source, section.local_practice, section.accounts, section.spellings
    )


def _expected(section: ExpectedPlanSection) -> ExpectedPlan:
    oere = None if section.grant is None else int(section.grant * 100)
    return ExpectedPlan(section.id, oere, section.starts_on, section.ends_on)


def _limits(section: LimitsSection) -> dict[str, Limit[Any]]:
    return {key: _limit(key, value) for key, value in section if value is not None}


def _limit(key: str, value: Decimal | int) -> Limit[Any]:
    """The limit with another value; a share is exact."""
    exact = Fraction(value) if key.endswith("_share") else value
    return replace(getattr(SHIPPED, key), value=exact, source=CONFIGURED)
