"""What reruns on which change: exactly what the change touches."""

import os
from collections import Counter

import pandas as pd
import pytest

pytestmark = pytest.mark.workflow

# What shows results, once per study; whatever of it reruns, the page over all studies does too.
PAGES = ("build_report", "print_report")
OF_PLAN = ("describe_results", "fill_checklists", "write_tables")
OF_RESULTS = ("collect_results", "compare_published")


def jobs(*names, studies=1, **counts):
    """Jobs that must run: some once per study, others so many times, and the index."""
    return Counter(dict.fromkeys(names, studies)) + Counter(counts) + Counter(build_index=1)


def shown(studies=1, figures=0):
    """What shows the results of some studies anew, and so many figures."""
    names = (*OF_RESULTS, *OF_PLAN, *PAGES)
    return jobs(*names, studies=studies, draw_figure=figures)


# file, text, replacement, jobs that must run
EDITS = {
    "one analysis": (
        "studies/progabide/protocol.yaml",
        "covariates: [LBSFREQ]",
        "covariates: [LBSFREQ, AGE]",
        Counter(analyse_endpoint=2)  # and the multiple testing, which reads its p
        + shown(figures=1),  # the forest
    ),
    "a sensitivity analysis": (
        "studies/opus/protocol.yaml",
        "label: Negative binomial regression of the counts",
        "label: Negative binomial regression",
        Counter(analyse_sensitivity=2)  # and the one that repeats it without each
        + shown(figures=1),
    ),
    "the title": (
        "studies/progabide/protocol.yaml",
        "title: Progabide as",
        "title: On progabide as",
        jobs("describe_datasets", *OF_PLAN, *PAGES),
    ),
    "a published number": (
        "studies/progabide/published.yaml",
        "value: 0.0838",
        "value: 0.0839",
        jobs("compare_published", "write_tables", *PAGES),
    ),
    "a method": (
        "scripts/seizureflow/methods/fisher_exact.py",
        '"Odds ratio (conditional)"',
        '"Conditional odds ratio"',
        Counter(analyse_sensitivity=2) + shown(studies=2, figures=2),
    ),
    "a module imported by other modules": (
        "scripts/seizureflow/windows.py",
        "The windows in which",
        "Windows in which",
        # every analysis but those of ADSL alone reads what derive_adsz makes
        jobs(
            "derive_adsz",
            "describe_datasets",
            "export_datasets",
            "collect_results",
            *OF_PLAN,
            *PAGES,
            studies=3,
            analyse_endpoint=28,
            analyse_sensitivity=75,
            run_specifications=4,
            collect_specifications=2,
            compare_published=2,
            draw_figure=23,
        ),
    ),
    "the arms' permutations": (
        "scripts/seizureflow/specification_curve/permutations.py",
        "Arrangements of the arms",
        "Arrangements of arms",
        # the figures do not permute; they show the specifications that do not either
        Counter(run_specifications=4, collect_specifications=2) + shown(studies=2, figures=2),
    ),
    "a subgroup": (
        "studies/opus/protocol.yaml",
        "{variable: AGE, cuts: [40]}",
        "{variable: AGE, cuts: [45]}",
        Counter(analyse_sensitivity=1) + shown(figures=1),
    ),
    "the criterion of a specification curve": (
        "studies/progabide/protocol.yaml",
        "      relative_reduction: 31\n      grid",
        "      relative_reduction: 30\n      grid",
        Counter(run_specifications=2, collect_specifications=1) + shown(figures=1),
    ),
    "a script": (
        "scripts/compare_published.py",
        "Set published aggregates",
        "Set the published aggregates",
        jobs("compare_published", "write_tables", *PAGES, studies=2),
    ),
}


# After these the raw data are checked anew; what must then run is known when they have been.
RAW_EDITS = {
    "a raw file of adverse events": (
        "studies/opus/data/adverse_events.csv",
        "eadache",
        "EADACHE",
        # times to the first adverse event are in ADTTE, with all other times
        Counter(
            ingest_records=1,
            collect_findings=1,
            check_data=1,
            derive_adae=1,
            derive_adtte=1,
            analyse_safety=6,
            analyse_endpoint=5,
            analyse_sensitivity=2,
            describe_datasets=1,
            export_datasets=1,
        )
        + shown(figures=5),
    ),
    "a limit of diary quality": (
        "studies/opus/protocol.yaml",
        "minimum_recorded_days: 1\n",
        "minimum_recorded_days: 1\n  quality: {backfill_days: 3}\n",
        jobs(
            "assess_diary",
            "collect_findings",
            "check_data",
            "describe_results",
            "write_tables",
            *PAGES,
            draw_figure=1,
        ),
    ),
}


@pytest.mark.parametrize("name", RAW_EDITS)
def test_an_edit_of_raw_data_reruns_what_it_touches(finished, name):
    file, old, new, expected = RAW_EDITS[name]
    finished.edit(file, old, new)
    assert finished.ran() == expected
    assert not finished.planned()


def test_an_edit_behind_the_checks_is_seen_beside_one_before_them(finished):
    """A check that runs anew must not hide what else has changed."""
    for file, old, new, _ in RAW_EDITS.values():
        finished.edit(file, old, new)
    file = EDITS["one analysis"][0]
    finished.edit(
        file.replace("progabide", "opus"),
        "covariates: [LBSFREQ, STRUCTFL]\n  - id: seizure",
        "covariates: [LBSFREQ]\n  - id: seizure",
    )
    ran = finished.ran()
    # It, the multiple testing that reads its p, and five times to an event: ADTTE has adverse events.
    assert ran["analyse_endpoint"] == 7
    assert ran["assess_diary"] == ran["derive_adae"] == 1
    assert ran["derive_adsl"] == ran["derive_adsz"] == 0
    assert not finished.planned()


@pytest.mark.parametrize("name", EDITS)
def test_an_edit_reruns_what_it_touches(finished, name):
    file, old, new, expected = EDITS[name]
    finished.edit(file, old, new)
    assert finished.planned() == expected


def test_new_code_with_an_old_date_is_noticed(finished):
    module = finished.folder / "scripts" / "seizureflow" / "methods" / "logistic.py"
    finished.edit("scripts/seizureflow/methods/logistic.py", "Logistic regression", "Regression")
    os.utime(module, (0, 0))
    # every logistic regression of both studies, and the multiple testing that reads some of them
    again = Counter(analyse_endpoint=8, analyse_sensitivity=6)
    assert finished.planned() == again + shown(studies=2, figures=2)


def test_touching_modules_reruns_nothing(finished):
    for module in (finished.folder / "scripts" / "seizureflow").rglob("*.py"):
        module.touch()
    assert not finished.planned()


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
