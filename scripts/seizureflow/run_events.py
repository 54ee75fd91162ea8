"""Listens to what the workflow engine tells of a run."""

from __future__ import annotations

import logging
from collections.abc import Callable


def event_of(record: logging.LogRecord) -> str:
    """The record's event, such as ``job_error``; empty for any other message."""
    return str(getattr(record, "event", None) or "")


class When(logging.Handler):
    """Calls a function when a logger tells a message.

    Args:
        logger: The logger of the workflow engine.
        message: The message, to the letter.
        then: What to call.
    """

    def __init__(self, logger: logging.Logger, message: str, then: Callable[[], None]) -> None:
        super().__init__()
        self._message = message
        self._then = then
        logger.addHandler(self)

    def emit(self, record: logging.LogRecord) -> None:
        """Call the function, if this is the message."""
        if record.getMessage() == self._message:
            self._then()
