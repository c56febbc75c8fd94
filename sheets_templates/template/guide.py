"""The tab »Vejledning«: how the workbook works, whom to ask, each tab, every rule: two pages."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from itertools import zip_longest

from rules.catalogue.catalogue import RULES
from rules.judging.rule import Rule
from rules.model.tables import CONTROL_HEADER, TABLES
from rules.text.language import DANISH, Language
from rules.text.letter_widths import CALIBRI, POINTS_IN_A_WIDTH, lines_in
from rules.text.marking import N_
from rules.text.personal_numbers import cpr_match
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

_WIDTHS = (23.0, 72.0, 23.0, 72.0)
_LINE_POINTS, _EDGE_POINTS = 13.0, 3.0
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

_Entry = tuple[str, str]
"""What something is called, and what is said of it."""


def guide_tab(contact: str, language: Language, program: Program) -> TabDesign:
    """The whole tab, in two blocks beside each other; `contact` is whom to ask for help."""
    said = language.text
    hint = said("Læs det øverste én gang, og slå resten op, når du får brug for det.")
    cells = head_cells(GUIDE_TAB, hint)
    heights: dict[int, float] = {1: 27.0, 2: 20.0}
    row = 3
    for title, entries in _sections(contact, language, program):
        row += 1
        for number in range(1, len(_WIDTHS) + 1):
            cells[row, number] = DesignedCell(title if number == 1 else None, Style.SECTION)
        heights[row] = _SECTION_POINTS
        half = -(-len(entries) // 2)
        for left, right in zip_longest(entries[:half], entries[half:], fillvalue=("", "")):
            row += 1
            for number, text in enumerate((*left, *right), 1):
                style = Style.TEXT if number % 2 == 0 else Style.BOLD_TEXT
                cells[row, number] = DesignedCell(text, style)
            heights[row] = _height((*left, *right))
        row += 1
    columns = tuple(DesignedColumn(width, Style.PLAIN) for width in _WIDTHS)
    return TabDesign(
        GUIDE_TAB, StyleRole.GUIDE, columns, cells, header_row=2, heights=heights, printed_pages=2
    )


def _sections(
    contact: str, language: Language, program: Program
) -> Iterator[tuple[str, Sequence[_Entry]]]:
    said = language.text
    how_it_works = _HOW_IT_WORKS | (_IN_GOOGLE if program is Program.GOOGLE else {})
    made_with = said("Regnearket er lavet med skabelonens version {version}.")
    help_ = (
        (said("Spørg"), f"{said(contact)}."),
        (
            said("Beskeden er forkert"),
            said("Sig det samme sted. Navne, grænser og områder kan ændres."),
        ),
        (said("Skabelon"), made_with.format(version=VERSION)),
    )
    explained = [(said(name), said(text)) for name, text in how_it_works.items()]
    yield said("Sådan virker regnearket"), (*explained, *help_)
    advice = [(one.tab, " ".join(map(said, (one.purpose, *ADVICE[one.key])))) for one in TABLES]
    yield said("Fanerne"), advice
    rules = said("Reglerne: det, der er galt, og hvad der skal stå i stedet")
    yield rules, [_rule_entry(rule, language) for rule in RULES]


def _rule_entry(rule: Rule, language: Language) -> _Entry:
    title, said = language.text(rule.title), language.text(rule.severity)
    example = before_and_after(rule, language)
    return f"{rule.code} {said}", f"{title}. {example}" if example else title


def before_and_after(rule: Rule, language: Language = DANISH) -> str:
    """A cell with a mistake, and as it should be; empty where one cell alone does not show it.

    A number alone shows nothing, and no CPR number ever stands here.
    """
    wrong, right = rule.wrong, rule.right
    if isinstance(wrong, str) or isinstance(right, str) or len(wrong) != 1 or len(right) != 1:
        return ""
    before, after = wrong[0], right[0]
    texts = [one.text.removeprefix("'") for one in (before, after)]
    if (before.tab, before.row, before.column) != (after.tab, after.row, after.column):
        return ""
    if (
        before.row == 0
        or before.column == CONTROL_HEADER
        or texts[0].isdigit()
        or any(map(cpr_match, texts))
    ):
        return ""
    shown = [language.quote(text) if text else language.text("tom") for text in texts]
    return f"{before.column}: {shown[0]} → {shown[1]}."


def _height(line: Sequence[str]) -> float:
    """What the longest text of the line needs, with a little to spare."""
    return _EDGE_POINTS + _LINE_POINTS * max(
        lines_in(text, (width - 2) * POINTS_IN_A_WIDTH, CALIBRI, bold=number % 2 == 0)
        for number, (text, width) in enumerate(zip(line, _WIDTHS, strict=True))
    )
