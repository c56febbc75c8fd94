"""The section about mail: through which server, to whom, and how often."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Annotated, Literal, Self

from pydantic import Field, field_validator, model_validator

from sync.config.job import Link, Weekday
from sync.config.section import OptionalPath, Section, secret

PASSWORD_VARIABLE = "HELHEDSPLAN_MAIL_PASSWORD"
Frequency = Literal["always", "daily", "weekly", "never"]
ADDRESS = re.compile(r"[A-Za-z0-9._%+\-]{1,64}@(?:[A-Za-z0-9\-]+\.)+[A-Za-z]{2,}")


class MailSection(Section):
    """Mail is sent where `server` is named, and always encrypted.

    `contacts` is how often the plans' contacts get mail; only those whose address lies in one of
    the `domains` do, since the address is typed by staff. Weekly mails go out on `weekday`.
    """

    server: str = ""
    port: Annotated[int, Field(ge=1, le=65_535)] = 587
    encryption: Literal["starttls", "tls"] = "starttls"
    certificate_file: OptionalPath = None
    user: str = ""
    password_file: OptionalPath = None
    sender: str = ""
    overview_link: Link = ""
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
                raise ValueError(f"{address} is no mail address")
        return addresses

    @field_validator("domains")
    @classmethod
    def _in_small_letters(cls, domains: tuple[str, ...]) -> tuple[str, ...]:
        return tuple(domain.lower().lstrip("@") for domain in domains)

    @model_validator(mode="after")
    def _is_complete(self) -> Self:
        if self.server and not ADDRESS.fullmatch(self.sender):
            raise ValueError("sender must be the mail address that the mails come from")
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
        return secret(PASSWORD_VARIABLE, self.password_file)
