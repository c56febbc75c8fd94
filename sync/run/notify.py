"""The mails of a run, and what the operators hear of runs that did not come to their end.

The next run that does come to its end says so, once. Where the service starts the runs it says so
at once, and remembers that it did.
"""

from __future__ import annotations

import contextlib
from collections import Counter
from collections.abc import Callable, Iterable, Mapping, Sequence
from datetime import datetime

from rules.text.marking import N_
from sync.check.fault import Fault, guarded
from sync.config.settings import Settings
from sync.config.state import StateError, StateSection
from sync.history.history import History
from sync.history.runs import Run
from sync.i18n.language import _, spoken
from sync.run.options import RunOptions
from sync.run.report import Problem, RunReport
from sync.service.exit_codes import ExitCode

_DAMAGED = N_("Kontrollens hukommelse var beskadiget. Se efter, om disken er ved at gå i stykker.")
_CHANGED = N_("Kontrollens tabeller i databasen var ændret. Se efter, hvem der kan skrive i dem.")
_REASONS: Mapping[int | None, str] = {
    ExitCode.WRONG_CALL: N_("Der er fejl i indstillingerne."),
    ExitCode.UNREACHED: N_("Kontrollen kunne ikke komme i gang, eller den blev stoppet undervejs."),
}
_OTHER_REASON = N_("Programmet sluttede med kode {code}.")


def notify(
    history: History, options: RunOptions, report: RunReport, number: int, sent: Counter[str]
) -> Sequence[Problem]:
    """Send the mails of the run of this number; what went wrong with them.

    `sent` counts those that went out, by whom they are for.

    In a run in which nothing has changed only the operators can have something to hear: the run
    before has sent everything else, or it would not have left things as they are.
    """
    from sync.notifications.delivery import Mailing  # noqa: PLC0415  mail and encryption are slow to load

    interrupted = _interrupted_runs(history, number)
    earlier = [("", sentence) for sentence in interrupted]
    if history.opening.was_lost:
        earlier.append(("", _(_CHANGED if options.settings.state.address else _DAMAGED)))
    problems = [*lasting(report.problems, history), *earlier]
    mailing = Mailing(
        options.settings, history.sent_log, report.overview, problems, options.now, sent
    )
    failed = mailing.deliver()
    history.notes.interrupted_unreported = [
        one for one in interrupted if not mailing.knows(("", one))
    ]
    return failed


def is_summary_due(history: History, options: RunOptions) -> bool:
    """Whether the secretariat gets its summary in this run, for which all must be judged."""
    mail = options.settings.mail
    if not mail.server or not mail.secretariat:
        return False
    from sync.notifications.delivery import Mailing  # noqa: PLC0415  as above

    return Mailing(options.settings, history.sent_log, None, (), options.now).is_summary_due()


def lasting(problems: Iterable[Problem], history: History) -> list[Problem]:
    """What the operators have to know: not what only waits for the next run, as it did not before.

    A workbook that somebody has open is written next time; where it is still open then, it counts.
    """
    complete = history.runs.last_complete()
    before = complete.problems if complete else ()
    return [one for one in problems if not one[0] or one in before]


def _interrupted_runs(history: History, number: int) -> Sequence[str]:
    """What the operators do not know yet of runs before the one of this number, in words."""
    reported_at = history.notes.interrupted_reported_at
    cut = [
        run
        for run in history.runs.interrupted(number)
        if not reported_at or run.started_at > reported_at
    ]
    unreported = history.notes.interrupted_unreported
    if cut:
        unreported = [*unreported, _in_words(cut)]
        history.notes.interrupted_unreported = unreported
    return unreported


def _in_words(cut: Sequence[Run]) -> str:
    """In one sentence; the latest run stands first."""
    moment = spoken().moment(cut[-1].started_at)
    if len(cut) > 1:
        several = _("{count} kontroller blev ikke færdige. Den første begyndte {moment}.")
        return several.format(count=len(cut), moment=moment)
    if cut[0].outcome == "late":
        one = _("Kontrollen {moment} blev ikke færdig inden for den tid, den må tage.")
    else:
        one = _("Kontrollen {moment} blev afbrudt, før den var færdig.")
    return one.format(moment=moment)


class FailureWatch:
    """Sends one mail when runs begin to fail, and no further one until a run has succeeded.

    The history notes that the operators know, so that the next run need not mail them.
    """

    def __init__(self, settings: Settings, clock: Callable[[], datetime]) -> None:
        self._mail, self._state, self._clock = settings.mail, settings.state, clock
        self._operators_know = False

    def ended(self, code: int | None, begun_at: datetime) -> bool:
        """A run has ended with this exit code (None: it could not even be killed).

        Whether it is to be tried again soon: it met a lock, or something that was out of reach.
        """
        outcome = guarded("mail", self._ended, code, begun_at)
        if isinstance(outcome, Fault):  # it is in the log, and ends no service
            outcome.log("")
            return False
        return outcome

    def _ended(self, code: int | None, begun_at: datetime) -> bool:
        last, is_late = _last_runs(self._state)
        if code == ExitCode.FINE or (last is not None and last >= begun_at):
            self._operators_know = False
            return False
        if not self._operators_know and self._mail.server:
            self._tell(code, begun_at)
        return code == ExitCode.UNREACHED and not is_late

    def _tell(self, code: int | None, begun_at: datetime) -> None:
        from sync.notifications.smtp import send  # noqa: PLC0415  as above
        from sync.notifications.to_operators import failed_run_letter  # noqa: PLC0415

        how = _(_REASONS.get(code, _OTHER_REASON)).format(code=code)
        letters = [failed_run_letter(to, how, begun_at) for to in self._mail.operators]
        refusals = [refusal for _letter, refusal in send(self._mail, letters, begun_at)]
        if "" in refusals:
            self._operators_know = True
            with contextlib.suppress(StateError), History(self._state) as history:
                history.notes.interrupted_reported_at = self._clock()


def last_complete_start(state: StateSection) -> datetime | None:
    """When the latest run began that came to its end; None where nobody can say."""
    return _last_runs(state)[0]


def _last_runs(state: StateSection) -> tuple[datetime | None, bool]:
    """When the latest complete run began, and whether the latest one of all took too long."""
    try:
        with History(state, writes=False) as history:
            complete, last = history.runs.last_complete(), history.runs.last()
            return complete.started_at if complete else None, bool(last and last.outcome == "late")
    except StateError:
        return None, False
