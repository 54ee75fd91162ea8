# seizureflow: from the raw records of trials with seizure-diary endpoints to their reports.
#
# The stages are in rules/, in the order of the science; common.smk reads and checks the plans.
from snakemake.utils import min_version

min_version("9.0")


configfile: "config.yaml"


# Used by `--sdm apptainer` alone; built from containers/seizureflow.def (docs/environments.md).
container: "containers/seizureflow.sif"


include: "rules/common.smk"
include: "rules/ingestion.smk"
include: "rules/treatment.smk"
include: "rules/eligibility.smk"
include: "rules/endpoints.smk"
include: "rules/sensitivity.smk"
include: "rules/specifications.smk"
include: "rules/safety.smk"
include: "rules/datasets.smk"
include: "rules/tables.smk"
include: "rules/figures.smk"
include: "rules/checklists.smk"
include: "rules/report.smk"
include: "rules/printing.smk"
include: "rules/results.smk"


rule all:
    """Make the report of every study, its tables, and its datasets and results for other systems."""
    default_target: True
    input:
        REPORTS,
        PRINTED,
        f"{RESULTS}/index.html",
        [f"{RESULTS}/{study}/adam/define.html" for study in STUDIES],
        [f"{RESULTS}/{study}/adam/export" for study in STUDIES],
        [f"{RESULTS}/{study}/checklists.html" for study in STUDIES],
        [f"{RESULTS}/{study}/ars.json" for study in STUDIES],
        [f"{RESULTS}/{study}/tables" for study in STUDIES],
        [kept_files(study) for study in STUDIES],
    message:
        "Every report is there, and all that it rests on."


rule checked:
    """Read and check the raw data of every study, and derive nothing from them."""
    input:
        [f"{RESULTS}/{study}/data_quality/checked.txt" for study in STUDIES],


onstart:
    from seizureflow.results_folder import require_writable

    # Not where nothing is run: results may be kept where they cannot be changed.
    try:
        require_writable(
            [Path(RESULTS), *(Path(RESULTS) / study for study in STUDIES)]
        )
    except InputError as error:
        raise WorkflowError(f"The run was not started. {error}")


onsuccess:
    from seizureflow.report.run_page import write_run_page
    from seizureflow.whole_files import remove_partials

    for study in STUDIES:
        # What jobs of an earlier run left that were killed while they wrote.
        remove_partials(Path(RESULTS) / study)
        # Not part of the plan of jobs: what a run took differs from run to run.
        write_run_page(Path(RESULTS) / study, Path(workflow.basedir) / "report")
    end_progress()
    print(f"\n{summary()}")


onerror:
    from seizureflow.ended_jobs import killed_jobs_advice

    end_progress()
    end = "The run stopped. What was finished is kept (docs/faults.md)."
    print(
        "",
        *filter(None, [FAILED.words(), killed_jobs_advice(log), end]),
        sep="\n\n",
    )
