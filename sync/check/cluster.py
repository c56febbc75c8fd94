"""Reading on the workers of a Dask cluster: `reading.cluster` in the configuration.

The workers see the workbooks, and whoever may speak to the scheduler may run code on them. So
beyond this machine only `tls://` is taken, with certificates.
"""

from __future__ import annotations

from collections.abc import Iterator
from concurrent.futures import Executor
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from rules.text.marking import N_
from sync.i18n.language import _
from sync.stores.base import TryAgain

if TYPE_CHECKING:
    from distributed import Client

_OUT_OF_REACH = N_(
    "Klyngen på {address} kan ikke nås, så regnearkene blev ikke læst. Se, om den kører."
)
_NO_WORKERS = N_("Klyngen på {address} har ingen maskiner, der læser. Start dem.")
_CONNECT_SECONDS = 10.0


@dataclass(frozen=True, slots=True)
class Cluster:
    """A Dask cluster: its scheduler's address, and the files of TLS (PEM) where it has them."""

    address: str
    authority: Path | None = None
    certificate: Path | None = None
    key: Path | None = None

    def workers(self) -> int:
        """How many workers it has.

        Raises:
            TryAgain: it cannot be reached, or has none.
        """
        with self.connected() as connection, connection.executor():
            return connection.workers()

    @contextmanager
    def connected(self) -> Iterator[Connection]:
        """A connection to it.

        Raises:
            TryAgain: it cannot be reached, or has no workers.
        """
        from distributed import Client, Security  # noqa: PLC0415  an extra, and slow to load

        security = None
        if self.address.startswith("tls://"):
            security = Security(
                require_encryption=True,
                tls_ca_file=str(self.authority),
                tls_client_cert=str(self.certificate),
                tls_client_key=str(self.key),
            )
        try:
            client = Client(
                self.address, timeout=_CONNECT_SECONDS, security=security, set_as_default=False
            )
        except (OSError, ValueError) as error:
            raise TryAgain(_(_OUT_OF_REACH).format(address=self.address)) from error
        with client:
            yield Connection(self.address, client)


def cluster_at(
    address: str, authority: Path | None, certificate: Path | None, key: Path | None
) -> Cluster | None:
    """The cluster at the address; None where there is none."""
    return Cluster(address, authority, certificate, key) if address else None


class Connection:
    """A client of the cluster, which gives executors for as long as there are workers."""

    def __init__(self, address: str, client: Client) -> None:
        self._address = address
        self._client = client

    @contextmanager
    def executor(self) -> Iterator[Executor]:
        """An executor on the workers; what is not done at its end is given up.

        Raises:
            TryAgain: there are no workers.
        """
        try:
            self._client.wait_for_workers(1, timeout=_CONNECT_SECONDS)
        except (OSError, TimeoutError) as error:
            raise TryAgain(_(_NO_WORKERS).format(address=self._address)) from error
        executor = self._client.get_executor(pure=False)
        try:
            yield executor
        finally:
            executor.shutdown(wait=False)

    def workers(self) -> int:
        """How many workers are there to read."""
        return len(self._client.scheduler_info(n_workers=-1)["workers"])
