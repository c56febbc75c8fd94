"""The section about what the job remembers: in which folder, in which database, for how long."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

from pydantic import Field, field_validator

from sync.config.database import Address, address_of
from sync.config.section import OptionalPath, Section, secret

PASSWORD_VARIABLE = "HELHEDSPLAN_STATE_PASSWORD"


class StateSection(Section):
    """Where the job keeps its history and its lock, and for how many days it remembers.

    The history lies in the folder, or in the PostgreSQL database where one is named. Another
    machine's lock counts as left behind after `takeover_minutes` without a sign of life.
    """

    folder: Path = Path("state")
    database: str = ""
    password_file: OptionalPath = None
    keep_days: Annotated[int, Field(ge=30, le=36_500)] = 730
    takeover_minutes: Annotated[int, Field(ge=2, le=1_440)] = 10

    @field_validator("database")
    @classmethod
    def _is_an_address(cls, text: str) -> str:
        if text:
            address_of(text)
        return text

    @property
    def address(self) -> Address | None:
        """The database's address; None where the history lies in the folder."""
        return address_of(self.database) if self.database else None

    @property
    def takeover_seconds(self) -> float:
        """After how long a lock that shows no sign of life may be taken over."""
        return self.takeover_minutes * 60.0

    def password(self) -> str | None:
        """The password from the environment, or from the file.

        None where there is neither: then libpq looks where it always does (~/.pgpass, PGPASSFILE).

        Raises:
            OSError: the file cannot be read.
        """
        return secret(PASSWORD_VARIABLE, self.password_file)
