"""The demonstration on spreadsheets: `make demo-google`, until it is interrupted.

The plans of `helhedsplan demo` are spreadsheets of a server on loopback; the job runs over them.
"""

from __future__ import annotations

import signal
import subprocess
import sys
import threading
from datetime import UTC, datetime
from pathlib import Path
from tempfile import TemporaryDirectory

from sheets_templates.template.plan_design import plan_workbook
from sync.config.settings import Settings
from sync.workbook_tools.demo import demo_plans, master_data, plan_rows
from tests.google_server.keys import write_key_file
from tests.google_server.server import GoogleServer

CONFIG = """\
[[sources]]
kind = "google"

[google]
credentials = "google-key.json"
address = "{url}"

[overview]
spreadsheet = "{overview}"

[state]
folder = "state"
"""


def load_plans(server: GoogleServer) -> None:
    today = datetime.now(UTC).date()
    for plan in demo_plans(today.year - 1):
        workbook = plan_workbook(
            Settings().parameters(), master_data(plan, today), plan_rows(plan, today)
        )
        server.load_workbook(Path(plan.file).stem, workbook)


def main() -> None:
    # A shell has what it starts in the background ignore Ctrl-C.
    signal.signal(signal.SIGINT, signal.default_int_handler)
    with TemporaryDirectory(prefix="helhedsplan-demo-") as folder:
        config = Path(folder) / "config.toml"
        with GoogleServer(write_key_file(config.with_name("google-key.json"))) as server:
            load_plans(server)
            overview = server.make_spreadsheet("Overblik")
            config.write_text(CONFIG.format(url=server.url, overview=overview), encoding="utf-8")
            subprocess.run([sys.executable, "-m", "sync", "sync", "-c", str(config)], check=True)
            print(f"\nThe spreadsheets, to look at and to type into:\n  {server.url}")
            print(f"What the secretariat sees:\n  {server.url}/spreadsheets/d/{overview}")
            print("Correct a mistake there, and run the job again from another window:")
            print(f"  helhedsplan sync -c {config}")
            print("How it is set up with Google itself: docs/google.md")
            print("Ctrl-C ends the server, and everything here with it.", flush=True)
            try:
                threading.Event().wait()
            except KeyboardInterrupt:
                return


if __name__ == "__main__":
    main()
