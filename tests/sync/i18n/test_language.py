"""English: complete, and nothing Danish is left in what is written but names and what was typed."""

from __future__ import annotations

import ast
import io
import re
import runpy
import shutil
import string
from collections.abc import Iterable, Iterator
from dataclasses import replace
from datetime import date, datetime
from decimal import Decimal
from fractions import Fraction
from functools import cache
from pathlib import Path
from typing import Any

import openpyxl
import pytest
from babel.messages.catalog import Catalog, Message
from babel.messages.pofile import read_po

from rules.catalogue.catalogue import RULES
from rules.judging.rule import Wording
from rules.judging.wording import filled
from rules.model.choices import (
    ActivityStatus,
    Commitment,
    Decision,
    FundingForm,
    FundingType,
    MilestoneStatus,
    Party,
    PlanStatus,
    Role,
)
from rules.model.finding import Fact
from rules.model.parameters import Parameters
from rules.model.shipped import SHIPPED
from rules.model.tables import TABLES
from rules.text.job_texts import is_control_text
from rules.text.language import DANISH
from sheets_templates.template.plan_design import plan_workbook
from sheets_templates.template.waiver_sheet import COMMENT_COLUMNS
from sync.i18n.language import FOLDER, language_of
from sync.overview.brief import brief_of
from sync.workbook_tools.demo import demo_plans, master_data, plan_rows
from tests.sync.helpers import COPENHAGEN, DAY, TODAY, Site, book, values_by_openpyxl
from tests.sync.waiving import TYPED, waiver

ROOT = Path(__file__).parents[3]
ENGLISH = language_of("en")
NOW = datetime(2026, 11, 23, 8, tzinfo=COPENHAGEN)
IN_ENGLISH = replace(SHIPPED, language=ENGLISH)
PO = FOLDER / "en" / "LC_MESSAGES" / "helhedsplan.po"


@cache
def tool() -> dict[str, Any]:
    """What docs/make_texts.py defines."""
    return runpy.run_path(str(ROOT / "docs" / "make_texts.py"))


@cache
def english() -> Catalog:
    with PO.open("rb") as file:
        return read_po(file, locale="en")


def messages() -> list[Message]:
    return [message for message in english() if message.id]


def parts(text: str | Iterable[str] | None) -> list[str]:
    return [text] if isinstance(text, str) else list(text or ())


def placeholders(text: str) -> list[str]:
    return sorted(f"{name}:{form}" for _, name, form, _ in string.Formatter().parse(text) if name)


# The catalogue


def test_the_catalogue_has_the_texts_of_the_code() -> None:
    extracted = {(message.context, str(message.id)) for message in tool()["extracted"]()}
    known = {(message.context, str(message.id)) for message in english()}
    assert known - extracted == set(), "make texts"
    assert extracted - known == set(), "make texts, and translate what is new"


def test_every_text_has_a_translation() -> None:
    lacking = [m.id for m in messages() if m.fuzzy or not tool()["is_translated"](m.string)]
    assert lacking == []


def test_translations_hold_the_same_facts() -> None:
    for message in messages():
        for text in parts(message.string):
            assert placeholders(text) == placeholders(parts(message.id)[-1]), message.id


def test_the_catalogue_is_as_the_tool_writes_it() -> None:
    assert PO.read_bytes() == tool()["as_po"](english_as_made()), "make texts"


def test_the_compiled_catalogue_is_current() -> None:
    assert PO.with_suffix(".mo").read_bytes() == tool()["as_mo"](english_as_made())


def english_as_made() -> Any:
    return tool()["updated"](PO, tool()["extracted"]())


def test_sentences_are_short() -> None:
    sentences = [
        sentence
        for message in messages()
        for text in parts(message.string)
        for sentence in re.split(r"(?<=[.!?:])\s+", text)
    ]
    assert [one for one in sentences if len(one.split()) > 20] == []


