"""How strangers write a plan down: headers, dates, amounts, rows and tabs of their own.

Each plan's number decides which of the habits it has, so that every run is the same.
"""

from __future__ import annotations

import io
import random
import re
import zipfile
from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import date
from functools import partial

from openpyxl import Workbook
from openpyxl.comments import Comment
from openpyxl.drawing.image import Image
from openpyxl.styles import Alignment, Font, PatternFill
from openpyxl.utils import get_column_letter
from openpyxl.worksheet.table import Table
from openpyxl.worksheet.worksheet import Worksheet
from PIL import Image as Picture

from tests.strangers.plans import YEARS, Plan, Row

COLUMNS: dict[str, tuple[str, ...]] = {
    "Forberedelse": ("Part", "Dato", "Form", "Deltagere", "Referat"),
    "Indsatser": ("Nr.", "Indsatsområde", "Aktivitet", "Målgruppe", "Ansvarlig", "Startdato",
                  "Slutdato", "Status", "Budget", "Erfaringer"),
    "Finansiering": ("Kilde", "Type", "Art", "Tilsagn", *map(str, YEARS), "I alt", "Bemærkning"),
    "Godkendelser": ("Trin", "Instans", "Sendt", "Afgørelse", "Afgørelsesdato", "Sagsnr.",
                     "Bemærkning"),
    "Medarbejdere": ("Navn", "Rolle", "Timer pr. uge", "Ansat fra", "Ansat til", "E-mail"),
    "Milepæle": ("Nr.", "Indsats nr.", "Milepæl", "Frist", "Status", "Resultat"),
}  # fmt: skip
DATES = {"Dato", "Startdato", "Slutdato", "Sendt", "Afgørelsesdato", "Ansat fra", "Ansat til",
         "Frist"}  # fmt: skip
YEAR_NAMES = tuple(map(str, YEARS))
TOTAL_NAMES = ("I alt", "Total", "I alt 2025-2028", "Sum", "Finansiering i alt",
               "Samlet finansiering")  # fmt: skip
Results = dict[tuple[str, str], float]
"""The results of formulas, by tab and cell."""
AMOUNTS = {"Budget", "I alt", *map(str, YEARS)}
MONTHS = ("januar", "februar", "marts", "april", "maj", "juni", "juli", "august", "september",
          "oktober", "november", "december")  # fmt: skip
WORDS = {
    "Landsbyggefonden": "LBF", "Kommune": "Helsingør Kommune", "Godkendt": "Vedtaget",
    "Beboerdemokrati": "Afdelingsmøde", "Boligorganisation": "Organisationsbestyrelse",
    "Politisk udvalg": "Fagudvalg", "I gang": "i gang ", "Planlagt": "PLANLAGT", "Ja": "ja",
}  # fmt: skip
SHORTER = {"Nr.": "Nr", "Budget": "Budget i kr.", "Indsats nr.": "Indsatsnr.", "Sagsnr.": "Sagsnr"}
NOTES = {"Forberedelse": "Form", "Indsatser": "Aktivitet", "Finansiering": "Kilde",
         "Godkendelser": "Instans", "Medarbejdere": "Navn", "Milepæle": "Milepæl"}  # fmt: skip
ENGLISH = ("Comments", "Owner's notes", "Next step", "Last edited by", "Risk")


@dataclass
class Written:
    """A workbook as written: its bytes, and the unit that the configuration must declare for it."""

    data: bytes
    units: tuple[tuple[str, str, int], ...] = ()


@dataclass
class Habits:
    """What a stranger does. All by the plan's number; `chance` for what differs row by row."""

    number: int
    chance: random.Random = field(init=False)

    def __post_init__(self) -> None:
        self.chance = random.Random(self.number * 7919)

    def has(self, habit: str, of: int = 3) -> bool:
        """Whether this stranger has the habit: each third or so has each, in all combinations."""
        return random.Random(f"{self.number} {habit}").randrange(of) == 0


