"""Makes docs/rules.md, and the tables in docs/workbook.md, from the code that they describe.

    make reference

tests/docs proves that both are current.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from datetime import date
from pathlib import Path

from rules import danish
from rules.catalogue import RULES, Notice, check_plan, check_run, notice_of
from rules.example import example_workbook
from rules.gate import Gate
from rules.index import entry_of
from rules.plan import Plan
from rules.rule import Case, Context, Example, Rule, Typed, Wording
from rules.shipped import SHIPPED
from rules.tables import TABLES, Column, Kind, Listed, Table

DOCS = Path(__file__).parent
RULES_PAGE = DOCS / "rules.md"
WORKBOOK_PAGE = DOCS / "workbook.md"
TABLES_MARK = re.compile(r"(?<=<!-- tables: begin -->\n).*(?=<!-- tables: end -->)", re.DOTALL)
TODAY = date(2026, 11, 23)

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
MILDER = {"STR-01": " (advarsel, når fanen godt må mangle)"}
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
med; sekretariatet kan ændre dem. Eksemplerne er vist, som kontrollen skriver den 23. november 2026.
"""


def rules_page() -> str:
    """The whole of docs/rules.md."""
    notices = _example_notices()
    lines = [HEAD, "| Kode | Alvor | Regel |", "| --- | --- | --- |"]
    lines += [f"| [{r.code}](#{r.code.lower()}) | {r.severity} | {r.title} |" for r in RULES]
    family = ""
    for rule in RULES:
        if rule.code[:3] != family:
            family = rule.code[:3]
            lines += ["", f"## {FAMILIES[family]}"]
        lines += ["", *_section(rule, notices.get(rule.code))]
    return "\n".join(lines) + "\n"


def _section(rule: Rule, notice: Notice | None) -> Iterator[str]:
    yield f'<a id="{rule.code.lower()}"></a>'
    yield ""
    yield f"### {rule.code} {rule.title}"
    yield ""
    yield " · ".join(
        (
            f"**Alvor:** {rule.severity}{MILDER.get(rule.code, '')}",
            f"**Kilde:** {rule.source}",
            f"**Gælder fra:** {danish.day(rule.since)}",
        )
    )
    yield ""
    yield f"**Hvorfor:** {rule.why}"
    yield ""
    yield f"**Forkert:** {_example(rule.wrong)}"
    yield ""
    yield from _said(rule, notice)
    yield ""
    yield f"**Rigtigt:** {_example(rule.right)}"


def _said(rule: Rule, notice: Notice | None) -> Iterator[str]:
    """What the job says about the wrong example, and in what other words it may say it."""
    wordings = [Wording(rule.message, rule.fix), *rule.variants.values()]
    if notice:
        yield f"**Kontrollen skriver:** {notice.message}"
        yield ""
        yield f"**Sådan retter du:** {notice.fix}"
        wordings = [wording for wording in wordings if not _is_worded(notice, wording)]
        if wordings:
            yield ""
            yield "Kontrollen kan også skrive, med rettelsen i kursiv:"
    elif len(wordings) == 1:
        (wording,) = wordings
        yield f"**Kontrollen skriver:** {_blank(wording.message)}"
        yield ""
        yield f"**Sådan retter du:** {_blank(wording.fix)}"
        return
    else:
        yield "**Kontrollen skriver** et af disse, med rettelsen i kursiv:"
    if wordings:
        yield ""
        yield from (f"- {_blank(w.message)} *{_blank(w.fix)}*" for w in wordings)


def _is_worded(notice: Notice, wording: Wording) -> bool:
    """Whether the notice is in this wording."""
    return all(
        re.fullmatch(re.sub(r"\\\{.*?\\\}", ".+", re.escape(template)), text)
        for template, text in ((wording.message, notice.message), (wording.fix, notice.fix))
    )


def _example_notices() -> dict[str, Notice]:
    """What is said about each rule's wrong example, by code; not where that is told in words."""
    typed = {rule.code: rule.wrong for rule in RULES if not isinstance(rule.wrong, str)}
    passed = Gate(SHIPPED).passed([example_workbook(edits) for edits in typed.values()])
    context = Context(SHIPPED, TODAY)
    notices = {}
    for code, one in zip(typed, passed, strict=True):
        findings = [
            *one.findings,
            *check_plan(Case(Plan((one.workbook,)), context)),
            *check_run((entry_of(one.workbook),), context),
        ]
        notices[code] = notice_of(next(f for f in findings if f.code == code))
    return notices


def _blank(template: str) -> str:
    """A wording with `…` where the facts of a finding go."""
    return re.sub(r"\{\w+(:\w+)?\}", "…", template)


def _example(example: Example) -> str:
    if isinstance(example, str):
        return example
    return "; ".join(map(_cell, example)) + "."


def _cell(typed: Typed) -> str:
    text = typed.text.removeprefix("'")
    shown = f"`{text}`" if text else "en tom celle"
    if typed.tab == "Plan":
        return f"{typed.tab}, feltet {typed.column}: {shown}"
    if typed.row == 0:
        return f"{typed.tab}, overskriften {typed.column} skrevet som {shown}"
    return f"{typed.tab}, række {typed.row} under overskriften, {typed.column}: {shown}"


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
