"""Curves of the share free of an event, read from the rows of the Kaplan-Meier method."""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import pandas as pd

from seizureflow.results import value_of

Entry = dict[str, Any]


@dataclass(frozen=True)
class SurvivalCurve:
    """The curve of an arm.

    Attributes:
        days: Days on which it falls, ascending.
        shares: Percent free of the event after each.
        lower: Lower limit of each in percent; not a number where there is none.
        upper: Upper limit of each.
        longest: The longest time of all, in days.
        censored: Days on which somebody was censored.
        at_risk: Participants at risk by day.
        participants: Participants.
        events: Those with the event.
        median: Median time in days; not a number where it was not reached.
    """

    days: tuple[float, ...]
    shares: tuple[float, ...]
    lower: tuple[float, ...]
    upper: tuple[float, ...]
    longest: float
    censored: tuple[float, ...]
    at_risk: Mapping[float, float]
    participants: float
    events: float
    median: float

    @property
    def lowest(self) -> float:
        """The lowest height of the curve and its band."""
        return min((height for height in (*self.shares, *self.lower) if not math.isnan(height)),
                   default=100.0)  # fmt: skip

    def corners(self) -> tuple[list[float], list[float]]:
        """Days and heights of the line, from day 0 to the longest time."""
        days, shares = [0.0, *self.days], [100.0, *self.shares]
        return [*days, max(self.longest, days[-1])], [*shares, shares[-1]]

    def band(self) -> tuple[list[float], list[float], list[float]]:
        """Days, lower and upper limits, from the first step to the longest time."""
        if not self.days:
            return [], [], []
        end = max(self.longest, self.days[-1])
        return (
            [*self.days, end],
            [*self.lower, self.lower[-1]],
            [*self.upper, self.upper[-1]],
        )

    def share_on(self, day: float) -> float:
        """Height of the curve after a day."""
        passed = [s for own, s in zip(self.days, self.shares, strict=True) if own <= day]
        return passed[-1] if passed else 100.0


def survival_curves(
    results: pd.DataFrame, analysis: str, arms: list[Entry]
) -> dict[str, SurvivalCurve]:
    """The curve of each arm that has one.

    Args:
        results: Table ``results``.
        analysis: An analysis by the method ``kaplan_meier``.
        arms: The arms.
    """
    rows = results[results["ANALYSIS"] == analysis]
    found = {}
    for arm in arms:
        own = rows[rows["GROUP"] == arm["id"]]
        longest = value_of(own, analysis, "longest", group=arm["id"])
        if not math.isnan(longest):
            found[arm["id"]] = _curve(own, analysis, arm["id"], longest)
    return found


def _curve(rows: pd.DataFrame, analysis: str, arm: str, longest: float) -> SurvivalCurve:
    steps = _by_day(rows, "event_free_step")
    lower, upper = (_by_day(rows, f"event_free_step_{end}") for end in ("lower", "upper"))
    return SurvivalCurve(
        days=tuple(steps),
        shares=tuple(steps.values()),
        lower=tuple(lower.get(day, math.nan) for day in steps),
        upper=tuple(upper.get(day, math.nan) for day in steps),
        longest=longest,
        censored=tuple(_by_day(rows, "curve_censored")),
        at_risk=_by_day(rows, "at_risk"),
        participants=value_of(rows, analysis, "participants", group=arm),
        events=value_of(rows, analysis, "events", group=arm),
        median=value_of(rows, analysis, "median", group=arm),
    )


def _by_day(rows: pd.DataFrame, statistic: str) -> dict[float, float]:
    """Values of a statistic by the day that is their level, ascending."""
    own = rows[rows["STATISTIC"] == statistic]
    pairs = zip(own["LEVEL"].astype(float), own["VALUE"].astype(float), strict=True)
    return dict(sorted(pairs))
