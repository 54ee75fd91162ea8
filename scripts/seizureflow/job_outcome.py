"""Reads from the log of a step how it ended."""

from __future__ import annotations

from pathlib import Path

from seizureflow import step_log
from seizureflow.step_log import records

_TRACE = "Traceback (most recent call last):"
_LAST = 12  # lines
NO_LOG = "It left nothing in its log. If it said why on the console, that is above."
NO_OUTCOME = (
    "Its log ends without an outcome: it was stopped from outside, mostly for want of memory, or "
    "its log could not be written, as on a full disk (docs/faults.md)."
)
INTERRUPTED = "It was interrupted."
DONE = "It had done its work when it was stopped."


def last_words(log: str | Path) -> str:
    """What a failed step said last, for the person who must act.

    Args:
        log: Its log, as :func:`seizureflow.job.job` writes it.

    Returns:
        Its error; of one that nobody foresaw, the end. Where there is none, what that means.
    """
    path = Path(log)
    text = path.read_text(encoding="utf-8", errors="replace") if path.exists() else ""
    if not text.strip():
        return NO_LOG
    told = records(text)
    errors = [record.said for record in told if record.level == "ERROR"]
    if errors:
        return _end(errors[-1]) if _TRACE in errors[-1] else errors[-1]
    if told and told[-1].said == step_log.INTERRUPTED:
        return INTERRUPTED
    if told and step_log.taken(told[-1]):
        return DONE
    return "\n".join([*_end(text.strip()).splitlines(), NO_OUTCOME])


def gives_no_reason(said: str) -> bool:
    """Whether the last words of a step are only that it was stopped, or that it left none."""
    return said.endswith((NO_LOG, NO_OUTCOME, INTERRUPTED, DONE))


def _end(text: str) -> str:
    lines = text.splitlines()
    return "\n".join(["…", *lines[-_LAST:]] if len(lines) > _LAST else lines)
