"""Handing letters to the mail server; a letter that it refuses stops nothing."""

from __future__ import annotations

import base64
import contextlib
import logging
import smtplib
import socket
import ssl
from collections.abc import Iterator, Sequence
from datetime import datetime

from rules.text.marking import N_
from sync.check.fault import Fault, guarded
from sync.config.job import MailSection
from sync.i18n.language import _
from sync.notifications.letter import Letter, as_mail

LOG = logging.getLogger("helhedsplan")
TIMEOUT_SECONDS = 20.0
_LOGGED_IN = 235
_TOO_LARGE = (523, 552)


class MailError(Exception):
    """The mail server cannot be used. The message says in words what is the matter."""


@contextlib.contextmanager
def connection(mail: MailSection) -> Iterator[smtplib.SMTP]:
    """A connection to the server, encrypted as the configuration says, and logged in.

    Raises:
        MailError: it cannot be reached, is not who it says, or refuses the user.
    """
    try:
        password = mail.password()
    except OSError as error:
        reason = _("Adgangskoden til mailserveren {server} kan ikke læses: {file}.")
        file = mail.password_file
        raise MailError(reason.format(server=mail.server, file=file)) from error
    try:
        trusted = ssl.create_default_context(
            cafile=str(mail.certificate_file) if mail.certificate_file else None
        )
    except OSError as error:  # an SSLError is one
        reason = _("Certifikatet i {file} kan ikke læses.")
        raise MailError(reason.format(file=mail.certificate_file)) from error
    try:
        server = _connected(mail, trusted)
        try:
            if mail.user and password is not None:
                _log_in(server, mail.user, password)
            yield server
        finally:
            with contextlib.suppress(smtplib.SMTPException, OSError):
                server.quit()
    except (smtplib.SMTPException, OSError, UnicodeError) as error:  # a name that is none
        reason = _(_reason(error, mail)).format(server=mail.server, port=mail.port)
        raise MailError(reason) from error


def _reason(error: Exception, mail: MailSection) -> str:
    """What is the matter, and which key of the configuration to change."""
    match error:
        case ssl.SSLCertVerificationError():
            return N_(
                "Mailserveren {server} har ikke et certifikat, som kan godkendes. Ret mail.server "
                "til det navn, certifikatet har, eller nævn udstederen i mail.certificate_file."
            )
        case ssl.SSLError():
            return N_(
                "Mailserveren {server} begynder ikke med TLS på port {port}. Ret mail.encryption "
                'til "starttls", eller ret mail.port.'
            )
        case smtplib.SMTPAuthenticationError():
            return N_(
                "Mailserveren {server} afviser brugeren eller adgangskoden. Ret mail.user eller "
                "adgangskoden. I Microsoft 365 skal SMTP AUTH være tilladt for postkassen."
            )
        case smtplib.SMTPNotSupportedError() if "STARTTLS" in str(error):
            return N_(
                "Mailserveren {server} kan ikke kryptere på port {port}. Ret mail.port, eller "
                'skriv mail.encryption = "none", hvis den er jeres egen.'
            )
        case smtplib.SMTPNotSupportedError():
            return N_(
                "Mailserveren {server} tager ikke imod et login på port {port}. Slet mail.user, "
                "eller ret mail.port."
            )
        case TimeoutError() | smtplib.SMTPServerDisconnected() if mail.encryption != "tls":
            return N_(
                "Mailserveren {server} svarer ikke på port {port}. Begynder den med TLS, som på "
                'port 465, så ret mail.encryption til "tls".'
            )
        case socket.gaierror() | UnicodeError():
            return N_("Mailserveren {server} findes ikke. Ret mail.server.")
        case _:
            return N_(
                "Mailserveren {server} kan ikke nås på port {port}. Ret mail.port, eller åbn for "
                "porten i firewallen."
            )


def send(
    mail: MailSection, letters: Sequence[Letter], at: datetime
) -> Iterator[tuple[Letter, str]]:
    """Send the letters, and log that; with each goes why it was refused, in words, or nothing."""
    left = list(letters)
    try:
        if left:
            with connection(mail) as server:
                while left:
                    refusal = _refusal(server, mail, left[0], at)
                    yield _logged(left.pop(0), refusal)
    except MailError as error:
        for letter in left:
            yield _logged(letter, str(error))


def _logged(letter: Letter, refusal: str) -> tuple[Letter, str]:
    if refusal:
        LOG.warning("mail not sent", extra={"keys": {"to": letter.about, "reason": refusal}})
    else:
        LOG.info("mail sent", extra={"keys": {"to": letter.about}})
    return letter, refusal


def _refusal(server: smtplib.SMTP, mail: MailSection, letter: Letter, at: datetime) -> str:
    written = guarded("mail", as_mail, letter, mail.sender, at)
    if isinstance(written, Fault):
        written.log("")
        return str(written)
    try:
        server.send_message(written)
    except smtplib.SMTPServerDisconnected:
        raise
    except smtplib.SMTPSenderRefused as error:
        code, why = error.smtp_code, N_("Serveren sender ikke for mail.sender. Ret den.")
    except smtplib.SMTPResponseException as error:
        code, why = error.smtp_code, N_("Spørg den, der passer mailserveren.")
    except smtplib.SMTPRecipientsRefused as error:
        code = next(iter(error.recipients.values()))[0]
        why = N_("Adressen findes ikke, eller serveren sender ikke dertil. Ret adressen.")
    else:
        return ""
    if code in _TOO_LARGE:
        why = N_("Mailen er for stor til serveren. Hæv serverens grænse.")
    refused = _("Mailen til {about} blev afvist (kode {code}).")
    return f"{refused.format(about=letter.about, code=code)} {_(why)}"


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


def _connected(mail: MailSection, trusted: ssl.SSLContext) -> smtplib.SMTP:
    # Without a name smtplib would look up this machine's, and send it to the server.
    our_name = mail.sender.rpartition("@")[2]
    if mail.encryption == "tls":
        return smtplib.SMTP_SSL(
            mail.server, mail.port, our_name, timeout=TIMEOUT_SECONDS, context=trusted
        )
    server = smtplib.SMTP(mail.server, mail.port, our_name, timeout=TIMEOUT_SECONDS)
    if mail.encryption == "none":
        return server
    try:
        server.starttls(context=trusted)
    except BaseException:
        server.close()
        raise
    return server
