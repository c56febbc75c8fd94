"""The token endpoint: service accounts by a signed assertion, people by a refresh token."""

from __future__ import annotations

import base64
import binascii
import json
import secrets
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import padding, rsa
from cryptography.hazmat.primitives.serialization import load_pem_private_key

from tests.google_server.errors import RefusalError, oauth_refused, refused

Json = dict[str, Any]
AUDIENCES = (
    "https://oauth2.googleapis.com/token",
    "https://www.googleapis.com/oauth2/v4/token",
    "https://accounts.google.com/o/oauth2/token",
)
JWT_BEARER = "urn:ietf:params:oauth:grant-type:jwt-bearer"
LIFETIME = timedelta(seconds=3599)
SKEW = 300
BAD_TIMES = (
    "Invalid JWT: Token must be a short-lived token (60 minutes) and in a reasonable timeframe. "
    "Check your iat and exp values in the JWT claim."
)


@dataclass(frozen=True, slots=True)
class Account:
    """A service account: who it is, and the key that its assertions must be signed with."""

    email: str
    key_id: str
    key: rsa.RSAPublicKey


@dataclass(frozen=True, slots=True)
class Token:
    who: str
    scopes: frozenset[str]
    expires: datetime


@dataclass
class Tokens:
    """The accounts that are known and the tokens that were given out."""

    clock: Callable[[], datetime]
    accounts: dict[str, Account] = field(default_factory=dict)
    given: dict[str, Token] = field(default_factory=dict)
    lifetime: timedelta = LIFETIME
    delegated: set[str] = field(default_factory=set)
    """The users for whom the accounts may speak."""

    def answer(self, form: dict[str, str]) -> Json:
        """A token for who proves to be who they say.

        Raises:
            RefusalError: 400 or 401, as OAuth writes it.
        """
        grant = form.get("grant_type", "")
        if grant == JWT_BEARER:
            claims = self._proved(form.get("assertion", ""))
            return self.grant(self._speaks_for(claims), claims["scope"].split())
        if grant == "refresh_token" and form.get("refresh_token", "").startswith("person:"):
            person = form["refresh_token"].removeprefix("person:")
            return self.grant(person, form.get("scope", ALL_SCOPES).split())
        if grant == "refresh_token":
            raise oauth_refused("invalid_grant", "Bad Request")
        raise oauth_refused("unsupported_grant_type", f"Invalid grant_type: {grant}")

    def _speaks_for(self, claims: Json) -> str:
        subject = claims.get("sub", claims["iss"])
        if subject not in {claims["iss"], *self.delegated}:
            message = (
                "Client is unauthorized to retrieve access tokens using this method, or client not "
                "authorized for any of the scopes requested."
            )
            raise oauth_refused("unauthorized_client", message, 401)
        return str(subject)

    def grant(self, who: str, scopes: list[str]) -> Json:
        token = "ya29." + secrets.token_urlsafe(60)
        self.given[token] = Token(who, frozenset(scopes), self.clock() + self.lifetime)
        seconds = int(self.lifetime.total_seconds())
        return {"access_token": token, "expires_in": seconds, "token_type": "Bearer"}

    def _proved(self, assertion: str) -> Json:
        """The claims of an assertion, when its account really signed it."""
        parts = assertion.split(".")
        try:
            header, claims = (json.loads(_decoded(part)) for part in parts[:2])
            signature = _decoded(parts[2])
        except (ValueError, IndexError, binascii.Error):
            raise oauth_refused("invalid_grant", "Invalid JWT: Failed to parse.") from None
        account = self.accounts.get(claims.get("iss", ""))
        if account is None:
            raise oauth_refused("invalid_grant", "Invalid grant: account not found")
        if header.get("alg") != "RS256" or header.get("kid", account.key_id) != account.key_id:
            raise oauth_refused("invalid_grant", "Invalid JWT Signature.")
        try:
            signed = ".".join(parts[:2]).encode()
            account.key.verify(signature, signed, padding.PKCS1v15(), hashes.SHA256())
        except InvalidSignature:
            raise oauth_refused("invalid_grant", "Invalid JWT Signature.") from None
        self._check(claims)
        return dict(claims)

    def _check(self, claims: Json) -> None:
        if claims.get("aud") not in AUDIENCES:
            raise oauth_refused("invalid_grant", "Invalid JWT: Invalid audience.")
        now, issued, expires = self.clock().timestamp(), claims.get("iat"), claims.get("exp")
        if not isinstance(issued, int | float) or not isinstance(expires, int | float):
            raise oauth_refused("invalid_grant", BAD_TIMES)
        if expires - issued > 3600 or issued > now + SKEW or expires < now - SKEW:
            raise oauth_refused("invalid_grant", BAD_TIMES)
        if not claims.get("scope"):
            message = "Invalid OAuth scope or ID token audience provided."
            raise oauth_refused("invalid_scope", message)

    def caller(self, authorization: str | None, api_key: list[str] | None = None) -> Token:
        """Who sent a request, by its Authorization header, or with an API key anybody.

        Raises:
            RefusalError: 401 without a token that still holds, 403 without any.
        """
        if not authorization and api_key:
            return Token("anyone", frozenset({SPREADSHEETS_READ}), self.clock())
        if not authorization:
            raise unregistered()
        token = self.given.get(authorization.removeprefix("Bearer ").strip())
        if token is None or token.expires <= self.clock():
            raise unauthenticated()
        return token

    def expire_all(self) -> None:
        """Let every token that was given out be over."""
        self.given.clear()


SPREADSHEETS_READ = "https://www.googleapis.com/auth/spreadsheets.readonly"
ALL_SCOPES = " ".join(
    f"https://www.googleapis.com/auth/{name}" for name in ("spreadsheets", "drive")
)


def _decoded(part: str) -> bytes:
    return base64.urlsafe_b64decode(part + "=" * (-len(part) % 4))


def account_of(key_file: Path) -> Account:
    """The account of a key file as Google's console gives it out."""
    info = json.loads(key_file.read_text(encoding="utf-8"))
    pem = info["private_key"].encode()  # not looked into: only its public half is used
    key = load_pem_private_key(pem, password=None, unsafe_skip_rsa_key_validation=True)
    assert isinstance(key, rsa.RSAPrivateKey)
    return Account(info["client_email"], info["private_key_id"], key.public_key())


def unauthenticated() -> RefusalError:
    message = (
        "Request had invalid authentication credentials. Expected OAuth 2 access token, login "
        "cookie or other valid authentication credential. See "
        "https://developers.google.com/identity/sign-in/web/devconsole-project."
    )
    return refused(401, message)


def unregistered() -> RefusalError:
    message = (
        "Method doesn't allow unregistered callers (callers without established identity). Please "
        "use API Key or other form of API consumer identity to call this API."
    )
    return refused(403, message)


def scope_missing(method: str) -> RefusalError:
    details = {
        "@type": "type.googleapis.com/google.rpc.ErrorInfo",
        "reason": "ACCESS_TOKEN_SCOPE_INSUFFICIENT",
        "domain": "googleapis.com",
        "metadata": {"method": method},
    }
    return refused(403, "Request had insufficient authentication scopes.", [details])
