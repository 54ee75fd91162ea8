"""A full disk, a read-only folder, too little memory: said as such, and nothing is lost."""

import shutil

import pytest

from faults.disturbed_run import assert_whole, checksums
from faults.machine import memory_limit, own_mounts
from faults.told import AGAIN, ONE_AT_A_TIME

pytestmark = [pytest.mark.faults, pytest.mark.workflow]


def finish(project, undisturbed, mounts):
    """Bring a run in a namespace to its end; its results are as if nothing had been wrong."""
    before = mounts.before(project.folder)
    run = AGAIN.do(project, *before)
    assert run.returncode == 0, run.stdout + run.stderr
    results = mounts.seen(project.folder / "results")
    assert checksums(results) == undisturbed.results
    assert not list(results.rglob("*.partial"))


def test_a_full_disk_of_results(tiny, undisturbed):
    results = tiny.folder / "results"
    with own_mounts() as mounts:
        mounts.small_disk(results, kilobytes=700)
        run = AGAIN.do(tiny, *mounts.before(tiny.folder))
        said = run.stdout + run.stderr
        assert run.returncode != 0
        for words in ("The disk is full", "results/tiny/", "df -h", "run the same command again"):
            assert words in said
        assert "Traceback" not in said
        assert_whole(mounts.seen(results), undisturbed.results)
        assert not list(mounts.seen(results).rglob("*.partial"))
        mounts.resize(results, kilobytes=100_000)
        finish(tiny, undisturbed, mounts)


def test_a_full_disk_of_everything(tiny, undisturbed):
    """Also what Snakemake itself writes has no room."""
    kept = tiny.copy(tiny.folder.with_name("kept"))
    with own_mounts() as mounts:
        mounts.small_disk(tiny.folder, kilobytes=100_000)
        mounts.run("cp", "-a", f"{kept.folder}/.", str(tiny.folder))
        used = sum(path.stat().st_size for path in kept.folder.rglob("*")) // 1024
        mounts.resize(tiny.folder, kilobytes=used * 5 // 4 + 800)
        run = AGAIN.do(tiny, *mounts.before(tiny.folder))
        said = run.stdout + run.stderr
        assert run.returncode != 0
        assert "The disk is full" in said or "No space left on device" in said
        assert_whole(mounts.seen(tiny.folder / "results"), undisturbed.results)
        mounts.resize(tiny.folder, kilobytes=200_000)
        finish(tiny, undisturbed, mounts)


@pytest.mark.parametrize("place", ["results", "results/tiny"])
def test_a_folder_that_is_read_only_from_the_start(tiny, place):
    (tiny.folder / place).mkdir(parents=True)
    with own_mounts() as mounts:
        mounts.read_only(tiny.folder / place)
        run = AGAIN.do(tiny, *mounts.before(tiny.folder))
    assert run.returncode != 0
    for words in ("The run was not started", f"{place}/", "cannot be written", "read-only"):
        assert words in run.stderr
    assert "Traceback" not in run.stderr
    assert not any((tiny.folder / place).iterdir())


def test_finished_results_that_are_read_only(finished, undisturbed):
    """Nothing is refused while there is nothing to do."""
    results = finished.folder / "results"
    with own_mounts() as mounts:
        before = mounts.before(finished.folder)
        mounts.read_only(results)
        run = AGAIN.do(finished, *before)
        assert run.returncode == 0
        assert "Nothing to be done" in run.stderr
        mounts.unmount(results)
        (results / "tiny/report.pdf").unlink()
        (results / "tiny/report.html").unlink()
        mounts.read_only(results)
        run = AGAIN.do(finished, *before)
        assert run.returncode != 0
        assert "Write-protected output files" in run.stderr
        mounts.unmount(results)
        finish(finished, undisturbed, mounts)


def test_a_folder_that_becomes_read_only(tiny, undisturbed, start):
    results = tiny.folder / "results"
    with own_mounts() as mounts:
        run = start(tiny, before=mounts.before(tiny.folder))
        assert run.wait_until(lambda: run.finished_jobs >= 3)
        mounts.read_only(results)
        assert run.end() != 0
        assert "read-only" in run.said.lower()
        assert_whole(mounts.seen(results), undisturbed.results)
        mounts.unmount(results)
        finish(tiny, undisturbed, mounts)


def test_a_memory_limit(finished, undisturbed, start):
    """The kernel kills a job beyond its limit; the limit taken away, the run goes on."""
    shutil.rmtree(finished.folder / "results/tiny/endpoints")
    with memory_limit(megabytes=30) as processes:
        run = start(finished)
        assert run.wait_until(lambda: bool(run.jobs("run_analysis.py"))), run.said
        processes.write_text(str(run.jobs("run_analysis.py")[-1]))
        assert run.end() != 0
    assert "A job was killed (signal 9)" in run.said, run.said
    assert "out of" in run.said
    assert_whole(finished.folder / "results", undisturbed.results)
    run = ONE_AT_A_TIME.do(finished)
    assert run.returncode == 0, run.stdout + run.stderr
    assert checksums(finished.folder / "results") == undisturbed.results
