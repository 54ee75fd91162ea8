"""Files and folders that appear whole or not at all.

What is written goes to a neighbour, ``<name>.<process>@<machine>.partial``, which takes the name of
the target once it is finished and on the disk. A process that is killed leaves its neighbour and no
half file; a job that outlives its run and the job that takes its place do not tread on each other.
"""

from __future__ import annotations

import os
import platform
import re
import shutil
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from errno import EEXIST, ENOTEMPTY
from glob import escape
from pathlib import Path

_WRITER = re.compile(r"\.(?P<process>\d+)@(?P<machine>[^@]+)\.partial$")
# Whether a writer on another machine still lives cannot be asked; none pauses for so long.
_ABANDONED_SECONDS = 3600


def write_whole(path: str | Path, content: str | bytes) -> None:
    """Write a file; text as UTF-8, its line ends as they are.

    Args:
        path: The file; its folder is made if it is not there.
        content: All of it.

    Raises:
        OSError: The file cannot be written. A file that was there is as it was.
    """
    with whole_file(path) as partial:
        partial.write_bytes(content.encode("utf-8") if isinstance(content, str) else content)


@contextmanager
def whole_file(path: str | Path) -> Iterator[Path]:
    """Yield the path to write to; on an error inside the block the target is left as it was.

    Args:
        path: The file; its folder is made if it is not there.

    Raises:
        OSError: The file cannot be written; the error names the target.
    """
    with _partial(Path(path)) as (target, partial):
        yield partial
        _to_disk(partial)
        partial.replace(target)


@contextmanager
def whole_folder(path: str | Path) -> Iterator[Path]:
    """Yield an empty folder to fill; on an error inside the block the target is left as it was.

    Args:
        path: The folder; one that is there is replaced by the new one, and nothing of it is kept.

    Raises:
        OSError: The folder or a file in it cannot be written; the error names the target.
    """
    with _partial(Path(path)) as (target, partial):
        partial.mkdir()
        yield partial
        for inner in partial.rglob("*"):
            if inner.is_file():
                _to_disk(inner)
        _put_in_place(partial, target)


def remove_partials(folder: str | Path) -> list[Path]:
    """Remove what writers left that no longer live; of other machines, what is an hour old.

    Args:
        folder: Looked through with all folders in it; it need not be there.

    Returns:
        What was removed.
    """
    return _remove_dead(Path(folder).rglob("*.partial"))


@contextmanager
def _partial(target: Path) -> Iterator[tuple[Path, Path]]:
    partial = _neighbour(target)
    try:
        target.parent.mkdir(parents=True, exist_ok=True)
        _remove_dead(target.parent.glob(f"{escape(target.name)}.*.partial"))
        _remove(partial)
        yield target, partial
    except OSError as error:
        # A full disk is met while writing to an open file, and such an error has no file's name.
        if error.filename is None or Path(str(error.filename)).is_relative_to(partial):
            error.filename = str(target)
        raise
    finally:
        with suppress(OSError):  # of the two errors, the first is to be told
            _remove(partial)


def _neighbour(target: Path, suffix: str = "") -> Path:
    return target.with_name(f"{target.name}{suffix}.{os.getpid()}@{platform.node()}.partial")


def _to_disk(file: Path) -> None:
    """Have the disk hold the content before the file gets its name.

    Otherwise a power failure can leave the name with nothing under it, and Snakemake takes an empty
    report for a finished one. About 4 ms a file.
    """
    with file.open("rb") as written:
        os.fsync(written.fileno())


def _put_in_place(partial: Path, target: Path) -> None:
    """Rename a folder; what had its name is first taken aside, for it cannot be deleted at once."""
    aside = _neighbour(target, ".old")
    while True:
        with suppress(FileNotFoundError):
            _remove(aside)
            target.rename(aside)
        try:
            partial.rename(target)
            break
        except OSError as error:  # a job that outlived its run was faster
            if error.errno not in (ENOTEMPTY, EEXIST):
                raise
    _remove(aside)


def _remove_dead(partials: Iterator[Path]) -> list[Path]:
    dead = [path for path in partials if _is_dead(path)]
    for path in dead:
        with suppress(FileNotFoundError):
            _remove(path)
    return dead


def _is_dead(partial: Path) -> bool:
    written_by = _WRITER.search(partial.name)
    if written_by is None:
        return False
    if written_by["machine"] == platform.node():
        return not _lives(int(written_by["process"]))
    with suppress(FileNotFoundError):
        return time.time() - partial.stat().st_mtime > _ABANDONED_SECONDS
    return False


def _lives(process: int) -> bool:
    try:
        os.kill(process, 0)
    except ProcessLookupError:
        return False
    except PermissionError:
        return True
    return True


def _remove(path: Path) -> None:
    if path.is_dir() and not path.is_symlink():
        shutil.rmtree(path)
    else:
        path.unlink(missing_ok=True)
