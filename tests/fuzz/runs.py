"""Folders of workbooks with odd texts and odd parts, and whole runs over them."""

from __future__ import annotations

import io
import re
import tempfile
import zipfile
from collections.abc import Sequence
from datetime import datetime, time
from pathlib import Path
from random import Random
from xml.sax.saxutils import escape

import openpyxl

from sync.notifications.letter import as_mail
from sync.run.on_request import letters_due
from sync.run.options import RunOptions
from tests.fuzz.packages import changed
from tests.fuzz.typed import typed_amount, typed_date
from tests.sync.helpers import COPENHAGEN, CPR, TODAY, Site, book

BOOKS = 12
_FAULT = "Der er en fejl i kontrollen"
_TEXT = re.compile(rb"(<t[^<>]*>)([^<]*)(</t>)")
_TEXTS = (
    "=1+1", "@SUM(A1)", "<b>fed</b>", "&amp;", "\u202eomvendt", "\x85", "\ufffe", "a\nb",
    "x" * 32_000, "(a)" * 5_000, "\U0001f600" * 200, CPR, "%s {0} {x}", "../../x", "1e999",
    "\u00a0", "eva..@x.dk", "eva@example.dk", "Kontrol", "I alt", "0", "-", "å\u030a", "[[",
    "_x000D_", "31-06-2026",
)  # fmt: skip
CONFIG = """
[mail]
sender = "job@example.dk"
contacts = "always"
domains = ["example.dk"]
secretariat = ["sek@example.dk"]
operators = ["drift@example.dk"]
"""


def odd_folder(chance: Random) -> Sequence[bytes]:
    """Workbooks of plans, most with odd texts in their cells, some with odd parts."""
    return [_odd(chance, number) for number in range(BOOKS)]


def _odd(chance: Random, number: int) -> bytes:
    plan = {"Plan-id": f"P-{number % 9}", "E-mail": f"eva{number % 5}@example.dk"}
    data = book(plan=plan, cells={"Indsatser!I2": "'ca. 5"})
    if chance.random() < 0.3:
        return changed(chance, data)

    def other(text: re.Match[bytes]) -> bytes:
        if chance.random() > 0.08:
            return text[0]
        typed = chance.choice((*_TEXTS, typed_amount(chance), typed_date(chance)))
        return text[1] + escape(typed).encode("utf-8", "ignore") + text[3]

    out = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(data)) as old, zipfile.ZipFile(out, "w") as new:
        for name in old.namelist():
            content = old.read(name)
            is_text = name.startswith(("xl/worksheets/", "xl/sharedStrings"))
            new.writestr(name, _TEXT.sub(other, content) if is_text else content)
    return out.getvalue()


def run_claim(workbooks: Sequence[bytes]) -> str:
    """Two runs come to their end without a fault, with an overview and mails that can be sent."""
    with tempfile.TemporaryDirectory() as folder:
        site = Site(Path(folder))
        site.configure(CONFIG)
        for number, data in enumerate(workbooks):
            site.put(f"{number:02}.xlsx", data)
        told = [*site.sync().problems, *site.sync(hour=9).problems]
        openpyxl.load_workbook(site.overview, read_only=True).close()
        now = datetime.combine(TODAY, time(10), COPENHAGEN)
        letters = letters_due(RunOptions(site.settings(), now, writes=False))
        for letter in letters:
            mail = as_mail(letter, "job@example.dk", now).as_bytes()
            if CPR.encode() in mail:
                return "a mail holds a CPR number"
        faults = [f"{path}: {text}" for path, text in told if text.startswith(_FAULT)]
        return "; ".join(faults) or ("" if letters else "there are no mails")
