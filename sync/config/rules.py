"""The sections about the rules: who, where, which steps, which numbers; and what they come to."""

from __future__ import annotations

from dataclasses import replace
from decimal import Decimal
from fractions import Fraction
from typing import Annotated, Any

from pydantic import Field, field_validator
from pydantic_core import PydanticCustomError
from pydantic_settings import BaseSettings

from rules.model.parameters import (
    ApprovalStep,
    Area,
    EffortArea,
    Organisation,
    ParameterError,
    Parameters,
    Programme,
    Unit,
)
from rules.model.shipped import SHIPPED
from rules.text.language import DANISH
from sync.config.section import ConfigurationError, Section
from sync.i18n.language import language_of, languages


class OrganisationSection(Section):
    """A housing organisation and other spellings of its name."""

    name: str
    spellings: tuple[str, ...] = ()


class AreaSection(Section):
    """A housing area, the organisation that runs its plan, and other spellings."""

    name: str
    organisation: str
    spellings: tuple[str, ...] = ()


class EffortAreaSection(Section):
    """An indsatsområde and other wordings of it."""

    name: str
    spellings: tuple[str, ...] = ()


class ProgrammeSection(Section):
    """A programme of Landsbyggefonden with its list of indsatsområder."""

    name: str
    effort_areas: tuple[str | EffortAreaSection, ...]


class StepSection(Section):
    """An approval step, and the steps that must or customarily do come before it."""

    name: str
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


class UnitSection(Section):
    """Amounts of a column that are not whole kroner, in the workbooks that the pattern names."""

    workbooks: Annotated[str, Field(min_length=1)] = "*"
    tab: str
    column: str
    kroner: Annotated[int, Field(gt=0, le=1_000_000_000)] = 1


class RuleSettings(BaseSettings):
    """What can be configured of the rules; what is left out keeps its shipped value."""

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
    header_aliases: dict[str, dict[str, tuple[str, ...]]] = Field(default_factory=dict)
    tab_aliases: dict[str, tuple[str, ...]] = Field(default_factory=dict)
    forms_without_headers: tuple[str, ...] = ()
    units: tuple[UnitSection, ...] = ()
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
        changes: dict[str, Any] = {
            "language": language_of(self.language),
            "header_aliases": self.header_aliases,
            "tab_aliases": self.tab_aliases,
            "forms_without_headers": self.forms_without_headers,
            "units": tuple(
                Unit(u.workbooks, u.tab, u.column, u.kroner) for u in self.units if u.kroner != 1
            ),
        }
        if self.organisations is not None:
            changes["organisations"] = tuple(
                Organisation(o.name, o.spellings) for o in self.organisations
            )
        if self.areas is not None:
            changes["areas"] = tuple(
                Area(a.name, a.organisation, a.spellings, "konfigurationen") for a in self.areas
            )
        if self.programmes is not None:
            changes["programmes"] = tuple(_programme(section) for section in self.programmes)
        if self.approval_steps is not None:
            changes["steps"] = tuple(
                ApprovalStep(s.name, s.requires, s.follows, s.mandatory, s.spellings, _definite(s))
                for s in self.approval_steps
            )
        for key in (
            "default_programme", "preliminary_step", "organisation_step", "final_step",
            "local_types",
        ):  # fmt: skip
            if (value := getattr(self, key)) is not None:
                changes[key] = value
        changes |= _limits(self.limits)
        try:
            return replace(SHIPPED, **changes)
        except ParameterError as error:
            raise ConfigurationError(f"{error.key}: {error.problem}") from error


def _definite(section: StepSection) -> str:
    """What a step is called within a sentence; steps that we know need not say it."""
    known = {step.name: step.definite for step in SHIPPED.steps}
    return section.definite or known.get(section.name, "")


def _programme(section: ProgrammeSection) -> Programme:
    effort_areas = tuple(
        EffortArea(e) if isinstance(e, str) else EffortArea(e.name, e.spellings)
        for e in section.effort_areas
    )
    return Programme(section.name, effort_areas, "konfigurationen")


def _limits(section: LimitsSection) -> dict[str, Any]:
    changed = {}
    for key in type(section).model_fields:
        value = getattr(section, key)
        if value is not None:
            exact = Fraction(value) if key.endswith("_share") else value
            changed[key] = replace(getattr(SHIPPED, key), value=exact, source="konfigurationen")
    return changed
