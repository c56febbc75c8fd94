"""`demo --google`: the whole job, tried by somebody without an account."""

from __future__ import annotations

import re
import signal
import subprocess
import sys
from pathlib import Path

import pytest
import requests

from sync.workbook_tools import demo_google
from tests.sync.helpers import PATIENCE_SECONDS, helhedsplan


def test_the_demonstration_on_google_from_end_to_end(tmp_path: Path) -> None:
    command = [sys.executable, "-m", "sync", "demo", "--google", str(tmp_path / "prøve")]
    process = subprocess.Popen(command, stdout=subprocess.PIPE, text=True, encoding="utf-8")
    assert process.stdout is not None
    answer = []
    for line in process.stdout:
        answer.append(line)
        if line.startswith("Ctrl-C"):
            break
    config = tmp_path / "prøve" / "config.toml"
    try:
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
    finally:
        process.send_signal(signal.SIGINT)
        process.communicate(timeout=PATIENCE_SECONDS)
    assert process.returncode == 0
    assert "written: Vapnagaard" in "".join(answer)
    assert (tmp_path / "prøve" / "Overblik.xlsx").is_file()
    with pytest.raises(requests.ConnectionError):
        requests.get(url, timeout=5)


def test_where_the_server_is_not_installed_it_says_so(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(demo_google, "CHECKOUT", tmp_path)
    answer = helhedsplan("demo", "--google", tmp_path / "prøve")
    assert answer.code == 2
    assert "run it from a checkout" in answer.err


def test_a_folder_that_holds_something_else_is_left_alone(tmp_path: Path) -> None:
    (tmp_path / "brev.docx").write_bytes(b"x")
    answer = helhedsplan("demo", "--google", tmp_path)
    assert answer.code == 2
    assert [file.name for file in tmp_path.iterdir()] == ["brev.docx"]
