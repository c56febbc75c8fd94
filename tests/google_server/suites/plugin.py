"""A pytest plugin: whatever the tests ask of a Google host is answered by the server."""

from __future__ import annotations

import os
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
import requests
from requests.adapters import HTTPAdapter

from tests.google_server import GoogleServer
from tests.google_server.client import HOSTS

PRIVATE = "1jIKzPs8LsiZZdLdeMEP-5ZIHw6RkjiOmj1LrJN706Yc"  # gspread's tests know it as nobody's
CREDENTIALS = Path(os.environ.get("SUITE_CREDENTIALS", "creds.json"))
CONFIG = Path(os.environ.get("SUITE_CONFIG", "tests.config"))


@pytest.fixture(scope="session", autouse=True)
def google() -> Iterator[GoogleServer]:
    """A server whose service account owns files, as it still could when the suites were written."""
    server = GoogleServer(CREDENTIALS, accounts_own_files=True, forbidden=[PRIVATE])
    with server, pytest.MonkeyPatch.context() as patch:
        patch.setattr(HTTPAdapter, "send", _led_to(server.url))
        if httplib2 := sys.modules.get("httplib2"):
            patch.setattr(httplib2.Http, "request", _led_by_httplib2(httplib2.Http, server.url))
        spreadsheet_id = server.make_spreadsheet("Suite", locale="en_US", owner=server.account)
        CONFIG.write_text(f"[Spreadsheet]\nid: {spreadsheet_id}\n", encoding="utf-8")
        yield server
    print(f"\n{len(server.asked)} requests were answered; {len(server.problems)} not as published")


def _is_google(uri: str) -> bool:
    return any(uri.startswith(f"https://{host}/") for host in HOSTS)


def _led_by_httplib2(http: Any, url: str) -> Any:
    """The same for clients that use httplib2, as Google's own does."""
    plain = http.request

    def request(self: Any, uri: str, *args: Any, **kwargs: Any) -> Any:
        if _is_google(uri):
            uri = f"{url}/{uri.removeprefix('https://').partition('/')[2]}"
        return plain(self, uri, *args, **kwargs)

    return request


def _led_to(url: str) -> Any:
    plain = HTTPAdapter.send

    def send(
        self: HTTPAdapter, request: requests.PreparedRequest, *args: Any, **kwargs: Any
    ) -> requests.Response:
        if _is_google(str(request.url)):
            request.url = url + request.path_url
        return plain(self, request, *args, **kwargs)

    return send
