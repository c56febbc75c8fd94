"""Looks at what `make release` made: `python -m tests.released dist`."""

from __future__ import annotations

import hashlib
import json
import re
import sys
import tomllib
import zipfile
from pathlib import Path

ROOT = Path(__file__).parents[1]


def plain(name: str) -> str:
    """A distribution's name as package indexes compare it."""
    return re.sub(r"[-_.]+", "-", name).lower()


def problems(dist: Path) -> list[str]:
    """What is missing or wrong in the folder."""
    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    (wheel,) = dist.glob("*.whl")
    bill = json.loads((dist / "helhedsplan.cdx.json").read_text(encoding="utf-8"))
    named = {plain(one["name"]): one.get("version", "") for one in bill["components"]}
    wanted = {plain(re.split(r"[^\w.-]", one)[0]) for one in project["dependencies"]}
    wrong = [f"the bill of materials lacks {name}" for name in sorted(wanted - named.keys())]
    subject = bill["metadata"]["component"]
    if (plain(subject["name"]), subject["version"]) != (project["name"], project["version"]):
        wrong.append(f"the bill of materials is of {subject['name']} {subject['version']}")
    if not (dist / "constraints.txt").is_file():
        wrong.append("there are no constraints.txt, with which the wheel is installed")
    if project["version"] not in wheel.name:
        wrong.append(f"{wheel.name} is not of version {project['version']}")
    with zipfile.ZipFile(wheel) as package:
        if any(name.startswith("tests/") for name in package.namelist()):
            wrong.append("the wheel holds the tests")
    sums = {}
    for line in (dist / "SHA256SUMS").read_text(encoding="utf-8").splitlines():
        digest, _, name = line.partition("  ")
        sums[name] = digest
    return wrong + [
        f"SHA256SUMS does not fit {file.name}"
        for file in sorted(set(dist.iterdir()) - {dist / "SHA256SUMS"})
        if sums.get(file.name) != hashlib.sha256(file.read_bytes()).hexdigest()
    ]


def main() -> None:
    """Say what is wrong, and end with 1 where anything is."""
    wrong = problems(Path(sys.argv[1]))
    sys.stderr.write("".join(f"{one}\n" for one in wrong))
    sys.exit(bool(wrong))


if __name__ == "__main__":
    main()
