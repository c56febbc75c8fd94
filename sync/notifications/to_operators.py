"""The mails to the operators: what went wrong, or a run that did not finish; each once."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime

from rules.text.marking import N_
from rules.text.quoting import quoted
from sync.history.sent_log import Known, key_of
from sync.i18n.language import _, plural, spoken
from sync.notifications.letter import Letter, LetterEntry, LetterSection

_CLOSING = N_(
    "Du får kun besked én gang om hvert problem, medmindre det har været væk og kommer igen. "
    "Kommandoen helhedsplan doctor siger, hvad der skal gøres."
)


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
