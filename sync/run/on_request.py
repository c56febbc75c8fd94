"""What is asked for without a whole run: the mails of this moment, and the brief of a plan."""

from __future__ import annotations

import contextlib
import re
from collections import Counter
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path

from rules.text.danish import name_key
from rules.text.quoting import shown_name
from sync.config.section import ConfigurationError
from sync.history.history import History
from sync.i18n.language import _
from sync.locks.lock import alone
from sync.notifications.delivery import Mailing
from sync.notifications.letter import Letter
from sync.overview.brief import brief_of
from sync.overview.model import Overview, PlanLine
from sync.run.notify import lasting
from sync.run.options import RunOptions
from sync.run.pipeline import look
from sync.stores.base import NeedsPerson, TryAgain
from sync.stores.configured import Configured
from sync.stores.files.replace import replace_file, write_new_file
from sync.stores.files.untrusted import read

_LONGEST_PLAN_ID = 50
"""In the name of a file, which may have 255 bytes."""


def letters_due(options: RunOptions) -> list[Letter]:
    """The letters that a run would send now; nothing is written.

    Raises:
        StateError: the state folder cannot be used.
        ConfigurationError: there is nothing to check.
    """
    with History(options.settings.state, writes=False) as history:
        return _mailing(history, options).letters()


def deliver(options: RunOptions, sent: Counter[str]) -> Sequence[tuple[str, str]]:
    """Send them, and remember what was sent to whom; what went wrong with that.

    `sent` counts those that went out, by whom they are for.

    Raises:
        AlreadyRunning: a run is going on.
        StateError: the state folder cannot be used.
        ConfigurationError: there is nothing to check.
    """
    state = options.settings.state
    with alone(state), History(state) as history:
        return replace(_mailing(history, options), sent=sent).deliver()


def _mailing(history: History, options: RunOptions) -> Mailing:
    with contextlib.closing(Configured(options.settings)) as places:
        report = look(places, history, options)
    problems = lasting(report.problems, history)
    return Mailing(options.settings, history.sent_log, report.overview, problems, options.now)


def make_brief(options: RunOptions, plan_id: str, to: Path | None) -> Path:
    """Write the brief of the plan; where it lies. A brief of the same name is replaced.

    Raises:
        ConfigurationError: there is nothing to check, or no plan has this Plan-id.
        StateError: the state folder cannot be used.
        StoreError: the file is another one, or may not be written.
    """
    from sheets_templates.brief.pdf import CREATOR, brief_pdf  # noqa: PLC0415  slow to load

    with (
        History(options.settings.state, writes=False) as history,
        contextlib.closing(Configured(options.settings)) as places,
    ):
        overview = look(places, history, options).overview
    if overview is None:
        raise RuntimeError("a look judges everything")
    plan = _plan(overview, plan_id)
    fit = re.sub(r"[^\w-]+", "_", shown_name(plan.key))[:_LONGEST_PLAN_ID]
    file = to or Path(f"Brief {fit} {options.today.isoformat()}.pdf")
    new = brief_pdf(brief_of(plan, overview, options.parameters, options.now))
    try:
        old, stamp = read(file)
    except FileNotFoundError:
        write_new_file(file, new)
        return file
    except OSError as error:
        raise TryAgain(_("Filen {file} kan ikke læses lige nu.").format(file=file)) from error
    if not old.startswith(b"%PDF") or CREATOR.encode() not in old:
        raise NeedsPerson(
            _("Filen {file} er ikke et brief. Vælg et andet navn med --to.").format(file=file)
        )
    replace_file(file, old, new, stamp)
    return file


def _plan(overview: Overview, plan_id: str) -> PlanLine:
    for plan in overview.plans:
        if plan.figures.plan_id and name_key(plan.figures.plan_id) == name_key(plan_id):
            return plan
    known = ", ".join(shown_name(p.figures.plan_id) for p in overview.plans if p.figures.plan_id)
    raise ConfigurationError(f"{plan_id}: no plan has this Plan-id; there are: {known or 'none'}")
