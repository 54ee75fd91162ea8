"""Evidence on one estimand: its attributes, and the analyses that aim at it (ICH E9(R1))."""

from __future__ import annotations

from seizureflow.checklists.answers import Answer, Found, Gap, Link, Status, in_report
from seizureflow.checklists.plan_evidence import assumed
from seizureflow.checklists.results_evidence import DUMMY
from seizureflow.checklists.study_run import Entry, StudyRun
from seizureflow.displays.words import days_in_words, listed, lower_first, upper_first

_STRATEGIES = {
    "treatment_policy": "treatment policy",
    "hypothetical": "hypothetical",
    "composite": "composite",
    "while_on_treatment": "while on treatment",
    "principal_stratum": "principal stratum",
}

_NO_ANALYSIS = Gap(
    "No analysis of the plan names the estimand (analyses[].estimand) and keeps its population, "
    "endpoint and window."
)


def treatment(run: StudyRun, estimand: Entry) -> Found:
    """The treatments that are compared."""
    others = listed([arm["label"] for arm in run.compared_arms])
    said = f"{others} against {lower_first(run.labels.reference['label'])}"
    return Answer(Status.FROM_PLAN, (said,), (_of(estimand),))


def population(run: StudyRun, estimand: Entry) -> Found:
    """The people that the question is about, and the set that stands for them."""
    people = upper_first(run.protocol["design"]["population_label"])
    analysed = run.labels.population(estimand["population"])
    return Answer(Status.FROM_PLAN, (f"{people} (analysed: {lower_first(analysed)})",))


def variable(run: StudyRun, estimand: Entry) -> Found:
    """The endpoint, and when it is measured."""
    endpoint = run.labels.endpoint(estimand["endpoint"])
    windows = {entry["id"]: entry["days"] for entry in run.protocol["design"]["windows"]}
    name = endpoint["label"] if endpoint else estimand["endpoint"]
    days = windows.get(estimand["window"])
    when = f": {days_in_words(days)}" if days else ""
    said = f"{name}, {run.labels.window(estimand['window'])}{when}"
    return Answer(Status.FROM_PLAN, (said,), (in_report("methods", "Definitions"),))


def events(run: StudyRun, estimand: Entry) -> Found:
    """The intercurrent events, each with its strategy."""
    named = estimand["intercurrent_events"]
    if not named:
        return Gap("The estimand names no intercurrent event (estimands[].intercurrent_events).")
    said = "; ".join(
        f"{upper_first(run.labels.event(entry['event']))}: {_STRATEGIES[entry['strategy']]}"
        for entry in named
    )
    return Answer(Status.FROM_PLAN, (said,), (_of(estimand),))


def every_event(run: StudyRun, estimand: Entry) -> Found:
    """Whether the estimand has a strategy for every event that the plan defines."""
    named = {entry["event"] for entry in estimand["intercurrent_events"]}
    defined = [entry["id"] for entry in run.protocol.get("intercurrent_events", [])]
    if not defined:
        said = "The plan defines no event by the data."
        return Answer(Status.NOT_APPLICABLE, (said,))
    without = [run.labels.event(name) for name in defined if name not in named]
    if without:
        return Gap(f"The estimand has no strategy for: {'; '.join(without)}.")
    return Answer(Status.FROM_PLAN, ("Every event of the plan has one.",), (_of(estimand),))


def summary(_: StudyRun, estimand: Entry) -> Found:
    """The population-level summary."""
    return Answer(Status.FROM_PLAN, (estimand["summary"],), (_of(estimand),))


def main_estimator(run: StudyRun, estimand: Entry) -> Found:
    """The analysis that estimates it."""
    main = _main(run, estimand)
    if main is None:
        return _NO_ANALYSIS
    link = in_report(f"analysis-{main['id']}", "The analysis")
    return Answer(Status.FROM_PLAN, (run.labels.analysis(main["id"]),), (link,))


def estimate(run: StudyRun, estimand: Entry) -> Found:
    """The result of the main estimator."""
    if run.dummy:
        return DUMMY
    main = _main(run, estimand)
    if main is None:
        return _NO_ANALYSIS
    estimated = run.estimate(main)
    if not estimated:
        return Gap("Its main estimator gave no estimate with an interval.")
    return Answer(Status.IN_REPORT, estimated, (_card(run, main),), of_results=True)


def missing_data(run: StudyRun, estimand: Entry) -> Found:
    """What the main estimator supposes of missing data."""
    main = _main(run, estimand)
    if main is None:
        return _NO_ANALYSIS
    return assumed(run, main)


def sensitivity(run: StudyRun, estimand: Entry) -> Found:
    """The sensitivity analyses that aim at the same estimand."""
    if run.dummy:
        return DUMMY
    found = _sensitivity(run, estimand)
    if not found:
        return Gap(
            "No sensitivity analysis with results names the estimand (analyses[].estimand) and "
            "keeps its population, endpoint and window."
        )
    return _listed(run, found)


def supplementary(run: StudyRun, estimand: Entry) -> Found:
    """Other analyses with results of its endpoint, and those that name it with another endpoint."""
    if run.dummy:
        return DUMMY
    aimed = [_main(run, estimand), *_sensitivity(run, estimand)]
    found = [
        entry
        for entry in run.with_role("secondary", "sensitivity")
        if (
            entry.get("endpoint") == estimand["endpoint"] or entry.get("estimand") == estimand["id"]
        )
        and entry not in aimed
        and run.has_results(entry)
    ]
    if not found:
        return Gap("No other analysis of its endpoint gave results.")
    return _listed(run, found)


def primary_estimand(run: StudyRun) -> Found:
    """The estimand of the primary analysis."""
    named = run.primary.get("estimand") if run.primary else None
    found = next((entry for entry in run.estimands if entry["id"] == named), None)
    if found is None:
        return Gap("The primary analysis names no estimand (analyses[].estimand).")
    return Answer(Status.FROM_PLAN, (found["label"],), (_of(found),))


def _main(run: StudyRun, estimand: Entry) -> Entry | None:
    """The primary analysis where it aims at the estimand, else the first that does."""
    aimed = [e for e in run.protocol["analyses"] if _aims_at(e, estimand)]
    return next((e for e in aimed if e["role"] == "primary"), next(iter(aimed), None))


def _sensitivity(run: StudyRun, estimand: Entry) -> list[Entry]:
    main = _main(run, estimand)
    return [
        entry
        for entry in run.with_role("sensitivity")
        if _aims_at(entry, estimand) and entry is not main and run.has_results(entry)
    ]


def _aims_at(analysis: Entry, estimand: Entry) -> bool:
    """Whether an analysis names the estimand and keeps its population, endpoint and window."""
    return analysis.get("estimand") == estimand["id"] and all(
        analysis.get(name) == estimand[name] for name in ("population", "endpoint", "window")
    )


def _listed(run: StudyRun, analyses: list[Entry]) -> Answer:
    said = f"With results: {len(analyses)}."
    links = tuple(_card(run, entry) for entry in analyses)
    return Answer(Status.IN_REPORT, (said,), links, of_results=True)


def _of(estimand: Entry) -> Link:
    return in_report(f"estimand-{estimand['id']}", "The estimand")


def _card(run: StudyRun, analysis: Entry) -> Link:
    return in_report(f"analysis-{analysis['id']}", run.labels.analysis(analysis["id"]))
