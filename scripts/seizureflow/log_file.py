"""The log of a step, which a full disk or a read-only folder must not stop from being told of."""

from __future__ import annotations

import logging
import sys
from contextlib import suppress
from pathlib import Path

from seizureflow.step_log import LINE


class _LogFile(logging.FileHandler):
    """A log that, once it cannot be written, says so on the console, and there says errors."""

    failed = False

    def handleError(self, record: logging.LogRecord) -> None:  # noqa: N802
        error = sys.exc_info()[1]
        if not isinstance(error, OSError):
            super().handleError(record)
            return
        if not self.failed:
            self.failed = True
            print(f"{self.baseFilename}: not written. {error.strerror}", file=sys.stderr)
        if record.levelno >= logging.ERROR:
            print(f"\n{record.getMessage()}\n", file=sys.stderr, flush=True)

    def close(self) -> None:
        with suppress(OSError):  # what could not be written before
            super().close()


def open_log(path: Path) -> logging.Handler:
    """Open the log of a step, with time and level in each line; a log that is there is replaced.

    Returns:
        The file's handler; where the file cannot be opened, that is said on the console, and the
        handler says errors there.
    """
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        file = _LogFile(path, mode="w", encoding="utf-8")
    except OSError as error:
        print(f"{path}: not written. {error.strerror}", file=sys.stderr)
        console = logging.StreamHandler(sys.stderr)
        console.setLevel(logging.ERROR)
        return console
    file.setFormatter(logging.Formatter(LINE))
    return file
