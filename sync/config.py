"""The configuration: a TOML file, overridden by HELHEDSPLAN_… environment variables.

A configuration that makes no sense is refused with a message that names the key.
"""

from __future__ import annotations

import tomllib
from collections.abc import Iterable
from dataclasses import replace
from datetime import time
from decimal import Decimal
from fractions import Fraction
from pathlib import Path
from typing import Annotated, Any, Literal
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from pydantic import BaseModel, ConfigDict, Field, ValidationError, field_validator
from pydantic_settings import (
    BaseSettings,
    PydanticBaseSettingsSource,
    SettingsConfigDict,
    SettingsError,
)

from rules.catalogue import RULE_BY_CODE
from rules.parameters import (
    Area,
    EffortArea,
    Organisation,
    ParameterError,
    Parameters,
    Programme,
    Step,
)
from rules.shipped import SHIPPED
from sync.stores.copies import Copies
from sync.stores.excel_reading import ReadingLimits

DEFAULT_FILE = Path("config.toml")
ENVIRONMENT_PREFIX = "HELHEDSPLAN_"
Weekday = Literal["mandag", "tirsdag", "onsdag", "torsdag", "fredag", "lørdag", "søndag"]


class ConfigurationError(Exception):
    """The configuration, or the call, is wrong. The message names the key and what to do."""


class _Section(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)


class ExcelSource(_Section):
    """A folder of Excel workbooks, subfolders included."""

    kind: Literal["excel"] = "excel"
    folder: Path
    name: str = ""
    patterns: Annotated[tuple[str, ...], Field(min_length=1)] = ("*.xlsx", "*.xlsm", "*.xls")


class OverviewSection(_Section):
    """The workbook that the secretariat opens."""

    file: Path = Path("Overblik.xlsx")


class StateSection(_Section):
    """Where the job keeps its history and its lock."""

    folder: Path = Path("state")


class WaiversSection(_Section):
    """The secretariat's workbook of waivers, and the codes that cannot be accepted in it."""

    file: Path = Path("Undtagelser.xlsx")
    never: tuple[str, ...] = ("FIN-01", "GOD-01", "GDP-01")

    @field_validator("never")
    @classmethod
    def _are_codes(cls, codes: tuple[str, ...]) -> tuple[str, ...]:
        for code in codes:
            if code not in RULE_BY_CODE:
                raise ValueError(f"there is no rule {code}; see helhedsplan rules")
        return codes


class CopiesSection(_Section):
    """The copies of workbooks as they were before a change: how many of each, and how old."""

    number: Annotated[int, Field(ge=1, le=1_000)] = 5
    days: Annotated[int, Field(ge=1, le=3_650)] = 30


class ScheduleSection(_Section):
    """When `helhedsplan run` runs a sync: at these times, on these weekdays."""

    times: Annotated[tuple[time, ...], Field(min_length=1)] = (time(6, 0),)
    weekdays: Annotated[tuple[Weekday, ...], Field(min_length=1)] = (
        "mandag", "tirsdag", "onsdag", "torsdag", "fredag", "lørdag", "søndag",
    )  # fmt: skip
    timezone: str = "Europe/Copenhagen"

    @field_validator("timezone")
    @classmethod
    def _is_a_zone(cls, name: str) -> str:
        try:
            ZoneInfo(name)
        except (ZoneInfoNotFoundError, ValueError) as error:
            raise ValueError("is no time zone; the usual one is Europe/Copenhagen") from error
        return name


class ReadingSection(_Section):
    """What a workbook must keep within, and how many processes read (0: as many as pay)."""

    packed_megabytes: Annotated[int, Field(gt=0, le=4_000)] = 50
    unpacked_megabytes: Annotated[int, Field(gt=0, le=16_000)] = 256
    filled_rows: Annotated[int, Field(gt=0, le=1_048_576)] = 200_000
    processes: Annotated[int, Field(ge=0, le=64)] = 0

    @property
    def limits(self) -> ReadingLimits:
        """The limits of one workbook, in bytes and rows."""
        return ReadingLimits(
            self.packed_megabytes * 1_000_000, self.unpacked_megabytes * 1_000_000, self.filled_rows
        )


class OrganisationSection(_Section):
    """A housing organisation and other spellings of its name."""

    name: str
    spellings: tuple[str, ...] = ()


class AreaSection(_Section):
    """A housing area, the organisation that runs its plan, and other spellings."""

    name: str
    organisation: str
    spellings: tuple[str, ...] = ()


class EffortAreaSection(_Section):
    """An indsatsområde and other wordings of it."""

    name: str
    spellings: tuple[str, ...] = ()


class ProgrammeSection(_Section):
    """A programme of Landsbyggefonden with its list of indsatsområder."""

    name: str
    effort_areas: tuple[str | EffortAreaSection, ...]


