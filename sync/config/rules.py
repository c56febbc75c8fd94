"""The sections about the rules: who, where, which steps, which numbers; and what they come to."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import replace
from decimal import Decimal
from fractions import Fraction
from pathlib import Path
from typing import Annotated, Any, TypeVar

from pydantic import Field, field_validator, model_validator
from pydantic_core import PydanticCustomError
from pydantic_settings import BaseSettings

from rules.catalogue.catalogue import RULE_BY_CODE
from rules.model.parameters import (
    ApprovalStep,
    Area,
    EffortArea,
    Limit,
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

CONFIGURED = "konfigurationen"
"""The source of what does not come from the shipped values."""
SAME_IN_THE_RULES = (
    "default_programme", "preliminary_step", "organisation_step", "final_step", "local_types",
    "choice_aliases", "header_aliases", "tab_aliases", "forms_without_headers",
)  # fmt: skip
"""Keys that are fields of `Parameters`, by the same name and in the same form."""
_S = TypeVar("_S", bound=Section)
_T = TypeVar("_T")


class WaiversSection(Section):
    """The secretariat's workbook of waivers, and the codes that cannot be accepted in it."""

    file: Path = Path("Undtagelser.xlsx")
    spreadsheet: str = ""
    never: tuple[str, ...] = ("FIN-01", "GOD-01", "GDP-01")

    @field_validator("never")
    @classmethod
    def _are_codes(cls, codes: tuple[str, ...]) -> tuple[str, ...]:
        for code in codes:
            if code not in RULE_BY_CODE:
                raise ValueError(f"there is no rule {code}; see helhedsplan rules")
        return codes


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
    """An indsatsområde and other wordings of it; a text alone is its name."""

    name: str
    spellings: tuple[str, ...] = ()

    @model_validator(mode="before")
    @classmethod
    def _text_is_the_name(cls, given: object) -> object:
        return {"name": given} if isinstance(given, str) else given


class ProgrammeSection(Section):
    """A programme of Landsbyggefonden with its list of indsatsområder."""

    name: str
    effort_areas: tuple[EffortAreaSection, ...]


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
    choice_aliases: dict[str, tuple[str, ...]] | None = None
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
        configured = {
            "organisations": _each(self.organisations, lambda one: Organisation(**dict(one))),
            "areas": _each(self.areas, lambda one: Area(**dict(one), source=CONFIGURED)),
            "programmes": _each(self.programmes, _programme),
            "steps": _each(self.approval_steps, _step),
            "units": tuple(Unit(**dict(unit)) for unit in self.units if unit.kroner != 1),
            **{key: getattr(self, key) for key in SAME_IN_THE_RULES},
            **_limits(self.limits),
        }
        changes: dict[str, Any] = {k: v for k, v in configured.items() if v is not None}
        try:
            return replace(SHIPPED, language=language_of(self.language), **changes)
        except ParameterError as error:
            raise ConfigurationError(f"{error.key}: {error.problem}") from error


def _each(sections: Iterable[_S] | None, made: Callable[[_S], _T]) -> tuple[_T, ...] | None:
    return None if sections is None else tuple(map(made, sections))


def _step(section: StepSection) -> ApprovalStep:
    """A step; those that we know need not say what they are called within a sentence."""
    known = {step.name: step.definite for step in SHIPPED.steps}
    definite = section.definite or known.get(section.name, "")
    return ApprovalStep(**{**dict(section), "definite": definite})


def _programme(section: ProgrammeSection) -> Programme:
    effort_areas = tuple(EffortArea(one.name, one.spellings) for one in section.effort_areas)
    return Programme(section.name, effort_areas, CONFIGURED)


def _limits(section: LimitsSection) -> dict[str, Limit[Any]]:
    return {
        key: replace(
            getattr(SHIPPED, key),
            value=Fraction(value) if key.endswith("_share") else value,
            source=CONFIGURED,
        )
        for key, value in section
        if value is not None
    }
