"""A site whose plans lie in SharePoint, on a server of this test's own."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from cryptography import x509

from tests.certificates import write_certificate
from tests.graph_server import GraphServer
from tests.sync.stores.sharepoint.helpers import SharePointSite


@pytest.fixture(scope="session")
def registered(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, x509.Certificate]:
    """The file with the application's certificate, and the certificate as it is registered."""
    file = tmp_path_factory.mktemp("keys") / "sharepoint.pem"
    return file, write_certificate(file)


@pytest.fixture
def server(registered: tuple[Path, x509.Certificate]) -> Iterator[GraphServer]:
    with GraphServer() as server:
        server.tokens.certificate = registered[1]
        yield server


@pytest.fixture
def site(
    tmp_path: Path, server: GraphServer, registered: tuple[Path, x509.Certificate]
) -> SharePointSite:
    site = SharePointSite(tmp_path / "site", server=server, certificate=registered[0])
    site.configure_sharepoint()
    server.folder("Planer")
    return site
