"""The sections about Google Sheets."""

from __future__ import annotations

import ipaddress
from pathlib import Path
from typing import Annotated, Literal, Self
from urllib.parse import urlsplit

from pydantic import Field, field_validator, model_validator

from sync.config.section import Section


class GoogleSource(Section):
    """Spreadsheets in Google Sheets: those named, those below a folder, or all that are shared."""

    kind: Literal["google"]
    name: str = ""
    spreadsheets: tuple[str, ...] = ()
    folder: str = ""
    shared_drive: str = ""

    @model_validator(mode="after")
    def _names_one_place(self) -> Self:
        if self.spreadsheets and self.folder:
            raise ValueError("name either spreadsheets or a folder, not both")
        return self


class GoogleSection(Section):
    """The service account, and how much of Google's time the job takes."""

    credentials: Path = Path("google-key.json")
    reads_per_minute: Annotated[int, Field(ge=1, le=100_000)] = 55
    writes_per_minute: Annotated[int, Field(ge=1, le=100_000)] = 55
    deadline_minutes: Annotated[float, Field(gt=0, le=1_440)] = 50
    full_look_hours: Annotated[float, Field(ge=0, le=8_760)] = 24
    lock_kontrol: bool = False
    address: str = ""

    @field_validator("address")
    @classmethod
    def _is_this_machine(cls, address: str) -> str:
        """The key's signature must never go to anybody but Google, or a test on this machine."""
        if not address:
            return address
        parts = urlsplit(address)
        try:
            is_here = ipaddress.ip_address(parts.hostname or "").is_loopback
        except ValueError:
            is_here = False
        if parts.scheme != "http" or not is_here:
            raise ValueError("is for tests; only http://127.0.0.1:PORT is allowed")
        return address
