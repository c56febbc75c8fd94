"""Log lines for programs: `time=… level=… event=…`, and further keys. Never any cell contents."""

from __future__ import annotations

import json
import logging
import re
import sys
from datetime import datetime
from logging.handlers import RotatingFileHandler

from sync.config.job import MonitoringSection

LOG = logging.getLogger("helhedsplan")
_PLAIN = re.compile("[a-zA-Z0-9.:+_/-]+")


class KeyValue(logging.Formatter):
    """A record as `key=value` pairs on one line; `extra={"keys": {…}}` adds keys.

    What stands below a message's first line is where in the code it happened.
    """

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
        if trace:
            keys["trace"] = trace
        return " ".join(f"{key}={_value(str(value))}" for key, value in keys.items())


def _value(text: str) -> str:
    """The value as it is, or in quotes, with no line break in it."""
    return text if _PLAIN.fullmatch(text) else json.dumps(text, ensure_ascii=False)


def log_to_stderr() -> None:
    """Log lines go to standard error."""
    _add(logging.StreamHandler(sys.stderr))


def log_to_file(monitoring: MonitoringSection, name: str) -> None:
    """Log lines go to `name`.log in the configured folder; nowhere where none is configured."""
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
    handler.setFormatter(KeyValue())
    LOG.addHandler(handler)
    LOG.setLevel(logging.INFO)
    logging.raiseExceptions = False  # a full disk must not fill standard error with traces
