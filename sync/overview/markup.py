"""Templates of HTML in the colours of the overview, for mails too."""

from __future__ import annotations

from pathlib import Path

from jinja2 import Environment

from rules.model.finding import Severity
from sheets_templates.report.description import SEVERITY_MARKS
from sheets_templates.report.markup import environment


def templates(folder: Path) -> Environment:
    """The templates of this folder, with the colour of each severity as `severities`."""
    made = environment(folder)
    made.globals["severities"] = {one: SEVERITY_MARKS[one].value.ink for one in Severity}
    return made
