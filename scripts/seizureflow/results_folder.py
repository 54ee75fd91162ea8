"""The folder of results before a run: whether it can be written, and whether its dates can be."""

from __future__ import annotations

import os
import time
from collections.abc import Iterable, Sequence
from pathlib import Path

from seizureflow.problems import InputError, Problem

# Clocks of machines that share a disk differ by seconds.
_TOLERATED_SECONDS = 60


def require_writable(folders: Iterable[Path]) -> None:
    """Refuse a run whose results cannot be written.

    Args:
        folders: Where results go; one that is not there yet is judged by the folder it will be in.

    Raises:
        InputError: One of them cannot be written to; nothing is written to find out.
    """
    places = dict.fromkeys(_existing(folder) for folder in folders)
    problems = [
        Problem(
            f"{place}/",
            "Results cannot be written there.",
            expected="a folder that you may write to",
            found="a file" if not place.is_dir() else _why_not(place),
            action="Allow it (ls -ld and findmnt -T show what is allowed), or name another folder "
            "in config.yaml, results:.",
        )
        for place in places
        if not (place.is_dir() and os.access(place, os.W_OK | os.X_OK))
    ]
    if problems:
        raise InputError(problems)


def results_problems(
    results: str, studies: Sequence[str], folders: Iterable[Path]
) -> list[Problem]:
    """What is wrong with the name of the folder of results; empty where nothing is.

    Args:
        results: The folder, as ``config.yaml`` names it.
        studies: Names of the studies, which become folders in it.
        folders: Folders that hold the plans and raw data of studies.
    """
    where, place = "config.yaml, results", Path(results).resolve()
    problems = []
    if results.startswith("~"):
        problems.append(
            Problem(where, "Only a shell knows what ~ stands for.", "a whole path", repr(results))
        )
    elif not _existing(place).is_dir():
        problems.append(Problem(where, "It is, or lies in, a file.", "a folder", repr(results)))
    if any(place.is_relative_to(folder.resolve()) for folder in folders):
        problems.append(
            Problem(
                where,
                "Results would be among the plans and raw data of studies.",
                found=repr(results),
                action="Name another folder.",
            )
        )
    if "logs" in studies:
        problems.append(
            Problem(
                "config.yaml, studies",
                'No study can be named "logs": so is the folder of the logs of a run.',
                action="Give the study's folder another name.",
            )
        )
    return problems


def future_warning(folders: Iterable[Path]) -> Problem | None:
    """Warn of results from the future: this machine's clock has gone back since they were made.

    Args:
        folders: Those of the studies; they need not be there.

    Returns:
        The warning, for the latest of the files; None where no file is dated later than now.
    """
    dates = [(file.stat().st_mtime, file) for file in _files(folders)]
    now = time.time()
    late = [entry for entry in dates if entry[0] > now + _TOLERATED_SECONDS]
    if not late:
        return None
    latest, file = max(late)
    return Problem(
        str(file),
        f"It and {len(late) - 1} more results are dated in the future: the clock of this machine "
        "has gone back, or was ahead.",
        expected=f"at the latest {_local(now)}, the time now",
        found=_local(latest),
        action="See that the clock is right, and run once with --forceall. Changes of raw data may "
        "go unnoticed, for they look older than the results, and Snakemake refuses steps that read "
        "these files (clock skew).",
    )


def _existing(folder: Path) -> Path:
    return next(place for place in (folder, *folder.absolute().parents) if place.exists())


def _why_not(folder: Path) -> str:
    is_read_only = os.statvfs(folder).f_flag & os.ST_RDONLY
    return "a read-only file system" if is_read_only else "a folder without that permission"


def _files(folders: Iterable[Path]) -> Sequence[Path]:
    return [file for folder in folders for file in folder.rglob("*") if file.is_file()]


def _local(seconds: float) -> str:
    return time.strftime("%Y-%m-%d %H:%M:%S", time.localtime(seconds))
