"""Each step runs in the environment of its rule, and in nothing else, with the same results."""

import re
import subprocess
from collections import Counter
from dataclasses import replace
from pathlib import Path

import pytest
from workflow.test_default_run import checksums

pytestmark = pytest.mark.isolation

FIGURE = "results/progabide/figures/forest.svg"
PARTICIPANTS = "results/progabide/canonical/participants.parquet"


def test_the_host_holds_snakemake_alone(host):
    for package in ("numpy", "pandas", "jinja2", "seizureflow"):
        run = subprocess.run([host, "-c", f"import {package}"], capture_output=True, check=False)
        assert (run.returncode == 0) == (package == "jinja2"), package


def test_every_file_is_that_of_an_ordinary_run(isolated_run, ordinary_run):
    expected = checksums(ordinary_run.folder / "results")
    assert len(expected) > 100
    assert checksums(isolated_run.folder / "results") == expected


def test_every_step_ran_in_an_environment(isolated_run):
    logs = sorted((isolated_run.folder / "results" / "progabide" / "logs").glob("*.log"))
    ran_in = {
        re.search(r"started with .* in (.*)\n", log.read_text(encoding="utf-8"))[1] for log in logs
    }
    assert len(logs) > 40
    assert {Path(prefix).parent for prefix in ran_in} == {isolated_run.made}
    environments = {path.stem for path in (isolated_run.folder / "envs").glob("*.yaml")}
    assert len(ran_in) == len(environments)


def test_an_isolated_run_has_nothing_left_to_do(isolated_run):
    assert not isolated_run.planned()


def test_an_edited_environment_reruns_what_uses_it(isolated):
    isolated.edit("envs/printing.yaml", "  - pip\n", "  - pip\n  - packaging\n")
    assert isolated.ran() == Counter(print_report=1, build_index=1)  # which links to it
    logs = isolated.folder / "results" / "progabide" / "logs"
    assert len(list(isolated.made.glob("*/conda-meta/packaging-*.json"))) >= 1
    assert "finished" in (logs / "print_report.log").read_text(encoding="utf-8")


@pytest.mark.parametrize("runs", ["host", "full_host"])
def test_a_package_that_an_environment_lacks_is_not_found(isolated, runs, request):
    """Not even where the environment that runs Snakemake holds it."""
    isolated = replace(isolated, python=request.getfixturevalue(runs))
    isolated.edit("envs/figures.yaml", "  - seaborn =0.13.2\n", "")
    run = isolated.snakemake("--cores", "1", FIGURE)
    assert run.returncode == 1
    assert "No module named 'seaborn'" in run.stdout + run.stderr


def not_activated(project, tmp_path):
    """Put a shell in the way that does not take its Python from the environment."""
    project.snakemake("--conda-create-envs-only", PARTICIPANTS)
    folder = tmp_path / "not_activating"
    (folder / "bin").mkdir(parents=True)
    command = (project.front_end / "bin" / "conda").read_text(encoding="utf-8")
    old, new = f"FRONT_END={project.front_end} ", f"FRONT_END={folder} "
    assert old in command
    (folder / "bin" / "conda").write_text(command.replace(old, new), encoding="utf-8")
    (folder / "bin" / "conda").chmod(0o755)
    (folder / "bin" / "activate").write_text('export CONDA_PREFIX="$1"\n', encoding="utf-8")
    return replace(project, front_end=folder)


def without_python(project, tmp_path):
    """Leave an environment without the Python that its rules need."""
    text = "channels:\n  - conda-forge\ndependencies:\n  - pip\n"
    (project.folder / "envs" / "data.yaml").write_text(text, encoding="utf-8")
    return project


@pytest.mark.parametrize("break_environment", [not_activated, without_python])
def test_a_step_that_falls_back_to_the_host_is_refused(
    isolated, full_host, tmp_path, break_environment
):
    """A host that holds every package would otherwise do the step, and nobody would know."""
    broken = break_environment(replace(isolated, python=full_host), tmp_path)
    run = broken.snakemake("--cores", "1", "--forcerun", "ingest_participants", "--", PARTICIPANTS)
    said = run.stdout + run.stderr
    assert run.returncode == 1, said
    assert "step ingest_participants" in said
    assert "by the Python that runs Snakemake" in said
    assert f"found: {full_host}" in said
