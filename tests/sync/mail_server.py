"""A real SMTP server on loopback, with TLS and a login, that keeps what it is given."""

from __future__ import annotations

import socket
import ssl
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from email import message_from_bytes
from email.message import EmailMessage
from email.policy import default
from pathlib import Path
from typing import Any

from aiosmtpd.controller import Controller
from aiosmtpd.smtp import AuthResult, Envelope, LoginPassword, Session

from tests.certificates import write_certificate

USER, PASSWORD = "kontrol", "hemmelig-ådgangskøde"


@dataclass
class Inbox:
    """What the server took; `refused` holds addresses that it does not take mail for."""

    port: int = 0
    certificate: Path = Path()
    mails: list[EmailMessage] = field(default_factory=list)
    refused: set[str] = field(default_factory=set)
    logins: list[bool] = field(default_factory=list)

    def to(self, address: str) -> list[EmailMessage]:
        return [mail for mail in self.mails if address in str(mail["To"])]

    def emptied(self) -> list[EmailMessage]:
        """The mails so far, which are then gone."""
        mails, self.mails = self.mails, []
        return mails

    async def handle_RCPT(  # noqa: N802  as aiosmtpd names it
        self, _server: Any, _session: Session, envelope: Envelope, address: str, _options: Any
    ) -> str:
        if address in self.refused:
            return "550 no such user here"
        envelope.rcpt_tos.append(address)
        return "250 OK"

    async def handle_DATA(  # noqa: N802  as aiosmtpd names it
        self, _server: Any, _session: Session, envelope: Envelope
    ) -> str:
        assert isinstance(envelope.content, bytes)
        self.mails.append(message_from_bytes(envelope.content, policy=default))
        return "250 taken"

    def authenticated(self, *arguments: Any) -> AuthResult:
        login = arguments[-1]
        is_right = isinstance(login, LoginPassword) and login == LoginPassword(
            USER.encode(), PASSWORD.encode()
        )
        self.logins.append(is_right)
        return AuthResult(success=is_right, handled=is_right)


@contextmanager
def mail_server(folder: Path) -> Iterator[Inbox]:
    """The server runs until the end of the block."""
    inbox = Inbox()
    certificate, key = folder / "server.pem", folder / "server.key"
    write_certificate(certificate, key)
    context = ssl.create_default_context(ssl.Purpose.CLIENT_AUTH)
    context.load_cert_chain(certificate, key)
    controller = Controller(
        inbox, hostname="127.0.0.1", port=free_port(), tls_context=context, require_starttls=True,
        authenticator=inbox.authenticated, auth_required=True,
    )  # fmt: skip
    controller.start()
    try:
        inbox.port = controller.port
        inbox.certificate = certificate
        yield inbox
    finally:
        controller.stop()


def free_port() -> int:
    with socket.create_server(("127.0.0.1", 0)) as probe:
        port: int = probe.getsockname()[1]
        return port
