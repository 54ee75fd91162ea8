"""The tiny study, not yet run, and the results of a run of it that nothing disturbed."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest
from made_once import made_once
from workflow.conftest import Project, copy_project
from workflow.tiny_study import write_tiny_study

from faults.disturbed_run import Run, checksums


@dataclass(frozen=True)
class Undisturbed:
    """A finished run, not to be changed, and the checksums of its results."""

    project: Project
    results: dict[str, str]

    def copy(self, folder: Path) -> Project:
        return self.project.copy(folder)


def tiny_project(folder: Path) -> Project:
    project = copy_project(folder)
    write_tiny_study(project.folder / "studies" / "tiny")
    project.edit("config.yaml", "  - progabide\n  - opus\n", "  - tiny\n")
    return project


@pytest.fixture(scope="session")
def undisturbed(tmp_path_factory) -> Undisturbed:
    """One for all processes of the tests."""

    def make(folder: Path) -> None:
        run = tiny_project(folder / "project").snakemake("--cores", "2")
        assert run.returncode == 0, run.stdout + run.stderr

    project = Project(made_once(tmp_path_factory, "undisturbed", make) / "project")
    results = checksums(project.folder / "results")
    assert len(results) > 60
    return Undisturbed(project, results)


@pytest.fixture
def tiny(tmp_path) -> Project:
    """A project with the tiny study alone, nothing run."""
    return tiny_project(tmp_path / "project")


@pytest.fixture
def finished(undisturbed, tmp_path) -> Project:
    """A finished run of the tiny study that a test may change."""
    return undisturbed.copy(tmp_path / "project")


@pytest.fixture
def start() -> Iterator[Callable[..., Run]]:
    """Starts runs; no process of theirs outlives the test."""
    runs: list[Run] = []

    def started(project: Project, *arguments: str, **options) -> Run:
        runs.append(Run(project, *arguments, **options))
        return runs[-1]

    yield started
    for run in runs:
        run.stop()
