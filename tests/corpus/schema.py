"""What Microsoft's own rules for the format say of a workbook, through openxml-audit.

Its rules are those of the Open XML SDK: each element and attribute, and what they must refer to.
"""

from __future__ import annotations

import tempfile
from collections import Counter
from collections.abc import Iterator
from functools import lru_cache
from pathlib import Path

from openxml_audit import OpenXmlValidator, ValidationSeverity


@lru_cache(maxsize=1)
def _validator() -> OpenXmlValidator:
    return OpenXmlValidator(max_errors=100_000)


def errors(data: bytes) -> Counter[str]:
    """What is against the rules, each as often as it is met."""
    with tempfile.TemporaryDirectory() as folder:
        file = Path(folder, "workbook.xlsx")
        file.write_bytes(data)
        found = _validator().validate(str(file)).errors
    return Counter(
        f"{one.part_uri}: {one.description}"
        for one in found
        if one.severity is ValidationSeverity.ERROR
    )


def new_errors(before: bytes, after: bytes) -> Iterator[str]:
    """What was not against the rules before writing."""
    yield from (errors(after) - errors(before)).elements()
