"""Evidence that the results give: what was found, by arm."""

from __future__ import annotations

from seizureflow.checklists.answers import Answer, Found, Gap, Status, in_report
from seizureflow.checklists.plan_evidence import NO_PRIMARY
from seizureflow.checklists.study_run import StudyRun
from seizureflow.displays.sections import section_of_role
from seizureflow.displays.values import Piece, number

_WHO = in_report("participants", "Who was in")
_SAFETY = in_report("safety", "Adverse events")
_ESTIMATES = in_report("estimates", "All estimates")
DUMMY = Gap(
    "Treatment is blinded: the arms are dummies, so that no result by arm is one of the trial. "
    "Set treatment: unblinded when it is."
)


def randomised(run: StudyRun) -> Found:
    """Participants randomised to each arm."""
    return _flow(run, "randomised", "The run gives no count of the randomised.")


def received(run: StudyRun) -> Found:
    """Participants of each arm who received treatment."""
    why = "The data do not say who was dosed (domains.doses)."
    return _flow(run, "dosed", why)


def analysed(run: StudyRun) -> Found:
    """Participants of each arm in the primary analysis."""
    if run.dummy:
        return DUMMY
    if run.primary is None:
        return Gap(NO_PRIMARY)
    counted = run.by_arm(run.primary["id"], "participants")
    if not counted:
        return Gap("The primary analysis gives no number of participants by arm.")
    return Answer(Status.IN_REPORT, counted, (_WHO,), of_results=True)


def losses(run: StudyRun) -> Found:
    """Participants of each arm who left after treatment began, with reasons."""
    if run.dummy:
        return DUMMY
    for flow in run.with_method("participant_flow"):
        left = run.by_arm(flow["id"], "discontinued")
        if not left:
            continue
        known = sum(row.value for row in run.results.having(flow["id"], "discontinued_for"))
        total = sum(row.value for row in run.results.having(flow["id"], "discontinued"))
        if known != total:
            return Gap("Not every participant who left has a reason (domains.disposition).")
        reasons = ("; the reasons are there.",) if total else ()
        return Answer(Status.IN_REPORT, (*left, *reasons), (_WHO,), of_results=True)
    return Gap("The data do not say who left and why (domains.disposition).")


def exclusions(run: StudyRun) -> Found:
    """Randomised participants who are not in the primary analysis, where the reason is certain.

    It is where nobody was excluded, and where the analysis set asks for a dose and as many were
    excluded as were not dosed: these are then the same participants.
    """
    if run.dummy:
        return DUMMY
    if run.primary is None:
        return Gap(NO_PRIMARY)
    sets = run.protocol["analysis_sets"]
    population = next(entry for entry in sets if entry["id"] == run.primary["population"])
    for flow in run.with_method("participant_flow"):
        excluded, undosed = _excluded(run, flow["id"], run.primary["id"])
        if excluded is None:
            continue
        if not any(excluded):
            nobody = "Nobody: all randomised participants are in the primary analysis."
            return Answer(Status.IN_REPORT, (nobody,), (_WHO,), of_results=True)
        if excluded == undosed and "dosed" in population.get("requires", []):
            said = ("Not dosed: ", *run.by_arm(flow["id"], "not_dosed"), "; nobody else.")
            return Answer(Status.IN_REPORT, said, (_WHO,), of_results=True)
        return Gap("The run does not tell why participants are not in the primary analysis.")
    return Gap("The run gives no participant flow to compare the primary analysis with.")


def _excluded(
    run: StudyRun, flow: str, primary: str
) -> tuple[list[float] | None, list[float] | None]:
    """Participants of each arm not in the primary analysis, and those not dosed; None: unknown."""
    before = _counts(run, flow, "randomised")
    after = _counts(run, primary, "participants")
    if before is None or after is None:
        return None, None
    excluded = [more - less for more, less in zip(before, after, strict=True)]
    return excluded, _counts(run, flow, "not_dosed")


