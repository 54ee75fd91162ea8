"""A made-up plan of three arms, and results whose every kind of row was written by hand."""

import math
from copy import deepcopy

import pandas as pd
from seizureflow.analysis import AnalysisResult, Statistic
from seizureflow.provenance import Trace
from seizureflow.results import results_frame
from seizureflow.tables import arranged

TRACE = Trace("d" * 64, "p" * 64, "c" * 64, "python 3.11; numpy 2.4", None)
PLAN = {
    "study": "made_up",
    "title": "A made-up trial",
    "question": "Does the tablet lower seizure frequency?",
    "simulated": False,
    "treatment": "unblinded",
    "design": {
        "arms": [
            {"id": "low", "label": "Low dose"},
            {"id": "sham", "label": "Sham", "reference": True},
            {"id": "high", "label": "High dose"},
        ],
        "visits": [
            {"id": "week_2", "label": "Week 2", "week": 2, "day": 15},
            {"id": "week_4", "label": "Week 4", "week": 4, "day": 29},
        ],
        "windows": [
            {"id": "weeks_0_4", "label": "Weeks 0-4", "days": [1, 29]},
            {"id": "weeks_0_2", "label": "Weeks 0-2", "days": [1, 15]},
        ],
    },
    "analysis_sets": [
        {"id": "full", "label": "Full analysis set", "requires": ["randomised", "dosed"]},
        {
            "id": "adults",
            "label": "Adults",
            "requires": [],
            "where": [{"variable": "AGE", "at_least": 18}],
        },
    ],
    "estimands": [{"id": "policy", "label": "Effect of assignment"}],
    "endpoints": [
        {"id": "LOGCHG", "label": "Change", "kind": "log_change"},
        {"id": "RESP50", "label": "Responder", "kind": "responder"},
    ],
    "time_to_event": [{"id": "TTSZ1", "label": "Time to the first seizure"}],
    "analyses": [
        {
            "id": "primary",
            "label": "Mixed model",
            "role": "primary",
            "estimand": "policy",
            "population": "full",
            "endpoint": "LOGCHG",
            "window": "weeks_0_4",
            "method": "mmrm",
            "covariates": ["LBSFREQ"],
            "options": {"covariance": ["us"], "df": "kenward-roger"},
        },
        {
            "id": "ancova",
            "label": "ANCOVA",
            "role": "sensitivity",
            "population": "adults",
            "endpoint": "LOGCHG",
            "window": "weeks_0_2",
            "method": "ancova",
        },
        {
            "id": "without_each",
            "label": "ANCOVA without each",
            "role": "sensitivity",
            "population": "adults",
            "method": "leave_one_out",
            "options": {"repeats": "ancova", "unit": "site"},
        },
        {
            "id": "first_seizure",
            "label": "First seizure",
            "role": "secondary",
            "population": "full",
            "method": "cox",
            "options": {"parameter": "TTSZ1"},
        },
        {
            "id": "characteristics",
            "label": "Characteristics",
            "role": "descriptive",
            "population": "full",
            "method": "baseline_summary",
            "variables": ["AGE", "SEX"],
        },
        {
            "id": "events",
            "label": "Adverse events",
            "role": "safety",
            "population": "full",
            "method": "adverse_event_summary",
        },
        {
            "id": "refused",
            "label": "Fisher",
            "role": "secondary",
            "population": "full",
            "endpoint": "RESP50",
            "window": "weeks_0_4",
            "method": "fisher_exact",
        },
    ],
    "success_criterion": {"analysis": "primary", "relative_reduction": 31, "source": "made up"},
}
LOW = {"group": "low", "reference": "sham"}
ANSWERS = {
    "primary": AnalysisResult(
        (
            Statistic("participants", "Participants", 12.0, group="sham"),
            Statistic("participants", "Participants", 11.0, group="low"),
            Statistic("participants", "Participants", 10.0, group="high"),
            Statistic("lsmean", "LS mean", -0.123456, group="low", visit="week_2"),
            Statistic("relative_change", "Relative change", -35.25, unit="%", **LOW),
            Statistic("p_value", "p", 0.0123, note="Approximate.", **LOW),
            Statistic("p_value", "p", 1e-9, group="high", reference="sham"),
            Statistic("covariance_structure", "Covariance", text="unstructured"),
            Statistic("coefficient", "Coefficient", 1.5, variable="AGE:ARM[T.low]"),
        ),
        converged=True,
        notes=("One participant was left out.", "Two visits were used."),
    ),
    "ancova": AnalysisResult(
        (
            Statistic("difference", "Difference", math.nan, note="Not estimable.", **LOW),
            Statistic("relative_change", "Relative change", math.inf, unit="%", **LOW),
        )
    ),
    "without_each": AnalysisResult((Statistic("units", "Sites", 3.0),)),
    "first_seizure": AnalysisResult((Statistic("hazard_ratio", "Hazard ratio", 0.7321, **LOW),)),
    "characteristics": AnalysisResult(
        (Statistic("count", "n", 4.0, group="low", variable="SEX", level="F"),)
    ),
    "events": AnalysisResult(
        (Statistic("events", "Events", 2.0, group="high", variable="term", level="Head, ache"),)
    ),
    "refused": AnalysisResult((), converged=False, notes=("Not computed. No responders.",)),
}


def plan(**changes) -> dict:
    return deepcopy(PLAN) | changes


def results(protocol: dict | None = None) -> pd.DataFrame:
    of = protocol or plan()
    frames = [
        results_frame("made_up", entry, ANSWERS[entry["id"]], TRACE, of["treatment"])
        for entry in of["analyses"]
    ]
    return arranged(pd.concat(frames, ignore_index=True), "results").to_pandas()
