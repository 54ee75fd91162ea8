# seizureflow: from the raw records of trials with seizure-diary endpoints to their reports.
#
# The stages are in rules/, in the order of the science; common.smk reads and checks the plans, and
# following.smk tells how a run goes.
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
include: "rules/following.smk"


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
