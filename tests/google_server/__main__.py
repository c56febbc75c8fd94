"""Answer like Google on 127.0.0.1, until interrupted or until whoever started this has ended.

One line on standard output says where, once it listens. Everything is kept in memory. The same
address in a browser shows the spreadsheets, and lets one type into them.
"""

from __future__ import annotations

import argparse
import os
import threading
from pathlib import Path

from tests.google_server.faults import Fault
from tests.google_server.keys import write_key_file
from tests.google_server.server import GoogleServer


def options() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="python -m tests.google_server", description=__doc__)
    add = parser.add_argument
    add("--port", type=int, default=0, help="0: any that is free")
    add(
        "--service-account", type=Path, action="append", required=True, metavar="FILE",
        help="a key file whose assertions are accepted; may be given more than once",
    )  # fmt: skip
    add("--new-key", action="store_true", help="make the key files that are not there yet")
    add(
        "--forbidden",
        nargs="+",
        action="extend",
        default=[],
        metavar="ID",
        help="spreadsheets that answer 403",
    )
    add(
        "--load", type=Path, metavar="FOLDER",
        help="make each Excel workbook in it a spreadsheet, shared with the service accounts",
    )  # fmt: skip
    add("--shared-drive", metavar="NAME", help="make a shared drive that the accounts manage")
    add(
        "--no-storage", action="store_true",
        help="refuse files that a service account would own, as Google does by now",
    )  # fmt: skip
    add("--quota", action="store_true", help="answer 429 beyond 60 reads or writes a minute")
    add(
        "--fault", nargs=2, action="append", default=[], metavar=("PART", "FAULT"),
        help="what happens to each request with PART in its path: "
        + ", ".join(fault.name for fault in Fault),
    )  # fmt: skip
    return parser.parse_args()


def main() -> None:
    chosen = options()
    for key_file in chosen.service_account:
        if chosen.new_key and not key_file.exists():
            write_key_file(key_file)
    server = GoogleServer(
        chosen.service_account,
        port=chosen.port,
        forbidden=chosen.forbidden,
        accounts_own_files=not chosen.no_storage,
        check_answers=False,
    )
    server.quota.enforced = chosen.quota
    for part, fault in chosen.fault:
        server.faults.on(part, Fault[fault])
    if chosen.shared_drive:
        server.make_shared_drive(chosen.shared_drive, role="organizer")
    if chosen.load:
        for workbook in sorted(chosen.load.rglob("*.xlsx")):
            server.load_workbook(workbook.stem, workbook.read_bytes())
    with server:
        print(f"listening on {server.url}", flush=True)
        wait_for_parent()


def wait_for_parent() -> None:
    """Return when the process that started this one has ended, or on an interrupt."""
    parent = os.getppid()
    never = threading.Event()
    try:
        while os.getppid() == parent:
            never.wait(0.5)
    except KeyboardInterrupt:
        return


if __name__ == "__main__":
    main()
