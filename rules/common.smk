# What every stage uses: the checked plans, the paths of files, the hashes of code.
#
# takes  config.yaml, studies/<study>/protocol.yaml, studies/<study>/published.yaml
# gives  PLANS and the functions below; stops the run here if a plan is wrong
import os
import sys
from functools import cache
from pathlib import Path

from snakemake.exceptions import WorkflowError
from snakemake_interface_executor_plugins.settings import DeploymentMethod

SCRIPTS = Path(workflow.basedir) / "scripts"
sys.path.insert(0, str(SCRIPTS))

from seizureflow.code_dependencies import code_hash, content_hash
from seizureflow.figures.catalogue import FIGURES
from seizureflow.figures.plans import (
    figure_analyses,
    figure_datasets,
    figure_plan,
    figures_of,
)
from seizureflow.isolation import isolate_jobs
from seizureflow.own_modules import put_first
from seizureflow.plans import (
    adsl_plan,
    analysis_plan,
    baseline_plan,
    counting_rules,
    description_plan,
    diary_quality_plan,
    load_plans,
    methods_run,
    needed_datasets,
    needed_results,
    uses_events,
)
from seizureflow.problems import InputError
from seizureflow.quoted_interpreter import quote_interpreter
from seizureflow.specification_curve.choices import named_in, with_visits
from seizureflow.visit_schedule import window_visits
from seizureflow.yaml_source import read_yaml

put_first(SCRIPTS)
quote_interpreter()
isolate_jobs(DeploymentMethod.CONDA in workflow.deployment_settings.deployment_method)

try:
    for file in map(Path, workflow.configfiles):
        # Refuses a key that stands twice, of which Snakemake takes the last.
        read_yaml(file)
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
PRINTED = [f"{RESULTS}/{study}/report.pdf" for study in STUDIES]
RECORD_DOMAINS = ("visits", "doses", "disposition", "adverse_events", "medications")
MEASUREMENT_DOMAINS = ("laboratory", "vital_signs")
# The stage that an analysis belongs to, which is also the folder of its results.
STAGES = {"sensitivity": "sensitivity", "subgroup": "sensitivity", "safety": "safety"}


wildcard_constraints:
    study="|".join(STUDIES),
    analysis="[a-z0-9_]+",
    method="[a-z0-9_]+",
    figure="|".join(FIGURES),
    domain="|".join(RECORD_DOMAINS),


def code(script, *modules):
    """Hash of a script and of every local module it imports; a parameter, so that a step reruns
    when their content changes and not when their time stamps do.

    A function, since what only other steps run need not be read to start a step on a cluster.
    """
    return lambda wildcards: hash_of_code(script, modules)


@cache
def hash_of_code(script, modules):
    """The hash that :func:`code` gives, read once in a process."""
    return code_hash(SCRIPTS / script, SCRIPTS, modules)


def content(*inputs):
    """Hash of the content of files, each given as a name or within a dictionary of inputs; a
    parameter, so that a step reruns when new content comes with an old time stamp."""
    groups = [
        files.values() if isinstance(files, dict) else [files] for files in inputs
    ]
    return content_hash(Path(file) for group in groups for file in group)


def project_content(*names):
    """Hash of the content of files of the project, as a parameter."""
    return content(*(Path(workflow.basedir) / name for name in names))


def project_file(name):
    """A file of the project, relative to the working folder, so that both can move together."""
    return os.path.relpath(Path(workflow.basedir) / name)


def memory(megabytes):
    """Memory of a job in MB, as a resource: as much again at each further attempt.

    A scheduler may end a job for want of memory; a profile says how often it is tried again.
    """
    return lambda wildcards, attempt: megabytes * attempt


def plan(*keys):
    """An entry of the study's protocol, as a parameter."""

    def entry(wildcards):
        value = STUDIES[wildcards.study].data
        for key in keys:
            value = value[key]
        return value

    return entry


def plan_or_none(name):
    """A top-level entry of the study's protocol that need not be there, as a parameter."""
    return lambda wildcards: STUDIES[wildcards.study].data.get(name)


def studies_where(holds):
    """Names of the studies of which something holds, as a pattern; one that nothing matches if
    it holds of none."""
    return "|".join(s for s, protocol in STUDIES.items() if holds(protocol)) or "(?!)"


def with_domain(name):
    """Names of the studies that have a raw domain, as a pattern."""
    return studies_where(lambda protocol: protocol.has_domain(name))


def blinded_studies():
    """Names of the studies whose treatment codes are not to be read, as a pattern."""
    return studies_where(lambda protocol: protocol.is_blinded)


def unblinded_studies():
    """Names of the studies that are analysed with their true arms, as a pattern."""
    return studies_where(lambda protocol: not protocol.is_blinded)


