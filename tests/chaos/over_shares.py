"""Somebody saves on the server's side while the job writes through a mount."""

from __future__ import annotations

import contextlib
import random
import threading
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path

from sync.stores.base import StoreError
from sync.stores.files.replace import replace_file
from sync.stores.files.untrusted import read
from tests.shares.mounted import (
    SFTP_NEEDS,
    SMB_NEEDS,
    Share,
    missing,
    over_sftp,
    over_smb,
    port_is_free,
)

NAME = "Plan æøå.xlsx"
LONGEST_SECONDS = 0.15
"""A save comes at a random moment of so many, which is about as long as a write takes."""


@dataclass
class Tally:
    """How many saves met a write, how many workbooks were written, and which saves were lost."""

    way: str
    saves: int = 0
    met: int = 0
    lost: list[str] = field(default_factory=list)


def save_meanwhile(root: Path, saves: int, seed: int) -> Iterator[Tally]:
    """Try each kind of share that can be mounted here."""
    ways = (("SFTP", over_sftp, SFTP_NEEDS), ("SMB", over_smb, SMB_NEEDS))
    for way, mounting, needs in ways:
        if not missing(*needs) and (way != "SMB" or port_is_free()):
            here = root / way
            here.mkdir(parents=True)
            with mounting(here) as share:
                yield _tried(way, share, saves, random.Random(seed))


def _tried(way: str, share: Share, saves: int, chance: random.Random) -> Tally:
    tally = Tally(way)
    server, file = share.server / NAME, share.mounts[0] / NAME
    _save(server, b"save 0")
    while tally.saves < saves:
        try:
            old, stamp = read(file)
        except OSError:  # a mount may have forgotten the file
            continue
        tally.saves += 1
        theirs = b"save %d" % tally.saves
        saving = threading.Timer(chance.uniform(0, LONGEST_SECONDS), _save, (server, theirs))
        saving.start()
        with contextlib.suppress(StoreError):
            replace_file(file, old, old + b" with Kontrol", stamp)
        tally.met += not saving.is_alive()
        saving.join()
        if not server.exists() or server.read_bytes() != theirs:
            tally.lost.append(f"{way}: save {tally.saves} was lost")
            _save(server, theirs)
    return tally


def _save(server: Path, content: bytes) -> None:
    """As programs save: written beside it, and put in its place."""
    beside = server.with_name(".saved")
    beside.write_bytes(content)
    beside.replace(server)
