"""Requests to Microsoft Graph and to the addresses that it hands out: HTTP is known here alone.

What only reads is sent again after any passing failure; what writes only where it surely was not
begun. Otherwise the outcome is `Unclear`, and the caller has to look. The token goes to Graph and
nowhere else. An address that Graph hands out is a key by itself: it is neither logged nor kept.
"""

from __future__ import annotations

import logging
from collections.abc import Callable, Iterator, Mapping
from contextlib import suppress
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime
from http import HTTPStatus
from typing import Any, NewType

import requests
from requests import Response, Session
from requests.adapters import HTTPAdapter

from rules.text.marking import N_
from sync.i18n.language import _
from sync.stores.base import Again, HeldOpen, NeedsPerson, StoreError, TryAgain
from sync.stores.files.replace import CHANGED
from sync.stores.files.untrusted import TooLargeError
from sync.stores.patience import Patience
from sync.stores.transport import Redirected, retry_after, was_not_begun

Json = dict[str, Any]
UploadSession = NewType("UploadSession", str)
"""The address of an upload that was begun. It must not be told to anybody."""
LOG = logging.getLogger("helhedsplan")
_GRAPH = "https://graph.microsoft.com/v1.0"
PIECE = 20 * 320 * 1024
"""How many bytes of a file go in one request: a multiple of 320 KiB, below 60 MiB."""
_THROTTLED, _FOR_GOOD = {429, 509}, {501, 507}
_KINDS = {"children", "content", "createSession", "createUploadSession", "names", "token",
          "uploadSession", "versions"}  # fmt: skip
BUSY = N_("Microsoft svarer ikke lige nu. Næste kontrol prøver igen.")
_IN_USE = N_("Regnearket er åbent hos en kollega. Når det er lukket, skriver næste kontrol.")
_CHECKED_OUT = N_(
    "Regnearket er tjekket ud hos en kollega. Når det er tjekket ind, skriver næste kontrol."
)
_FORBIDDEN = N_(
    "SharePoint tillader det ikke ({code}). Måske bærer filen et følsomhedsmærke eller en "
    "opbevaringsmærkat. Bed it-afdelingen se på det og på kontrollens rettigheder."
)
_FULL = N_("Der er ikke mere plads i SharePoint. Bed it-afdelingen om hjælp.")
_UNKNOWN = N_("Microsoft afviser kontrollens adgang. Bed it-afdelingen se på certifikatet.")
_GONE = N_("Filen forsvandt under kontrollen.")


class Unclear(TryAgain):
    """Nobody knows whether the write took effect."""


class Changed(TryAgain):
    """It is not the version that was meant, or something stands there already."""


class Gone(TryAgain):
    """There is no such thing."""


class Forbidden(NeedsPerson):
    """The application may not do this."""


class _RefusedToken(NeedsPerson):
    """The token is not taken, and nothing was begun."""


