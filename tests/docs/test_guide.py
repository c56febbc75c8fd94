"""CONTRIBUTING.md, "Add a rule": its example followed to the letter, in a copy of the checkout."""

from __future__ import annotations

import os
import re
import shlex
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
GUIDE = (ROOT / "CONTRIBUTING.md").read_text(encoding="utf-8")
STEPS = GUIDE.partition("## Add a rule\n")[2].partition("\n## ")[0]
BLOCK = re.compile(
    r"^(?P<indent> *)```\w+\n *# (?P<file>\S+), (?P<place>[^\n]+)\n(?P<text>.*?)^ *```$",
    re.MULTILINE | re.DOTALL,
)
GENERATED = re.compile(r"`((?:docs/)?\w+\.md|sync/\S+\.mo)`")


def put(root: Path, file: str, place: str, text: str) -> None:
    """Put a block of the guide where its first line says.

    Raises:
        ValueError: the file has no such place.
    """
    path = root / file
    lines = path.read_text(encoding="utf-8").splitlines(keepends=True)
    if place == "before the last line":
        at = len(lines) - 1
    else:
        side, _, named = place.partition(" ")
        at = next((n for n, line in enumerate(lines) if named in line), -1)
        if at < 0:
            raise ValueError(f"{file} has no line with {named}")
        at += side == "after"
    path.write_text("".join([*lines[:at], text, *lines[at:]]), encoding="utf-8")


def translate(catalogue: Path, text: str) -> None:
    """Fill the guide's translations in, each where `make texts` left it empty."""
    content = catalogue.read_text(encoding="utf-8")
    for message in re.findall(r'(msgid ".+"\n)msgstr ".+"', text):
        assert content.count(f'{message}msgstr ""\n') == 1, message
    for message, translation in re.findall(r'(msgid ".+"\n)(msgstr ".+")', text):
        content = content.replace(f'{message}msgstr ""\n', f"{message}{translation}\n")
    catalogue.write_text(content, encoding="utf-8")


def contents(root: Path) -> dict[str, bytes]:
    """Every file of a checkout, without what programs keep there for themselves."""
    kept = ("rules", "sync", "sheets_templates", "tests", "docs", ".")
    files = [f for name in kept for f in (root / name).glob("*" if name == "." else "**/*")]
    return {
        file.relative_to(root).as_posix(): file.read_bytes()
        for file in files
        if file.is_file() and "__pycache__" not in file.parts and not file.name.startswith(".")
    }


def run(root: Path, *arguments: str) -> None:
    """Run Python in the copy: its packages come before the installed ones."""
    env = {name: value for name, value in os.environ.items() if not name.startswith("PYTEST")}
    done = subprocess.run(
        [sys.executable, *arguments], cwd=root, env={**env, "PYTHONPATH": str(root)},
        capture_output=True, text=True, check=False,
    )  # fmt: skip
    assert done.returncode == 0, done.stdout[-4000:] + done.stderr[-2000:]


@pytest.mark.slow
def test_the_example_rule_is_added_as_the_guide_says(tmp_path: Path) -> None:
    before = contents(ROOT)
    copy = tmp_path / "copy"
    for name, content in before.items():
        (copy / name).parent.mkdir(parents=True, exist_ok=True)
        (copy / name).write_bytes(content)
    blocks = [
        (m["file"], m["place"], re.sub(f"(?m)^{m['indent']}", "", m["text"]))
        for m in BLOCK.finditer(STEPS)
    ]
    for file, place, text in blocks:
        if place == "translations":
            run(copy, "docs/make_texts.py")
            translate(copy / file, text)
            run(copy, "docs/make_texts.py")
        else:
            put(copy, file, place, text)
    run(copy, "docs/make_reference.py")
    for tidy in (("check", "--fix"), ("format",)):
        run(copy, "-m", "ruff", *tidy, "--no-cache", "rules", "sync", "sheets_templates", "tests")

    after = contents(copy)
    changed = {name for name in after if after[name] != before.get(name)}
    assert changed == {file for file, _, _ in blocks} | set(GENERATED.findall(STEPS))

    tests = re.search(r"`\.venv/bin/(pytest [^`]+)`", STEPS)
    assert tests
    run(copy, "-m", *shlex.split(tests[1]), "-q", "-p", "no:cacheprovider")
    shutil.rmtree(copy)
