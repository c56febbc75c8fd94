"""What every section of the configuration is, and how it says no."""

from __future__ import annotations

import errno
import os
from pathlib import Path
from typing import Annotated

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


WorkbookFile = Annotated[Path, AfterValidator(_is_a_workbook)]
"""A workbook that the job makes."""


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
