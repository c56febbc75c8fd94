"""The figures: python -m tests.strangers [FOLDER]: false alarms and misses, by rule.

With a folder the workbooks stay there.
"""

from __future__ import annotations

import sys
import tempfile
from pathlib import Path

from tests.strangers.folder import COMPLAINTS, Folder, misses, mistaken_plans, right_plans


def main(folder: Path) -> int:
    """Print what is found on right plans, and which mistakes are not found in which plans."""
    right = Folder(folder / "right", right_plans(100))
    alarms = [(name, one) for name, found in right.findings().items() for one in found
              if one[1] in COMPLAINTS]  # fmt: skip
    for name, (code, severity, place, message) in alarms:
        print(f"{name}: {severity} {code} {place}: {message}")
    disturbed = len({name for name, _ in alarms})
    print(f"{100 - disturbed} of 100 right plans without fejl and advarsel")
    wrong = Folder(folder / "wrong", mistaken_plans(10))
    missed = misses(wrong.findings(), 10)
    for title, name in missed:
        print(f"not found: {title} in {name}")
    print(f"{len(missed)} mistakes not found")
    return bool(alarms or missed)


if __name__ == "__main__":
    if len(sys.argv) > 1:
        sys.exit(main(Path(sys.argv[1])))
    with tempfile.TemporaryDirectory() as made:
        sys.exit(main(Path(made)))