NO_TEXT = {
    "Milepæle", "|Milepæl|", "|Udløb",  # a tab, and by what deadlines are known
    "Bemærkninger", "Bemærkning",  # a tab of Undtagelser, and a header of it
    "lørdag", "søndag", "å",  # what is configured, and a letter of Excel's date formats
    "Planens indsatsområder", "Færdigt", "På tur",  # headers of the hidden tab
    "The Boligområde.",  # of a command, in English
    "Planens program, dets første række og antal",  # by which version 1 of the template is known
}  # fmt: skip
MADE_UP = {"demo.py"}


def test_no_danish_literal_is_left_out() -> None:
    """Of those that letters give away; the words in them are looked for below."""
    known = {part for message in messages() for part in parts(message.id)} | NO_TEXT
    left = [
        f"{file.relative_to(ROOT)}:{line}: {text}"
        for package in ("sync", "sheets_templates")
        for file in sorted((ROOT / package).rglob("*.py"))
        if file.name not in MADE_UP
        for line, text in literals_of(file)
        if re.search("[æøåÆØÅ]", text) and text not in known
    ]
    assert left == []


def literals_of(file: Path) -> Iterator[tuple[int, str]]:
    """The texts of a module that are no docstrings."""
    tree = ast.parse(file.read_text(encoding="utf-8"))
    documentation = {id(node.value) for node in ast.walk(tree) if isinstance(node, ast.Expr)}
    for node in ast.walk(tree):
        if not isinstance(node, ast.Constant) or id(node) in documentation:
            continue
        if isinstance(node.value, str):
            yield node.lineno, node.value


def test_all_texts_of_the_rules_are_in_it() -> None:
    for rule in RULES:
        wordings = [Wording(rule.message, rule.fix), *rule.variants.values()]
        texts = [text for one in wordings for text in (one.message, one.fix)]
        texts += [rule.title, rule.why, rule.source]
        texts += [example for example in (rule.wrong, rule.right) if isinstance(example, str)]
        for text in texts:
            assert ENGLISH.text(text) != text or text in SAME_IN_BOTH, (rule.code, text)


SAME_IN_BOTH = frozenset({"Landsbyggefonden"})


# Amounts, dates, lists


def test_amounts_and_dates_are_written_as_in_english() -> None:
    assert ENGLISH.kroner(123_450) == "DKK 1,234.50"
    assert ENGLISH.kroner(350_000_000) == "DKK 3,500,000"
    assert ENGLISH.percent(Fraction(5, 8)) == "62.5%"
    assert ENGLISH.number(Decimal("32.5")) == "32.5"
    assert ENGLISH.day(date(2026, 3, 1)) == "1 March 2026"
    assert ENGLISH.listed(["a", "b", "c"]) == "a, b and c"
    assert ENGLISH.month(date(2028, 2, 1)) == "February 2028"
    assert ENGLISH.month(date(2028, 4, 1)) == "April"


@pytest.mark.parametrize(("count", "danish", "in_english"), [
    (1, "1 måned", "1 month"), (2, "2 måneder", "2 months"), (0, "0 måneder", "0 months"),
])  # fmt: skip
def test_plural_forms(count: int, danish: str, in_english: str) -> None:
    facts = {"months": count}
    assert filled("{months:måneder}", facts, DANISH) == danish
    assert filled("{months:måneder}", facts, ENGLISH) == in_english


def test_steps_have_their_definite_form_in_a_sentence() -> None:
    facts: dict[str, Fact] = {
        "step": "det politiske udvalg",
        "missing": ("Byrådet", "", "styregruppen", "Bystrategisk Partnerskab"),
    }
    text = "{step:Trin} har godkendt planen, men {missing:trin og instanser} har ikke."
    assert filled(text, facts, DANISH).startswith("Det politiske udvalg har godkendt planen, men ")
    assert filled(text, facts, ENGLISH) == (
        "The political committee has approved the plan, but approval is missing from the city "
        "council and the steering group (Bystrategisk Partnerskab)."
    )


