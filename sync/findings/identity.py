"""By what a finding is known again when its row has been moved."""

from __future__ import annotations

import hashlib
from collections import Counter
from collections.abc import Iterable

from rules.model.finding import Finding
from rules.text.quoting import quoted


def identities_of(findings: Iterable[Finding]) -> list[str]:
    """The identity of each of a workbook's findings; those that are alike are numbered."""
    alike: Counter[str] = Counter()
    identities = []
    for finding in findings:
        identity = identity_of(finding)
        alike[identity] += 1
        identities.append(f"{identity}-{alike[identity]}" if alike[identity] > 1 else identity)
    return identities


def identity_of(finding: Finding) -> str:
    """A digest by which a finding is known again after its row has been moved."""
    place = finding.place
    column = quoted(place.header) if place.header else ""
    parts = (place.workbook, place.tab or "", finding.code, column, finding.identity)
    return hashlib.blake2b("\x1f".join(parts).encode(), digest_size=16).hexdigest()
