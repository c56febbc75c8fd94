"""CEL: what a single cell must hold. Found by the gate, with pandera, on one frame per tab."""

from __future__ import annotations

from collections.abc import Iterator

from rules.judging.rule import DECEMBER, TECHNICAL, Case, ExampleCell, Rule, Wording
from rules.model.choices import OF_PROGRAMME, ChoiceList
from rules.model.finding import Fact, Finding, Severity
from rules.model.plan import Activity, Report, Workbook


def word_of_another_programme(case: Case) -> Iterator[Finding]:
    """CEL-04: a workbook without a Program has words that the plan's programme does not have.

    Those that no programme has are found by the gate.
    """
    plan, parameters = case.plan, case.parameters
    if plan.programme is None and any("programme" in one.form.unread for one in plan.workbooks):
        return
    programme = plan.programme or parameters.default_programme
    words = {one: parameters.words(one, programme) for one in OF_PROGRAMME}
    for workbook in plan.workbooks:
        form = workbook.form
        if "plan" in workbook.layouts and not form.programme and "programme" not in form.unread:
            for row, column, text, choices in _chosen(workbook):
                if text and text not in words[choices]:
                    facts: dict[str, Fact] = {"text": text, "choices": words[choices]}
                    yield workbook.finding("CEL-04", row, column, **facts)


def _chosen(workbook: Workbook) -> Iterator[tuple[Activity | Report, str, str | None, ChoiceList]]:
    """The words that a workbook has of its programme's lists."""
    for activity in workbook.activities:
        yield activity, "effort_area", activity.effort_area, ChoiceList.EFFORT_AREAS
    for report in workbook.reports:
        yield report, "report", report.report, ChoiceList.REPORTS


