"""What all places in Google share in a run: the account, its requests, what is remembered."""

from __future__ import annotations

from contextlib import ExitStack, closing
from dataclasses import dataclass, field
from functools import cached_property
from pathlib import Path

from sync.stores.google.account import Account, account_in
from sync.stores.google.drive_cache import DriveCache
from sync.stores.google.request_builders import Protection
from sync.stores.google.requests import Patience, Quotas, Requests


@dataclass
class Connection:
    """The connection to Google; nothing is opened before it is needed.

    `address` takes Google's place in tests. Without `writes` nothing is kept in the state folder.
    What it opens raises NeedsPerson where the key file cannot be used.
    """

    key_file: Path
    state: Path
    writes: bool = False
    address: str = ""
    locks_kontrol: bool = False
    full_every: float = 86_400.0
    quotas: Quotas = field(default_factory=Quotas)
    patience: Patience = field(default_factory=Patience)
    _opened: ExitStack = field(default_factory=ExitStack, init=False)

    @cached_property
    def account(self) -> Account:
        """The service account."""
        return account_in(self.key_file)

    @cached_property
    def requests(self) -> Requests:
        """The requests of the account."""
        session = self._opened.enter_context(self.account.session(self.address))
        return Requests(session, self.quotas, self.patience)

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
        return self.account.email

    @property
    def protection(self) -> Protection:
        """How the job's places are protected."""
        return Protection(self.email, self.locks_kontrol)

    def close(self) -> None:
        """Close what was opened."""
        self._opened.close()
