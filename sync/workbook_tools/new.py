"""A new plan workbook from the template, with its master data filled in."""

from __future__ import annotations

import re
from datetime import date, timedelta
from pathlib import Path

from rules.judging.rule import Context
from rules.model.choices import ChoiceList, PlanStatus
from rules.model.parameters import Parameters
from rules.model.plan import PlanForm
from rules.model.run_index import plan_key
from rules.text.spelling import nearest_name
from sheets_templates.drawing.design import Program, WorkbookDesign
from sheets_templates.drawing.excel import drawn
from sheets_templates.template.plan_design import plan_design
from sync.check.reading import list_workbooks, read_all
from sync.config.section import ConfigurationError
from sync.config.settings import Settings
from sync.stores.configured import configured_folders
from sync.stores.files.replace import write_new_file

USUAL_YEARS = 4
_YEARS_LATER = 2
"""A plan for 2015 to 2017 had its grant from the programme 2011-14."""


def new_design(
    settings: Settings,
    program: Program,
    *,
    plan_id: str,
    area: str,
    today: date,
    name: str = "",
    programme: str = "",
    starts_on: date | None = None,
    ends_on: date | None = None,
    contact: str = "",
    email: str = "",
) -> WorkbookDesign:
    """The design of a new plan's workbook; without dates it takes the next four calendar years.

    Raises:
        ConfigurationError: there is no such area or programme, it ends before it starts, the plan
            has a workbook for the area, or the template has no room for these years.
    """
    parameters = settings.parameters()
    area = _spelled(ChoiceList.AREAS, area, "--area", parameters)
    programme = programme and _spelled(ChoiceList.PROGRAMMES, programme, "--programme", parameters)
    starts_on = starts_on or date(today.year + 1, 1, 1)
    if ends_on is None:
        last_year, last_day = starts_on.year + USUAL_YEARS, min(starts_on.day, 28)
        ends_on = date(last_year, starts_on.month, last_day) - timedelta(days=1)
    if ends_on < starts_on:
        raise ConfigurationError("--end: is before --start")
    if programme:
        _refuse_other_years(programme, starts_on.year, parameters)
    programme = programme or parameters.default_programme
    _refuse_existing(settings, plan_id, area)
    master = PlanForm(
        plan_id=plan_id,
        name=name or f"Helhedsplan {area} {starts_on.year}-{ends_on.year}",
        area=area,
        organisation=parameters.area_by_name[area].organisation,
        programme=programme,
        starts_on=starts_on,
        ends_on=ends_on,
        status=PlanStatus.DRAFT,
        contact=contact or None,
        email=email or None,
    )
    try:
        return plan_design(parameters, master, contact=settings.template.contact, program=program)
    except ValueError as error:
        raise ConfigurationError(str(error)) from error


def new_workbook(file: Path, design: WorkbookDesign) -> Path:
    """Write the workbook; its path.

    Raises:
        ConfigurationError: the file exists.
        StoreError: it cannot be written.
    """
    path = path_of(file)
    if path.exists():
        raise ConfigurationError(f"{path}: exists already; it is never overwritten")
    write_new_file(path, drawn(design))
    return path


def path_of(file: Path) -> Path:
    """The file with the ending of a workbook.

    Raises:
        ConfigurationError: it has that of another kind, or no name.
    """
    if not file.name:
        raise ConfigurationError(f"{file}: name the workbook that is to be made")
    ending = file.suffix.casefold()
    if ending in {".xls", ".xlsm", ".xlsb", ".ods", ".csv"}:
        raise ConfigurationError(f"{file}: a new workbook is an .xlsx; write {file.stem}.xlsx")
    return file if ending == ".xlsx" else file.with_name(f"{file.name}.xlsx")


def _refuse_other_years(programme: str, year: int, parameters: Parameters) -> None:
    """A programme gives grants in its years, and to plans that begin soon after them."""
    fitting = [one.name for one in parameters.programmes if _fits(one.name, year)]
    if programme not in fitting:
        others = f"one of: {', '.join(fitting)}" if fitting else "another --start"
        raise ConfigurationError(
            f"--programme {programme}: is not of the years in which the plan begins ({year}); "
            f"write {others}"
        )


def _fits(programme: str, year: int) -> bool:
    years = re.fullmatch(r"(\d\d)(\d\d)-(\d\d)", programme)
    if years is None:
        return True
    first, last = int(years[1] + years[2]), int(years[1] + years[3])
    return first <= year <= last + _YEARS_LATER


def _refuse_existing(settings: Settings, plan_id: str, area: str) -> None:
    """A plan's second workbook for an area would count as a conflict copy (STR-06)."""
    stores = configured_folders(settings) if settings.folders else []
    context = Context(settings.parameters(), date.min)
    jobs = [(store, path) for path, (_, store) in list_workbooks(stores).workbooks.items()]
    for outcome in read_all(jobs, context):
        entry = outcome.checked.entry if outcome.checked else None
        if entry and (entry.area, entry.plan_key) == (area, plan_key(plan_id, "")):
            raise ConfigurationError(
                f"{outcome.path}: is the workbook of {plan_id} for {area} already; work in it, or "
                "give the new plan a --plan of its own"
            )


def _spelled(listed: ChoiceList, text: str, option: str, parameters: Parameters) -> str:
    name, choices = parameters.meaning(listed)(text), parameters.words(listed)
    if name not in choices:
        near = nearest_name(text, choices)
        hint = f"did you mean {near}?" if near else f"one of: {', '.join(choices)}"
        raise ConfigurationError(f"{option} {text}: {hint}")
    return name
