"""Collects the jobs that failed in a run, and says what each said last."""

from __future__ import annotations

import logging

from seizureflow.job_outcome import gives_no_reason, last_words
from seizureflow.run_events import event_of


class FailedJobs(logging.Handler):
    """Collects the failed jobs of a run from what a logger tells.

    Args:
        logger: The logger of the workflow engine, whose records name their ``event``.
    """

    def __init__(self, logger: logging.Logger) -> None:
        super().__init__()
        self._logs: dict[str, str] = {}
        logger.addHandler(self)

    def emit(self, record: logging.LogRecord) -> None:
        """Remember a job that failed, and where its log is."""
        if event_of(record) == "job_error" and record.__dict__["log"]:
            self._logs[record.__dict__["log"][0]] = record.__dict__["rule_name"]

    def words(self, *, interrupted: bool = False) -> str:
        """What each failed job said last, under its rule and log.

        Args:
            interrupted: Whether jobs were ended by Ctrl-C; those that gave no other reason are then
                left out.
        """
        told = {log: last_words(log) for log in self._logs}
        return "\n\n".join(
            f"{self._logs[log]} failed ({log}):\n{said}"
            for log, said in told.items()
            if not (interrupted and gives_no_reason(said))
        )
