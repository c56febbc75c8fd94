"""The token endpoint: what the application shows is looked at, as Microsoft's sign-in does.

Sources: learn.microsoft.com/entra/identity-platform, v2-oauth2-client-creds-grant-flow,
certificate-credentials and reference-error-codes.
"""

from __future__ import annotations

import json
import secrets
from base64 import urlsafe_b64encode
from dataclasses import dataclass, field
from typing import Any

import jwt
from cryptography import x509
from cryptography.hazmat.primitives import hashes

Json = dict[str, Any]
SCOPE = "https://graph.microsoft.com/.default"
TENANT, CLIENT_ID = "5f1f0a3c-0c0f-4a6e-9d2b-2f1f3b0c9a11", "0f5b7d5e-3a52-4c63-8b1e-6f0f3f6b2c77"
SIGN_IN = f"https://login.microsoftonline.com/{TENANT}"
HELD_FOR = 3599


@dataclass
class Tokens:
    """Who is registered, and which tokens were given out."""

    roles: list[str] = field(default_factory=lambda: ["Sites.Selected"])
    certificate: x509.Certificate | None = None
    secret: str = ""
    given: set[str] = field(default_factory=set)

    def discovery(self) -> Json:
        """What msal asks for first."""
        return {
            "issuer": f"{SIGN_IN}/v2.0",
            "authorization_endpoint": f"{SIGN_IN}/oauth2/v2.0/authorize",
            "token_endpoint": f"{SIGN_IN}/oauth2/v2.0/token",
        }

    def answer(self, form: dict[str, str]) -> tuple[int, Json]:
        """A token, or why not."""
        if form.get("client_id") != CLIENT_ID:
            return _refused("unauthorized_client", 700016)
        if form.get("grant_type") != "client_credentials" or form.get("scope") != SCOPE:
            return _refused("invalid_request", 70011)
        if self.secret:
            if form.get("client_secret") != self.secret:
                return _refused("invalid_client", 7000215)
        else:
            try:
                self._assert(form.get("client_assertion", ""))
            except jwt.ExpiredSignatureError:
                return _refused("invalid_client", 700024)
            except jwt.PyJWTError:
                return _refused("invalid_client", 700027)
        payload = urlsafe_b64encode(json.dumps({"roles": self.roles}).encode()).decode().rstrip("=")
        token = f"eyJ.{payload}.{secrets.token_hex(16)}"
        self.given.add(token)
        return 200, {"token_type": "Bearer", "expires_in": HELD_FOR, "access_token": token}

    def _assert(self, assertion: str) -> None:
        if self.certificate is None:
            raise jwt.InvalidTokenError
        key = self.certificate.public_key()
        audience = f"{SIGN_IN}/oauth2/v2.0/token"
        jwt.decode(assertion, key, ["PS256", "RS256"], audience=audience)  # type: ignore[arg-type]  # the key is an RSA one
        thumbprint = jwt.get_unverified_header(assertion).get("x5t#S256", "")
        ours = urlsafe_b64encode(self.certificate.fingerprint(hashes.SHA256())).decode()
        if thumbprint.rstrip("=") != ours.rstrip("="):
            raise jwt.InvalidTokenError


def _refused(error: str, code: int) -> tuple[int, Json]:
    return 401 if error == "invalid_client" else 400, {
        "error": error,
        "error_description": f"AADSTS{code}: refused.",
        "error_codes": [code],
        "correlation_id": "c0ffee00-0000-4000-8000-000000000000",
    }
