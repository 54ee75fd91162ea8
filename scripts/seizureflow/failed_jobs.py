"""Collects the jobs that failed in a run, and says what each said last."""

from __future__ import annotations

import logging

from seizureflow.job_outcome import last_words
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

    def words(self) -> str:
        """What each failed job said last, under its rule and log."""
        return "\n\n".join(
            f"{rule} failed ({log}):\n{last_words(log)}" for log, rule in self._logs.items()
        )
