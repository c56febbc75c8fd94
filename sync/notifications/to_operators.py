"""The mails to the operators: what went wrong, or a run that did not finish; each once."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from datetime import datetime

from rules.text.marking import N_
from rules.text.quoting import quoted
from sync.config.job import MailSection
from sync.history.sent_log import Known, key_of
from sync.i18n.language import _, plural, spoken
from sync.notifications.letter import Letter, LetterEntry, LetterSection
from sync.notifications.smtp import send
from sync.service.exit_codes import ExitCode

_CLOSING = N_(
    "Du får kun besked én gang om hvert problem, medmindre det har været væk og kommer igen. "
    "Kommandoen helhedsplan doctor siger, hvad der skal gøres."
)
_REASONS: Mapping[int | None, str] = {
    ExitCode.WRONG_CALL: N_("Der er fejl i indstillingerne."),
    ExitCode.UNREACHED: N_("Kontrollen kunne ikke komme i gang, eller den blev stoppet undervejs."),
}
_OTHER_REASON = N_("Programmet sluttede med kode {code}.")


def problem_keys(problems: Sequence[tuple[str, str]]) -> Mapping[str, tuple[str, str]]:
    """The problems of a run, by what each is known by again."""
    return {key_of("problem", path, reason): (path, reason) for path, reason in problems}


def problems_letter(
    address: str,
    recipient: str,
    problems: Mapping[str, tuple[str, str]],
    known: Known,
    at: datetime,
) -> Letter | None:
    """The letter; None where the operator knows everything."""
    wanted = [*known.new(problems), *known.returned(problems)]
    if not wanted:
        return None
    number = plural("{count} nyt problem", "{count} nye problemer", len(wanted))
    entries = [
        LetterEntry(f"{quoted(path)}: {reason}" if path else reason)
        for path, reason in map(problems.__getitem__, wanted)
    ]
    return Letter(
        to=address,
        recipient=recipient,
        about=_("driften"),
        subject=f"{_('Helhedsplan-kontrollen')}: {number}",
        opening=_("Hej\n\nKontrollen {moment} blev gennemført, men ikke alt lykkedes.").format(
            moment=spoken().moment(at)
        ),
        sections=[LetterSection(_("Det, der gik galt"), entries)],
        closing=_(_CLOSING),
        reports=frozenset(wanted),
    )


def failed_run_letter(address: str, how: str, at: datetime) -> Letter:
    """The letter about a run that did not come to its end at all."""
    return Letter(
        to=address,
        recipient="",
        about=_("driften"),
        subject=_("Helhedsplan-kontrollen blev ikke gennemført"),
        opening=_("Hej\n\nKontrollen {moment} blev ikke gennemført: {how}").format(
            moment=spoken().moment(at), how=how
        ),
        sections=[],
        closing=_(
            "Se i loggen, og kør kommandoen helhedsplan doctor. Du får kun denne besked én "
            "gang, indtil en kontrol er gennemført igen."
        ),
    )


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
