"""What the rules are set to: areas, programmes, steps and limits, each with its source.

The values are those of shipped.py, and the configuration may replace each of them. What has no
published rule behind it is marked as a house rule (*lokal praksis*) and is never presented as a
rule of Landsbyggefonden.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from decimal import Decimal
from fnmatch import fnmatchcase
from fractions import Fraction
from functools import cached_property
from graphlib import CycleError, TopologicalSorter
from itertools import chain

from rules.model.choices import ChoiceList, Choices, FundingType
from rules.model.parameter_types import (
    ApprovalStep,
    Area,
    ExpectedPlan,
    Limit,
    Named,
    Organisation,
    Programme,
    ReportingDuty,
    Unit,
    spelled,
)
from rules.model.tables import FIRST_YEAR, LAST_YEAR, TABLES, Kind
from rules.text.danish import header_key, id_key, name_key, words_key
from rules.text.language import DANISH, Language

_TABLE_BY_TAB = {table.tab: table for table in TABLES}


YEARS = "År"
"""What a unit calls all year columns together."""


@dataclass(frozen=True)
class Parameters:
    """Everything that the rules are set to.

    `choice_aliases` holds what else is typed for a word of a list that is not configured.
    `header_aliases` holds further names of columns: by tab, then by header (a year's is its
    digits). `tab_aliases` holds further names of tabs, `forms_without_headers` the tabs whose form
    has no row »Felt | Værdi« above it, `units` the columns whose amounts are not whole kroner.
    `expected_plans` is what is registered of each plan elsewhere. `language` is the one in which
    findings are put into words.

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
    spending_deviation_share: Limit[Fraction]
    spending_deviation_kroner: Limit[int]
    report_notice_days: Limit[int]
    choice_aliases: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    header_aliases: Mapping[str, Mapping[str, tuple[str, ...]]] = field(default_factory=dict)
    tab_aliases: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    forms_without_headers: tuple[str, ...] = ()
    units: tuple[Unit, ...] = ()
    expected_plans: tuple[ExpectedPlan, ...] = ()
    language: Language = DANISH

    def __post_init__(self) -> None:
        _check(self)

    @cached_property
    def area_by_name(self) -> dict[str, Area]:
        """The housing areas by name."""
        return {area.name: area for area in self.areas}

    @cached_property
    def organisation_keys(self) -> tuple[tuple[str, ...], ...]:
        """For each organisation the keys of all the ways in which its name is written."""
        return tuple(tuple(map(name_key, spelled(one))) for one in self.organisations)

    def step(self, name: str) -> ApprovalStep:
        """The approval step with this name."""
        return next(step for step in self.steps if step.name == name)

    def programme(self, name: str | None) -> Programme:
        """The programme with this name; the default one without a name."""
        chosen = name or self.default_programme
        return next(one for one in self.programmes if one.name == chosen)

    def local_share(self, programme: str | None) -> Fraction:
        """The least local co-financing of a plan of this programme, as a share of its total."""
        return (self.programme(programme).minimum_local_share or self.minimum_local_share).value

    @cached_property
    def expected_by_id(self) -> dict[str, ExpectedPlan]:
        """What is registered of each plan, by its Plan-id without regard to case and blanks."""
        return {id_key(one.plan_id): one for one in self.expected_plans}

    def units_of(self, path: str) -> dict[tuple[str, str], int]:
        """For a workbook what 1 means in each column that has a unit, by tab and header."""
        name = path.rpartition("/")[2].casefold()
        units = [one for one in self.units if fnmatchcase(name, one.workbooks.casefold())]
        return {(unit.tab, unit.column): unit.kroner for unit in units}

    def words(self, choices: Choices, programme: str | None = None) -> tuple[str, ...]:
        """The words to choose from; of a programme's own those of one, or of all without one."""
        return tuple(self._spellings(choices, programme))

    def spellings(self, choices: Choices) -> tuple[str, ...]:
        """All the ways in which the words to choose from are written, of every programme."""
        return tuple(chain(*self._spellings(choices, None).values()))

    def meaning(self, choices: Choices, programme: str | None = None) -> Callable[[str], str]:
        """A function from typed text to the choice that it means, or to itself if to none.

        Effort areas are those of the programme, and of all without one, the earlier ones first;
        word order and simple plurals do not count there.
        """
        key: Callable[[str], object] = header_key
        if choices is ChoiceList.EFFORT_AREAS:
            key = words_key
        known = {
            key(spelling): word
            for word, spellings in reversed(self._spellings(choices, programme).items())
            for spelling in spellings
        }
        return lambda text: known.get(key(text), text)

    def _spellings(self, choices: Choices, programme: str | None) -> dict[str, tuple[str, ...]]:
        """Each word to choose from, with all the ways in which it is written.

        A programme without reports of its own has those of all.
        """
        chosen = [one for one in self.programmes if not programme or one.name == programme]
        reporting = [one for one in chosen if one.reports] or self.programmes
        lists: dict[Choices, Iterable[Named]] = {
            ChoiceList.AREAS: self.areas,
            ChoiceList.ORGANISATIONS: self.organisations,
            ChoiceList.PROGRAMMES: self.programmes,
            ChoiceList.STEPS: self.steps,
            ChoiceList.EFFORT_AREAS: chain(*(one.effort_areas for one in chosen)),
            ChoiceList.REPORTS: chain(*(one.reports for one in reporting)),
        }
        if isinstance(choices, ChoiceList):
            return {item.name: spelled(item) for item in lists[choices]}
        return {str(word): (word, *self.choice_aliases.get(word, ())) for word in choices}


