"""The overview as a page: when it is written, and that it says what the workbook says."""

from __future__ import annotations

from datetime import date
from html.parser import HTMLParser
from typing import Any
from urllib.parse import unquote

import pytest
from babel.numbers import format_decimal

from tests.sync.helpers import CPR, TODAY, Site, book, figures, mended, table

PAGE = '[overview]\npage = "Overblik.html"'
WRONG = {"Indsatser!I2": "'ca. 5", "Milepæle!D2": TODAY, "Milepæle!E2": "I gang"}
SHARES = {"Lokal andel", "Brugt af bevillingen"}
HOSTILE = "<img src=x onerror=alert(1)></td><script>alert(2)</script>"


class Reader(HTMLParser):
    """The texts of a page's tables, by the id of the section or card that they stand in."""

    def __init__(self, html: str) -> None:
        super().__init__()
        self.tables: dict[str, list[list[str]]] = {}
        self.facts: list[tuple[str, str]] = []
        self.links: list[str] = []
        self.tags: set[str] = set()
        self._ids: list[str] = [""]
        self._texts: list[str] | None = None
        self.feed(html)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        given = dict(attrs)
        self.tags.add(tag)
        if tag == "a":
            self.links.append(given["href"] or "")
        if tag in {"section", "article", "div"}:
            self._ids.append(given.get("id") or self._ids[-1])
        if tag == "table":
            self._rows = self.tables.setdefault(self._ids[-1], [])
        if tag == "tr":
            self._rows.append([])
        if tag in {"th", "td", "dt", "dd"}:
            self._texts = []

    def handle_endtag(self, tag: str) -> None:
        if tag in {"section", "article", "div"}:
            self._ids.pop()
        if tag in {"th", "td"}:
            self._rows[-1].append("".join(self._texts or []))
            self._texts = None
        if tag == "dt":
            self.facts.append(("".join(self._texts or []), ""))
        if tag == "dd":
            self.facts[-1] = (self.facts[-1][0], "".join(self._texts or []))

    def handle_data(self, data: str) -> None:
        if self._texts is not None:
            self._texts.append(data)

    def rows(self, place: str) -> list[dict[str, str]]:
        """The rows of the first table there, by heading."""
        headings, *rows = self.tables[place]
        return [dict(zip(headings, row, strict=True)) for row in rows if len(row) == len(headings)]


def read(site: Site) -> Reader:
    return Reader((site.root / "Overblik.html").read_text(encoding="utf-8"))


def as_shown(value: Any, heading: str) -> str:
    """A value of the workbook as the page writes it."""
    if value is None:
        return ""
    if isinstance(value, date):
        return f"{value:%d-%m-%Y}"
    if heading in SHARES and not isinstance(value, str):
        return f"{format_decimal(value * 100, '0.0', locale='da')}%"
    if isinstance(value, str):
        return value
    return str(format_decimal(value, "#,##0.##", locale="da"))


@pytest.fixture
def paged(site: Site) -> Site:
    site.configure(PAGE)
    site.put("a.xlsx", book(cells=WRONG))
    return site


@pytest.fixture(scope="module")
def told(tmp_path_factory: pytest.TempPathFactory, demo_workbooks: dict[str, bytes]) -> Site:
    """The demonstration's workbooks with a page of them."""
    site = Site(tmp_path_factory.mktemp("told"))
    site.configure(PAGE)
    for name, content in demo_workbooks.items():
        site.put(name, content)
    site.sync()
    return site


TABS = [
    ("Frister", "tab-Frister"),
    ("Erfaringer", "tab-Erfaringer"),
    ("Regneark", "tab-Regneark"),
    ("Overblik", "plans"),
]


@pytest.mark.parametrize(("tab", "place"), TABS)
def test_every_cell_is_the_workbooks(told: Site, tab: str, place: str) -> None:
    shown = read(told).rows(place)
    lines = table(told.overview.read_bytes(), tab)
    assert len(shown) == len(lines) > 0
    wanted = [
        {name: as_shown(line[name], name) for name in row}
        for row, line in zip(shown, lines, strict=True)
    ]
    if tab == "Erfaringer":  # there the rows of one effort area stand together
        shown, wanted = (sorted(rows, key=repr) for rows in (shown, wanted))
    assert shown == wanted


def test_every_large_figure_is_the_workbooks(told: Site) -> None:
    wanted = figures(told.overview.read_bytes(), "Overblik")
    shown = read(told).facts[: len(wanted)]
    assert shown == [(name, as_shown(value, name)) for name, value in wanted.items()]


def test_each_plan_has_a_card_with_its_findings_and_its_money(told: Site) -> None:
    page, data = read(told), told.overview.read_bytes()
    plans, findings = table(data, "Overblik"), table(data, "Advarsler")
    for number, plan in enumerate(plans):
        mine = [one["Besked"] for one in findings if one["Plan-id"] == plan["Plan-id"]]
        assert [one["Besked"] for one in page.rows(f"plan-{number}-2")] == mine
        money = {one["Type"]: one["I alt (kr.)"] for one in page.rows(f"plan-{number}-0")}
        assert money["I alt"] == as_shown(plan["I alt (kr.)"], "")


