"""The sections about the job: where, when, how much, what it keeps, and who gets mail."""

from __future__ import annotations

import re
from collections.abc import Mapping
from datetime import time
from importlib.util import find_spec
from pathlib import Path
from typing import Annotated, Literal, Self, get_args
from urllib.parse import urlsplit
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from pydantic import BeforeValidator, Field, field_validator, model_validator

from rules.model.shipped import HELP
from sync.config.section import (
    CalendarFile,
    Link,
    OptionalPage,
    OptionalPath,
    Section,
    TestServer,
    WorkbookFile,
    secret,
)
from sync.xlsx.zip_package import Limits

Weekday = Literal["mandag", "tirsdag", "onsdag", "torsdag", "fredag", "lørdag", "søndag"]
WEEKDAYS: tuple[Weekday, ...] = get_args(Weekday)


def _no_number(given: object) -> object:
    """A number would be read as seconds since midnight."""
    if isinstance(given, int | float):
        raise ValueError('must be a time of day, like "06:00"')  # noqa: TRY004  pydantic's own way
    return given


Clock = Annotated[time, BeforeValidator(_no_number)]


class ExcelSource(Section):
    """A folder of Excel workbooks, subfolders included. `link` is how staff open it from mails."""

    kind: Literal["excel"] = "excel"
    folder: Path
    name: str = ""
    link: Link = ""
    patterns: Annotated[tuple[str, ...], Field(min_length=1)] = ("*.xlsx", "*.xlsm", "*.xls")


class OverviewSection(Section):
    """The workbook that the secretariat opens, and its calendar.

    `sharepoint` is its path in the folder of the first source in SharePoint; there the calendar
    lies beside it. Without `page` it is not made as a page of HTML besides.
    """

    file: WorkbookFile = Path("Overblik.xlsx")
    spreadsheet: str = ""
    sharepoint: str = ""
    calendar: CalendarFile = Path("Frister.ics")
    page: OptionalPage = None


class TemplateSection(Section):
    """The workbooks that are made: whom their tab Vejledning tells to ask for help."""

    contact: Annotated[str, Field(min_length=1, max_length=200)] = HELP


class CopiesSection(Section):
    """The copies of workbooks as they were before a change: how many of each, and how old."""

    number: Annotated[int, Field(ge=1, le=1_000)] = 5
    days: Annotated[int, Field(ge=1, le=3_650)] = 30


class ScheduleSection(Section):
    """When `helhedsplan run` runs a sync: at these times, or every so many minutes (0: never).

    Nothing begins in the quiet hours. A run ends after `longest_minutes`, done or not.
    """

    times: Annotated[tuple[Clock, ...], Field(min_length=1)] = (time(6, 0),)
    every_minutes: Annotated[int, Field(ge=0, le=1_440)] = 0
    weekdays: Annotated[tuple[Weekday, ...], Field(min_length=1)] = WEEKDAYS
    quiet_hours: tuple[Clock, ...] = ()
    skip_holidays: bool = False
    longest_minutes: Annotated[int, Field(ge=1, le=1_440)] = 120
    timezone: str = "Europe/Copenhagen"

    @field_validator("quiet_hours")
    @classmethod
    def _are_two(cls, hours: tuple[time, ...]) -> tuple[time, ...]:
        if hours and (len(hours) != 2 or hours[0] == hours[1]):
            raise ValueError('must be two different times, like ["22:00", "05:00"], or none: []')
        return hours

    @field_validator("timezone")
    @classmethod
    def _is_a_zone(cls, name: str) -> str:
        try:
            ZoneInfo(name)
        except (ZoneInfoNotFoundError, ValueError) as error:
            raise ValueError("is no time zone; the usual one is Europe/Copenhagen") from error
        return name


_THIS_MACHINE = {"localhost", "127.0.0.1", "::1"}


class MonitoringSection(Section):
    """What other programs look at: the status as a file, and log files that are kept small.

    Without `status_file` the status lies in the state folder; without `log_folder` there are no
    log files.
    """

    status_file: OptionalPath = None
    log_folder: OptionalPath = None
    log_megabytes: Annotated[int, Field(ge=1, le=1_000)] = 5
    log_files: Annotated[int, Field(ge=1, le=100)] = 5


