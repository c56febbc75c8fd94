"""Key files of service accounts that nobody has, for tests and for trying the job."""

from __future__ import annotations

import json
from pathlib import Path

from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric import rsa

ACCOUNT = "helhedsplan@proeve.iam.gserviceaccount.com"


def write_key_file(path: Path, email: str = ACCOUNT) -> Path:
    """Write a new key file, as Google's console gives it out, readable by its owner only."""
    key = rsa.generate_private_key(public_exponent=65537, key_size=2048)
    pem = key.private_bytes(
        serialization.Encoding.PEM,
        serialization.PrivateFormat.PKCS8,
        serialization.NoEncryption(),
    )
    info = {
        "type": "service_account",
        "project_id": email.partition("@")[2].partition(".")[0],
        "private_key_id": f"{key.public_key().public_numbers().n % 2**160:040x}",
        "private_key": pem.decode(),
        "client_email": email,
        "client_id": "101377741449000000000",
        "auth_uri": "https://accounts.google.com/o/oauth2/auth",
        "token_uri": "https://oauth2.googleapis.com/token",
        "auth_provider_x509_cert_url": "https://www.googleapis.com/oauth2/v1/certs",
        "universe_domain": "googleapis.com",
    }
    path.touch(mode=0o600)
    path.write_text(json.dumps(info, indent=2), encoding="utf-8")
    return path
