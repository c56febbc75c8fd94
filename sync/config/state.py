"""What the job remembers: in which folder, in which database, for how long."""

from __future__ import annotations

import stat
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Annotated
from urllib.parse import parse_qsl, unquote, urlsplit

from pydantic import Field, field_validator

from sync.config.section import OptionalPath, Section, secret
from sync.i18n.language import _

PASSWORD_VARIABLE = "HELHEDSPLAN_STATE_PASSWORD"
_SCHEMES = {"postgresql", "postgres"}
_SECRETS = {"password", "sslpassword"}
_ENCRYPTED = {"require", "verify-ca", "verify-full"}
_OWN_MACHINE = {"", "localhost", "127.0.0.1", "::1"}
_FORM = "must be written like postgresql://user@host:5432/database"


@dataclass(frozen=True, slots=True)
class Address:
    """Where the database is; `options` are libpq's own, such as sslmode and sslrootcert."""

    name: str
    host: str = ""
    port: int | None = None
    user: str = ""
    options: Mapping[str, str] = field(default_factory=dict)

    def __str__(self) -> str:
        return f"{self.name} on {'this machine' if self.is_here else self.host}"

    @property
    def is_here(self) -> bool:
        """Whether the way to it stays on this machine."""
        host = self.host or self.options.get("host", "")  # a folder: that of the server's socket
        return host in _OWN_MACHINE or host.startswith("/")

    def keywords(self) -> dict[str, str | int]:
        """What libpq needs; the connection to another machine is encrypted."""
        keywords: dict[str, str | int] = {"dbname": self.name}
        if not self.is_here:
            keywords["sslmode"] = "require"
        named = {"host": self.host, "port": self.port, "user": self.user}
        return {**keywords, **{key: value for key, value in named.items() if value}, **self.options}


def address_of(text: str) -> Address:
    """The address that the configuration names.

    Raises:
        ValueError: it is none, holds a password, or would leave the way unencrypted. The message
            shows nothing of it.
    """
    try:
        parts = urlsplit(text)
        port = parts.port
    except ValueError:
        raise ValueError(_FORM) from None
    options = dict(parse_qsl(parts.query, keep_blank_values=True))
    if parts.password is not None or _SECRETS & options.keys():
        raise ValueError("must hold no password: it belongs into state.password_file")
    name = unquote(parts.path.strip("/"))
    if parts.scheme not in _SCHEMES or not name or "/" in name or parts.fragment:
        raise ValueError(_FORM)
    address = Address(name, parts.hostname or "", port, unquote(parts.username or ""), options)
    if not address.is_here and options.get("sslmode", "require") not in _ENCRYPTED:
        raise ValueError("must not name an sslmode that leaves the way to it unencrypted")
    return address


class StateSection(Section):
    """Where the job keeps its history and its lock, and for how many days it remembers.

    The history lies in the folder, or in the PostgreSQL database where one is named. Another
    machine's lock counts as left behind after `takeover_minutes` without a sign of life.
    """

    folder: Path = Path("state")
    database: str = ""
    password_file: OptionalPath = None
    keep_days: Annotated[int, Field(ge=30, le=36_500)] = 730
    takeover_minutes: Annotated[int, Field(ge=2, le=1_440)] = 10

    @field_validator("database")
    @classmethod
    def _is_an_address(cls, text: str) -> str:
        if text:
            address_of(text)
        return text

    @property
    def address(self) -> Address | None:
        """The database's address; None where the history lies in the folder."""
        return address_of(self.database) if self.database else None

    @property
    def takeover_seconds(self) -> float:
        """After how long a lock that shows no sign of life may be taken over."""
        return self.takeover_minutes * 60.0

    def password(self) -> str | None:
        """The password from the environment, or from the file.

        None where there is neither: then libpq looks where it always does (~/.pgpass, PGPASSFILE).

        Raises:
            OSError: the file cannot be read.
        """
        return secret(PASSWORD_VARIABLE, self.password_file)


class StateError(Exception):
    """The state folder cannot be used. The message says in words what is the matter."""


def made(folder: Path) -> None:
    """Make the folder where it is missing: only its owner may look into it.

    Raises:
        OSError: it cannot be made.
    """
    if not folder.is_dir():
        folder.parent.mkdir(parents=True, exist_ok=True)
        folder.mkdir(mode=stat.S_IRWXU, exist_ok=True)


def unusable(folder: object) -> StateError:
    """The error for a folder that cannot be made, read or written."""
    return StateError(
        _("Mappen {folder} kan ikke bruges til kontrollens hukommelse.").format(folder=folder)
    )
