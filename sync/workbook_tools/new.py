"""A new plan workbook from the template, with its master data filled in."""

from __future__ import annotations

from datetime import date, timedelta
from pathlib import Path

from rules.model.parameters import Parameters
from rules.model.plan import PlanForm
from rules.model.tables import ChoiceList, PlanStatus
from rules.text.spelling import nearest_name
from sheets_templates.drawing.design import Program, WorkbookDesign
from sheets_templates.drawing.excel import drawn
from sheets_templates.template.plan_design import plan_design
from sync.config.section import ConfigurationError
from sync.config.settings import Settings
from sync.stores.files.replace import write_new_file

USUAL_YEARS = 4


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
        ConfigurationError: there is no such area or programme, it ends before it starts, or the
            template has no room for these years.
    """
    parameters = settings.parameters()
    area = _spelled(ChoiceList.AREAS, area, "--area", parameters)
    programme = programme or parameters.default_programme
    starts_on = starts_on or date(today.year + 1, 1, 1)
    if ends_on is None:
        last_year, last_day = starts_on.year + USUAL_YEARS, min(starts_on.day, 28)
        ends_on = date(last_year, starts_on.month, last_day) - timedelta(days=1)
    if ends_on < starts_on:
        raise ConfigurationError("--end: is before --start")
    master = PlanForm(
        plan_id=plan_id,
        name=name or f"Helhedsplan {area} {starts_on.year}-{ends_on.year}",
        area=area,
        organisation=parameters.area_by_name[area].organisation,
        programme=_spelled(ChoiceList.PROGRAMMES, programme, "--programme", parameters),
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
    path = file if file.suffix.casefold() == ".xlsx" else file.with_name(f"{file.name}.xlsx")
    if path.exists():
        raise ConfigurationError(f"{path}: exists already; it is never overwritten")
    write_new_file(path, drawn(design))
    return path


def _spelled(listed: ChoiceList, text: str, option: str, parameters: Parameters) -> str:
    name, choices = parameters.meaning(listed)(text), parameters.words(listed)
    if name not in choices:
        near = nearest_name(text, choices)
        hint = f"did you mean {near}?" if near else f"one of: {', '.join(choices)}"
        raise ConfigurationError(f"{option} {text}: {hint}")
    return name