def written(plan: Plan) -> Written:
    """The plan in its stranger's habits."""
    habits = Habits(plan.number)
    book = Workbook()
    book.remove(book.worksheets[0])
    results: Results = {}
    if habits.has("a tab of its own in front"):
        _own_tab(book, "Read me first", ("This folder is ours.", "Do not print.", "Budget 2026: 5"))
    _form(book, plan, habits)
    units: list[tuple[str, str, int]] = []
    tabs = [*COLUMNS]
    if habits.has("tabs in another order"):
        habits.chance.shuffle(tabs)
    for tab in tabs:
        one = _Tab(book.create_sheet(tab), plan.tabs[tab], habits, results)
        one.write()
        units += one.units()
    if habits.has("a tab of notes"):
        _own_tab(book, "Meeting notes", ("12/3: budget discussed", "Next: call the fund", "500"))
    if habits.has("a tab for meetings"):
        _own_tab(book, "Regneark til møder", ("Dagsorden", "1. Økonomi", "2. Eventuelt"))
    return Written(_with_results(book, results), tuple(units))


def _own_tab(book: Workbook, name: str, lines: Iterable[str]) -> None:
    sheet = book.create_sheet(name)
    for at, text in enumerate(lines, 2):
        sheet.cell(at, 2, text)


def _form(book: Workbook, plan: Plan, habits: Habits) -> None:
    sheet = book.create_sheet("Plan")
    first = _above(sheet, habits, "Helhedsplan – stamdata")
    sheet.cell(first, 1, "Felt")
    sheet.cell(first, 2, "Værdi")
    fields = list(plan.form.items())
    if habits.has("fields in another order"):
        habits.chance.shuffle(fields)
    for row, (name, value) in enumerate(fields, first + 1):
        sheet.cell(row, 1, f"{name}:" if habits.has("a colon behind fields") else name)
        _put(sheet, row, 2, _date(value, habits) if isinstance(value, date) else value)
    if habits.has("a note below the form"):
        sheet.cell(first + len(fields) + 2, 1, "Ring til Lone ved spørgsmål")


def _above(sheet: Worksheet, habits: Habits, title: str) -> int:
    """Title rows, perhaps with a logo; the row of the headers."""
    if not habits.has("title rows", 2):
        return 1
    sheet.cell(1, 1, title).font = Font(bold=True, size=16)
    if habits.has("a line in English"):
        sheet.cell(2, 1, "Updated weekly. Ask before you change anything.")
    if habits.has("a logo"):
        logo = io.BytesIO()
        Picture.new("RGB", (60, 30), (0, 90, 160)).save(logo, "PNG")
        sheet.add_image(Image(logo), "H1")
    return 4


