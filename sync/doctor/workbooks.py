"""The sources: reached, listed, read, and tried whether they can be written."""

from __future__ import annotations

import contextlib
import os
from collections import Counter
from collections.abc import Iterator
from datetime import datetime

from sheets_templates.template.version import VERSION, version_of
from sync.config import ConfigurationError, Settings
from sync.doctor.file_probe import unwritable
from sync.stores.base import Contents, Examinable, Line, Store, StoreError, Unreadable
from sync.stores.configured import Configured
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
    files = [store.file_of(listed.path) for listed in contents.workbooks]
    remedy = (
        "Give the job's user the right to make and rename files there, or check with "
        "helhedsplan check alone, which writes nothing."
    )
    folders = sorted({store.folder, *(file.parent for file in files)})
    wrong = [line for folder in folders if (line := unwritable(folder, subject, remedy))]
    wrong += [
        Line(
            subject,
            f"{file} is write-protected",
            "Take the protection away (Windows: Properties, Read-only; Linux: chmod u+w).",
        )
        for file in files
        if not os.access(file, os.W_OK)
    ]
    right = Line(subject, f"{store.folder} and its {len(files)} workbooks may be written")
    yield from wrong or [right]


def _read(subject: str, store: Store, contents: Contents) -> Iterator[Line]:
    versions: Counter[int] = Counter()
    for listed in contents.workbooks:
        of_workbook = f"{subject}, {listed.path}"
        try:
            versions[version_of(store.read(listed.path).raw) or 0] += 1
        except Unreadable as error:
            yield Line(
                of_workbook,
                f"cannot be read as a workbook ({error.variant})",
                "The overview says why (helhedsplan rules STR-03): open it, and save it anew.",
            )
        except StoreError as error:
            yield Line(of_workbook, str(error), "Until then it is left out.")
    if versions:
        readable, number = versions.total(), len(contents.workbooks)
        yield Line(subject, f"{readable} of {number} workbooks can be read")
        yield Line(subject, _templates(versions))


def _templates(versions: Counter[int]) -> str:
    """From which versions of the template the workbooks were made; all of them work."""
    parts = [
        f"{number} from {f'version {version} of the' if version else 'no'} template"
        for version, number in sorted(versions.items(), reverse=True)
    ]
    return f"{', '.join(parts)}; the newest is {VERSION}, and all of them work"
