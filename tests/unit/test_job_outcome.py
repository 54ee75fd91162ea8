import os
import signal
import subprocess
import sys
from pathlib import Path

import pytest
from seizureflow.job_outcome import DONE, INTERRUPTED, NO_LOG, NO_OUTCOME, last_words

SCRIPTS = Path(__file__).parents[2] / "scripts"

# what a step does, what its log must end with; None where the outcome is that it finished
STEPS = {
    "an error of its inputs": (
        "raise InputError([Problem(where='diary.csv', what='A date is missing.')])",
        "A date is missing.",
    ),
    "an error that nobody foresaw": ("1 / 0", "ZeroDivisionError: division by zero"),
    "interrupted": ("raise KeyboardInterrupt", INTERRUPTED),
    "killed": ("os.kill(os.getpid(), signal.SIGKILL)", NO_OUTCOME),
}


def run_step(body, log):
    program = f"""
import os, signal
from seizureflow.job import job
from seizureflow.problems import InputError, Problem
with job({str(log)!r}) as logger:
    logger.info("at work")
    {body}
"""
    environment = os.environ | {"PYTHONPATH": str(SCRIPTS)}
    return subprocess.run(
        [sys.executable, "-c", program], env=environment, capture_output=True, check=False
    ).returncode


@pytest.mark.parametrize(("body", "ending"), STEPS.values(), ids=STEPS)
def test_a_failed_step_leaves_its_last_words(body, ending, tmp_path):
    log = tmp_path / "step.log"
    assert run_step(body, log) in (1, 130, -signal.SIGKILL)
    assert last_words(log).splitlines()[-1].endswith(ending)


def test_long_traces_are_cut_and_long_lists_of_problems_are_not(tmp_path):
    log = tmp_path / "step.log"
    start = "2026-01-01 10:00:00,000 ERROR "
    lines = "\n".join(f"line {number}" for number in range(40))
    log.write_text(f"{start}failed\nTraceback (most recent call last):\n{lines}")
    assert last_words(log).splitlines()[:2] == ["…", "line 28"]
    log.write_text(start + lines)
    assert last_words(log) == lines


def test_a_step_that_was_stopped_after_its_work(tmp_path):
    assert run_step("pass", tmp_path / "step.log") == 0
    assert last_words(tmp_path / "step.log") == DONE


def test_a_step_that_left_no_log(tmp_path):
    log = tmp_path / "step.log"
    assert last_words(log) == NO_LOG
    log.touch()
    assert last_words(log) == NO_LOG


def test_a_log_begins_with_versions_and_ends_with_what_the_step_took(tmp_path):
    log = tmp_path / "step.log"
    assert run_step("pass", log) == 0
    first, *_, last = log.read_text().splitlines()
    assert "started with python" in first
    assert "finished: " in last
    assert last.endswith(" MB at most")
