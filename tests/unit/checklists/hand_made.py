"""A small study by hand: a plan, and the results that its analyses might have given."""

import json
from copy import deepcopy
from pathlib import Path

import pandas as pd
from seizureflow.checklists.definition import Definition, read_definition
from seizureflow.checklists.fill import Checklist, FilledPart, fill
from seizureflow.checklists.study_run import StudyRun

ROOT = Path(__file__).parents[3]
NAMES = ("consort_2025", "ich_e9_r1")
COLUMNS = [
    "ANALYSIS",
    "GROUP",
    "REFERENCE",
    "VARIABLE",
    "LEVEL",
    "VISIT",
    "STATISTIC",
    "LABEL",
    "VALUE",
    "TEXT",
    "UNIT",
    "NOTE",
    "CONVERGED",
]
PLAN = {
    "study": "small",
    "title": "A small trial",
    "question": "Does the tablet lower the frequency of seizures?",
    "simulated": False,
    "treatment": "unblinded",
    "description": "A randomised trial made up by hand. Nobody took part.",
    "design": {
        "arms": [
            {"id": "sham", "label": "Sham", "reference": True, "ratio": 1},
            {"id": "tablet", "label": "Tablet", "reference": False, "ratio": 1},
        ],
        "population_label": "made-up people",
        "windows": [{"id": "weeks_0_4", "label": "Weeks 0-4", "days": [1, 29]}],
        "visits": [],
        "strata": ["SEX"],
    },
    "domains": {"diary": {}, "doses": {}, "disposition": {}, "adverse_events": {}},
    "eligibility": [{"id": "age", "label": "Age 18 or more"}],
    "analysis_sets": [{"id": "full", "label": "Full set", "requires": ["randomised", "dosed"]}],
    "intercurrent_events": [{"id": "stopped", "label": "Stopping", "occurs": "discontinuation"}],
    "estimands": [
        {
            "id": "policy",
            "label": "Effect of assignment",
            "population": "full",
            "endpoint": "LOGCHG",
            "window": "weeks_0_4",
            "summary": "Ratio of geometric means",
            "intercurrent_events": [
                {"event": "stopped", "strategy": "treatment_policy", "handling": "Used."}
            ],
        }
    ],
    "endpoints": [
        {"id": "LOGCHG", "label": "Log change", "kind": "log_change"},
        {"id": "RESP50", "label": "Responder", "kind": "responder"},
    ],
    "time_to_event": [],
    "analyses": [
        {"id": "flow", "method": "participant_flow", "role": "descriptive", "population": "full"},
        {
            "id": "main",
            "method": "ancova",
            "role": "primary",
            "estimand": "policy",
            "population": "full",
            "endpoint": "LOGCHG",
            "window": "weeks_0_4",
        },
        {
            "id": "robust",
            "method": "robust_regression",
            "role": "sensitivity",
            "estimand": "policy",
            "population": "full",
            "endpoint": "LOGCHG",
            "window": "weeks_0_4",
        },
        {
            "id": "response",
            "method": "logistic",
            "role": "secondary",
            "population": "full",
            "endpoint": "RESP50",
            "window": "weeks_0_4",
        },
        {
            "id": "events",
            "method": "adverse_event_summary",
            "role": "safety",
            "population": "full",
        },
    ],
}
for _analysis in PLAN["analyses"]:
    _analysis["label"] = f"The analysis {_analysis['id']}"


def plan(**changes) -> dict:
    """The plan with top-level entries replaced; None takes one away."""
    changed = deepcopy(PLAN) | changes
    return {key: value for key, value in changed.items() if value is not None}


def without_analyses(*ids: str) -> dict:
    """The plan without some analyses."""
    return plan(analyses=[a for a in deepcopy(PLAN)["analyses"] if a["id"] not in ids])


def rows_of(analysis: str, statistic: str, sham, tablet, **about) -> list[dict]:
    """A number of both arms; the comparison with the reference alone where sham is None."""
    return [
        {"ANALYSIS": analysis, "STATISTIC": statistic, "LABEL": statistic, "VALUE": float(value)}
        | {"GROUP": arm}
        | about
        for arm, value in (("sham", sham), ("tablet", tablet))
        if value is not None
    ]


def effect(analysis: str, measure: str, value: float, lower: float, upper: float) -> list[dict]:
    """An estimate of the tablet over the sham with its limits."""
    named = (("", value), ("_lower", lower), ("_upper", upper))
    return [
        row
        for suffix, number in named
        for row in rows_of(analysis, measure + suffix, None, number, REFERENCE="sham")
    ]


ROWS = [
    *rows_of("flow", "randomised", 10, 11),
    *rows_of("flow", "dosed", 10, 10),
    *rows_of("flow", "not_dosed", 0, 1),
    *rows_of("flow", "discontinued", 1, 0),
    *rows_of("flow", "discontinued_for", 1, None, LEVEL="withdrew"),
    *rows_of("main", "participants", 10, 10),
    *rows_of("main", "lsmean", -0.1, -0.3),
    *(row | {"UNIT": "%"} for row in effect("main", "relative_change", -18.1, -40.0, 12.0)),
    *rows_of("robust", "participants", 10, 10),
    *rows_of("response", "participants", 10, 10),
    *rows_of("response", "responders_percent", 10, 30),
    *effect("response", "odds_ratio", 3.0, 0.4, 20.0),
    *rows_of("events", "participants_with_event", 3, 4, VARIABLE="any"),
]


def results(rows: list[dict] | None = None, without: tuple[tuple[str, str], ...] = ()):
    """The results table; ``without`` names analyses with a statistic whose rows are taken out."""
    kept = [
        row
        for row in (ROWS if rows is None else rows)
        if (row["ANALYSIS"], row["STATISTIC"]) not in without
    ]
    frame = pd.DataFrame(kept, columns=COLUMNS)
    words = ["GROUP", "REFERENCE", "VARIABLE", "LEVEL", "VISIT", "TEXT", "UNIT", "NOTE"]
    return frame.astype(dict.fromkeys(words, "str"))


def definition(name: str) -> Definition:
    """A shipped definition."""
    path = ROOT / "report" / "checklists" / f"{name}.json"
    return read_definition(path.read_text(encoding="utf-8"))


def definition_text(name: str) -> dict:
    """A shipped definition as it stands in its file."""
    path = ROOT / "report" / "checklists" / f"{name}.json"
    return json.loads(path.read_text(encoding="utf-8"))


def filled(protocol=None, table=None) -> list[Checklist]:
    """Both checklists of the small study."""
    run = StudyRun(protocol or plan(), {"SEX": "Sex"}, results() if table is None else table)
    return [fill(definition(name), run) for name in NAMES]


def part(number: str, index: int, protocol=None, table=None) -> FilledPart:
    """One part of a CONSORT item."""
    items = {item.number: item for item in filled(protocol, table)[0].items}
    return items[number].parts[index]


def of_estimand(topic: str, index: int = 0, protocol=None, table=None) -> FilledPart:
    """One part of an item of E9(R1), by its topic."""
    items = {item.topic: item for item in filled(protocol, table)[1].items}
    return items[topic].parts[index]


def said(found: FilledPart) -> str:
    """What an answer says, as text."""
    return "".join(piece if isinstance(piece, str) else piece.text for piece in found.said)
