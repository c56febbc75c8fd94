"""Pages and mails of HTML: templates in which every text is escaped, and the one palette."""

from __future__ import annotations

from pathlib import Path

from jinja2 import Environment, FileSystemLoader, StrictUndefined

from sheets_templates.drawing.appearance import STACK_COLOURS, Colour, Mark


def environment(folder: Path) -> Environment:
    """The templates of this folder; a name that nothing fills in is an error."""
    made = Environment(
        loader=FileSystemLoader(folder),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
        keep_trailing_newline=True,
    )
    made.globals |= {
        "colour": Colour.__members__,
        "marks": {mark.name: mark.value for mark in Mark},
        "stack_colours": STACK_COLOURS,
    }
    return made
