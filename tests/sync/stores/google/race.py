"""Runs of the job while staff edit the same spreadsheets between any two of its requests."""

from __future__ import annotations

import random
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path

from sync.check.reading import list_workbooks
from sync.config.job import GoogleSection, GoogleSource
from sync.config.settings import Settings
from sync.config.state import StateSection
from sync.history.history import History
from sync.run.options import RunOptions
from sync.run.pipeline import check_and_write
from sync.run.report import RunReport
from sync.run.writing import ReadWaivers
from sync.stores.google.connection import Connection
from sync.stores.google.snapshot import MARK_KEY
from sync.stores.google.store import GoogleSheets
from sync.stores.patience import Patience
from tests.google_server import GoogleServer
from tests.google_server.model import entered
from tests.google_server.requests import applied
from tests.google_server.staff import WORD, Staff, words
from tests.sync.helpers import COPENHAGEN, TODAY, book

PLENTY = 100_000
AREAS = ("Vapnagaard", "Nøjsomhed")
WORDS = ("ca. 5", "31-06-2026", "", "OK", "250000", "x" * 40)


@dataclass
class Race:
    """A server with a few plans, and the job's state beside it."""

    server: GoogleServer
    key_file: Path
    state: Path
    ids: list[str] = field(default_factory=list)
    _typed: int = 0

    def begin(self, slips: Sequence[dict[str, str]]) -> None:
        """Put the plans into the server, each with its slips."""
        for area, cells in zip(AREAS, slips, strict=False):
            data = book(plan={"Boligområde": area, "Plan-id": f"{area[:3]}-2026"}, cells=cells)
            self.ids.append(self.server.load_workbook(area, data))

    def run(self, *, full: bool = False, patience: Patience | None = None) -> RunReport:
        """One run, as a new process would do it, without the overview."""
        connection = Connection(
            GoogleSection(
                credentials=self.key_file,
                reads_per_minute=PLENTY,
                writes_per_minute=PLENTY,
                address=self.server.url,
            ),
            self.state,
            writes=True,
            patience=patience or quick(),
        )
        store = GoogleSheets(connection, GoogleSource(kind="google", spreadsheets=tuple(self.ids)))
        now = datetime(TODAY.year, TODAY.month, TODAY.day, 8, tzinfo=COPENHAGEN)
        with History(StateSection(folder=self.state)) as history:
            options = RunOptions(Settings(), now, full=full)
            report = check_and_write(list_workbooks([store]), ReadWaivers(), history, options)
        connection.close()
        return report

    def type_something(self) -> str:
        """Let staff type a word where an amount belongs; the word."""
        book = self.server.book(self.ids[0])
        sheet = book.titled("Indsatser")
        assert sheet is not None
        word = f"ord-{len(self.server.asked)}"
        self._typed += 1
        start = {"sheetId": sheet.id, "rowIndex": self._typed, "columnIndex": 8}
        rows = [{"values": [{"userEnteredValue": {"stringValue": word}}]}]
        update = {"start": start, "rows": rows, "fields": "userEnteredValue"}
        changed, _ = applied(book, [{"updateCells": update}], book.owner)
        self.server.world.replace_book(changed, book.owner)
        return word

    def stands(self, word: str) -> bool:
        """Whether a word stands in the first spreadsheet."""
        return word in words(self.server.book(self.ids[0]))

    def is_taken(self, path: str) -> bool:
        """Whether staff typed into a column that has the header Kontrol."""
        files = self.server.world.files
        (spreadsheet_id,) = [one for one in self.ids if files[one].name == path]
        for sheet in self.server.book(spreadsheet_id).sheets:
            texts = {
                place: entered(cell).get("stringValue", "") for place, cell in sheet.cells.items()
            }
            headed = {
                column for (row, column), text in texts.items() if text == "Kontrol" and not row
            }
            if any(text.startswith(WORD) and place[1] in headed for place, text in texts.items()):
                return True
        return False

    def wrong(self) -> Iterator[str]:
        """What does not stand where it belongs, after a run that nobody disturbed."""
        last = self.run(full=True)
        yield from (f"{path} had to be written again" for path in last.written)
        for path, reason in last.problems:
            if "Kontrol" not in reason or not self.is_taken(path):
                yield f"{path}: {reason}"
        for spreadsheet_id in self.ids:
            for sheet in self.server.book(spreadsheet_id).sheets:
                marks = [one for one in sheet.metadata if one["metadataKey"] == MARK_KEY]
                protected = sheet.attached.get("protectedRanges", [])
                if len(marks) > 1 or len(protected) > 1:
                    yield f"{sheet.title}: {len(marks)} marks, {len(protected)} protections"
                for mark, one in zip(marks, protected, strict=False):
                    column = mark["location"]["dimensionRange"]["startIndex"]
                    if one["range"]["startColumnIndex"] != column:
                        yield f"{sheet.title}: another column is protected"


def quick(run: float = 30.0, answer: float = 1.0) -> Patience:
    """Waits so short that thousands of runs can be tried; seconds."""
    return Patience(run, answer, attempts=4, first_wait=0.001, longest_wait=0.002)


def race(
    server: GoogleServer, key_file: Path, state: Path, seed: int, runs: int
) -> tuple[list[str], int]:
    """Some runs with edits in between, and one without; what went wrong, and the edits' number.

    A word is lost where it neither stands nor was told as typed into Kontrol.
    """
    rng = random.Random(seed)
    trial = Race(server, key_file, state)
    trial.begin([{f"Indsatser!I{rng.randint(2, 4)}": f"'{rng.choice(WORDS)}"} for _ in AREAS])
    staff = Staff(
        server.world, trial.ids, seed=seed, chance=rng.choice((0.05, 0.2, 0.5)),
        spared=frozenset({"Advarsler"}), owned=MARK_KEY,
    )  # fmt: skip
    server.staff = staff
    reports = [trial.run() for _ in range(runs)]
    server.staff = None
    reports.append(trial.run())
    told = " ".join(note for report in reports for _, note in report.notes)
    lost = [f"{word} was overwritten" for word in sorted(staff.lost()) if f"»{word}«" not in told]
    return [*lost, *trial.wrong()], staff.edits
