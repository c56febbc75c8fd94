"""What the doctor says of SharePoint, and what `doctor --try` tries with the service itself."""

from __future__ import annotations

import secrets
from collections.abc import Callable, Iterable, Iterator
from contextlib import suppress
from datetime import UTC, datetime, timedelta
from pathlib import Path

from sheets_templates.report.description import Heading, ReportSheet
from sync.config.section import is_open_to_others
from sync.stores.base import HeldOpen, Line, NeedsPerson, StoreError
from sync.stores.sharepoint.graph import Changed, Gone
from sync.stores.sharepoint.items import Item, application, checksum
from sync.stores.sharepoint.library import Library
from sync.stores.sharepoint.sign_in import roles_in
from sync.stores.trials import Trial, seconds_until

LEAST = {"Sites.Selected", "Files.SelectedOperations.Selected", "Lists.SelectedOperations.Selected"}
LARGEST_DIFFERENCE = timedelta(minutes=5)
_SEE = "docs/sharepoint.md tells how."


def library_lines(
    subject: str, library: Library, secret_files: Iterable[Path], now: datetime
) -> Iterator[Line]:
    """A line for each thing that a run needs, tried for real."""
    for file in filter(is_open_to_others, secret_files):
        yield Line(subject, f"{file} can be read by others", f"Protect it: chmod 600 {file}")
    yield _permission(subject, library)
    try:
        yield Line(subject, f"the library is {library.drive['webUrl']}")
        yield from _scratch(subject, library)
    except StoreError as error:
        yield Line(subject, str(error), f"Do as it says; {_SEE}")
    there = library.graph.http.now
    if abs(there - datetime.now(UTC)) > LARGEST_DIFFERENCE:
        yield Line(
            subject,
            f"this machine says {now:%Y-%m-%d %H:%M}, Microsoft {there:%Y-%m-%d %H:%M}",
            "Set this machine's clock, and let it be kept right by a time server.",
        )
    else:
        yield Line(subject, "the clock agrees with Microsoft's")


def _permission(subject: str, library: Library) -> Line:
    roles = roles_in(library.graph.token(""))
    says = f"application {library.client_id} is signed in, with {', '.join(roles) or 'no roles'}"
    if not roles:
        return Line(subject, says, f"Give it Sites.Selected, with consent; {_SEE}")
    if set(roles) <= LEAST:
        return Line(subject, f"{says}: the least that is needed")
    remedy = f"Sites.Selected, granted for this one site, is enough; {_SEE}"
    return Line(subject, f"{says}: more than is needed", remedy)


def _scratch(subject: str, library: Library) -> Iterator[Line]:
    """A file is made, replaced, looked at and removed; its name is nobody else's."""
    item = library.make(f"helhedsplan-doctor-{secrets.token_hex(4)}.txt", b"helhedsplan")
    try:
        item = library.replace(item, b"helhedsplan doctor")
        count = len(library.versions(item))
    finally:
        with suppress(StoreError):
            item = library.look(item)
        library.remove(item)
    yield Line(subject, "a file was made, replaced and removed")
    if count > 1:
        yield Line(subject, "the library keeps earlier versions")
    else:
        yield Line(
            subject,
            "the library keeps no earlier versions",
            "Turn them on (library settings, Versioning settings): what the job replaces, and what "
            "somebody saves in that very second, can be brought back only from there.",
        )


