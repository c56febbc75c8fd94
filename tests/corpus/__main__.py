"""Try the write-back on every workbook of a folder: `python -m tests.corpus DIR`.

Ends with 1 if a workbook was harmed, or if fewer than 97 % of the readable, unprotected ones were
written.
"""

from __future__ import annotations

import argparse
import json
import os
import shutil
import subprocess
import sys
import tempfile
from collections import Counter
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from concurrent.futures.process import BrokenProcessPool
from pathlib import Path
from typing import Any

import python_calamine

from sync.xlsx.errors import Reason
from tests.corpus.trial import formula_places, safely_by_calamine

WANTED_SHARE = 0.97
PROTECTED = {Reason.SIGNED, Reason.SHARED_WORKBOOK, Reason.STRUCTURE_LOCKED, Reason.PROTECTED}
"""Refused on purpose: somebody locked, shared or signed the workbook."""
PATIENCE_SECONDS = 600
BATCH = 20


def tried(file: Path, out: Path) -> dict[str, Any]:
    """What came of one workbook, tried in a process of its own."""
    command = [sys.executable, "-m", "tests.corpus.trial", str(file), str(out)]
    try:
        done = subprocess.run(command, capture_output=True, timeout=PATIENCE_SECONDS, check=False)
    except subprocess.TimeoutExpired:
        return {"outcome": "not tried", "reason": "took too long", "harm": []}
    if done.returncode:
        last = done.stderr.decode().strip().rpartition("\n")[2]
        return {"outcome": "ended", "reason": "crashed", "harm": [f"crashed: {last}"]}
    found: dict[str, Any] = json.loads(done.stdout)
    return found


def libreoffice_harm(pairs: Sequence[tuple[Path, Path]], folder: Path) -> dict[Path, str]:
    """The workbooks that LibreOffice opens before and not, or with other values, after."""
    harmed = {}
    for start in range(0, len(pairs), BATCH):
        originals, written = zip(*pairs[start : start + BATCH], strict=True)
        before, after = (
            converted(files, folder / f"{start}-{side}")
            for side, files in enumerate((originals, written))
        )
        for original in originals:
            stem = original.stem
            if stem not in before:
                continue
            if stem not in after:
                harmed[original] = "LibreOffice cannot open it any more"
            elif has_lost(original.read_bytes(), before[stem], after[stem]):
                harmed[original] = "LibreOffice reads other values"
    return harmed


def converted(files: Sequence[Path], folder: Path) -> dict[str, bytes]:
    """The workbooks as LibreOffice saves them, by stem; without those that it cannot open."""
    folder.mkdir(parents=True)
    command = [
        "soffice", f"-env:UserInstallation={(folder / 'profile').as_uri()}", "--headless",
        "--convert-to", "ods", "--outdir", str(folder), *map(str, files),
    ]  # fmt: skip
    subprocess.run(command, capture_output=True, timeout=PATIENCE_SECONDS * BATCH, check=False)
    return {file.stem: file.read_bytes() for file in folder.glob("*.ods")}


def has_lost(original: bytes, before: bytes, after: bytes) -> bool:
    """Whether a value that nobody calculates is gone or changed; what was added is ours.

    LibreOffice calculates formulas anew: random numbers differ, and a formula may be about the
    very column that was written. Their stored results are compared by the other readers. What
    calamine could not read before cannot be compared.
    """
    can_be_compared = False
    try:
        was, calculated = safely_by_calamine(before), formula_places(original)
        can_be_compared = True
        is_now = safely_by_calamine(after)
    except (BrokenProcessPool, python_calamine.CalamineError):
        return can_be_compared
    return any(
        is_now.get(place) != value and place not in calculated for place, value in was.items()
    )


def main() -> int:
    """Try every workbook and print what came of them."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("folder", type=Path)
    parser.add_argument("--libreoffice", action="store_true", help="let LibreOffice read them too")
    asked = parser.parse_args()
    files = [
        file for file in sorted(asked.folder.rglob("*"))
        if file.suffix.casefold() in {".xlsx", ".xlsm"} and file.is_file()
    ]  # fmt: skip
    with tempfile.TemporaryDirectory() as scratch:
        outs = [Path(scratch, f"{number}{file.suffix}") for number, file in enumerate(files)]
        with ThreadPoolExecutor(os.cpu_count() or 1) as pool:
            trials = list(pool.map(tried, files, outs))
        harm = {file: one["harm"] for file, one in zip(files, trials, strict=True) if one["harm"]}
        if asked.libreoffice and shutil.which("soffice"):
            originals = Path(scratch, "originals")
            originals.mkdir()
            pairs = []
            for file, out in zip(files, outs, strict=True):
                if out.exists():
                    pairs.append((Path(shutil.copy(file, originals / out.name)), out))
            names = {out.name: file for file, out in zip(files, outs, strict=True)}
            for copy, reason in libreoffice_harm(pairs, Path(scratch, "lo")).items():
                harm.setdefault(names[copy.name], []).append(reason)
    return _told(trials, harm)


def _told(trials: Sequence[dict[str, Any]], harm: dict[Path, list[str]]) -> int:
    outcomes = Counter(one["outcome"] for one in trials)
    reasons = Counter((one["outcome"], one["reason"]) for one in trials if one["reason"])
    protected = sum(reasons["refused", str(reason)] for reason in PROTECTED)
    writable = len(trials) - outcomes["unreadable"] - protected
    share = outcomes["written"] / writable if writable else 1.0
    lines = [
        ("workbooks", len(trials)),
        ("unreadable", outcomes["unreadable"]),
        ("refused, as they are signed, shared or locked", protected),
        ("written", outcomes["written"]),
        *((f"{outcome}: {reason}", count) for (outcome, reason), count in reasons.most_common()),
        ("harmed", len(harm)),
    ]
    for what, count in lines:
        sys.stdout.write(f"{what:<48}{count:>6}\n")
    sys.stdout.write(f"{'written of the readable, unlocked ones':<48}{share:>6.1%}\n")
    for file, harms in harm.items():
        sys.stdout.write(f"HARMED {file.name}: {'; '.join(harms)}\n")
    return int(bool(harm) or share < WANTED_SHARE)


if __name__ == "__main__":
    sys.exit(main())
