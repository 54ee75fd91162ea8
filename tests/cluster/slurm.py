"""A Slurm of two nodes on this machine, and copies of the project that run on it."""

import os
import shutil
import signal
import subprocess
import sys
import time
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path

from workflow.conftest import Project

HERE = Path(__file__).parent
# Debian packages by a command of each.
PACKAGES = {
    "sbatch": "slurm-wlm",
    "slurmctld": "slurm-wlm",
    "munged": "munge",
    "slurmdbd": "slurmdbd",
    "mariadbd": "mariadb-server",
    "ip": "iproute2",
}


def missing() -> str:
    """What this machine lacks for a cluster, in words; empty if nothing."""
    if os.geteuid() != 0:
        return "a cluster of one's own is started by root"
    path = os.environ["PATH"] + ":/usr/sbin:/sbin"
    lacking = {
        package for command, package in PACKAGES.items() if not shutil.which(command, path=path)
    }
    return f"needs the packages {', '.join(sorted(lacking))}" if lacking else ""


@dataclass(frozen=True)
class Cluster:
    """A running cluster.

    Attributes:
        folder: Its logs and state.
    """

    folder: Path

    @classmethod
    def start(cls, folder: Path, *options: str) -> "Cluster":
        """Start one in a new folder."""
        started = subprocess.run(
            [HERE / "start", folder, *options], capture_output=True, text=True, check=False
        )
        assert started.returncode == 0, started.stderr
        return cls(folder)

    def stop(self) -> None:
        """End it, with every job and daemon."""
        subprocess.run([HERE / "stop", self.folder], check=True)

    def entering(self, *command: str | Path) -> list[str | Path]:
        """The command that runs another on the cluster."""
        return [HERE / "enter", self.folder, *command]

    def ask(self, *command: str) -> list[str]:
        """Run a command on the cluster; gives the lines it prints."""
        done = subprocess.run(
            self.entering(*command), capture_output=True, text=True, timeout=60, check=False
        )
        assert done.returncode == 0, done.stderr
        return done.stdout.splitlines()

    def running(self) -> list[str]:
        """Numbers of the jobs that run."""
        return self.ask("squeue", "--noheader", "--states=running", "--format=%i")

    def states(self, run: str) -> dict[str, str]:
        """The state of each job of a run, by its number, from the accounting."""
        return self._accounted(run, "State")

    def memory_asked(self, run: str) -> dict[str, str]:
        """The memory that each job of a run asked for, by its number, from the accounting."""
        return self._accounted(run, "ReqMem")

    def killed_for_memory(self, job: str) -> bool:
        """Whether a node says that it ended a step of a job for its memory."""
        words = f"StepId={job}.0 exceeded memory limit"
        return any(words in log.read_text() for log in (self.folder / "log").glob("slurmd-*.log"))

    def _accounted(self, run: str, field: str) -> dict[str, str]:
        shown = ("--allocations", "--noheader", "--parsable2", f"--format=JobID,{field}")
        return dict(line.split("|") for line in self.ask("sacct", *shown, f"--name={run}"))

    def take_down(self, node: str) -> None:
        """End all that runs on a node, its daemons first, as a loss of power would."""
        daemons = [p for p in self._processes() if self._is_daemon(p, node)]
        assert daemons, f"{node} is not up"
        name = f"SLURMD_NODENAME={node}".encode()
        jobs = [p for p in self._processes() if name in _read(p / "environ").split(b"\0")]
        for process in [*daemons, *jobs]:
            with suppress(ProcessLookupError):
                os.kill(int(process.name), signal.SIGKILL)

    def bring_up(self, node: str) -> None:
        """Start the daemon of a node again."""
        self.ask("slurmd", "-N", node)
        wait_for(lambda: self._state(node) == "idle", f"{node} to be idle")

    def _state(self, node: str) -> str:
        (state,) = set(self.ask("sinfo", "--noheader", f"--nodes={node}", "--format=%t"))
        return state

    def _is_daemon(self, process: Path, node: str) -> bool:
        """Whether a process serves a node: those that do write the node's log."""
        return any(file.endswith(f"/slurmd-{node}.log") for file in _open_files(process))

    def _processes(self) -> list[Path]:
        """The processes of the cluster, as this machine numbers them."""
        first = (self.folder / "first_process").read_text(encoding="utf-8").strip()
        mine = str(Path(f"/proc/{first}/ns/pid").readlink())
        return [p for p in Path("/proc").glob("[0-9]*") if _namespace(p) == mine]


