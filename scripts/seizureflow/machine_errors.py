"""Errors of the machine: a full disk, a folder that may not be written to, too little memory."""

from __future__ import annotations

import errno

from seizureflow.problems import Problem

_FULL = {errno.ENOSPC: "The disk is full", errno.EDQUOT: "The quota of disk space is used up"}
_FORBIDDEN = {
    errno.EROFS: "The file system is read-only",
    errno.EACCES: "Permission was denied",
    errno.EPERM: "The operation is not permitted",
}
_BROKEN = {errno.EIO: "The disk failed"}
_AGAIN = "run the same command again; what is finished is kept"


def machine_problem(error: BaseException, step: str) -> Problem | None:
    """Word an error that lies in the machine, not in data or code.

    Args:
        error: What was raised; also the errors are looked at in whose handling it was raised, for
            matplotlib, say, stumbles over its half-written file.
        step: Name of the step, for an error that has no file.

    Returns:
        The problem; None where the error is of another kind.
    """
    raised: BaseException | None = error
    while raised is not None:
        problem = _worded(raised, step)
        if problem is not None:
            return problem
        raised = raised.__cause__ or raised.__context__
    return None


def _worded(error: BaseException, step: str) -> Problem | None:
    if isinstance(error, MemoryError):
        return Problem(
            f"step {step}",
            "There was too little memory.",
            found=str(error),
            action="Give the run more memory, or run fewer jobs at once (--cores 1); then "
            f"{_AGAIN}. What each step took is in run.html and timings/.",
        )
    if not isinstance(error, OSError) or error.errno not in _FULL | _FORBIDDEN | _BROKEN:
        return None
    where = str(error.filename or f"step {step}")
    if error.errno in _FULL:
        what = f"{_FULL[error.errno]}: a file could not be written."
        action = f"Free some space (df -h shows what is left), then {_AGAIN}."
    elif error.errno in _BROKEN:
        what = f"{_BROKEN[error.errno]}: a file could not be read or written."
        action = f"See that the disk is sound and not full (df -h, dmesg), then {_AGAIN}."
    else:
        what = f"{_FORBIDDEN[error.errno]}: a file could not be opened or written."
        action = f"Allow it (ls -l and findmnt -T show what is allowed), then {_AGAIN}."
    return Problem(where, what, found=error.strerror or "", action=action)
