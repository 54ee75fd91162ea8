"""Where the project and its Python may lie."""

import subprocess
import sysconfig
import venv

import pytest

from workflow.conftest import copy_project
from workflow.tiny_study import write_tiny_study

pytestmark = pytest.mark.workflow


def test_a_clone_whose_path_has_blanks_and_letters_beyond_ascii(tmp_path):
    """Its environment lies in it, and Snakemake itself does not quote the path of its Python."""
    project = copy_project(tmp_path / "my trials é" / "project")
    write_tiny_study(project.folder / "studies" / "tiny")
    project.edit("config.yaml", "  - progabide\n  - opus\n", "  - tiny\n")
    environment = project.folder / ".venv"
    venv.create(environment, symlinks=True)
    (packages,) = environment.glob("lib/python*/site-packages")
    (packages / "locked.pth").write_text(sysconfig.get_path("purelib"), encoding="utf-8")
    run = subprocess.run(
        [environment / "bin" / "python", "-m", "snakemake", "--cores", "2", "checked"],
        cwd=project.folder,
        capture_output=True,
        text=True,
        check=False,
    )
    assert run.returncode == 0, run.stdout + run.stderr
    assert (project.folder / "results" / "tiny" / "data_quality" / "checked.txt").exists()
    log = project.folder / "results" / "tiny" / "logs" / "check_data.log"
    assert f" in {environment}\n" in log.read_text(encoding="utf-8")
