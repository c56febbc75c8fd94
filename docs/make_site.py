"""Builds the site of the documentation: the same Markdown as in the repository, with a menu.

    make docs

The pages are put together under build/pages as they lie here, so that their links stay as they are;
mkdocs.yml has the menu. A link that leads nowhere, or a page that is not in the menu, fails.
"""

from __future__ import annotations

import shutil
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).parents[1]
PAGES = ROOT / "build" / "pages"
BESIDE = ("README.md", "CONTRIBUTING.md", "CHANGELOG.md", "config.example.toml")


def main() -> None:
    """Put the pages together, and build the site from them; say what is wrong with a link."""
    shutil.rmtree(PAGES, ignore_errors=True)
    shutil.copytree(ROOT / "docs", PAGES / "docs", ignore=shutil.ignore_patterns("*.py", "__*"))
    for name in BESIDE:
        (PAGES / name).parent.mkdir(parents=True, exist_ok=True)
        shutil.copy(ROOT / name, PAGES / name)
    command = [sys.executable, "-m", "mkdocs", "build", "--strict"]
    done = subprocess.run(command, cwd=ROOT, check=False, capture_output=True, text=True)
    if done.returncode:
        sys.stderr.write(done.stderr)
    else:
        sys.stdout.write("build/site/index.html\n")
    raise SystemExit(done.returncode)


if __name__ == "__main__":
    main()
