"""Log lines: one JSON object each in a cluster, plain text on a terminal."""

from __future__ import annotations

import logging
import sys
import time
from typing import Final, TextIO

from webhook.kube import quickjson

FIELDS: Final = ("result", "uid", "namespace", "pod", "milliseconds", "hash", "file")
"""The extra fields of our records that are written; a closed list, so that no object or secret gets in by accident."""


class JsonFormatter(logging.Formatter):
    """Formats a record as one line of JSON: ts, level, logger, msg and the known extra fields."""

    def __init__(self) -> None:
        super().__init__()
        self._second = (-1, "")

    def format(self, record: logging.LogRecord) -> str:
        """Return the line."""
        line: dict[str, object] = {
            "ts": self._time(int(record.created)),
            "level": record.levelname.lower(),
            "logger": record.name,
            "msg": record.getMessage(),
        }
        line.update((name, value) for name in FIELDS if (value := record.__dict__.get(name)) not in (None, ""))
        if record.exc_info:
            line["exception"] = self.formatException(record.exc_info)
        return quickjson.dumps(line).decode("utf-8", "surrogateescape")

    def _time(self, second: int) -> str:
        """Return a second since the epoch in local time; most records are of the same second as the one before."""
        if self._second[0] != second:
            self._second = (second, time.strftime("%Y-%m-%dT%H:%M:%S%z", time.localtime(second)))
        return self._second[1]


class TextFormatter(logging.Formatter):
    """Formats a record for a person: time, message, and the known extra fields behind it."""

    def format(self, record: logging.LogRecord) -> str:
        """Return the line."""
        extra = " ".join(f"{name}={value}" for name in FIELDS if (value := record.__dict__.get(name)) not in (None, ""))
        text = f"{self.formatTime(record, '%H:%M:%S')} {record.levelname.lower():7} {record.getMessage()}"
        text = f"{text}  [{extra}]" if extra else text
        return f"{text}\n{self.formatException(record.exc_info)}" if record.exc_info else text


def configure_logs(style: str, level: str, stream: TextIO = sys.stderr) -> None:
    """Send the records of this program to a stream; ``style`` is ``json`` or ``text``, ``level`` a name such as ``info``."""
    stream_handler = logging.StreamHandler(stream)
    stream_handler.setFormatter(JsonFormatter() if style == "json" else TextFormatter())
    root = logging.getLogger("remora")
    root.handlers[:] = [stream_handler]
    root.propagate = False
    root.setLevel(level.upper())
