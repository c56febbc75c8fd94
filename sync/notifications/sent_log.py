"""What has been told to whom, so that everything is told once: two tables of the history."""

from __future__ import annotations

import hashlib
from collections.abc import Collection, Iterable
from dataclasses import dataclass
from datetime import date, timedelta

from sqlalchemy import bindparam, select, update

from sync.config.job import WEEKDAYS, Weekday
from sync.config.mail import Frequency
from sync.history.database import Database, put
from sync.history.tables import mailed, told


@dataclass(frozen=True, slots=True)
class Told:
    """What one recipient has been told: what is still open of it, and what was mended since."""

    still_open: frozenset[str]
    mended: frozenset[str]

    def new(self, open_now: Iterable[str]) -> list[str]:
        """What the recipient has not been told yet, in its order."""
        return [one for one in open_now if one not in self.still_open and one not in self.mended]

    def returned(self, open_now: Iterable[str]) -> list[str]:
        """What the recipient was told, what was mended, and is there again."""
        return [one for one in open_now if one in self.mended]


def recipient_key(kind: str, address: str) -> str:
    """What a recipient is known by: a digest, so that no address stands in these tables."""
    return hashlib.blake2b(f"{kind}\x1f{address.lower()}".encode(), digest_size=16).hexdigest()


def key_of(*parts: str) -> str:
    """By what something that is no finding is known again."""
    return hashlib.blake2b("\x1f".join(parts).encode(), digest_size=16).hexdigest()


def told_to(database: Database, recipient: str) -> Told:
    """What a recipient has been told."""
    rows = database.rows(
        select(told.c.identity, told.c.is_open).where(told.c.recipient == recipient)
    )
    still_open = frozenset(identity for identity, is_open in rows if is_open)
    return Told(still_open, frozenset(identity for identity, _ in rows) - still_open)


def remember_told(
    database: Database, recipient: str, identities: Iterable[str], today: date
) -> None:
    """Remember that a recipient has been told these."""
    rows = [
        {"recipient": recipient, "identity": identity, "told_on": today, "is_open": True}
        for identity in dict.fromkeys(identities)
    ]
    with database.changing() as connection:
        put(connection, told, rows)


def remember_mended(
    database: Database, recipient: str, knows: Told, open_now: Collection[str]
) -> None:
    """Remember that what a recipient was told is mended, where it is not open any more."""
    rows = [
        {"mended": identity, "is_open": False} for identity in knows.still_open.difference(open_now)
    ]
    if rows:
        of_recipient = (told.c.recipient == recipient) & (told.c.identity == bindparam("mended"))
        with database.changing() as connection:
            connection.execute(update(told).where(of_recipient), rows)


def remember_turn(database: Database, recipient: str, today: date) -> None:
    """Remember that it was this recipient's turn, whether or not there was anything to tell."""
    with database.changing() as connection:
        put(connection, mailed, [{"recipient": recipient, "sent_at": today}])


def is_turn(
    database: Database,
    recipient: str,
    frequency: Frequency,
    today: date,
    weekday: Weekday,
) -> bool:
    """Whether it is a recipient's turn; one who has never had it has it now."""
    turns = database.rows(select(mailed.c.sent_at).where(mailed.c.recipient == recipient))
    last: date | None = turns[0][0] if turns else None
    match frequency:
        case "never":
            return False
        case "always":
            return True
        case "daily":
            return last is None or last < today
        case "weekly":
            return last is None or last < _latest(weekday, today)


def _latest(weekday: Weekday, today: date) -> date:
    """The latest such day, today included: a turn that was missed is made up for."""
    return today - timedelta(days=(today.weekday() - WEEKDAYS.index(weekday)) % 7)
