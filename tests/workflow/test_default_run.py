"""The run that a user makes first: every study, from clean."""

import hashlib
import re
import shutil

import pandas as pd
import pyreadstat
import pytest
import yaml

pytestmark = pytest.mark.workflow

STUDIES = ("progabide", "opus", "tiny")
NOT_REPRODUCIBLE = {"logs", "timings", "run.html"}


def checksums(folder):
    """SHA-256 of every file below a folder, logs, timings and the page on them left out."""
    return {
        path.relative_to(folder).as_posix(): hashlib.sha256(path.read_bytes()).hexdigest()
        for path in sorted(folder.rglob("*"))
        if path.is_file() and not NOT_REPRODUCIBLE & set(path.relative_to(folder).parts)
    }


@pytest.mark.parametrize("study", STUDIES)
def test_every_study_has_its_report(finished_run, study):
    assert (finished_run.folder / "results" / study / "report.html").stat().st_size > 10_000


def test_a_second_run_has_nothing_to_do(finished_run):
    assert not finished_run.planned()


def test_no_partial_file_is_left(finished_run):
    assert not list((finished_run.folder / "results").rglob("*.partial"))


@pytest.mark.parametrize("study", ["progabide", "opus"])
def test_published_aggregates_are_met(finished_run, study):
    """Every published aggregate is in the comparison, and where it is computed it is the printed one."""
    path = finished_run.folder / "results" / study / "published.parquet"
    comparison = pd.read_parquet(path).set_index("ID")
    published = yaml.safe_load(
        (finished_run.folder / "studies" / study / "published.yaml").read_text()
    )
    assert list(comparison.index) == [entry["id"] for entry in published["aggregates"]]
    differing = comparison[comparison["VERDICT"] == "differs"]
    assert differing.empty, differing[["PUBLISHED", "THIS_RUN"]]
    not_computed = set(comparison.index[comparison["VERDICT"] == "not computed"])
    assert not not_computed


def test_one_core_gives_the_same_bytes_as_two(finished_run, tmp_path):
    """For one study; the tests of a cluster run the two others with one core for each job."""
    one = finished_run.copy(tmp_path / "one")
    shutil.rmtree(one.folder / "results")
    one.edit("config.yaml", "  - progabide\n  - opus\n", "")
    run = one.snakemake("--cores", "1", "--forceall")
    assert run.returncode == 0, run.stdout + run.stderr
    expected = checksums(finished_run.folder / "results" / "tiny")
    assert len(expected) > 60
    assert checksums(one.folder / "results" / "tiny") == expected


def test_every_job_asks_for_more_memory_than_it_takes(finished_run):
    """At least half as much again: other trials are larger, and a scheduler ends what takes more."""
    logs = sorted((finished_run.folder / ".snakemake" / "log").glob("*.log"))
    said = "".join(log.read_text(encoding="utf-8") for log in logs)
    job = re.compile(r"^    log: (\S+)$.*?mem_mb=(\d+)", re.MULTILINE | re.DOTALL)
    asked = dict(job.findall(said))
    assert len(asked) > 200
    took = {name: int(memory_taken(finished_run.folder / name)) for name in asked}
    assert not {name: memory for name, memory in asked.items() if int(memory) < 1.5 * took[name]}


def memory_taken(log):
    """Largest memory of a job in MB, from its log."""
    return re.search(r"(\d+) MB at most$", log.read_text(encoding="utf-8"), re.MULTILINE)[1]


def test_reports_are_named_at_the_end(finished):
    (finished.folder / "results" / "tiny" / "report.html").unlink()
    run = finished.snakemake("--cores", "1")
    assert run.returncode == 0
    for study in STUDIES:
        assert str(finished.folder / "results" / study / "report.html") in run.stdout + run.stderr


def test_long_text_of_raw_files_is_exported_whole(finished):
    """SAS transport 5 ends at 200 bytes; such a dataset is written as version 8, not cut."""
    long_term = "Headache " + "with much to say about it " * 12
    finished.edit("studies/opus/data/adverse_events.csv", "Headache", long_term.strip())
    run = finished.snakemake("--cores", "2", "--", "results/opus/adam/export")
    assert run.returncode == 0, run.stdout + run.stderr
    events, _ = pyreadstat.read_xport(finished.folder / "results/opus/adam/export/adae.xpt")
    assert long_term.strip() in set(events["AETERM"])
    log = (finished.folder / "results/opus/logs/export_datasets.log").read_text(encoding="utf-8")
    assert "adae: written as version 8" in log
