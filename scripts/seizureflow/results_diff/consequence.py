"""Says of what consequence a change is: of a verdict, a test, an estimate, or none of these."""

from __future__ import annotations

import math
import re
from collections.abc import Mapping
from typing import Any

from seizureflow.displays.values import is_p_value
from seizureflow.registry import METHODS
from seizureflow.results_diff.reading import Criterion

Row = dict[str, Any]

SIGNIFICANCE_LEVEL = 0.05
# All kinds of change, those that matter most first, each with its heading.
KINDS = {
    "criterion": "The success criterion",
    "significance": f"P-values that crossed {SIGNIFICANCE_LEVEL}",
    "estimate": "Estimates and their limits that moved",
    "p_value": "Other p-values that moved",
    "number": "Other numbers that moved",
    "description": "What analyses are of",
    "convergence": "Convergence",
    "text": "Results in words",
    "label": "Labels and units",
    "note": "Notes",
}
# The kinds that --only-estimates keeps.
OF_ESTIMATES = ("criterion", "significance", "estimate", "p_value", "convergence")


def is_estimate(method: str, statistic: str) -> bool:
    """Whether a statistic is the estimate of its method, or a limit of its interval."""
    needs = METHODS.get(method)
    if needs is None or needs.estimate is None:
        return False
    named = needs.estimate
    estimates = named.values() if isinstance(named, Mapping) else (named,)
    return re.sub(r"_(lower|upper)$", "", statistic) in set(estimates)


def kind_of(row: Row) -> str:
    """The kind of a number that moved, its size left aside."""
    statistic = row["STATISTIC"]
    if is_estimate(row["METHOD"], statistic):
        return "estimate"
    return "p_value" if is_p_value(statistic) else "number"


def crosses(row: Row, before: float, after: float) -> bool:
    """Whether a p-value is on the other side of the level than before."""
    if not is_p_value(row["STATISTIC"]) or math.isnan(before) or math.isnan(after):
        return False
    return (before < SIGNIFICANCE_LEVEL) != (after < SIGNIFICANCE_LEVEL)


def verdict(row: Row, value: float, criterion: Criterion | None) -> bool | None:
    """Whether a number meets the success criterion; None where it is not the one judged."""
    if criterion is None or row["ANALYSIS"] != criterion.analysis or math.isnan(value):
        return None
    overall = row["GROUP"] and not (row["VARIABLE"] or row["LEVEL"] or row["VISIT"])
    if row["STATISTIC"] != "relative_change" or not overall:
        return None
    return bool(value <= -criterion.reduction)
