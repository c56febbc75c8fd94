"""What every section of the configuration is, and how it says no."""

from __future__ import annotations

import errno
import ipaddress
import os
import stat
from pathlib import Path
from typing import Annotated
from urllib.parse import urlsplit

from pydantic import AfterValidator, BaseModel, BeforeValidator, ConfigDict


class ConfigurationError(Exception):
    """The configuration, or the call, is wrong. The message names the key and what to do."""


class Section(BaseModel):
    """A table of the configuration; a key that it does not know is refused."""

    model_config = ConfigDict(extra="forbid", frozen=True)


OptionalPath = Annotated[Path | None, BeforeValidator(lambda path: path or None)]
"""A path that may be left empty: "" is none."""


def _is_a_page(file: Path | None) -> Path | None:
    if file and file.suffix.casefold() not in {".html", ".htm"}:
        raise ValueError('must be a file that ends in .html, like "Overblik.html", or ""')
    return file


OptionalPage = Annotated[OptionalPath, AfterValidator(_is_a_page)]
"""A page of HTML that the job makes, or none."""


def _is_a_workbook(file: Path) -> Path:
    if file.suffix.casefold() != ".xlsx":
        raise ValueError('must be a file that ends in .xlsx, like "Overblik.xlsx"')
    return file


def _is_a_calendar(file: Path) -> Path:
    if file.suffix.casefold() != ".ics":
        raise ValueError('must be a file that ends in .ics, like "Frister.ics"')
    return file


CalendarFile = Annotated[Path, AfterValidator(_is_a_calendar)]
"""A calendar that the job makes."""
WorkbookFile = Annotated[Path, AfterValidator(_is_a_workbook)]
"""A workbook that the job makes."""


def _openable(link: str) -> str:
    if link and not link.startswith(("https://", "file://")):
        raise ValueError("must begin with https:// or file://")
    return link


Link = Annotated[str, AfterValidator(_openable)]
"""A link that a mail may hold, or none."""


def _this_machine(address: str) -> str:
    """What proves who asks must never go to anybody but the service, or a test on this machine."""
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


TestServer = Annotated[str, AfterValidator(_this_machine)]
"""A server of a test that takes a service's place, or none."""


def secret(variable: str, file: Path | None) -> str | None:
    """A password, from this variable or from the file; None where there is neither.

    Raises:
        OSError: the file cannot be read, or is no text in UTF-8.
    """
    if variable in os.environ:
        return os.environ[variable]
    if file is None:
        return None
    try:
        return file.read_text(encoding="utf-8-sig").strip()
    except UnicodeDecodeError as error:  # PowerShell writes UTF-16 where nobody says otherwise
        raise OSError(errno.EILSEQ, "it is no text in UTF-8", str(file)) from error


def is_open_to_others(file: Path) -> bool:
    """Whether others than its owner can read a file that holds a key or a password."""
    return os.name == "posix" and bool(stat.S_IMODE(file.stat().st_mode) & 0o077)