def test_of_many_plans_the_most_urgent_have_cards_and_all_are_listed(
    told: Site, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("sync.overview.page.MOST_CARDS", 1)
    monkeypatch.setattr("sync.overview.page._MOST_ROWS", 2)
    (told.root / "Overblik.html").unlink()
    told.sync()
    html = (told.root / "Overblik.html").read_text(encoding="utf-8")
    assert html.count("<article") == 1
    assert "De 1 planer, der haster mest" in html
    page = read(told)
    plans = table(told.overview.read_bytes(), "Overblik")
    assert [row["Plan-id"] for row in page.rows("plans")] == [row["Plan-id"] for row in plans]
    assert len(page.rows("tab-Erfaringer")) == 2
    assert "Her står de første 2 af" in html
    assert {"#plan-0", "sheets/Vapnagaard.xlsx"} <= {unquote(link) for link in page.links}
    monkeypatch.undo()
    (told.root / "Overblik.html").unlink()
    told.sync()


def test_links_lead_from_its_own_folder_to_what_is_there(told: Site) -> None:
    page = read(told)
    within = [link for link in page.links if link.startswith("#")]
    files = {unquote(link) for link in page.links} - set(within)
    assert {"sheets/Vapnagaard.xlsx", "sheets/Nøjsomhed.xlsx"} <= files
    assert all((told.root / file).is_file() for file in files)
    html = (told.root / "Overblik.html").read_text(encoding="utf-8")
    assert all(f'id="{link[1:]}"' in html for link in within)


def test_a_text_from_a_sheet_is_text_and_holds_no_number(site: Site) -> None:
    site.configure(PAGE)
    cells = WRONG | {"Indsatser!C2": HOSTILE, "Indsatser!J2": f"Se {CPR} {HOSTILE}"}
    site.put("a.xlsx", book(plan={"Plannavn": HOSTILE, "Kontaktperson": HOSTILE}, cells=cells))
    site.sync()
    page = read(site)
    html = (site.root / "Overblik.html").read_text(encoding="utf-8")
    assert "img" not in page.tags
    assert html.count("<script>") == 1
    assert HOSTILE in [row["Aktivitet"] for row in page.rows("tab-Erfaringer")]
    assert CPR not in html


def test_a_standstill_renews_its_time_and_judges_nothing(paged: Site) -> None:
    file = paged.root / "Overblik.html"
    for hour in (6, 7, 8):
        paged.sync(hour=hour)
        paged.age()
    before = file.read_text(encoding="utf-8")
    assert "kl. 8.00" in before
    paged.asked("DELETE FROM workbook")
    report = paged.sync(hour=9)
    assert (report.is_unchanged, report.read, report.problems) == (True, 0, [])
    assert file.read_text(encoding="utf-8") == before.replace("kl. 8.00", "kl. 9.00")
    mended(paged, "a.xlsx", "Indsatser", "I2", 5)
    paged.sync(hour=10)
    assert "ca. 5" not in file.read_text(encoding="utf-8")


@pytest.mark.parametrize("change", ["gone", "changed"])
def test_it_is_made_again(paged: Site, change: str) -> None:
    file = paged.root / "Overblik.html"
    for hour in (6, 7):
        paged.sync(hour=hour)
        paged.age()
    before = file.read_text(encoding="utf-8")
    if change == "gone":
        file.unlink()
    else:
        file.write_text(before.replace("Fejl", "Fjel"), encoding="utf-8")
    paged.sync(hour=7)
    assert file.read_text(encoding="utf-8") == before


def stranger(site: Site) -> None:
    (site.root / "Overblik.html").write_text("<p>Referat</p>", encoding="utf-8")


def folder(site: Site) -> None:
    (site.root / "Overblik.html").mkdir()


@pytest.mark.parametrize("obstacle", [stranger, folder])
def test_what_cannot_be_written_is_told_and_harms_nothing_else(paged: Site, obstacle: Any) -> None:
    obstacle(paged)
    answer = paged.command("sync", "--today", TODAY.isoformat(), "--remember")
    assert answer.code == 3
    assert "Overblik.html" in answer.out + answer.err
    assert table(paged.overview.read_bytes(), "Advarsler")
    assert (paged.root / "Frister.ics").exists()
    if obstacle is stranger:
        assert (paged.root / "Overblik.html").read_text(encoding="utf-8") == "<p>Referat</p>"


def test_without_the_key_there_is_none(site: Site) -> None:
    site.put("a.xlsx", book(cells=WRONG))
    site.sync()
    assert not list(site.root.glob("*.html"))
