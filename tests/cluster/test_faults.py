"""Whatever happens to the jobs of a run, its results are those of an undisturbed one."""

import re
from collections import Counter
from dataclasses import replace

import pytest
from workflow.conftest import ROOT, Project
from workflow.test_default_run import checksums

from cluster.slurm import ClusterProject, run_id, wait_for

pytestmark = pytest.mark.cluster

# The datasets of the tiny study: nine jobs in two groups, and so two Slurm jobs.
DATASETS = "results/tiny/adam/adsz.parquet"


def assert_same(project: Project, local: Project) -> None:
    """The files that a run made are those of a local run."""
    made = checksums(project.folder / "results")
    expected = checksums(local.folder / "results")
    assert made
    assert made == {name: expected.get(name) for name in made}


def first_job(project: ClusterProject) -> str:
    """Number of the first job that is seen to run."""
    wait_for(project.cluster.running, "a job to run")
    return project.cluster.running()[0]


def recipe() -> str:
    """The commands of the documentation for a run that was killed."""
    page = (ROOT / "docs" / "clusters.md").read_text(encoding="utf-8")
    section = page.split("## When a run was killed\n", 1)[1]
    return re.search(r"^```bash\n(.*?)^```", section, re.DOTALL | re.MULTILINE)[1]


def test_a_cancelled_job_is_run_again(tiny, tiny_run):
    main = tiny.start("--", DATASETS)
    job = first_job(tiny)
    tiny.cluster.ask("scancel", job)
    main.finish()
    states = tiny.cluster.states(main.run_id())
    assert states[job].startswith("CANCELLED")
    assert Counter(states.values())["COMPLETED"] == 2
    assert_same(tiny, tiny_run)


def test_the_jobs_of_a_lost_node_are_run_on_another(tiny, tiny_run):
    main = tiny.start("--", DATASETS)
    job = first_job(tiny)
    (node,) = tiny.cluster.ask("squeue", "--noheader", f"--jobs={job}", "--format=%N")
    tiny.cluster.take_down(node)
    main.finish()
    tiny.cluster.bring_up(node)
    states = tiny.cluster.states(main.run_id())
    assert states[job] == "NODE_FAIL"
    assert Counter(states.values())["COMPLETED"] == 2
    assert_same(tiny, tiny_run)


def test_a_job_that_needs_more_memory_gets_it(tiny, tiny_run):
    """A step of some 200 MB asks for 160; its second attempt for 320."""
    tiny.edit("profiles/slurm/config.yaml", '  derive_adsz: "{study}_datasets"\n', "")
    rule = (tiny.folder / "rules" / "endpoints.smk").read_text(encoding="utf-8")
    there = re.search(r"rule derive_adsz:.*?mem_mb=(memory\(\d+\))", rule, re.DOTALL)
    text = rule[: there.start(1)] + "memory(160)" + rule[there.end(1) :]
    (tiny.folder / "rules" / "endpoints.smk").write_text(text, encoding="utf-8")
    run = tiny.snakemake("--", DATASETS)
    said = run.stdout + run.stderr
    assert run.returncode == 0, said
    states = tiny.cluster.states(run_id(said))
    assert Counter(states.values()) == {"COMPLETED": 3, "FAILED": 1}
    (failed,) = [job for job, state in states.items() if state == "FAILED"]
    assert tiny.cluster.killed_for_memory(failed)
    asked = tiny.cluster.memory_asked(run_id(said))
    assert asked[failed] == "160M"
    assert "320M" in asked.values()
    assert_same(tiny, tiny_run)


def test_a_killed_run_is_taken_up_by_the_documented_commands(tiny, tiny_run):
    main = tiny.start()
    job = first_job(tiny)
    main.kill()
    assert job in tiny.cluster.running()  # the job has not noticed
    done = tiny.shell(recipe())
    assert done.returncode == 0, done.stdout + done.stderr
    assert tiny.cluster.states(main.run_id())[job].startswith("CANCELLED")
    assert checksums(tiny.folder / "results") == checksums(tiny_run.folder / "results")


def test_a_run_that_asks_the_accounting(tiny, tiny_run):
    run = tiny.snakemake("--slurm-status-command=sacct", "--slurm-array-jobs=none", "--", DATASETS)
    assert run.returncode == 0, run.stdout + run.stderr
    assert_same(tiny, tiny_run)


def test_a_cluster_without_accounting(plain_cluster, tiny, tiny_run):
    plain = replace(tiny, cluster=plain_cluster)
    run = plain.snakemake("--slurm-no-account", "--", DATASETS)
    assert run.returncode == 0, run.stdout + run.stderr
    assert_same(plain, tiny_run)


def test_a_scheduler_by_its_own_commands(tiny, tiny_run):
    generic = replace(tiny, profile="profiles/cluster-generic")
    run = generic.snakemake("--", DATASETS)
    said = run.stdout + run.stderr
    assert run.returncode == 0, said
    assert len(re.findall(r"Submitted job \d+ with external jobid", said)) == 9
    assert_same(generic, tiny_run)
