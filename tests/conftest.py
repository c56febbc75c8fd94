"""What holds for all tests."""

from __future__ import annotations

import gc
import os
import sys
from collections.abc import Iterator

import pytest
from hypothesis import HealthCheck, settings

from rules.text.language import DANISH
from sync.i18n.language import speak

# openpyxl uses lxml where it is installed. Only the check of the format's rules brings it; the
# job runs without, and so do its tests.
os.environ["OPENPYXL_LXML"] = "False"

# Hundreds of tests start the job as a process of its own. Where the environment says that Python
# shall keep nothing that it compiles, each would compile the whole job, and pytest all tests.
os.environ.pop("PYTHONDONTWRITEBYTECODE", None)
sys.dont_write_bytecode = False

# google-auth looks up, in the background, where an account may be used: some versions always,
# others where one of these is set when they are first asked. Every test runs as if it did.
for _name in (
    "GOOGLE_AUTH_TRUST_BOUNDARY_ENABLED",
    "GOOGLE_SDK_EXPERIMENTAL_PYTHON_REGIONAL_ACCESS_BOUNDARY_LOOKUP_ENABLED",
):
    os.environ[_name] = "true"

# The same inputs each time, however slow the machine is.
settings.register_profile(
    "tests", deadline=None, derandomize=True, suppress_health_check=[HealthCheck.too_slow]
)
settings.load_profile("tests")


def pytest_collection_finish() -> None:
    """Leave the thousands of collected tests out of every later garbage collection."""
    gc.collect()
    gc.freeze()


@pytest.fixture(autouse=True)
def _danish_again() -> Iterator[None]:
    """Whatever language a test speaks, the next one speaks Danish."""
    yield
    speak(DANISH)


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter) -> None:
    """Say in which order the tests ran, so that it can be had again."""
    seed = terminalreporter.config.getoption("randomly_seed", None)
    if seed is not None:
        terminalreporter.write_line(f"in random order: --randomly-seed={seed}")
