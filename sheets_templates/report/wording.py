"""The fixed words of a sheet, put into a language.

The modules of the tabs write names, titles, headings, figures and highlights in Danish, as
constants; here, and only here, they become another language. Cells are worded where they are made.
"""

from __future__ import annotations

from dataclasses import replace

from rules.text.language import Language
from sheets_templates.report.description import Heading, ReportSheet


def worded(sheet: ReportSheet, language: Language) -> ReportSheet:
    """The sheet with its fixed words in this language."""
    say = language.text
    return replace(
        sheet,
        name=say(sheet.name),
        danish_name=sheet.name,
        title=say(sheet.title),
        line=say(sheet.line),
        headings=tuple(_heading(one, language) for one in sheet.headings),
        highlights=tuple(replace(one, word=say(one.word)) for one in sheet.highlights),
        figures=tuple(
            replace(one, label=say(one.label), leads_to=say(one.leads_to)) for one in sheet.figures
        ),
    )


def _heading(heading: Heading, language: Language) -> Heading:
    """The column, wide enough for the longest word of its heading in another language."""
    text = language.text(heading.text, "heading")
    if text == heading.text:
        return heading
    return replace(heading, text=text, width=max(heading.width, least_width(text)))


def least_width(text: str) -> float:
    """The width at which no word of a heading is broken."""
    return max(map(len, text.split())) * 1.12 + 1.5
