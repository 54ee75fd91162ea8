"""A folder of results belongs to one run, until that run's process has ended."""

import signal
import subprocess
import sys
from pathlib import Path

import pytest
from seizureflow.problems import InputError
from seizureflow.run_lock import lock_results

SCRIPTS = Path(__file__).resolve().parents[2] / "scripts"
RUN = """
import sys, time
from pathlib import Path
from seizureflow.run_lock import lock_results
lock_results(Path(sys.argv[1]))
print("running", flush=True)
time.sleep(60)
"""


def test_one_run_at_a_time(tmp_path):
    with subprocess.Popen(
        [sys.executable, "-c", RUN, tmp_path / "results"],
        env={"PYTHONPATH": str(SCRIPTS)},
        stdout=subprocess.PIPE,
    ) as other:
        assert other.stdout is not None
        assert other.stdout.readline() == b"running\n"
        with pytest.raises(
            InputError, match=rf"results/\n.*Another run.*\n.*\n.*process {other.pid} "
        ):
            lock_results(tmp_path / "results")
        lock_results(tmp_path / "elsewhere")
        other.send_signal(signal.SIGKILL)
    lock_results(tmp_path / "results")


def test_a_folder_that_cannot_have_a_lock_is_left_to_the_steps(tmp_path):
    (tmp_path / "results").write_text("no folder")
    lock_results(tmp_path / "results")
    assert (tmp_path / "results").read_text() == "no folder"
