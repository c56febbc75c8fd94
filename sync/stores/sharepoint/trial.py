"""`doctor --try`: each assumption about the service, tried on a scratch workbook of its own."""

from __future__ import annotations

import secrets
import time
from collections.abc import Callable, Iterator
from contextlib import suppress

from sheets_templates.report.description import Heading, ReportSheet
from sync.stores.base import HeldOpen, Line, StoreError
from sync.stores.sharepoint.graph import Changed, Gone
from sync.stores.sharepoint.items import Item, application, checksum
from sync.stores.sharepoint.library import Library

_MOST_BYTES = 10_000_000
_LAG_SECONDS, _STEP_SECONDS = 90, 5
_TELL = "Send the record to the maintainers."


def tried(library: Library, ask: Callable[[str], bool], wait: float = 1.0) -> Iterator[Line]:
    """A line for each assumption. `ask` tells a person what to do, False where nobody answers.

    The scratch workbook is gone afterwards. `wait` stretches the waiting for what comes later.
    """
    library.graph.record = []
    content = _workbook("1")
    item = library.make(f"helhedsplan-try-{secrets.token_hex(4)}.xlsx", content)
    try:
        for step in (_bytes, _tags, _guards, _commit, _live):
            try:
                yield from step(library, library.look(item), wait)
            except StoreError as error:
                yield Line(f"try {step.__name__[1:]}", str(error), f"It was not tried. {_TELL}")
        yield from _opened(library, item, ask)
    finally:
        with suppress(StoreError):
            library.remove(library.look(item))
    for one in library.graph.record or ():
        yield Line("exchange", ", ".join(f"{key} {value}" for key, value in one.items() if value))


def _workbook(text: str) -> bytes:
    from sheets_templates.report.excel import report_workbook  # noqa: PLC0415  openpyxl is slow

    return report_workbook([ReportSheet("Prøve", "Prøve", text, (Heading("Prøve"),), [[text]])])


def _bytes(library: Library, item: Item, _wait: float) -> Iterator[Line]:
    """What the service makes of a workbook that it is sent, and whether its checksum is right."""
    sent = _workbook("1")
    stands = library.graph.download(f"{library.at(item)}/content", _MOST_BYTES)
    is_kept = sent == stands
    kept = "as they were sent" if is_kept else f"other ones: {len(sent)} became {len(stands)}"
    yield Line("try bytes", f"the bytes of a workbook are {kept}")
    if item.checksum == checksum(stands):
        yield Line("try checksum", "the checksum is that of the content")
    else:
        told = "another's" if item.checksum else "not told"
        means = "Workbooks that are told of so are neither read nor written."
        yield Line("try checksum", f"the checksum is {told}", f"{means} {_TELL}")


def _tags(library: Library, item: Item, wait: float) -> Iterator[Line]:
    """After how long the new tag is told, and whether versions and applications are."""
    new, began = library.replace(item, _workbook("2")), time.monotonic()
    is_told = False
    for _step in range(_LAG_SECONDS // _STEP_SECONDS):
        if is_told := library.look(item).stamp != item.stamp:
            break
        time.sleep(_STEP_SECONDS * wait)
    seconds = time.monotonic() - began
    says = f"after {seconds:.0f} s" if is_told else "not told in time"
    means = "" if is_told else f"What changed is read so much later. {_TELL}"
    yield Line("try tag", f"the tag of a new content is told {says}", means)
    is_same = library.look(item).stamp == new.stamp
    yield Line("try tag", f"it is {'the' if is_same else 'not the'} one of the upload's answer")
    named = [application(one) for one in library.versions(item)]
    says, means = f"{len(named)} versions, {sum(map(bool, named))} with an application", ""
    if len(named) < 2:
        means = "What is replaced cannot be brought back: turn versions on in the library."
    elif not all(named):
        means = f"The newest version counts as the job's where somebody saved meanwhile. {_TELL}"
    yield Line("try versions", says, means)


def _guards(library: Library, item: Item, _wait: float) -> Iterator[Line]:
    """Whether an upload and a removal are refused once the file is another version."""
    library.replace(item, _workbook("3"))
    means = f"What somebody saves meanwhile is brought back from the versions at best. {_TELL}"
    for what, do in (("an upload", lambda: library.replace(item, b"")),
                     ("a removal", lambda: library.remove(item))):  # fmt: skip
        try:
            do()
        except Changed:
            yield Line("try if-match", f"{what} with an old tag is refused")
        else:
            yield Line("try if-match", f"{what} with an old tag is NOT refused", means)


def _commit(library: Library, item: Item, _wait: float) -> Iterator[Line]:
    """Whether the tag is looked at again when the last byte has come."""
    session = library.begin(item)
    library.replace(item, _workbook("4"))
    try:
        library.graph.send(session, _workbook("5"))
    except (Changed, Gone, HeldOpen):
        library.graph.cancel(session)
        yield Line("try commit", "what was saved during an upload is not replaced")
    else:
        count = len(library.versions(item))
        yield Line("try commit", f"it is replaced, and stands among {count} versions")


def _live(library: Library, item: Item, _wait: float) -> Iterator[Line]:
    """Whether an application may use the cells of a workbook: it is of no use to the job yet."""
    for what in ("createSession", "names"):
        try:
            path = f"{library.at(item)}/workbook/{what}"
            library.graph.post(path) if what == "createSession" else library.graph.get(path)
        except StoreError:
            yield Line(f"try workbook/{what}", "refused; the job does without it")
        else:
            yield Line(f"try workbook/{what}", "allowed")


def _opened(library: Library, item: Item, ask: Callable[[str], bool]) -> Iterator[Line]:
    """Whether an open workbook is refused, and the closed one taken."""
    wanted = {"Open": True, "Close": False}
    for word, is_held in wanted.items():
        if not ask(f"{word} {item.address} in a browser, wait a moment, and press Enter"):
            yield Line("try lock", "nobody answers", "Run it where somebody can open a workbook.")
            return
        says = "taken"
        try:
            library.replace(library.look(item), _workbook(word))
        except HeldOpen:
            says = "refused"
        except StoreError as error:
            says = f"answered: {error}"
        means = "It is written while somebody works in it" if is_held else "It is not written then"
        remedy = "" if (says == "refused") is is_held else f"{means}. {_TELL}"
        state = "open" if is_held else "closed again"
        yield Line("try lock", f"a workbook that is {state} is {says}", remedy)
