"""What Google refuses, and why: the answer's status and reason, or no answer, as a store error.

TryAgain
├── Again      not begun, or only reads: it can be sent again at once
├── Unclear    nobody knows whether the write took effect
└── Conflict   refused as it stands: something is not as it was thought to be
NeedsPerson
├── Forbidden  the account may not do this, and Google does not say why
└── Gone       there is no such thing
"""

from __future__ import annotations

from collections.abc import Iterator
from http import HTTPStatus
from typing import Any

import requests
from google.auth.exceptions import GoogleAuthError, RefreshError
from requests import Response

from rules.text.marking import N_
from sync.i18n.language import _
from sync.stores.base import Again, NeedsPerson, StoreError, TryAgain
from sync.stores.transport import retry_after, was_not_begun

Json = dict[str, Any]
_BUSY = N_("Google svarer ikke lige nu. Næste kontrol prøver igen.")
_BAD_KEY = N_(
    "Google kender ikke nøglen. Hent en ny nøgle til kontoen, og skriv dens sti i konfigurationen."
)
_NO_SUBJECT = N_(
    "Google lader ikke kontoen handle på vegne af brugeren i google.subject. En administrator af "
    "Google Workspace skal tillade det (docs/google.md, »An account outside the domain«)."
)
_BY_POLICY = N_(
    "Organisationens regler i Google Workspace lukker kontoen ude. En administrator skal tillade "
    "den (docs/google.md, »An account outside the domain«)."
)
_API_IS_OFF = N_(
    "{api} er ikke slået til i Google-projektet. Den it-ansvarlige slår det til (docs/google.md, "
    "trin 2)."
)
EXCEL_FILE = N_(
    "Det er en Excel-fil og ikke et Google-regneark. Gem den som Google Sheets, eller læg den i en "
    "mappe af Excel-filer."
)
LOCKED = N_("Regnearket er låst mod ændringer i Google Drev. Ejeren skal låse det op.")
_QUOTA = N_("Kontoens kvote hos Google er brugt. Den it-ansvarlige kan få den sat op.")
_STORAGE = N_("Der er ikke mere plads i Google Drev. Ejeren skal skaffe plads.")
_SCOPE = N_(
    "Kontoen mangler adgang til Google Sheets eller Google Drev. En administrator skal tillade "
    "begge dele (docs/google.md, »An account outside the domain«)."
)
_BY_REASON = {
    "SERVICE_DISABLED": _API_IS_OFF,
    "accessNotConfigured": _API_IS_OFF,
    "domainPolicy": _BY_POLICY,
    "SECURITY_POLICY_VIOLATED": _BY_POLICY,
    "ORG_RESTRICTION_VIOLATION": _BY_POLICY,
    "ORG_RESTRICTION_HEADER_INVALID": _BY_POLICY,
    "LOCATION_POLICY_VIOLATED": _BY_POLICY,
    "ACCESS_TOKEN_SCOPE_INSUFFICIENT": _SCOPE,
    "insufficientPermissions": _SCOPE,
    "dailyLimitExceeded": _QUOTA,
    "quotaExceeded": _QUOTA,
    "storageQuotaExceeded": _STORAGE,
    "cannotModifyRestrictedContent": LOCKED,
    "fileIsLocked": LOCKED,
}


class Unclear(TryAgain):
    """Nobody knows whether the write took effect."""


class Conflict(TryAgain):
    """Google refused the request as it stands: something is not as it was thought to be."""


class Forbidden(NeedsPerson):
    """The account may not do this, and Google does not say why."""


class Gone(NeedsPerson):
    """There is no such thing."""


def _again(after: float = 0.0) -> Again:
    return Again(_(_BUSY), after)


def interrupted(*, is_write: bool) -> StoreError:
    """The error of a request that was sent, and not answered as it should be."""
    return Unclear(_(_BUSY)) if is_write else _again()


def failure(error: requests.RequestException | GoogleAuthError, *, is_write: bool) -> StoreError:
    """The error of a request to which no answer came."""
    if isinstance(error, RefreshError) and not error.retryable:
        reason = str(error)
        speaks_for = "unauthorized_client" in reason or "Invalid email or User ID" in reason
        return NeedsPerson(_(_NO_SUBJECT if speaks_for else _BAD_KEY))
    if isinstance(error, GoogleAuthError):  # on the way to a token: the request was not sent yet
        return _again()
    if was_not_begun(error):
        return _again()
    return interrupted(is_write=is_write)


def refusal(response: Response, *, is_write: bool) -> StoreError:
    """The error of an answer that is none."""
    status = response.status_code
    error = _error_in(response)
    reasons = list(_reasons(error))
    # Drive says 403 where Sheets says 429
    is_drives = any(reason.casefold().endswith("ratelimitexceeded") for reason in reasons)
    if is_drives or status == HTTPStatus.TOO_MANY_REQUESTS:
        return _again(retry_after(response))
    match status:
        case HTTPStatus.UNAUTHORIZED:
            return NeedsPerson(_("Google kender ikke nøglen. Hent en ny nøgle til kontoen."))
        case HTTPStatus.FORBIDDEN:
            return _forbidden(reasons, response.url)
        case HTTPStatus.NOT_FOUND:
            return Gone(_("Regnearket findes ikke."))
        case HTTPStatus.BAD_REQUEST if "not supported for this document" in _message(error):
            return NeedsPerson(_(EXCEL_FILE))
        case HTTPStatus.BAD_REQUEST:
            return Conflict(
                _("Google kunne ikke udføre det, som kontrollen bad om. Den prøver igen.")
            )
        case _:
            return interrupted(is_write=is_write)


def _forbidden(reasons: list[str], url: str) -> NeedsPerson:
    api = "Google Drive API" if "/drive/" in url else "Google Sheets API"
    for reason in reasons:
        if said := _BY_REASON.get(reason):
            return NeedsPerson(_(said).format(api=api))
    return Forbidden(_("Kontoen har ikke adgang."))


def _error_in(response: Response) -> Json:
    """The error in the body; empty where that is a page."""
    try:
        body = response.json()
    except requests.JSONDecodeError:
        return {}
    error = body.get("error") if isinstance(body, dict) else None
    return error if isinstance(error, dict) else {}


def _message(error: Json) -> str:
    return str(error.get("message", ""))


def _reasons(error: Json) -> Iterator[str]:
    """Why, in Google's own words: Sheets says it in `details`, Drive in `errors`."""
    for one in (*error.get("details", ()), *error.get("errors", ())):
        if reason := one.get("reason"):
            yield str(reason)