class StepSection(_Section):
    """An approval step, and the steps that must or customarily do come before it."""

    name: str
    requires: tuple[str, ...] = ()
    follows: tuple[str, ...] = ()
    mandatory: bool = True
    spellings: tuple[str, ...] = ()


class LimitsSection(_Section):
    """The numbers of the rules; what is left out keeps its shipped value."""

    minimum_local_share: Decimal | None = None
    low_grant_share: Decimal | None = None
    shortest_years: int | None = None
    longest_years: int | None = None
    expiry_notice_months: int | None = None
    weekly_hours: Decimal | None = None


class Settings(BaseSettings):
    """Everything that can be configured. Relative paths count from the file's folder."""

    model_config = SettingsConfigDict(
        extra="forbid", frozen=True, env_prefix=ENVIRONMENT_PREFIX, env_nested_delimiter="__"
    )

    sources: tuple[ExcelSource, ...] = ()
    overview: OverviewSection = OverviewSection()
    waivers: WaiversSection = WaiversSection()
    state: StateSection = StateSection()
    copies: CopiesSection = CopiesSection()
    schedule: ScheduleSection = ScheduleSection()
    reading: ReadingSection = ReadingSection()
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

    @classmethod
    def settings_customise_sources(
        cls,
        settings_cls: type[BaseSettings],
        init_settings: PydanticBaseSettingsSource,
        env_settings: PydanticBaseSettingsSource,
        dotenv_settings: PydanticBaseSettingsSource,
        file_secret_settings: PydanticBaseSettingsSource,
    ) -> tuple[PydanticBaseSettingsSource, ...]:
        """The environment goes before the file, which is passed as keyword arguments."""
        del settings_cls, dotenv_settings, file_secret_settings
        return env_settings, init_settings

    def kept_copies(self) -> Copies:
        """The copies of workbooks in the state folder."""
        return Copies(self.state.folder / "copies", self.copies.number, self.copies.days)

    def parameters(self) -> Parameters:
        """What the rules are set to: the shipped values with the configured ones over them.

        Raises:
            ConfigurationError: the values make no sense together.
        """
        changes: dict[str, Any] = {"header_aliases": self.header_aliases}
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
                Step(s.name, s.requires, s.follows, s.mandatory, s.spellings)
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


def load(file: Path | None, *, required: bool = True) -> Settings:
    """Read the configuration.

    `file` None means `config.toml` in the working directory; where that is missing and not
    `required`, the shipped defaults hold.

    Raises:
        ConfigurationError: it is missing, not TOML, or makes no sense.
    """
    path = file or DEFAULT_FILE
    if not path.is_file():
        if file is not None or required:
            raise ConfigurationError(
                f"{path}: there is no such file. Copy config.example.toml, or name one with -c."
            )
        return _validated({}, Path())
    try:
        data = tomllib.loads(path.read_text(encoding="utf-8"))
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
        raise ConfigurationError(f"{path}: not a TOML file: {error}") from error
    return _validated(data, path.parent)


def _validated(data: dict[str, Any], folder: Path) -> Settings:
    try:
        settings = Settings(**data)
    except ValidationError as error:
        raise ConfigurationError("\n".join(_problems(error))) from error
    except SettingsError as error:
        raise ConfigurationError(f"{ENVIRONMENT_PREFIX}…: {error}; write lists as JSON") from error
    settings.parameters()
    return _with_paths(settings, folder)


_PLAIN_WORDS = {
    "extra_forbidden": "there is no such key",
    "tuple_type": "must be a list; a section of which there may be several is written [[…]]",
    "model_type": "must be a table of keys",
    "missing": "is missing",
}


def _problems(error: ValidationError) -> Iterable[str]:
    """A line for each problem; what only follows from another one is left out."""
    problems = error.errors(include_url=False)
    places = [problem["loc"] for problem in problems]
    for problem in problems:
        place = problem["loc"]
        if any(len(other) > len(place) and other[: len(place)] == place for other in places):
            continue
        key = ".".join(str(part) for part in place)
        yield f"{key}: {_PLAIN_WORDS.get(problem['type'], problem['msg'])}"


def _waivers_file(settings: Settings) -> Path:
    """The configured file; where none is named, the shipped name beside the overview."""
    if "file" in settings.waivers.model_fields_set:
        return settings.waivers.file
    return settings.overview.file.with_name(settings.waivers.file.name)


def _with_paths(settings: Settings, folder: Path) -> Settings:
    """Make relative paths count from the configuration's own folder."""
    return settings.model_copy(
        update={
            "sources": tuple(
                source.model_copy(update={"folder": folder / source.folder})
                for source in settings.sources
            ),
            "overview": settings.overview.model_copy(
                update={"file": folder / settings.overview.file}
            ),
            "waivers": settings.waivers.model_copy(
                update={"file": folder / _waivers_file(settings)}
            ),
            "state": settings.state.model_copy(update={"folder": folder / settings.state.folder}),
        }
    )
