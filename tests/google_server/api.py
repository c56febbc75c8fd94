"""The two services as tests speak to them: paths and JSON over a real connection."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any
from urllib.parse import quote

from google.auth.transport.requests import AuthorizedSession
from requests import Response

Json = dict[str, Any]
SHEETS = "https://sheets.googleapis.com/v4/spreadsheets"
DRIVE = "https://www.googleapis.com/drive/v3"


@dataclass(frozen=True, slots=True)
class Api:
    """`ask` and `send` answer the JSON of a request that succeeds; `refusal` the error."""

    session: AuthorizedSession

    def ask(self, url: str, **params: Any) -> Json:
        answer = self.session.get(url, params=params)
        assert answer.status_code == 200, answer.text
        found: Json = answer.json()
        return found

    def send(self, url: str, body: Json, verb: str = "POST", **params: Any) -> Json:
        answer = self._request(verb, url, body, params)
        assert answer.status_code == 200, answer.text
        found: Json = answer.json()
        return found

    def refusal(self, url: str, body: Json | None = None, verb: str = "GET", **params: Any) -> Json:
        """The error of a request that must fail: code, message and what else it says."""
        answer = self._request(verb, url, body, params)
        assert answer.status_code >= 400, answer.text
        error: Json = answer.json()["error"]
        assert error["code"] == answer.status_code
        return error

    def _request(self, verb: str, url: str, body: Json | None, params: Json) -> Response:
        answer: Response = self.session.request(  # type: ignore[no-untyped-call]
            verb, url, json=body, params=params
        )
        return answer

    def values(self, key: str, range_: str, **params: Any) -> list[list[Any]]:
        answer = self.ask(f"{SHEETS}/{key}/values/{quote(range_)}", **params)
        found: list[list[Any]] = answer.get("values", [])
        return found

    def update(self, key: str, range_: str, values: list[list[Any]], option: str = "RAW") -> Json:
        url = f"{SHEETS}/{key}/values/{quote(range_)}"
        return self.send(url, {"values": values}, "PUT", valueInputOption=option)

    def batch(self, key: str, *requests: Json) -> list[Json]:
        """Do requests in one batch; their replies."""
        answer = self.send(f"{SHEETS}/{key}:batchUpdate", {"requests": list(requests)})
        replies: list[Json] = answer["replies"]
        return replies

    def batch_refusal(self, key: str, *requests: Json) -> Json:
        body = {"requests": list(requests)}
        return self.refusal(f"{SHEETS}/{key}:batchUpdate", body, "POST")

    def sheet(self, key: str, fields: str = "", index: int = 0) -> Json:
        """A tab as `spreadsheets.get` answers it."""
        params = {"fields": f"sheets({fields})"} if fields else {}
        found: Json = self.ask(f"{SHEETS}/{key}", **params)["sheets"][index]
        return found


def span(start: int, end: int, dimension: str = "ROWS", sheet_id: int = 0) -> Json:
    return {"sheetId": sheet_id, "dimension": dimension, "startIndex": start, "endIndex": end}


def grid(top: int, bottom: int, left: int, right: int, sheet_id: int = 0) -> Json:
    return {
        "sheetId": sheet_id,
        "startRowIndex": top,
        "endRowIndex": bottom,
        "startColumnIndex": left,
        "endColumnIndex": right,
    }
