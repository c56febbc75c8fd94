"""Findings into workbooks: what each shall show, and writing it where it differs."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace

from rules.catalogue.catalogue import notice_of
from rules.model.finding import Finding
from rules.model.plan import Workbook
from sync.check.fault import Fault, guarded
from sync.check.inventory import Inventory
from sync.check.judging import JudgedPlan
from sync.findings.annotations import Shown, owned_by_job
from sync.findings.identity import identities_of
from sync.findings.owned import SideSheet
from sync.findings.side_sheets import unreadable, unwritable
from sync.findings.waivers import Waiver, Waivers
from sync.history.history import History
from sync.history.readings import Content, packed
from sync.run.options import RunOptions
from sync.run.recall import RunWorkbook
from sync.stores.base import NeedsPerson, SideWorkbookChanges, StoreError, Version
from sync.stores.secretariat import WaiverPlace
from sync.stores.waiver_rows import waivers_in


@dataclass(frozen=True, slots=True)
class ReadWaivers:
    """The secretariat's waivers, and where they are opened.

    While they cannot be read they are None, nothing is accepted, and the `problems` say why.
    """

    waivers: Sequence[Waiver] | None = None
    address: str = ""
    problems: Sequence[tuple[str, str]] = ()


def read_waivers(place: WaiverPlace, options: RunOptions) -> ReadWaivers:
    """Read the waivers. A place that is missing is made first, where the run may write."""
    try:
        if options.writes:
            place.make_if_missing(options.parameters)
        return ReadWaivers(waivers_in(place), place.address)
    except StoreError as error:
        return ReadWaivers(problems=[(place.name, str(error))])


@dataclass(frozen=True, slots=True)
class ShownWorkbook:
    """A workbook with its findings by identity in sheet order: as facts, and as they are shown.

    `rows` are its values, None where it cannot be read.
    """

    workbook: RunWorkbook
    findings: Mapping[str, Finding]
    shown: Mapping[str, Shown]
    rows: Workbook | None
    is_copy: bool = False

    @property
    def path(self) -> str:
        """The workbook's path."""
        return self.workbook.listed.path


@dataclass(frozen=True, slots=True)
class WriteOutcome:
    """What came of writing into one workbook: a `problem` in words, or nothing in the way.

    `version` and `content` are what stands there now, None in a dry run. What cannot be written
    stands in the `side_sheet`; where `is_undecided`, the next run will know whether it can.
    """

    problem: str = ""
    version: Version | None = None
    content: Content | None = None
    written_at: float = 0.0
    side_sheet: SideSheet | None = None
    is_undecided: bool = False


def shown_workbooks(
    workbooks: Mapping[str, RunWorkbook],
    plans: Iterable[JudgedPlan],
    waivers: Waivers,
    history: History,
    options: RunOptions,
) -> list[ShownWorkbook]:
    """What each workbook shows: plan by plan, and then those that cannot be read.

    A finding is shown with the day when it was seen first, and the waiver that accepts it.
    """
    first_seen = history.findings.first_seen()
    language = options.parameters.language

    def shown(
        one: RunWorkbook,
        findings: Mapping[str, Finding],
        accepted: Mapping[str, Waiver],
        rows: Workbook | None,
        *,
        is_copy: bool = False,
    ) -> ShownWorkbook:
        in_words = {
            identity: Shown(
                notice_of(finding, language),
                first_seen.get(identity, options.today),
                accepted.get(identity),
            )
            for identity, finding in findings.items()
        }
        return ShownWorkbook(one, findings, in_words, rows, is_copy)

    all_shown = []
    for plan in plans:
        by_book = [_by_identity(book.findings) for book in plan.books]
        of_plan = {identity: one for findings in by_book for identity, one in findings.items()}
        accepted = {} if plan.is_copy else waivers.accepted(plan.figures.plan_id, of_plan)
        all_shown += [
            shown(workbooks[book.path], findings, accepted, book.workbook(), is_copy=plan.is_copy)
            for book, findings in zip(plan.books, by_book, strict=True)
        ]
    all_shown += [
        shown(one, _by_identity([one.reading.unreadable]), {}, None)
        for one in workbooks.values()
        if one.reading.unreadable
    ]
    return all_shown


def _by_identity(findings: Sequence[Finding]) -> dict[str, Finding]:
    return dict(zip(identities_of(findings), findings, strict=True))


def write_back(
    shown: Iterable[ShownWorkbook], options: RunOptions, stop_if_asked: Callable[[], None]
) -> dict[str, WriteOutcome]:
    """Write into each workbook what it shall show, where it does not; by path, those only.

    Raises:
        Stopped: somebody asked for it.
    """
    outcomes = {}
    for one in shown:
        if one.rows is None:
            continue
        stop_if_asked()
        outcome = guarded("write", _written, one, one.rows, options)
        if isinstance(outcome, Fault):
            outcome.log(one.path)
            outcome = WriteOutcome(str(outcome), is_undecided=True)
        if outcome:
            outcomes[one.path] = outcome
    return outcomes


def _written(one: ShownWorkbook, rows: Workbook, options: RunOptions) -> WriteOutcome | None:
    owned = owned_by_job(rows, list(one.shown.values()), options.now)
    reading = one.workbook.reading
    if not one.workbook.is_current or reading.checked is None:
        return None
    if reading.checked.standing == owned.digest():
        return None
    if not options.writes:
        return WriteOutcome()
    if reading.version is None:
        raise RuntimeError(f"{one.path} was judged without having been read")
    try:
        written = one.workbook.store.write(one.path, reading.version, owned)
    except NeedsPerson as error:
        side_sheet = unwritable(one.path, str(error), owned) if owned.rows else None
        return WriteOutcome(str(error), side_sheet=side_sheet)
    except StoreError as error:
        return WriteOutcome(str(error), is_undecided=True)
    now_there = replace(
        reading.checked,
        rows=packed(_with_columns(rows, written.added)),
        standing=owned.digest(),
    )
    return WriteOutcome(
        version=written.version, content=Content(checked=now_there), written_at=time.time()
    )


def _with_columns(workbook: Workbook, added: Mapping[str, int]) -> Workbook:
    """The workbook as it is once the column Kontrol has been added where it was missing."""
    return replace(
        workbook,
        layouts={
            key: replace(layout, control_column=layout.control_column or added.get(layout.name))
            for key, layout in workbook.layouts.items()
        },
    )


def write_side_workbooks(
    inventory: Inventory,
    workbooks: Mapping[str, RunWorkbook],
    shown: Iterable[ShownWorkbook],
    outcomes: Mapping[str, WriteOutcome],
    options: RunOptions,
) -> list[SideWorkbookChanges]:
    """Write the findings of workbooks that cannot be written into beside them, in each store."""
    sheets = {path: one.side_sheet for path, one in outcomes.items() if one.side_sheet}
    for one in shown:
        if one.rows is None:
            (found,) = one.shown.values()
            sheets[one.path] = unreadable(one.path, found, options.now)
    undecided = {path for path, one in outcomes.items() if one.is_undecided}
    undecided |= {path for path, one in workbooks.items() if not one.is_current}
    all_changes = []
    for store, contents in inventory.contents:
        here = {one.path for one in contents.workbooks}
        own = {path: sheet for path, sheet in sheets.items() if path in here}
        write = store.write_side_workbooks
        changes = guarded("write", write, contents, own, here & undecided)
        if isinstance(changes, Fault):
            changes.log(store.name)
            changes = SideWorkbookChanges(problems=[(store.name, str(changes))])
        all_changes.append(changes)
    return all_changes
