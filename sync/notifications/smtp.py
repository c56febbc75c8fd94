"""Handing letters to the mail server, encrypted; a letter that it refuses stops nothing."""

from __future__ import annotations

import base64
import contextlib
import smtplib
import ssl
from collections.abc import Iterator, Sequence
from datetime import datetime

from sync.config.mail import MailSection
from sync.i18n.language import _
from sync.notifications.letter import Letter, as_mail

TIMEOUT_SECONDS = 20.0
_LOGGED_IN = 235


class MailError(Exception):
    """The mail server cannot be used. The message says in words what is the matter."""


@contextlib.contextmanager
def connection(mail: MailSection) -> Iterator[smtplib.SMTP]:
    """A connection to the server, encrypted and logged in.

    Raises:
        MailError: it cannot be reached, is not who it says, or refuses the user.
    """
    try:
        server = _connected(mail)
        try:
            password = mail.password()
            if mail.user and password is not None:
                _log_in(server, mail.user, password)
            yield server
        finally:
            with contextlib.suppress(smtplib.SMTPException, OSError):
                server.quit()
    except ssl.SSLError as error:
        raise MailError(
            _("Mailserveren {server} har ikke et certifikat, som kan godkendes.").format(
                server=mail.server
            )
        ) from error
    except smtplib.SMTPAuthenticationError as error:
        raise MailError(
            _("Mailserveren {server} afviser brugeren eller adgangskoden.").format(
                server=mail.server
            )
        ) from error
    except smtplib.SMTPNotSupportedError as error:
        raise MailError(
            _("Mailserveren {server} kan ikke kryptere eller logge ind.").format(server=mail.server)
        ) from error
    except (smtplib.SMTPException, OSError) as error:
        raise MailError(
            _("Mailserveren {server} kan ikke nås.").format(server=mail.server)
        ) from error


def send(
    mail: MailSection, letters: Sequence[Letter], at: datetime
) -> Iterator[tuple[Letter, str]]:
    """Send the letters; for each whether it was taken: empty, or why not, in words."""
    if not letters:
        return
    left = list(letters)
    try:
        with connection(mail) as server:
            while left:
                outcome = _taken(server, mail, left[0], at)
                yield left.pop(0), outcome
    except MailError as error:
        for letter in left:
            yield letter, str(error)


def _taken(server: smtplib.SMTP, mail: MailSection, letter: Letter, at: datetime) -> str:
    try:
        server.send_message(as_mail(letter, mail.sender, at))
    except smtplib.SMTPServerDisconnected:
        raise
    except smtplib.SMTPResponseException as error:
        return _("Mailen til {about} blev afvist (kode {code}).").format(
            about=letter.about, code=error.smtp_code
        )
    except smtplib.SMTPRecipientsRefused as error:
        codes = ", ".join(str(code) for code, _text in error.recipients.values())
        return _("Mailen til {about} blev afvist (kode {code}).").format(
            about=letter.about, code=codes
        )
    return ""


def _log_in(server: smtplib.SMTP, user: str, password: str) -> None:
    """Log in; by ourselves where it can be done, since smtplib knows no letters but a to z.

    Raises:
        smtplib.SMTPException: the server refuses, or does not take such a password.
    """
    server.ehlo_or_helo_if_needed()
    if "PLAIN" in server.esmtp_features.get("auth", "").split():
        secret = base64.b64encode(f"\0{user}\0{password}".encode()).decode()
        code, answer = server.docmd("AUTH", f"PLAIN {secret}")
        if code != _LOGGED_IN:
            raise smtplib.SMTPAuthenticationError(code, answer)
    elif (user + password).isascii():
        server.login(user, password)
    else:
        raise smtplib.SMTPNotSupportedError("no way to send such a password")


def _connected(mail: MailSection) -> smtplib.SMTP:
    trusted = ssl.create_default_context(
        cafile=str(mail.certificate_file) if mail.certificate_file else None
    )
    # Without a name of ours smtplib looks the machine's up, which nobody else needs to know.
    us = mail.sender.rpartition("@")[2]
    if mail.encryption == "tls":
        return smtplib.SMTP_SSL(
            mail.server, mail.port, us, timeout=TIMEOUT_SECONDS, context=trusted
        )
    server = smtplib.SMTP(mail.server, mail.port, us, timeout=TIMEOUT_SECONDS)
    try:
        server.starttls(context=trusted)
    except BaseException:
        server.close()
        raise
    return server
