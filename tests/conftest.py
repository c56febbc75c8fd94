"""What holds for all tests."""

from __future__ import annotations

import os

# openpyxl uses lxml where it is installed. Only the check of the format's rules brings it; the
# job runs without, and so do its tests.
os.environ["OPENPYXL_LXML"] = "False"
