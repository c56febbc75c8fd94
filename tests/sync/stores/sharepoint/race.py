"""Runs of the job while staff save, open and close workbooks between any two of its requests."""

from __future__ import annotations

import io
import random
from collections.abc import Iterator, Mapping
from contextlib import closing
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path

import openpyxl

from sync.check.reading import list_workbooks
from sync.config.settings import Settings
from sync.config.sharepoint import SharePointSection, SharePointSource
from sync.config.state import StateSection
from sync.history.history import History
from sync.run.options import RunOptions
from sync.run.pipeline import check_and_write
from sync.run.report import RunReport
from sync.run.writing import ReadWaivers
from sync.stores.patience import Patience
from sync.stores.sharepoint.graph import Graph, Http
from sync.stores.sharepoint.library import Library
from sync.stores.sharepoint.sign_in import SignIn
from sync.stores.sharepoint.store import SharePointWorkbooks
from tests.graph_server import GraphServer
from tests.graph_server.model import Item
from tests.graph_server.tokens import CLIENT_ID, TENANT
from tests.loopback import Request
from tests.sync.helpers import COPENHAGEN, TODAY, book, control_of, saved

AREAS = ("Vapnagaard", "Nøjsomhed")
FOLDER = "Planer"


def quick(run: float = 30.0, answer: float = 2.0) -> Patience:
    """Waits so short that thousands of runs can be tried; seconds."""
    return Patience(run, answer, attempts=4, first_wait=0.001, longest_wait=0.002)


@dataclass
class Race:
    """A server with a few plans, and the job's state beside it."""

    server: GraphServer
    state: Path
    secret: str = "a secret"
    words: list[tuple[str, str]] = field(default_factory=list)
    """What staff typed and saved, by workbook."""

    def __post_init__(self) -> None:
        self.state.mkdir(parents=True, exist_ok=True)
        (self.state / "secret").write_text(self.secret, encoding="utf-8")
        self.server.tokens.secret = self.secret
        self.server.folder(FOLDER)

    def begin(self, slips: Mapping[str, object], areas: int = 1) -> None:
        """Lay the plans into the library, saved long ago."""
        for area in AREAS[:areas]:
            data = book(plan={"Boligområde": area, "Plan-id": f"{area[:3]}-2026"}, cells=slips)
            self.server.put(f"{FOLDER}/{area}.xlsx", data)
        self.server.tick(3600)

    def run(self, *, full: bool = False, patience: Patience | None = None) -> RunReport:
        """One run, as a new process would do it, without the overview."""
        section = SharePointSection(
            tenant=TENANT, client_id=CLIENT_ID, secret_file=self.state / "secret",
            address=self.server.url,
        )  # fmt: skip
        patience = patience or quick()
        source = SharePointSource(kind="sharepoint", site=self.server.site, folder=FOLDER)
        now = datetime(TODAY.year, TODAY.month, TODAY.day, 8, tzinfo=COPENHAGEN)
        with closing(Http(section.address, patience)) as http:
            graph = Graph(SignIn(section, http).token, http)
            store = SharePointWorkbooks(Library(graph, source, CLIENT_ID))
            with History(StateSection(folder=self.state)) as history:
                options = RunOptions(Settings(), now, full=full)
                return check_and_write(list_workbooks([store]), ReadWaivers(), history, options)

    def item(self, number: int = 0) -> Item:
        return self.server.item(f"{FOLDER}/{AREAS[number]}.xlsx")

    def save(self, number: int = 0) -> None:
        """Let somebody type a word where an amount belongs into what stands there, and save it."""
        item, word = self.item(number), f"ord-{len(self.words)}"
        workbook = openpyxl.load_workbook(io.BytesIO(item.content))
        row = 2 + len(self.words) % 3
        workbook["Indsatser"].cell(row, 9).value = word
        workbook["Indsatser"].cell(40 + len(self.words), 30).value = word
        self.words.append((item.name, word))
        self.server.put(f"{FOLDER}/{item.name}", saved(workbook))

    def lost(self) -> Iterator[str]:
        """The words that staff saved and that stand there no more."""
        for number in range(len(AREAS)):
            words = [word for name, word in self.words if name == f"{AREAS[number]}.xlsx"]
            there = set(_texts(self.item(number).content)) if words else set()
            yield from (f"{word} was lost" for word in words if word not in there)

    def settle(self) -> Iterator[str]:
        """What does not stand where it belongs, after a run that nobody disturbed."""
        self.server.staff = None
        for item in self.server.library.items.values():
            item.opened_by = ""
        self.server.tick(3600)
        self.run()
        self.server.tick(3600)
        last = self.run(full=True)
        yield from (f"{path} had to be written again" for path in last.written)
        yield from (f"{path}: {problem}" for path, problem in last.problems)
        for path in self.server.paths():
            if "advarsler" in path:
                yield f"{path} was left"
            elif not control_of(self.server.content(path), "Indsatser"):
                yield f"{path} has no Kontrol"
        yield from self.lost()


def _texts(content: bytes) -> Iterator[str]:
    workbook = openpyxl.load_workbook(io.BytesIO(content), read_only=True)
    for row in workbook["Indsatser"].iter_rows(values_only=True):
        yield from (value for value in row if isinstance(value, str))


@dataclass
class Staff:
    """People who save, open and close workbooks at random, right before a request is answered.

    A workbook is saved only by who has it open, or at once by who has not.
    """

    race: Race
    rng: random.Random
    chance: float
    acts: int = 0

    def __call__(self, _request: Request) -> None:
        if self.rng.random() > self.chance:
            return
        number = self.rng.randrange(len(AREAS))
        item = self.race.item(number)
        self.acts += 1
        match self.rng.randrange(4):
            case 0:
                item.opened_by = "Mette Holm"
                item.lock_says_session = self.rng.random() < 0.3
            case 1:
                item.opened_by = ""
            case _:
                self.race.save(number)


def race(server: GraphServer, state: Path, seed: int, runs: int) -> tuple[list[str], int]:
    """Some runs with people at work, and one without; what went wrong, and how often they acted."""
    rng = random.Random(seed)
    server.guards_commit = rng.random() < 0.5
    server.tells_applications = rng.random() < 0.7
    server.rewrites = rng.choice(("at once", "later", "never"))
    server.tells_checksums = rng.choice(("at once", "at once", "once downloaded", "never"))
    trial = Race(server, state)
    trial.begin({"Indsatser!I2": "'ca. 5"}, areas=len(AREAS))
    staff = server.staff = Staff(trial, rng, rng.choice((0.05, 0.2, 0.4)))
    told = []
    for _ in range(runs):
        told += [problem for _path, problem in trial.run().problems]
        server.tick(rng.choice((0, 600)))
    wrong = list(trial.settle())
    if any(problem.startswith("En kollegas ændring") for problem in told):
        wrong = [line for line in wrong if not line.endswith("was lost")]
    return wrong, staff.acts
