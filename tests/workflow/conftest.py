"""Copies of the project in which Snakemake really runs."""

import re
import shutil
import subprocess
import sys
from collections import Counter
from dataclasses import dataclass
from pathlib import Path

import pytest
from made_once import made_once

from workflow.tiny_study import write_tiny_study

ROOT = Path(__file__).parents[2]
PARTS = (
    "Snakefile",
    "config.yaml",
    "rules",
    "scripts",
    "envs",
    "schemas",
    "studies",
    "report",
    "profiles",
)


@dataclass(frozen=True)
class Project:
    """A copy of the project."""

    folder: Path

    def snakemake(self, *arguments: str) -> subprocess.CompletedProcess[str]:
        """Run Snakemake in the copy."""
        return subprocess.run(
            [sys.executable, "-m", "snakemake", *arguments],
            cwd=self.folder,
            capture_output=True,
            text=True,
            timeout=1800,  # one core, all studies, a busy machine
            check=False,
        )

    def planned(self, *targets: str) -> Counter[str]:
        """Rules that a dry run would run, with the number of their jobs; ``all`` is left out."""
        run = self.snakemake("--dry-run", *targets)
        output = run.stdout + run.stderr
        assert run.returncode == 0, output
        if "Nothing to be done" in output:
            return Counter()
        stats = re.search(r"^job +count\n-+ +-+\n(.*?)^total", output, re.DOTALL | re.MULTILINE)
        assert stats, output
        jobs = Counter({line.split()[0]: int(line.split()[1]) for line in stats[1].splitlines()})
        del jobs["all"]
        return jobs

    def ran(self, *targets: str) -> Counter[str]:
        """Rules that a run really runs, with the number of their jobs; ``all`` is left out.

        After a change of raw data a plan holds all that may depend on it; what does is known once
        the data have been checked.
        """
        run = self.snakemake("--cores", "2", *targets)
        output = run.stdout + run.stderr
        assert run.returncode == 0, output
        jobs = Counter(re.findall(r"^(?:local)?(?:rule|checkpoint) (\w+):", output, re.MULTILINE))
        del jobs["all"]
        return jobs

    def copy(self, folder: Path) -> "Project":
        """Copy the project with its results, time stamps kept."""
        shutil.copytree(self.folder, folder, symlinks=True)
        return Project(folder)

    def edit(self, name: str, old: str, new: str) -> None:
        """Replace a piece of text that stands in a file."""
        path = self.folder / name
        text = path.read_text(encoding="utf-8")
        assert old in text, f"{old!r} is not in {name}"
        path.write_text(text.replace(old, new, 1), encoding="utf-8")


def copy_project(folder: Path) -> Project:
    folder.mkdir(parents=True)
    ignored = shutil.ignore_patterns("__pycache__")
    for part in PARTS:
        if (ROOT / part).is_dir():
            shutil.copytree(ROOT / part, folder / part, ignore=ignored)
        else:
            shutil.copy2(ROOT / part, folder / part)
    return Project(folder)


def shipped_results_are_here() -> bool:
    """Whether the project's own folder has the results of both shipped studies, as of now."""
    return (ROOT / "results" / "index.html").exists() and not Project(ROOT).planned()


def copy_shipped_results(folder: Path) -> None:
    """Give a copy the project's own results, with what Snakemake knows of them."""
    shutil.copytree(ROOT / "results", folder / "results")
    environments = shutil.ignore_patterns("conda*", "locks", "incomplete", "scripts")
    shutil.copytree(ROOT / ".snakemake", folder / ".snakemake", ignore=environments)


@pytest.fixture
def project(tmp_path) -> Project:
    """A fresh copy, nothing run."""
    return copy_project(tmp_path / "project")


@pytest.fixture(scope="session")
def finished_run(tmp_path_factory) -> Project:
    """A copy in which both shipped studies and a third have been run; not to be changed.

    After ``make run`` only the third is left to be run.
    """

    def make(folder: Path) -> None:
        project = copy_project(folder / "project")
        if shipped_results_are_here():
            copy_shipped_results(project.folder)
        write_tiny_study(project.folder / "studies" / "tiny")
        project.edit("config.yaml", "  - opus\n", "  - opus\n  - tiny\n")
        run = project.snakemake("--cores", "2")
        assert run.returncode == 0, run.stdout + run.stderr

    return Project(made_once(tmp_path_factory, "finished_run", make) / "project")


@pytest.fixture
def finished(finished_run, tmp_path) -> Project:
    """A copy of the finished run that a test may change."""
    return finished_run.copy(tmp_path / "project")
