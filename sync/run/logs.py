"""Log lines for programs: `time=… level=… event=…`, and further keys. Never any cell contents.

Where in the code something failed is written into files, and never onto a terminal.
"""

from __future__ import annotations

import json
import logging
import os
import re
import sys
import tempfile
from datetime import datetime
from io import TextIOWrapper
from pathlib import Path

from sync.check.fault import FAULTS, trace_of
from sync.config.job import MonitoringSection

LOG = logging.getLogger("helhedsplan")
_PLAIN = re.compile("[a-zA-Z0-9.:+_/-]+")


class KeyValue(logging.Formatter):
    """A record as `key=value` pairs on one line; `extra={"keys": {…}}` adds keys.

    What stands below a message's first line is where in the code it happened: the key `trace`,
    unless it `hides_traces`.
    """

    def __init__(self, *, hides_traces: bool = False) -> None:
        super().__init__()
        self._hides_traces = hides_traces

    def format(self, record: logging.LogRecord) -> str:
        """The line."""
        at = datetime.fromtimestamp(record.created).astimezone()
        event, _, trace = record.getMessage().partition("\n")
        keys: dict[str, object] = {
            "time": at.isoformat(timespec="seconds"),
            "level": record.levelname.lower(),
            "pid": record.process,
            "event": event,
            **getattr(record, "keys", {}),
        }
        if trace and not self._hides_traces:
            keys["trace"] = trace
        return " ".join(f"{key}={_value(str(value))}" for key, value in keys.items())


def _value(text: str) -> str:
    """The value as it is, or in quotes, with no line break in it."""
    return text if _PLAIN.fullmatch(text) else json.dumps(text, ensure_ascii=False)


def log_to_stderr() -> None:
    """Log lines go to standard error."""
    handler = logging.StreamHandler(sys.stderr)
    handler.setFormatter(KeyValue(hides_traces=True))
    _add(handler)


def log_to_file(monitoring: MonitoringSection, name: str) -> None:
    """Log lines go to `name`.log in the configured folder; nowhere where none is configured."""
    from logging.handlers import RotatingFileHandler  # noqa: PLC0415  slow to load

    folder = monitoring.log_folder
    if folder is None:
        return
    try:
        folder.mkdir(parents=True, exist_ok=True)
        handler = RotatingFileHandler(
            folder / f"{name}.log",
            maxBytes=int(monitoring.log_megabytes * 1_000_000),
            backupCount=monitoring.log_files,
            encoding="utf-8",
        )
    except OSError as error:
        LOG.warning("no log can be written into %s: %s", folder, error.strerror)
    else:
        _add(handler)


def _add(handler: logging.Handler) -> None:
    if not handler.formatter:
        handler.setFormatter(KeyValue())
    LOG.addHandler(handler)
    LOG.setLevel(logging.INFO)
    logging.raiseExceptions = False  # a full disk must not fill standard error with traces


class FaultFile(logging.FileHandler):
    """`faults.log` in a folder: where the program failed in a way that nobody foresaw.

    The first fault of a process makes it anew, so that it never grows. Where the folder takes no
    file, it is a new one among the system's temporary files.
    """

    def __init__(self, folder: Path) -> None:
        super().__init__(folder / "faults.log", mode="w", encoding="utf-8", delay=True)
        self.setFormatter(KeyValue())

    def _open(self) -> TextIOWrapper:
        try:
            return super()._open()
        except OSError:
            descriptor, self.baseFilename = tempfile.mkstemp(".log", "helhedsplan-faults-")
            return os.fdopen(descriptor, "w", encoding="utf-8")


def keep_faults(folder: Path) -> FaultFile:
    """From now on the faults of this process go into the `faults.log` of the folder."""
    for earlier in FAULTS.handlers[:]:
        FAULTS.removeHandler(earlier)
        earlier.close()
    handler = FaultFile(folder)
    FAULTS.addHandler(handler)
    logging.raiseExceptions = False
    return handler


def log_fault(error: BaseException) -> str:
    """Log where in the code it happened; the file that says so."""
    handlers = [one for one in FAULTS.handlers if isinstance(one, FaultFile)]
    file = handlers[0] if handlers else keep_faults(Path(os.devnull))
    FAULTS.error("command failed\n%s", trace_of(error))
    return file.baseFilename