def test_what_is_no_text_stays_none() -> None:
    assert ENGLISH.text("") == ""


# What is written in English

WORD = re.compile(r"[A-Za-zÆØÅæøåé]{3,}")
MAIL = """
[mail]
server = "127.0.0.1"
sender = "job@example.dk"
secretariat = ["sekretariat@example.dk"]
operators = ["drift@example.dk"]
"""
VOCABULARY = (
    ActivityStatus, Commitment, Decision, FundingForm, FundingType, MilestoneStatus, Party,
    PlanStatus, Role,
)  # fmt: skip
NAMES = {
    # Names of files and of tabs, of the county's bodies, and of commands that are Danish words.
    "Kontrol", "Advarsler", "Undtagelser", "Vejledning", "Overblik", "Frister", "Felt", "Værdi",
    "fejl", "advarsel", "info", "brief", "plan", "Landsbyggefonden", "helhedsplan", "lbf",
    "omraadeinfo", "almenboligloven", "databeskyttelsesloven", "Kode", "Fane", "Sted", "Regneark",
    "Begrundelse", "Accepteret", "Til", "med", "sekretariat", "mio", "økonomiske", "Helsingør",
    "cpr-nummer skjult",
}  # fmt: skip


def danish_words() -> set[str]:
    """The words of the Danish texts that no English text has."""
    danish = {word.casefold() for m in messages() for t in parts(m.id) for word in words_of(t)}
    english = {word.casefold() for m in messages() for t in parts(m.string) for word in words_of(t)}
    return danish - english


def words_of(text: str) -> list[str]:
    return WORD.findall(re.sub(r"\{[^}]*\}", " ", text))


def names_of(parameters: Parameters) -> set[str]:
    """The words of everything that is data: names, choices, headers, and what the demo holds."""
    columns = [*COMMENT_COLUMNS, *(column for table in TABLES for column in table.columns)]
    texts = {column.header for column in columns}
    texts |= {table.tab for table in TABLES} | NAMES
    texts |= {str(choice) for choices in VOCABULARY for choice in choices}
    texts |= {area.name for area in parameters.areas}
    texts |= {organisation.name for organisation in parameters.organisations}
    texts |= {step.name for step in parameters.steps}
    texts |= {e.name for programme in parameters.programmes for e in programme.effort_areas}
    return {word.casefold() for text in texts for word in words_of(text)}


def typed_words(content: bytes) -> set[str]:
    return {
        word.casefold()
        for value in values_by_openpyxl(content).values()
        if isinstance(value, str)
        for word in words_of(value)
    }


def texts_in(content: bytes) -> Iterator[str]:
    """Everything in a workbook that a person reads: cells, hints, charts, what is printed."""
    workbook = openpyxl.load_workbook(io.BytesIO(content))
    for sheet in workbook.worksheets:
        if sheet.sheet_state != "visible":
            continue
        yield sheet.title
        for row in sheet.iter_rows():
            yield from (cell.value for cell in row if isinstance(cell.value, str))
        for validation in sheet.data_validations.dataValidation:
            yield from filter(None, (validation.prompt, validation.error, validation.errorTitle))
        if sheet.oddFooter:
            printed = (sheet.oddFooter.left, sheet.oddFooter.right)
            yield from (item.text for item in printed if item and item.text)
        for rules in sheet.conditional_formatting:
            for rule in rules.rules:
                yield from (
                    text for formula in rule.formula for text in re.findall('"([^"]*)"', formula)
                )


def left_in(texts: Iterable[str], data: set[str]) -> dict[str, str]:
    """The Danish words in texts that are no data, each with a text that has it."""
    danish = danish_words() - data
    found: dict[str, str] = {}
    for text in texts:
        told = re.sub(r"“[^”]*”|'[^']*'!|Lister!", " ", text)
        for word in words_of(told):
            if word.casefold() in danish:
                found.setdefault(word, text)
    return found


