"""Finds the comparison of each arm with the reference in the answer of any analysis."""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass

from seizureflow.analysis import AnalysisResult, Statistic

# Estimates whose differences have a meaning of their own, the first that is there being taken;
# ratios are compared by their logarithms.
_ADDITIVE = (
    "difference",
    "log_rate_ratio",
    "log_odds_ratio",
    "log_hazard_ratio",
    "risk_difference",
)
_RATIOS = ("odds_ratio", "hazard_ratio", "rate_ratio")
# Estimates as they are shown, the first that is there being taken.
_MEASURES = (
    "relative_change",
    "odds_ratio",
    "hazard_ratio",
    "rate_ratio",
    "risk_difference",
    "difference",
)


@dataclass(frozen=True)
class Comparison:
    """What an analysis says of an arm against the reference.

    Attributes:
        statistics: Its statistics by name.
    """

    statistics: Mapping[str, Statistic]

    @property
    def measure(self) -> str | None:
        """Name of the estimate that is shown; None where there is none."""
        return next((name for name in _MEASURES if name in self.statistics), None)

    @property
    def additive_name(self) -> str | None:
        """Name of the estimate whose shifts are measured; None where there is none."""
        names = (*_ADDITIVE, *_RATIOS)
        return next((name for name in names if name in self.statistics), None)

    @property
    def additive(self) -> float:
        """That estimate, a ratio as its logarithm; not a number where there is none."""
        name = self.additive_name
        if name is None:
            return math.nan
        value = self.value(name)
        if name in _RATIOS:
            return math.log(value) if value > 0 else math.nan
        return value

    def value(self, name: str) -> float:
        """A statistic; not a number where it is absent."""
        return self.statistics[name].value if name in self.statistics else math.nan


def comparisons(result: AnalysisResult) -> dict[str, Comparison]:
    """The comparisons of an answer by arm; those of one visit or one value are left out."""
    found: dict[str, dict[str, Statistic]] = {}
    for statistic in result.statistics:
        about_all = statistic.variable is None and statistic.visit is None
        if statistic.group and statistic.reference and about_all:
            found.setdefault(statistic.group, {})[statistic.name] = statistic
    return {arm: Comparison(statistics) for arm, statistics in found.items()}
