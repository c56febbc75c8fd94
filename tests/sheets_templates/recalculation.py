"""LibreOffice works the formulas of workbooks out anew, without a window."""

from __future__ import annotations

import shutil
import subprocess
import warnings
from collections.abc import Mapping
from pathlib import Path

import pytest
from openpyxl import Workbook, load_workbook

SOFFICE = shutil.which("soffice")
NEEDS_LIBREOFFICE = [
    pytest.mark.libreoffice,
    pytest.mark.slow,
    pytest.mark.skipif(SOFFICE is None, reason="LibreOffice (soffice) is not installed"),
]


def worked_out(books: Mapping[str, Workbook], folder: Path) -> dict[str, Workbook]:
    """The workbooks with their results, by the names that they were given; `folder` is for use."""
    source, target = folder / "source", folder / "out"
    source.mkdir(exist_ok=True)
    files = []
    for name, book in books.items():
        files.append(source / f"{name}.xlsx")
        book.save(str(files[-1]))
    command = [
        str(SOFFICE), f"-env:UserInstallation={(folder / 'profile').as_uri()}", "--headless",
        "--convert-to", "xlsx:Calc MS Excel 2007 XML", "--outdir", str(target), *map(str, files),
    ]  # fmt: skip
    subprocess.run(command, check=True, capture_output=True, timeout=180)
    with warnings.catch_warnings():
        # openpyxl does not know print areas of whole columns, as LibreOffice writes them.
        warnings.filterwarnings("ignore", "Print area cannot be set", UserWarning)
        return {name: load_workbook(target / f"{name}.xlsx", data_only=True) for name in books}
