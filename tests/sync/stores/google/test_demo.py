"""`make demo-google`: the whole job, tried by somebody without an account."""

from __future__ import annotations

import re
import signal
import subprocess
import sys
from pathlib import Path

import pytest
import requests

from tests.sync.helpers import PATIENCE_SECONDS, helhedsplan


@pytest.mark.slow
def test_the_demonstration_on_google_from_end_to_end() -> None:
    command = [sys.executable, "-m", "tests.google_server.demo"]
    process = subprocess.Popen(command, stdout=subprocess.PIPE, text=True, encoding="utf-8")
    assert process.stdout is not None
    answer = []
    for line in process.stdout:
        answer.append(line)
        if line.startswith("Ctrl-C"):
            break
    try:
        config = next(
            Path(line.split(" -c ")[1].strip())
            for line in answer
            if line.startswith("  helhedsplan")
        )
        url = next(line for line in map(str.strip, answer) if line.startswith("http://127.0.0.1:"))
        key = re.search(r"d/([\w-]+)\">Vapnagaard", requests.get(url, timeout=5).text)
        assert key is not None
        page = f"{url}/spreadsheets/d/{key[1]}"
        assert "FEJL Budget" not in requests.get(page, timeout=5).text
        requests.post(page, data={"cell": "Indsatser!I5", "text": "ca. 5"}, timeout=5)
        again = helhedsplan("sync", "-c", config)
        assert again.code == 0
        assert "written: Vapnagaard" in again.out
        assert "FEJL Budget" in requests.get(page, timeout=5).text
        overview = next(line.strip() for line in answer if f"{url}/spreadsheets/d/" in line)
        assert "Vapnagaard" in requests.get(overview, timeout=5).text
        assert "docs/google.md" in "".join(answer)
    finally:
        process.send_signal(signal.SIGINT)
        process.communicate(timeout=PATIENCE_SECONDS)
    assert process.returncode == 0
    assert "written: Vapnagaard" in "".join(answer)
    with pytest.raises(requests.ConnectionError):
        requests.get(url, timeout=5)
