"""CPR numbers in some 60 places of a workbook, and every output searched for each of them."""

from __future__ import annotations

import io
import re
import zipfile
from collections.abc import Iterator
from itertools import count
from pathlib import Path
from typing import Any

import openpyxl
import pytest
from openpyxl.comments import Comment
from openpyxl.worksheet.datavalidation import DataValidation

from tests.sync.helpers import DAY, Site, example, helhedsplan, saved
from tests.sync.mail_server import PASSWORD, USER, mail_server

BIRTHDAY = "120365"
WRITTEN = (
    "120365-{}", "120365 {}", "12.03.65-{}", "12 03 65 {}", "12/03/65-{}", "12031965-{}",
    "120365\N{NON-BREAKING HYPHEN}{}", "120365{}",
)  # fmt: skip
CONFIG = """
[monitoring]
log_folder = "logs"
status_file = "st.json"
[mail]
server = "localhost"
port = {port}
certificate_file = "{certificate}"
user = "{user}"
sender = "job@helsingor.example"
contacts = "always"
domains = ["helsingor.example"]
secretariat = ["sek@helsingor.example"]
"""


class Numbers:
    """Made-up numbers: one birthday, and for every place other last digits."""

    def __init__(self) -> None:
        self.by_place: dict[str, str] = {}
        self._next = count(4007, 7)

    def at(self, place: str, written: str = WRITTEN[0]) -> str:
        self.by_place[place] = last = str(next(self._next))
        return written.format(last)

    def told_in(self, text: str) -> list[str]:
        """The places whose number a text repeats, in whatever form, as digits of an amount too."""
        return [
            place
            for place, last in self.by_place.items()
            if re.search(rf"12\D{{0,3}}03\D{{0,3}}(?:19)?65\D{{0,4}}{last}", text)
            or re.search(rf"1\D?203\D?654?\D?{last}", text)
            or f"1.203.65{last[0]}.{last[1:]}" in text
        ]


def _filled(numbers: Numbers) -> bytes:
    """The example plan with a number in cells of every tab, and beside them."""
    workbook: Any = example(
        {
            "Plannavn": f"Syd {numbers.at('Plannavn')}",
            "Kontaktperson": f"Eva {numbers.at('Kontaktperson')}",
            "E-mail": "eva@helsingor.example",
        }
    )
    forms = [form for form in WRITTEN for _ in range(2)]
    for name in ("Indsatser", "Finansiering", "Godkendelser", "Medarbejdere", "Milepæle"):
        sheet = workbook[name]
        width = sheet.max_column
        for column in range(1, width + 1):
            header = str(sheet.cell(1, column).value)
            if header in {"Kontrol", "Nr."}:
                continue
            form = forms[(column * 3) % len(forms)]
            sheet.cell(2, column).value = f"x {numbers.at(f'{name}!{header}', form)}"
        sheet.cell(1, width + 2).value = f"Barn {numbers.at(f'{name}, own header')}"
        sheet.cell(3, width + 2).value = numbers.at(f"{name}, own cell", WRITTEN[7])
        sheet.cell(5, 1).comment = Comment(numbers.at(f"{name}, comment"), "Eva")
        sheet.oddHeader.center.text = numbers.at(f"{name}, page header")
    indsatser = workbook["Indsatser"]
    indsatser["I3"] = numbers.at("amount as text", WRITTEN[7])
    indsatser["I4"] = f"{numbers.at('amount in words')} kr."
    indsatser["C3"] = int(numbers.at("number in a text column", WRITTEN[7]))
    indsatser["I5"] = int(numbers.at("number format", WRITTEN[7]))
    indsatser["I5"].number_format = "000000-0000"
    indsatser["J4"] = f"{numbers.at('digits of another script').translate(_FULL_WIDTH)}"
    workbook["Medarbejdere"]["C3"] = int(numbers.at("hours", WRITTEN[7]))
    workbook["Medarbejdere"]["C4"] = numbers.at("hours as text", WRITTEN[7])
    workbook["Medarbejdere"]["F3"] = f"{numbers.at('e-mail', WRITTEN[7])}(a)x.dk"
    rule = DataValidation(type="list", formula1=f'"{numbers.at("drop-down list")}"')
    rule.prompt = numbers.at("input message")
    rule.add("A9")
    indsatser.add_data_validation(rule)
    workbook.create_sheet(f"Ali {numbers.at('tab name')}")["A1"] = numbers.at("in that tab")
    workbook.properties.title = numbers.at("title")
    return saved(workbook)


