"""Errors of the machine are told as what happened, where, and what to do; others keep their trace."""

import errno
import os
import resource
import subprocess
import sys
from pathlib import Path

import pytest
from seizureflow.ended_jobs import killed_jobs_advice
from seizureflow.job_outcome import last_words
from seizureflow.machine_errors import machine_problem
from seizureflow.problems import InputError
from seizureflow.results_folder import future_warning, require_writable, results_problems

SCRIPTS = Path(__file__).parents[2] / "scripts"


def full_disk():
    with Path("/dev/full").open("w") as full:
        full.write("x")


def too_much_memory():
    bytes(2**62)


@pytest.mark.parametrize(
    ("error", "says"),
    [
        (OSError(errno.ENOSPC, "No space", "a/b.csv"), ("a/b.csv", "The disk is full", "df -h")),
        (OSError(errno.EDQUOT, "Quota"), ("step draw", "quota", "df -h")),
        (PermissionError(errno.EACCES, "No", "a/b.csv"), ("a/b.csv", "Permission", "ls -l")),
        (OSError(errno.EROFS, "RO", "a/b.csv"), ("a/b.csv", "read-only", "findmnt")),
        (OSError(errno.EIO, "IO", "a/b.csv"), ("a/b.csv", "The disk failed", "dmesg")),
        (MemoryError("1 GB"), ("step draw", "too little memory", "1 GB", "--cores 1")),
    ],
)  # fmt: skip
def test_what_is_said(error, says):
    said = str(machine_problem(error, "draw"))
    for words in (*says, "run the same command again"):
        assert words in said


@pytest.mark.parametrize("error", [ValueError("x"), OSError("x"), FileNotFoundError(2, "x", "y")])
def test_other_errors_are_not_explained(error):
    assert machine_problem(error, "draw") is None


def full_disk_hidden():
    """As matplotlib does when it cannot end its file."""
    try:
        full_disk()
    finally:
        raise AttributeError("no pos")


def test_what_another_error_hides():
    with pytest.raises(AttributeError) as caught:
        full_disk_hidden()
    assert "The disk is full" in str(machine_problem(caught.value, "draw"))


PROGRAM = """
import sys
from seizureflow.job import job
from unit.test_machine_errors import {error}
with job(sys.argv[1]) as log:
    log.warning("begun")
    {error}()
"""


def step(error: str, log: Path) -> subprocess.CompletedProcess[str]:
    program = PROGRAM.format(error=error)
    path = os.pathsep.join([str(SCRIPTS), str(SCRIPTS.parent / "tests")])
    return subprocess.run(
        [sys.executable, "-c", program, str(log)],
        env={**os.environ, "PYTHONPATH": path},
        capture_output=True,
        text=True,
        check=False,
    )


@pytest.mark.parametrize(
    ("error", "says"), [("full_disk", "The disk is full"), ("too_much_memory", "too little memory")]
)
def test_a_step_ends_with_1_and_without_a_stack_trace(tmp_path, error, says):
    log = tmp_path / "logs" / "step.log"
    ended = step(error, log)
    assert ended.returncode == 1
    assert ended.stderr == ""
    assert says in last_words(log)
    assert "Traceback" not in last_words(log)
    assert "Traceback" in log.read_text()


def nothing():
    pass


def test_a_log_that_cannot_be_written_stops_no_step(tmp_path):
    (tmp_path / "full.log").symlink_to("/dev/full")
    ended = step("nothing", tmp_path / "full.log")
    assert ended.returncode == 0
    assert ended.stderr.count("not written. No space left on device") == 1
    assert "Traceback" not in ended.stderr
    assert "full_disk" not in ended.stderr
    (tmp_path / "file").write_text("no folder")
    ended = step("full_disk", tmp_path / "file" / "step.log")
    assert ended.returncode == 1
    assert "step.log: not written." in ended.stderr
    assert "The disk is full" in ended.stderr
    assert "Traceback" not in ended.stderr


def test_memory_beyond_a_limit():
    """A limit that is set from outside (ulimit -v) ends in the same error."""
    soft, hard = resource.getrlimit(resource.RLIMIT_AS)
    resource.setrlimit(resource.RLIMIT_AS, (2**36, hard))
    try:
        with pytest.raises(MemoryError) as caught:
            bytearray(2**36)
    finally:
        resource.setrlimit(resource.RLIMIT_AS, (soft, hard))
    assert machine_problem(caught.value, "draw")


@pytest.mark.parametrize(
    ("line", "killed"),
    [
        ("Command 'x' died with <Signals.SIGKILL: 9>.", True),
        ("Command 'x' returned non-zero exit status 137.", True),
        ("Command 'x' died with <Signals.SIGINT: 2>.", False),
        ("Command 'x' returned non-zero exit status 1.", False),
        ("137 of 900 steps (15%) done", False),
    ],
)
def test_killed_jobs_are_recognised(tmp_path, line, killed):
    log = tmp_path / "run.log"
    log.write_text(f"Error in rule x:\n{line}\n")
    assert bool(killed_jobs_advice([tmp_path / "none", log])) == killed


def test_results_in_a_place_that_is_no_folder(tmp_path):
    (tmp_path / "results").write_text("a file")
    with pytest.raises(InputError, match="found: a file"):
        require_writable([tmp_path / "results" / "tiny"])
    require_writable([tmp_path / "none" / "tiny"])
    assert [path.name for path in tmp_path.iterdir()] == ["results"]


@pytest.mark.parametrize(
    ("results", "study", "says"),
    [
        ("results", "tiny", None),
        ("elsewhere/among others", "tiny", None),
        ("~/results", "tiny", "Only a shell knows"),
        ("a_file", "tiny", "It is, or lies in, a file"),
        ("a_file/results", "tiny", "It is, or lies in, a file"),
        ("studies", "tiny", "among the plans"),
        ("studies/tiny/results", "tiny", "among the plans"),
        ("results", "logs", 'No study can be named "logs"'),
    ],
)
def test_the_folder_of_results_is_one_that_can_be(tmp_path, monkeypatch, results, study, says):
    monkeypatch.chdir(tmp_path)
    (tmp_path / "studies" / "tiny").mkdir(parents=True)
    (tmp_path / "a_file").touch()
    found = results_problems(results, [study], [Path("studies")])
    assert [says in str(problem) for problem in found] == ([True] if says else [])


@pytest.mark.parametrize(("ahead", "warned"), [(-10, False), (30, False), (3600, True)])
def test_results_from_the_future(tmp_path, ahead, warned):
    made = tmp_path / "tiny" / "made.txt"
    made.parent.mkdir()
    made.write_text("x")
    now = made.stat().st_mtime
    os.utime(made, (now + ahead, now + ahead))
    warning = future_warning([tmp_path / "none", tmp_path / "tiny"])
    assert (warning is not None) == warned
    if warned:
        assert "made.txt" in str(warning)
        assert "--forceall" in str(warning)
