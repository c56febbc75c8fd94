"""Mails the operators about runs that did not finish, from outside the run."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import datetime

from rules.text.marking import N_
from sync.config.mail import MailSection
from sync.i18n.language import _
from sync.notifications.smtp import send
from sync.notifications.to_operators import failed_run_letter
from sync.service.exit_codes import ExitCode

_REASONS: Mapping[int | None, str] = {
    ExitCode.WRONG_CALL: N_("Der er fejl i indstillingerne."),
    ExitCode.UNREACHED: N_("Kontrollen kunne ikke komme i gang, eller den blev stoppet undervejs."),
}
_OTHER_REASON = N_("Programmet sluttede med kode {code}.")


class FailureWatch:
    """Sends one mail when runs begin to fail, and no further one until a run has succeeded.

    `last_complete` says when the latest run began that finished; `notified` is called when
    the operators know, so that the next run need not mail them.
    """

    def __init__(
        self,
        mail: MailSection,
        last_complete: Callable[[], datetime | None],
        notified: Callable[[], None],
    ) -> None:
        self._mail, self._last_complete, self._notified = mail, last_complete, notified
        self._operators_know = False

    def ended(self, code: int | None, begun_at: datetime) -> None:
        """A run has ended with this exit code (None: it could not even be killed)."""
        last = self._last_complete()
        if code == ExitCode.FINE or (last is not None and last >= begun_at):
            self._operators_know = False
            return
        if self._operators_know or not self._mail.server:
            return
        how = _(_REASONS.get(code, _OTHER_REASON)).format(code=code)
        letters = [failed_run_letter(to, how, begun_at) for to in self._mail.operators]
        refusals = [refusal for _letter, refusal in send(self._mail, letters, begun_at)]
        if "" in refusals:
            self._operators_know = True
            self._notified()
