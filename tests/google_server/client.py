"""Google's clients, led to the server on loopback: every request to a Google host goes there."""

from __future__ import annotations

from functools import cache
from pathlib import Path
from typing import Any

import gspread
import requests
from google.auth.transport.requests import AuthorizedSession, Request
from google.oauth2.service_account import Credentials
from requests.adapters import HTTPAdapter

HOSTS = ("sheets.googleapis.com", "www.googleapis.com", "oauth2.googleapis.com")
SCOPES = (
    "https://www.googleapis.com/auth/spreadsheets",
    "https://www.googleapis.com/auth/drive",
)


class Redirected(HTTPAdapter):
    """A transport that asks the server at `url` whatever a Google host was asked."""

    def __init__(self, url: str) -> None:
        self.url = url
        super().__init__()

    def send(
        self, request: requests.PreparedRequest, *args: Any, **kwargs: Any
    ) -> requests.Response:
        request.url = self.url + request.path_url
        return super().send(request, *args, **kwargs)


def session_of(url: str, key_file: Path, scopes: tuple[str, ...] = SCOPES) -> AuthorizedSession:
    """A session of the service account; its tokens come from the server too."""
    plain = requests.Session()
    credentials = _credentials(key_file).with_scopes(scopes)
    session = AuthorizedSession(  # type: ignore[no-untyped-call]
        credentials, auth_request=Request(plain)
    )
    for host in HOSTS:
        plain.mount(f"https://{host}", Redirected(url))
        session.mount(f"https://{host}", Redirected(url))
    return session


@cache
def _credentials(key_file: Path) -> Credentials:
    """Reading a key takes a while, since it is checked for being one."""
    credentials: Credentials = Credentials.from_service_account_file(  # type: ignore[no-untyped-call]
        key_file
    )
    return credentials


def client_of(url: str, key_file: Path) -> gspread.Client:
    """gspread as the service account."""
    session = session_of(url, key_file)
    return gspread.Client(auth=session.credentials, session=session)
