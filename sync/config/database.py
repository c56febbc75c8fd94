"""The address of a PostgreSQL database, without any secret in it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from urllib.parse import parse_qsl, unquote, urlsplit

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
