"""Runs that are to be disturbed, and what must hold of their results."""

import hashlib
import os
import signal
import subprocess
import time
from collections.abc import Callable, Iterator
from contextlib import suppress
from pathlib import Path

from seizureflow.tables import read_table
from workflow.conftest import Project
from workflow.test_default_run import NOT_REPRODUCIBLE

from faults.told import AGAIN

PATIENCE = 900  # seconds; for machines with much else to do
# Where the tests run in the background of a script (`&`), what they start is deaf to Ctrl-C.
HEARS_THE_KEYBOARD = ("env", "--default-signal=INT")


def checksums(results: Path) -> dict[str, str]:
    """SHA-256 of every finished file of results."""
    return {
        path.relative_to(results).as_posix(): hashlib.sha256(path.read_bytes()).hexdigest()
        for path in sorted(results.rglob("*"))
        if path.is_file() and is_finished(path.relative_to(results))
    }


def is_finished(path: Path) -> bool:
    """Whether a path of results is neither unlike on every run, nor still being written."""
    return not NOT_REPRODUCIBLE & set(path.parts) and ".partial" not in str(path)


def assert_whole(results: Path, expected: dict[str, str]) -> None:
    """What is there has its final bytes, to the last; nothing is half there."""
    found = checksums(results)
    different = [name for name in found if found[name] != expected.get(name)]
    assert not different
    for table in results.rglob("*.parquet"):
        read_table(table)


class Run:
    """Snakemake, started in a group of processes of its own."""

    def __init__(self, project: Project, *arguments: str, before: tuple[str, ...] = ()) -> None:
        self.output = project.folder / f"output_{time.monotonic_ns()}.txt"
        with self.output.open("wb") as output:
            self.process = subprocess.Popen(
                [*HEARS_THE_KEYBOARD, *before, *AGAIN.command, *arguments],
                cwd=project.folder,
                stdout=output,
                stderr=subprocess.STDOUT,
                start_new_session=True,
            )

    @property
    def said(self) -> str:
        return self.output.read_text(encoding="utf-8", errors="replace")

    @property
    def finished_jobs(self) -> int:
        return self.said.count("\nFinished jobid:")

    def wait_until(self, holds: Callable[[], bool]) -> bool:
        """Wait; False where the run ended before."""
        end = time.monotonic() + PATIENCE
        while not holds():
            if self.process.poll() is not None:
                return holds()
            assert time.monotonic() < end, self.said
            time.sleep(0.005)
        return True

    def kill(self, number: signal.Signals, *, group: bool) -> None:
        """Send a signal to Snakemake alone or to its jobs too, and wait for the end of Snakemake."""
        if group:
            os.killpg(self.process.pid, number)
        else:
            self.process.send_signal(number)
        self.end()

    def end(self) -> int:
        return self.process.wait(PATIENCE)

    def stop(self) -> None:
        """End Snakemake and every job of it that is still there."""
        with suppress(ProcessLookupError):
            os.killpg(self.process.pid, signal.SIGKILL)
        self.end()

    def jobs(self, script: str) -> list[int]:
        """Processes of this run's group that run a script of the workflow."""
        return [
            process
            for process, command in _commands()
            if f".{script}" in command and os.getpgid(process) == self.process.pid
        ]


def _commands() -> Iterator[tuple[int, str]]:
    for folder in Path("/proc").glob("[0-9]*"):
        try:
            command = (folder / "cmdline").read_bytes().replace(b"\0", b" ").decode()
            os.getpgid(int(folder.name))
        except (OSError, UnicodeDecodeError):  # has ended
            continue
        yield int(folder.name), command