class _Bench:
    """A scratch workbook, and what is tried with it. `ask` tells a person what to do."""

    def __init__(self, library: Library, ask: Callable[[str], bool]) -> None:
        self.library, self.graph, self.ask = library, library.graph, ask
        self.measured = ""
        self.item = library.make(f"helhedsplan-try-{secrets.token_hex(4)}.xlsx", _workbook())

    def look(self) -> Item:
        return self.library.look(self.item)

    def change(self) -> None:
        self.library.replace(self.look(), _workbook())

    def stands(self) -> bytes:
        return self.graph.download(f"{self.library.at(self.item)}/content", 10_000_000)

    def is_refused(self, do: Callable[[], object]) -> bool:
        with suppress(Changed, Gone, HeldOpen):
            do()
            return False
        return True

    def person(self, does: str) -> None:
        """Let somebody open or close the workbook."""
        if not self.ask(f"{does} {self.item.address} in a browser, wait a moment, and press Enter"):
            raise NeedsPerson("nobody answers")

    def bytes_stay(self) -> bool:
        sent = _workbook()
        self.library.replace(self.look(), sent)
        stands = self.stands()
        self.measured = f"{len(sent)} became {len(stands)}"
        return stands == sent

    def checksum_is_right(self) -> bool:
        stands, told = self.stands(), self.look().checksum
        self.measured = "" if told else "none is told"
        return told == checksum(stands)

    def tag_is_told(self) -> bool:
        before = self.look().stamp
        self.change()
        patience = self.graph.http.patience
        lag = seconds_until(lambda: self.look().stamp != before, 90.0, patience)
        self.measured = "" if lag is None else f"after {lag:.0f} s"
        return lag is not None

    def versions_tell_who(self) -> bool:
        named = [application(one) for one in self.library.versions(self.item)]
        self.measured = f"{sum(map(bool, named))} of {len(named)}"
        return all(named)

    def old_upload_is_refused(self) -> bool:
        item = self.look()
        self.change()
        return self.is_refused(lambda: self.library.replace(item, _workbook()))

    def last_byte_is_guarded(self) -> bool:
        session = self.library.begin(self.look())
        self.change()
        is_refused = self.is_refused(lambda: self.graph.send(session, _workbook()))
        self.graph.cancel(session)
        return is_refused

    def cells_may_be_used(self) -> bool:
        self.graph.post(f"{self.library.at(self.item)}/workbook/createSession")
        self.graph.get(f"{self.library.at(self.item)}/workbook/names")
        return True

    def open_is_refused(self) -> bool:
        self.person("Open")
        return self.is_refused(self.change)

    def closed_is_taken(self) -> bool:
        self.person("Close")
        return not self.is_refused(self.change)

    def old_removal_is_refused(self) -> bool:
        item = self.look()
        self.change()
        return self.is_refused(lambda: self.library.remove(item))


def _workbook() -> bytes:
    from sheets_templates.report.excel import report_workbook  # noqa: PLC0415  openpyxl is slow

    text = secrets.token_hex(4)
    return report_workbook([ReportSheet("Prøve", "Prøve", text, (Heading("Prøve"),), [[text]])])


_TRIALS = (
    Trial("the bytes of a workbook stay as they were sent", "", _Bench.bytes_stay),
    Trial("a checksum is told, and is that of the content",
          "Where none is told, what was just saved is read some minutes later; tell us.",
          _Bench.checksum_is_right),
    Trial("the tag of a new content is told within 90 s",
          "What changed is read so much later; tell us.", _Bench.tag_is_told),
    Trial("versions tell which application made them",
          "The newest version counts as the job's where somebody saved meanwhile; tell us.",
          _Bench.versions_tell_who),
    Trial("an upload with an old tag is refused",
          "What somebody saves meanwhile is brought back from the versions at best; tell us.",
          _Bench.old_upload_is_refused),
    Trial("what is saved during an upload is not replaced", "", _Bench.last_byte_is_guarded),
    Trial("an application may use the cells of a workbook", "", _Bench.cells_may_be_used),
    Trial("a workbook that is open is refused",
          "It is written while somebody works in it; tell us.", _Bench.open_is_refused),
    Trial("a workbook that is closed again is taken",
          "It is written so much later; tell us.", _Bench.closed_is_taken),
    Trial("a removal with an old tag is refused",
          "A side workbook that somebody just wrote in may go to the recycle bin; tell us.",
          _Bench.old_removal_is_refused),
)  # fmt: skip
"""What means nothing to the job where it does not hold is only told."""


def tried(library: Library, ask: Callable[[str], bool]) -> Iterator[Line]:
    """A line for each assumption, then the record. The scratch workbook is gone afterwards.

    `ask` tells a person what to do, False where nobody answers.
    """
    record = library.graph.http.record = []
    bench = _Bench(library, ask)
    try:
        for trial in _TRIALS:
            yield trial.line(bench)
    finally:
        with suppress(StoreError):
            library.remove(bench.look())
    for one in record:
        yield Line("exchange", ", ".join(f"{key} {value}" for key, value in one.items() if value))
