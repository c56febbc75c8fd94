"""The workbooks: the sources, the overview and the waivers, read and tried for writing."""

from __future__ import annotations

import contextlib
from collections import Counter
from collections.abc import Callable, Iterator
from datetime import datetime
from pathlib import Path

from rules.judging.rule import Context
from rules.model.parameters import Parameters
from rules.model.tables import PLAN
from rules.text.quoting import quoted
from sheets_templates.report.description import FIRST_TAB
from sheets_templates.template.lists import VERSION
from sync.check.reading import read_all
from sync.config.section import ConfigurationError
from sync.config.settings import Settings
from sync.doctor.file_probe import nearest_existing, unwritable, way_of_replacing
from sync.history.readings import Checked
from sync.stores.base import Contents, Examinable, Line, Store, StoreError
from sync.stores.configured import Configured
from sync.stores.excel.folder import ExcelFolder
from sync.stores.excel.overview import ExcelOverview
from sync.stores.files.local_file import LocalFile
from sync.stores.files.owner_files import opened_by
from sync.stores.files.replace import is_write_protected
from sync.stores.waiver_rows import comments_in, tabs_of, waivers_in

_PAGES = "docs/google.md and docs/sharepoint.md"
_AREA = PLAN.column("area").header


def tried_lines(settings: Settings, scratch: str, ask: Callable[[str], bool]) -> Iterator[Line]:
    """What a store rests on, tried on a scratch workbook that is named."""
    with contextlib.closing(Configured(settings)) as places:
        try:
            yield from places.tried(scratch, ask)
        except StoreError as error:
            yield Line("try", str(error), f"Do as it says; {_PAGES} tell how.")
        except ConfigurationError as error:
            yield Line(
                "try", str(error), "docs/google.md and docs/sharepoint.md tell how to rehearse."
            )


def source_lines(settings: Settings, now: datetime) -> Iterator[Line]:
    """A few lines for each source; workbooks are named where something is wrong with them."""
    with contextlib.closing(Configured(settings)) as places:
        context = Context(settings.parameters(), now.date())
        yield _areas(context.parameters)
        for number, store in enumerate(places.stores):
            yield from _source(f"source {store.name or number + 1}", store, now, context)


def _areas(parameters: Parameters) -> Line:
    areas = ", ".join(f"{area.name} ({area.organisation})" for area in parameters.areas)
    return Line("areas", f"{areas}")


def _source(subject: str, store: Store, now: datetime, context: Context) -> Iterator[Line]:
    try:
        contents = store.contents()
    except StoreError as error:
        remedy = f"Do as it says; {_PAGES} tell how."
        if isinstance(store, ExcelFolder):
            remedy = "Make the folder. Or: is the share mounted, and the path in sources right?"
        yield Line(subject, str(error), remedy)
        return
    if not contents.workbooks:
        yield Line(
            subject,
            "there is no workbook in it",
            "Is it the right folder, and do its patterns match? helhedsplan new makes a workbook.",
        )
    for skipped in contents.skipped:
        yield Line(f"{subject}, {skipped.path}", skipped.reason, "Until then it is left out.")
    if isinstance(store, ExcelFolder):
        yield from _folders(subject, store, contents)
    yield from _read(subject, store, contents, context)
    if isinstance(store, Examinable):
        yield from store.examined(now)


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
        if _is_write_protected(file)
    ]
    if wrong:
        yield from wrong
        return
    yield Line(subject, f"{store.folder} may be written, and the workbooks in it: {len(files)}")
    with contextlib.suppress(OSError):  # it could be done a moment ago
        yield Line(subject, way_of_replacing(store.folder))


def _is_write_protected(file: Path) -> bool:
    with contextlib.suppress(OSError):  # gone since it was listed
        return is_write_protected(file)
    return False


