"""What to say of jobs that a signal ended: their own last words are missing."""

from __future__ import annotations

import re
from collections.abc import Iterable
from pathlib import Path

# How Snakemake tells of a job that a signal ended: by name, or by the status that a shell gives.
_KILLED = re.compile(r"died with <Signals\.SIGKILL: 9>|exit status (?:-9|137)\b")


def killed_jobs_advice(run_logs: Iterable[str | Path]) -> str:
    """Say what killed a job most likely, and what to do.

    Args:
        run_logs: Files of what Snakemake logged of the run.

    Returns:
        Some lines; empty where no job was killed.
    """
    if not any(_KILLED.search(_text(Path(path))) for path in run_logs):
        return ""
    return (
        "A job was killed (signal 9) and could not say why. Mostly the machine was out of\n"
        "memory, or the job beyond its limit: give it more, or run fewer jobs at once\n"
        "(--cores 1); then run the same command again. What is finished is kept."
    )


def _text(path: Path) -> str:
    try:
        return path.read_text(encoding="utf-8", errors="replace")
    except OSError:  # a full disk has no log
        return ""
