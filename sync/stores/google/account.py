"""The service account: its key file, its address, and a session that speaks for it."""

from __future__ import annotations

import json
import logging
import os
import stat
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit, urlunsplit

from google.auth.transport.requests import AuthorizedSession, Request
from google.oauth2 import service_account
from requests import ConnectionError as NotConnectedError
from requests import PreparedRequest, Response, Session
from requests.adapters import HTTPAdapter

from rules.text.marking import N_
from sync.i18n.language import _
from sync.stores.base import NeedsPerson

LOG = logging.getLogger("helhedsplan")
SCOPES = (
    "https://www.googleapis.com/auth/spreadsheets",
    "https://www.googleapis.com/auth/drive.metadata.readonly",
)
HOSTS = (
    "https://sheets.googleapis.com/",
    "https://www.googleapis.com/",
    "https://oauth2.googleapis.com/",
    "https://accounts.google.com/",  # where older key files ask for a token
)
_BAD_KEY = N_(
    "Nøglefilen til Google kan ikke bruges. Hent en ny nøgle til kontoen, og skriv dens sti i "
    "konfigurationen."
)


@dataclass(frozen=True)
class Account:
    """A service account. `email` is the address that spreadsheets are shared with."""

    email: str
    credentials: service_account.Credentials

    def session(self, address: str = "") -> Session:
        """A session that signs its requests; `address` takes Google's place in tests.

        It reaches the job's hosts and no other: some versions of google-auth look up where an
        account may be used, in the background, at a host that the job has no business with.
        """
        tokens = Session()
        session: Session = AuthorizedSession(  # type: ignore[no-untyped-call]  # google-auth has no types
            self.credentials, auth_request=Request(tokens)
        )
        for one in (tokens, session):
            one.trust_env = not address
            for scheme in ("https://", "http://"):
                one.mount(scheme, Refusing())
            for host in HOSTS:
                one.mount(host, _Redirected(address) if address else HTTPAdapter())
        return session


def account_in(key_file: Path) -> Account:
    """The account of a key file as Google gives it out.

    Raises:
        NeedsPerson: it is missing, or no such file.
    """
    try:
        info: dict[str, Any] = json.loads(key_file.read_text(encoding="utf-8"))
        credentials = service_account.Credentials.from_service_account_info(  # type: ignore[no-untyped-call]  # google-auth has no types
            info, scopes=SCOPES
        )
    except OSError as error:
        raise NeedsPerson(_("Nøglefilen til Google findes ikke eller kan ikke læses.")) from error
    except (ValueError, KeyError, AttributeError, TypeError) as error:
        raise NeedsPerson(_(_BAD_KEY)) from error
    if is_open_to_others(key_file):
        LOG.warning("%s can be read by others; protect it with: chmod 600", key_file)
    return Account(str(info["client_email"]), credentials)


def is_open_to_others(key_file: Path) -> bool:
    """Whether others than its owner can read the file, and then do what the account can do."""
    return os.name == "posix" and bool(stat.S_IMODE(key_file.stat().st_mode) & 0o077)


class Refusing(HTTPAdapter):
    """Sends nothing: what is meant for a host that the job has no business with ends here."""

    def send(self, request: PreparedRequest, *_args: Any, **_options: Any) -> Response:
        """Refuse the request."""
        raise NotConnectedError(f"the job sends nothing to {urlsplit(request.url or '').netloc}")


class _Redirected(HTTPAdapter):
    """Sends what is meant for Google to another address on this machine."""

    def __init__(self, address: str) -> None:
        super().__init__()
        self._address = urlsplit(address)

    def send(self, request: PreparedRequest, *args: Any, **options: Any) -> Response:
        """Send the request there."""
        wanted = urlsplit(request.url or "")
        address = self._address
        request.url = urlunsplit((address.scheme, address.netloc, wanted.path, wanted.query, ""))
        return super().send(request, *args, **options)
