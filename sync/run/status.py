"""What the history says of the last run and of what is open, for people and for programs."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from rules.model.finding import Severity
from rules.text.marking import N_
from rules.text.personal_numbers import masked
from rules.text.quoting import shown_json, shown_name
from sync.config.settings import Settings
from sync.config.state import StateError, StateSection
from sync.findings.annotations import counted
from sync.history.history import History
from sync.history.runs import Run
from sync.history.workbooks import LastSeen
from sync.i18n.language import _, plural, spoken
from sync.locks.lease import Holder
from sync.locks.lock import SERVICE, holder_of
from sync.stores.base import NeedsPerson, StoreError, TryAgain
from sync.stores.files.replace import NOT_A_FILE, STATUS_MARK, write_new_file
from sync.stores.files.untrusted import NotRegularError, read

FORM = 1
"""Of the JSON; grows when a key is removed or changes its meaning."""
_OUTCOMES = {
    "done": N_("gennemført"),
    "problems": N_("gennemført, men noget kunne ikke nås eller skrives"),
    "stopped": N_("stoppet undervejs"),
    "late": N_("stoppet, fordi den tog for lang tid"),
    None: N_("ikke afsluttet"),
}


@dataclass(frozen=True, slots=True)
class Status:
    """How the job stands. `run` is the latest, None before the first."""

    run: Run | None = None
    last_success: datetime | None = None
    open_by_plan: Mapping[str, Counter[Severity]] | None = None
    missing: Sequence[LastSeen] = ()
    service: Holder | None = None


def status_in(state: StateSection) -> Status:
    """The status, from where the history is.

    Raises:
        StateError: the history cannot be used.
    """
    with History(state, writes=False) as history:
        if history.opening.was_lost and not history.opening.was_restored:
            if address := state.address:
                damaged = _("Tabellerne i {place} er ændret. Næste kontrol begynder med nye.")
                raise StateError(damaged.format(place=address.name))
            damaged = _("Filen {place} er beskadiget. Næste kontrol begynder en ny.")
            raise StateError(damaged.format(place=history.where))
        return _status_of(history, state)


def _status_of(history: History, state: StateSection) -> Status:
    complete = history.runs.last_complete()
    return Status(
        history.runs.last(),
        complete.started_at if complete else None,
        history.findings.open_by_plan(),
        [one for one in history.last_seen.by_path().values() if one.missing_since],
        holder_of(state, SERVICE),
    )


def status_lines(status: Status) -> Iterator[str]:
    """The last run, what is open per plan, what was skipped and why."""
    run = status.run
    if run is None:
        yield _("Kontrollen har ikke kørt endnu.")
        return
    yield _("Sidste kontrol: {moment}, {outcome}").format(
        moment=spoken().moment(run.started_at), outcome=_(_OUTCOMES[run.outcome])
    )
    books = plural("{count} regneark", "{count} regneark", run.workbooks)
    yield f"{books}: {counted(run.counts)}"
    if status.open_by_plan:
        yield ""
        yield _("Åbent pr. plan:")
        for plan_id, counts in status.open_by_plan.items():
            yield f"  {shown_name(plan_id)}: {counted(counts)}"
    if run.problems or status.missing:
        yield ""
        yield _("Ikke nået:")
    for path, reason in run.problems:
        yield f"  {shown_name(path)}: {reason}" if path else f"  {reason}"
    for one in status.missing:
        if one.missing_since:
            since = spoken().day(one.missing_since)
            missing = _("regnearket har manglet siden {day}").format(day=since)
            yield f"  {shown_name(one.path)}: {missing}"


def status_json(status: Status) -> str:
    """One object for programs."""
    data = {
        "version": FORM,
        "last_run": _run(status.run) if status.run else None,
        "last_success": status.last_success,
        "open": [
            {"plan_id": masked(plan_id), **_counts(counts)}
            for plan_id, counts in (status.open_by_plan or {}).items()
        ],
        "unreached": [
            {"path": masked(path), "reason": masked(reason)}
            for path, reason in (status.run.problems if status.run else ())
        ],
        "missing": [
            {"path": masked(one.path), "since": str(one.missing_since)} for one in status.missing
        ],
        "service": str(status.service) if status.service else None,
    }
    return shown_json(data, default=datetime.isoformat)


def write_status(history: History, settings: Settings) -> list[tuple[str, str]]:
    """Put the status where monitoring looks, wholly or not at all; what stood in the way."""
    file = settings.status_file
    try:
        _refuse_foreign(file)
        content = status_json(_status_of(history, settings.state)).encode()
        write_new_file(file, content, replaces=True)
    except StoreError as error:
        return [(file.name, str(error))]
    return []


def _refuse_foreign(file: Path) -> None:
    """Raise NeedsPerson where another file lies than one of these."""
    try:
        content, _stamp = read(file)
    except FileNotFoundError:
        return
    except NotRegularError as error:
        raise NeedsPerson(_(NOT_A_FILE)) from error
    except OSError as error:
        raise TryAgain(_("Filen {file} kan ikke læses lige nu.").format(file=file.name)) from error
    if content and STATUS_MARK not in content:
        raise NeedsPerson(_("Filen er ikke kontrollens tilstand. Giv tilstanden et andet navn."))


def _run(run: Run) -> dict[str, object]:
    finished = run.finished_at
    return {
        "started_at": run.started_at,
        "finished_at": finished,
        "seconds": round((finished - run.started_at).total_seconds(), 1) if finished else None,
        "outcome": run.outcome,
        "workbooks": run.workbooks,
        **_counts(run.counts),
        "problems": len(run.problems),
    }


def _counts(counts: Mapping[Severity, int]) -> dict[str, int]:
    return {severity.value: counts.get(severity, 0) for severity in Severity}
