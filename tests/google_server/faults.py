"""What goes wrong at Google and on the way there, when a test says so."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from enum import Enum, auto

from tests.google_server.errors import RefusalError, drive_refused, html, refused
from tests.google_server.oauth import unauthenticated
from tests.google_server.quota import PER_USER, exhausted


class Fault(Enum):
    """Something that happens to one request. `…_AFTER`: what it asked for has taken effect."""

    TOO_MANY = auto()
    TOO_MANY_HTML = auto()
    INTERNAL = auto()
    INTERNAL_AFTER = auto()
    BAD_GATEWAY = auto()
    BAD_GATEWAY_AFTER = auto()
    UNAVAILABLE = auto()
    UNAVAILABLE_AFTER = auto()
    SILENT = auto()
    SILENT_AFTER = auto()
    BROKEN = auto()
    BROKEN_AFTER = auto()
    CUT_SHORT = auto()
    SLOW = auto()
    STALE = auto()
    EXPIRED = auto()


AFTERWARDS = frozenset(
    {
        Fault.INTERNAL_AFTER,
        Fault.BAD_GATEWAY_AFTER,
        Fault.UNAVAILABLE_AFTER,
        Fault.SILENT_AFTER,
        Fault.BROKEN_AFTER,
        Fault.CUT_SHORT,
        Fault.SLOW,
        Fault.STALE,
    }
)
SILENT = frozenset({Fault.SILENT, Fault.SILENT_AFTER})
BROKEN = frozenset({Fault.BROKEN, Fault.BROKEN_AFTER})


@dataclass
class Faults:
    """Which request meets with what. Requests are counted from the moment of planning, from 1.

    server.faults.at(3, Fault.BROKEN_AFTER)         the third request from now
    server.faults.always(Fault.UNAVAILABLE)         every one, until `clear`
    server.faults.on("batchUpdate", Fault.SLOW)     every one whose address has this in it
    """

    silence_seconds: float = 30
    delay_seconds: float = 0.2
    happened: list[tuple[str, Fault]] = field(default_factory=list)
    _planned: dict[int, Fault] = field(default_factory=dict)
    _always: list[tuple[str, Fault]] = field(default_factory=list)
    _count: int = 0

    def at(self, number: int, fault: Fault) -> None:
        self._planned[self._count + number] = fault

    def series(self, numbers: Iterable[int], fault: Fault) -> None:
        for number in numbers:
            self.at(number, fault)

    def always(self, fault: Fault) -> None:
        self._always.append(("", fault))

    def on(self, part: str, fault: Fault) -> None:
        self._always.append((part, fault))

    def clear(self) -> None:
        self._planned.clear()
        self._always.clear()

    def take(self, path: str) -> Fault | None:
        """What happens to the request that has just come in."""
        self._count += 1
        fault = self._planned.pop(self._count, None)
        if fault is None:
            fault = next((one for part, one in self._always if part in path), None)
        if fault is not None:
            self.happened.append((path, fault))
        return fault


def refusal(fault: Fault, path: str) -> RefusalError | None:
    """What is answered in place of what was asked for; None where nothing is answered so."""
    match fault:
        case Fault.TOO_MANY:
            return in_form_of(path, exhausted("Read", "ReadRequestsPerMinutePerUser", PER_USER))
        case Fault.TOO_MANY_HTML:
            return html(429, "Too Many Requests", "You have sent too many requests to us recently.")
        case Fault.INTERNAL | Fault.INTERNAL_AFTER:
            return in_form_of(path, refused(500, "Internal error encountered."))
        case Fault.BAD_GATEWAY | Fault.BAD_GATEWAY_AFTER:
            return html(502, "Server Error", "Please try again in 30 seconds.")
        case Fault.UNAVAILABLE | Fault.UNAVAILABLE_AFTER:
            return in_form_of(path, refused(503, "The service is currently unavailable."))
        case Fault.EXPIRED:
            return in_form_of(path, unauthenticated())
        case _:
            return None


REASONS = {
    401: ("authError", "Invalid Credentials", "global"),
    429: ("rateLimitExceeded", "Rate Limit Exceeded", "usageLimits"),
    500: ("internalError", "Internal Error", "global"),
    503: ("backendError", "Backend Error", "global"),
}


def in_form_of(path: str, error: RefusalError) -> RefusalError:
    """The same refusal as the service that was asked writes it."""
    if not path.startswith("/drive/"):
        return error
    reason, message, domain = REASONS[error.code]
    return drive_refused(error.code, reason, message, domain)
