"""`python -m tests.google_server.suites.node FOLDER`: google-spreadsheet's own tests for node.

FOLDER is a checkout of it. It needs node and npm, which fetches what its tests need.
"""

from __future__ import annotations

import argparse
import json
import os
import shutil
import subprocess
from pathlib import Path

from tests.google_server import GoogleServer
from tests.google_server.keys import write_key_file
from tests.google_server.suites.__main__ import BUILD, CANNOT
from tests.google_server.world import permission

WORK = BUILD / "node"
NEEDS = ("vitest@4", "nock@14", "ky@1", "es-toolkit@1", "google-auth-library@10")
# Google's hosts lead to the server; the keys come from the environment.
SETUP = """\
import http from 'node:http';
import https from 'node:https';
const plain = globalThis.fetch;
const hosts = /^https:\\/\\/(sheets|www|oauth2)\\.googleapis\\.com/;
globalThis.fetch = async (input, options) => {
  const url = typeof input === 'string' ? input : input.url ?? String(input);
  if (!hosts.test(url)) return plain(input, options);
  const there = url.replace(hosts, process.env.SUITE_SERVER);
  if (!(input instanceof Request)) return plain(there, options);
  const body = ['GET', 'HEAD'].includes(input.method) ? undefined : await input.arrayBuffer();
  return plain(there, { method: input.method, headers: input.headers, body, ...options });
};
const request = https.request;
https.request = (url, options, done) => {
  if (!hosts.test(String(url))) return request(url, options, done);
  const there = String(url).replace(hosts, process.env.SUITE_SERVER);
  return http.request(there, { ...options, agent: undefined }, done);
};
"""
ENVIRONMENT = """\
export const ENV = {
  GOOGLE_SERVICE_ACCOUNT_EMAIL: process.env.GOOGLE_SERVICE_ACCOUNT_EMAIL,
  GOOGLE_SERVICE_ACCOUNT_KEY: process.env.GOOGLE_SERVICE_ACCOUNT_KEY,
  TEST_DELAY: 0,
};
"""
CONFIG = """\
import { defineConfig } from 'vitest/config';
export default defineConfig({
  test: {
    include: ['src/**/*.test.ts'], fileParallelism: false, setupFiles: ['./setup.mjs'],
    alias: { 'varlock/env': new URL('./environment.mjs', import.meta.url).pathname },
  },
});
"""
# The spreadsheets that its tests know by their ids: the role of everybody with the link, and ours.
KNOWN = {
    "1LG6vqg6ezQpIXr-SIDDWQAc9mLNSXasboDR7MUbLvZw": ("writer", "writer"),
    "1Gf1RL2FUjQpE6nJ4ywuX7hpZFqQ8oLE2yMAgzF7VsF0": ("reader", "reader"),
    "148tpVrZgcc-ReSMRXiQaqf9hstgT8HTzyPeKx6f399Y": (None, "writer"),
    "1d9McHkpKu-1R3WxPT7B-bhNPnBzijMp2zI_knjwnw4s": (None, "reader"),
}


def share(server: GoogleServer, id_: str, everybody: str | None, account: str) -> None:
    """Make a spreadsheet under an id that is known."""
    rows: list[list[object]] = [["a", "b", "c"], ["1", "2", "3"]]
    made = server.make_spreadsheet("Test", {"Sheet1": rows}, role=account, locale="en_US")
    world = server.world
    file, book = world.files.pop(made), world.books.pop(made)
    file.id = book.id = id_
    world.files[id_], world.books[id_] = file, book
    if everybody:
        file.permissions.append(permission("anyone", everybody))


def run(folder: Path) -> int:
    """Run the tests; npm fetches what they need once."""
    WORK.mkdir(parents=True, exist_ok=True)
    (WORK / "package.json").write_text('{"private": true, "type": "module"}', encoding="utf-8")
    if not (WORK / "node_modules" / "vitest").exists():
        install = ("npm", "install", "--silent", "--no-audit", "--no-fund", *NEEDS)
        if subprocess.run(install, check=False, cwd=WORK).returncode != 0:
            print("google-spreadsheet: what its tests need cannot be installed; skipped")
            return CANNOT
    shutil.rmtree(WORK / "src", ignore_errors=True)
    shutil.copytree(folder / "src", WORK / "src")
    files = {"setup.mjs": SETUP, "environment.mjs": ENVIRONMENT, "vitest.config.mjs": CONFIG}
    for name, text in files.items():
        (WORK / name).write_text(text, encoding="utf-8")
    key_file = write_key_file(WORK / "creds.json")
    key = json.loads(key_file.read_text(encoding="utf-8"))
    with GoogleServer(key_file, accounts_own_files=True, check_answers=False) as server:
        for id_, (everybody, account) in KNOWN.items():
            share(server, id_, everybody, account)
        environment = os.environ | {
            "SUITE_SERVER": server.url,
            "GOOGLE_API_KEY": "AIza-of-nobody",
            "GOOGLE_SERVICE_ACCOUNT_EMAIL": key["client_email"],
            "GOOGLE_SERVICE_ACCOUNT_KEY": key["private_key"],
        }
        command = ("npx", "vitest", "run")
        return subprocess.run(command, check=False, cwd=WORK, env=environment).returncode


def main() -> int:
    parser = argparse.ArgumentParser(prog="python -m tests.google_server.suites.node")
    parser.add_argument("folder", type=Path, nargs="?", help="a checkout of google-spreadsheet")
    options = parser.parse_args()
    if options.folder is None or shutil.which("npx") is None:
        print("google-spreadsheet: a checkout, node and npm are needed; skipped")
        return CANNOT
    return run(options.folder.resolve())


if __name__ == "__main__":
    raise SystemExit(main())