@pytest.fixture(scope="module")
def english_site(tmp_path_factory: pytest.TempPathFactory) -> Site:
    """The demonstration, and a workbook with every mistake that a cell can have, in English."""
    root = tmp_path_factory.mktemp("english")
    site = Site(root)
    site.sheets.mkdir(exist_ok=True)
    for plan in demo_plans(TODAY.year - 1):
        rows = plan_rows(plan, TODAY)
        content = plan_workbook(IN_ENGLISH, master_data(plan, TODAY), rows)
        site.put(plan.file, content)
    mistakes = {
        cell.removeprefix("!"): value
        for cell, value in (
            ("Indsatser!I2", "ca. 500"), ("Indsatser!G2", "31-06-2026"), ("Indsatser!H2", "Nu"),
            ("Finansiering!D2", "-5"), ("Medarbejdere!C2", "fuld tid"), ("Milepæle!D2", "snart"),
        )
    }  # fmt: skip
    site.put("Fejl.xlsx", book(plan={"Plan-id": "MIS-1"}, cells=mistakes))
    site.put("Gammel.xls", b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"\0" * 512)
    site.put("Zero.xlsx", b"")
    site.configure(MAIL, top='language = "en"')
    return site


@pytest.fixture(scope="module")
def data(english_site: Site) -> set[str]:
    known = names_of(SHIPPED)
    for content in english_site.bytes_of_workbooks().values():
        if content.startswith(b"PK"):
            known |= typed_words(content)
    return known


COMMANDS = (
    ("check", "--today", DAY),
    ("sync", "--remember", "--today", DAY),
    ("status",),
    ("rules",),
    ("digest", "--dry-run", "--today", DAY),
    ("doctor",),
    ("fix", "Vapnagaard.xlsx"),
    ("adopt", "Vapnagaard.xlsx"),
)


@pytest.mark.slow
def test_commands_say_nothing_in_danish(english_site: Site, data: set[str]) -> None:
    answer = [english_site.command(*command) for command in COMMANDS]
    answer += [english_site.command("rules", rule.code) for rule in RULES]
    answer.append(english_site.command("rules", "XXX-01"))
    texts = [line for one in answer for line in f"{one.out}\n{one.err}".splitlines()]

    assert left_in(texts, data) == {}
    assert any("ERROR FIN-01" in text for text in texts)
    assert any("This is how the plans stand on 23 November 2026" in text for text in texts)


@pytest.mark.slow
def test_workbooks_say_nothing_in_danish(english_site: Site, data: set[str]) -> None:
    english_site.command("sync", "--remember", "--today", DAY)
    new = english_site.root / "new.xlsx"
    english_site.command("new", new, "--area", "Vapnagaard", "--plan", "VAP-2027")
    files = {file.name: file.read_bytes() for file in english_site.root.glob("*.xlsx")}
    files |= english_site.bytes_of_workbooks()
    left = {
        name: left_in(texts_in(content), data)
        for name, content in files.items()
        if content.startswith(b"PK")
    }
    assert {name: words for name, words in left.items() if words} == {}
    assert {new.name, "Overblik.xlsx", "Undtagelser.xlsx", "Zero – advarsler.xlsx"} <= set(left)
    calendar = (english_site.root / "Frister.ics").read_text(encoding="utf-8")
    assert left_in(calendar.replace("\r\n ", "").splitlines(), data) == {}


def test_a_brief_says_nothing_in_danish(english_site: Site, data: set[str]) -> None:
    overview = english_site.shown(writes=False)
    settings = english_site.settings()
    for plan in overview.plans:
        brief = brief_of(plan, overview, settings.parameters(), NOW)
        tables = (brief.funding, *brief.tables)
        texts = [brief.title, *brief.lines, brief.money, brief.footer]
        texts += [figure.label for figure in brief.figures]
        texts += [text for one in tables for row in (one.headings, *one.rows) for text in row]
        texts += [text for one in tables for text in (one.title, one.rest, one.empty)]
        assert left_in(texts, data) == {}
        assert brief.language == ENGLISH


