"""What all places in Google share in a run: the account, its requests, what is remembered."""

from __future__ import annotations

from dataclasses import dataclass, field
from functools import cached_property
from pathlib import Path

from sync.stores.google.account import Account, account_in
from sync.stores.google.drive_cache import Memory
from sync.stores.google.quota import Patience
from sync.stores.google.request_builders import Protection
from sync.stores.google.requests import Quotas, Requests


@dataclass
class Connection:
    """The way to Google; nothing is opened before it is needed.

    `address` takes Google's place in tests. Without `writes` nothing is kept in the state folder.
    """

    key_file: Path
    state: Path
    writes: bool = False
    address: str = ""
    locks_kontrol: bool = False
    full_every: float = 86_400.0
    quotas: Quotas = field(default_factory=Quotas)
    patience: Patience = field(default_factory=Patience)

    @cached_property
    def account(self) -> Account:
        """The service account.

        Raises:
            NeedsPerson: the key file cannot be used.
        """
        return account_in(self.key_file)

    @cached_property
    def requests(self) -> Requests:
        """The requests of the account.

        Raises:
            NeedsPerson: the key file cannot be used.
        """
        return Requests(self.account.session(self.address), self.quotas, self.patience)

    @cached_property
    def memory(self) -> Memory:
        """What is remembered between runs.

        Raises:
            StateError: the state folder cannot be used.
        """
        return Memory(self.state, writes=self.writes)

    def close(self) -> None:
        """Let go of what was opened."""
        opened = vars(self)
        if "requests" in opened:
            self.requests.session.close()
        if "memory" in opened:
            self.memory.close()

    @property
    def email(self) -> str:
        """The address that spreadsheets are shared with.

        Raises:
            NeedsPerson: the key file cannot be used.
        """
        return self.account.email

    @property
    def protection(self) -> Protection:
        """How the job's places are protected.

        Raises:
            NeedsPerson: the key file cannot be used.
        """
        return Protection(self.email, self.locks_kontrol)
