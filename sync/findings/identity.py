"""By what a finding is known again when its row has been moved."""

from __future__ import annotations

import hashlib
from collections import Counter
from collections.abc import Iterable

from rules.judging.notice import Notice


def identities_of(notices: Iterable[Notice]) -> list[str]:
    """The identity of each of a workbook's notices; those that are alike are numbered."""
    alike: Counter[str] = Counter()
    identities = []
    for notice in notices:
        identity = identity_of(notice)
        alike[identity] += 1
        identities.append(f"{identity}-{alike[identity]}" if alike[identity] > 1 else identity)
    return identities


def identity_of(notice: Notice) -> str:
    """A digest by which a finding is known again after its row has been moved."""
    parts = (
        notice.workbook, notice.tab or "", notice.code, notice.column or "", notice.identity,
    )  # fmt: skip
    return hashlib.blake2b("\x1f".join(parts).encode(), digest_size=16).hexdigest()
