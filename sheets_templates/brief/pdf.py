"""The brief as a PDF of two pages: A4, upright, in the palette of our workbooks.

The typeface is Bitstream Vera, which comes with reportlab and may be embedded; a letter that it
does not have is written without its mark, or as a question mark.
"""

from __future__ import annotations

import io
import unicodedata
from collections.abc import Callable, Sequence
from functools import lru_cache, partial
from typing import Any
from xml.sax.saxutils import escape

from reportlab.graphics.charts.barcharts import VerticalBarChart
from reportlab.graphics.charts.legends import Legend
from reportlab.graphics.shapes import Drawing
from reportlab.lib.colors import HexColor
from reportlab.lib.enums import TA_RIGHT
from reportlab.lib.pagesizes import A4
from reportlab.lib.styles import ParagraphStyle
from reportlab.lib.units import mm
from reportlab.pdfbase import pdfmetrics
from reportlab.pdfbase.pdfmetrics import stringWidth
from reportlab.pdfbase.ttfonts import TTFont
from reportlab.pdfgen.canvas import Canvas
from reportlab.platypus import (
    BaseDocTemplate,
    Flowable,
    Frame,
    KeepInFrame,
    PageBreak,
    PageTemplate,
    Paragraph,
    Spacer,
    Table,
    TableStyle,
)

from rules.text.language import Language
from sheets_templates.drawing.appearance import STACK_COLOURS, Colour, Mark
from sheets_templates.report.description import Brief, BriefTable, Chart, Figure

CREATOR = "helhedsplan"
_PLAIN, _BOLD = "Vera", "VeraBd"
_BLACK = "000000"
_MARGIN = 16 * mm
_CHART_HEIGHT = 100 * mm
_STEP = 1.02
"""How much wider the paper is for which a page is made that was too high."""
_PADDING = 12
"""Of a table's cell, left and right together, in points."""
_WIDTH, _HEIGHT = A4[0] - 2 * _MARGIN, A4[1] - 2 * _MARGIN


def brief_pdf(brief: Brief) -> bytes:
    """The two pages; what does not fit a page is made smaller."""
    _register_fonts()
    out = io.BytesIO()
    document = BaseDocTemplate(
        out, pagesize=A4, title=brief.title, author=CREATOR, creator=CREATOR, invariant=1,
        leftMargin=_MARGIN, rightMargin=_MARGIN, topMargin=_MARGIN, bottomMargin=_MARGIN,
    )  # fmt: skip
    frame = Frame(_MARGIN, _MARGIN, _WIDTH, _HEIGHT, 0, 0, 0, 0)
    document.addPageTemplates(PageTemplate("page", [frame], onPage=_footer(brief)))
    first, second = partial(_first_page, brief), partial(_second_page, brief)
    document.build([_fitted(first), PageBreak(), _fitted(second)])
    return out.getvalue()


@lru_cache(maxsize=1)
def _register_fonts() -> None:
    for name in (_PLAIN, _BOLD):
        pdfmetrics.registerFont(TTFont(name, f"{name}.ttf"))


def _fitted(page_of: Callable[[float], list[Flowable]]) -> Flowable:
    """A page that is not too high: one that was made for wider paper, and is made smaller."""
    width, height = _WIDTH, _HEIGHT - 8 * mm
    while True:
        page = page_of(width)
        room = height * width / _WIDTH - sum(part.wrap(width, height)[1] for part in page)
        if room >= 0:  # filled to the end, so that it is made as much smaller as it is wider
            return KeepInFrame(_WIDTH, height, [*page, Spacer(0, room)], mode="shrink")
        width *= _STEP


def _style(
    size: float, *, bold: bool = False, colour: str = _BLACK, right: bool = False
) -> ParagraphStyle:
    return ParagraphStyle(
        "text", fontName=_BOLD if bold else _PLAIN, fontSize=size, leading=size * 1.35,
        textColor=HexColor(f"#{colour}"), alignment=TA_RIGHT if right else 0,
    )  # fmt: skip


def _ink(mark: Mark | None, plain: str) -> str:
    return mark.value.ink if mark else plain


_TITLE = _style(17, bold=True, colour=Colour.INK)
_LINE = _style(9, colour=Colour.GREY)
_TEXT = _style(9.5)
_SECTION = _style(12, bold=True, colour=Colour.INK)
_HEADING = _style(8.5, bold=True, colour=Colour.WHITE)
_HEADING_RIGHT = _style(8.5, bold=True, colour=Colour.WHITE, right=True)


def _paragraph(text: str, style: ParagraphStyle) -> Paragraph:
    return Paragraph(escape(_writable(text)).replace("\n", "<br/>"), style)


def _writable(text: str) -> str:
    """The text in letters that the typeface has."""
    font: Any = pdfmetrics.getFont(_PLAIN)  # only fonts of this kind have a face
    known = font.face.charToGlyph
    letters = []
    for letter in unicodedata.normalize("NFC", text):
        if ord(letter) in known or letter == "\n":
            letters.append(letter)
            continue
        plain = unicodedata.normalize("NFD", letter)[0]
        letters.append(plain if ord(plain) in known else "?")
    return "".join(letters)


def _second_page(brief: Brief, width: float) -> list[Flowable]:
    return [part for one in brief.tables for part in (*_table(one, width), Spacer(0, 7 * mm))]


def _first_page(brief: Brief, width: float) -> list[Flowable]:
    page: list[Flowable] = [_paragraph(brief.title, _TITLE), Spacer(0, 2 * mm)]
    page += [_paragraph(line, _LINE) for line in brief.lines]
    page += [Spacer(0, 5 * mm), _figures(brief.figures, width), Spacer(0, 7 * mm)]
    heading = _paragraph(brief.language.text("Penge"), _SECTION)
    page += [heading, Spacer(0, 2 * mm), _paragraph(brief.money, _TEXT)]
    page.append(Spacer(0, 4 * mm))
    if brief.chart:
        page += [_drawn(brief.chart, brief.language, width), Spacer(0, 5 * mm)]
    page += _table(brief.funding, width)
    return page


