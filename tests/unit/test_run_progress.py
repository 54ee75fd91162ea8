import doctest

import pytest
from seizureflow import run_progress
from seizureflow.run_progress import RunProgress, job_name

NAMES = [
    ("build_index", {}, "build_index"),
    ("derive_adsl", {"study": "opus"}, "derive_adsl (opus)"),
    (
        "analyse_endpoint",
        {"study": "opus", "method": "mmrm", "analysis": "primary"},
        "analyse_endpoint primary (opus)",
    ),
]


def test_examples():
    assert doctest.testmod(run_progress).failed == 0


@pytest.mark.parametrize(("rule", "wildcards", "name"), NAMES)
def test_a_job_is_named_by_what_tells_it_from_others(rule, wildcards, name):
    assert job_name(rule, wildcards) == name


def test_the_line_holds_what_is_done_and_what_runs():
    progress = RunProgress()
    progress.started(3, "derive_adsl", {"study": "opus"})
    progress.started(4, "derive_adsl", {"study": "progabide"})
    progress.counted(9, 12)
    progress.ended(3)
    assert progress.line(61, 80) == "9 of 12 jobs, 1 min 1 s: derive_adsl (progabide)"
    assert progress.line(61, 20) == "9 of 12 jobs, 1 min…"
    progress.ended(4)
    assert progress.line(61, 80) == "9 of 12 jobs, 1 min 1 s"
