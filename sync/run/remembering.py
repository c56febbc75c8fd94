"""What a run knows of plans and workbooks from the runs before it, and what it remembers."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from rules.catalogue.catalogue import RULES
from rules.judging.approval_log import LoggedApproval
from rules.judging.rule import Context
from rules.text.danish import id_key
from sync.check.check import JudgedPlan
from sync.findings.comments import Comments
from sync.findings.owned import own_places
from sync.findings.waivers import Waivers
from sync.history.history import History
from sync.history.readings import settings_key
from sync.history.runs import KnownFigures
from sync.history.workbooks import LastSeen
from sync.overview.missing_plans import known_figures
from sync.overview.model import Overview
from sync.run.options import RunOptions
from sync.run.report import RunWorkbook, last_seen


@dataclass(frozen=True, slots=True)
class Judged:
    """What a run read, judged and wrote; workbooks by path."""

    context: Context
    plans: Sequence[JudgedPlan]
    workbooks: Mapping[str, RunWorkbook]
    waivers: Waivers
    comments: Comments


@dataclass(frozen=True, slots=True)
class Known:
    """What was remembered: of workbooks by path, and the approvals of each plan by its key."""

    last_seen: Mapping[str, LastSeen]
    figures: Mapping[str, KnownFigures]
    joined: Mapping[str, date]
    approvals: Mapping[str, tuple[LoggedApproval, ...]]


def known_before(history: History, judged: Judged) -> Known:
    """What was remembered before this run of the workbooks that it read, and of those it misses."""
    seen = history.last_seen.by_path()
    figures = history.notes.known_figures.items()
    return Known(
        seen,
        {path: one for path, one in figures if path in seen or path in judged.workbooks},
        history.notes.joined_plans,
        history.approval_logs.by_key(),
    )


def remember(
    history: History, known: Known, judged: Judged, overview: Overview, options: RunOptions
) -> None:
    """Remember what was read, found, written and shown."""
    _remember_findings(history, judged, overview, options)
    _remember_plans(history, known, judged, overview, options)
    history.last_seen.record(last_seen(overview.books, known.last_seen, options.today))
    history.notes.own_places = _own_places(history.notes.own_places, known, judged)
    history.notes.comments = judged.comments.to_remember()


def _remember_findings(
    history: History, judged: Judged, overview: Overview, options: RunOptions
) -> None:
    workbooks = judged.workbooks.values()
    rewritten = [one.written.to_keep for one in workbooks if one.written and one.written.to_keep]
    history.readings.keep(settings_key(options.parameters, RULES), rewritten)
    shown = {key: found for one in workbooks for key, found in one.shown.items()}
    notices = {key: found.notice for key, found in shown.items()}
    accepted = [key for key, found in shown.items() if found.waiver]
    judged_paths = [one.path for one in workbooks if one.has_content]
    history.findings.record(notices, accepted, judged_paths, options.today)
    history.trends.record(overview.counts_by_place(), notices, judged_paths, options.today)


def _remember_plans(
    history: History, known: Known, judged: Judged, overview: Overview, options: RunOptions
) -> None:
    context, plans = judged.context, judged.plans
    history.approved.record(context.approved, {p.key: p.approved for p in plans if p.approved})
    history.confirmed.record(context.confirmed, {p.key: p.confirmed for p in plans if p.confirmed})
    history.approval_logs.record(
        known.approvals, {id_key(line.key): line.approvals for line in overview.plans}
    )
    counted = known_figures(overview.plans, options.parameters)
    history.notes.known_figures = {**known.figures, **counted}
    history.notes.joined_plans = dict(overview.joined)


def _own_places(
    before: Mapping[str, Mapping[str, str]], known: Known, judged: Judged
) -> dict[str, Mapping[str, str]]:
    """What is the job's own by path, of all workbooks that were ever seen."""
    seen = {*known.last_seen, *judged.workbooks}
    own = {path: places for path, places in before.items() if path in seen}
    for path, one in judged.workbooks.items():
        if one.written and one.written.own:
            own[path] = one.written.own
        elif one.rows and one.is_current:
            own[path] = own_places(one.rows, has_page=one.rows.warnings_tab in one.rows.tabs)
    return own
