"""Requests to Google: below its quotas, within the time of a run, and repeated where that is safe.

What only reads is repeated after any passing failure. What writes is repeated only where Google
surely did not begin it: after a 429, or where no connection was made. Otherwise the outcome is
`Unclear`, and the caller has to look.
"""

from __future__ import annotations

import contextlib
import time
from collections import deque
from collections.abc import Mapping
from dataclasses import dataclass, field
from email.utils import parsedate_to_datetime
from math import inf
from typing import Any

import requests
from google.auth.exceptions import GoogleAuthError
from gspread.http_client import HTTPClient, ParamsType
from gspread.urls import SPREADSHEET_BATCH_UPDATE_URL, SPREADSHEET_URL
from requests import Response, Session

from sync.stores.google.refusals import Conflict, failure, interrupted, refusal
from sync.stores.google.snapshot import ANCHORS, THREADS
from sync.stores.patience import Patience

Json = dict[str, Any]
_DRIVE = "https://www.googleapis.com/drive/v3/"
_COMMENTS_MODE = "COMMENTS_VIEW_MODE_DEFAULT_FOR_CURRENT_ACCESS"
"""Threads of comments, where the account may see them."""
_MINUTE = 60.0


@dataclass
class Bucket:
    """Lets at most `a_minute` requests begin within any sixty seconds."""

    a_minute: int
    _begun: deque[float] = field(default_factory=deque)

    def take(self, patience: Patience) -> None:
        """Wait until the next request may begin, and count it."""
        now = time.monotonic()
        while self._begun and self._begun[0] <= now - _MINUTE:
            self._begun.popleft()
        if len(self._begun) >= self.a_minute:
            patience.wait(self._begun[0] + _MINUTE - now)
        self._begun.append(time.monotonic())


@dataclass
class Clock:
    """How far Google's clock is ahead of the machine's, at least and at most; seconds.

    Each answer says what time it is there, in whole seconds.
    """

    least: float = -inf
    most: float = inf

    def saw(self, response: Response, sent: float, received: float) -> None:
        """Learn from an answer, and from when it was asked for and came."""
        with contextlib.suppress(KeyError, ValueError):
            shown = parsedate_to_datetime(response.headers["Date"]).timestamp()
            self.least = max(self.least, shown - received)
            self.most = min(self.most, shown + 1 - sent)

    def there(self, begun: float, ended: float) -> tuple[float, float]:
        """A span of time on Google's clock, to the millisecond that it shows.

        A clock that may be right is taken to be.
        """
        is_right = self.least <= 0 <= self.most
        earlier, later = (0.0, 0.0) if is_right else (self.least, self.most)
        return begun + earlier - 0.001, ended + later


class Requests(HTTPClient):
    """gspread's client, retrying within the quotas and the time of the run.

    `reads` and `writes` are how many Sheets may get in a minute; they are counted apart.
    """

    def __init__(self, session: Session, reads: int, writes: int, patience: Patience) -> None:
        super().__init__(None, session)  # type: ignore[arg-type]  # with a session there is no auth
        self.clock = Clock()
        self.asks_for_comments = True
        self._patience = patience
        self._reads, self._writes, self._drive = Bucket(reads), Bucket(writes), Bucket(600)

    def spreadsheet(self, spreadsheet_id: str, mask: str) -> Json:
        """What a mask takes of a spreadsheet, its cells included where the mask reaches them."""
        plain: ParamsType = {"fields": _without_comments(mask)}
        if not self.asks_for_comments:
            return dict(self.fetch_sheet_metadata(spreadsheet_id, plain))
        params: ParamsType = {"fields": mask, "commentsViewMode": _COMMENTS_MODE}
        try:
            return dict(self.fetch_sheet_metadata(spreadsheet_id, params))
        except Conflict:  # perhaps this Google does not know comments; then it is not asked again
            found = dict(self.fetch_sheet_metadata(spreadsheet_id, plain))
            self.asks_for_comments = False
            return found

    def change(self, spreadsheet_id: str, changes: list[Json], mask: str) -> Json:
        """Make all the changes or none; what the mask takes of the spreadsheet afterwards."""
        body: Json = {"requests": changes, "includeSpreadsheetInResponse": True}
        if self.asks_for_comments:
            body["commentsViewMode"] = _COMMENTS_MODE
        else:
            mask = _without_comments(mask)
        url = SPREADSHEET_BATCH_UPDATE_URL % spreadsheet_id
        answer = self._post(url, body, f"updatedSpreadsheet({mask})")
        return dict(answer.get("updatedSpreadsheet", {}))

    def make(self, spreadsheet_id: str, changes: list[Json]) -> None:
        """Make all the changes or none, without a look at what comes out."""
        url = SPREADSHEET_BATCH_UPDATE_URL % spreadsheet_id
        self._post(url, {"requests": changes}, "spreadsheetId")

    def put_values(self, spreadsheet_id: str, data: list[Json]) -> None:
        """Write texts where the data filters say, as they are: never as formulas."""
        url = f"{SPREADSHEET_URL % spreadsheet_id}/values:batchUpdateByDataFilter"
        self._post(url, {"valueInputOption": "RAW", "data": data}, "spreadsheetId")

    def drive(self, what: str, params: ParamsType) -> Json:
        """Ask Drive for metadata."""
        return dict(self.request("get", _DRIVE + what, params=params).json())

    def _post(self, url: str, body: Json, fields: str) -> Json:
        return dict(self.request("post", url, params={"fields": fields}, json=body).json())

    def request(  # noqa: PLR0917  as gspread has it
        self,
        method: str,
        endpoint: str,
        params: ParamsType | None = None,
        data: bytes | None = None,
        json: Mapping[str, Any] | None = None,
        files: Any = None,
        headers: Any = None,
    ) -> Response:
        """Send a request, again where that is safe, until it is answered.

        Raises:
            Unclear: it writes, and may have taken effect or not.
            Conflict: Google refused it as it stands.
            Forbidden, Gone: the account may not, or there is no such thing.
            TryAgain: Google does not answer, or the time of the run is over.
            NeedsPerson: the key is wrong.
        """
        options = {"params": params, "data": data, "json": json, "files": files, "headers": headers}
        return self._patience.repeated(lambda: self._once(method, endpoint, options))

    def _once(self, method: str, endpoint: str, options: Json) -> Response:
        bucket = self._writes if _writes(method) else self._reads
        if endpoint.startswith(_DRIVE):
            bucket = self._drive
        bucket.take(self._patience)
        sent = time.time()
        try:
            response: Response = self.session.request(
                method, endpoint, timeout=self._patience.timeouts, **options
            )
        except (requests.RequestException, GoogleAuthError) as error:
            raise failure(error, is_write=_writes(method)) from error
        self.clock.saw(response, sent, time.time())
        if not response.ok:
            raise refusal(response, is_write=_writes(method))
        try:
            response.json()
        except requests.JSONDecodeError as error:
            raise interrupted(is_write=_writes(method)) from error
        return response


def _without_comments(mask: str) -> str:
    """The mask as it was before spreadsheets had comments in them."""
    return mask.replace(THREADS, "").replace(ANCHORS, "")


def _writes(method: str) -> bool:
    return method.casefold() != "get"
