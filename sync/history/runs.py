"""The runs that are remembered: when, how they ended, what stood in the way."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

import msgspec.inspect

from rules.model.finding import Severity


@dataclass(frozen=True, slots=True)
class Run:
    """A run as it is remembered. `outcome` is None while it goes on, or when it was cut off.

    `problems` are paths, each with what stood in the way, in words.
    """

    started_at: datetime
    finished_at: datetime | None
    outcome: str | None
    workbooks: int
    counts: Mapping[Severity, int]
    problems: tuple[tuple[str, str], ...]


def _problems_in(packed: bytes | None) -> list[tuple[str, str]]:
    return msgspec.msgpack.decode(packed or b"\x90", type=list[tuple[str, str]])
