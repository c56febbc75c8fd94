"""A new plan workbook from the template, with its master data filled in."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta
from pathlib import Path

from rules.model.parameters import Parameters
from rules.model.tables import ChoiceList
from rules.model.vocabulary import PlanStatus
from rules.text.spelling import nearest_name
from sheets_templates.drawing.design import Program, WorkbookDesign
from sheets_templates.drawing.excel import drawn
from sheets_templates.template.plan_design import MasterData, plan_design
from sync.config import ConfigurationError
from sync.stores.files.replace import write_new_file

USUAL_YEARS = 4


@dataclass(frozen=True, slots=True)
class NewWorkbook:
    """What was asked for on the command line; days as YYYY-MM-DD, empty where nothing was said."""

    plan_id: str
    name: str
    area: str
    programme: str
    starts_on: str
    ends_on: str
    contact: str
    email: str
    program: Program = Program.EXCEL


def new_workbook(
    file: Path, wanted: NewWorkbook, parameters: Parameters, today: date, help_from: str
) -> Path:
    """Write the workbook; its path. Without dates the plan takes the next four calendar years.

    `help_from` is whom its guide names for questions.

    Raises:
        ConfigurationError: something that was asked for makes no sense, or the file exists.
        StoreError: it cannot be written.
    """
    path = file if file.suffix.casefold() == ".xlsx" else file.with_name(f"{file.name}.xlsx")
    if path.exists():
        raise ConfigurationError(f"{path}: exists already; it is never overwritten")
    write_new_file(path, drawn(new_design(wanted, parameters, today, help_from)))
    return path


def new_design(
    wanted: NewWorkbook, parameters: Parameters, today: date, help_from: str
) -> WorkbookDesign:
    """The design of the workbook that is wanted.

    Raises:
        ConfigurationError: something that was asked for makes no sense.
    """
    area = _known(ChoiceList.AREAS, wanted.area, "--area", parameters)
    programme = wanted.programme or parameters.default_programme
    starts_on = _day(wanted.starts_on, "--start") or date(today.year + 1, 1, 1)
    ends_on = _day(wanted.ends_on, "--end") or _last_day(starts_on)
    if ends_on < starts_on:
        raise ConfigurationError("--end: is before --start")
    master = MasterData(
        plan_id=wanted.plan_id,
        name=wanted.name or f"Helhedsplan {area} {starts_on.year}-{ends_on.year}",
        area=area,
        organisation=parameters.area_by_name[area].organisation,
        other_organisations=None,
        programme=_known(ChoiceList.PROGRAMMES, programme, "--programme", parameters),
        starts_on=starts_on,
        ends_on=ends_on,
        status=PlanStatus.DRAFT,
        contact=wanted.contact or None,
        email=wanted.email or None,
    )
    try:
        return plan_design(parameters, master, contact=help_from, program=wanted.program)
    except ValueError as error:
        raise ConfigurationError(str(error)) from error


def _known(listed: ChoiceList, text: str, option: str, parameters: Parameters) -> str:
    name, choices = parameters.meaning(listed)(text), parameters.words(listed)
    if name not in choices:
        near = nearest_name(text, choices)
        hint = f"did you mean {near}?" if near else f"one of: {', '.join(choices)}"
        raise ConfigurationError(f"{option} {text}: {hint}")
    return name


def _day(text: str, option: str) -> date | None:
    try:
        return date.fromisoformat(text) if text else None
    except ValueError as error:
        raise ConfigurationError(f"{option} {text}: write the day as YYYY-MM-DD") from error


def _last_day(starts_on: date) -> date:
    anniversary = date(starts_on.year + USUAL_YEARS, starts_on.month, min(starts_on.day, 28))
    return anniversary - timedelta(days=1)
