"""What the rules are set to: areas, programmes, steps and limits, each with its source.

These are the shipped values; the configuration may replace each of them. What has no published
rule behind it is marked as a house rule (*lokal praksis*) and is never presented as a rule of
Landsbyggefonden.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from fnmatch import fnmatchcase
from fractions import Fraction
from functools import cached_property
from typing import Generic, TypeVar

from rules.model.tables import FIRST_YEAR, LAST_YEAR, TABLES, ChoiceList, Kind
from rules.model.vocabulary import FundingType
from rules.text.danish import name_key, words_key
from rules.text.language import DANISH, Language
from rules.text.marking import N_

Value = TypeVar("Value")

HOUSE_RULE = N_("Lokal praksis i Helsingør")


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
class Programme:
    """A programme of Landsbyggefonden with its list of effort areas."""

    name: str
    effort_areas: tuple[EffortArea, ...]
    source: str = ""


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


@dataclass(frozen=True)
class Parameters:
    """Everything that the rules are set to.

    `header_aliases` holds further names of columns: by tab, then by header (a year's is its
    digits). `tab_aliases` holds further names of tabs, `forms_without_headers` the tabs whose form
    has no row »Felt | Værdi« above it, `units` the columns whose amounts are not whole kroner.
    `language` is the one in which findings are put into words.

    Raises:
        ParameterError: the values contradict each other; its `key` names the setting.
    """

    areas: tuple[Area, ...]
    organisations: tuple[Organisation, ...]
    programmes: tuple[Programme, ...]
    default_programme: str
    steps: tuple[ApprovalStep, ...]
    preliminary_step: str
    organisation_step: str
    final_step: str
    local_types: tuple[str, ...]
    minimum_local_share: Limit[Fraction]
    low_grant_share: Limit[Fraction]
    shortest_years: Limit[int]
    longest_years: Limit[int]
    expiry_notice_months: Limit[int]
    weekly_hours: Limit[Decimal]
    header_aliases: Mapping[str, Mapping[str, tuple[str, ...]]] = field(default_factory=dict)
    tab_aliases: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    forms_without_headers: tuple[str, ...] = ()
    units: tuple[Unit, ...] = ()
    language: Language = DANISH

    def __post_init__(self) -> None:
        _check(self)

    @cached_property
    def area_by_name(self) -> dict[str, Area]:
        """The housing areas by name."""
        return {area.name: area for area in self.areas}

    @cached_property
    def area_names(self) -> dict[str, tuple[str, ...]]:
        """For each area all the ways in which its name is written."""
        return {area.name: (area.name, *area.spellings) for area in self.areas}

    @cached_property
    def organisation_keys(self) -> tuple[tuple[str, ...], ...]:
        """For each organisation the keys of all the ways in which its name is written."""
        return tuple(
            tuple(name_key(name) for name in (one.name, *one.spellings))
            for one in self.organisations
        )

    def choices(self, listed: ChoiceList) -> tuple[str, ...]:
        """The words of a list that stands here; of the effort areas those of all programmes."""
        if listed is ChoiceList.EFFORT_AREAS:
            names = (e.name for programme in self.programmes for e in programme.effort_areas)
            return tuple(dict.fromkeys(names))
        named: dict[ChoiceList, Iterable[Area | Organisation | Programme | ApprovalStep]] = {
            ChoiceList.AREAS: self.areas,
            ChoiceList.ORGANISATIONS: self.organisations,
            ChoiceList.PROGRAMMES: self.programmes,
            ChoiceList.STEPS: self.steps,
        }
        return tuple(item.name for item in named[listed])

    def step(self, name: str) -> ApprovalStep:
        """The approval step with this name."""
        return next(step for step in self.steps if step.name == name)

    def effort_areas(self, programme: str) -> tuple[str, ...]:
        """The effort areas of a programme.

        Raises:
            KeyError: there is no such programme.
        """
        for candidate in self.programmes:
            if candidate.name == programme:
                return tuple(effort_area.name for effort_area in candidate.effort_areas)
        raise KeyError(programme)

    @cached_property
    def spelled(self) -> dict[ChoiceList, dict[str, str]]:
        """For each list: the key of every accepted spelling, and the name that it means."""
        plain: dict[ChoiceList, Iterable[Area | Organisation | ApprovalStep]] = {
            ChoiceList.AREAS: self.areas,
            ChoiceList.ORGANISATIONS: self.organisations,
            ChoiceList.STEPS: self.steps,
        }
        spelled = {
            listed: {
                name_key(spelling): item.name
                for item in items
                for spelling in (item.name, *item.spellings)
            }
            for listed, items in plain.items()
        }
        spelled[ChoiceList.PROGRAMMES] = {name_key(p.name): p.name for p in self.programmes}
        return spelled

    @cached_property
    def effort_area_spelled(self) -> dict[str, dict[frozenset[str], str]]:
        """For each programme: the words of every accepted wording, and the name it means."""
        return {
            programme.name: {
                words_key(spelling): effort_area.name
                for effort_area in programme.effort_areas
                for spelling in (effort_area.name, *effort_area.spellings)
            }
            for programme in self.programmes
        }


class ParameterError(ValueError):
    """Settings that make no sense together. `key` is the setting's name in the configuration."""

    def __init__(self, key: str, problem: str) -> None:
        super().__init__(f"{key}: {problem}")
        self.key = key
        self.problem = problem


