"""What reruns on which change: exactly what the change touches."""

import re

import pandas as pd
import pytest

from workflow.conftest import ROOT
from workflow.reruns import ROWS
from workflow.reruns_page import reruns_page

pytestmark = pytest.mark.workflow


@pytest.mark.parametrize("change", ROWS)
def test_a_change_reruns_what_it_touches(finished, change):
    row = ROWS[change]
    row.makes(finished.folder)
    found = finished.ran(*row.arguments) if row.really else finished.planned(*row.arguments)
    assert found == row.jobs
    if row.really:
        assert not finished.planned()


def test_the_page_is_that_of_these_rows():
    page = (ROOT / "docs" / "reruns.md").read_text(encoding="utf-8")
    assert page == reruns_page(), "Write the page anew: make docs"


def test_an_edit_behind_the_checks_is_seen_beside_one_before_them(finished):
    """A check that runs anew must not hide what else has changed."""
    for change in ("a term in the file of adverse events", "a limit of the checks of the diary"):
        ROWS[change].makes(finished.folder)
    finished.edit(
        "studies/opus/protocol.yaml",
        "covariates: [LBSFREQ, STRUCTFL]\n  - id: seizure",
        "covariates: [LBSFREQ]\n  - id: seizure",
    )
    ran = finished.ran()
    # It, the multiple testing that reads its p, and five times to an event: ADTTE has adverse events.
    assert ran["analyse_endpoint"] == 7
    assert ran["assess_diary"] == ran["derive_adae"] == 1
    assert ran["derive_adsl"] == ran["derive_adsz"] == 0
    assert not finished.planned()


def test_every_step_has_the_hash_of_its_script():
    """Without it a changed script would not be seen: its date does not count (profiles/default)."""
    rules = "".join(path.read_text(encoding="utf-8") for path in (ROOT / "rules").glob("*.smk"))
    scripts = re.findall(r'^    script:\n        "../scripts/(\w+\.py)"', rules, re.MULTILINE)
    assert len(scripts) > 25
    for script in scripts:
        assert f'code("{script}"' in rules, script
    assert not re.search(r"^    (?:shell|run|notebook|wrapper):", rules, re.MULTILINE)


def test_a_rerun_computes_the_new_result(finished):
    """The change reaches the report: a rerun is more than a plan."""
    finished.edit("studies/tiny/protocol.yaml", "title: A made-up trial", "title: Another trial")
    run = finished.snakemake("--cores", "1")
    assert run.returncode == 0, run.stderr
    report = finished.folder / "results" / "tiny" / "report.html"
    assert "Another trial" in report.read_text(encoding="utf-8")


def test_a_third_study_is_a_folder_and_a_name(project):
    """Nothing but a folder under studies/ and its name in config.yaml adds a study."""
    from workflow.tiny_study import write_tiny_study

    write_tiny_study(project.folder / "studies" / "tiny")
    project.edit("config.yaml", "  - progabide\n  - opus\n", "  - tiny\n")
    run = project.snakemake("--cores", "2")
    assert run.returncode == 0, run.stdout + run.stderr
    reports = (project.folder / "results").glob("*/report.html")
    assert [path.parent.name for path in reports] == ["tiny"]


def test_jobs_run_the_library_of_their_own_workflow(finished):
    """Another copy is installed in the environment of the tests: this project itself."""
    finished.edit("scripts/seizureflow/published.py", 'Literal["same"', 'Literal["equal"')
    finished.edit("scripts/seizureflow/published.py", '"same" if row', '"equal" if row')
    run = finished.snakemake("--cores", "1", "--", "results/progabide/published.parquet")
    assert run.returncode == 0, run.stderr
    comparison = pd.read_parquet(finished.folder / "results" / "progabide" / "published.parquet")
    assert "equal" in set(comparison["VERDICT"])
