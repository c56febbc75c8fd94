"""The mail server: reached, trusted and logged in to; nothing is sent."""

from __future__ import annotations

from collections.abc import Iterator

from sync.config.mail import PASSWORD_VARIABLE, MailSection
from sync.doctor.file_probe import readable_by_others
from sync.notifications.smtp import MailError, connection
from sync.stores.base import Line


def mail_lines(mail: MailSection) -> Iterator[Line]:
    """What the mail needs, tried with the server itself."""
    if not mail.server:
        yield Line("mail", "no server is named in mail.server, and nobody gets mail")
        return
    yield from _password(mail)
    try:
        with connection(mail):
            yield Line("mail", f"{mail.server} is reached, encrypted, and takes mail from us")
    except MailError as error:
        yield Line(
            "mail",
            str(error),
            "Look at server, port, encryption, certificate_file, user and the password in [mail]; "
            f"does the firewall let port {mail.port} through?",
        )
    if not (mail.secretariat or mail.operators or mail.contacts != "never" or mail.frequencies):
        yield Line(
            "mail",
            "a server is named, and nobody to be told",
            "Name somebody in mail.operators, mail.secretariat or mail.contacts.",
        )


def _password(mail: MailSection) -> Iterator[Line]:
    try:
        password = mail.password()
    except OSError as error:
        yield Line(
            "mail",
            f"the password cannot be read from {mail.password_file}: {error.strerror}",
            "Put the password into that file, readable for the job's user alone (chmod 600).",
        )
        return
    if mail.user and password is None:
        yield Line(
            "mail",
            f"there is a user ({mail.user}) and no password",
            f"Name a file in mail.password_file, or set {PASSWORD_VARIABLE}.",
        )
    yield from readable_by_others(mail.password_file, "mail")
