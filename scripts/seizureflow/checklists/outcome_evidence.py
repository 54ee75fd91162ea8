"""Evidence that the results give on the primary and secondary outcomes (CONSORT 2025, item 26)."""

from __future__ import annotations

from seizureflow.checklists.answers import Answer, Found, Gap, Status, in_report
from seizureflow.checklists.outcomes import Outcome, outcomes
from seizureflow.checklists.plan_evidence import NO_PRIMARY
from seizureflow.checklists.results_evidence import DUMMY
from seizureflow.checklists.study_run import Entry, StudyRun
from seizureflow.displays.words import count_of

_ESTIMATES = in_report("estimates", "All estimates")
_ROLES = (
    in_report("primary", "Primary analysis"),
    in_report("secondary", "Secondary analyses"),
)
# Statistics that are the result of one arm, by methods that compare arms or describe each.
_OF_ONE_ARM = (
    "lsmean",
    "responders_percent",
    "risk",
    "seizures",
    "rate",
    "median",
    "mean",
    "events",
    "participants_with_event",
    "participants_with_event_percent",
    "restricted_mean",
)
_ABSOLUTE = ("risk_difference",)
_RELATIVE = ("odds_ratio", "risk_ratio")


def numbers_analysed(run: StudyRun) -> Found:
    """Participants by arm in an analysis of every primary and secondary outcome."""
    named = _outcomes(run)
    if isinstance(named, Gap):
        return named
    without = [
        outcome.label
        for outcome in named
        if not any(run.by_arm(entry["id"], "participants") for entry in outcome.analyses)
    ]
    if without:
        return Gap(f"No analysis gives the number of participants by arm of: {'; '.join(without)}.")
    said = f"Of all {count_of(len(named), 'outcome')}, with each analysis."
    return Answer(Status.IN_REPORT, (said,), _ROLES, of_results=True)


def data_by_visit(run: StudyRun) -> Found:
    """Participants with data of the primary outcome at every visit."""
    if run.dummy:
        return DUMMY
    if run.primary is None:
        return Gap(NO_PRIMARY)
    for entry in run.with_method("summary_by_visit"):
        if entry.get("endpoint") == run.primary.get("endpoint"):
            link = in_report(f"analysis-{entry['id']}", run.labels.analysis(entry["id"]))
            said = "Of the primary outcome, at every visit."
            return Answer(Status.IN_REPORT, (said,), (link,), of_results=True)
    return Gap("The plan has no analysis summary_by_visit of the primary endpoint with results.")


def primary_effect(run: StudyRun) -> Found:
    """The primary estimate with its interval."""
    if run.dummy:
        return DUMMY
    if run.primary is None:
        return Gap(NO_PRIMARY)
    estimated = run.estimate(run.primary)
    if not estimated:
        return Gap("The primary analysis gives no estimate with an interval.")
    if not _has_result_by_arm(run, run.primary):
        return Gap("The primary analysis gives no result of each arm.")
    link = in_report(f"analysis-{run.primary['id']}", run.labels.analysis(run.primary["id"]))
    links = (in_report("answer", "The answer"), link)
    return Answer(Status.IN_REPORT, estimated, links, of_results=True)


def secondary_effects(run: StudyRun) -> Found:
    """A result of each arm, and an estimate with its interval, of every secondary outcome."""
    named = _outcomes(run)
    if isinstance(named, Gap):
        return named
    secondary = [outcome for outcome in named if outcome.role == "secondary"]
    if not secondary:
        return Gap("No analysis of the plan has the role secondary.")
    without = [o.label for o in secondary if not _has_effect(run, o)]
    if without:
        done = len(secondary) - len(without)
        return Gap(
            f"{done} of {count_of(len(secondary), 'outcome')} have a result of each arm and an "
            f"estimate with an interval; these do not: {'; '.join(without)}."
        )
    said = f"Of all {count_of(len(secondary), 'secondary outcome')}."
    return Answer(Status.IN_REPORT, (said,), (_ESTIMATES,), of_results=True)


def absolute_and_relative(run: StudyRun) -> Found:
    """An absolute and a relative effect of every binary outcome."""
    named = _outcomes(run)
    if isinstance(named, Gap):
        return named
    binary = [outcome for outcome in named if outcome.binary]
    if not binary:
        said = "No primary or secondary outcome is one that a participant has or has not."
        return Answer(Status.NOT_APPLICABLE, (said,))
    without = [
        o.label for o in binary if not (_gives(run, o, _ABSOLUTE) and _gives(run, o, _RELATIVE))
    ]
    if without:
        return Gap(
            "No absolute beside a relative effect, each with an interval, of: "
            f"{'; '.join(without)}. Add an analysis by risk_difference or standardised_risk."
        )
    said = f"Of all {count_of(len(binary), 'binary outcome')}."
    return Answer(Status.IN_REPORT, (said,), (_ESTIMATES,), of_results=True)


def _outcomes(run: StudyRun) -> list[Outcome] | Gap:
    if run.dummy:
        return DUMMY
    if run.primary is None:
        return Gap(NO_PRIMARY)
    return [*outcomes(run, "primary"), *outcomes(run, "secondary")]


def _has_effect(run: StudyRun, outcome: Outcome) -> bool:
    return any(run.estimate(e) for e in outcome.analyses) and any(
        _has_result_by_arm(run, e) for e in outcome.analyses
    )


def _has_result_by_arm(run: StudyRun, analysis: Entry) -> bool:
    return any(run.by_arm(analysis["id"], name) for name in _OF_ONE_ARM)


def _gives(run: StudyRun, outcome: Outcome, measures: tuple[str, ...]) -> bool:
    """Whether an analysis of the outcome gives one of some measures with an interval."""
    return any(
        all(
            run.plain(entry["id"], f"{measure}{limit}", arm["id"])
            for limit in ("", "_lower", "_upper")
            for arm in run.compared_arms
        )
        for entry in outcome.analyses
        for measure in measures
    )
