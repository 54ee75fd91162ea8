"""Runs on a cluster, and the local runs that they are compared with."""

import os
from collections.abc import Iterator
from pathlib import Path

import pytest
from workflow.conftest import ROOT, Project, copy_project, shipped_results_are_here
from workflow.tiny_study import write_tiny_study

from cluster.slurm import Cluster, ClusterProject, missing

STUDIES = "studies:\n  - progabide\n  - opus\n"


@pytest.fixture(scope="session")
def slurm_is_here() -> None:
    """Skip where Slurm cannot be started; fail there if the tests are told to need it."""
    lacking = missing()
    if lacking and os.environ.get("SEIZUREFLOW_NEEDS_SLURM"):
        pytest.fail(lacking)
    if lacking:
        pytest.skip(lacking)


@pytest.fixture(scope="session")
def cluster(slurm_is_here, tmp_path_factory) -> Iterator[Cluster]:
    """Two nodes and accounting."""
    started = Cluster.start(tmp_path_factory.mktemp("cluster") / "slurm")
    yield started
    started.stop()


@pytest.fixture(scope="session")
def plain_cluster(slurm_is_here, tmp_path_factory) -> Iterator[Cluster]:
    """Two nodes and no accounting."""
    started = Cluster.start(tmp_path_factory.mktemp("plain_cluster") / "slurm", "--no-accounting")
    yield started
    started.stop()


def hurry(project: Project) -> None:
    """Ask after jobs sooner than is polite on a cluster that others use."""
    profile = "profiles/slurm/config.yaml"
    project.edit(profile, "before-status-checks: 10", "before-status-checks: 2")
    project.edit(profile, "latency-wait: 30", "latency-wait: 5")
    project.edit("profiles/cluster-generic/config.yaml", "status-checks: 10", "status-checks: 2")


def copy_with_tiny_study(folder: Path) -> Project:
    """A copy whose only study is the tiny one, nothing run."""
    project = copy_project(folder)
    write_tiny_study(project.folder / "studies" / "tiny")
    project.edit("config.yaml", STUDIES, "studies:\n  - tiny\n")
    hurry(project)
    return project


@pytest.fixture
def tiny(cluster, tmp_path) -> ClusterProject:
    """The tiny study on the cluster, nothing run."""
    return ClusterProject(copy_with_tiny_study(tmp_path / "project").folder, cluster)


@pytest.fixture(scope="session")
def tiny_run(tmp_path_factory) -> Project:
    """The tiny study, run on this machine alone; not to be changed."""
    project = copy_with_tiny_study(tmp_path_factory.mktemp("tiny") / "project")
    run = project.snakemake("--cores", "2")
    assert run.returncode == 0, run.stdout + run.stderr
    return project


@pytest.fixture(scope="session")
def local_run(tmp_path_factory) -> Project:
    """Both studies on this machine alone: this folder, if nothing is left to do in it, or a copy."""
    if shipped_results_are_here():
        return Project(ROOT)
    project = copy_project(tmp_path_factory.mktemp("local") / "project")
    run = project.snakemake("--cores", "2")
    assert run.returncode == 0, run.stdout + run.stderr
    return project
