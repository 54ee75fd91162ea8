"""Runs that are killed, go on as docs/faults.md says, and end as if nothing had happened."""

import os
import shutil
import signal
import subprocess
from dataclasses import dataclass

import numpy as np
import pytest

from faults.disturbed_run import assert_whole, checksums
from faults.told import AGAIN, UNLOCK, go_on

pytestmark = [pytest.mark.faults, pytest.mark.workflow]

SEED = 20180320
LIVES = 4  # a run each, that is killed five times before it comes to its end


@dataclass(frozen=True)
class Kill:
    """A signal to Snakemake, alone or with its jobs, so long after so many jobs were done."""

    number: signal.Signals
    group: bool
    jobs: int
    seconds: float


def twenty_kills() -> list[Kill]:
    """Ten by TERM and ten by KILL, half of each to Snakemake alone; the moments are drawn."""
    rng = np.random.default_rng(SEED)
    kinds = [
        (number, group)
        for number in (signal.SIGTERM, signal.SIGKILL)
        for group in (False, True)
        for _ in range(5)
    ]
    return [
        Kill(*kinds[i], jobs=int(rng.integers(0, 4)), seconds=float(rng.uniform(0, 1)))
        for i in rng.permutation(len(kinds))
    ]


def killed_in_time(run, kill) -> bool:
    """Kill a run at its moment; False where it ended before."""
    run.wait_until(lambda: run.finished_jobs >= kill.jobs)
    try:
        run.process.wait(kill.seconds)
    except subprocess.TimeoutExpired:
        run.kill(kill.number, group=kill.group)
        return True
    return False


def finish(project, undisturbed):
    """Bring a run to its end, and see that nothing tells it from one that was not disturbed."""
    run = go_on(project)
    assert run.returncode == 0, run.stdout + run.stderr
    assert checksums(project.folder / "results") == undisturbed.results
    assert not list((project.folder / "results").rglob("*.partial"))
    assert not project.planned()


@pytest.mark.parametrize("life", range(LIVES))
def test_runs_killed_at_random_moments(tiny, undisturbed, start, life):
    results, locks = tiny.folder / "results", tiny.folder / ".snakemake" / "locks"
    kills = twenty_kills()[life::LIVES]
    assert len(kills) == 5
    while kills:
        if killed_in_time(start(tiny), kills[0]):
            kills.pop(0)
            assert_whole(results, undisturbed.results)
            if locks.is_dir() and any(locks.iterdir()):
                assert UNLOCK.do(tiny).returncode == 0
        else:
            assert checksums(results) == undisturbed.results
            shutil.rmtree(results)
    finish(tiny, undisturbed)


def test_interrupted_from_the_keyboard(tiny, undisturbed, start):
    run = start(tiny)
    assert run.wait_until(lambda: run.finished_jobs >= 8)
    run.kill(signal.SIGINT, group=True)
    assert run.process.returncode != 0
    assert "The run was interrupted" in run.said
    assert " failed (" not in run.said
    assert_whole(tiny.folder / "results", undisturbed.results)
    finish(tiny, undisturbed)


@dataclass(frozen=True)
class Moment:
    """Where Snakemake itself would not end well, made long: a line of the workflow, and a slow one."""

    line: str
    slowly: str
    signal: signal.Signals
    said: str


HERE = "here it is slow"
SLOW = f"""[
        print("{HERE}", file=sys.stderr, flush=True),
        __import__("time").sleep(0.3),
    ] if (Path(RESULTS) / "tiny/data_quality/checked.txt").exists() else None
"""
MOMENTS = {
    # What interrupts it there is to Snakemake an error of the rule: it said nothing of Ctrl-C.
    "resources": Moment(
        "    return lambda wildcards, attempt: megabytes * attempt\n",
        f"    return lambda wildcards, attempt: (({SLOW}), megabytes * attempt)[1]\n",
        signal.SIGINT,
        "The run was interrupted",
    ),
    # Asked to end there, Snakemake waits for a lock that it holds itself.
    "planning anew": Moment(
        "    checkpoints.check_data.get(study=wildcards.study)\n",
        f"    checkpoints.check_data.get(study=wildcards.study)\n    {SLOW}",
        signal.SIGTERM,
        "The run stopped",
    ),
}


