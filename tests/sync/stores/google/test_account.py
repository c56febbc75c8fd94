"""The account's sessions: which hosts they reach."""

from __future__ import annotations

import socket
import time
from typing import Any
from urllib.parse import urlsplit

import pytest
import requests
from requests.adapters import HTTPAdapter

from sync.stores import transport
from sync.stores.google import connection
from sync.stores.google.connection import credentials_in, session_of
from tests.sync.helpers import PATIENCE_SECONDS, book
from tests.sync.stores.google.helpers import GoogleSite

LOOKED_UP_AT = "iamcredentials.googleapis.com"


@pytest.fixture
def resolved(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """The hosts to which a connection was attempted."""
    hosts: list[str] = []
    getaddrinfo = socket.getaddrinfo

    def recorded(host: str, *args: Any, **options: Any) -> Any:
        hosts.append(host)
        return getaddrinfo(host, *args, **options)

    monkeypatch.setattr(socket, "getaddrinfo", recorded)
    return hosts


def test_a_run_asks_no_host_but_its_own(
    site: GoogleSite, resolved: list[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    refused: list[str] = []
    send = transport.Refusing.send

    def recorded(adapter: Any, request: requests.PreparedRequest, **options: Any) -> Any:
        refused.append(urlsplit(request.url or "").netloc)
        return send(adapter, request, **options)

    monkeypatch.setattr(transport.Refusing, "send", recorded)
    site.spreadsheet("Vapnagaard", book(cells={"Indsatser!I2": "'ca. 5"}))

    result = site.sync()

    assert result.written == ["Vapnagaard"]
    ends_at = time.monotonic() + PATIENCE_SECONDS
    while not refused and time.monotonic() < ends_at:
        time.sleep(0.01)
    assert set(refused) == {LOOKED_UP_AT}
    assert set(resolved) == {"127.0.0.1"}
    assert [one.path for one in site.server.asked if "allowedLocations" in one.path] == []


def test_another_host_is_refused_before_anything_is_sent(
    site: GoogleSite, resolved: list[str]
) -> None:
    session = session_of(credentials_in(site.key_file))

    for url in (f"https://{LOOKED_UP_AT}/v1/x", "http://sheets.googleapis.com/v4/x"):
        with pytest.raises(requests.ConnectionError, match="sends nothing to"):
            session.send(requests.Request("GET", url).prepare())
    assert resolved == []


@pytest.mark.parametrize("host", connection.HOSTS)
def test_the_hosts_of_the_job_are_reached_as_ever(site: GoogleSite, host: str) -> None:
    adapter = session_of(credentials_in(site.key_file)).get_adapter(f"{host}v4/x")

    assert type(adapter) is HTTPAdapter
