"""What a person at a terminal sees of a run: a line of progress, the end in a few lines, failures."""

import os
import subprocess
import sys
from pathlib import Path

import pytest

from workflow.conftest import Project, copy_project
from workflow.tiny_study import write_tiny_study

pytestmark = pytest.mark.workflow
TARGETS = ("--config", "studies=['tiny']", "--", "results/tiny/report.html")


def at_a_terminal(project: Project, *arguments: str) -> tuple[int, str]:
    """Status of a run, and what it wrote to a terminal of 100 columns."""
    here, there = os.openpty()
    process = subprocess.Popen(
        [sys.executable, "-m", "snakemake", *arguments],
        cwd=project.folder,
        stdin=subprocess.DEVNULL,
        stdout=there,
        stderr=there,
        env=os.environ | {"COLUMNS": "100"},
    )
    os.close(there)
    written = b""
    while True:
        try:
            written += os.read(here, 65536)
        except OSError:  # nobody has the other end open any more
            break
    os.close(here)
    return process.wait(), written.decode().replace("\r\n", "\n")


@pytest.fixture(scope="module")
def tiny(tmp_path_factory) -> Project:
    project = copy_project(tmp_path_factory.mktemp("progress") / "project")
    write_tiny_study(project.folder / "studies" / "tiny")
    return project


@pytest.fixture(scope="module")
def first_run(tiny):
    status, written = at_a_terminal(tiny, "--cores", "2", *TARGETS)
    assert status == 0, written
    return written


def test_one_line_shows_what_is_done_and_what_runs(first_run):
    lines = [line for line in first_run.split("\r\x1b[K") if " jobs, " in line]
    assert any("derive_adsz (tiny)" in line for line in lines)
    assert all(len(line.strip()) < 100 for line in lines)
    # in place of Snakemake's dozen lines for each job, which are in its log
    assert "rule derive_adsz" not in first_run
    (log,) = {line.split(": ")[1] for line in first_run.splitlines() if "Complete log" in line}
    assert "rule derive_adsz" in Path(log.removesuffix("\x1b[0m")).read_text(encoding="utf-8")


def test_the_end_says_what_ran_what_warned_and_where_the_report_is(first_run, tiny):
    end = first_run.rpartition("\r\x1b[K")[2]
    assert " jobs ran in " in end
    assert "tiny: nothing to warn of." in end
    assert f"{tiny.folder}/results/tiny/report.html" in end


def test_a_later_run_says_what_it_reused(first_run, tiny, tmp_path):
    project = tiny.copy(tmp_path / "project")
    project.edit("studies/tiny/protocol.yaml", "label: ANCOVA", "label: Analysis of covariance")
    run = project.snakemake("--cores", "2", *TARGETS)
    assert run.returncode == 0, run.stderr
    assert " had nothing to do." in run.stdout
    assert "analyse_endpoint 1" in run.stdout


def test_a_run_with_nothing_to_do_says_where_the_report_is(first_run, tiny, tmp_path):
    project = tiny.copy(tmp_path / "project")
    report = f"{project.folder}/results/tiny/report.html"
    run = project.snakemake("--cores", "2", *TARGETS)
    assert "Nothing to be done" in run.stderr
    assert report in run.stdout
    assert report not in project.snakemake("--dry-run", *TARGETS).stdout
    assert report not in project.snakemake("--cores", "2", "checked", *TARGETS[:2]).stdout


def test_a_run_that_stops_says_which_reports_are_up_to_date(first_run, tiny, tmp_path):
    project = tiny.copy(tmp_path / "project")
    other = project.folder / "studies" / "other"
    write_tiny_study(other)
    project.edit("studies/other/protocol.yaml", "study: tiny", "study: other")
    project.edit("studies/other/data/diary.csv", "T03,2020-02-19,Y,1", "T03,2020-02-19,Y,-2")
    reports = [f"results/{study}/report.html" for study in ("tiny", "other")]
    run = project.snakemake("--cores", "2", "--config", "studies=['tiny','other']", "--", *reports)
    assert run.returncode == 1
    assert str(project.folder / reports[0]) in run.stdout
    assert str(project.folder / reports[1]) not in run.stdout


def test_a_failed_step_is_shown_with_what_it_said_last(first_run, tiny, tmp_path):
    project = tiny.copy(tmp_path / "project")
    project.edit("studies/tiny/data/diary.csv", "T03,2020-02-19,Y,1", "T03,2020-02-19,Y,-2")
    status, written = at_a_terminal(project, "--cores", "2", *TARGETS)
    assert status == 1
    end = written.rpartition("\r\x1b[K")[2]
    assert "check_data failed (results/tiny/logs/check_data.log):" in end
    assert "studies/tiny/data/diary.csv" in end
    assert "The run stopped. What was finished is kept" in end
    assert "report.html" not in end
