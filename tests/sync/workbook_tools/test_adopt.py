"""`helhedsplan adopt`: own workbooks are recognised, asked about, and then read."""

from __future__ import annotations

import io
from pathlib import Path

import pytest
from openpyxl import load_workbook

from rules.gate.adoption import AdoptedTab, adopted
from rules.model.cells import RawWorkbook
from rules.model.shipped import SHIPPED
from rules.model.tables import TABLES
from sheets_templates.template.plan_design import plan_workbook
from sync.config.settings import load
from sync.stores.excel.reading import read_tabs
from sync.xlsx.zip_package import Limits
from tests.sheets_templates.books import MASTER, example_rows
from tests.sync.helpers import helhedsplan
from tests.sync.workbook_tools.own_layouts import DECOYS, ENGLISH, ONE_TAB, UNSURE, Grid, saved

CONFIG = """\
# The secretariat's own file.
sources = [{ folder = "sheets" }]  # one folder

[overview]
file = "Overblik.xlsx"
"""


def looked_at(tabs: dict[str, Grid]) -> dict[str, AdoptedTab]:
    raw = RawWorkbook("Eget.xlsx", read_tabs(saved(tabs), Limits()))
    return {one.table.tab: one for one in adopted(raw, SHIPPED)}


def sure(one: AdoptedTab) -> dict[str, str]:
    return {match.header: match.own for match in one.matches if match.is_sure}


def asked(one: AdoptedTab) -> dict[str, str]:
    return {match.header: match.own for match in one.matches if not match.is_sure}


def required(tab: str) -> set[str]:
    (table,) = [table for table in TABLES if table.tab == tab]
    return {column.header for column in table.columns if column.required}


@pytest.fixture
def home(tmp_path: Path) -> Path:
    (tmp_path / "sheets").mkdir()
    (tmp_path / "config.toml").write_text(CONFIG)
    return tmp_path


def adopt(home: Path, tabs: dict[str, Grid], *more: str) -> tuple[int, str]:
    file = home / "sheets" / "Eget.xlsx"
    file.write_bytes(saved(tabs))
    before = file.read_bytes()
    answer = helhedsplan("adopt", file, "-c", home / "config.toml", *more)
    assert file.read_bytes() == before, "nothing in the workbook changes"
    return answer.code, answer.out + answer.err


def codes(home: Path) -> list[str]:
    answer = helhedsplan("check", "-c", home / "config.toml", "--today", "2026-11-23", "--format",
                       "json")  # fmt: skip
    return answer.codes


@pytest.mark.parametrize("tabs", [ENGLISH, ONE_TAB, UNSURE], ids=["english", "one tab", "unsure"])
def test_every_required_column_is_found_or_asked_for(tabs: dict[str, Grid]) -> None:
    for tab, one in looked_at(tabs).items():
        assert required(tab) <= {*sure(one), *asked(one), *one.missing}, tab
        assert not set(one.missing) & required(tab), "each of these workbooks has them all"


def test_english_names() -> None:
    found = looked_at(ENGLISH)

    assert {tab: one.tab for tab, one in found.items()} == {
        "Plan": "Master data", "Indsatser": "Activities", "Finansiering": "Funding",
        "Godkendelser": "Decisions", "Medarbejdere": "Employees",
    }  # fmt: skip
    assert all(one.is_sure for one in found.values())
    assert sure(found["Finansiering"]) == {
        "Kilde": "Funding source", "Type": "Source type", "Tilsagn": "Commitment",
        "2025": "Budget 2025", "2026": "Budget 2026", "2027": "Budget 2027",
        "2028": "Budget 2028", "Bemærkning": "Remarks",
    }  # fmt: skip


def test_tables_below_each_other_and_amounts_in_thousands() -> None:
    found = looked_at(ONE_TAB)

    assert {tab: (one.tab, one.header_row) for tab, one in found.items()} == {
        "Plan": ("Ellekildehave", 1), "Indsatser": ("Ellekildehave", 11),
        "Finansiering": ("Ellekildehave", 16), "Godkendelser": ("Ellekildehave", 21),
    }  # fmt: skip
    assert found["Plan"].is_bare_form
    assert found["Indsatser"].kroner == {"Budget": 1000}
    assert found["Finansiering"].kroner == dict.fromkeys(("2025", "2026", "2027", "2028"), 1000)