RULES = (
    Rule(
        code="CEL-01",
        title="En celle, der skal udfyldes, er tom",
        severity=Severity.ERROR,
        message="»{column}« er tom, men skal udfyldes.",
        fix="Udfyld »{column}« i denne række.",
        variants={
            "form": Wording(
                "Feltet »{column}« er tomt, men skal udfyldes.", "Udfyld feltet »{column}«."
            ),
            "dash": Wording(
                "I »{column}« står kun en streg, men der skal stå noget.",
                "Udfyld »{column}«.",
            ),
            "several": Wording(
                "Rækken er ikke udfyldt: {columns:og} er tomme.",
                "Udfyld cellerne, eller slet rækken, hvis den ikke hører til planen.",
            ),
        },
        why="Oplysningen er nødvendig, for at planen kan kontrolleres og vises i overblikket.",
        source=TECHNICAL,
        wrong=(ExampleCell("Indsatser", 1, "Ansvarlig", ""),),
        right=(ExampleCell("Indsatser", 1, "Ansvarlig", "Mette Holm"),),
    ),
    Rule(
        code="CEL-02",
        title="Ikke et beløb",
        severity=Severity.ERROR,
        message="»{text}« kan ikke læses som et beløb. Skriv kun tallet, for eksempel 250000.",
        fix="Skriv beløbet i kroner som et tal, med komma før øre: 250000 eller 250000,50.",
        variants={
            "unit": Wording(
                "»{text}« kan ikke læses som et beløb. Skriv kun tallet, hvor 1 betyder "
                "{kroner:kr}",
                "Skriv kun tallet, eller ret enheden, hvis den er forkert.",
            ),
            "format": Wording(
                "Tallet {number:tal} står i et format for datoer eller klokkeslæt. "
                "Vælg formatet Tal.",
                "Vælg formatet Tal i Excel, og skriv beløbet i cellen, hvis det er et andet.",
            ),
            "picture": Wording(
                "Her står et billede eller en sammenkædet datatype i stedet for et beløb.",
                "Slet billedet i cellen, og skriv beløbet som et tal.",
            ),
        },
        why="Et beløb, der ikke kan læses, kan ikke tælles med. Kontrollen gætter aldrig på penge.",
        source=TECHNICAL,
        wrong=(ExampleCell("Indsatser", 1, "Budget", "ca. 1,6 mio."),),
        right=(ExampleCell("Indsatser", 1, "Budget", "1600000"),),
    ),
    Rule(
        code="CEL-03",
        title="Ikke en dato",
        severity=Severity.ERROR,
        message="»{text}« er ikke en dato. Skriv dag, måned og år, for eksempel 31-12-2026.",
        fix="Skriv datoen med dag først, for eksempel 31-12-2026.",
        variants={
            "month": Wording(
                "»{text}« er ikke en dato, for {month:måned} har kun {days} dage.",
                "Skriv den rigtige dag i måneden.",
            ),
            "zero": Wording(
                "Cellen viser 00-01-1900, og det er ikke en dato.",
                "Skriv datoen selv. Måske peger cellens formel på en tom celle.",
            ),
            "format": Wording(
                "I cellen står et klokkeslæt og ikke en dato.",
                "Skriv datoen med dag først, for eksempel 31-12-2026.",
            ),
            "picture": Wording(
                "Her står et billede eller en sammenkædet datatype i stedet for en dato.",
                "Slet billedet i cellen, og skriv datoen med dag først.",
            ),
        },
        why="Uden en rigtig dato kan frister og rækkefølge ikke kontrolleres.",
        source=TECHNICAL,
        wrong=(ExampleCell("Indsatser", 1, "Slutdato", "30-02-2026"),),
        right=(ExampleCell("Indsatser", 1, "Slutdato", "28-02-2026"),),
    ),
    Rule(
        code="CEL-04",
        title="Ordet står ikke på listen",
        severity=Severity.ERROR,
        message="»{text}« står ikke på listen. Vælg et af ordene.",
        fix="Skriv {choices:eller}.",
        variants={
            "nearest": Wording(
                "»{text}« står ikke på listen. Mente du »{nearest}«?", "Skriv {choices:eller}."
            ),
            "sure": Wording(
                "»{text}« står ikke på listen. Skriv »{correction}«.",
                "Skriv »{correction}«, eller vælg det rigtige ord fra listen.",
            ),
            "picture": Wording(
                "Her står et billede eller en sammenkædet datatype i stedet for et ord fra listen.",
                "Slet billedet i cellen, og skriv {choices:eller}.",
            ),
        },
        why="Faste ord gør, at planerne kan tælles og sammenlignes.",
        source=TECHNICAL,
        wrong=(ExampleCell("Indsatser", 1, "Status", "Igangværende"),),
        right=(ExampleCell("Indsatser", 1, "Status", "I gang"),),
        check=word_of_another_programme,
    ),
    Rule(
        code="CEL-05",
        title="Negativt beløb",
        severity=Severity.ERROR,
        message="Beløbet {amount:kr} er negativt. Skriv et beløb på 0 eller mere.",
        fix="Skriv beløbet uden minus og uden parentes. En tilbagebetaling trækkes fra det beløb, "
        "den hører til.",
        why="Budgetter og tilskud er aldrig negative; et minus er næsten altid en tastefejl.",
        source="Lokal praksis i Helsingør",
        wrong=(ExampleCell("Indsatser", 1, "Budget", "-1600000"),),
        right=(ExampleCell("Indsatser", 1, "Budget", "1600000"),),
    ),
    Rule(
        code="CEL-06",
        title="Cellen viser en formelfejl",
        severity=Severity.ERROR,
        message="Cellen viser fejlen {text}. Ret formlen, eller skriv værdien selv.",
        fix="Ret formlen, eller skriv værdien i stedet for formlen.",
        why="En celle med en formelfejl har ingen værdi.",
        source=TECHNICAL,
        wrong=(ExampleCell("Indsatser", 1, "Budget", "#REF!"),),
        right=(ExampleCell("Indsatser", 1, "Budget", "1600000"),),
    ),
    Rule(
        code="CEL-07",
        title="Beløbet er skrevet som tekst",
        severity=Severity.WARNING,
        message="»{text}« er skrevet som tekst, så regnearkets egne summer ikke tæller det med. "
        "Skriv {correction:tal}.",
        fix="Skriv beløbet igen som et rent tal: {correction:tal}.",
        why="Kontrollen forstår beløbet, men regnearkets formler springer det over.",
        source=TECHNICAL,
        wrong=(ExampleCell("Indsatser", 1, "Budget", "'1.600.000 kr."),),
        right=(ExampleCell("Indsatser", 1, "Budget", "1600000"),),
    ),
    Rule(
        code="CEL-08",
        title="Datoen ligger uden for årene 2000-2060",
        severity=Severity.ERROR,
        message="»{text}« ligger uden for årene 2000 til 2060. Ret årstallet.",
        fix="Ret årstallet i datoen.",
        why="Et årstal så langt væk er en tastefejl.",
        source="Lokal praksis i Helsingør",
        wrong=(ExampleCell("Indsatser", 1, "Slutdato", "31-12-2099"),),
        right=(ExampleCell("Indsatser", 1, "Slutdato", "31-12-2026"),),
    ),
    Rule(
        code="CEL-09",
        title="Ikke et antal timer, et årstal eller en runde",
        severity=Severity.ERROR,
        message="»{text}« er ikke et antal timer. Skriv et tal på 0 eller mere.",
        fix="Skriv kun tallet, for eksempel 37 eller 32,5.",
        variants={
            "sure": Wording(
                "»{text}« er ikke et antal timer. Skriv {correction:tal}.",
                "Skriv kun tallet: {correction:tal}.",
            ),
            "format": Wording(
                "Tallet {number:tal} står i et format for datoer eller klokkeslæt. "
                "Vælg formatet Tal.",
                "Vælg formatet Tal i Excel, og skriv tallet i cellen, hvis det er et andet.",
            ),
            "picture": Wording(
                "Her står et billede eller en sammenkædet datatype i stedet for et antal timer.",
                "Slet billedet i cellen, og skriv timerne som et tal.",
            ),
            "year": Wording(
                "»{text}« er ikke et årstal. Skriv kun året, for eksempel 2026.",
                "Skriv årstallet med fire cifre, for eksempel 2026.",
            ),
            "year_picture": Wording(
                "Her står et billede eller en sammenkædet datatype i stedet for et årstal.",
                "Slet billedet i cellen, og skriv årstallet.",
            ),
            "round": Wording(
                "»{text}« er ikke en runde. Skriv 1, 2 eller et højere tal.",
                "Skriv 1 for den første godkendelse, 2 for den næste.",
            ),
            "round_picture": Wording(
                "Her står et billede eller en sammenkædet datatype i stedet for en runde.",
                "Slet billedet i cellen, og skriv rundens tal.",
            ),
            "became_a_date": Wording(
                "Excel har lavet nummeret om til en dato.",
                "Vælg formatet Tekst i Excel, og skriv nummeret igen.",
            ),
        },
        why="Kontrollen lægger timer sammen for hver person og forbrug sammen for hvert år.",
        source=TECHNICAL,
        wrong=(ExampleCell("Medarbejdere", 1, "Timer pr. uge", "fuld tid"),),
        right=(ExampleCell("Medarbejdere", 1, "Timer pr. uge", "37"),),
    ),
    Rule(
        code="CEL-10",
        title="Ikke en e-mailadresse",
        severity=Severity.WARNING,
        message="»{text}« er ikke en e-mailadresse. Skriv én adresse, for eksempel navn@firma.dk.",
        fix="Skriv én e-mailadresse uden mellemrum.",
        variants={
            "sure": Wording(
                "»{text}« er ikke en e-mailadresse. Skriv {correction}.",
                "Skriv adressen som {correction}.",
            )
        },
        why="Adressen bruges til at kontakte den rette person.",
        source=TECHNICAL,
        wrong=(ExampleCell("Plan", 1, "E-mail", "mette.holm(a)boliggaarden"),),
        right=(ExampleCell("Plan", 1, "E-mail", "mette.holm@boliggaarden.example"),),
    ),
    Rule(
        code="CEL-11",
        title="Formlen har intet resultat",
        severity=Severity.WARNING,
        message="Formlen har intet resultat i filen, så cellen kan ikke læses.",
        fix="Åbn regnearket i Excel, og gem det.",
        why="Et program har skrevet formlen, og ingen har åbnet regnearket siden. "
        "Cellen tæller som ulæselig og aldrig som 0.",
        source=TECHNICAL,
        wrong="En celle i »Budget« holder formlen =500000*1,2, som aldrig er regnet ud.",
        right="Regnearket er åbnet og gemt i Excel, så cellen viser 600.000.",
        since=DECEMBER,
    ),
    Rule(
        code="CEL-12",
        title="Rækken er læst som en note",
        severity=Severity.INFO,
        message="»{text}« står alene i rækken og er læst som en note.",
        fix="Udfyld rækken efter overskrifterne, hvis den skal tælle med.",
        why="En note skal kunne stå i tabellen, men ingen linje må blive overset i stilhed.",
        source="Lokal praksis i Helsingør",
        wrong=(
            ExampleCell("Milepæle", 2, "Nr.", ""),
            ExampleCell("Milepæle", 2, "Indsats nr.", ""),
            ExampleCell("Milepæle", 2, "Milepæl", "OBS: se bilag"),
            ExampleCell("Milepæle", 2, "Frist", ""),
            ExampleCell("Milepæle", 2, "Status", ""),
        ),
        right=(ExampleCell("Milepæle", 2, "Milepæl", "Midtvejsmøde"),),
        since=DECEMBER,
    ),
)
