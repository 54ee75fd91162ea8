"""What runs on a cluster is what runs on one machine, to the last byte."""

import re

import pytest
from workflow.conftest import copy_project
from workflow.test_default_run import checksums

from cluster.conftest import hurry
from cluster.slurm import ClusterProject, run_id

pytestmark = pytest.mark.cluster


def test_both_studies_are_those_of_a_local_run(cluster, local_run, tmp_path):
    copied = copy_project(tmp_path / "project")
    hurry(copied)
    project = ClusterProject(copied.folder, cluster)
    checked = project.snakemake("checked")
    assert checked.returncode == 0, checked.stdout + checked.stderr
    run = project.snakemake(
        "--slurm-efficiency-report",
        "--default-resources",
        "slurm_account=trials",
        "slurm_partition=main",
    )
    said = run.stdout + run.stderr
    assert run.returncode == 0, said
    assert checksums(project.folder / "results") == {
        name: checksum
        for name, checksum in checksums(local_run.folder / "results").items()
        if name.split("/")[0] in ("progabide", "opus", "index.html")
    }
    states = cluster.states(run_id(said))
    assert set(states.values()) == {"COMPLETED"}
    # Nothing ran outside a Slurm job, and not every job was one.
    jobs = int(re.search(r"^total +(\d+)$", said, re.MULTILINE)[1])
    assert jobs > 150  # steps
    assert len(states) < jobs / 4
    assert not project.planned()
