"""The demonstration: four areas' workbooks with typical mistakes, and a configuration for them."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from pathlib import Path

from rules.cells import Cell
from rules.parameters import SHIPPED
from rules.tables import Decision, PlanStatus
from sheets_templates.plan_workbook import MasterData, plan_workbook_with
from sync.config import ConfigurationError
from sync.stores.files import write_new_file

Rows = Sequence[Mapping[str, Cell]]

CONFIG = """\
# Made by `helhedsplan demo`. See config.example.toml for everything that can be configured.
[[sources]]
folder = "sheets"

[overview]
file = "Overblik.xlsx"

[state]
folder = "state"
"""


def make_demo(folder: Path) -> Path:
    """Make the workbooks and the configuration; the configuration's path.

    Raises:
        ConfigurationError: the folder holds something else already.
    """
    config = folder / "config.toml"
    if folder.exists() and any(folder.iterdir()) and not config.exists():
        raise ConfigurationError(f"{folder}: is not empty; name a new folder")
    return config
