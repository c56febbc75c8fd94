"""Requests to Microsoft Graph and to the addresses that it hands out: HTTP is known here alone.

What only reads is sent again after any passing failure; what writes only where it surely was not
begun. Otherwise the outcome is `Unclear`, and the caller has to look. The token goes to Graph and
nowhere else. An address that Graph hands out is a key by itself: it is neither logged nor kept.
"""

from __future__ import annotations

import logging
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime
from http import HTTPStatus
from itertools import count
from typing import Any, Protocol

import requests
from requests import Response, Session
from requests.adapters import HTTPAdapter

from rules.text.marking import N_
from sync.i18n.language import _
from sync.stores.base import Again, HeldOpen, NeedsPerson, StoreError, TryAgain
from sync.stores.files.replace import CHANGED
from sync.stores.files.untrusted import TooLargeError
from sync.stores.patience import Patience
from sync.stores.transport import Redirected, was_not_begun

Json = dict[str, Any]
LOG = logging.getLogger("helhedsplan")
_GRAPH = "https://graph.microsoft.com/v1.0"
PIECE = 20 * 320 * 1024
"""How many bytes of a file go in one request: a multiple of 320 KiB, below 60 MiB."""
_BLOCK = 65_536
_THROTTLED, _FOR_GOOD = {429, 509}, {501, 507}
_KINDS = {"children", "content", "createSession", "createUploadSession", "names", "uploadSession",
          "versions"}  # fmt: skip
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


class Identity(Protocol):
    """Who asks."""

    @property
    def client_id(self) -> str:
        """The application's id."""

    def token(self) -> str:
        """A token for Graph that holds now."""

    def roles(self) -> list[str]:
        """The application permissions that were granted."""


@dataclass(frozen=True, slots=True)
class UploadSession:
    """An upload that was begun. `address` must not be told to anybody."""

    address: str
    opened_at: datetime


def session_to(address: str = "") -> Session:
    """A session that keeps its connections; `address` takes the place of every host in tests."""
    session = Session()
    session.trust_env = not address
    session.mount("https://", Redirected(address) if address else HTTPAdapter())
    return session


class Graph:
    """The application's requests. Whatever asks raises StoreError where it is refused."""

    def __init__(self, identity: Identity, session: Session, patience: Patience) -> None:
        self.identity = identity
        self.patience = patience
        self.now = datetime.min.replace(tzinfo=UTC)
        self.record: list[Json] | None = None
        """What was asked and answered from when it is a list: no contents, names or keys."""
        self._session = session

    def get(self, path: str, params: Mapping[str, str] | None = None) -> Json:
        """What Graph tells of something; `path` begins behind the version."""
        return _json(self._ask("GET", _GRAPH + path, params=params))

    def pages(self, path: str, params: Mapping[str, str]) -> Iterator[Json]:
        """Every entry of a list, page by page."""
        page = self.get(path, params)
        while True:
            yield from page.get("value", ())
            following = page.get("@odata.nextLink", "")
            if not following.startswith(f"{_GRAPH}/"):
                return
            page = _json(self._ask("GET", following))

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
            answer = self._once("GET", _GRAPH + path, self._signed({}), {"allow_redirects": False})
            if not answer.is_redirect:
                return _streamed(answer, most_bytes)
            options = {"stream": True, "allow_redirects": False}
            return _streamed(self._once("GET", answer.headers["Location"], {}, options), most_bytes)

        return self.patience.repeated(fetched)

    def open_session(self, path: str, behaviour: str, if_match: str = "") -> UploadSession:
        """Begin to replace a file, if it is this version, or to make one.

        It may be asked for again: nothing is written before the last piece is sent.
        """
        body = {"item": {"@microsoft.graph.conflictBehavior": behaviour}}
        headers = {"if-match": if_match} if if_match else {}
        answer = _json(self._ask("POST", f"{_GRAPH}{path}", headers=headers, json=body))
        return UploadSession(str(answer["uploadUrl"]), self.now)

    def send(self, session: UploadSession, data: bytes, start: int = 0) -> Json:
        """Send a file from this byte on; what Graph then tells of it."""
        for _piece in count():
            end = min(start + PIECE, len(data))
            headers = {"Content-Range": f"bytes {start}-{end - 1}/{len(data)}"}
            answer = self._ask(
                "PUT", session.address, headers=headers, data=data[start:end], writes=True,
                is_signed=False,
            )  # fmt: skip
            if answer.status_code != HTTPStatus.ACCEPTED:
                return _json(answer, writes=True)
            if (following := _next_start(_json(answer, writes=True))) <= start:
                break
            start = following
        raise Unclear(_(BUSY))

    def received(self, session: UploadSession) -> int:
        """Up to which byte a session has its file.

        Raises:
            Gone: the session has ended, one way or the other.
        """
        return _next_start(_json(self._ask("GET", session.address, is_signed=False)))

    def cancel(self, session: UploadSession) -> None:
        """End a session, so that it does not stand in the way; it ends by itself in any case."""
        try:
            answer = self._session.delete(session.address, timeout=self.patience.timeouts)
        except (requests.RequestException, TryAgain):
            return
        LOG.debug("an upload was called off: %s", answer.status_code)

    def _signed(self, headers: Mapping[str, str]) -> dict[str, str]:
        return {**headers, "Authorization": f"Bearer {self.identity.token()}"}

    def _ask(
        self,
        method: str,
        url: str,
        *,
        headers: Mapping[str, str] | None = None,
        writes: bool = False,
        is_signed: bool = True,
        **options: Any,
    ) -> Response:
        """Send a request, again where that is safe, until it is answered."""

        def sent() -> Response:
            with_token = self._signed(headers or {}) if is_signed else dict(headers or {})
            return self._once(method, url, with_token, options, writes=writes)

        return self.patience.repeated(sent)

    def _once(
        self,
        method: str,
        url: str,
        headers: Mapping[str, str],
        options: Mapping[str, Any],
        *,
        writes: bool = False,
    ) -> Response:
        options = {"allow_redirects": False, **options, "timeout": self.patience.timeouts}
        try:
            response: Response = self._session.request(method, url, headers=headers, **options)
        except requests.RequestException as error:  # its text may hold the address
            if writes and not was_not_begun(error):
                raise Unclear(_(BUSY)) from None
            raise Again(_(BUSY)) from None
        if self.record is not None:
            self.record.append(_recorded(method, url, headers, response))
        if date := response.headers.get("Date"):
            self.now = parsedate_to_datetime(date).astimezone(UTC)
        if response.status_code >= 400:
            raise _refusal(response, method, writes=writes)
        return response


