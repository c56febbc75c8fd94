"""What an examination finds: a line for each thing, right or with what to do about it."""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import asdict, dataclass
from datetime import datetime
from typing import Protocol, runtime_checkable

from rules.text.personal_numbers import masked
from rules.text.quoting import shown_name

FORM = 1
"""Of the JSON; grows when a key is removed or changes its meaning."""


@dataclass(frozen=True, slots=True)
class Line:
    """One thing that was tried. `remedy` says what to do, and is empty where all is right."""

    subject: str
    says: str
    remedy: str = ""

    @property
    def is_right(self) -> bool:
        """Whether nothing needs to be done."""
        return not self.remedy


@runtime_checkable
class Examinable(Protocol):
    """A place that can say more about itself than that it can be reached."""

    def examined(self, now: datetime) -> Iterator[Line]:
        """A line for each thing that a run needs here, tried for real."""


def as_text(lines: Iterable[Line]) -> Iterator[str]:
    """The lines for people, each remedy below what it is about."""
    for line in lines:
        yield f"{'ok  ' if line.is_right else 'MEND'}  {shown_name(f'{line.subject}: {line.says}')}"
        if line.remedy:
            yield f"      → {shown_name(line.remedy)}"


def as_json(lines: Sequence[Line], at: datetime) -> str:
    """One object for programs."""
    wrong = sum(not line.is_right for line in lines)
    data = {
        "version": FORM,
        "examined_at": at.isoformat(),
        "lines": [{"ok": line.is_right, **_masked(line)} for line in lines],
        "summary": {"ok": len(lines) - wrong, "mend": wrong},
    }
    return json.dumps(data, ensure_ascii=False, indent=1)


def _masked(line: Line) -> dict[str, str]:
    return {key: masked(value) for key, value in asdict(line).items()}