@dataclass(frozen=True)
class ClusterProject(Project):
    """A copy of the project that runs on a cluster.

    Attributes:
        cluster: The cluster.
        profile: Folder of the profile, in the copy.
    """

    cluster: Cluster
    profile: str = "profiles/slurm"

    def command(self, *arguments: str) -> list[str | Path]:
        """The command that runs Snakemake on the cluster."""
        snakemake = [sys.executable, "-m", "snakemake", "--profile", self.profile]
        return self.cluster.entering(*snakemake, *arguments)

    def snakemake(self, *arguments: str) -> subprocess.CompletedProcess[str]:
        """Run Snakemake on the cluster, to its end."""
        return subprocess.run(
            self.command(*arguments),
            cwd=self.folder,
            capture_output=True,
            text=True,
            timeout=3600,
            check=False,
        )

    def shell(self, commands: str) -> subprocess.CompletedProcess[str]:
        """Have Bash run commands in the copy, on the cluster, as a user would type them."""
        (self.folder / ".venv").symlink_to(sys.prefix)
        return subprocess.run(
            self.cluster.entering("bash", "-euo", "pipefail", "-c", commands),
            cwd=self.folder,
            capture_output=True,
            text=True,
            timeout=1800,
            check=False,
        )

    def start(self, *arguments: str) -> "MainProcess":
        """Start Snakemake on the cluster, and let it run."""
        log = self.folder / "main.log"
        with log.open("w", encoding="utf-8") as file:
            process = subprocess.Popen(
                self.command(*arguments), cwd=self.folder, stdout=file, stderr=subprocess.STDOUT
            )
        return MainProcess(process, log)


@dataclass(frozen=True)
class MainProcess:
    """The process that a user starts and that submits the jobs."""

    process: subprocess.Popen[bytes]
    log: Path

    def said(self) -> str:
        """What it has printed."""
        return self.log.read_text(encoding="utf-8")

    def run_id(self) -> str:
        """The name of its Slurm jobs."""
        return run_id(self.said())

    def finish(self) -> None:
        """Wait until it has ended well."""
        status = self.process.wait(timeout=1800)
        assert status == 0, self.said()

    def kill(self) -> None:
        """End it at once; it cannot clean up."""
        # nsenter, which was started, has started the main process as its only child.
        (child,) = (
            Path(f"/proc/{self.process.pid}/task/{self.process.pid}/children").read_text().split()
        )
        os.kill(int(child), signal.SIGKILL)
        self.process.wait(timeout=60)


def run_id(said: str) -> str:
    """The name of a run's Slurm jobs, from what its main process printed."""
    return said.split("SLURM run ID: ", 1)[1].split(None, 1)[0]


def wait_for(holds: Callable[[], object], what: str, seconds: int = 300) -> None:
    """Wait until something holds."""
    end = time.monotonic() + seconds
    while not holds():
        assert time.monotonic() < end, f"waited {seconds} seconds for {what}"
        time.sleep(0.2)


def _read(path: Path) -> bytes:
    try:
        return path.read_bytes()
    except OSError:  # the process has ended
        return b""


def _open_files(process: Path) -> list[str]:
    try:
        return [str(file.readlink()) for file in (process / "fd").iterdir()]
    except OSError:
        return []


def _namespace(process: Path) -> str:
    try:
        return str((process / "ns" / "pid").readlink())
    except OSError:
        return ""