@dataclass
class _Tab:
    """One tab on its way onto paper; `kroner` is what 1 means in its amounts."""

    sheet: Worksheet
    rows: list[Row]
    habits: Habits
    results: Results
    columns: list[str] = field(init=False)
    head: int = field(init=False)

    def __post_init__(self) -> None:
        has, chance = self.habits.has, self.habits.chance
        self.columns = list(COLUMNS[self.sheet.title])
        if has("columns in another order", 4) and not self.is_money:
            chance.shuffle(self.columns)
        if has("an English column"):
            at = chance.randrange(1, len(self.columns))
            self.columns.insert(at, f"={chance.choice(ENGLISH)}")
        if has("accounts beside budgets") and self.is_money:
            at = self.columns.index("2027")
            self.columns[at:at] = ["=2025 (regnskab)", "=Forbrug 2026"]
        self.head = _above(self.sheet, self.habits, f"{self.sheet.title} 2025-2028")

    @property
    def is_money(self) -> bool:
        return self.sheet.title == "Finansiering"

    @property
    def is_table(self) -> bool:
        return self.habits.has("tables", 4)

    @property
    def names_thousands(self) -> bool:
        return self.habits.has("t.kr. in headers", 5) and not self.is_table

    @property
    def declares_thousands(self) -> bool:
        return self.habits.has("a declared unit", 5) and not self.names_thousands

    @property
    def kroner(self) -> int:
        return 1_000 if self.names_thousands or self.declares_thousands else 1

    @property
    def has_two_headers(self) -> bool:
        return self.habits.has("two header rows") and self.is_money and not self.is_table

    @property
    def first(self) -> int:
        return self.head + 1 + self.has_two_headers

    def letter(self, column: str) -> str:
        return get_column_letter(self.columns.index(column) + 1)

    def write(self) -> None:
        """Headers, rows, sums, and what stands around them."""
        self.write_headers()
        row = self.write_rows()
        last = row - 1
        if self.is_table and last >= self.first:
            row = self.write_table(last)
        else:
            row = self.write_sums(row)
            if self.habits.has("filters") and not self.has_two_headers:
                width = get_column_letter(len(self.columns))
                self.sheet.auto_filter.ref = f"A{self.head}:{width}{max(last, self.first)}"
        if self.habits.has("a note below the table"):
            at = self.columns.index(NOTES[self.sheet.title]) + 1
            self.sheet.cell(row + 2, at, "Opdateret 12-11-2026 af Mette")
        if self.habits.has("frozen panes and comments"):
            self.sheet.freeze_panes = f"B{self.first}"
            self.sheet.column_dimensions["C"].width = 40
            self.sheet.cell(self.head, 1).comment = Comment("Please fill in every row", "Jo")

    def write_headers(self) -> None:
        years = [at for at, column in enumerate(self.columns, 1) if column in YEAR_NAMES]
        for at, column in enumerate(self.columns, 1):
            below = self.has_two_headers and years[0] <= at <= years[-1]
            cell = self.sheet.cell(self.head + below, at, self.header(column))
            cell.fill = PatternFill("solid", fgColor="DDDDDD")
            if self.has_two_headers and not below:
                letter = get_column_letter(at)
                self.sheet.merge_cells(f"{letter}{self.head}:{letter}{self.head + 1}")
        if self.has_two_headers:
            self.sheet.cell(self.head, years[0], "Beløb")
            first, last = get_column_letter(years[0]), get_column_letter(years[-1])
            self.sheet.merge_cells(f"{first}{self.head}:{last}{self.head}")

    def header(self, column: str) -> str | int | date:
        has = self.habits.has
        if column.startswith("="):
            return column[1:]
        if self.names_thousands and column in AMOUNTS:
            return f"{column} (t.kr.)"
        if column in YEAR_NAMES and not self.is_table:
            if has("years as dates", 6):
                return date(int(column), 1, 1)
            in_words = (f"År {column}", f"{column} kr.") if has("years in words", 2) else ()
            kinds: tuple[str | int, ...] = (int(column), column, *in_words)
            return kinds[self.habits.number % len(kinds)]
        if has("shorter headers") and column in SHORTER:
            return SHORTER[column]
        return column.upper() if has("capitals", 5) else column

    def write_rows(self) -> int:
        """The next free row."""
        row, has = self.first, self.habits.has
        is_loose = not self.is_table
        for number, content in enumerate(self.rows):
            if self.sheet.title == "Indsatser" and number in {0, 2} and is_loose:
                if has("group headings", 4):
                    heading = self.sheet[f"{self.letter('Aktivitet')}{row}"]
                    heading.value, heading.font = f"DEL {number + 1}: FÆLLES", Font(bold=True)
                    row += 1
            elif number == 1 and is_loose and has("a blank row", 4):
                row += 1
            for at, column in enumerate(self.columns, 1):
                _put(self.sheet, row, at, self.shown(column, content.get(column), row))
            row += 1
        if self.sheet.title == "Indsatser" and is_loose and has("merged cells", 4):
            self.merge_alike(row - 1)
        return row

    def shown(self, column: str, value: object, row: int) -> object:
        """A value as it is written."""
        if column.startswith("="):
            is_account = column[1].isdecimal() or "Forbrug" in column
            return 123_456 if is_account else ("see mail" if row % 3 == 0 else None)
        if column in AMOUNTS and isinstance(value, int):
            return value / self.kroner if value % self.kroner else value // self.kroner
        if isinstance(value, date):
            return _date(value, self.habits)
        is_word = column not in {"Kilde", "Instans"} and (
            value != "Boligorganisation" or column == "Trin"
        )
        if isinstance(value, str) and is_word and self.habits.has("other words"):
            return WORDS.get(value, value)
        return value

    def merge_alike(self, last: int) -> None:
        """Rows below each other with the same effort area have one cell for it."""
        letter, at = self.letter("Indsatsområde"), self.first
        while at <= last:
            end, text = at, self.sheet[f"{letter}{at}"].value
            while text and end < last and self.sheet[f"{letter}{end + 1}"].value == text:
                end += 1
            if end > at:
                self.sheet.merge_cells(f"{letter}{at}:{letter}{end}")
            at = end + 1

    def write_sums(self, row: int) -> int:
        """Subtotals and total rows, by formulas whose results are there; the next free row."""
        has, title = self.habits.has, self.sheet.title
        label = {"Finansiering": "Kilde", "Indsatser": "Aktivitet"}.get(title)
        summed = [column for column in self.columns if column in AMOUNTS]
        amounts = [one.get(column) for one in self.rows for column in summed]
        if label is None or not has("total rows", 2) or not amounts:
            return row
        if not all(isinstance(one, int) for one in amounts):
            return row  # a mistake in an amount: nobody's formula adds it up
        last = row - 1
        if self.is_money and has("subtotals") and last - self.first + 1 == len(self.rows):
            self.sheet[f"{self.letter(label)}{row}"] = "Lokal medfinansiering i alt"
            self.add_up(row, summed, self.rows[1:], (self.first + 1, last))
            row += 1
        if self.is_money and has("only I alt in the total row"):
            summed = ["I alt"]
        names = TOTAL_NAMES[: None if self.is_money else 4]
        self.sheet[f"{self.letter(label)}{row}"] = names[self.habits.number % len(names)]
        self.add_up(row, summed, self.rows, (self.first, last))
        return row + 1

    def add_up(self, row: int, summed: list[str], rows: list[Row], of: tuple[int, int]) -> None:
        for column in summed:
            letter = self.letter(column)
            self.sheet[f"{letter}{row}"] = f"=SUM({letter}{of[0]}:{letter}{of[1]})"
            total = sum(int(str(one[column])) for one in rows)
            self.results[self.sheet.title, f"{letter}{row}"] = total / self.kroner

    def write_table(self, last: int) -> int:
        """The rows as Excel's own table, perhaps with its totals row; the next free row."""
        row = self.write_sums(last + 1) if not self.habits.has("subtotals") else last + 1
        width = get_column_letter(len(self.columns))
        table = Table(displayName=f"Tabel{self.sheet.title.replace('æ', 'ae')}",
                      ref=f"A{self.head}:{width}{row - 1}")  # fmt: skip
        table.totalsRowCount = row - 1 - last or None
        self.sheet.add_table(table)
        return row

    def units(self) -> list[tuple[str, str, int]]:
        """What the configuration must say about this tab's amounts."""
        columns = {"Finansiering": ("År", "I alt"), "Indsatser": ("Budget",)}
        named = columns.get(self.sheet.title, ()) if self.declares_thousands else ()
        return [(self.sheet.title, column, 1_000) for column in named]