def _recorded(method: str, url: str, headers: Mapping[str, str], response: Response) -> Json:
    """One exchange as it may be shown to anybody."""
    last = url.partition("?")[0].rpartition("/")[2]
    return {
        "verb": method,
        "what": last if last in _KINDS else "item",
        "if-match": "if-match" in headers,
        "status": response.status_code,
        "codes": _error_in(response)[0] if response.status_code >= 400 else [],
        "seconds": round(response.elapsed.total_seconds(), 3),
    }


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
    pieces, left = [], most_bytes
    try:
        for piece in response.iter_content(_BLOCK):
            pieces.append(piece)
            left -= len(piece)
            if left < 0:
                raise TooLargeError
    except requests.RequestException:
        raise Again(_(BUSY)) from None
    finally:
        response.close()
    content = b"".join(pieces)
    declared = response.headers.get("Content-Length", "")
    if declared.isdigit() and int(declared) != len(content):
        raise Again(_(BUSY))
    return content


def _next_start(answer: Json) -> int:
    ranges = answer.get("nextExpectedRanges", ())
    first = str(ranges[0]).partition("-")[0] if ranges else ""
    return int(first) if first.isdigit() else 0


def _refusal(response: Response, method: str, *, writes: bool) -> StoreError:
    status, (codes, message) = response.status_code, _error_in(response)
    request_id = response.headers.get("request-id", "")
    refused = {"verb": method, "status": status, "codes": codes, "request-id": request_id}
    LOG.info("refused by Graph", extra={"keys": refused})
    after = response.headers.get("Retry-After", "")
    if status in _THROTTLED or (status == HTTPStatus.SERVICE_UNAVAILABLE and after):
        return Again(_(BUSY), float(after) if after.isdigit() else 0.0)
    if status >= 500 and status not in _FOR_GOOD:
        return Unclear(_(BUSY)) if writes else Again(_(BUSY))
    code = codes[-1] if codes else str(status)
    match status:
        case HTTPStatus.UNAUTHORIZED:
            return NeedsPerson(_(_UNKNOWN))
        case HTTPStatus.NOT_FOUND | HTTPStatus.GONE:
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
            return Forbidden(_(_FORBIDDEN).format(code=code))


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