class ParameterError(ValueError):
    """Settings that make no sense together. `key` is the setting's name in the configuration."""

    def __init__(self, key: str, problem: str) -> None:
        super().__init__(f"{key}: {problem}")
        self.key = key
        self.problem = problem


def _check(parameters: Parameters) -> None:
    _check_names(parameters)
    _check_aliases(parameters)
    _check_choices(parameters)
    _check_units(parameters.units)
    _check_steps(parameters)
    for key, share in _shares(parameters).items():
        if not 0 < share.value < 1:
            problem = f"{float(share.value):g} is not more than 0 and less than 1"
            raise ParameterError(key, f'{problem}; write it like "0.25"')
    if parameters.shortest_years.value > parameters.longest_years.value:
        raise ParameterError(
            "limits.shortest_years",
            f"must not be above longest_years ({parameters.longest_years.value})",
        )
    for key in (
        "shortest_years", "longest_years", "expiry_notice_months", "weekly_hours",
        "spending_deviation_kroner", "report_notice_days",
    ):  # fmt: skip
        if getattr(parameters, key).value <= 0:
            raise ParameterError(f"limits.{key}", "must be more than 0")
    unknown = [one for one in parameters.local_types if one not in set(FundingType)]
    if unknown or not parameters.local_types:
        given = f"»{unknown[0]}« is no type; " if unknown else ""
        raise ParameterError(
            "local_types", f"{given}write one or more of: {', '.join(FundingType)}"
        )


def _shares(parameters: Parameters) -> dict[str, Limit[Fraction]]:
    """Every share, by its key in the configuration."""
    keys = ("minimum_local_share", "low_grant_share", "spending_deviation_share")
    shares: dict[str, Limit[Fraction]] = {f"limits.{k}": getattr(parameters, k) for k in keys}
    for programme in parameters.programmes:
        if programme.minimum_local_share:
            key = f"programmes.{programme.name}.minimum_local_share"
            shares[key] = programme.minimum_local_share
    return shares


def _check_names(parameters: Parameters) -> None:
    named: dict[str, tuple[Named, ...]] = {
        "areas": parameters.areas,
        "organisations": parameters.organisations,
        "programmes": parameters.programmes,
        "approval_steps": parameters.steps,
    }
    for key, items in named.items():
        if not items:
            raise ParameterError(key, f"there is none; write at least one [[{key}]]")
        names = {header_key(item.name) for item in items}
        if len(names) != len(items) or "" in names:
            raise ParameterError(key, "each must have a name of its own")
        _check_unambiguous(key, ((header_key(s), x.name) for x in items for s in spelled(x)))
    organisations = {organisation.name for organisation in parameters.organisations}
    for area in parameters.areas:
        if area.organisation not in organisations:
            known = f"write one of: {', '.join(sorted(organisations))}, or add [[organisations]]"
            stands = (
                f"»{area.organisation}« is no organisation here"
                if area.organisation
                else ("is missing")
            )
            raise ParameterError(f"areas.{area.name}.organisation", f"{stands}; {known}")
    programmes = [programme.name for programme in parameters.programmes]
    if parameters.default_programme not in programmes:
        problem = f"»{parameters.default_programme}« is no programme here; write one of: "
        raise ParameterError("default_programme", problem + ", ".join(programmes))
    for programme in parameters.programmes:
        key = f"programmes.{programme.name}"
        if not programme.effort_areas:
            raise ParameterError(f"{key}.effort_areas", "must name at least one effort area")
        wordings = ((words_key(s), e.name) for e in programme.effort_areas for s in spelled(e))
        _check_unambiguous(key, wordings)
        _check_duties(f"{key}.reports", programme.reports)
    ids = [id_key(one.plan_id) for one in parameters.expected_plans]
    if len(set(ids)) != len(ids) or "" in ids:
        raise ParameterError("expected_plans", "each must have a Plan-id of its own")


