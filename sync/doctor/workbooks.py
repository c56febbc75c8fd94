"""The sources: reached, listed, read, and tried whether they can be written."""

from __future__ import annotations

import contextlib
import os
from collections import Counter
from collections.abc import Iterator, Sequence
from datetime import datetime
from pathlib import Path

from sheets_templates.template.version import VERSION, version_of
from sync.config import ConfigurationError, Settings
from sync.doctor.file_probe import written_at
from sync.stores.base import Contents, Store, StoreError, Unreadable
from sync.stores.configured import Configured
from sync.stores.diagnosis import Examinable, Line
from sync.stores.excel.folder import ExcelFolder


def source_lines(settings: Settings, now: datetime) -> Iterator[Line]:
    """A few lines for each source; workbooks are named where something is wrong with them."""
    with contextlib.closing(Configured(settings)) as places:
        try:
            stores = places.stores
        except ConfigurationError as error:
            yield Line("sources", str(error), "Mend it in the configuration.")
            return
        for number, store in enumerate(stores):
            yield from _source(f"source {store.name or number + 1}", store, now)


def _source(subject: str, store: Store, now: datetime) -> Iterator[Line]:
    try:
        contents = store.contents()
    except StoreError as error:
        remedy = "Do as it says; docs/google.md tells how."
        if isinstance(store, ExcelFolder):
            remedy = "Is the share mounted, and the path in sources right?"
        yield Line(subject, str(error), remedy)
        return
    yield from _listed(subject, contents)
    if isinstance(store, ExcelFolder):
        yield from _folders(subject, store, contents)
    yield from _read(subject, store, contents)
    if isinstance(store, Examinable):
        yield from store.examined(now)


def _listed(subject: str, contents: Contents) -> Iterator[Line]:
    if not contents.workbooks:
        yield Line(
            subject,
            "there is no workbook in it",
            "Is it the right folder, and do its patterns match? helhedsplan new makes a workbook.",
        )
    for skipped in contents.skipped:
        yield Line(f"{subject}, {skipped.path}", skipped.reason, "Until then it is left out.")


def _folders(subject: str, store: ExcelFolder, contents: Contents) -> Iterator[Line]:
    """Whether the job may write: in each folder that holds workbooks, and into each workbook."""
    files = [store.folder / _within(store, listed.path) for listed in contents.workbooks]
    wrong = False
    for folder in sorted({store.folder, *(file.parent for file in files)}):
        try:
            written_at(folder)
        except OSError as error:
            wrong = True
            yield Line(
                subject,
                f"no files can be made in {folder}: {error.strerror or error}",
                "Give the job's user the right to make and rename files there, or check with "
                "helhedsplan check alone, which writes nothing.",
            )
    for file in files:
        if not os.access(file, os.W_OK):
            wrong = True
            yield Line(
                subject,
                f"{file} is write-protected",
                "Take the protection away (Windows: Properties, Read-only; Linux: chmod u+w).",
            )
    if not wrong:
        yield Line(subject, f"{store.folder} and its {len(files)} workbooks may be written")


def _within(store: Store, path: str) -> Path:
    """A workbook's path within its store."""
    return Path(path.removeprefix(f"{store.name}/") if store.name else path)


def _read(subject: str, store: Store, contents: Contents) -> Iterator[Line]:
    wrong: list[str] = []
    versions: Counter[int] = Counter()
    for listed in contents.workbooks:
        try:
            versions[version_of(store.read(listed.path).raw) or 0] += 1
        except Unreadable as error:
            wrong.append(listed.path)
            yield _unreadable(subject, listed.path, error)
        except StoreError as error:
            wrong.append(listed.path)
            yield Line(f"{subject}, {listed.path}", str(error), "Until then it is left out.")
    yield from _all_read(subject, len(contents.workbooks), wrong)
    if versions:
        yield Line(subject, _templates(versions))


def _unreadable(subject: str, path: str, error: Unreadable) -> Line:
    return Line(
        f"{subject}, {path}",
        f"cannot be read as a workbook ({error.variant})",
        "The overview says why (helhedsplan rules STR-03): open it, and save it anew.",
    )


def _templates(versions: Counter[int]) -> str:
    """From which versions of the template the workbooks were made; all of them work."""
    parts = [
        f"{number} from version {version} of the template"
        if version
        else f"{number} from no template"
        for version, number in sorted(versions.items(), reverse=True)
    ]
    newest = f"; the newest is {VERSION}, and all of them work"
    return ", ".join(parts) + newest


def _all_read(subject: str, number: int, wrong: Sequence[str]) -> Iterator[Line]:
    if number > len(wrong):
        yield Line(subject, f"{number - len(wrong)} of {number} workbooks can be read")