def _read(subject: str, store: Store, contents: Contents, context: Context) -> Iterator[Line]:
    versions: Counter[int] = Counter()
    jobs = [(store, listed.path) for listed in contents.workbooks]
    for outcome in read_all(jobs, context):
        of_workbook = f"{subject}, {outcome.path}"
        if outcome.unreadable:
            yield Line(
                of_workbook,
                f"cannot be read as a workbook ({outcome.unreadable.variant or 'damaged'})",
                "The overview says why (helhedsplan rules STR-03): open it, and save it anew.",
            )
        elif outcome.checked is None:
            yield Line(of_workbook, str(outcome.failure), "Until then it is left out.")
        else:
            versions[outcome.template or 0] += 1
            yield from _unknown_area(of_workbook, outcome.checked)
    if versions:
        readable, number = versions.total(), len(contents.workbooks)
        yield Line(subject, f"workbooks that can be read: {readable} of {number}")
        parts = [
            f"{count} from {f'version {version} of the' if version else 'no'} template"
            for version, count in sorted(versions.items(), reverse=True)
        ]
        made_from = f"{', '.join(parts)}; the newest is {VERSION}, and all of them work"
        yield Line(subject, made_from)


def _unknown_area(of_workbook: str, checked: Checked) -> Iterator[Line]:
    for finding in checked.findings:
        if finding.code == "CEL-04" and finding.place.header == _AREA:
            yield Line(
                of_workbook,
                f"its {_AREA} »{quoted(str(finding.facts['text']))}« is none of the areas",
                "Correct it there, or add [[areas]] with this name to the configuration.",
            )


def overview_lines(settings: Settings) -> Iterator[Line]:
    """Whether the overview can be written to its place."""
    if settings.overview.spreadsheet:
        address = Configured(settings).overview().address
        yield Line("overview", f"{address}; a run says whether it can be written")
        return
    if settings.overview.sharepoint:
        yield from _overview_in_library(settings)
        return
    file = settings.overview.file
    remedy = "Give the job's user the right to write there, or name another file in overview.file."
    try:
        is_foreign = not file.is_dir() and ExcelOverview(LocalFile(file)).is_foreign(FIRST_TAB)
    except StoreError as error:
        yield Line("overview", f"{file}: {error}", remedy)
        return
    if file.is_dir() or is_foreign:
        what = "is a folder" if file.is_dir() else "is a workbook that the job has not made"
        place = (file if file.is_dir() else file.parent) / "Overblik.xlsx"
        yield Line(
            "overview", f"{file} {what}", f"Write another name in overview.file, like '{place}'."
        )
        return
    if wrong := unwritable(nearest_existing(file.parent), "overview", remedy):
        yield wrong
    elif owner := opened_by(file):
        yield Line(
            "overview",
            f"{file} is open: {owner}",
            "Close it. Where nobody has it open, a crash left a lock file beside it: delete that.",
        )
    else:
        yield Line("overview", f"{file} can be written")


def _overview_in_library(settings: Settings) -> Iterator[Line]:
    with contextlib.closing(Configured(settings)) as places:
        try:
            place = places.overview()
            if isinstance(place, ExcelOverview) and place.is_foreign(FIRST_TAB):
                yield Line(
                    "overview",
                    f"{place.address} is a workbook that the job has not made",
                    "Write another name in overview.sharepoint.",
                )
                return
            yield Line("overview", f"{place.address} can be looked at")
        except (ConfigurationError, StoreError) as error:
            yield Line("overview", str(error), "Mend it; docs/sharepoint.md tells how.")


def waiver_lines(settings: Settings) -> Iterator[Line]:
    """Whether the secretariat's waivers can be read."""
    with contextlib.closing(Configured(settings)) as places:
        try:
            place = places.waivers()
            tabs = tabs_of(place)
            waivers, comments = len(waivers_in(tabs)), len(comments_in(tabs))
        except ConfigurationError as error:
            yield Line("waivers", str(error), "Mend it in the configuration.")
        except StoreError as error:
            yield Line("waivers", f"{place.name}: {error}", "Until then no finding is accepted.")
        else:
            yield Line("waivers", f"{place.name} can be read; waivers: {waivers}")
            yield Line("comments", f"{place.name} can be read; comments: {comments}")