def test_what_is_not_sure_is_asked_and_never_taken() -> None:
    one = looked_at(UNSURE)["Indsatser"]

    assert asked(one) == {"Aktivitet": "Titel", "Ansvarlig": "Anvarlig", "Budget": "Kroner"}
    assert sure(one)["Indsatsområde"] == "Område", "its words are those of the list"
    assert not {"Titel", "Anvarlig", "Kroner", "Sum"} & set(sure(one).values())


def test_what_only_looks_like_ours_is_never_sure() -> None:
    found = looked_at(DECOYS)

    assert {tab for tab, one in found.items() if one.is_sure} == {"Indsatser"}
    assert sure(found["Indsatser"]) == {
        "Aktivitet": "Aktivitet", "Ansvarlig": "Ansvarlig", "Status": "Status",
    }  # fmt: skip
    assert asked(found["Indsatser"]) == {
        "Indsatsområde": "Område", "Startdato": "Start", "Slutdato": "Slut", "Budget": "Beløb",
    }  # fmt: skip
    assert found["Indsatser"].missing == ["Nr."]
    assert not any(header.isdecimal() for header in sure(found["Finansiering"]))


def test_a_workbook_of_the_template_needs_nothing(home: Path) -> None:
    file = home / "sheets" / "Skabelon.xlsx"
    file.write_bytes(plan_workbook(SHIPPED, MASTER, example_rows()))
    answer = helhedsplan("adopt", file, "-c", home / "config.toml", "--yes")

    assert answer.code == 0
    assert "The configuration needs nothing more for this workbook." in answer.out
    assert (home / "config.toml").read_text() == CONFIG


def test_without_yes_nothing_is_written(home: Path) -> None:
    code, answer = adopt(home, ENGLISH)

    assert code == 0
    assert "Nothing was written." in answer
    assert (home / "config.toml").read_text() == CONFIG


def test_the_configuration_keeps_its_comments(home: Path) -> None:
    adopt(home, ONE_TAB, "--yes")
    text = (home / "config.toml").read_text()

    assert text.startswith(CONFIG[: CONFIG.index("\n\n")])
    assert "# one folder" in text
    settings = load(home / "config.toml")
    assert settings.tab_aliases["Finansiering"] == ("Ellekildehave",)
    assert [(u.tab, u.column, u.kroner, u.workbooks) for u in settings.units] == [
        ("Indsatser", "Budget", 1000, "Eget.xlsx"),
        ("Finansiering", "År", 1000, "Eget.xlsx"),
    ]


def test_a_second_time_nothing_is_added(home: Path) -> None:
    adopt(home, ENGLISH, "--yes")
    before = (home / "config.toml").read_text()

    assert adopt(home, ENGLISH, "--yes")[0] == 0
    assert (home / "config.toml").read_text() == before


def test_money_in_thousands_is_exact_to_the_ore(home: Path) -> None:
    adopt(home, ONE_TAB, "--yes")
    answer = helhedsplan("check", "-c", home / "config.toml", "--format", "json")
    (plan,) = answer.json["plans"]

    assert (plan["plan_id"], plan["total"], plan["local"]) == (
        "ELL-2025", "8000500.00", "2000000.00",
    )  # fmt: skip
    assert not [code for code in answer.codes if code[:3] == "CEL"]
    assert {one["tab"] for one in answer.json["findings"] if one["code"] == "STR-01"} == {
        "Forberedelse", "Medarbejdere", "Milepæle",
    }  # fmt: skip


def test_after_the_answers_an_english_workbook_is_read_whole(home: Path) -> None:
    adopt(home, ENGLISH, "--yes")

    assert not [code for code in codes(home) if code in {"STR-02", "STR-05"} or code[:3] == "CEL"]


