"""What every section of the configuration is, and how it says no."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

from pydantic import BaseModel, BeforeValidator, ConfigDict


class ConfigurationError(Exception):
    """The configuration, or the call, is wrong. The message names the key and what to do."""


class Section(BaseModel):
    """A table of the configuration; a key that it does not know is refused."""

    model_config = ConfigDict(extra="forbid", frozen=True)


OptionalPath = Annotated[Path | None, BeforeValidator(lambda path: path or None)]
"""A path that may be left empty: "" is none."""
