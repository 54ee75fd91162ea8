"""A run needs no network: it ends as it should where there is none, not even to the machine itself."""

import shutil
import subprocess
import sys

import pytest

from workflow.tiny_study import write_tiny_study

pytestmark = pytest.mark.workflow

# As root, or as the root of a user namespace of one's own.
WAYS = (["unshare", "--net"], ["unshare", "--map-root-user", "--net"])
CONNECT = """
import socket
for place in (("127.0.0.1", 9), ("192.0.2.1", 80)):
    try:
        socket.create_connection(place, timeout=5)
    except OSError as error:
        print(error.strerror)
"""


def without_network() -> list[str]:
    """What to put before a command so that it has no network."""
    if shutil.which("unshare"):
        for way in WAYS:
            if subprocess.run([*way, "true"], capture_output=True, check=False).returncode == 0:
                return way
    pytest.skip("no network namespace can be made here")


def test_a_run_needs_no_network(project):
    apart = without_network()
    tried = subprocess.run(
        [*apart, sys.executable, "-c", CONNECT], capture_output=True, text=True, check=True
    )
    assert tried.stdout == "Network is unreachable\n" * 2
    write_tiny_study(project.folder / "studies" / "tiny")
    project.edit("config.yaml", "  - progabide\n  - opus\n", "  - tiny\n")
    run = subprocess.run(
        [*apart, sys.executable, "-m", "snakemake", "--cores", "2"],
        cwd=project.folder,
        capture_output=True,
        text=True,
        timeout=600,
        check=False,
    )
    assert run.returncode == 0, run.stdout + run.stderr
    made = {path.name for path in (project.folder / "results" / "tiny").iterdir()}
    assert made >= {"report.html", "report.pdf", "tables", "ard.parquet", "ars.json"}