class Http:
    """Sends requests, each within the time that is left. Through it msal asks for tokens too.

    `address` takes the place of every host in tests.
    """

    def __init__(self, address: str, patience: Patience) -> None:
        self.patience = patience
        self.now = datetime.min.replace(tzinfo=UTC)
        self.record: list[Json] | None = None
        """What was asked and answered from when it is a list: no contents, names or keys."""
        self._session = Session()
        self._session.trust_env = not address
        self._session.mount("https://", Redirected(address) if address else HTTPAdapter())

    def get(self, url: str, **options: Any) -> Response:
        """An answer, be it a refusal; asked again after a passing failure."""
        return self.patience.repeated(lambda: self.once("GET", url, options))

    def post(self, url: str, **options: Any) -> Response:
        """As `get`: a token may be asked for twice."""
        return self.patience.repeated(lambda: self.once("POST", url, options))

    def close(self) -> None:
        """Close the connections."""
        self._session.close()

    def once(
        self, method: str, url: str, options: Mapping[str, Any], *, writes: bool = False
    ) -> Response:
        """An answer, be it a refusal for good.

        Raises:
            Again: nothing was begun, or it only reads.
            Unclear: it writes, and may have taken effect.
        """
        options = {"allow_redirects": False, **options, "timeout": self.patience.timeouts}
        broken_off = Unclear(_(BUSY)) if writes else Again(_(BUSY))
        try:
            response: Response = self._session.request(method, url, **options)
        except requests.RequestException as error:  # its text may hold the address
            raise (Again(_(BUSY)) if was_not_begun(error) else broken_off) from None
        if date := response.headers.get("Date"):
            self.now = parsedate_to_datetime(date).astimezone(UTC)
        self._note(method, url, options, response)
        status, after = response.status_code, retry_after(response)
        if status in _THROTTLED or (status == HTTPStatus.SERVICE_UNAVAILABLE and after):
            raise Again(_(BUSY), after)
        is_for_good = status in _FOR_GOOD and (writes or url.startswith(_GRAPH))
        if status >= 500 and not is_for_good:
            raise broken_off
        return response

    def _note(self, method: str, url: str, options: Mapping[str, Any], response: Response) -> None:
        """Log a refusal, and record the exchange as it may be shown to anybody."""
        status, last = response.status_code, url.partition("?")[0].rpartition("/")[2]
        exchange = {
            "verb": method,
            "what": last if last in _KINDS else "item",
            "if-match": "if-match" in (options.get("headers") or {}),
            "status": status,
            "codes": _error_in(response)[0] if status >= 400 else [],
            "request-id": response.headers.get("request-id", ""),
            "seconds": round(response.elapsed.total_seconds(), 3),
        }
        if status >= 400:
            LOG.info("refused by Microsoft", extra={"keys": exchange})
        if self.record is not None:
            self.record.append(exchange)


class Graph:
    """The application's requests. Whatever asks raises StoreError where it is refused.

    `token` gives out a token that holds now, and is another than the one that was refused ("").
    """

    def __init__(self, token: Callable[[str], str], http: Http) -> None:
        self.token, self.http = token, http

    def get(self, path: str, params: Mapping[str, str] | None = None) -> Json:
        """What Graph tells of something; `path` begins behind the version."""
        return _json(self._ask("GET", _GRAPH + path, params=params))

    def pages(self, path: str, params: Mapping[str, str]) -> Iterator[Json]:
        """Every entry of a list, page by page."""
        page = self.get(path, params)
        yield from page.get("value", ())
        while (following := page.get("@odata.nextLink", "")).startswith(f"{_GRAPH}/"):
            page = _json(self._ask("GET", following))
            yield from page.get("value", ())

    def post(self, path: str) -> None:
        """Let something be done, by a request without a body."""
        self._ask("POST", _GRAPH + path, writes=True)

    def delete(self, path: str, if_match: str) -> None:
        """Delete something, if it is this version; it goes to the recycle bin."""
        self._ask("DELETE", _GRAPH + path, headers={"if-match": if_match}, writes=True)

    def download(self, path: str, most_bytes: int) -> bytes:
        """The content of a file. The address to which Graph leads gets no token.

        Raises:
            TooLargeError: it is more than `most_bytes`.
        """

        def fetched() -> bytes:
            answer = self._signed("GET", _GRAPH + path, {})
            if answer.is_redirect:
                answer = self._once("GET", answer.headers["Location"], {"stream": True})
            return _streamed(answer, most_bytes)

        return self.http.patience.repeated(fetched)

    def open_session(self, path: str, behaviour: str, if_match: str = "") -> UploadSession:
        """Begin to replace a file, if it is this version, or to make one; `path` is the file's.

        It may be asked for again: nothing is written before the last piece is sent.
        """
        body = {"item": {"@microsoft.graph.conflictBehavior": behaviour}}
        headers = {"if-match": if_match} if if_match else {}
        url = f"{_GRAPH}{path}/createUploadSession"
        return UploadSession(_json(self._ask("POST", url, headers=headers, json=body))["uploadUrl"])

    def send(self, session: UploadSession, data: bytes, start: int = 0) -> Json:
        """Send a file from this byte on; what Graph then tells of it."""
        while True:
            end = min(start + PIECE, len(data))
            headers = {"Content-Range": f"bytes {start}-{end - 1}/{len(data)}"}
            answer = self._ask(
                "PUT", session, headers=headers, data=data[start:end], writes=True,
                is_signed=False,
            )  # fmt: skip
            if answer.status_code != HTTPStatus.ACCEPTED:
                return _json(answer, writes=True)
            if (following := _next_start(_json(answer, writes=True))) <= start:
                raise Unclear(_(BUSY))
            start = following

    def received(self, session: UploadSession) -> int:
        """Up to which byte a session has its file.

        Raises:
            Gone: the session has ended, one way or the other.
        """
        return _next_start(_json(self._ask("GET", session, is_signed=False)))

    def cancel(self, session: UploadSession) -> None:
        """End a session, so that it does not stand in the way; it ends by itself in any case."""
        with suppress(TryAgain):
            self.http.once("DELETE", session, {})

    def _ask(
        self, method: str, url: str, *, writes: bool = False, is_signed: bool = True, **options: Any
    ) -> Response:
        """Send a request, again where that is safe, until it is answered."""
        send = self._signed if is_signed else self._once
        return self.http.patience.repeated(lambda: send(method, url, options, writes=writes))

    def _signed(
        self, method: str, url: str, options: Mapping[str, Any], *, writes: bool = False
    ) -> Response:
        """Send a request with a token; with another where that is refused: nothing was begun."""

        def sent(token: str) -> Response:
            headers = {**options.get("headers", {}), "Authorization": f"Bearer {token}"}
            return self._once(method, url, {**options, "headers": headers}, writes=writes)

        token = self.token("")
        try:
            return sent(token)
        except _RefusedToken:
            return sent(self.token(token))

    def _once(
        self, method: str, url: str, options: Mapping[str, Any], *, writes: bool = False
    ) -> Response:
        response = self.http.once(method, url, options, writes=writes)
        if response.status_code >= 400:
            raise _refusal(response)
        return response


