"""Telling the operators of runs that did not come to their end, from outside the run."""

from __future__ import annotations

import logging
from collections.abc import Callable
from datetime import datetime

from rules.text.marking import N_
from sync.config.mail import MailSection
from sync.i18n.language import _
from sync.notifications.smtp import send
from sync.notifications.to_operators import ended_badly_to

LOG = logging.getLogger("helhedsplan")
_HOW = {
    2: N_("Der er fejl i indstillingerne."),
    3: N_("Kontrollen kunne ikke komme i gang, eller den blev stoppet undervejs."),
}
_OTHERWISE = N_("Programmet sluttede med kode {code}.")


class FailureWatch:
    """Sends one mail when runs begin to fail, and no further one until a run has succeeded.

    `last_complete` says when the latest run began that came to its end; `told` is called when the
    operators know, so that the next run need not tell them.
    """

    def __init__(
        self,
        mail: MailSection,
        last_complete: Callable[[], datetime | None],
        told: Callable[[], None],
    ) -> None:
        self._mail, self._last_complete, self._told = mail, last_complete, told
        self._is_told = False

    def ended(self, code: int | None, begun_at: datetime) -> None:
        """A run has ended with this exit code (None: it could not even be killed)."""
        last = self._last_complete()
        if code == 0 or (last is not None and last >= begun_at):
            self._is_told = False
            return
        if self._is_told or not self._mail.server:
            return
        how = _HOW.get(code or -1) or N_("Programmet sluttede med kode {code}.")
        letters = [
            ended_badly_to(to, _(how).format(code=code), begun_at) for to in self._mail.operators
        ]
        for letter, refusal in send(self._mail, letters, begun_at):
            if refusal:
                LOG.warning(
                    "mail not sent", extra={"keys": {"to": letter.about, "reason": refusal}}
                )
            else:
                self._is_told = True
        if self._is_told:
            self._told()
