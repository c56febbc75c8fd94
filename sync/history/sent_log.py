"""The log of what was sent to whom, so that nothing is sent twice: two tables of the history."""

from __future__ import annotations

import hashlib
from collections.abc import Collection, Iterable
from dataclasses import dataclass
from datetime import date

from sqlalchemy import select, update

from sync.history.database import Repository, mailed, sent, update_each


@dataclass(frozen=True, slots=True)
class Known:
    """What was sent to one recipient: what is still open of it, and what was resolved since."""

    still_open: frozenset[str]
    resolved: frozenset[str]

    def new(self, open_now: Iterable[str]) -> list[str]:
        """What the recipient does not know yet, in its order."""
        return [one for one in open_now if one not in self.still_open and one not in self.resolved]

    def returned(self, open_now: Iterable[str]) -> list[str]:
        """What the recipient knows as resolved, and is there again."""
        return [one for one in open_now if one in self.resolved]


def key_of(*parts: str) -> str:
    """A digest by which a thing is known again; of a recipient, so that no address is kept."""
    return hashlib.blake2b("\x1f".join(parts).encode(), digest_size=16).hexdigest()


class SentLog(Repository):
    """What was sent, by recipient; recipients and what they know are digests."""

    def known_to(self, recipient: str) -> Known:
        """What a recipient knows."""
        rows = self.database.rows(
            select(sent.c.identity, sent.c.is_open).where(sent.c.recipient == recipient)
        )
        still_open = frozenset(identity for identity, is_open in rows if is_open)
        return Known(still_open, frozenset(identity for identity, _ in rows) - still_open)

    def record_sent(self, recipient: str, identities: Iterable[str], today: date) -> None:
        """Record that these were sent to a recipient, whose turn it was."""
        rows = [
            {"recipient": recipient, "identity": identity, "told_on": today, "is_open": True}
            for identity in dict.fromkeys(identities)
        ]
        self.database.put(sent, rows)
        self.record_turn(recipient, today)

    def record_resolved(self, recipient: str, open_now: Collection[str]) -> None:
        """Record as resolved what a recipient knows and is not open any more."""
        gone = self.known_to(recipient).still_open.difference(open_now)
        resolve = update(sent).where(sent.c.recipient == recipient).values(is_open=False)
        with self.database.changing() as connection:
            update_each(connection, resolve, sent.c.identity, gone)

    def last_turn(self, recipient: str) -> date | None:
        """When it was last this recipient's turn, whether or not anything was sent."""
        turns = self.database.rows(select(mailed.c.sent_at).where(mailed.c.recipient == recipient))
        last: date | None = turns[0][0] if turns else None
        return last

    def record_turn(self, recipient: str, today: date) -> None:
        """Record that it was this recipient's turn."""
        self.database.put(mailed, [{"recipient": recipient, "sent_at": today}])
