"""What goes wrong at the service and on the way there, when a test says so."""

from __future__ import annotations

from dataclasses import dataclass, field
from enum import Enum, auto


class Fault(Enum):
    """Something that happens to one request. `…_AFTER`: what it asked for has taken effect.

    401 for a token that is refused before its end: entra/identity-platform/claims-challenge.
    429, 503 and 509 with Retry-After: concepts/throttling.md, concepts/errors.md. A page of HTML
    instead of an error's JSON: onedrive-api-docs and abraunegg/onedrive#602.
    """

    UNAUTHENTICATED = auto()
    TOO_MANY = auto()
    UNAVAILABLE = auto()
    BANDWIDTH = auto()
    INTERNAL = auto()
    INTERNAL_AFTER = auto()
    GATEWAY_PAGE = auto()
    GATEWAY_PAGE_AFTER = auto()
    BROKEN = auto()
    BROKEN_AFTER = auto()
    SILENT = auto()
    SILENT_AFTER = auto()
    CUT_SHORT = auto()
    STALE = auto()


AFTERWARDS = {
    Fault.INTERNAL_AFTER, Fault.GATEWAY_PAGE_AFTER, Fault.BROKEN_AFTER, Fault.SILENT_AFTER,
    Fault.CUT_SHORT, Fault.STALE,
}  # fmt: skip
SILENT = {Fault.SILENT, Fault.SILENT_AFTER}
BROKEN = {Fault.BROKEN, Fault.BROKEN_AFTER}
STATUS = {
    Fault.UNAUTHENTICATED: (401, "InvalidAuthenticationToken"),
    Fault.TOO_MANY: (429, "activityLimitReached"), Fault.UNAVAILABLE: (503, "serviceNotAvailable"),
    Fault.BANDWIDTH: (509, "activityLimitReached"), Fault.INTERNAL: (500, "generalException"),
    Fault.INTERNAL_AFTER: (500, "generalException"),
}  # fmt: skip


@dataclass
class Faults:
    """Which request meets with what. Requests are counted from the moment of planning, from 1.

    server.faults.at(3, Fault.BROKEN_AFTER)     the third request from now
    server.faults.on("/upload/", Fault.SILENT)  every one whose path has this in it
    """

    retry_after: str = "0"
    silence_seconds: float = 30.0
    happened: int = 0
    _asked: int = 0
    _at: dict[int, Fault] = field(default_factory=dict)
    _on: dict[str, Fault] = field(default_factory=dict)

    def at(self, number: int, fault: Fault) -> None:
        self._asked, self._at = 0, {number: fault}

    def on(self, part: str, fault: Fault) -> None:
        self._on[part] = fault

    def clear(self) -> None:
        self._at.clear()
        self._on.clear()

    def take(self, path: str) -> Fault | None:
        """What happens to this request."""
        self._asked += 1
        fault = self._at.pop(self._asked, None)
        fault = fault or next((one for part, one in self._on.items() if part in path), None)
        self.happened += fault is not None
        return fault
