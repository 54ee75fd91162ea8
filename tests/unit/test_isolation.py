"""A job with an environment of its own is held to it, and told what is wrong where it is not."""

import os
import subprocess
import sys
import sysconfig
from pathlib import Path

import pytest
from seizureflow.isolation import HOST, LIBRARY, is_own, isolate_jobs, require_own_environment
from seizureflow.job import job
from seizureflow.job_outcome import last_words
from seizureflow.problems import InputError

SCRIPTS = Path(__file__).parents[2] / "scripts"


@pytest.fixture
def isolated(monkeypatch):
    """This process is a job that runs in the environment of its rule."""
    monkeypatch.setenv(HOST, "/the/host")
    monkeypatch.setenv("CONDA_PREFIX", sys.prefix)
    monkeypatch.setenv(LIBRARY, str(SCRIPTS))
    return monkeypatch


def refusal() -> str:
    with pytest.raises(InputError) as caught:
        require_own_environment("derive_adsl")
    assert len(caught.value.problems) == 1
    return str(caught.value)


@pytest.mark.parametrize(
    ("path", "own"),
    [
        (f"{sys.prefix}/lib/python3/site-packages/numpy/__init__.py", True),
        (f"{sysconfig.get_path('stdlib')}/json/__init__.py", True),
        (f"{sysconfig.get_path('stdlib')}/lib-dynload", True),
        # the packages of the Python that made a virtual environment, whether Debian's or another
        (f"{sys.base_prefix}/lib/python3/dist-packages", False),
        (f"{sysconfig.get_path('stdlib')}/site-packages", False),
        (f"{SCRIPTS}/../scripts", True),
        (f"{SCRIPTS}/seizureflow/job.py", True),
        (f"{SCRIPTS.parent}/rules", False),
        ("/the/host/lib/python3.11/site-packages", False),
        ("~/.local/lib/python3.11/site-packages", False),
    ],
)
def test_what_is_own(path, own):
    assert is_own(path) == own


def test_a_job_in_its_environment_runs(isolated):
    require_own_environment("derive_adsl")


def test_no_environments_no_question(monkeypatch):
    monkeypatch.delenv(HOST, raising=False)
    monkeypatch.setenv("CONDA_PREFIX", "/another/environment")
    require_own_environment("derive_adsl")


def test_the_hosts_interpreter_is_refused(isolated):
    isolated.setenv(HOST, sys.prefix)
    isolated.setenv("CONDA_PREFIX", "/project/.snakemake/conda/abc_")
    text = refusal()
    assert "step derive_adsl" in text
    assert "by the Python that runs Snakemake" in text
    assert "expected: the Python of /project/.snakemake/conda/abc_" in text
    assert f"found: {sys.executable}" in text
    assert "what to do: Delete the environment under .snakemake/conda" in text


def test_the_host_is_refused_even_where_it_is_a_conda_environment(isolated):
    isolated.setenv(HOST, sys.prefix)
    assert "by the Python that runs Snakemake" in refusal()


def test_any_other_interpreter_is_refused(isolated):
    isolated.setenv("CONDA_PREFIX", "/project/.snakemake/conda/abc_")
    text = refusal()
    assert "outside the environment of its rule.\n" in text


def test_an_environment_that_was_not_activated_is_refused(isolated):
    isolated.delenv("CONDA_PREFIX")
    assert "the Python of an activated environment" in refusal()


def test_another_copy_of_the_library_is_refused(isolated):
    isolated.setenv(LIBRARY, "/another/clone/scripts")
    text = refusal()
    assert "expected: /another/clone/scripts" in text
    assert f"found: {SCRIPTS}" in text


def test_a_refused_job_ends_before_its_work_and_says_so_in_its_log(isolated, tmp_path):
    isolated.setenv(HOST, sys.prefix)
    log = tmp_path / "logs" / "derive_adsl.log"
    with pytest.raises(SystemExit) as ended, job(log):
        pytest.fail("the work was begun")
    assert ended.value.code == 1
    assert "by the Python that runs Snakemake" in log.read_text(encoding="utf-8")


def test_the_log_names_the_environment(tmp_path):
    with job(tmp_path / "derive_adsl.log"):
        pass
    assert f"in {sys.prefix}\n" in (tmp_path / "derive_adsl.log").read_text(encoding="utf-8")


def test_what_jobs_are_told(monkeypatch):
    monkeypatch.setenv(HOST, "/earlier")
    monkeypatch.setenv(LIBRARY, "/earlier")
    isolate_jobs(True)
    assert (os.environ[HOST], os.environ[LIBRARY]) == (sys.prefix, str(SCRIPTS))
    isolate_jobs(False)
    assert HOST not in os.environ
    assert LIBRARY not in os.environ


def run_script(tmp_path: Path, text: str, host: str | None) -> subprocess.CompletedProcess[str]:
    """Run a script as Snakemake does, the host's folders appended to the module path."""
    (tmp_path / "host").mkdir()
    (tmp_path / "host" / "onlyhost.py").write_text("", encoding="utf-8")
    preamble = f"import sys; sys.path.extend({[str(tmp_path / 'host')]!r})\n"
    script = tmp_path / "script.py"
    script.write_text(preamble + text, encoding="utf-8")
    told = {} if host is None else {HOST: host, "CONDA_PREFIX": sys.prefix}
    environment = os.environ | {"PYTHONPATH": str(SCRIPTS)} | told
    return subprocess.run(
        [sys.executable, script], env=environment, capture_output=True, text=True, check=False
    )


LATER = "import seizureflow\nimport onlyhost\nprint('found')\n"
EARLIER = "import onlyhost\nfrom seizureflow.job import job\nwith job(sys.argv[0] + '.log'): pass\n"


def test_a_package_of_the_host_is_not_found(tmp_path):
    run = run_script(tmp_path, LATER, host="/the/host")
    assert "No module named 'onlyhost'" in run.stderr


@pytest.mark.parametrize("host", [None, sys.prefix], ids=["not isolated", "in the host itself"])
def test_a_package_of_the_host_is_found_elsewhere(tmp_path, host):
    assert run_script(tmp_path, LATER, host).stdout == "found\n"


def test_a_package_of_the_host_that_came_first_is_refused(tmp_path):
    run = run_script(tmp_path, EARLIER, host="/the/host")
    assert run.returncode == 1
    said = last_words(tmp_path / "script.py.log")
    assert "Its environment has no onlyhost, which was taken from elsewhere." in said
    assert "Traceback" not in run.stderr + said


def test_the_same_script_runs_where_jobs_are_not_isolated(tmp_path):
    assert run_script(tmp_path, EARLIER, host=None).returncode == 0