def _figures(figures: Sequence[Figure], width: float) -> Table:
    labels = [_paragraph(figure.label, _style(8, colour=Colour.GREY)) for figure in figures]
    values = [
        _paragraph(str(one.value), _style(12, bold=True, colour=_ink(one.mark, Colour.INK)))
        for one in figures
    ]
    needs = [_needs(figure) for figure in figures]
    widths = [width * need / sum(needs) for need in needs]
    table = Table([labels, values], colWidths=widths)
    table.setStyle(TableStyle([("BACKGROUND", (0, 0), (-1, -1), HexColor(f"#{Colour.PAPER}"))]))
    return table


def _needs(figure: Figure) -> float:
    """The points across that a figure takes in one line, and the words of its label."""
    words = [stringWidth(word, _PLAIN, 8) for word in figure.label.split()]
    return max(stringWidth(str(figure.value), _BOLD, 12), *words) + _PADDING


def _table(table: BriefTable, width: float) -> list[Flowable]:
    parts: list[Flowable] = []
    if table.title:
        parts += [_paragraph(table.title, _SECTION), Spacer(0, 2 * mm)]
    if not table.rows:
        return [*parts, _paragraph(table.empty, _TEXT)]
    heads = [
        _paragraph(text, _HEADING_RIGHT if number in table.numbers else _HEADING)
        for number, text in enumerate(table.headings)
    ]
    rows = [[_cell(table, row, number) for number in range(len(row))] for row in table.rows]
    drawn = Table([heads, *rows], colWidths=[width * share for share in table.widths])
    line = HexColor(f"#{Colour.LINE}")
    drawn.setStyle(
        TableStyle(
            [
                ("BACKGROUND", (0, 0), (-1, 0), HexColor(f"#{Colour.INK}")),
                ("VALIGN", (0, 0), (-1, -1), "TOP"),
                ("LINEBELOW", (0, 1), (-1, -1), 0.5, line),
                *((f"{side}PADDING", (0, 0), (-1, -1), 3) for side in ("TOP", "BOTTOM")),
                *((f"{side}PADDING", (0, 0), (-1, -1), 4) for side in ("LEFT", "RIGHT")),
            ]
        )
    )
    parts.append(drawn)
    if table.rest:
        parts += [Spacer(0, 1 * mm), _paragraph(table.rest, _LINE)]
    return parts


def _cell(table: BriefTable, row: Sequence[str], number: int) -> Paragraph:
    text = row[number]
    mark = next((mark for word, mark in table.marks if text.startswith(word)), None)
    if any(mark is Mark.TOTAL and row[0].startswith(word) for word, mark in table.marks):
        mark = Mark.TOTAL
    colour, is_right = _ink(mark, _BLACK), number in table.numbers
    return _paragraph(text, _style(8.5, bold=mark is not None, colour=colour, right=is_right))


def _drawn(chart: Chart, language: Language, width: float) -> Drawing:
    """The chart as columns of parts upon each other, with the names of the parts below."""
    drawing = Drawing(width, _CHART_HEIGHT)
    bars = VerticalBarChart()
    bars.x, bars.y = round(30 * mm), round(16 * mm)
    bars.width, bars.height = round(width - 34 * mm), round(_CHART_HEIGHT - 20 * mm)
    bars.data = [[float(value or 0) for value in series.values] for series in chart.series]
    bars.categoryAxis.categoryNames = list(chart.categories)
    bars.categoryAxis.style = "stacked"
    bars.groupSpacing = 18
    for axis in (bars.categoryAxis, bars.valueAxis):
        axis.labels.fontName, axis.labels.fontSize = _PLAIN, 8
        axis.strokeColor = HexColor(f"#{Colour.LINE}")
    bars.valueAxis.valueMin = 0
    bars.valueAxis.valueMax = 1.1 * max(map(sum, zip(*bars.data, strict=True)))
    bars.valueAxis.visibleGrid = True
    bars.valueAxis.gridStrokeColor = HexColor(f"#{Colour.PALE}")
    bars.valueAxis.labelTextFormat = lambda value: language.kroner(round(value) * 100)
    colours = [HexColor(f"#{colour}") for colour in STACK_COLOURS[: len(chart.series)]]
    for number, colour in enumerate(colours):
        bars.bars[number].fillColor = colour
        bars.bars[number].strokeColor = HexColor(f"#{Colour.WHITE}")
    legend = Legend()
    legend.x, legend.y, legend.alignment = round(30 * mm), round(6 * mm), "right"
    legend.fontName, legend.fontSize, legend.columnMaximum = _PLAIN, 8, 1
    legend.deltax, legend.boxAnchor, legend.dxTextSpace = 60, "w", 4
    legend.colorNamePairs = [
        (colour, series.name) for colour, series in zip(colours, chart.series, strict=True)
    ]
    drawing.add(bars)
    drawing.add(legend)
    return drawing


def _footer(brief: Brief) -> Callable[[Canvas, Any], None]:
    """Draws the footer of each page; reportlab has no one type for its documents."""

    def draw(canvas: Canvas, document: Any) -> None:
        canvas.setFont(_PLAIN, 7.5)
        canvas.setFillColor(HexColor(f"#{Colour.GREY}"))
        canvas.drawString(_MARGIN, 9 * mm, _writable(brief.footer))
        page = brief.language.text("Side {number} af 2").format(number=document.page)
        canvas.drawRightString(A4[0] - _MARGIN, 9 * mm, page)

    return draw
