"""Files that only look as if they were there: their content lies in the cloud.

Looking at such a file's attributes does not fetch it; opening it would.
"""

from __future__ import annotations

import errno
import os
import stat
from pathlib import Path

from rules.text.marking import N_
from sync.stores.files.untrusted import opened

ONLY_IN_THE_CLOUD = N_(
    "Filen ligger kun i skyen. "
    "Højreklik på filen, og vælg »Behold altid på denne enhed«, så læser næste kontrol den."
)
_OFFLINE, _RECALL_ON_OPEN, _RECALL_ON_DATA_ACCESS = 0x1000, 0x40000, 0x400000
_LONGEST_IN_THE_DIRECTORY = 4_096
"""Some file systems keep a small file's content where it takes no blocks of its own."""
_VIRTUAL_FILES, _ICLOUD = (".nextcloud", ".owncloud"), ".icloud"


def named_as_placeholder(name: str) -> str | None:
    """The name of the file for which this one stands; None where it stands for itself."""
    if name.startswith(".") and name.endswith(_ICLOUD):
        return name[1 : -len(_ICLOUD)]
    for ending in _VIRTUAL_FILES:
        if name.casefold().endswith(ending):
            return name[: -len(ending)]
    return None


def is_placeholder(file: Path, status: os.stat_result) -> bool:
    """Whether the file's content is not on this machine; nothing is fetched to find out."""
    attributes: int = getattr(status, "st_file_attributes", 0)  # Windows alone has them
    return marked_as_placeholder(attributes) or _holds_no_data(file, status)


def marked_as_placeholder(attributes: int) -> bool:
    """Whether Windows' attributes say that the content would be fetched when it is read."""
    return bool(attributes & (_OFFLINE | _RECALL_ON_OPEN | _RECALL_ON_DATA_ACCESS))


def _holds_no_data(file: Path, status: os.stat_result) -> bool:
    """Whether a file has a size, but neither blocks nor data: one big hole.

    The blocks alone prove nothing: some file systems never count them.
    """
    blocks = getattr(status, "st_blocks", None)
    is_suspect = blocks == 0 and status.st_size > _LONGEST_IN_THE_DIRECTORY
    if not is_suspect or not stat.S_ISREG(status.st_mode) or not hasattr(os, "SEEK_DATA"):
        return False
    try:
        with opened(file) as raw:
            os.lseek(raw.fileno(), 0, os.SEEK_DATA)
    except OSError as error:
        return error.errno == errno.ENXIO
    return False
