"""The demonstration on Google Sheets: a server on loopback takes Google's place.

The server is part of the project's tests and not of an installed wheel.
"""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import date
from pathlib import Path

from sheets_templates.template.plan_workbook import plan_workbook_with
from sync.config import ConfigurationError, Settings
from sync.stores.files.replace import write_new_file
from sync.workbook_tools.demo import demo_plans, master_data, plan_rows

CHECKOUT = Path(__file__).parents[2]
CONFIG = """\
# Made by `helhedsplan demo --google`, for a server that ends with it.
[[sources]]
kind = "google"

[google]
credentials = "google-key.json"
address = "{url}"

[overview]
file = "Overblik.xlsx"

[state]
folder = "{state}"
"""


def make_workbooks(folder: Path, today: date) -> None:
    """The workbooks from which the server makes spreadsheets, where they are not there yet.

    Raises:
        ConfigurationError: the folder holds something else already.
        StoreError: they cannot be written.
    """
    sheets = folder / "workbooks"
    if folder.exists() and any(folder.iterdir()) and not sheets.exists():
        raise ConfigurationError(f"{folder}: is not empty; name a new folder")
    for plan in demo_plans(today.year - 1):
        workbook = sheets / plan.file
        if not workbook.exists():
            rows = plan_rows(plan, today)
            write_new_file(
                workbook,
                plan_workbook_with(Settings().parameters(), master_data(plan, today), rows),
            )


@contextmanager
def google_server(folder: Path) -> Iterator[str]:
    """The address of a server that holds the workbooks as spreadsheets; it ends with the `with`.

    Raises:
        ConfigurationError: there is no server here, or it does not start.
    """
    if not (CHECKOUT / "tests" / "google_server" / "__main__.py").exists():
        raise ConfigurationError(
            "demo --google: the server that takes Google's place is part of the source and not of "
            "what was installed; run it from a checkout, or leave out --google"
        )
    command = [
        sys.executable, "-m", "tests.google_server", "--new-key",
        "--service-account", str(folder.resolve() / "google-key.json"),
        "--load", str(folder.resolve() / "workbooks"),
    ]  # fmt: skip
    process = subprocess.Popen(command, cwd=CHECKOUT, stdout=subprocess.PIPE, text=True)
    try:
        assert process.stdout is not None
        url = process.stdout.readline().removeprefix("listening on ").strip()
        if not url:
            raise ConfigurationError("demo --google: the server that takes Google's place ended")
        yield url
    finally:
        process.terminate()
        process.communicate()


def write_config(folder: Path, url: str) -> Path:
    """The configuration for the server at `url`, with a state of its own; its path."""
    config = folder / "config.toml"
    state = f"state-{url.rpartition(':')[2]}"
    config.write_text(CONFIG.format(url=url, state=state), encoding="utf-8")
    return config
