"""The token of the application, through msal, and what is wrong where none is given out."""

from __future__ import annotations

import base64
import json
import logging
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any

import msal
import requests
from requests import Response, Session

from rules.text.marking import N_
from sync.config.sharepoint import SHAREPOINT_SECRET, SharePointSection
from sync.i18n.language import _
from sync.stores.base import Again, NeedsPerson
from sync.stores.patience import Patience
from sync.stores.sharepoint.graph import BUSY

LOG = logging.getLogger("helhedsplan")
SIGN_IN = "https://login.microsoftonline.com"
SCOPE = "https://graph.microsoft.com/.default"
_NOT_COMPLETE = N_(
    "Konfigurationen mangler adgangen til SharePoint: tenant, client_id og et certifikat."
)
_NO_FILE = N_("Certifikatet eller nøglen til SharePoint findes ikke eller kan ikke læses.")
_UNKNOWN = N_(
    "Microsoft kender ikke kontrollens adgang ({code}). Bed it-afdelingen se på tenant, client_id "
    "og certifikat."
)
_CLOCK = N_("Maskinens ur går forkert, og Microsoft afviser kontrollen. Stil uret.")
_CLOCK_CODES = {700024}
"""AADSTS700024: the assertion is not within its valid time range."""


@dataclass
class SignIn:
    """Signs the application in; nothing is asked before a token is needed."""

    settings: SharePointSection
    session: Session
    patience: Patience

    @property
    def client_id(self) -> str:
        """The application's id."""
        return self.settings.client_id

    def token(self) -> str:
        """A token that holds now; msal keeps it until shortly before its end.

        Raises:
            NeedsPerson: the application is not known, or its certificate cannot be used.
            TryAgain: the service does not answer.
        """
        answer: dict[str, Any] = self.patience.repeated(self._answer)
        if "access_token" in answer:
            return str(answer["access_token"])
        codes = [int(one) for one in answer.get("error_codes", ())]
        refused = {
            name: answer.get(name, "") for name in ("error", "error_codes", "correlation_id")
        }
        LOG.warning("sign-in refused by Microsoft", extra={"keys": refused})
        if _CLOCK_CODES & set(codes):
            raise NeedsPerson(_(_CLOCK))
        code = f"AADSTS{codes[0]}" if codes else str(answer.get("error", ""))
        raise NeedsPerson(_(_UNKNOWN).format(code=code))

    def roles(self) -> list[str]:
        """The application permissions that the token names; for a person to read."""
        payload = self.token().split(".")[1]
        padded = payload + "=" * (-len(payload) % 4)
        return sorted(json.loads(base64.urlsafe_b64decode(padded)).get("roles", ()))

    def _answer(self) -> dict[str, Any]:
        try:
            answer = self._application.acquire_token_for_client(scopes=[SCOPE])
        except ValueError as error:  # how msal says that there is no such tenant, or no such key
            LOG.warning("sign-in is not possible: %s", type(error).__name__)
            raise NeedsPerson(_(_UNKNOWN).format(code="tenant")) from None
        return dict(answer or {})

    @cached_property
    def _application(self) -> msal.ConfidentialClientApplication:
        settings = self.settings
        credential = _credential(settings)
        if not (settings.tenant and settings.client_id and credential):
            raise NeedsPerson(_(_NOT_COMPLETE))
        return msal.ConfidentialClientApplication(
            settings.client_id,
            authority=f"{SIGN_IN}/{settings.tenant}",
            client_credential=credential,
            http_client=_Answered(self.session, self.patience),
            instance_discovery=False,
        )


def _credential(settings: SharePointSection) -> dict[str, str] | str | None:
    try:
        if settings.certificate:
            pem = settings.certificate.read_text(encoding="ascii")
            return {"private_key": pem, "public_certificate": pem}
        return settings.secret()
    except (OSError, ValueError) as error:
        LOG.warning("certificate and %s cannot be read", SHAREPOINT_SECRET)
        raise NeedsPerson(_(_NO_FILE)) from error


@dataclass
class _Answered:
    """What msal sends its requests through: in time, and sent again after a passing failure."""

    session: Session
    patience: Patience
    headers: dict[str, str] = field(default_factory=dict)

    def get(self, url: str, **options: Any) -> Response:
        return self._sent("GET", url, options)

    def post(self, url: str, **options: Any) -> Response:
        return self._sent("POST", url, options)

    def close(self) -> None:
        """The session is closed by whoever opened it."""

    def _sent(self, method: str, url: str, options: dict[str, Any]) -> Response:
        options["timeout"] = self.patience.timeouts
        try:
            response: Response = self.session.request(method, url, **options)
        except requests.RequestException:
            raise Again(_(BUSY)) from None
        if response.status_code == 429 or response.status_code >= 500:
            after = response.headers.get("Retry-After", "")
            raise Again(_(BUSY), float(after) if after.isdigit() else 0.0)
        return response
