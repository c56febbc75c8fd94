"""A year in which Google does not always let the job in: nothing is lost, everything said once."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from datetime import date, timedelta
from pathlib import Path

import pytest

from sync.history.history import History
from tests.google_server.keys import write_key_file
from tests.google_server.oauth import account_of
from tests.sync.helpers import book, table
from tests.sync.mail_server import Inbox, mail_server
from tests.sync.notifications.test_mail import EVA, OPERATOR, mail_section, of, text_of
from tests.sync.stores.google.helpers import GENEROUS, GoogleSite

FIRST, FORTNIGHT = date(2026, 1, 5), timedelta(days=14)
WRONG = {"Indsatser!I2": "'ca. 5"}


@dataclass
class World:
    """A plan in Google, the job's key there, and who was told what on which Monday."""

    site: GoogleSite
    inbox: Inbox
    plan: str
    mails: list[tuple[str, str, str]] = field(default_factory=list)
    failed: list[str] = field(default_factory=list)

    def told(self, address: str) -> list[tuple[str, str]]:
        return [(day, text) for day, to, text in self.mails if address in to]


def withdraw_the_key(world: World) -> None:
    """Somebody deletes the key at Google; staff goes on typing."""
    tokens = world.site.server.tokens
    new = write_key_file(world.site.root / "new-key.json")
    tokens.accounts = {account.email: account for account in [account_of(new)]}
    tokens.expire_all()
    world.site.type_in(world.plan, "Indsatser", "I3", "ca. 7")


def bring_the_new_key(world: World) -> None:
    (world.site.root / "new-key.json").replace(world.site.key_file)


def delete_the_account(world: World) -> None:
    tokens = world.site.server.tokens
    tokens.accounts.clear()
    tokens.expire_all()
    world.site.type_in(world.plan, "Milepæle", "B3", "9")


def restore_the_account(world: World) -> None:
    account = account_of(world.site.key_file)
    world.site.server.tokens.accounts[account.email] = account


def lose_the_key_file(world: World) -> None:
    world.site.key_file.rename(world.site.root / "elsewhere.json")


def find_the_key_file(world: World) -> None:
    (world.site.root / "elsewhere.json").rename(world.site.key_file)


def let_tokens_expire(world: World) -> None:
    world.site.server.tokens.expire_all()


EVENTS: dict[int, Callable[[World], None]] = {
    4: withdraw_the_key,
    6: bring_the_new_key,
    10: delete_the_account,
    12: restore_the_account,
    15: let_tokens_expire,
    18: lose_the_key_file,
    20: find_the_key_file,
}
OUT = [*range(4, 6), *range(10, 12), *range(18, 20)]


@pytest.fixture
def world(site: GoogleSite, tmp_path: Path) -> Iterator[World]:
    own = site.root / "key.json"
    own.write_bytes(site.key_file.read_bytes())
    own.chmod(0o600)
    site = GoogleSite(site.root, server=site.server, key_file=own)
    with mail_server(tmp_path) as inbox:
        mail = mail_section(inbox, site, 'contacts = "always"', f'operators = ["{OPERATOR}"]')
        site.configure_google(google=GENEROUS, sections=mail)
        yield World(site, inbox, site.spreadsheet("Plan", book(plan=of(EVA, "Eva"), cells=WRONG)))


@pytest.mark.long
def test_a_year(world: World) -> None:
    site = world.site
    for number in range(26):
        if event := EVENTS.get(number):
            event(world)
        day = FIRST + number * FORTNIGHT
        result = site.sync(day)
        if result.problems:
            world.failed.append(str(day))
        for mail in world.inbox.emptied():
            world.mails.append((str(day), str(mail["To"]), text_of(mail)))
        (line,) = table(site.overview.read_bytes(), "Overblik")
        assert line["Plan-id"] == "VAP-2025", "the overview forgot a plan that is out of reach"

    def monday(number: int) -> str:
        return str(FIRST + number * FORTNIGHT)

    # Only while Google did not let it in did runs fail, and of each time the operator heard once.
    assert world.failed == [monday(number) for number in OUT]
    assert [day for day, _ in world.told(OPERATOR)] == [monday(4), monday(10), monday(18)]

    # The contact heard of everything once: what was typed meanwhile, when it could be read.
    to_eva = [(day, text.count("\n- ")) for day, text in world.told(EVA)]
    assert to_eva == [(monday(0), 1), (monday(6), 1), (monday(12), 1)]

    # Nothing was lost: the first sights stand, and Kontrol says all three.
    with History(site.settings().state) as history:
        assert sorted(map(str, history.findings.first_seen().values())) == [
            monday(0), monday(6), monday(12),
        ]  # fmt: skip
    assert set(site.kontrol(world.plan, "Indsatser")) >= {2, 3}
    assert 3 in site.kontrol(world.plan, "Milepæle")
