"""What all places in Google share in a run: the account, its requests, what is remembered."""

from __future__ import annotations

import json
import logging
import time
from collections.abc import Iterator
from contextlib import ExitStack, closing, contextmanager
from dataclasses import dataclass, field
from functools import cached_property
from pathlib import Path
from typing import Any

from google.auth.transport.requests import AuthorizedSession, Request
from google.oauth2.service_account import Credentials
from requests import Session
from requests.adapters import HTTPAdapter

from rules.text.marking import N_
from sync.config.job import GoogleSection
from sync.config.section import is_open_to_others
from sync.i18n.language import _
from sync.stores.base import NeedsPerson
from sync.stores.google.drive_cache import DriveCache
from sync.stores.google.refusals import Forbidden, Gone
from sync.stores.google.request_builders import Protection
from sync.stores.google.requests import Requests
from sync.stores.patience import Patience
from sync.stores.transport import Redirected, Refusing

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


def session_of(credentials: Credentials, address: str = "") -> Session:
    """A session that signs its requests; `address` takes Google's place in tests.

    It reaches the job's hosts and no other: some versions of google-auth look up where an
    account may be used, in the background, at a host that the job has no business with.
    """
    tokens = Session()
    session: Session = AuthorizedSession(credentials, auth_request=Request(tokens))  # type: ignore[no-untyped-call]  # google-auth has no types
    for one in (tokens, session):
        one.trust_env = not address
        for scheme in ("https://", "http://"):
            one.mount(scheme, Refusing())
        for host in HOSTS:
            one.mount(host, Redirected(address) if address else HTTPAdapter())
    return session


def credentials_in(key_file: Path, subject: str = "") -> Credentials:
    """The service account of a key file as Google gives it out, speaking for a `subject` if given.

    Raises:
        NeedsPerson: it is missing, or no such file.
    """
    try:
        info: dict[str, Any] = json.loads(key_file.read_text(encoding="utf-8"))
        credentials: Credentials = Credentials.from_service_account_info(  # type: ignore[no-untyped-call]  # google-auth has no types
            info, scopes=SCOPES, subject=subject or None
        )
    except OSError as error:
        raise NeedsPerson(_("Nøglefilen til Google findes ikke eller kan ikke læses.")) from error
    except (ValueError, KeyError, AttributeError, TypeError) as error:
        raise NeedsPerson(_(_BAD_KEY)) from error
    if is_open_to_others(key_file):
        LOG.warning("%s can be read by others; protect it with: chmod 600", key_file)
    return credentials


@dataclass
class Connection:
    """The connection to Google; nothing is opened before it is needed.

    Without `writes` nothing is kept in the state folder. `began` is when the run began (seconds).
    What it opens raises NeedsPerson where the key file cannot be used.
    """

    settings: GoogleSection
    state: Path
    writes: bool = False
    patience: Patience = field(default_factory=Patience)
    began: float = field(default_factory=time.time)
    _opened: ExitStack = field(default_factory=ExitStack, init=False)

    @cached_property
    def credentials(self) -> Credentials:
        """What speaks for the service account."""
        return credentials_in(self.settings.credentials, self.settings.subject)

    @cached_property
    def requests(self) -> Requests:
        """The requests of the account."""
        session = session_of(self.credentials, self.settings.address)
        self._opened.enter_context(session)
        reads, writes = self.settings.reads_per_minute, self.settings.writes_per_minute
        return Requests(session, reads, writes, self.patience)

    @cached_property
    def cache(self) -> DriveCache:
        """What is remembered between runs.

        Raises:
            StateError: the state folder cannot be used.
        """
        return self._opened.enter_context(closing(DriveCache(self.state, writes=self.writes)))

    @property
    def email(self) -> str:
        """The address that spreadsheets are shared with."""
        return self.settings.subject or str(self.credentials.service_account_email)

    @property
    def protection(self) -> Protection:
        """How the job's places are protected."""
        return Protection(self.email, self.settings.lock_kontrol)

    @contextmanager
    def explained(self, forbidden: str, gone: str = "") -> Iterator[None]:
        """Say in words what a person must do; `{email}` in them becomes the account's address.

        Raises:
            NeedsPerson: in place of Forbidden, and of Gone where there are words for it.
        """
        try:
            yield
        except (Forbidden, Gone) as error:
            said = forbidden if isinstance(error, Forbidden) else gone
            if not said:
                raise
            raise NeedsPerson(said.format(email=self.email)) from error

    def close(self) -> None:
        """Close what was opened."""
        self._opened.close()
