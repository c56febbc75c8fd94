"""The token of the application, through msal, and what is wrong where none is given out."""

from __future__ import annotations

import base64
import json
import logging
from dataclasses import dataclass
from functools import cached_property

import msal

from rules.text.marking import N_
from sync.config.sharepoint import SHAREPOINT_SECRET, SharePointSection
from sync.i18n.language import _
from sync.stores.base import NeedsPerson
from sync.stores.sharepoint.graph import Http

LOG = logging.getLogger("helhedsplan")
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
_CLOCK_CODE = 700024  # AADSTS700024: the assertion is not within its valid time range


@dataclass
class SignIn:
    """Signs the application in; nothing is asked before a token is needed."""

    settings: SharePointSection
    http: Http

    def token(self, refused: str = "") -> str:
        """A token that holds now; msal keeps it until shortly before its end, or it is `refused`.

        Raises:
            NeedsPerson: the application is not known, or its certificate cannot be used.
            TryAgain: the service does not answer.
        """
        if refused:
            self._application.remove_tokens_for_client()
        try:
            answer = self._application.acquire_token_for_client(scopes=[SCOPE]) or {}
        except ValueError as error:  # how msal says that there is no such tenant, or no such key
            LOG.warning("sign-in is not possible: %s", type(error).__name__)
            raise NeedsPerson(_(_UNKNOWN).format(code="tenant")) from None
        if "access_token" in answer:
            return str(answer["access_token"])
        codes = [int(one) for one in answer.get("error_codes", ())]
        told = {name: answer.get(name, "") for name in ("error", "error_codes", "correlation_id")}
        LOG.warning("sign-in refused by Microsoft", extra={"keys": told})
        if _CLOCK_CODE in codes:
            raise NeedsPerson(_(_CLOCK))
        code = f"AADSTS{codes[0]}" if codes else str(answer.get("error", ""))
        raise NeedsPerson(_(_UNKNOWN).format(code=code))

    @cached_property
    def _application(self) -> msal.ConfidentialClientApplication:
        settings = self.settings
        credential = _credential(settings)
        if not (settings.tenant and settings.client_id and credential):
            raise NeedsPerson(_(_NOT_COMPLETE))
        return msal.ConfidentialClientApplication(
            settings.client_id,
            authority=f"https://login.microsoftonline.com/{settings.tenant}",
            client_credential=credential,
            http_client=self.http,
            instance_discovery=False,
        )


def roles_in(token: str) -> list[str]:
    """The application permissions that a token names; for a person to read."""
    payload = token.split(".")[1]
    padded = payload + "=" * (-len(payload) % 4)
    return sorted(json.loads(base64.urlsafe_b64decode(padded)).get("roles", ()))


def _credential(settings: SharePointSection) -> dict[str, str] | str | None:
    try:
        if settings.certificate:
            pem = settings.certificate.read_text(encoding="ascii")
            return {"private_key": pem, "public_certificate": pem}
        return settings.secret()
    except (OSError, ValueError) as error:
        LOG.warning("certificate and %s cannot be read", SHAREPOINT_SECRET)
        raise NeedsPerson(_(_NO_FILE)) from error
