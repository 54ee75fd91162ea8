"""Mounts and memory limits of a test's own, which end with it and touch nothing else."""

import os
import shutil
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

import pytest

# As root, or as the root of a user namespace of one's own.
WAYS = (["unshare", "--mount"], ["unshare", "--map-root-user", "--mount"])
MEMORY = Path("/sys/fs/cgroup/memory")  # version 1
UNIFIED = Path("/sys/fs/cgroup")  # version 2


def cannot(what: str) -> None:
    """Skip, but not where every fault is to be tried (SEIZUREFLOW_NEEDS_FAULTS=1, as in .ci/run)."""
    if os.environ.get("SEIZUREFLOW_NEEDS_FAULTS") == "1":
        pytest.fail(what)
    pytest.skip(what)


class OwnMounts:
    """A namespace of mounts: what is mounted in it, nobody else sees."""

    def __init__(self, way: list[str]) -> None:
        self._holder = subprocess.Popen(
            [*way, "sh", "-c", "echo made; exec sleep infinity"],
            stdout=subprocess.PIPE,
            text=True,
        )
        assert self._holder.stdout.readline() == "made\n"
        process = str(self._holder.pid)
        user = ["--user", "--preserve-credentials"] if "--map-root-user" in way else []
        self._enter = ["nsenter", "--target", process, "--mount", *user]

    def before(self, folder: Path) -> tuple[str, ...]:
        """What to put before a command, so that it runs in the namespace and in a folder."""
        return (*self._enter, "sh", "-c", 'cd "$0" && exec "$@"', str(folder))

    def run(self, *command: str) -> None:
        subprocess.run([*self._enter, *command], check=True, capture_output=True)

    def seen(self, folder: Path) -> Path:
        """A folder as it is in the namespace, for those outside it."""
        return Path(f"/proc/{self._holder.pid}/root") / folder.relative_to("/")

    def small_disk(self, folder: Path, kilobytes: int) -> None:
        folder.mkdir(parents=True, exist_ok=True)
        self.run("mount", "-t", "tmpfs", "-o", f"size={kilobytes}k", "tmpfs", str(folder))

    def resize(self, folder: Path, kilobytes: int) -> None:
        self.run("mount", "-o", f"remount,size={kilobytes}k", str(folder))

    def read_only(self, folder: Path) -> None:
        self.run("mount", "--bind", str(folder), str(folder))
        self.run("mount", "-o", "remount,ro,bind", str(folder))

    def unmount(self, folder: Path) -> None:
        self.run("umount", "--lazy", str(folder))

    def end(self) -> None:
        self._holder.kill()
        self._holder.wait()


@contextmanager
def own_mounts() -> Iterator[OwnMounts]:
    """A namespace of mounts for a test; skips where none can be made."""
    way = next((way for way in WAYS if _possible(way)), None) if shutil.which("unshare") else None
    if way is None:
        cannot("no namespace of mounts can be made here")
    mounts = OwnMounts(way)
    try:
        yield mounts
    finally:
        mounts.end()


def _possible(way: list[str]) -> bool:
    tried = [*way, "mount", "-t", "tmpfs", "tmpfs", "/mnt"]
    return subprocess.run(tried, capture_output=True, check=False).returncode == 0


@contextmanager
def memory_limit(megabytes: int) -> Iterator[Path]:
    """A control group whose processes are killed by the kernel beyond a limit.

    Yields the file to write the number of a process to.
    """
    parent, limit = (
        (MEMORY, "memory.limit_in_bytes") if MEMORY.is_dir() else (UNIFIED, "memory.max")
    )
    group = parent / f"seizureflow_test_{os.getpid()}"
    try:
        group.mkdir()
        (group / limit).write_text(str(megabytes * 2**20))
        with suppress(OSError):  # a machine need not have swap, nor account for it
            swap = {"memory.limit_in_bytes": "memory.memsw.limit_in_bytes"}.get(limit)
            (group / (swap or "memory.swap.max")).write_text(
                str(megabytes * 2**20) if swap else "0"
            )
    except OSError as error:
        with suppress(OSError):
            group.rmdir()
        cannot(f"no control group with a memory limit can be made here: {error}")
    try:
        yield group / "cgroup.procs"
    finally:
        _remove(group)


def _remove(group: Path) -> None:
    for _ in range(1000):  # it is in use until its processes are gone altogether
        try:
            group.rmdir()
            return
        except OSError:
            subprocess.run(["sleep", "0.01"], check=True)
