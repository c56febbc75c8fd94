"""When each workbook was last seen, and where it was when it went missing."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime


@dataclass(frozen=True, slots=True)
class Sighting:
    """When a workbook was last checked, and when people changed it, as far as could be seen.

    `missing_since` is None where it is there.
    """

    path: str
    plan_id: str | None
    area: str | None
    checked_at: datetime
    edited_at: datetime
    missing_since: date | None
