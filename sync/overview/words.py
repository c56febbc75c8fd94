"""The fixed words of a sheet, put into the language that is spoken.

The modules of the tabs write names, titles, headings, figures and highlights in Danish, as
constants; here, and only here, they become another language. Cells are worded where they are made.
"""

from __future__ import annotations

from dataclasses import replace

from sheets_templates.description import Figure, Heading, Highlight, ReportSheet
from sync.language import _, spoken
from sync.overview.cells import least_width


def worded(sheet: ReportSheet) -> ReportSheet:
    """The sheet with its fixed words in the language that is spoken."""
    return replace(
        sheet,
        name=_(sheet.name),
        danish_name=sheet.name,
        title=_(sheet.title),
        line=_(sheet.line),
        headings=tuple(map(_heading, sheet.headings)),
        highlights=tuple(map(_highlight, sheet.highlights)),
        figures=tuple(map(_figure, sheet.figures)),
    )


def _heading(heading: Heading) -> Heading:
    """The column, wide enough for the longest word of its heading in another language."""
    text = spoken().text(heading.text, "heading")
    if text == heading.text:
        return heading
    return replace(heading, text=text, width=max(heading.width, least_width(text)))


def _highlight(highlight: Highlight) -> Highlight:
    return replace(highlight, word=_(highlight.word))


def _figure(figure: Figure) -> Figure:
    return replace(figure, label=_(figure.label), leads_to=_(figure.leads_to))
