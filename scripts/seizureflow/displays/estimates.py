"""The overview of estimates: one line for each analysis that compares the arms, and each arm."""

from __future__ import annotations

import re
from dataclasses import dataclass
from itertools import groupby
from typing import Any

from seizureflow.displays.labels import ROLES, Labels
from seizureflow.displays.values import Cell, Results, number
from seizureflow.displays.words import lower_first, upper_first
from seizureflow.registry import METHODS

Entry = dict[str, Any]

MEASURES = {
    "relative_change": "Relative change",
    "odds_ratio": "Odds ratio",
    "hazard_ratio": "Hazard ratio",
    "risk_difference": "Risk difference",
    "difference": "Difference",
    "probability_superior": "Probability of a better outcome",
}
# Where the name of a method ends in its summary, and how it works begins.
_BEYOND_NAME = re.compile(r"[:;,(]| by | through | with | from | over | that | of every ")


@dataclass(frozen=True)
class Estimate:
    """A line of the overview of estimates; its method in few words."""

    id: str
    label: str
    role: str
    outcome: str
    method: str
    measure: str
    comparison: str
    estimate: Cell
    p: Cell
    problem: str


def estimates(results: Results, labels: Labels) -> list[Estimate]:
    """The estimates of all analyses that have one, in the order of the plan."""
    lines = []
    for entry in labels.protocol["analyses"]:
        measure = labels.measure(entry)
        if measure is not None:
            lines += [
                _estimate(results, entry, measure, arm["id"], labels) for arm in labels.arms[1:]
            ]
    return lines


def _estimate(results: Results, entry: Entry, measure: str, arm: str, labels: Labels) -> Estimate:
    found = {
        row.statistic: row
        for row in results.of(entry["id"])
        if row.group == arm and (row.visit, row.variable, row.level) == (None, None, None)
    }
    point, low, high = (found.get(f"{measure}{end}") for end in ("", "_lower", "_upper"))
    cell: Cell = (number(point),) if point else ()
    if point and low and high and number(low).exact:
        cell = (number(point), " (", number(low), " to ", number(high), ")")
    p = found.get("p_value")
    return Estimate(
        id=entry["id"],
        label=entry["label"],
        role=ROLES[entry["role"]],
        outcome=_outcome(entry, labels),
        method=upper_first(_BEYOND_NAME.split(METHODS[entry["method"]].summary)[0]),
        measure=MEASURES[measure],
        comparison=f"{labels.arm(arm)} vs {lower_first(labels.reference['label'])}",
        estimate=cell,
        p=(number(p),) if p else (),
        problem="" if cell else "not computed",
    )


def _outcome(entry: Entry, labels: Labels) -> str:
    """What an analysis is about: its endpoint, its time to an event, or the counts of seizures."""
    endpoint, window = labels.endpoint(entry.get("endpoint")), entry.get("window")
    name = endpoint["label"] if endpoint else labels.time_to_event(entry) or "Seizure counts"
    return f"{name}, {lower_first(labels.window(window))}" if window else name


def estimate_groups(lines: list[Estimate]) -> list[tuple[str, list[Estimate]]]:
    """The estimates by role and outcome, the primary first; each group with its title.

    The outcomes of a role that a single analysis has stand together.
    """
    roles = list(ROLES.values())
    outcomes = list(dict.fromkeys(line.outcome for line in lines))
    ordered = sorted(lines, key=lambda x: (roles.index(x.role), outcomes.index(x.outcome)))
    groups: list[tuple[str, list[Estimate]]] = []
    for role, of_role in groupby(ordered, key=lambda x: x.role):
        several, single = [], []
        for outcome, own in groupby(of_role, key=lambda x: x.outcome):
            own_lines = list(own)
            alone = role != ROLES["primary"] and len({line.id for line in own_lines}) == 1
            if alone:
                single += own_lines
            else:
                several.append((f"{role}: {outcome}", own_lines))
        groups += several
        if single:
            groups.append((f"{role}: {'other outcomes' if several else 'all'}", single))
    return groups