def _check_duties(key: str, duties: tuple[ReportingDuty, ...]) -> None:
    if len({one.name for one in duties}) != len(duties):
        raise ParameterError(key, "each must have a name of its own")
    if sum(one.is_accounts for one in duties) > 1:
        raise ParameterError(key, "only one can hold the accounts")
    _check_unambiguous(key, ((header_key(s), one.name) for one in duties for s in spelled(one)))


def _check_unambiguous(key: str, pairs: Iterable[tuple[object, str]]) -> None:
    meant: dict[object, str] = {}
    for spelling, name in pairs:
        if meant.setdefault(spelling, name) != name:
            problem = f"a spelling of it already means {meant[spelling]}; delete one of the two"
            raise ParameterError(f"{key}.{name}", problem)


def _check_aliases(parameters: Parameters) -> None:
    for key in ("header_aliases", "tab_aliases"):
        if unknown := sorted(getattr(parameters, key).keys() - _TABLE_BY_TAB.keys()):
            tabs = ", ".join(_TABLE_BY_TAB)
            raise ParameterError(
                f"{key}.{unknown[0]}", f"there is no such tab; write one of: {tabs}"
            )
    for tab, by_header in parameters.header_aliases.items():
        table = _TABLE_BY_TAB[tab]
        headers = {column.header for column in table.columns}
        for header in by_header:
            if header not in headers and not (table.has_years and _is_year(header)):
                problem = f"there is no such column; write one of: {', '.join(sorted(headers))}"
                raise ParameterError(f"header_aliases.{tab}.{header}", problem)
        pairs = [(header_key(header), header) for header in headers]
        pairs += [(header_key(s), header) for header, some in by_header.items() for s in some]
        _check_unambiguous(f"header_aliases.{tab}", pairs)


def _check_choices(parameters: Parameters) -> None:
    lists = {c.choices for table in TABLES for c in table.columns if isinstance(c.choices, tuple)}
    known = {str(word) for words in lists for word in words}
    if unknown := sorted(parameters.choice_aliases.keys() - known):
        problem = f"there is no such word; write one of: {', '.join(sorted(known))}"
        raise ParameterError(f"choice_aliases.{unknown[0]}", problem)
    for words in lists:
        aliases = parameters.choice_aliases
        pairs = [(name_key(word), str(word)) for word in words]
        pairs += [(name_key(one), str(word)) for word in words for one in aliases.get(word, ())]
        _check_unambiguous("choice_aliases", pairs)


def _check_units(units: Iterable[Unit]) -> None:
    for unit in units:
        table = _TABLE_BY_TAB.get(unit.tab)
        if table is None:
            tabs = ", ".join(_TABLE_BY_TAB)
            raise ParameterError("units.tab", f"there is no tab {unit.tab}; write one of: {tabs}")
        amounts = {column.header for column in table.columns if column.kind is Kind.AMOUNT}
        is_of_years = table.has_years and (unit.column == YEARS or _is_year(unit.column))
        if unit.column not in amounts and not is_of_years:
            problem = f"{unit.tab} has no amounts in {unit.column}; write one of: "
            columns = [*sorted(amounts), *([YEARS] if table.has_years else [])]
            raise ParameterError("units.column", problem + (", ".join(columns) or "none"))
        if unit.kroner <= 0:
            raise ParameterError("units.kroner", "must be more than 0")


def _is_year(header: str) -> bool:
    return len(header) == 4 and header.isdecimal() and FIRST_YEAR <= int(header) <= LAST_YEAR


def _check_steps(parameters: Parameters) -> None:
    names = [step.name for step in parameters.steps]
    known = f"is no step here; write one of: {', '.join(names)}"
    for step in parameters.steps:
        for relation in ("requires", "follows"):
            for other in getattr(step, relation):
                if other not in names:
                    key = f"approval_steps.{step.name}.{relation}"
                    raise ParameterError(key, f"»{other}« {known}")
    try:
        TopologicalSorter({s.name: (*s.requires, *s.follows) for s in parameters.steps}).prepare()
    except CycleError as error:
        circle = error.args[1][::-1]
        problem = (
            f"the steps go in a circle: {' -> '.join(circle)}; take one of them out of requires or "
            "follows"
        )
        raise ParameterError(f"approval_steps.{circle[0]}", problem) from error
    for key in ("preliminary_step", "organisation_step", "final_step"):
        if getattr(parameters, key) not in names:
            raise ParameterError(key, f"»{getattr(parameters, key)}« {known}")
