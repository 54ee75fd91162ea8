"""Shows the progress of a run as one line of the terminal that is written anew at each change."""

from __future__ import annotations

import logging
import shutil
import time
from typing import TextIO

from seizureflow.run_events import event_of
from seizureflow.run_progress import RunProgress

_CLEAR = "\r\x1b[K"  # to the beginning of the line, and erase it
# What the line says in short; the log file of the run keeps each at length.
_IN_THE_LINE = frozenset(
    {"job_info", "group_info", "shellcmd", "job_started", "job_finished", "progress"}
)
_CHATTER = ("Select jobs to execute", "DAG of jobs will be updated", "Updating checkpoint")


class ProgressDisplay(logging.Handler):
    """Shows what a logger tells of a run as one line, in place of a message for each job.

    Args:
        logger: The logger of the workflow engine, whose records name their ``event``.
        terminal: Where the line is written, and where the logger's own messages go.
    """

    def __init__(self, logger: logging.Logger, terminal: TextIO) -> None:
        super().__init__()
        self._logger, self._terminal = logger, terminal
        self._progress = RunProgress()
        self._began = time.monotonic()
        for handler in logger.handlers:
            if isinstance(handler, logging.StreamHandler) and handler.stream is terminal:
                handler.addFilter(_is_not_in_the_line)
        logger.addFilter(self._make_way)
        logger.addHandler(self)

    def stop(self) -> None:
        """Take the line away, and write no other."""
        self._make_way()
        self._logger.removeFilter(self._make_way)
        self._logger.removeHandler(self)

    def emit(self, record: logging.LogRecord) -> None:
        """Write the line anew, after what the record tells."""
        told = record.__dict__
        match event_of(record):
            case "job_info":
                self._progress.started(told["jobid"], told["rule_name"], told["wildcards"])
            case "job_finished":
                self._progress.ended(told["job_id"])
            case "job_error":
                self._progress.ended(told["jobid"])
            case "progress":
                self._progress.counted(told["done"], told["total"])
        if self._progress.total:
            width = shutil.get_terminal_size().columns - 1
            line = self._progress.line(time.monotonic() - self._began, width)
            self._terminal.write(_CLEAR + line)
            self._terminal.flush()

    def _make_way(self, record: logging.LogRecord | None = None) -> bool:
        """Take the line away before any other handler writes; a filter that lets all through."""
        self._terminal.write(_CLEAR)
        self._terminal.flush()
        return True


def _is_not_in_the_line(record: logging.LogRecord) -> bool:
    return event_of(record) not in _IN_THE_LINE and not str(record.msg).startswith(_CHATTER)
