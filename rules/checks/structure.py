"""STR: what the workbook must have before anything else can be judged.

All but STR-06 are found by the gate. How that one tells a copy: rules/text/copy_names.py.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from rules.judging.rule import DECEMBER, TECHNICAL, ExampleCell, Rule, Wording
from rules.model.finding import LEFT_OUT, Finding, Place, Severity
from rules.text.copy_names import is_copy_by_name


def second_workbooks(copies: Mapping[str, str]) -> Iterator[Finding]:
    """STR-06: a workbook has the Plan-id and area of another one, whose path is beside its own."""
    for path, other in copies.items():
        variant = "copy" if is_copy_by_name(path, other) else ""
        yield Finding("STR-06", Place(path), {"other": other}, "workbook", variant)


UNREADABLE = Rule(
    code="STR-03",
    title="Regnearket kan ikke læses",
    severity=Severity.ERROR,
    message="Filen er beskadiget og kan ikke læses.",
    fix="Hent en tidligere version af filen, og læg den her i stedet for denne.",
    variants={
        "not_a_workbook": Wording(
            "Filen er ikke et Excel-regneark.",
            "Gem det rigtige regneark her med samme navn, som Excel-projektmappe (.xlsx).",
        ),
        "password_protected": Wording(
            "Filen er beskyttet med en adgangskode og kan ikke læses.",
            "Fjern adgangskoden i Excel under Filer, Oplysninger, og gem filen igen.",
        ),
        "label_encrypted": Wording(
            "Filen er krypteret med en følsomhedsmærkat og kan ikke læses.",
            "Vælg en mærkat uden kryptering i Excel under Følsomhed, og gem filen igen.",
        ),
        "empty": Wording(
            "Filen er tom.",
            "Hent en tidligere version af filen, og læg den her i stedet for denne.",
        ),
        "too_large": Wording(
            "Filen er for stor til at blive læst.",
            "Slet store billeder og tomme, formaterede rækker, og gem filen igen.",
        ),
        "too_many_rows": Wording(
            "Fanen »{tab}« har flere udfyldte rækker, end der kan læses.",
            "Flyt de rækker, som ikke hører til planen, til en fil i en anden mappe.",
        ),
        "old_format": Wording(
            "Filen er gemt i det gamle Excel-format (.xls) og kan ikke læses.",
            "Gem filen i Excel som Excel-projektmappe (.xlsx), og slet den gamle fil (.xls).",
        ),
        "other_format": Wording(
            "Filen er ikke gemt i Excels format (.xlsx) og kan ikke læses.",
            "Åbn filen, gem den som Excel-projektmappe (.xlsx), og slet derefter denne fil.",
        ),
    },
    why="En fil, der ikke kan læses, kan ikke kontrolleres, og dens tal mangler i overblikket.",
    source=TECHNICAL,
    wrong="Filen er beskyttet med en adgangskode.",
    right="Filen er gemt som Excel-projektmappe (.xlsx) uden adgangskode.",
)

RULES = (
    Rule(
        code="STR-01",
        title="Fanen mangler",
        severity=Severity.ERROR,
        message="Fanen »{tab}« mangler, så den del af planen kan ikke kontrolleres.",
        fix="Tilføj fanen »{tab}«, eller giv den sit rette navn.",
        variants={
            "nearest": Wording(
                "Fanen »{tab}« mangler. Er det fanen »{nearest}«?",
                "Ret navnet på fanen »{nearest}« til »{tab}«, hvis det er den fane.",
            ),
            "optional": Wording(
                "Fanen »{tab}« mangler, så den del af planen kan ikke kontrolleres.",
                "Tilføj fanen »{tab}«, hvis I vil bruge den. Den må gerne udelades.",
            ),
        },
        why="Uden fanen mangler en del af planen, både i kontrollen og i overblikket.",
        source=TECHNICAL,
        wrong="Regnearket har ingen fane, der hedder »Indsatser«.",
        right="Regnearket har fanen »Indsatser«.",
    ),
    Rule(
        code="STR-02",
        title="En kolonne eller et felt mangler",
        severity=Severity.ERROR,
        message="Kolonnen »{column}« mangler i fanen »{tab}«.",
        fix="Skriv overskriften »{column}« over den kolonne, den hører til.",
        variants={
            "nearest": Wording(
                "Kolonnen »{column}« mangler i fanen »{tab}«. Er det kolonnen »{nearest}«?",
                "Ret overskriften »{nearest}« til »{column}«, hvis det er den kolonne.",
            ),
            "years": Wording(
                "Fanen »{tab}« har ingen kolonne med et årstal som overskrift.",
                "Skriv årstallet, for eksempel 2026, over hver kolonne med årets beløb.",
            ),
            "field_": Wording(
                "Feltet »{column}« mangler i fanen »{tab}«.",
                "Skriv »{column}« i en ny række under »Felt«, og udfyld værdien.",
            ),
            "field_nearest": Wording(
                "Feltet »{column}« mangler i fanen »{tab}«. Er det feltet »{nearest}«?",
                "Ret feltets navn »{nearest}« til »{column}«, hvis det er det felt.",
            ),
        },
        why="Kolonnen skal være der, for at rækkerne kan kontrolleres.",
        source=TECHNICAL,
        wrong=(ExampleCell("Indsatser", 0, "Ansvarlig", "Hvem"),),
        right=(ExampleCell("Indsatser", 0, "Ansvarlig", "ANSVARLIG:"),),
    ),
    UNREADABLE,
    Rule(
        code="STR-04",
        title="Samme overskrift to gange",
        severity=Severity.WARNING,
        message="Overskriften »{header}« findes flere gange. Kun den første bliver læst.",
        fix="Giv den anden kolonne et andet navn, eller slet den, hvis den er overflødig.",
        variants={
            "field": Wording(
                "Feltet »{header}« findes flere gange. Kun det i række {first} bliver læst.",
                "Slet det ene felt, så der kun er én værdi.",
            )
        },
        why="Når to kolonner hedder det samme, kan man ikke se, hvilken der gælder.",
        source=TECHNICAL,
        wrong=(ExampleCell("Indsatser", 0, "Målgruppe", "Aktivitet"),),
        right=(ExampleCell("Indsatser", 0, "Målgruppe", "Målgruppe"),),
    ),
    Rule(
        code="STR-05",
        title="Fanen har ingen overskrifter",
        severity=Severity.ERROR,
        message="Der er ingen overskrifter i de første 20 rækker af fanen »{tab}«.",
        fix="Skriv kolonnernes overskrifter i en række over tabellen, som i skabelonen.",
        why="Overskrifterne viser, hvad der står i hvilken kolonne.",
        source=TECHNICAL,
        wrong="Fanen »Indsatser« begynder direkte med tal og tekst.",
        right="Fanen »Indsatser« har overskrifterne Nr., Indsatsområde, Aktivitet og så videre.",
    ),
    Rule(
        code="STR-06",
        title="To regneark for samme plan og område",
        severity=Severity.ERROR,
        message="Regnearket »{other}« har samme Plan-id og boligområde, og kun det tæller med.",
        fix="Behold ét regneark, og slet kopien. Er det et andet område, så ret »Boligområde«. Er "
        "det en anden plan, så ret »Plan-id« og perioden.",
        variants={
            "copy": Wording(
                "Filens navn ligner en kopi af »{other}«, og kun det regneark tæller med.",
                "Flyt det, der er nyt, over i »{other}«, og slet kopien.",
            )
        },
        why="Med to udgaver af samme plan ville pengene tælle to gange.",
        source="Lokal praksis i Helsingør: ét regneark pr. område og plan",
        wrong="Mappen har både »Vapnagaard.xlsx« og »Vapnagaard-KOPI.xlsx« med Plan-id VAP-2025.",
        right="Mappen har kun »Vapnagaard.xlsx« med Plan-id VAP-2025.",
    ),
    Rule(
        code="STR-07",
        title="En kolonne har måske fået et andet navn",
        severity=Severity.WARNING,
        message="Kolonnen »{column}« er der ikke. Er det den, der her hedder »{header}«?",
        fix="Ret overskriften til »{column}«, hvis det er den. Giv den ellers et helt andet navn.",
        why="En kolonne, som kontrollen ikke kender, bliver ikke læst, og dens regler er tavse.",
        source=TECHNICAL,
        wrong=(ExampleCell("Finansiering", 0, "Bemærkning", "Dato for bemærkning"),),
        right=(ExampleCell("Finansiering", 0, "Bemærkning", "BEMÆRKNING:"),),
        since=DECEMBER,
    ),
    Rule(
        code="STR-08",
        title="Et årstal i en overskrift kan ikke læses",
        severity=Severity.ERROR,
        message="»{header}« kan ikke læses som et budgetår, så planens penge bliver ikke bedømt.",
        fix="Skriv kun årstallet, for eksempel 2026. Skriv »regnskab«, hvis det ikke er budget.",
        variants={
            "repeated": Wording(
                "Året {header} står også over kolonne {first}, så pengene bliver ikke bedømt.",
                "Ret årstallet, eller skriv »regnskab« bag det, hvis det ikke er budget.",
            ),
            "no_header": Wording(
                "Kolonne {letters} har beløb, men intet årstal, så pengene bliver ikke bedømt.",
                "Skriv årstallet over kolonnen, for eksempel 2026.",
            ),
        },
        why="Et beløb, der er udeladt, gør alle summer og andele forkerte.",
        source=TECHNICAL,
        wrong=(ExampleCell("Finansiering", 0, "2026", "2026 budget"),),
        right=(ExampleCell("Finansiering", 0, "2026", "År 2026"),),
        since=DECEMBER,
    ),
    Rule(
        code="STR-09",
        title="To faner ligner hinanden",
        severity=Severity.WARNING,
        message="Fanen »{other}« ligner »{tab}«. Kun »{tab}« bliver læst.",
        fix="Flyt det, der er nyt, over i »{tab}«, og slet eller omdøb »{other}«.",
        why="Ændringer i en kopi af fanen tæller ikke med, og det kan man ikke se på den.",
        source=TECHNICAL,
        since=DECEMBER,
        wrong="Regnearket har både fanen »Indsatser« og fanen »Indsatser (2)«.",
        right="Regnearket har kun fanen »Indsatser«.",
    ),
    Rule(
        code="STR-10",
        title="Kontrol eller Advarsler er jeres egen",
        severity=Severity.WARNING,
        message="I kolonnen »{header}« står jeres egne tekster. Kontrollen skriver i »{own}«.",
        fix="Giv kolonnen »{header}« en anden overskrift, for eksempel »Noter«.",
        variants={
            "tab": Wording(
                "I fanen »{tab}« står jeres egne tekster. Kontrollen skriver i »{own}«.",
                "Giv fanen »{tab}« et andet navn, for eksempel »Noter«.",
            ),
            "chart": Wording(
                "Fanen »{tab}« er et diagram og jeres egen. Kontrollen skriver i »{own}«.",
                "Giv fanen »{tab}« et andet navn, for eksempel »Diagram«.",
            ),
        },
        why="Kontrollen skriver aldrig over det, som andre har skrevet, og må vide, hvor den må.",
        source=TECHNICAL,
        since=DECEMBER,
        wrong=(ExampleCell("Indsatser", 1, "Kontrol", "Set af Lise"),),
        right=(ExampleCell("Indsatser", 1, "Kontrol", "OK"),),
    ),
    Rule(
        code=LEFT_OUT,
        title="Flere fund, end der vises",
        severity=Severity.WARNING,
        message="Og {count} til: regnearket har flere fund, end der kan vises.",
        fix="Ret de viste først. Så vises de næste. Er de mange rækker ikke planens, så slet dem.",
        why="Tusindvis af linjer kan ingen læse, og de ville gemme de andre planers fund.",
        source=TECHNICAL,
        wrong="Fanen »Indsatser« har 5.000 rækker, som der mangler noget i.",
        right="Fanen »Indsatser« har de rækker, som planen har.",
    ),
)
