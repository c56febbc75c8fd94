"""The lines that the secretariat writes in Undtagelser, and what has become of them: plain data."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass, field
from datetime import date
from enum import StrEnum

from rules.text.marking import N_
from rules.text.personal_numbers import masked
from rules.text.quoting import quoted
from sync.i18n.language import _, spoken

_LONGEST_REASON = 200


class WaiverStatus(StrEnum):
    """What has become of a waiver; the value is what the secretariat reads."""

    HOLDS = N_("Gælder")
    EXPIRED = N_("Udløbet")
    CHANGED = N_("Værdien er ændret")
    NOT_NEEDED = N_("Ikke længere nødvendig")
    MATCHES_NONE = N_("Passer ikke på noget")
    AMBIGUOUS = N_("Passer på flere")
    INCOMPLETE = N_("Mangler noget")
    NOT_ALLOWED = N_("Kan ikke accepteres")


@dataclass(frozen=True, slots=True)
class Waiver:
    """A line of the secretariat's, as typed. `problem` says what it lacks, in words.

    `spot` is a cell (`F7`) or what the row is known by (its number or name); empty for a finding
    that is the only one of its code in the plan.
    """

    row: int
    plan_id: str = ""
    code: str = ""
    workbook: str = ""
    tab: str = ""
    spot: str = ""
    reason: str = ""
    by: str = ""
    until: date | None = None
    problem: str = ""

    @property
    def key(self) -> str:
        """A digest of all that is typed into the line, in whatever row."""
        texts = (
            self.plan_id, self.code, self.workbook, self.tab, self.spot, self.reason, self.by,
            str(self.until),
        )  # fmt: skip
        return hashlib.blake2b("\x1f".join(texts).encode(), digest_size=16).hexdigest()

    @property
    def sentence(self) -> str:
        """What the staff read about it: who accepted what until when, and why."""
        reason = quoted(self.reason, _LONGEST_REASON).rstrip(".")
        by = quoted(self.by)
        if self.until is None:
            return masked(_("Accepteret af {by}: {reason}.").format(by=by, reason=reason))
        day = spoken().day(self.until)
        template = _("Accepteret til og med {day} af {by}: {reason}.")
        return masked(template.format(day=day, by=by, reason=reason))


@dataclass(frozen=True, slots=True)
class Tie:
    """The finding that a waiver is tied to (its identity), and a digest of its facts.

    The first released version kept a digest of the finding's Danish sentence instead, `said`.
    Where today's sentence is another one, the waiver is asked again.
    """

    finding: str
    facts: str = ""
    said: str = ""
    is_asked_again: bool = False


@dataclass
class TakenOver:
    """Waivers that the version before tied to sentences: reported once."""

    kept: list[Waiver] = field(default_factory=list)
    asked_again: list[Waiver] = field(default_factory=list)


@dataclass(frozen=True, slots=True)
class WaiverLine:
    """A waiver with what has become of it, and what the secretariat can do about it."""

    waiver: Waiver
    standing: WaiverStatus
    advice: str
