"""How often one may ask: reads and writes counted apart, a minute at a time."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime

from tests.google_server.errors import RefusalError, refused
from tests.google_server.routes import Route

PER_USER = 60
PER_PROJECT = 300


@dataclass
class Quota:
    """What was asked in the current minute. Off when `enforced` is not set; it counts anyway."""

    clock: Callable[[], datetime]
    enforced: bool = False
    per_user: int = PER_USER
    per_project: int = PER_PROJECT
    minute: int = -1
    counts: dict[tuple[str, str], int] = field(default_factory=dict)

    def count(self, route: Route, who: str) -> None:
        """Count a request of the Sheets API.

        Raises:
            RefusalError: 429, one too many.
        """
        if route.service != "sheets":
            return
        minute = int(self.clock().timestamp()) // 60
        if minute != self.minute:
            self.minute = minute
            self.counts.clear()
        kind = "Write" if route.writes else "Read"
        for name, limit, key in (
            (f"{kind}RequestsPerMinutePerUser", self.per_user, (kind, who)),
            (f"{kind}RequestsPerMinutePerProject", self.per_project, (kind, "")),
        ):
            used = self.counts.get(key, 0)
            if self.enforced and used >= limit:
                raise exhausted(kind, name, limit)
            self.counts[key] = used + 1


def exhausted(kind: str, limit_name: str, limit: int) -> RefusalError:
    """The 429 of the service, with the limit among its details."""
    per = "per minute per user" if limit_name.endswith("PerUser") else "per minute"
    metric = f"{kind} requests"
    message = (
        f"Quota exceeded for quota metric '{metric}' and limit '{metric} {per}' of service "
        "'sheets.googleapis.com' for consumer 'project_number:123456789012'."
    )
    details = {
        "@type": "type.googleapis.com/google.rpc.ErrorInfo",
        "reason": "RATE_LIMIT_EXCEEDED",
        "domain": "googleapis.com",
        "metadata": {
            "consumer": "projects/123456789012",
            "quota_limit": limit_name,
            "quota_limit_value": str(limit),
            "quota_location": "global",
            "quota_metric": f"sheets.googleapis.com/{kind.lower()}_requests",
            "service": "sheets.googleapis.com",
        },
    }
    return refused(429, message, [details])
