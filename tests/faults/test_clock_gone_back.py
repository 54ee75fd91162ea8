"""Files dated in the future, as they look to a machine whose clock has gone back."""

import os
import signal

import pytest

from faults.disturbed_run import checksums
from faults.told import AGAIN, ALL_ANEW, go_on

pytestmark = [pytest.mark.faults, pytest.mark.workflow]

DAY = 24 * 3600


def into_the_future(*folders):
    """Shift the dates of all files by a day: so they look once the clock has gone back by one."""
    for folder in folders:
        for path in (folder, *folder.rglob("*")):
            date = path.stat().st_mtime + DAY
            os.utime(path, (date, date))


def test_a_run_that_goes_on_after_the_clock_went_back(tiny, undisturbed, start):
    run = start(tiny)
    assert run.wait_until(lambda: run.finished_jobs >= 8)
    run.kill(signal.SIGTERM, group=False)
    into_the_future(tiny.folder / "results", tiny.folder / ".snakemake")
    run = go_on(tiny)
    assert "dated in the future" in run.stderr
    assert "--forceall" in run.stderr
    # What reads a file of tomorrow is refused by Snakemake.
    assert run.returncode != 0
    assert "clock skew" in run.stderr
    run = ALL_ANEW.do(tiny)
    assert run.returncode == 0, run.stdout + run.stderr
    assert checksums(tiny.folder / "results") == undisturbed.results
    run = AGAIN.do(tiny)
    assert "dated in the future" not in run.stderr
    assert "Nothing to be done" in run.stderr


def test_raw_data_edited_after_the_clock_went_back(finished, undisturbed, tmp_path):
    """The change looks older than the results. The warning says so; --forceall finds it."""
    other = undisturbed.copy(tmp_path / "other")
    into_the_future(finished.folder / "results")
    for project in (finished, other):
        project.edit("studies/tiny/data/people.csv", "T03,tablet,33", "T03,tablet,34")
    run = AGAIN.do(other)
    assert run.returncode == 0, run.stdout + run.stderr
    expected = checksums(other.folder / "results")
    assert expected != undisturbed.results
    run = AGAIN.do(finished)
    assert "dated in the future" in run.stderr
    assert "Changes of raw data may go unnoticed" in run.stderr
    assert "--forceall" in run.stderr
    run = ALL_ANEW.do(finished)
    assert run.returncode == 0, run.stdout + run.stderr
    assert checksums(finished.folder / "results") == expected


def test_raw_data_dated_in_the_future(finished, undisturbed):
    """Nothing is run for a date alone, and a change is noticed."""
    data = finished.folder / "studies/tiny/data"
    into_the_future(data)
    assert not finished.planned()
    finished.edit("studies/tiny/data/people.csv", "T03,tablet,33", "T03,tablet,34")
    into_the_future(data)
    assert finished.planned()["ingest_participants"] == 1
