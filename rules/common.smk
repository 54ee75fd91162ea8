# What every stage uses: the checked plans, the paths of files, the hashes of code.
#
# takes  config.yaml, studies/<study>/protocol.yaml, studies/<study>/published.yaml
# gives  PLANS and the functions below; stops the run here if a plan is wrong
import os
import sys
from pathlib import Path

from snakemake.exceptions import WorkflowError

SCRIPTS = Path(workflow.basedir) / "scripts"
sys.path.insert(0, str(SCRIPTS))

from seizureflow.code_dependencies import code_hash
from seizureflow.own_modules import put_first
from seizureflow.plans import analysis_plan, load_plans, needed_datasets
from seizureflow.problems import InputError

put_first(SCRIPTS)

try:
    PLANS = load_plans(
        config,
        folders=[Path("studies"), Path(workflow.basedir) / "studies"],
        schemas=Path(workflow.basedir) / "schemas",
    )
except InputError as error:
    raise WorkflowError(f"The run was not started. {error}")

STUDIES = PLANS.protocols
RESULTS = PLANS.settings["results"]
REPORTS = [f"{RESULTS}/{study}/report.html" for study in STUDIES]
RECORD_DOMAINS = ("visits", "doses", "disposition", "adverse_events", "medications")
# The stage that an analysis belongs to, which is also the folder of its results.
STAGES = {"sensitivity": "sensitivity", "subgroup": "sensitivity", "safety": "safety"}


wildcard_constraints:
    study="|".join(STUDIES),
    analysis="[a-z0-9_]+",
    method="[a-z0-9_]+",
    domain="|".join(RECORD_DOMAINS),


def code(script, *modules):
    """Hash of a script and of every local module it imports; a parameter, so that a step reruns
    when their content changes and not when their time stamps do."""
    return code_hash(SCRIPTS / script, SCRIPTS, modules)


def project_file(name):
    """A file of the project, relative to the working folder, so that both can move together."""
    return os.path.relpath(Path(workflow.basedir) / name)


def plan(*keys):
    """An entry of the study's protocol, as a parameter."""

    def entry(wildcards):
        value = STUDIES[wildcards.study].data
        for key in keys:
            value = value[key]
        return value

    return entry


def with_domain(name):
    """Names of the studies that have a raw domain, as a pattern; one that nothing matches if none
    has it."""
    return (
        "|".join(s for s, protocol in STUDIES.items() if protocol.has_domain(name))
        or "(?!)"
    )


def raw_file(name):
    """The raw file of a domain, as an input."""
    return lambda wildcards: STUDIES[wildcards.study].file(name)


def canonical(study, name):
    return f"{RESULTS}/{study}/canonical/{name}.parquet"


def records(study, names):
    """The canonical tables of those of some domains that a study has."""
    return {
        name: canonical(study, name)
        for name in names
        if STUDIES[study].has_domain(name)
    }


def stage_of(analysis):
    return STAGES.get(analysis["role"], "endpoints")


def results_of(study, analysis):
    return f"{RESULTS}/{study}/{stage_of(analysis)}/{analysis['method']}/{analysis['id']}.parquet"


def dataset(study, name):
    """Where an analysis dataset or a canonical table is."""
    if name in ("adsl", "adsz", "adae", "eligibility"):
        return f"{RESULTS}/{study}/adam/{name}.parquet"
    return canonical(study, name)


def datasets_of(wildcards):
    names = needed_datasets(STUDIES[wildcards.study], wildcards.analysis)
    return {name: dataset(wildcards.study, name) for name in names}


def plan_of(wildcards):
    return analysis_plan(
        STUDIES[wildcards.study], wildcards.analysis, PLANS.settings["confidence_level"]
    )


def unblinded_studies():
    """Names of the studies whose treatment codes are read, as a pattern."""
    named = [s for s in STUDIES if STUDIES[s].data["treatment"] == "unblinded"]
    return "|".join(named) or "(?!)"


def blinded_studies():
    """Names of the studies with a dummy treatment, as a pattern."""
    named = [s for s in STUDIES if STUDIES[s].data["treatment"] != "unblinded"]
    return "|".join(named) or "(?!)"
