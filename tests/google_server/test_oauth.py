"""The token endpoint: assertions are really checked."""

from __future__ import annotations

import json
import time
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
import requests
from google.auth import crypt, jwt

from tests.google_server import GoogleServer
from tests.google_server.api import SHEETS
from tests.google_server.keys import ACCOUNT, write_key_file
from tests.google_server.oauth import BAD_TIMES, JWT_BEARER

Json = dict[str, Any]
SCOPE = "https://www.googleapis.com/auth/spreadsheets"


def claims() -> Json:
    now = int(time.time())
    return {
        "iss": ACCOUNT,
        "aud": "https://oauth2.googleapis.com/token",
        "iat": now,
        "exp": now + 3600,
        "scope": SCOPE,
    }


def token_for(server: GoogleServer, key_file: Path, body: Json) -> requests.Response:
    """Ask for a token with an assertion that the key of this file signed."""
    info = json.loads(key_file.read_text(encoding="utf-8"))
    signer = crypt.RSASigner.from_service_account_info(info)  # type: ignore[no-untyped-call]
    assertion = jwt.encode(signer, body).decode()  # type: ignore[no-untyped-call]
    form = {"grant_type": JWT_BEARER, "assertion": assertion}
    return requests.post(f"{server.url}/token", data=form, timeout=5)


def test_a_signed_assertion_is_worth_a_token(server: GoogleServer, key_file: Path) -> None:
    answer = token_for(server, key_file, claims())
    assert answer.status_code == 200
    body = answer.json()
    assert body["access_token"].startswith("ya29.")
    assert (body["expires_in"], body["token_type"]) == (3599, "Bearer")


@pytest.mark.parametrize(
    ("change", "error", "description"),
    [
        ({"iss": "nej@x"}, "invalid_grant", "Invalid grant: account not found"),
        ({"aud": "https://x/token"}, "invalid_grant", "Invalid JWT: Invalid audience."),
        ({"exp": 2**31}, "invalid_grant", BAD_TIMES),
        ({"iat": 1, "exp": 2}, "invalid_grant", BAD_TIMES),
        ({"iat": None}, "invalid_grant", BAD_TIMES),
        ({"scope": ""}, "invalid_scope", "Invalid OAuth scope or ID token audience provided."),
    ],
)
def test_wrong_claims_are_refused(
    server: GoogleServer, key_file: Path, change: Json, error: str, description: str
) -> None:
    answer = token_for(server, key_file, claims() | change)
    assert answer.status_code == 400
    assert answer.json() == {"error": error, "error_description": description}


def test_another_key_is_refused(server: GoogleServer, tmp_path: Path) -> None:
    other = write_key_file(tmp_path / "key.json")
    answer = token_for(server, other, claims())
    assert answer.json()["error_description"] == "Invalid JWT Signature."


@pytest.mark.parametrize(
    ("form", "error"),
    [
        ({}, "unsupported_grant_type"),
        ({"grant_type": JWT_BEARER, "assertion": "a.b"}, "invalid_grant"),
        ({"grant_type": JWT_BEARER, "assertion": "e30.e30.e30"}, "invalid_grant"),
        ({"grant_type": "refresh_token", "refresh_token": "x"}, "invalid_grant"),
    ],
)
def test_forms_that_are_none_are_refused(server: GoogleServer, form: Json, error: str) -> None:
    answer = requests.post(f"{server.url}/token", data=form, timeout=5)
    assert (answer.status_code, answer.json()["error"]) == (400, error)


def test_a_person_gets_a_token_for_their_own_files(server: GoogleServer) -> None:
    form = {"grant_type": "refresh_token", "refresh_token": "person:ida@boliggaarden.example"}
    token = requests.post(f"{server.url}/token", data=form, timeout=5).json()["access_token"]
    answer = requests.post(
        f"{server.url}/v4/spreadsheets",
        json={"properties": {"title": "Idas"}},
        headers={"Authorization": f"Bearer {token}"},
        timeout=5,
    )
    assert answer.json()["properties"]["title"] == "Idas"


@pytest.mark.parametrize(
    ("headers", "code"),
    [({}, 403), ({"Authorization": "Bearer nej"}, 401)],
)
def test_without_a_token_nothing_is_answered(
    server: GoogleServer, headers: dict[str, str], code: int
) -> None:
    url = server.url + SHEETS.removeprefix("https://sheets.googleapis.com") + "/x"
    answer = requests.get(url, headers=headers, timeout=5)
    assert answer.status_code == code
    assert answer.json()["error"]["code"] == code


def test_tokens_run_out(key_file: Path) -> None:
    late: list[float] = [0]
    with GoogleServer(
        key_file, clock=lambda: datetime.now(UTC) + timedelta(seconds=late[0])
    ) as server:
        token = token_for(server, key_file, claims()).json()["access_token"]
        late[0] = 4000
        answer = requests.get(
            f"{server.url}/v4/spreadsheets/x",
            headers={"Authorization": f"Bearer {token}"},
            timeout=5,
        )
    assert answer.status_code == 401