class ReadingSection(Section):
    """What a workbook must keep within, and who reads: so many processes, or a Dask cluster.

    0 processes are as many as pay. The cluster's workers see the workbooks, so that beyond this
    machine it is reached over TLS alone, with the three files (PEM).
    """

    packed_megabytes: Annotated[int, Field(gt=0, le=4_000)] = 50
    unpacked_megabytes: Annotated[int, Field(gt=0, le=16_000)] = 256
    filled_rows: Annotated[int, Field(gt=0, le=1_048_576)] = 200_000
    processes: Annotated[int, Field(ge=0, le=64)] = 0
    cluster: str = ""
    cluster_authority: OptionalPath = None
    cluster_certificate: OptionalPath = None
    cluster_key: OptionalPath = None

    @model_validator(mode="after")
    def _is_a_safe_cluster(self) -> Self:
        if not self.cluster:
            return self
        parts = urlsplit(self.cluster)
        if parts.scheme == "tls":
            if not (self.cluster_authority and self.cluster_certificate and self.cluster_key):
                raise ValueError(
                    "name the files of TLS in cluster_authority, cluster_certificate, cluster_key"
                )
        elif parts.scheme != "tcp" or parts.hostname not in _THIS_MACHINE:
            raise ValueError(
                'cluster must be like "tls://scheduler.example.dk:8786"; only on this machine like '
                '"tcp://127.0.0.1:8786"'
            )
        if not find_spec("distributed"):
            raise ValueError('cluster needs the extra dask: pip install "helhedsplan[dask]"')
        return self

    @property
    def cluster_files(self) -> tuple[str, Path | None, Path | None, Path | None]:
        """The address of the cluster's scheduler, and the authority, certificate and key of TLS."""
        return self.cluster, self.cluster_authority, self.cluster_certificate, self.cluster_key

    @property
    def limits(self) -> Limits:
        """The limits of one workbook, in bytes and rows."""
        return Limits(
            self.packed_megabytes * 1_000_000, self.unpacked_megabytes * 1_000_000, self.filled_rows
        )


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
    """The service account, and how much of Google's time the job takes.

    `subject` is the user that it speaks for by domain-wide delegation, where one is named.
    """

    credentials: Path = Path("google-key.json")
    subject: str = ""
    reads_per_minute: Annotated[int, Field(ge=1, le=100_000)] = 55
    writes_per_minute: Annotated[int, Field(ge=1, le=100_000)] = 55
    deadline_minutes: Annotated[float, Field(gt=0, le=1_440)] = 50
    full_look_hours: Annotated[float, Field(ge=0, le=8_760)] = 20
    lock_kontrol: bool = False
    address: TestServer = ""


MAIL_PASSWORD = "HELHEDSPLAN_MAIL_PASSWORD"
Frequency = Literal["always", "daily", "weekly", "never"]
_ATOM, _LABEL = r"[A-Za-z0-9_+\-]+", r"[A-Za-z0-9](?:[A-Za-z0-9\-]{0,61}[A-Za-z0-9])?"
ADDRESS = re.compile(
    rf"(?=.{{1,254}}\Z)(?=[^@]{{1,64}}@){_ATOM}(?:\.{_ATOM})*@(?:{_LABEL}\.)+[A-Za-z]{{2,63}}"
)
"""Stricter than what mail allows: no sign by which a server would send it elsewhere (`%`, `!`)."""


class MailSection(Section):
    """Mail is sent where `server` is named, encrypted wherever it leaves this machine.

    Only to `unencrypted_server`, which is named for that alone, it goes as it is, without a login.

    `contacts` is how often the plans' contacts get mail; only those whose address lies in one of
    the `domains` do, since the address is typed by staff. Weekly mails go out on `weekday`.
    """

    server: str = ""
    port: Annotated[int, Field(ge=1, le=65_535)] = 587
    encryption: Literal["starttls", "tls", "none"] = "starttls"
    unencrypted_server: str = ""
    certificate_file: OptionalPath = None
    user: str = ""
    password_file: OptionalPath = None
    sender: str = ""
    overview_link: Link = ""
    attach_page: bool = True
    contacts: Frequency = "never"
    domains: tuple[str, ...] = ()
    secretariat: tuple[str, ...] = ()
    weekday: Weekday = "mandag"
    operators: tuple[str, ...] = ()
    frequencies: Mapping[str, Frequency] = {}

    @field_validator("secretariat", "operators")
    @classmethod
    def _are_addresses(cls, addresses: tuple[str, ...]) -> tuple[str, ...]:
        for address in addresses:
            if not ADDRESS.fullmatch(address):
                raise ValueError(f"{address} is no mail address; write it like eva@example.dk")
        return addresses

    @field_validator("server")
    @classmethod
    def _is_a_name(cls, server: str) -> str:
        if re.search(r"[\s/@]|\A[^:]*:[^:]*\Z", server):
            raise ValueError('must be the server\'s name alone, like "smtp.example.dk"; see port')
        return server

    @field_validator("domains")
    @classmethod
    def _are_domains(cls, domains: tuple[str, ...]) -> tuple[str, ...]:
        found = tuple(domain.lower().lstrip("@") for domain in domains)
        for domain in found:
            if not ADDRESS.fullmatch(f"a@{domain}"):
                raise ValueError(f"{domain} is no mail domain; write it like example.dk")
        return found

    @model_validator(mode="after")
    def _is_complete(self) -> Self:
        if self.server and not ADDRESS.fullmatch(self.sender):
            given = f'sender = "{self.sender}" is no mail address' if self.sender else "add sender"
            raise ValueError(f"{given}: the one that mails come from, like plans@example.dk")
        is_here = self.server.lower() in _THIS_MACHINE
        if self.encryption == "none" and not is_here and self.server != self.unencrypted_server:
            raise ValueError(
                'encryption = "none" is for this machine; for a relay of your own name it in '
                f'unencrypted_server = "{self.server}" too'
            )
        if self.encryption == "none" and self.user and not is_here:
            raise ValueError('delete user: with encryption = "none" its password could be read')
        if self.contacts != "never" and not self.domains:
            raise ValueError("domains must name the mail domains of the plans' contacts")
        return self

    def may_go_to(self, address: str) -> bool:
        """Whether a contact's address is one, and lies in one of the domains."""
        domain = address.rpartition("@")[2].lower()
        return bool(ADDRESS.fullmatch(address)) and domain in self.domains

    def frequency_for(self, address: str, usual: Frequency) -> Frequency:
        """How often this recipient gets mail."""
        own = {name.lower(): frequency for name, frequency in self.frequencies.items()}
        return own.get(address.lower(), usual)

    def password(self) -> str | None:
        """The password from the environment, or from the file; None where there is neither.

        Raises:
            OSError: the file cannot be read.
        """
        return secret(MAIL_PASSWORD, self.password_file)
