"""`python -m tests.google_server.suites.replay FOLDER`: recorded exchanges, asked once more.

FOLDER holds cassettes as vcr writes them, of somebody who talked to the real service. Each request
is put to the server in the recorded order, and the answer is compared with the recorded one: the
status, every key and every value, but for ids, times and addresses, which are never the same.
"""

from __future__ import annotations

import argparse
import json
import re
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path
from typing import Any
from urllib.parse import parse_qs, unquote, urlsplit

from tests.google_server import GoogleServer
from tests.google_server.oauth import ALL_SCOPES
from tests.google_server.suites.plugin import PRIVATE
from tests.google_server.world import File
from tests.loopback import Request

Json = dict[str, Any]
WHO = "optagelse@proeve.iam.gserviceaccount.com"
BOOK = re.compile(r"/(?:v4/spreadsheets|drive/v3/files)/([\w-]{30,})")
IDS = frozenset(
    {"spreadsheetId", "id", "sheetId", "namedRangeId", "protectedRangeId", "chartId", "fileId"}
)
NEVER_THE_SAME = IDS | {
    "createdTime", "modifiedTime", "spreadsheetUrl", "emailAddress", "displayName", "users",
    "permissionId", "photoLink", "importFunctionsExternalUrlAccessAllowed",
}  # fmt: skip

REASONS = (
    (
        re.compile(r"PUT /upload/drive/v2/files/.* is missing here"),
        "the older Drive API's whole description of a file; only its id is answered here",
    ),
    (
        re.compile(r"\.columnMetadata\[\d+\]\.pixelSize: "),
        "how wide a text is depends on Google's fonts",
    ),
)
"""Differences that stay, each with why."""


@dataclass
class Replay:
    """One cassette against a server of its own. `known` are recorded ids and what they are here."""

    server: GoogleServer
    token: str
    known: dict[str, str] = field(default_factory=dict)
    differences: list[str] = field(default_factory=list)
    asked: int = 0

    def exchange(self, recorded: Json) -> None:
        """Ask once more, and note how the answer differs."""
        request, response = recorded["request"], recorded["response"]
        if response["status"]["code"] == 200:
            self.provide(request["uri"], response["body"].get("string", ""))
        uri = self.translated(request["uri"])
        body = request.get("body") or ""
        text = body if isinstance(body, str) else str(body.get("string", ""))
        parts = urlsplit(uri)
        headers = {name.lower(): value[0] for name, value in request["headers"].items()}
        headers["authorization"] = f"Bearer {self.token}"
        answer = self.server.answer(
            Request(
                request["method"], parts.path, parse_qs(parts.query, keep_blank_values=True),
                headers, self.translated(text).encode(),
            )
        )  # fmt: skip
        assert answer is not None
        self.asked += 1
        name = f"{request['method']} {unquote(parts.path)}"
        if answer.code != response["status"]["code"]:
            self.differences.append(f"{name}: {response['status']['code']}, here {answer.code}")
            return
        content = response["body"].get("string", "")
        if content.lstrip().startswith("{"):
            theirs, ours = json.loads(content), json.loads(answer.content)
            self.learn(theirs, ours)
            self.differences += [f"{name}: {one}" for one in differing(theirs, ours)]

    def provide(self, uri: str, answered: str) -> None:
        """An empty spreadsheet for each one that was there before the recording began."""
        told: Json = json.loads(answered) if answered.lstrip().startswith("{") else {}
        for file in told.get("files", ()):
            if file["id"] not in self.known:
                made = self.make(file["id"], file["name"], ["Sheet1"])
                made.modified = datetime.fromisoformat(file["modifiedTime"])
        match = BOOK.search(uri)
        if match is not None and match[1] not in {*self.known, *self.known.values()}:
            properties = told.get("properties", {})
            tabs = [one["properties"]["title"] for one in told.get("sheets", ())] or ["Sheet1"]
            title = properties.get("title") or told.get("name", "Test")
            self.make(match[1], title, tabs, properties.get("timeZone", "Etc/GMT"))

    def make(self, id_: str, title: str, tabs: list[str], time_zone: str = "Etc/GMT") -> File:
        self.known[id_] = self.server.make_spreadsheet(
            title, {tab: [] for tab in tabs}, owner=WHO, locale="en_US", time_zone=time_zone
        )
        return self.server.world.files[self.known[id_]]

    def translated(self, text: str) -> str:
        for theirs, ours in self.known.items():
            text = text.replace(theirs, ours)
        return text

    def learn(self, theirs: Any, ours: Any) -> None:
        """Recorded ids stand for ours from now on."""
        if isinstance(theirs, dict) and isinstance(ours, dict):
            for name in theirs.keys() & ours.keys():
                if name in IDS and len(str(theirs[name])) > 5:
                    self.known[str(theirs[name])] = str(ours[name])
                self.learn(theirs[name], ours[name])
        if isinstance(theirs, list) and isinstance(ours, list):
            for one, other in zip(theirs, ours, strict=False):
                self.learn(one, other)


def differing(theirs: Any, ours: Any, path: str = "") -> Iterator[str]:
    """Where two answers differ: a path, and what stands there."""
    if isinstance(theirs, dict) and isinstance(ours, dict):
        for name in sorted(theirs.keys() | ours.keys()):
            below = f"{path}.{name}"
            if name not in ours:
                yield f"{below} is missing here"
            elif name not in theirs:
                yield f"{below} is only here"
            elif name not in NEVER_THE_SAME:
                yield from differing(theirs[name], ours[name], below)
    elif isinstance(theirs, list) and isinstance(ours, list):
        if len(theirs) != len(ours):
            yield f"{path}: {len(theirs)} long, here {len(ours)}"
        for index, (one, other) in enumerate(zip(theirs, ours, strict=False)):
            yield from differing(one, other, f"{path}[{index}]")
    elif theirs != ours:
        yield f"{path}: {theirs!r}, here {ours!r}"


def replayed(cassette: Path) -> Replay:
    server = GoogleServer(accounts_own_files=True, forbidden=[PRIVATE])
    token = server.tokens.grant(WHO, ALL_SCOPES.split())["access_token"]
    replay = Replay(server, token)
    for recorded in json.loads(cassette.read_text(encoding="utf-8"))["interactions"]:
        replay.exchange(recorded)
    return replay


def reason_for(difference: str) -> str:
    """Why a difference may stay; empty where it may not."""
    return next((why for pattern, why in REASONS if pattern.search(difference)), "")


def main() -> int:
    parser = argparse.ArgumentParser(prog="python -m tests.google_server.suites.replay")
    parser.add_argument("folder", type=Path, help="cassettes, *.json")
    options = parser.parse_args()
    stay: Counter[str] = Counter()
    asked = wrong = 0
    for cassette in sorted(options.folder.glob("*.json")):
        replay = replayed(cassette)
        asked += replay.asked
        stay.update(filter(None, map(reason_for, replay.differences)))
        found = [one for one in replay.differences if not reason_for(one)]
        wrong += len(found)
        if found:
            print(f"{cassette.name}:")
            print("\n".join(f"    {one}" for one in found))
    print(f"{asked} exchanges, {wrong} differences")
    for why, count in stay.items():
        print(f"and {count} more: {why}")
    return 1 if wrong else 0


if __name__ == "__main__":
    raise SystemExit(main())