# The language may be changed


@pytest.mark.slow
def test_a_change_of_the_language_makes_nothing_new(tmp_path: Path) -> None:
    site = Site(tmp_path)
    site.put("a.xlsx", book(cells={"Indsatser!I2": "ca. 500"}))
    site.configure()
    first = site.sync(date(2026, 11, 20))
    danish = site.page("a.xlsx")
    site.configure(top='language = "en"')
    second = site.sync(date(2026, 11, 23))
    in_english = site.page("a.xlsx")

    assert [row[1:5] for row in danish[3:]] == [row[1:5] for row in in_english[3:]]
    assert [row[7] for row in in_english[3:]] == [row[7] for row in danish[3:]] == ["20-11-2026"]
    assert site.control("a.xlsx", "Indsatser")[2].startswith("ERROR Budget: “ca. 500” cannot be")
    assert first.counts == second.counts
    assert openpyxl.load_workbook(site.overview).sheetnames[0] == "Overview"
    assert site.sync(date(2026, 11, 23), hour=9).written == []

    site.configure()
    site.sync(date(2026, 11, 23), hour=10)
    assert site.page("a.xlsx")[1:] == danish[1:]
    assert openpyxl.load_workbook(site.overview).sheetnames[0] == "Overblik"


def test_an_overview_in_the_other_language_is_known_without_the_history(tmp_path: Path) -> None:
    site = Site(tmp_path)
    site.put("a.xlsx", book())
    site.configure(top='language = "en"')
    site.sync()
    shutil.rmtree(site.state)
    site.configure()

    assert site.sync().problems == []
    assert openpyxl.load_workbook(site.overview).sheetnames[0] == "Overblik"


def test_a_waiver_holds_in_every_language(tmp_path: Path) -> None:
    site = Site(tmp_path)
    site.put("a.xlsx", book(cells=TYPED))
    site.sync()
    accepting = openpyxl.load_workbook(site.root / "Undtagelser.xlsx")
    for column, value in enumerate(waiver(), 1):
        accepting["Undtagelser"].cell(4, column).value = value or None  # type: ignore[assignment]
    accepting.save(site.root / "Undtagelser.xlsx")
    assert accepted(site) == 1
    site.configure(top='language = "en"')
    assert accepted(site) == 1
    assert site.page("a.xlsx")[3][0] == "Accepted"


def accepted(site: Site) -> int:
    return sum(bool(line.waiver) for line in site.shown().notices)


def test_the_column_kontrol_is_ours_in_every_language() -> None:
    assert is_control_text("FEJL Budget: … (CEL-02)")
    assert is_control_text("ERROR Budget: … (CEL-02)\nACCEPTED Tilsagn: … (FIN-08)")
    assert not is_control_text("Errare humanum est")


@pytest.mark.slow
def test_workers_speak_the_language_too(tmp_path: Path) -> None:
    site = Site(tmp_path)
    for number in range(4):
        site.put(f"{number}.xlsx", book(cells={"Indsatser!I2": "ca. 500"}))
    site.configure("[reading]\nprocesses = 2", top='language = "en"')
    answer = site.command("check", "--today", DAY)
    assert answer.out.count("ERROR CEL-02 Indsatser I2 – Budget: “ca. 500” cannot be read") == 4


def test_a_language_without_a_catalogue_is_refused(tmp_path: Path) -> None:
    site = Site(tmp_path)
    site.configure(top='language = "fr"')
    answer = site.command("check")
    assert (answer.code, answer.err) == (2, 'language = "fr": must be one of: da, en\n')
