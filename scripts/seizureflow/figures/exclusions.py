"""Why randomised participants are not in an analysis."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import pandas as pd

from seizureflow.analysis_sets import FACTS, set_flag

Entry = dict[str, Any]

# What it means that a fact that an analysis set requires does not hold.
_WITHOUT = {
    "dosed": "Not dosed",
    "eligible": "Not eligible",
    "baseline_diary": "No diary in the baseline",
    "post_baseline_diary": "No diary after the baseline",
    "completed": "Did not complete",
    "no_deviation": "Protocol deviation",
}
_NO_VALUE = "No value that the analysis could use"


@dataclass(frozen=True)
class Exclusion:
    """A reason, and how many participants it keeps out."""

    reason: str
    participants: int


def exclusions(
    people: pd.DataFrame, population: str, sets: list[Entry], analysed: int
) -> tuple[Exclusion, ...]:
    """Count the randomised participants who are not in an analysis, each under one reason.

    The reason is the first requirement of the analysis set, in the order of the plan, that the
    participant does not meet; of those in the set, that the analysis had no value of them.

    Args:
        people: Rows of ``adsl`` of one arm.
        population: Id of the analysis set.
        sets: Entry ``analysis_sets`` of the protocol.
        analysed: How many were analysed.
    """
    remaining = people[people["RANDFL"] == "Y"]
    required = next(entry["requires"] for entry in sets if entry["id"] == population)
    found = []
    for fact in required:
        without = remaining[FACTS[fact]] != "Y"
        if fact in _WITHOUT and without.any():
            found.append(Exclusion(_WITHOUT[fact], int(without.sum())))
            remaining = remaining[~without]
    in_set = remaining[remaining[set_flag(population)] == "Y"]
    if len(in_set) > analysed:
        found.append(Exclusion(_NO_VALUE, len(in_set) - analysed))
    return tuple(found)