def raw_files(study, domain):
    """The raw files of a domain, by name, as inputs."""
    return STUDIES[study].raw_files(domain)


def first_dose_file(study):
    """The raw file of doses, which day 1 depends on."""
    if not STUDIES[study].has_domain("doses"):
        return {}
    return {"doses": raw_files(study, "doses")["file"]}


def known_copies_file(study):
    """The list of known copies of a study's data, where it has one."""
    name = STUDIES[study].data.get("provenance", {}).get("known_copies")
    return {"known_copies": str(STUDIES[study].folder / name)} if name else {}


def data_quality_files(study, kind):
    """What the steps of ingestion found (``findings``) or counted (``rows``)."""
    steps = [
        name
        for name in (
            "participants",
            "diary",
            "period_counts",
            *RECORD_DOMAINS,
            *MEASUREMENT_DOMAINS,
        )
        if STUDIES[study].has_domain(name)
    ]
    if not STUDIES[study].is_blinded:
        steps.append("treatment")
    if STUDIES[study].has_domain("diary") and kind == "findings":
        steps.append("diary_quality")
    return [f"{RESULTS}/{study}/data_quality/{step}_{kind}.parquet" for step in steps]


def canonical(study, name):
    return f"{RESULTS}/{study}/canonical/{name}.parquet"


def records(study, names):
    """The canonical tables of those of some domains that a study has."""
    return {
        name: canonical(study, name)
        for name in names
        if STUDIES[study].has_domain(name)
    }


def once_checked(wildcards):
    """No file, but a job with it waits until the raw data of its study have passed the checks.

    A file would rerun all that waits for it whenever any raw file changes. Were the file ancient,
    jobs downstream of a rerun check would not even be looked at: their own changes would be missed.
    Every rule after the checks has it, so that each is looked at anew once they are done.
    """
    checkpoints.check_data.get(study=wildcards.study)
    return {}


def true_treatment(study):
    """The arms, where they are not dummies: who has one was randomised."""
    if STUDIES[study].is_blinded:
        return {}
    return {"treatment": canonical(study, "treatment")}


def diary_tables(study):
    """The diary's canonical tables, where the study has seizures."""
    if not STUDIES[study].has_seizures:
        return {}
    return {name: canonical(study, name) for name in ("intervals", "seizures")}


def intercurrent_events(study):
    """The dates of intercurrent events, where the study's endpoints or windows use them."""
    if not uses_events(STUDIES[study]):
        return {}
    return {"events": f"{RESULTS}/{study}/adam/adice.parquet"}


def adverse_events_timed(study):
    """ADAE, where the time to an adverse event is asked for."""
    kinds = {entry["kind"] for entry in STUDIES[study].data["time_to_event"]}
    if "adverse_event" not in kinds:
        return {}
    return {"adae": dataset(study, "adae")}


def counting(wildcards):
    """What the protocol says of which seizures count, as a parameter."""
    return counting_rules(STUDIES[wildcards.study])


def stage_of(analysis):
    return STAGES.get(analysis["role"], "endpoints")


def results_of(study, analysis):
    return f"{RESULTS}/{study}/{stage_of(analysis)}/{analysis['method']}/{analysis['id']}.parquet"


def dataset(study, name):
    """Where an analysis dataset or a canonical table is."""
    if name in (
        "adsl",
        "adsz",
        "adae",
        "adtte",
        "adex",
        "adice",
        "adlb",
        "advs",
        "eligibility",
        "deviations",
    ):
        return f"{RESULTS}/{study}/adam/{name}.parquet"
    if name == "compliance":
        return f"{RESULTS}/{study}/data_quality/{name}.parquet"
    return canonical(study, name)


def datasets_of(wildcards):
    study, protocol = wildcards.study, STUDIES[wildcards.study]
    files = {
        name: dataset(study, name)
        for name in needed_datasets(protocol, wildcards.analysis)
    }
    for other in needed_results(protocol, wildcards.analysis):
        files[f"results_{other}"] = results_of(study, protocol.analysis(other))
    return files


def analysis_code(wildcards):
    """Hash of the code that an analysis runs, as a parameter."""
    methods = methods_run(STUDIES[wildcards.study], wildcards.analysis)
    modules = tuple(f"seizureflow.methods.{method}" for method in methods)
    return hash_of_code("run_analysis.py", modules)


def plan_of(wildcards):
    return analysis_plan(STUDIES[wildcards.study], wildcards.analysis, PLANS.settings)


def adam_datasets(study):
    """Names of the analysis datasets that a study has."""
    protocol = STUDIES[study]
    present = {
        "adsl": True,
        "adsz": protocol.has_seizures,
        "adtte": bool(protocol.data["time_to_event"]),
        "adae": protocol.has_domain("adverse_events"),
        "adex": protocol.has_domain("doses"),
        "adlb": protocol.has_domain("laboratory"),
        "advs": protocol.has_domain("vital_signs"),
    }
    return [name for name, has in present.items() if has]