_FULL_WIDTH = {ord(str(digit)): chr(0xFF10 + digit) for digit in range(10)}


def _outputs(site: Site, name: str) -> Iterator[tuple[str, str]]:
    """Everything that the job shows or keeps, after a sync."""
    commands: dict[str, tuple[object, ...]] = {
        "check": ("check", "--exit-zero"),
        "check as JSON": ("check", "--exit-zero", "--format", "json"),
        "sync --dry-run": ("sync", "--dry-run", "--full", "--today", DAY),
        "status": ("status",),
        "status as JSON": ("status", "--format", "json"),
        "doctor": ("doctor",),
        "doctor as JSON": ("doctor", "--format", "json"),
        "history export": ("history", "export"),
        "digest": ("digest", "--dry-run", "--today", DAY),
        "brief": ("brief", "VAP-2025", "--to", site.root / "brief.pdf"),
        "restore --list": ("restore", name, "--list"),
        "fix": ("fix", name),
    }
    for title, (command, *arguments) in commands.items():
        answer = helhedsplan(
            command, *arguments, "-c", site.config, env={"HELHEDSPLAN_MAIL_PASSWORD": PASSWORD}
        )
        yield title, answer.out + answer.err
    for path in sorted(site.root.rglob("*")):
        if path.suffix in {".ics", ".json", ".jsonl", ".log", ".sqlite3", ".txt"}:
            yield path.name, path.read_bytes().decode("utf-8", "replace").replace("\r\n ", "")
    for book in (site.overview, site.root / "Undtagelser.xlsx"):
        with zipfile.ZipFile(book) as package:
            for part in package.namelist():
                yield f"{book.name} {part}", package.read(part).decode("utf-8", "replace")
    workbook = openpyxl.load_workbook(io.BytesIO((site.sheets / name).read_bytes()))
    for sheet in workbook:
        for row in sheet.iter_rows(values_only=True):
            for text in row:
                if sheet.title == "Advarsler" or re.match("FEJL|ADVARSEL|INFO", str(text)):
                    yield f"{name}, what the job wrote", str(text)


@pytest.mark.slow
def test_no_output_repeats_a_number(tmp_path: Path) -> None:
    numbers = Numbers()
    site = Site(tmp_path / "site")
    name = f"Vapnagaard {numbers.at('file name')}.xlsx"
    with mail_server(tmp_path) as inbox:
        site.configure(CONFIG.format(port=inbox.port, certificate=inbox.certificate, user=USER))
        site.put(name, _filled(numbers))
        answer = helhedsplan(
            "sync", "--remember", "--today", DAY, "-c", site.config,
            env={"HELHEDSPLAN_MAIL_PASSWORD": PASSWORD},
        )  # fmt: skip
        mails = inbox.emptied()
    assert len(numbers.by_place) >= 60
    assert answer.code == 0
    assert {mail["To"] for mail in mails} >= {"eva@helsingor.example"}
    outputs = [("sync", answer.out + answer.err), *_outputs(site, name)]
    outputs += [
        (f"mail to {mail['To']}", str(mail.items()) + part.get_content())
        for mail in mails
        for part in mail.walk()
        if part.get_content_maintype() == "text"
    ]
    told = {(title, place) for title, text in outputs for place in numbers.told_in(text)}
    # The history knows a workbook by its path; it lies in a folder that only the job may open.
    kept = {(f"helhedsplan.{name}", "file name") for name in ("sqlite3", "spare.sqlite3")}
    assert told - kept == set()
    assert "[cpr-nummer skjult]" in dict(outputs)["check"]
