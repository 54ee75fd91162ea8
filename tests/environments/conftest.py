"""Copies of the project that are run with an environment for each kind of work."""

import os
import subprocess
import sys
from dataclasses import dataclass, field, replace
from pathlib import Path

import pytest
from workflow.conftest import ROOT, Project, copy_project

from environments.host_environment import clean_environment, make_full_host, make_host

STUDIES = "studies:\n  - progabide\n  - opus\n"


@dataclass(frozen=True)
class IsolatedProject(Project):
    """A copy of the project, and what runs it.

    Attributes:
        python: The Python that runs Snakemake.
        front_end: Folder of the stand-in for conda.
        channels: URL of its channels.
        made: Folder of the environments that it makes.
    """

    python: Path = field(default=Path(sys.executable))
    front_end: Path = field(default=Path())
    channels: str = ""
    made: Path = field(default=Path())

    def snakemake(self, *arguments: str) -> subprocess.CompletedProcess[str]:
        """Run Snakemake with environments in the copy."""
        path = [self.front_end / "bin", self.python.parent, os.environ["PATH"]]
        command = [self.python, "-m", "snakemake", "--sdm", "conda", "--conda-prefix", self.made]
        return subprocess.run(
            [*command, *arguments],
            cwd=self.folder,
            env=clean_environment(
                PATH=os.pathsep.join(map(str, path)), LOCAL_CONDA_CHANNELS=self.channels
            ),
            capture_output=True,
            text=True,
            timeout=1500,
            check=False,
        )

    def copy(self, folder: Path) -> "IsolatedProject":
        """Copy the project with its results; the environments are shared."""
        return replace(self, folder=super().copy(folder).folder)


@pytest.fixture(scope="session")
def host(tmp_path_factory) -> Path:
    """The Python of an environment that holds Snakemake alone."""
    return make_host(tmp_path_factory.mktemp("host") / "environment")


@pytest.fixture(scope="session")
def full_host(tmp_path_factory) -> Path:
    """The Python of an environment that holds every package."""
    return make_full_host(tmp_path_factory.mktemp("full_host") / "environment")


@pytest.fixture(scope="session")
def front_end(tmp_path_factory) -> Path:
    """Folder of a stand-in for conda."""
    pytest.importorskip("rattler", reason="needs the dependency group isolation")
    from environments.conda_front_end import make_command

    folder = tmp_path_factory.mktemp("front_end") / "conda"
    make_command(folder)
    return folder


@pytest.fixture(scope="session")
def channels(tmp_path_factory) -> str:
    """URL of channels that hold what envs/ name."""
    pytest.importorskip("rattler_build", reason="needs the dependency group isolation")
    folder = tmp_path_factory.mktemp("channels")
    # In a process of its own, which the library's threads may abort at its end.
    subprocess.run(
        [sys.executable, "-m", "environments.local_channel", folder, *(ROOT / "envs").glob("*")],
        env=os.environ | {"PYTHONPATH": os.pathsep.join(sys.path)},
        check=True,
    )
    return folder.as_uri()


@pytest.fixture(scope="session")
def isolated_run(host, front_end, channels, tmp_path_factory) -> IsolatedProject:
    """Progabide, run from a host with Snakemake alone, each step in its environment; not to be changed."""
    folder = tmp_path_factory.mktemp("isolated")
    copied = copy_project(folder / "project").folder
    project = IsolatedProject(copied, host, front_end, channels, folder / "environments")
    project.edit("config.yaml", STUDIES, "studies:\n  - progabide\n")
    run = project.snakemake("--cores", "2")
    assert run.returncode == 0, run.stdout + run.stderr
    return project


@pytest.fixture
def isolated(isolated_run, tmp_path) -> IsolatedProject:
    """A copy of the isolated run that a test may change."""
    return isolated_run.copy(tmp_path / "project")


@pytest.fixture(scope="session")
def ordinary_run(tmp_path_factory) -> Project:
    """Progabide, run without environments; not to be changed."""
    project = copy_project(tmp_path_factory.mktemp("ordinary") / "project")
    project.edit("config.yaml", STUDIES, "studies:\n  - progabide\n")
    run = project.snakemake("--cores", "2")
    assert run.returncode == 0, run.stdout + run.stderr
    return project