def _check(parameters: Parameters) -> None:
    _check_names(parameters)
    _check_effort_areas(parameters)
    _check_aliases(parameters)
    _check_layouts(parameters)
    _check_steps(parameters)
    for key in ("minimum_local_share", "low_grant_share"):
        share = getattr(parameters, key).value
        if not 0 < share < 1:
            raise ParameterError(f"limits.{key}", "must be more than 0 and less than 1")
    if parameters.shortest_years.value > parameters.longest_years.value:
        raise ParameterError("limits.shortest_years", "must not be above longest_years")
    for key in ("shortest_years", "longest_years", "expiry_notice_months", "weekly_hours"):
        if getattr(parameters, key).value <= 0:
            raise ParameterError(f"limits.{key}", "must be more than 0")
    unknown = set(parameters.local_types) - set(FundingType)
    if unknown or not parameters.local_types:
        allowed = ", ".join(FundingType)
        raise ParameterError("local_types", f"must name one or more of: {allowed}")


def _check_names(parameters: Parameters) -> None:
    for key, items in (
        ("areas", parameters.areas),
        ("organisations", parameters.organisations),
        ("programmes", parameters.programmes),
        ("approval_steps", parameters.steps),
    ):
        names = [name_key(item.name) for item in items]
        if not names or len(names) != len(set(names)) or "" in names:
            raise ParameterError(key, "must hold at least one entry, each with a name of its own")
    for key, spelled in (
        ("areas", parameters.areas),
        ("organisations", parameters.organisations),
        ("approval_steps", parameters.steps),
    ):
        pairs = [(name_key(s), x.name) for x in spelled for s in (x.name, *x.spellings)]
        _check_unambiguous(key, pairs)
    organisations = {organisation.name for organisation in parameters.organisations}
    for area in parameters.areas:
        if area.organisation not in organisations:
            raise ParameterError(
                f"areas.{area.name}.organisation", f"»{area.organisation}« is no organisation here"
            )
    if parameters.default_programme not in {p.name for p in parameters.programmes}:
        raise ParameterError("default_programme", "is none of the programmes")


def _check_unambiguous(key: str, pairs: Iterable[tuple[object, str]]) -> None:
    """Each spelling, as it is compared, must mean one name only."""
    meant: dict[object, str] = {}
    for spelling, name in pairs:
        if meant.setdefault(spelling, name) != name:
            raise ParameterError(
                f"{key}.{name}", f"a spelling of it already means {meant[spelling]}"
            )


