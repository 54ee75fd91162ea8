"""Keeps a second run out of a folder of results while a run writes there."""

from __future__ import annotations

import errno
import fcntl
import os
import socket
from pathlib import Path

from seizureflow.problems import InputError, Problem


def lock_results(results: Path) -> None:
    """Keep a folder of results for this process until it ends, however it ends.

    The workflow engine locks the folder that a run is started in; the results of two such folders
    may be in one place. Where the file system has no locks, nothing is kept.

    Args:
        results: Folder of the results; it is made if it is not there.

    Raises:
        InputError: Another run has it.
    """
    lock = results / "logs" / "run.lock"
    try:
        lock.parent.mkdir(parents=True, exist_ok=True)
        _lock(lock)
        lock.write_text(f"process {os.getpid()} on {socket.gethostname()}", encoding="utf-8")
    except BlockingIOError:
        raise InputError([_taken(results, lock)]) from None
    except OSError:
        return  # what the folder lacks, the steps will say


def _lock(path: Path) -> None:
    """Lock a file; it is left open, and the end of the process gives the lock back."""
    exclusive = fcntl.LOCK_EX | fcntl.LOCK_NB
    try:
        fcntl.flock(os.open(path, os.O_RDONLY | os.O_CREAT, 0o666), exclusive)
    except OSError as error:
        if error.errno != errno.EBADF:
            raise
        # A network disk locks only what is open to be written.
        fcntl.flock(os.open(path, os.O_RDWR), exclusive)


def _taken(results: Path, lock: Path) -> Problem:
    return Problem(
        f"{results}/",
        "Another run, started in another folder, writes its results there.",
        expected="one run at a time",
        found=lock.read_text(encoding="utf-8", errors="replace"),
        action="Wait until it has ended, or name another folder in config.yaml, results:.",
    )