def test_answers_beforehand(home: Path) -> None:
    answers = {"Indsatsområde": "Område", "Aktivitet": "Titel", "Ansvarlig": "Anvarlig",
               "Budget": "Kroner"}  # fmt: skip
    maps = [part for column, own in answers.items()
            for part in ("--map", f"Indsatser.{column}={own}")]  # fmt: skip
    code, _ = adopt(home, UNSURE, "--yes", *maps)

    assert code == 0
    assert not [code for code in codes(home) if code == "STR-02"]
    aliases = load(home / "config.toml").header_aliases["Indsatser"]
    assert aliases["Budget"] == ("Kroner",)


@pytest.mark.parametrize(
    ("answer", "message"),
    [
        ("Indsatser.Budget", "write TAB.COLUMN=HEADER"),
        ("Indsatser.Bugdet=Kroner", "has no column"),
        ("Milepæle.Frist=Dato", "was not found"),
        ("Indsatser.Budget=Penge", "has no such header"),
        ("Indsatser.2026=Kroner", "has no column"),
    ],
)
def test_an_answer_that_makes_no_sense(home: Path, answer: str, message: str) -> None:
    code, out = adopt(home, UNSURE, "--yes", "--map", answer)

    assert code == 2
    assert message in out
    assert (home / "config.toml").read_text() == CONFIG


@pytest.mark.parametrize("name", ["Genvej.xlsx", "Findes ikke.xlsx"])
def test_what_is_no_workbook_is_named(home: Path, name: str) -> None:
    (home / "Eget.xlsx").write_bytes(saved(ENGLISH))
    (home / "Genvej.xlsx").symlink_to(home / "Eget.xlsx")
    answer = helhedsplan("adopt", home / name, "-c", home / "config.toml", "--yes")

    assert (answer.code, name in answer.err) == (2, True)


def test_the_job_writes_one_column_kontrol_into_a_shared_tab(home: Path) -> None:
    adopt(home, ONE_TAB, "--yes")
    file = home / "sheets" / "Eget.xlsx"
    before = load_workbook(io.BytesIO(file.read_bytes()))["Ellekildehave"]
    assert helhedsplan("sync", "-c", home / "config.toml").code == 0
    after = load_workbook(io.BytesIO(file.read_bytes()))["Ellekildehave"]

    assert [cell.value for row in before.iter_rows() for cell in row] == [
        cell.value for row in after.iter_rows(max_col=before.max_column) for cell in row
    ]
    control = {row: after.cell(row, before.max_column + 1).value for row in range(1, 25)}
    filled = {row: text for row, text in control.items() if text}
    assert filled.pop(1) == "Kontrol"
    assert set(filled) == {2, 3, 4, 5, 6, 7, 8, 12, 13, 17, 18, 22, 23}
    assert str(filled[8]).startswith("FEJL Planstatus")
    written = file.read_bytes()
    assert helhedsplan("sync", "-c", home / "config.toml", "--full").code == 0
    assert file.read_bytes() == written, "a second run writes nothing"


def test_an_own_sheet_with_accounts_is_recognised() -> None:
    found = looked_at(
        ENGLISH
        | {
            "Forbrug": [
                ["Budgetår", "Slags", "Realiseret", "Noter"],
                [2025, "Kommune", 500_000, ""],
                [2025, "LBF", 1_500_000, "se bilag"],
            ],
            "Rapportering": [
                ["Årstal", "Rapport", "Deadline", "Indsendt"],
                [2025, "Reguleringskonto", "30-06-2026", "15-06-2026"],
            ],
        }
    )

    assert sure(found["Regnskab"]) == {
        "År": "Budgetår", "Type": "Slags", "Forbrug": "Realiseret", "Bemærkning": "Noter",
    }  # fmt: skip
    assert sure(found["Indberetning"]) == {
        "År": "Årstal", "Indberetning": "Rapport", "Frist": "Deadline", "Sendt": "Indsendt",
    }  # fmt: skip


def test_an_own_sheet_that_lacks_what_accounts_need_is_left_out() -> None:
    own: dict[str, Grid] = {"Kontoplan": [["År", "Konto", "Beløb"], [2025, "406", 12]]}

    assert "Regnskab" not in looked_at(ENGLISH | own)
