"""What a mail server can have against us: the cause is told, and which key to change."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from aiosmtpd.controller import Controller

from tests.sync.helpers import TODAY, Site, book
from tests.sync.mail_server import Inbox, free_port

EVA = "eva@example.dk"
WRONG = {"Indsatser!I2": "'ca. 5"}


@pytest.fixture
def relay() -> Iterator[Inbox]:
    """A relay that knows neither TLS nor a login."""
    inbox = Inbox(port=free_port())
    controller = Controller(inbox, hostname="127.0.0.1", port=inbox.port)
    controller.start()
    yield inbox
    controller.stop()


def configured(site: Site, inbox: Inbox, *lines: str) -> Site:
    section = ["[mail]", 'server = "localhost"', f"port = {inbox.port}",
               'sender = "kontrol@example.dk"', 'contacts = "always"',
               'domains = ["example.dk"]', *lines]  # fmt: skip
    site.configure("\n".join(section))
    site.put("a.xlsx", book(plan={"Kontaktperson": "Eva", "E-mail": EVA}, cells=WRONG))
    return site


FAULTS = [
    # lines of [mail], what is said
    ((), "kan ikke kryptere på port {port}. Ret mail.port"),
    (('encryption = "tls"',), 'Ret mail.encryption til "starttls"'),
    (('encryption = "none"', 'user = "kontrol"', 'password_file = "password"'),
     "tager ikke imod et login på port {port}. Slet mail.user"),
]  # fmt: skip


@pytest.mark.parametrize(("lines", "says"), FAULTS)
def test_each_cause_is_told_with_the_key_to_change(
    site: Site, relay: Inbox, lines: tuple[str, ...], says: str
) -> None:
    (site.root / "password").write_text("hemmelig")
    ((_, problem),) = configured(site, relay, *lines).sync().problems
    assert says.format(port=relay.port) in problem
    assert relay.mails == []


def test_a_relay_on_this_machine_gets_mail_without_encryption(site: Site, relay: Inbox) -> None:
    configured(site, relay, 'encryption = "none"')
    answer = site.command("sync", "--remember", "--today", TODAY.isoformat())
    assert answer.code == 0, answer.err
    assert "1 mail sent to kontaktpersonen for VAP-2025" in answer.out
    assert [str(mail["To"]) for mail in relay.mails] == [EVA]


def test_a_refused_address_is_told_with_who_it_is_for(site: Site, relay: Inbox) -> None:
    relay.refused.add(EVA)
    answer = configured(site, relay, 'encryption = "none"').command(
        "sync", "--remember", "--today", TODAY.isoformat()
    )
    assert answer.code == 3
    assert "Mailen til kontaktpersonen for VAP-2025 blev afvist (kode 550)." in answer.err
    assert "Ret adressen." in answer.err
    assert EVA not in answer.out + answer.err
