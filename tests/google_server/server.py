"""The server, to be started inside a test."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import replace
from datetime import datetime
from pathlib import Path
from typing import Any

from tests.google_server import discovery
from tests.google_server.entering import value_of
from tests.google_server.faults import AFTERWARDS, SILENT, Fault, Faults, refusal
from tests.google_server.http import answered
from tests.google_server.model import Spreadsheet, new_sheet, put
from tests.google_server.oauth import Tokens, account_of
from tests.google_server.quota import Quota
from tests.google_server.requests import applied
from tests.google_server.routes import Route
from tests.google_server.workbooks import load
from tests.google_server.world import FOLDER, World, permission, root_of, utc_now
from tests.loopback import Answer, LoopbackServer, Request

Json = dict[str, Any]
PERSON = "mette.holm@boliggaarden.example"


class GoogleServer(LoopbackServer):
    """Google, as far as the job needs it, on 127.0.0.1.

    with GoogleServer(service_account=key_file) as server:
        spreadsheet_id = server.make_spreadsheet("Vapnagaard", {"Plan": [["Plan-id", "VAP-2024"]]})
        … requests to server.url …

    `clock` is what the server takes for the time; `problems` lists answers that are not as
    published, and leaving the `with` raises when there are any.
    """

    def __init__(
        self,
        service_account: Path | Sequence[Path] = (),
        *,
        port: int = 0,
        clock: Callable[[], datetime] = utc_now,
        accounts_own_files: bool = False,
        forbidden: Sequence[str] = (),
        check_answers: bool = True,
    ) -> None:
        super().__init__(port)
        self.world = World(clock, accounts_own_files, forbidden=set(forbidden))
        self.tokens = Tokens(clock)
        self.quota = Quota(clock)
        self.problems: list[str] = []
        self.faults = Faults()
        self.staff: Callable[[], None] | None = None
        self._check_answers = check_answers
        key_files = [service_account] if isinstance(service_account, Path) else service_account
        for account in map(account_of, key_files):
            self.tokens.accounts[account.email] = account

    def __exit__(self, kind: type[BaseException] | None, *_: object) -> None:
        self.close()
        if kind is None and self.problems:
            raise AssertionError("answers not as published:\n" + "\n".join(self.problems))

    def answer(self, request: Request) -> Answer | None:
        """Answer one request; None closes the connection without a word."""
        with self._lock:
            self.asked.append(request)
            if self.staff is not None:
                self.staff()
            fault = self.faults.take(request.path)
            answer = self._answer_with(request, fault)
        if fault is Fault.SLOW:
            self._stopping.wait(self.faults.delay_seconds)
        if fault in SILENT:
            self._stopping.wait(self.faults.silence_seconds)
        return answer

    def _answer_with(self, request: Request, fault: Fault | None) -> Answer | None:
        """The answer that comes through, after what was asked was done or not."""
        if fault is None:
            return answered(self, request)
        instead = refusal(fault, request.path)
        answer = None
        if fault in AFTERWARDS:
            answer = answered(self, request, stale=fault is Fault.STALE)
        if instead is not None:
            return Answer(instead.code, instead.body.encode(), instead.content_type)
        if fault is Fault.CUT_SHORT and answer is not None:
            return replace(answer, is_cut_short=True)
        return answer if fault in (Fault.SLOW, Fault.STALE) else None

    def check_answer(self, route: Route, answer: Json) -> None:
        published = (discovery.method(route.name) or {}).get("response")
        if not self._check_answers or published is None:
            return
        for wrong in discovery.misfits(route.service, published["$ref"], answer):
            self.problems.append(f"{route.name}: {wrong.path}: {wrong.text}")

    # What tests put into the world

    @property
    def account(self) -> str:
        """The address of the (first) service account."""
        return next(iter(self.tokens.accounts))

    def make_spreadsheet(
        self,
        title: str,
        tabs: dict[str, list[list[object]]] | None = None,
        *,
        owner: str = PERSON,
        role: str | None = "writer",
        locale: str = "da_DK",
        time_zone: str = "Europe/Copenhagen",
        parent: str | None = None,
    ) -> str:
        """A person's spreadsheet, shared with the service accounts (`role` None: not shared).

        `tabs` are values by row, put in as typed (USER_ENTERED); its id.
        """
        with self._lock:
            file = self.world.new_file(title, owner, parent=parent)
            book = self.world.new_book(file, locale, time_zone)
            if tabs:
                book.sheets = [
                    new_sheet(0 if index == 0 else book.new_number(), name, index)
                    for index, name in enumerate(tabs)
                ]
                for name, rows in tabs.items():
                    fill(book, name, rows)
            if role is not None:
                for email in self.tokens.accounts:
                    file.permissions.append(permission("user", role, email))
            self.world.touched(file, owner)
            return file.id

    def load_workbook(self, title: str, content: bytes, **options: Any) -> str:
        """A spreadsheet with what an Excel workbook holds, as Drive converts it; its id.

        `options` are those of `make_spreadsheet`.
        """
        with self._lock:
            spreadsheet_id = self.make_spreadsheet(title, **options)
            load(self.book(spreadsheet_id), content)
            return spreadsheet_id

    def make_folder(self, name: str) -> str:
        """A person's folder, shared with the service accounts; its id."""
        with self._lock:
            folder = self.world.new_file(name, PERSON, FOLDER)
            for email in self.tokens.accounts:
                folder.permissions.append(permission("user", "writer", email))
            return folder.id

    def unshare(self, file_id: str) -> None:
        """Take a file away from the service accounts."""
        with self._lock:
            file = self.world.files[file_id]
            before = frozenset(self.world.audience(file))
            file.permissions = [
                one
                for one in file.permissions
                if one.get("emailAddress") not in self.tokens.accounts
            ]
            self.world.touched(file, None, before)

    def delete(self, file_id: str) -> None:
        """Let the owner delete a file for good."""
        with self._lock:
            self.world.delete(self.world.files[file_id])

    def make_shared_drive(self, name: str, role: str = "fileOrganizer") -> str:
        """A shared drive in which the service accounts may work; its id."""
        with self._lock:
            drive = self.world.new_file(name, PERSON, FOLDER)
            del self.world.files[drive.id]
            self.world.changes.pop()
            drive.permissions = [
                permission("user", "organizer", PERSON),
                *(permission("user", role, email) for email in self.tokens.accounts),
            ]
            drive.owner, drive.parents = None, [root_of(PERSON)]
            self.world.drives[drive.id] = drive
            return drive.id

    def protect(self, spreadsheet_id: str, range_: Json, editors: Sequence[str] = ()) -> None:
        """Let the owner protect a range, so that only they and the editors may change it."""
        with self._lock:
            protected = {"range": range_, "editors": {"users": list(editors)}}
            self.edit(spreadsheet_id, {"addProtectedRange": {"protectedRange": protected}})

    def edit(self, spreadsheet_id: str, *requests: Json, who: str | None = None) -> None:
        """Let somebody (the owner) change a spreadsheet by requests of a batch update."""
        with self._lock:
            book = self.book(spreadsheet_id)
            changed, _ = applied(book, list(requests), who or book.owner)
            self.world.replace_book(changed, who or book.owner)

    def book(self, spreadsheet_id: str) -> Spreadsheet:
        """What the server keeps of a spreadsheet at this moment."""
        return self.world.books[spreadsheet_id]


def fill(book: Spreadsheet, title: str, rows: list[list[object]]) -> None:
    """Type values into a tab from A1 on."""
    sheet = book.titled(title)
    assert sheet is not None
    for row, line in enumerate(rows):
        for column, typed in enumerate(line):
            if typed in (None, ""):
                continue
            value, number_format = value_of(typed, "USER_ENTERED", book.locale, "")
            cell: Json = {"userEnteredValue": value}
            if number_format is not None:
                cell["userEnteredFormat"] = {"numberFormat": number_format}
            put(sheet.cells, (row, column), cell)
