"""The lines that the secretariat writes in Bemærkninger, and what has become of each: data."""

from __future__ import annotations

import hashlib
import re
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from typing import NamedTuple

from rules.model.finding import Place
from rules.text.marking import N_
from rules.text.personal_numbers import masked
from rules.text.quoting import quoted
from sync.i18n.language import spoken

_LONGEST = 400
_SEVERITIES = re.compile(r"\b(fejl|advarsel|info|error|warning) ", re.IGNORECASE)
"""Words by which the template colours cells, where a blank follows."""


class CommentStatus(StrEnum):
    """What has become of a comment; the value is what the secretariat reads."""

    SHOWN = N_("Vist")
    SETTLED = N_("Løst")
    INCOMPLETE = N_("Mangler noget")
    MATCHES_NONE = N_("Passer ikke på noget")
    AMBIGUOUS = N_("Passer på flere")
    GONE = N_("Stedet findes ikke længere")


@dataclass(frozen=True, slots=True)
class Comment:
    """A line of the secretariat's, as typed, without CPR numbers.

    `spot` is a cell (`F7`) or what the row is known by. Without it the comment is to the tab,
    without `tab` to the plan; with a `code` to a finding.
    """

    row: int
    plan_id: str = ""
    code: str = ""
    workbook: str = ""
    tab: str = ""
    spot: str = ""
    text: str = ""
    by: str = ""
    on: date | None = None
    is_settled: bool = False

    @property
    def key(self) -> str:
        """A digest of what is typed into the line, in whatever row."""
        texts = (
            self.plan_id, self.code, self.workbook, self.tab, self.spot, self.text, self.by,
            str(self.on),
        )  # fmt: skip
        return hashlib.blake2b("\x1f".join(texts).encode(), digest_size=16).hexdigest()

    @property
    def where(self) -> str:
        """The place as it was typed: `Finansiering F7`."""
        return quoted(" ".join(filter(None, (self.code, self.tab, self.spot))))

    @property
    def sentence(self) -> str:
        """What the staff read: the text on one line, and who wrote it when."""
        day = spoken().day(self.on) if self.on else ""
        signed = ", ".join(filter(None, (quoted(self.by), day)))
        text = quoted(self.text, _LONGEST) + (f" ({signed})" if signed else "")
        return masked(_SEVERITIES.sub("\\1\N{NO-BREAK SPACE}", text))


class KeptComment(NamedTuple):
    """A comment as it was read last, and what it is tied to; empty where that is no row."""

    comment: Comment
    tie: str = ""


class PlacedComment(NamedTuple):
    """A comment at its place in a workbook."""

    comment: Comment
    place: Place


class CommentLine(NamedTuple):
    """A comment with what has become of it, and what the secretariat can do about it."""

    comment: Comment
    standing: CommentStatus
    advice: str
