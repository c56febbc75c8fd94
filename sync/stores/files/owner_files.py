"""Who has a workbook open, as far as the file tells that programs lay beside it."""

from __future__ import annotations

import errno
import stat
from contextlib import suppress
from pathlib import Path

from rules.text.quoting import quoted
from sync.stores.files.untrusted import opened

_MOST_BYTES = 500


def opened_by(path: Path) -> str | None:
    """Who has the workbook open, as far as its owner file tells; None when nobody has.

    Excel lays `~$name` beside an open workbook, LibreOffice `.~lock.name#`. Crashes leave such
    files behind; then a person must delete them, since nothing tells the difference for sure.

    Raises:
        OSError: it cannot be seen.
    """
    excel = _content(path.with_name(f"~${path.name}"))
    if excel is not None:
        # Its length at byte 0, then the name in ANSI.
        name = excel[1 : 1 + excel[0]].decode("cp1252", "replace") if excel else ""
        return quoted(name.strip()) or "en kollega"
    libreoffice = _content(path.with_name(f".~lock.{path.name}#"))
    if libreoffice is not None:
        fields = libreoffice.decode("utf-8", "replace").split(",")
        return quoted(fields[1].strip() if len(fields) > 1 else "") or "en kollega"
    return None


def _content(owner_file: Path) -> bytes | None:
    """How the file begins; None where there is none. A link, a pipe or a folder is none."""
    try:
        if not stat.S_ISREG(owner_file.lstat().st_mode):
            return None
    except FileNotFoundError:
        return None
    except OSError as error:
        if error.errno == errno.ENAMETOOLONG:  # then nobody could lay one there
            return None
        raise
    with suppress(OSError), opened(owner_file) as raw:
        return raw.read(_MOST_BYTES)
    return b""
