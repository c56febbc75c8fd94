"""The tab »Vejledning«: how the workbook works, each tab, every rule with a right example, help."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from rules.catalogue.catalogue import RULES
from rules.judging.rule import Example, ExampleCell, Rule
from rules.model.tables import TABLES
from rules.text.language import DANISH, Language
from rules.text.marking import N_
from rules.text.wrapping import lines_needed
from sheets_templates.drawing.appearance import Style
from sheets_templates.drawing.design import (
    DesignedCell,
    DesignedColumn,
    Program,
    StyleRole,
    TabDesign,
)
from sheets_templates.template.lists import VERSION
from sheets_templates.template.plan_tabs import head_cells

GUIDE_TAB = "Vejledning"

_WIDTHS = (30.0, 74.0, 46.0, 17.0)
_LINE_POINTS, _EDGE_POINTS = 13.5, 4.0
_SECTION_POINTS = 22.0


_HOW_IT_WORKS = {
    N_("Det udfylder du"): N_(
        "Fanerne med blå mærke er dine. Kolonner med mørkeblå overskrift skal udfyldes. De andre "
        "må gerne være tomme."
    ),
    N_("Det skriver kontrollen"): N_(
        "Kontrollen skriver i kolonnen Kontrol og i fanen Advarsler. Skriv ikke selv dér, for det"
        " bliver skrevet over."
    ),
    N_("FEJL, ADVARSEL, INFO"): N_(
        "En FEJL skal rettes. En ADVARSEL skal læses, og sekretariatet kan acceptere den. INFO er"
        " til orientering."
    ),
    N_("Farverne"): N_(
        "En farvet celle er nævnt i kolonnen Kontrol: rød for FEJL, gul for ADVARSEL, blå for "
        "INFO. En dato med rød, fed skrift er overskredet."
    ),
    N_("Lister"): N_(
        "Vælg fra listen, hvor cellen har en pil. Indsatsområderne følger planens program."
    ),
    N_("Beløb"): N_(
        "Skriv beløb i kroner som et rent tal: 250000 eller 250000,50. Kontrollen forstår også "
        "»1,5 mio.«, men summerne tæller det ikke med."
    ),
    N_("Datoer"): N_("Skriv datoer med dag først, for eksempel 31-12-2026."),
    N_("Nye rækker"): N_(
        "Skriv i den næste tomme række, eller indsæt en ny. I Finansiering indsætter du nye "
        "rækker over rækken »I alt«."
    ),
    N_("Summerne"): N_(
        "Summerne og medfinansieringen er formler. Rækken »I alt« og felterne øverst er låst uden"
        " kode, så ingen sletter dem ved en fejl."
    ),
    N_("Flere regneark"): N_(
        "Har planen flere regneark, viser Finansiering kun tallene i dette. Kontrollen regner med"
        " dem alle."
    ),
    N_("Et år mere"): N_(
        "Vælg Gennemse og Fjern arkbeskyttelse. Kopiér den sidste årskolonne, indsæt den før »I "
        "alt«, og ret årstallet i overskriften."
    ),
    N_("Dine egne ting"): N_(
        "Du må gerne tilføje dine egne kolonner og faner. Behold navnene på dem, der er her i "
        "forvejen."
    ),
    N_("Cpr-numre"): N_("Skriv aldrig cpr-numre i regnearket, heller ikke i kommentarer."),
    N_("Når du er færdig"): N_(
        "Gem, og luk regnearket. Kontrollen skriver ikke i et regneark, som er åbent. Næste gang "
        "den kører, er beskeden væk."
    ),
}
_IN_GOOGLE = {
    "Summerne": N_(
        "Summerne og medfinansieringen er formler. Google spørger, før du ændrer rækken »I alt« "
        "eller felterne øverst."
    ),
    "Et år mere": N_(
        "Kopiér den sidste årskolonne, indsæt den før »I alt«, og ret årstallet i overskriften."
    ),
    "Når du er færdig": N_(
        "Du skal ikke gemme. Kontrollen skriver også, mens regnearket er åbent. Næste gang den "
        "kører, er beskeden væk."
    ),
}
"""What is said there instead in Google."""

ADVICE: Mapping[str, tuple[str, str]] = {
    "plan": (
        N_("Udfyld fanen først: de andre faner retter sig efter dens program og periode."),
        N_("Har planen flere regneark, skal Plan-id, navn, periode og status være ens i dem alle."),
    ),
    "preparation": (
        N_("Skriv en række for hvert møde med en af parterne."),
        N_("Alle fire parter skal være med, før planen bliver sendt til godkendelse."),
    ),
    "activities": (
        N_("Skriv en række for hver indsats, og giv den sit eget nummer."),
        N_("Brug kolonnen Erfaringer til det, som andre områder kan lære af."),
    ),
    "funding": (
        N_("Skriv en række for hver kilde. Rækken »I alt« regner selv summerne ud."),
        N_("Øverst ser du straks, om den lokale medfinansiering er stor nok."),
    ),
    "approvals": (
        N_("Skriv en række for hvert udvalg og hver bestyrelse, også mens I venter på svar."),
        N_("Øverst står det næste trin, og dets rækker er blå."),
    ),
    "staff": (
        N_(
            "Skriv en række for hver ansættelse. Er der ingen slutdato, så lad »Ansat til« være "
            "tom."
        ),
        N_("Skriv aldrig cpr-numre her."),
    ),
    "milestones": (
        N_("Vælg nummeret på den indsats, som milepælen hører til."),
        N_("En frist, som er overskredet, bliver rød."),
    ),
    "accounts": (
        N_("Budgettet henter fanen selv fra Finansiering. Du skriver kun, hvad der er brugt."),
        N_("Fanen må gerne slettes, hvis I fører regnskabet et andet sted."),
    ),
    "reports": (
        N_("Skriv i »Sendt« den dag, hvor indberetningen blev sendt."),
        N_("Skriv kun i »Frist«, hvis fonden har givet jer en anden frist end programmets."),
    ),
}
"""How to fill in each tab, by its key: the second and the third sentence about it."""

_Line = tuple[tuple[str, Style], ...]


def guide_tab(contact: str, language: Language, program: Program) -> TabDesign:
    """The whole tab; `contact` is whom to ask for help."""
    hint = language.text("Læs det øverste én gang, og slå resten op, når du får brug for det.")
    cells = head_cells(GUIDE_TAB, hint)
    heights: dict[int, float] = {1: 27.0, 2: 20.0}
    row = 3
    for title, lines in _sections(contact, language, program):
        row += 1
        for number in range(1, len(_WIDTHS) + 1):
            cells[row, number] = DesignedCell(title if number == 1 else None, Style.SECTION)
        heights[row] = _SECTION_POINTS
        for line in lines:
            row += 1
            for number, (text, style) in enumerate(line, 1):
                cells[row, number] = DesignedCell(text, style)
            heights[row] = _height(line)
        row += 1
    columns = tuple(DesignedColumn(width, Style.PLAIN) for width in _WIDTHS)
    return TabDesign(GUIDE_TAB, StyleRole.GUIDE, columns, cells, header_row=2, heights=heights)


def _sections(
    contact: str, language: Language, program: Program
) -> Iterator[tuple[str, list[_Line]]]:
    said = language.text
    how_it_works = _HOW_IT_WORKS | (_IN_GOOGLE if program is Program.GOOGLE else {})
    yield (
        said("Sådan virker regnearket"),
        _explained({said(name): said(text) for name, text in how_it_works.items()}),
    )
    advice = {one.tab: " ".join(map(said, (one.purpose, *ADVICE[one.key]))) for one in TABLES}
    yield said("Fanerne"), _explained(advice)
    wrong = said("Sig det samme sted. Navne, grænser og områder kan ændres.")
    made_with = said("Regnearket er lavet med skabelonens version {version}.")
    help_ = {
        said("Spørg"): f"{said(contact)}.",
        said("Beskeden er forkert"): wrong,
        said("Skabelon"): made_with.format(version=VERSION),
    }
    yield said("Hjælp"), _explained(help_)
    headers = (
        said("Det, der er galt"),
        said("Hvorfor det betyder noget"),
        said("Sådan ser det rigtigt ud"),
        said("Kode"),
    )
    header_line = tuple((header, Style.HEADER_OPTIONAL) for header in headers)
    yield said("Reglerne"), [header_line, *(_rule_line(rule, language) for rule in RULES)]


def _explained(texts: Mapping[str, str]) -> list[_Line]:
    return [((name, Style.BOLD_TEXT), (text, Style.TEXT)) for name, text in texts.items()]


def _rule_line(rule: Rule, language: Language) -> _Line:
    return (
        (language.text(rule.title), Style.BOLD_TEXT),
        (language.text(rule.why), Style.TEXT),
        (right_example(rule.right, language), Style.TEXT),
        (f"{rule.code}, {language.text(rule.severity)}", Style.TEXT),
    )


def right_example(example: Example, language: Language = DANISH) -> str:
    """A right example as a person would say it: the tab, the column, and what stands there."""
    if isinstance(example, str):
        return language.text(example)
    return "\n".join(_typed_line(typed, language) for typed in example)


def _typed_line(typed: ExampleCell, language: Language) -> str:
    text = typed.text.removeprefix("'")
    shown = language.quote(text) if text else language.text("tom")
    if typed.row == 0:
        read_as = language.text("{tab}: overskriften {shown} bliver læst som {column}")
        return read_as.format(tab=typed.tab, shown=shown, column=typed.column)
    return f"{typed.tab}, {typed.column}: {shown}"


def _height(line: _Line) -> float:
    """What the longest text of the line needs; a bold one is a little wider."""
    return _EDGE_POINTS + _LINE_POINTS * max(
        lines_needed(text, (width - 3) / (1.12 if style is Style.BOLD_TEXT else 1.0))
        for (text, style), width in zip(line, _WIDTHS, strict=False)
    )