def _json(response: Response, *, writes: bool = False) -> Json:
    try:
        return dict(response.json())
    except ValueError:
        raise Unclear(_(BUSY)) if writes else TryAgain(_(BUSY)) from None


def _streamed(response: Response, most_bytes: int) -> bytes:
    """The body, whole.

    Raises:
        TooLargeError: it is more than `most_bytes`.
    """
    content = bytearray()
    try:
        for piece in response.iter_content(65_536):
            content += piece
            if len(content) > most_bytes:
                raise TooLargeError
    except requests.RequestException:
        raise Again(_(BUSY)) from None
    finally:
        response.close()
    return bytes(content)


def _next_start(answer: Json) -> int:
    ranges = answer.get("nextExpectedRanges", ())
    first = str(ranges[0]).partition("-")[0] if ranges else ""
    return int(first) if first.isdigit() else 0


def _refusal(response: Response) -> StoreError:
    status, (codes, message) = response.status_code, _error_in(response)
    match status:
        case HTTPStatus.UNAUTHORIZED if "Authorization" in response.request.headers:
            return _RefusedToken(_(_UNKNOWN))
        case HTTPStatus.UNAUTHORIZED | HTTPStatus.NOT_FOUND | HTTPStatus.GONE:
            return Gone(_(_GONE))
        case HTTPStatus.PRECONDITION_FAILED | HTTPStatus.REQUESTED_RANGE_NOT_SATISFIABLE:
            return Changed(_(CHANGED))
        case HTTPStatus.LOCKED:
            is_checked_out = "resourceCheckedOut" in codes or "checked out" in message
            return HeldOpen(_(_CHECKED_OUT if is_checked_out else _IN_USE))
        case HTTPStatus.CONFLICT if "upload session" in message:
            return HeldOpen(_(_IN_USE))
        case HTTPStatus.CONFLICT:
            return Changed(_(CHANGED))
        case HTTPStatus.INSUFFICIENT_STORAGE:
            return NeedsPerson(_(_FULL))
        case _:
            return Forbidden(_(_FORBIDDEN).format(code=codes[-1] if codes else status))


def _error_in(response: Response) -> tuple[list[str], str]:
    """The codes of an error, the most detailed one last, and its message in small letters."""
    codes, message = [], ""
    try:
        error = response.json()["error"]
        message = str(error.get("message", "")).casefold()
        while isinstance(error, dict):
            if code := error.get("code"):
                codes.append(str(code))
            error = error.get("innerError") or error.get("innererror")
    except (ValueError, KeyError, TypeError, AttributeError, requests.RequestException):
        pass  # what is not from Graph itself, but from something on the way to it
    return codes, message
