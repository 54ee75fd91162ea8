"""Evidence that the plan gives: what was to be done."""

from __future__ import annotations

import re

from seizureflow.checklists.answers import Answer, Found, Gap, Link, Status, in_report
from seizureflow.checklists.missing_data import assumption
from seizureflow.checklists.outcomes import Outcome, outcomes
from seizureflow.checklists.study_run import Entry, StudyRun
from seizureflow.displays.sections import section_of_role
from seizureflow.displays.words import listed, upper_first
from seizureflow.registry import METHODS

_RANDOMISED = re.compile(r"(?<!non-)(?<!non)(?<!non )(?<!not )\brandomi[sz]ed\b", re.IGNORECASE)
_DEFINITIONS = in_report("methods", "Definitions and methods")
NO_PRIMARY = "No analysis of the plan has the role primary; give it to the one that is."


def named_randomised(run: StudyRun) -> Found:
    """Whether the title or the description calls the trial randomised."""
    for key in ("title", "description"):
        text = run.protocol[key]
        if _RANDOMISED.search(text):
            sentences = re.split(r"(?<=[.!?])\s+(?=[A-Z])", text)
            quoted = next(s for s in sentences if _RANDOMISED.search(s))
            return Answer(Status.FROM_PLAN, (f"{upper_first(key)}: “{quoted}”",))
    return Gap("Neither title nor description of the plan says that the trial was randomised.")


def question(run: StudyRun) -> Found:
    """The question of the trial."""
    text = run.protocol["question"]
    return Answer(Status.FROM_PLAN, (text,), (in_report("answer", "The answer"),))


def data_dictionary(_: StudyRun) -> Found:
    """The specification of the analysis datasets, which every run writes."""
    link = Link("Specification of the analysis datasets", "adam/define.html")
    return Answer(
        Status.IN_REPORT, ("Of the analysis datasets: every variable and its derivation.",), (link,)
    )


def unequal_allocation(run: StudyRun) -> Found:
    """The allocation ratio, where the plan states one: equal shares are what it supposes."""
    ratios = [arm.get("ratio", 1) for arm in run.labels.arms]
    if len(set(ratios)) == 1:
        return Gap("The plan supposes equal shares where it says nothing; that states no ratio.")
    named = [f"{arm['label']} {ratio}" for arm, ratio in zip(run.labels.arms, ratios, strict=True)]
    return Answer(Status.FROM_PLAN, (" : ".join(named),))


def eligibility(run: StudyRun) -> Found:
    """The criteria that the data are checked against."""
    criteria = [entry["label"] for entry in run.protocol["eligibility"]]
    if not criteria:
        return Gap("The plan has no criteria under eligibility.")
    return Answer(Status.FROM_PLAN, ("; ".join(criteria),), (_DEFINITIONS,))


def primary_outcome(run: StudyRun) -> Found:
    """The primary outcome: measure, metric, how it is summarised, time point."""
    if run.primary is None:
        return Gap(NO_PRIMARY)
    named = outcomes(run, "primary")
    estimand = next((e for e in run.estimands if e["id"] == run.primary.get("estimand")), None)
    said = "; ".join(outcome.label for outcome in named)
    if estimand is not None:
        said += f"; {estimand['summary']}"
    return Answer(Status.FROM_PLAN, (said,), (_DEFINITIONS, *_cards(run, [run.primary])))


def secondary_outcomes(run: StudyRun) -> Found:
    """The secondary outcomes, each with its time point."""
    named = outcomes(run, "secondary")
    if not named:
        return Gap("No analysis of the plan has the role secondary.")
    return Answer(
        Status.FROM_PLAN,
        ("; ".join(outcome.label for outcome in named),),
        (_DEFINITIONS, in_report("secondary", "Secondary analyses")),
    )


def strata(run: StudyRun) -> Found:
    """What the randomisation was stratified by."""
    names = [run.labels.variable(name) for name in run.protocol["design"].get("strata", [])]
    if not names:
        return Gap("The plan names no strata under design.strata.")
    return Answer(Status.FROM_PLAN, (f"Stratified by: {'; '.join(names)}",), (_DEFINITIONS,))


