"""What to say of jobs that a signal ended: their own last words are missing."""

from __future__ import annotations

import re
from collections.abc import Iterable
from pathlib import Path

# How Snakemake tells of a job that a signal ended: by name, or by the status that a shell gives.
_KILLED = re.compile(r"died with <Signals\.SIGKILL: 9>|exit status (?:-9|137)\b")
# Snakemake hears Ctrl-C itself where it waits for jobs; else the jobs do.
_INTERRUPTED = re.compile(
    r"^Terminating processes on user request"
    r"|died with <Signals\.SIGINT: 2>|exit status (?:-2|130)\b",
    re.MULTILINE,
)


def killed_jobs_advice(run_logs: Iterable[str | Path]) -> str:
    """Say what killed a job most likely, and what to do.

    Args:
        run_logs: Files of what Snakemake logged of the run.

    Returns:
        Some lines; empty where no job was killed.
    """
    if not _any(_KILLED, run_logs):
        return ""
    return (
        "A job was killed (signal 9) and could not say why. Mostly the machine was out of\n"
        "memory, or the job beyond its limit: give it more, or run fewer jobs at once\n"
        "(--cores 1); then run the same command again. What is finished is kept."
    )


def was_interrupted(run_logs: Iterable[str | Path]) -> bool:
    """Whether Ctrl-C ended a run.

    Args:
        run_logs: Files of what Snakemake logged of the run.
    """
    return _any(_INTERRUPTED, run_logs)


def _any(pattern: re.Pattern[str], logs: Iterable[str | Path]) -> bool:
    return any(pattern.search(_text(Path(path))) for path in logs)


def _text(path: Path) -> str:
    try:
        return path.read_text(encoding="utf-8", errors="replace")
    except OSError:  # a full disk has no log
        return ""
