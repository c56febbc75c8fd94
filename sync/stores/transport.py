"""Where requests end: at a server in a service's place, nowhere, or before they were sent."""

from __future__ import annotations

from typing import Any
from urllib.parse import urlsplit, urlunsplit

import requests
from requests import ConnectionError as NotConnectedError
from requests import PreparedRequest, Response
from requests.adapters import HTTPAdapter
from urllib3.exceptions import ConnectTimeoutError, MaxRetryError, NewConnectionError

_NOT_BEGUN = (NewConnectionError, ConnectTimeoutError)


class Refusing(HTTPAdapter):
    """Sends nothing: what is meant for a host that the job has no business with ends here."""

    def send(self, request: PreparedRequest, *_args: Any, **_options: Any) -> Response:
        """Refuse the request."""
        raise NotConnectedError(f"the job sends nothing to {urlsplit(request.url or '').netloc}")


class Redirected(HTTPAdapter):
    """Sends what is meant for a service to another address on this machine."""

    def __init__(self, address: str) -> None:
        super().__init__()
        self._address = urlsplit(address)

    def send(self, request: PreparedRequest, *args: Any, **options: Any) -> Response:
        """Send the request there."""
        wanted = urlsplit(request.url or "")
        address = self._address
        request.url = urlunsplit((address.scheme, address.netloc, wanted.path, wanted.query, ""))
        return super().send(request, *args, **options)


def was_not_begun(error: requests.RequestException) -> bool:
    """Whether the request surely was not sent: no connection was made."""
    cause = error.args[0] if error.args else None
    reason = cause.reason if isinstance(cause, MaxRetryError) else cause
    return isinstance(error, requests.ConnectTimeout) or isinstance(reason, _NOT_BEGUN)


def retry_after(response: Response) -> float:
    """How many seconds a service asks to be left alone for; 0 where it does not say."""
    after = response.headers.get("Retry-After", "")
    return float(after) if after.isdigit() else 0.0
