"""`python -m tests.google_server --port PORT --service-account FILE`: until it is interrupted."""

from __future__ import annotations

import argparse
import os
import threading
from pathlib import Path

from tests.google_server.server import GoogleServer


def main() -> None:
    parser = argparse.ArgumentParser(prog="python -m tests.google_server", description=__doc__)
    parser.add_argument("--port", type=int, default=0, help="0: any that is free")
    parser.add_argument(
        "--service-account", type=Path, action="append", required=True, metavar="FILE",
        help="a key file whose assertions are accepted; may be given more than once",
    )  # fmt: skip
    parser.add_argument(
        "--forbidden", nargs="*", default=[], metavar="ID", help="spreadsheets that answer 403"
    )
    options = parser.parse_args()
    server = GoogleServer(
        options.service_account,
        port=options.port,
        forbidden=options.forbidden,
        check_answers=False,
    )
    with server:
        print(f"listening on {server.url}", flush=True)
        wait_for_parent()


def wait_for_parent() -> None:
    """Return when the process that started this one has ended."""
    parent = os.getppid()
    never = threading.Event()
    try:
        while os.getppid() == parent:
            never.wait(0.5)
    except KeyboardInterrupt:
        return


if __name__ == "__main__":
    main()
