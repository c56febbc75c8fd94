"""`python -m tests.google_server.suites NAME [FOLDER]`: a client's own tests against the server.

The suite is taken from FOLDER, a checkout of the client; without one, from the source distribution
that pip fetches by the client's name. Nothing of it is kept in the project.
"""

from __future__ import annotations

import argparse
import os
import re
import shutil
import subprocess
import sys
import tarfile
from dataclasses import dataclass
from pathlib import Path

from tests.google_server.keys import write_key_file

ROOT = Path(__file__).parents[3]
BUILD = ROOT / "build" / "suites"
CANNOT = 77  # as automake has it: skipped, not failed


@dataclass(frozen=True, slots=True)
class Suite:
    """A client's tests: where they are, what they need, and which cannot run here, with why."""

    client: str
    version: str
    tests: str
    pattern: str
    needs: tuple[str, ...]
    options: tuple[str, ...] = ()
    left_out: tuple[tuple[str, str], ...] = ()
    key_file: str = "creds.json"


FORMATTING = ("gspread-formatting", "gspread-dataframe", "pandas", "oauth2client")
SUITES = {
    suite.client: suite
    for suite in (
        Suite(
            "gspread",
            "6.2.1",
            "tests",
            "*_test.py",
            ("pytest-vcr", "pytest<9"),
            ("-p", "pytest_vcr", "--disable-vcr"),
        ),
        Suite(
            "pygsheets",
            "2.0.6",
            "tests",
            "online_test.py",
            ("google-auth-oauthlib", "google-api-python-client", "setuptools"),
            key_file="auth_test_data/pygsheettest_service_account.json",
        ),
        Suite("gspread-formatting", "1.2.0", "test.py", "test.py", FORMATTING),
        Suite("gspread-dataframe", "4.0.0", "tests", "*_integration.py", FORMATTING[1:]),
    )
}


def fetched(suite: Suite) -> Path | None:
    """The unpacked source distribution; None where it cannot be had, or holds no tests."""
    folder = BUILD / f"{suite.client}-{suite.version}"
    if not folder.exists():
        package = f"{suite.client}=={suite.version}"
        pip = ("download", "-q", "--no-deps", f"--no-binary={suite.client}", "-d", str(BUILD))
        if _pip(*pip, package) != 0:
            return None
        with tarfile.open(BUILD / f"{suite.client}-{suite.version}.tar.gz") as archive:
            archive.extractall(BUILD, filter="data")
    return folder if (folder / suite.tests).exists() else None


def _pip(*arguments: str) -> int:
    command = (sys.executable, "-m", "pip", "--disable-pip-version-check", *arguments)
    return subprocess.run(command, check=False).returncode


def run(suite: Suite, folder: Path) -> int:
    """Run the tests in a process of their own, with what they need beside the project's own."""
    library = BUILD / f"lib-{suite.client}"
    if not library.exists():
        options = ("install", "-q", "-c", str(_constraints(suite)), "--target", str(library))
        if _pip(*options, *suite.needs) != 0:
            print(f"{suite.client}: what its tests need cannot be installed; skipped")
            return CANNOT
    work = _work_copy(suite, folder)
    environment = os.environ | {
        "PYTEST_DISABLE_PLUGIN_AUTOLOAD": "1",
        "PYTHONPATH": os.pathsep.join((str(ROOT), str(library), str(folder))),
        "GS_CREDS_FILENAME": str(work / suite.key_file),
        "SUITE_CREDENTIALS": str(work / suite.key_file),
        "SUITE_CONFIG": str(work / "tests.config"),
    }
    command = [
        sys.executable, "-P", "-m", "pytest", "-q", "-rfE", "-p",
        "tests.google_server.suites.plugin", "-c", os.devnull, "--rootdir", str(work),
        *suite.options, *(str(path) for path in sorted(work.glob(suite.pattern))),
    ]  # fmt: skip
    for name, why in suite.left_out:
        print(f"left out: {name}: {why}")
        command += ["--deselect", name]
    return subprocess.run(command, check=False, cwd=work, env=environment).returncode


def _constraints(suite: Suite) -> Path:
    """The project's constraints, but for what the suite needs in a version of its own."""
    own = {re.split(r"[<>=]", need)[0] for need in suite.needs}
    lines = (ROOT / "constraints.txt").read_text(encoding="utf-8").splitlines()
    file = BUILD / f"constraints-{suite.client}.txt"
    kept = (line for line in lines if line.partition("==")[0] not in own)
    file.write_text("\n".join(kept), encoding="utf-8")
    return file


def _work_copy(suite: Suite, folder: Path) -> Path:
    """The tests under a name that is not `tests`, with a key file and room for a configuration."""
    work = BUILD / f"run_{suite.client.replace('-', '_')}"
    shutil.rmtree(work, ignore_errors=True)
    source = folder / suite.tests
    if source.is_dir():
        shutil.copytree(source, work)
    else:
        work.mkdir()
        shutil.copy(source, work)
    write_key_file(work / suite.key_file)
    return work


def main() -> int:
    parser = argparse.ArgumentParser(prog="python -m tests.google_server.suites")
    parser.add_argument("client", choices=SUITES)
    parser.add_argument("folder", type=Path, nargs="?", help="a checkout of the client")
    options = parser.parse_args()
    suite = SUITES[options.client]
    BUILD.mkdir(parents=True, exist_ok=True)
    folder = options.folder or fetched(suite)
    if folder is None:
        print(f"{suite.client}: pip cannot fetch its source, or it holds no tests; skipped")
        return CANNOT
    return run(suite, folder.resolve())


if __name__ == "__main__":
    raise SystemExit(main())