def _check_effort_areas(parameters: Parameters) -> None:
    for programme in parameters.programmes:
        key = f"programmes.{programme.name}"
        if not programme.effort_areas:
            raise ParameterError(key, "must hold effort areas")
        pairs = [
            (words_key(spelling), effort_area.name)
            for effort_area in programme.effort_areas
            for spelling in (effort_area.name, *effort_area.spellings)
        ]
        _check_unambiguous(key, pairs)


def _check_aliases(parameters: Parameters) -> None:
    tables = {table.tab: table for table in TABLES}
    for tab, aliases in parameters.header_aliases.items():
        if tab not in tables:
            raise ParameterError(f"header_aliases.{tab}", "there is no such tab")
        pairs = [(name_key(column.header), column.header) for column in tables[tab].columns]
        headers = {header for _, header in pairs}
        for header, spellings in aliases.items():
            if header not in headers and not (tables[tab].has_years and _is_year(header)):
                raise ParameterError(f"header_aliases.{tab}.{header}", "there is no such column")
            pairs += [(name_key(spelling), header) for spelling in spellings]
        _check_unambiguous(f"header_aliases.{tab}", pairs)


def _check_layouts(parameters: Parameters) -> None:
    tables = {table.tab: table for table in TABLES}
    for tab in parameters.tab_aliases:
        if tab not in tables:
            raise ParameterError(f"tab_aliases.{tab}", "there is no such tab")
    for unit in parameters.units:
        if unit.tab not in tables:
            raise ParameterError("units.tab", f"there is no tab {unit.tab}")
        table = tables[unit.tab]
        amounts = {column.header for column in table.columns if column.kind is Kind.AMOUNT}
        if unit.column not in amounts and not (
            table.has_years and (unit.column == YEARS or _is_year(unit.column))
        ):
            raise ParameterError("units.column", f"{unit.tab} has no amounts in {unit.column}")
        if unit.kroner <= 0:
            raise ParameterError("units.kroner", "must be more than 0")


def _is_year(header: str) -> bool:
    return len(header) == 4 and header.isdecimal() and FIRST_YEAR <= int(header) <= LAST_YEAR


def _check_steps(parameters: Parameters) -> None:
    names = {step.name for step in parameters.steps}
    for step in parameters.steps:
        for relation in ("requires", "follows"):
            for other in getattr(step, relation):
                if other not in names:
                    raise ParameterError(
                        f"approval_steps.{step.name}.{relation}", f"»{other}« is no step here"
                    )
    if circle := _circle({s.name: (*s.requires, *s.follows) for s in parameters.steps}):
        raise ParameterError(
            f"approval_steps.{circle[0]}", f"the steps go in a circle: {' -> '.join(circle)}"
        )
    for key in ("preliminary_step", "organisation_step", "final_step"):
        if getattr(parameters, key) not in names:
            raise ParameterError(key, f"»{getattr(parameters, key)}« is no step here")


def _circle(before: Mapping[str, tuple[str, ...]]) -> list[str] | None:
    done: set[str] = set()

    def walk(name: str, path: list[str]) -> list[str] | None:
        if name in path:
            return [*path[path.index(name) :], name]
        if name not in done:
            for other in before[name]:
                if found := walk(other, [*path, name]):
                    return found
            done.add(name)
        return None

    return next((found for name in before if (found := walk(name, []))), None)


YEARS = "År"
"""What a unit calls all year columns together."""


@dataclass(frozen=True, slots=True)
class Unit:
    """Amounts of a column that are not whole kroner: `kroner` is what 1 in a cell means.

    `workbooks` is a pattern of file names (`Ellekilde*.xlsx`); `tab` and `column` are our names.
    """

    workbooks: str
    tab: str
    column: str
    kroner: int

    def is_for(self, path: str) -> bool:
        """Whether the workbook with this path is meant."""
        name = path.rpartition("/")[2]
        return fnmatchcase(name.casefold(), self.workbooks.casefold())
