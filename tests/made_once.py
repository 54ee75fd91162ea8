"""What costs a test session minutes is made once, whichever worker needs it first.

pytest-xdist gives each worker its own session fixtures. Here they share a folder: the first that asks
for what is in it makes it, behind a lock, and the others wait and use it. (The mark ``xdist_group``
would not help: pytest-xdist 3.8 does not apply it under pytest 9.2.)
"""

import fcntl
import os
import shutil
import traceback
from collections.abc import Callable
from pathlib import Path

import pytest


def made_once(
    tmp_path_factory: pytest.TempPathFactory, name: str, make: Callable[[Path], object]
) -> Path:
    """A folder of that name which ``make`` has filled, once in the session; not to be changed.

    Where it fails, every test that needs the folder fails with what was said the first time.
    A making that was cut short, by a worker that was killed, begins again.
    """
    session = tmp_path_factory.getbasetemp()
    if "PYTEST_XDIST_WORKER" in os.environ:
        session = session.parent  # of all workers; without them, it has other sessions' folders
    folder = session / "made_once" / name
    done, failed = folder.with_suffix(".done"), folder.with_suffix(".failed")
    folder.parent.mkdir(exist_ok=True)
    with folder.with_suffix(".lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        if failed.exists():
            pytest.fail(f"{name} could not be made.\n{failed.read_text(encoding='utf-8')}")
        if not done.exists():
            shutil.rmtree(folder, ignore_errors=True)
            folder.mkdir()
            try:
                make(folder)
            except Exception:
                failed.write_text(traceback.format_exc(), encoding="utf-8")
                raise
            done.touch()
    return folder
