"""Makes docs/regler.md, and the tables in docs/workbook.md, from the code that they describe.

    make reference

tests/docs proves that both are current.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from pathlib import Path

from rules.catalogue import RULES
from rules.language import DANISH
from rules.reference import Explained, explained
from rules.rule import Wording
from rules.shipped import SHIPPED
from rules.tables import TABLES, Column, Kind, Listed, Table

DOCS = Path(__file__).parent
RULES_PAGE = DOCS / "regler.md"
WORKBOOK_PAGE = DOCS / "workbook.md"
TABLES_MARK = re.compile(r"(?<=<!-- tables: begin -->\n).*(?=<!-- tables: end -->)", re.DOTALL)

FAMILIES = {
    "STR": "Regnearkets opbygning",
    "CEL": "Cellerne",
    "PLA": "Planen",
    "FOR": "Forberedelsen",
    "IND": "Indsatserne",
    "FIN": "Finansieringen",
    "GOD": "Godkendelserne",
    "MED": "Medarbejderne",
    "MIL": "Milepælene",
    "GDP": "Personoplysninger",
    "APR": "Det godkendte",
}
HEAD = """\
# Reglerne

<!-- Made by docs/make_reference.py from the catalogue of rules. Do not edit: make reference -->

Her står alt, hvad kontrollen ser efter, og hvad du gør, når den har fundet noget. Koden, for
eksempel FIN-01, står sidst i hver linje i kolonnen Kontrol.

- **Fejl** skal rettes.
- **Advarsel** skal læses. Sekretariatet kan godt acceptere den.
- **Info** er til orientering.

Står der »Lokal praksis« som kilde, er det en vane i Helsingør og ikke en regel fra
Landsbyggefonden. Tallene (25 pct., 3-4 år, 37 timer og så videre) er dem, som kontrollen leveres
med. Sekretariatet kan ændre dem. Eksemplerne viser, hvad kontrollen skriver den 23. november 2026.
"""


def rules_page() -> str:
    """The whole of docs/regler.md."""
    lines = [HEAD, "| Kode | Alvor | Regel |", "| --- | --- | --- |"]
    lines += [f"| [{r.code}](#{r.code.lower()}) | {r.severity} | {r.title} |" for r in RULES]
    family = ""
    for one in explained(RULES):
        if one.rule.code[:3] != family:
            family = one.rule.code[:3]
            lines += ["", f"## {FAMILIES[family]}"]
        lines += ["", *_section(one)]
    return "\n".join(lines) + "\n"


def _section(one: Explained) -> Iterator[str]:
    rule = one.rule
    yield f'<a id="{rule.code.lower()}"></a>'
    yield ""
    yield f"### {rule.code} {rule.title}"
    yield ""
    yield " · ".join(
        (
            f"**Alvor:** {one.severity}",
            f"**Kilde:** {rule.source}",
            f"**Gælder fra:** {DANISH.day(rule.since)}",
        )
    )
    yield ""
    yield f"**Hvorfor:** {rule.why}"
    yield ""
    yield f"**Forkert:** {one.wrong}"
    yield ""
    yield from _said(one)
    yield ""
    yield f"**Rigtigt:** {one.right}"


def _said(one: Explained) -> Iterator[str]:
    """What the job says about the wrong example, and in what other words it may say it."""
    if one.said is None and len(one.others) == 1:
        yield from _worded(one.others[0])
        return
    if one.said is not None:
        yield from _worded(one.said)
        if one.others:
            yield ""
            yield "Kontrollen kan også skrive, med rettelsen i kursiv:"
    else:
        yield "**Kontrollen skriver** et af disse, med rettelsen i kursiv:"
    if one.others:
        yield ""
        yield from (f"- {other.message} *{other.fix}*" for other in one.others)


def _worded(wording: Wording) -> Iterator[str]:
    yield f"**Kontrollen skriver:** {wording.message}"
    yield ""
    yield f"**Sådan retter du:** {wording.fix}"


def workbook_tables() -> str:
    """The tables of docs/workbook.md, one for each tab."""
    return "\n".join(line for table in TABLES for line in _table(table)) + "\n"


def _table(table: Table) -> Iterator[str]:
    yield f"### {table.tab}"
    yield ""
    yield f"{_kind_of_tab(table)} The template says what it is for: »{table.purpose}«"
    yield ""
    first = "Field" if table.is_form else "Column"
    yield f"| {first} | Required | Type | Choices, and the default |"
    yield "| --- | --- | --- | --- |"
    for column in table.columns:
        required = "yes" if column.required else ""
        yield f"| {column.header} | {required} | {column.kind} | {_choices(column)} |"
    if table.has_years:
        yield "| a year, like `2026` | at least one | amount | |"
    yield ""


def _kind_of_tab(table: Table) -> str:
    needed = "The tab must be there" if table.required else "The tab may be missing"
    if table.is_form:
        return f"{needed}. It is a form: names under `Felt`, values under `Værdi`, in any order."
    return f"{needed}. It holds one row for each entry."


def _choices(column: Column) -> str:
    if column.kind is not Kind.CHOICE:
        return ""
    if column.choices is Listed.EFFORT_AREAS:
        return "the programme's list ([configuration](interfaces.md#configuration))"
    if isinstance(column.choices, Listed):
        words: Sequence[str] = SHIPPED.choices(column.choices)
    else:
        words = column.choices
    default = f"; default {column.default}" if column.default else ""
    return ", ".join(words) + default


def workbook_page(current: str) -> str:
    """docs/workbook.md with its tables made anew.

    Raises:
        ValueError: the page has no place for them.
    """
    page, count = TABLES_MARK.subn(lambda _: "\n" + workbook_tables(), current)
    if count != 1:
        raise ValueError("the marks »tables: begin« and »tables: end« are not there")
    return page


def main() -> None:
    """Write both pages."""
    RULES_PAGE.write_text(rules_page(), encoding="utf-8")
    current = WORKBOOK_PAGE.read_text(encoding="utf-8")
    WORKBOOK_PAGE.write_text(workbook_page(current), encoding="utf-8")


if __name__ == "__main__":
    main()
