"""Makes docs/regler.md, docs/rules.md, the tables in docs/workbook.md and the count in the README.

The example configuration is copied to where the wheel carries it.

    make reference

tests/docs proves that they are current.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from rules.catalogue.catalogue import RULES
from rules.catalogue.reference import ExplainedRule, explain
from rules.judging.rule import Wording
from rules.model.choices import ChoiceList
from rules.model.shipped import SHIPPED
from rules.model.tables import TABLES, Column, Kind, Table
from rules.text.language import DANISH, Language
from sync.i18n.language import language_of

DOCS = Path(__file__).parent
WORKBOOK_PAGE = DOCS / "workbook.md"
README = DOCS.parent / "README.md"
EXAMPLE = DOCS.parent / "config.example.toml"
CARRIED_EXAMPLE = DOCS.parent / "sync" / "config" / EXAMPLE.name
TABLES_MARK = re.compile(r"(?<=<!-- tables: begin -->\n).*(?=<!-- tables: end -->)", re.DOTALL)


@dataclass(frozen=True)
class RulesPage:
    """The page of rules in one language: everything but the rules themselves."""

    file: Path
    language: Language
    head: str
    columns: str
    families: dict[str, str]
    severity: str
    source: str
    since: str
    why: str
    wrong: str
    right: str
    writes: str
    fix: str
    one_of: str
    others: str


DANISH_PAGE = RulesPage(
    file=DOCS / "regler.md",
    language=DANISH,
    head="""\
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
""",
    columns="| Kode | Alvor | Regel |",
    families={
        "STR": "Regnearkets opbygning",
        "CEL": "Cellerne",
        "PLA": "Planen",
        "FOR": "Forberedelsen",
        "IND": "Indsatserne",
        "FIN": "Finansieringen",
        "GOD": "Godkendelserne",
        "MED": "Medarbejderne",
        "MIL": "Milepælene",
        "REG": "Regnskabet",
        "IBR": "Indberetningerne",
        "GDP": "Personoplysninger",
        "APR": "Det godkendte",
    },
    severity="Alvor",
    source="Kilde",
    since="Gælder fra",
    why="Hvorfor",
    wrong="Forkert",
    right="Rigtigt",
    writes="Kontrollen skriver",
    fix="Sådan retter du",
    one_of="et af disse, med rettelsen i kursiv:",
    others="Kontrollen kan også skrive, med rettelsen i kursiv:",
)
ENGLISH_PAGE = RulesPage(
    file=DOCS / "rules.md",
    language=language_of("en"),
    head="""\
# The rules

<!-- Made by docs/make_reference.py from the catalogue of rules. Do not edit: make reference -->

Here is all that the check looks for, and what to do when it has found something. The code, for
example FIN-01, is at the end of each line in the column Kontrol. Names of tabs, columns and choices
are Danish, as in the workbooks; see the [glossary](glossary.md).

- An **error** must be put right.
- A **warning** must be read. The secretariat can accept it.
- **Info** is for information.

Where the source is “local practice”, it is a habit of Helsingør and no rule of Landsbyggefonden.
The numbers (25%, 3-4 years, 37 hours and so on) are those that the program is delivered with. The
secretariat can change them. The examples show what the check writes on 23 November 2026 with
`language = "en"`.
""",
    columns="| Code | Severity | Rule |",
    families={
        "STR": "How the workbook is built",
        "CEL": "The cells",
        "PLA": "The plan",
        "FOR": "The preparation",
        "IND": "The activities",
        "FIN": "The funding",
        "GOD": "The approvals",
        "MED": "The staff",
        "MIL": "The milestones",
        "REG": "The accounts",
        "IBR": "The reports",
        "GDP": "Personal data",
        "APR": "What was approved",
    },
    severity="Severity",
    source="Source",
    since="In force from",
    why="Why",
    wrong="Wrong",
    right="Right",
    writes="The check writes",
    fix="What to do",
    one_of="one of these, with what to do in italics:",
    others="The check may also write, with what to do in italics:",
)


def rules_page(page: RulesPage = DANISH_PAGE) -> str:
    """The whole of docs/regler.md, or of the page in another language."""
    text = page.language.text
    lines = [page.head, page.columns, "| --- | --- | --- |"]
    lines += [
        f"| [{r.code}](#{r.code.lower()}) | {text(r.severity)} | {text(r.title)} |" for r in RULES
    ]
    family = ""
    for one in explain(RULES, page.language):
        if one.rule.code[:3] != family:
            family = one.rule.code[:3]
            lines += ["", f"## {page.families[family]}"]
        lines += ["", *_section(one, page)]
    return "\n".join(lines) + "\n"


def _section(one: ExplainedRule, page: RulesPage) -> Iterator[str]:
    rule, text = one.rule, page.language.text
    yield f'<a id="{rule.code.lower()}"></a>'
    yield ""
    yield f"### {rule.code} {text(rule.title)}"
    yield ""
    yield " · ".join(
        (
            f"**{page.severity}:** {one.severity}",
            f"**{page.source}:** {text(rule.source)}",
            f"**{page.since}:** {page.language.day(rule.since)}",
        )
    )
    yield ""
    yield f"**{page.why}:** {text(rule.why)}"
    yield ""
    yield f"**{page.wrong}:** {one.wrong}"
    yield ""
    yield from _messages(one, page)
    yield ""
    yield f"**{page.right}:** {one.right}"


def _messages(one: ExplainedRule, page: RulesPage) -> Iterator[str]:
    """The message about the wrong example, and the rule's other wordings."""
    if one.wording is None and len(one.others) == 1:
        yield from _worded(one.others[0], page)
        return
    if one.wording is not None:
        yield from _worded(one.wording, page)
        if one.others:
            yield ""
            yield page.others
    else:
        yield f"**{page.writes}** {page.one_of}"
    if one.others:
        yield ""
        yield from (f"- {other.message} *{other.fix}*" for other in one.others)


def _worded(wording: Wording, page: RulesPage) -> Iterator[str]:
    yield f"**{page.writes}:** {wording.message}"
    yield ""
    yield f"**{page.fix}:** {wording.fix}"


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
    if column.choices is ChoiceList.EFFORT_AREAS:
        return "the programme's list ([configuration](interfaces.md#configuration))"
    default = f"; default {column.default}" if column.default else ""
    return ", ".join(SHIPPED.words(column.choices)) + default


def workbook_page(current: str) -> str:
    """docs/workbook.md with its tables made anew.

    Raises:
        ValueError: the page has no place for them.
    """
    page, count = TABLES_MARK.subn(lambda _: "\n" + workbook_tables(), current)
    if count != 1:
        raise ValueError("the marks »tables: begin« and »tables: end« are not there")
    return page


def readme_page(current: str) -> str:
    """README.md with the number of rules as it is."""
    return re.sub(r"\b\d+ rules\b", f"{len(RULES)} rules", current)


def main() -> None:
    """Write the pages, and copy the example configuration."""
    CARRIED_EXAMPLE.write_bytes(EXAMPLE.read_bytes())
    for page in (DANISH_PAGE, ENGLISH_PAGE):
        page.file.write_text(rules_page(page), encoding="utf-8")
    for file, made_anew in ((WORKBOOK_PAGE, workbook_page), (README, readme_page)):
        file.write_text(made_anew(file.read_text(encoding="utf-8")), encoding="utf-8")


if __name__ == "__main__":
    main()
