"""What the history tells of the last run and of what is open."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

from rules import danish
from rules.danish import shown_name
from sync.history import History
from sync.kontrol import counted
from sync.schema import FILE_NAME
from sync.state import StateError

_OUTCOMES = {
    "done": "gennemført",
    "problems": "gennemført, men noget kunne ikke nås eller skrives",
    "stopped": "stoppet undervejs",
    None: "ikke afsluttet",
}


def status_lines(folder: Path) -> list[str]:
    """The last run, what is open per plan, what was skipped and why.

    Raises:
        StateError: the state folder cannot be used.
    """
    if not (folder / FILE_NAME).exists():
        return ["Kontrollen har ikke kørt endnu."]
    with History(folder, writes=False) as history:
        if history.was_lost:
            raise StateError(f"Filen {history.file} er beskadiget. Næste kontrol begynder en ny.")
        return list(_lines(history))


def _lines(history: History) -> Iterator[str]:
    run = history.last_run()
    if run is None:
        yield "Kontrollen har ikke kørt endnu."
        return
    yield f"Sidste kontrol: {danish.moment(run.started_at)}, {_OUTCOMES[run.outcome]}"
    yield f"{run.workbooks} regneark: {counted(run.counts)}"
    yield ""
    yield "Åbent pr. plan:"
    for plan_id, counts in history.open_by_plan().items():
        yield f"  {shown_name(plan_id)}: {counted(counts)}"
    missing = [one for one in history.sightings().values() if one.missing_since]
    if run.problems or missing:
        yield ""
        yield "Ikke nået:"
    for path, reason in run.problems:
        yield f"  {shown_name(path) or '-'}: {reason}"
    for sighting in missing:
        if sighting.missing_since:
            since = danish.day(sighting.missing_since)
            yield f"  {shown_name(sighting.path)}: filen har manglet siden {since}"
