"""The server as a process, as somebody starts it by hand, and its pages."""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import requests

from tests.google_server import GoogleServer
from tests.google_server.client import client_of, session_of
from tests.google_server.test_values import workbook

ROOT = Path(__file__).parents[2]


@contextmanager
def started(*arguments: str) -> Iterator[str]:
    """The address of a server in a process of its own."""
    command = [sys.executable, "-m", "tests.google_server", *arguments]
    process = subprocess.Popen(command, cwd=ROOT, stdout=subprocess.PIPE, text=True)
    assert process.stdout is not None
    try:
        line = process.stdout.readline()
        assert line.startswith("listening on http://127.0.0.1:")
        yield line.removeprefix("listening on ").strip()
    finally:
        process.terminate()
        process.wait()
        process.stdout.close()


def test_it_says_where_it_listens_and_serves_a_folder(key_file: Path, tmp_path: Path) -> None:
    (tmp_path / "Vapnagaard.xlsx").write_bytes(workbook())
    options = ("--service-account", str(key_file), "--load", str(tmp_path))
    with started(*options) as url:
        book = client_of(url, key_file).open("Vapnagaard")
        assert book.worksheet("Plan").acell("A1").value == "Dag"
        assert "Vapnagaard" in requests.get(url, timeout=5).text


def test_it_can_be_told_to_refuse(key_file: Path) -> None:
    options = (
        "--service-account",
        str(key_file),
        "--forbidden",
        "hemmelig",
        "anden",
        "--fault",
        "/drive/",
    )
    with started(*options, "UNAVAILABLE") as url:
        session = session_of(url, key_file)
        forbidden = session.get("https://sheets.googleapis.com/v4/spreadsheets/hemmelig")
        away = session.get("https://www.googleapis.com/drive/v3/files")
        assert (forbidden.status_code, away.status_code) == (403, 503)


def test_it_ends_with_whoever_started_it(key_file: Path) -> None:
    """The process between starts a server and ends; its output closes when the server has."""
    program = (
        "import subprocess, sys\n"
        "server = subprocess.Popen([sys.executable, '-m', 'tests.google_server', *sys.argv[1:]],\n"
        "    stdout=subprocess.PIPE, text=True)\n"
        "print(server.stdout.readline(), end='')\n"
    )
    command = [sys.executable, "-c", program, "--service-account", str(key_file)]
    done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, timeout=60, check=True)
    assert done.stdout.startswith("listening on ")


def test_a_page_shows_a_spreadsheet_and_takes_what_is_typed(server: GoogleServer) -> None:
    key = server.make_spreadsheet("A", {"Plan": [["<b>", "Beløb"]]})
    server.protect(key, {"sheetId": 0, "startColumnIndex": 1, "endColumnIndex": 2})
    url = f"{server.url}/spreadsheets/d/{key}"
    assert "&lt;b&gt;" in requests.get(url, timeout=5).text
    typed = requests.post(url, data={"cell": "Plan!B2", "text": "1.500 kr."}, timeout=5).text
    assert '<td class=guarded title="protected">1.500,00 kr.</td>' in typed
    assert server.world.files[key].last_editor == server.book(key).owner