def _date(value: date, habits: Habits) -> str | date:
    day, month, year = value.day, value.month, value.year
    forms = (
        f"{day}/{month} {year}", f"{day:02}.{month:02}.{year}", f"{day}/{month}-{year % 100}",
        f"den {day}. {MONTHS[month - 1]} {year}", f"{day}. {MONTHS[month - 1][:3]}. {year}",
        value.isoformat(),
    )  # fmt: skip
    return habits.chance.choice(forms) if habits.has("dates as text") else value


def _put(sheet: Worksheet, row: int, column: int, value: object) -> None:
    if value in {None, ""}:
        return
    cell = sheet.cell(row, column)
    cell.value = value  # type: ignore[assignment]
    if isinstance(value, date):
        cell.number_format = "dd-mm-yyyy"
    elif isinstance(value, str):
        cell.alignment = Alignment(wrap_text=True)


def _with_results(book: Workbook, results: Results) -> bytes:
    """The file, with the results of its formulas in it, as a spreadsheet program leaves them."""
    plain, full = io.BytesIO(), io.BytesIO()
    book.save(plain)
    with zipfile.ZipFile(plain) as source, zipfile.ZipFile(full, "w", zipfile.ZIP_DEFLATED) as to:
        for name in source.namelist():
            text = source.read(name)
            if found := re.fullmatch(r"xl/worksheets/sheet(\d+)\.xml", name):
                title = book.worksheets[int(found[1]) - 1].title
                known = {cell: result for (tab, cell), result in results.items() if tab == title}
                text = _FORMULA.sub(partial(_solved, known), text.decode()).encode()
            to.writestr(name, text)
    return full.getvalue()


_FORMULA = re.compile(r'(<c r="([A-Z]+\d+)"[^>]*><f>[^<]*</f>)<v ?/?>(?:</v>)?')


def _solved(results: dict[str, float], formula: re.Match[str]) -> str:
    return f"{formula[1]}<v>{results[formula[2]]!r}</v>"
