"""What is made once for all workers of the tests."""

import os
import subprocess
import sys
from pathlib import Path

import pytest

TESTS = Path(__file__).parents[1]
SUITE = """
import os, time
from pathlib import Path
import pytest
from made_once import made_once

MADE = Path({made!r})

@pytest.fixture(scope="session")
def folder(tmp_path_factory):
    def make(folder):
        with MADE.open("a") as log:
            log.write(os.environ.get("PYTEST_XDIST_WORKER", "none") + "\\n")
        time.sleep(1)  # so that the other worker comes while this one is at it
        {fails}
        (folder / "text").write_text("made")
    return made_once(tmp_path_factory, "thing", make)

@pytest.mark.parametrize("number", range(6))
def test_it_is_there(folder, number):
    (MADE.parent / ("used_by_" + os.environ.get("PYTEST_XDIST_WORKER", "none"))).touch()
    assert (folder / "text").read_text() == "made"
"""


def run(folder: Path, *options: str, fails: str = "pass") -> subprocess.CompletedProcess[str]:
    """Run a suite of six tests that share a folder."""
    suite = SUITE.format(made=str(folder / "made.log"), fails=fails)
    (folder / "test_suite.py").write_text(suite, encoding="utf-8")
    environment = {name: value for name, value in os.environ.items() if "PYTEST" not in name}
    command = [sys.executable, "-m", "pytest", "-p", "no:cacheprovider", *options]
    return subprocess.run(
        [*command, "--rootdir", folder, "--basetemp", folder / "session", "test_suite.py"],
        cwd=folder,
        env=environment | {"PYTHONPATH": str(TESTS)},
        capture_output=True,
        text=True,
        check=False,
    )


def makers(folder: Path) -> list[str]:
    return (folder / "made.log").read_text(encoding="utf-8").splitlines()


@pytest.mark.parametrize("options", [("-n", "2"), ()], ids=["two workers", "no workers"])
def test_it_is_made_once_and_used_by_all(tmp_path, options):
    found = run(tmp_path, *options)
    assert "6 passed" in found.stdout, found.stdout + found.stderr
    assert len(makers(tmp_path)) == 1
    assert len(list(tmp_path.glob("used_by_*"))) == (2 if options else 1)


def test_a_failure_is_not_repeated_and_told_to_all(tmp_path):
    found = run(tmp_path, "-n", "2", fails="raise ValueError('no disk')")
    assert "6 errors" in found.stdout, found.stdout + found.stderr
    assert "thing could not be made" in found.stdout
    assert "ValueError: no disk" in found.stdout
    assert len(makers(tmp_path)) == 1


def test_what_was_cut_short_is_made_again(tmp_path):
    started = tmp_path / "session" / "made_once" / "thing"
    code = (
        "import sys; from pathlib import Path; from made_once import made_once\n"
        "class Session:\n"
        "    def getbasetemp(self): return Path(sys.argv[1])\n"
        "def make(folder):\n"
        "    (folder / 'half').touch()\n"
        "    if sys.argv[2] == 'cut': import os; os._exit(9)\n"
        "print(sorted(path.name for path in made_once(Session(), 'thing', make).iterdir()))\n"
    )
    (tmp_path / "session").mkdir()
    environment = os.environ | {"PYTHONPATH": str(TESTS)}
    environment.pop("PYTEST_XDIST_WORKER", None)
    command = [sys.executable, "-c", code, tmp_path / "session"]
    cut = subprocess.run([*command, "cut"], env=environment, capture_output=True, check=False)
    assert cut.returncode == 9
    (started / "stale").touch()
    again = subprocess.run(
        [*command, "whole"], env=environment, capture_output=True, text=True, check=True
    )
    assert again.stdout == "['half']\n"