def published_comparison(study):
    """The comparison with published results; none where there are none, or arms are dummies."""
    if PLANS.published[study] is None or STUDIES[study].is_blinded:
        return []
    return f"{RESULTS}/{study}/published.parquet"


def with_method(method):
    """Names of the studies whose plan has an analysis by a method, as a pattern."""
    return studies_where(
        lambda protocol: any(a["method"] == method for a in protocol.analyses)
    )


def first_with(study, method):
    """The first analysis of the plan by a method; None where there is none."""
    analyses = STUDIES[study].analyses
    return next((entry for entry in analyses if entry["method"] == method), None)


def curve_plan(wildcards):
    """The plan of a specification curve, with the visits of its windows and labels for words."""
    protocol, entries = STUDIES[wildcards.study], plan_of(wildcards)
    design = protocol.data["design"]
    visits = {
        entry["id"]: window_visits(design, entry["id"]) for entry in design["windows"]
    }
    options = entries["analysis"]["options"]
    grid = with_visits(options["grid"], visits)
    labels = protocol.labels
    named = {name: labels[name] for name in named_in(grid) if name in labels}
    analysis = entries["analysis"] | {"options": options | {"grid": grid}}
    return entries | {"analysis": analysis, "labels": named}


def specifications_of(study):
    """The table of specifications of the first curve of a plan."""
    results = results_of(study, first_with(study, "specification_curve"))
    return f"{results.removesuffix('.parquet')}/specifications.parquet"


def curve_parts(wildcards):
    options = STUDIES[wildcards.study].analysis(wildcards.analysis)["options"]
    folder = f"{RESULTS}/{wildcards.study}/{wildcards.stage}/specification_curve"
    return [
        f"{folder}/{wildcards.analysis}/part_{chunk}.parquet"
        for chunk in range(1, options["chunks"] + 1)
    ]


def figure_inputs(wildcards):
    """What a figure reads, by name; ``results`` are those of several analyses."""
    study, needs = wildcards.study, FIGURES[wildcards.figure]
    tables = figure_datasets(STUDIES[study], wildcards.figure)
    files = {name: dataset(study, name) for name in tables}
    analyses = figure_analyses(STUDIES[study], wildcards.figure)
    if analyses:
        files["results"] = [results_of(study, analysis) for analysis in analyses]
    if needs.specifications:
        files["specifications"] = specifications_of(study)
    return files


def figure_code(wildcards):
    """Hash of the code that a figure is drawn by, as a parameter."""
    drawing = f"seizureflow.figures.{wildcards.figure}"
    return hash_of_code("draw_figure.py", (drawing,))


def figure_files(study):
    """The figures of a study as its report holds them, and their words."""
    folder = f"{RESULTS}/{study}/figures"
    files = {}
    for name in figures_of(STUDIES[study]):
        files[f"figure_{name}"] = f"{folder}/{name}.{FIGURES[name].embed}"
        files[f"words_{name}"] = f"{folder}/{name}.json"
    return files


def diary_quality_tables(study):
    """What is known of the diary's quality, in studies that have one."""
    tables = {
        "seizure_types": STUDIES[study].has_seizures,
        "compliance": STUDIES[study].has_domain("diary"),
    }
    folder = f"{RESULTS}/{study}/data_quality"
    return {name: f"{folder}/{name}.parquet" for name, known in tables.items() if known}


def listed_datasets(study):
    """The analysis datasets that listings show."""
    names = {name for name in adam_datasets(study) if name in ("adsl", "adae")}
    return {name: dataset(study, name) for name in sorted(names | {"deviations"})}


def kept_files(study):
    """What a study's results hold besides its pages and folders.

    Asked for by name: of a file that was deleted, Snakemake otherwise sees no need while all that is
    made from it is there.
    """
    protocol, folder = STUDIES[study], f"{RESULTS}/{study}"
    datasets = [*adam_datasets(study), "eligibility", "deviations"]
    quality = ["findings.parquet", "findings.csv", "row_accounting.parquet"]
    return [
        *(dataset(study, name) for name in datasets),
        *intercurrent_events(study).values(),
        *(f"{folder}/data_quality/{name}" for name in quality),
        *diary_quality_tables(study).values(),
        *(results_of(study, analysis) for analysis in protocol.analyses),
        *(
            f"{folder}/figures/{name}.{kind}"
            for name in figures_of(protocol)
            for kind in ("svg", "png", "pdf", "json")
        ),
        *(f"{folder}/{name}" for name in ("ard.parquet", "ard.csv", "ard.json")),
        *filter(None, [published_comparison(study)]),
        f"{folder}/adam/define.json",
        f"{folder}/checklists.csv",
        f"{folder}/summary.json",
    ]
