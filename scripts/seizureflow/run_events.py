"""Names the event that a log record of the workflow engine tells of."""

from __future__ import annotations

import logging


def event_of(record: logging.LogRecord) -> str:
    """The record's event, such as ``job_error``; empty for any other message."""
    return str(getattr(record, "event", None) or "")
