"""The commands that docs/faults.md tells a user to give, as the tests give them."""

import shlex
import subprocess
import sys
from dataclasses import dataclass

from workflow.conftest import Project


@dataclass(frozen=True)
class Told:
    """A command as the page shows it."""

    words: str

    @property
    def command(self) -> list[str]:
        """The command as it is started here."""
        program, *arguments = shlex.split(self.words)
        return [sys.executable, "-m", program, *arguments]

    def do(self, project: Project, *before: str) -> subprocess.CompletedProcess[str]:
        """Run the command in a project, after the words of another such as ``nsenter``."""
        return subprocess.run(
            [*before, *self.command],
            cwd=project.folder,
            capture_output=True,
            text=True,
            timeout=900,
            check=False,
        )


AGAIN = Told("snakemake --cores 2")
UNLOCK = Told("snakemake --unlock")
ONE_AT_A_TIME = Told("snakemake --cores 1")
ALL_ANEW = Told("snakemake --cores 2 --forceall")


def go_on(project: Project) -> subprocess.CompletedProcess[str]:
    """Take up a run that was killed: unlock its folder if a lock was left, and run again."""
    locks = project.folder / ".snakemake" / "locks"
    if locks.is_dir() and any(locks.iterdir()):
        unlocked = UNLOCK.do(project)
        assert unlocked.returncode == 0, unlocked.stderr
    return AGAIN.do(project)