def primary_method(run: StudyRun) -> Found:
    """The method of the primary analysis."""
    if run.primary is None:
        return Gap(NO_PRIMARY)
    return Answer(Status.FROM_PLAN, (_method(run, run.primary),), tuple(_cards(run, [run.primary])))


def secondary_methods(run: StudyRun) -> Found:
    """The methods of the secondary outcomes."""
    named = outcomes(run, "secondary")
    if not named:
        return Gap("No analysis of the plan has the role secondary.")
    said = "; ".join(f"{outcome.label}: {_methods(outcome)}" for outcome in named)
    return Answer(Status.FROM_PLAN, (said,), (in_report("secondary", "Secondary analyses"),))


def harms_method(run: StudyRun) -> Found:
    """The method of the analysis of adverse events."""
    planned = run.with_role("safety")
    if not planned:
        return Gap("No analysis of the plan has the role safety.")
    said = " ".join(_method(run, entry) for entry in planned)
    return Answer(Status.FROM_PLAN, (said,), (in_report("safety", "Adverse events"),))


def analysis_sets(run: StudyRun) -> Found:
    """The analysis sets that analyses are made in."""
    used = dict.fromkeys(entry["population"] for entry in run.protocol["analyses"])
    said = "; ".join(run.labels.population(name) for name in used)
    return Answer(Status.FROM_PLAN, (f"{said} (who is in each: see there)",), (_DEFINITIONS,))


def groups_as_randomised(run: StudyRun) -> Found:
    """In which group participants are analysed: all methods read the planned arm."""
    if run.dummy:
        return Gap("Treatment is blinded: participants are analysed in dummy groups.")
    link = Link("TRT01P in the specification of the datasets", "adam/define.html#ADSL.TRT01P")
    return Answer(Status.IN_REPORT, ("In the arm that they were randomised to.",), (link,))


def missing_days(run: StudyRun) -> Found:
    """What becomes of time without a record."""
    if "diary" in run.protocol["domains"]:
        said = "A day without a record is missing, never a zero: it adds neither seizures nor days."
    elif "period_counts" in run.protocol["domains"]:
        said = "A period without a count has no recorded day."
    else:
        return Gap("The study has neither a diary nor counts per period.")
    return Answer(Status.IN_REPORT, (said,), (_DEFINITIONS,))


def missing_in_primary(run: StudyRun) -> Found:
    """What the primary analysis supposes of missing data."""
    if run.primary is None:
        return Gap(NO_PRIMARY)
    return assumed(run, run.primary)


def assumed(run: StudyRun, analysis: Entry) -> Found:
    """What an analysis supposes of missing data, where that is known of its method."""
    said = assumption(analysis, run.labels.endpoint(analysis.get("endpoint")))
    if not said:
        return Gap(
            f"What the method {analysis['method']} supposes of missing data is not among what "
            "is written down here."
        )
    return Answer(Status.FROM_PLAN, (said,), tuple(_cards(run, [analysis])))


def additional_methods(run: StudyRun) -> Found:
    """The sensitivity and subgroup analyses of the plan."""
    counts = [
        (role, title, len(run.with_role(role)))
        for role, title in (("sensitivity", "Sensitivity"), ("subgroup", "Subgroup"))
    ]
    present = [entry for entry in counts if entry[2]]
    if not present:
        return Gap("No analysis of the plan has the role sensitivity or subgroup.")
    said = listed([f"{count} of the role {role}" for role, _, count in present])
    links = [in_report(section_of_role(role), f"{title} analyses") for role, title, _ in present]
    return Answer(Status.FROM_PLAN, (f"Analyses: {said}; each with its method.",), tuple(links))


def _method(run: StudyRun, entry: Entry) -> str:
    covariates = [run.labels.variable(name) for name in entry.get("covariates", [])]
    adjusted = f" Adjusted for: {'; '.join(covariates)}." if covariates else ""
    return f"{upper_first(METHODS[entry['method']].summary).rstrip('.')}.{adjusted}"


def _methods(outcome: Outcome) -> str:
    chosen = [entry for entry in outcome.analyses if entry["role"] == outcome.role]
    return listed(list(dict.fromkeys(entry["method"].replace("_", " ") for entry in chosen)))


def _cards(run: StudyRun, analyses: list[Entry]) -> list[Link]:
    return [in_report(f"analysis-{e['id']}", run.labels.analysis(e["id"])) for e in analyses]