def _counts(run: StudyRun, analysis: str, statistic: str) -> list[float] | None:
    """A count of every arm; None where any arm has none."""
    rows = [run.plain(analysis, statistic, arm["id"]) for arm in run.labels.arms]
    values = [row.value for row in rows if row is not None]
    return values if len(values) == len(rows) else None


def last_visit(run: StudyRun) -> Found:
    """When the follow-up of the data ended."""
    for flow in run.with_method("participant_flow"):
        row = run.plain(flow["id"], "last_visit", None)
        if row is not None:
            said = (f"{row.label}: ", number(row))
            return Answer(Status.IN_REPORT, said, (_WHO,), of_results=True)
    return Gap("The data have no dates of visits.")


def first_screened(run: StudyRun) -> Found:
    """When recruitment began in the data."""
    for flow in run.with_method("participant_flow"):
        row = run.plain(flow["id"], "first_screened", None)
        if row is not None:
            said = (f"{row.label}: ", number(row))
            return Answer(Status.IN_REPORT, said, (_WHO,), of_results=True)
    return Gap("The data have no dates of screening.")


def baseline(run: StudyRun) -> Found:
    """The table of the baseline by arm."""
    if run.dummy:
        return DUMMY
    found = run.with_method("baseline_summary")
    if not found:
        return Gap("No analysis of the plan by the method baseline_summary gave results.")
    variables = [run.labels.variable(name) for entry in found for name in entry["variables"]]
    said = "; ".join(dict.fromkeys(variables))
    return Answer(Status.IN_REPORT, (said,), (_WHO,), of_results=True)


def harms_counted(run: StudyRun) -> Found:
    """Which adverse events the analysis of harms counts."""
    if not run.with_method("adverse_event_summary"):
        return Gap("The run has no analysis of adverse events (domains.adverse_events).")
    said = "Adverse events that began on or after the first dose; each participant once per line."
    return Answer(Status.IN_REPORT, (said,), (_SAFETY,))


def harms(run: StudyRun) -> Found:
    """Participants of each arm with adverse events."""
    if run.dummy:
        return DUMMY
    for entry in run.with_method("adverse_event_summary"):
        pieces: list[Piece] = []
        for arm in run.labels.arms:
            row = run.results.find(
                entry["id"], "participants_with_event", group=arm["id"], variable="any"
            )
            if row is not None:
                pieces += [
                    ", " if pieces else "Any adverse event: ",
                    f"{arm['label']} ",
                    number(row),
                ]
        if pieces:
            return Answer(Status.IN_REPORT, tuple(pieces), (_SAFETY,), of_results=True)
    return Gap("The run has no analysis of adverse events (domains.adverse_events).")


def additional_results(run: StudyRun) -> Found:
    """Results of the sensitivity and subgroup analyses."""
    if run.dummy:
        return DUMMY
    planned = run.with_role("sensitivity", "subgroup")
    if not planned:
        return Gap("No analysis of the plan has the role sensitivity or subgroup.")
    without = [run.labels.analysis(e["id"]) for e in planned if not run.has_results(e)]
    if len(without) == len(planned):
        return Gap("No sensitivity or subgroup analysis gave results.")
    said = f"{len(planned) - len(without)} of {len(planned)} analyses of the plan gave results."
    if without:
        said += f" These could not be computed: {'; '.join(without)}."
    links = [
        in_report(section_of_role(role), f"{title} analyses")
        for role, title in (("sensitivity", "Sensitivity"), ("subgroup", "Subgroup"))
        if run.with_role(role)
    ]
    return Answer(Status.IN_REPORT, (said,), tuple(links), of_results=True)


def _flow(run: StudyRun, statistic: str, why: str) -> Found:
    if run.dummy:
        return DUMMY
    for flow in run.with_method("participant_flow"):
        counted = run.by_arm(flow["id"], statistic)
        if counted:
            return Answer(Status.IN_REPORT, counted, (_WHO,), of_results=True)
    return Gap(why)