@pytest.mark.parametrize("moment", MOMENTS.values(), ids=MOMENTS)
def test_asked_to_end_at_an_awkward_moment(tiny, undisturbed, start, moment):
    tiny.edit("rules/common.smk", moment.line, moment.slowly)
    run = start(tiny)
    assert run.wait_until(lambda: run.said.rstrip().endswith(HERE)), run.said
    run.kill(moment.signal, group=False)
    assert run.process.returncode == 1, run.said
    assert moment.said in run.said
    tiny.edit("rules/common.smk", moment.slowly, moment.line)
    finish(tiny, undisturbed)


def test_a_lock_that_a_killed_run_left(tiny, undisturbed, start):
    run = start(tiny)
    assert run.wait_until(lambda: run.finished_jobs >= 1)
    run.kill(signal.SIGKILL, group=True)
    refused = AGAIN.do(tiny)
    assert refused.returncode != 0
    assert "Directory cannot be locked" in refused.stderr
    assert "--unlock" in refused.stderr
    assert UNLOCK.do(tiny).returncode == 0
    finish(tiny, undisturbed)


def refused_beside(first, second, undisturbed, start):
    """Start a run, and a second one that must be refused and leave the first alone.

    Returns:
        The first run, and what the second said.
    """
    run = start(first)
    assert run.wait_until(lambda: run.finished_jobs >= 1)
    refused = AGAIN.do(second)
    assert run.process.poll() is None
    assert refused.returncode != 0
    assert run.end() == 0, run.said
    finish(first, undisturbed)
    return run, refused.stderr


def test_two_runs_at_once(tiny, undisturbed, start):
    _, said = refused_beside(tiny, tiny, undisturbed, start)
    assert "Directory cannot be locked" in said


def test_two_folders_with_the_same_results(tiny, undisturbed, start, tmp_path):
    second = tiny.copy(tmp_path / "second")
    second.edit("config.yaml", "results: results", f"results: {tiny.folder / 'results'}")
    first, said = refused_beside(tiny, second, undisturbed, start)
    assert "The run was not started" in said
    assert "Another run" in said
    assert f"process {first.process.pid} " in said


def test_a_killed_job(tiny, undisturbed, start):
    """What the kernel does to a job when memory is short; the run stops and says so."""
    run = start(tiny)
    assert run.wait_until(lambda: bool(run.jobs("derive_adsl.py")))
    os.kill(run.jobs("derive_adsl.py")[0], signal.SIGKILL)
    assert run.end() != 0
    assert "A job was killed (signal 9)" in run.said
    assert "--cores 1" in run.said
    assert_whole(tiny.folder / "results", undisturbed.results)
    assert not (tiny.folder / "results/tiny/adam/adsl.parquet").exists()
    finish(tiny, undisturbed)


def test_killed_between_two_outputs_of_a_step(tiny, undisturbed, start):
    """Some outputs of a step are there and look finished; Snakemake knows that they are not."""
    figures = tiny.folder / "results/tiny/figures"
    run = start(tiny)
    for _ in range(10):
        assert run.wait_until(lambda: any(figures.glob("*.svg"))), run.said
        run.kill(signal.SIGKILL, group=True)
        assert UNLOCK.do(tiny).returncode == 0
        half = [path for path in figures.glob("*.svg") if not path.with_suffix(".json").exists()]
        if half:
            break
        shutil.rmtree(figures)
        run = start(tiny)
    assert half
    assert_whole(tiny.folder / "results", undisturbed.results)
    finish(tiny, undisturbed)
