"""What a forest plot shows: its panels, their rows, scales and numbers."""

from __future__ import annotations

import itertools
import math
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

import pandas as pd

from seizureflow.figures.style import percent_label, with_minus
from seizureflow.registry import METHODS
from seizureflow.results import value_of
from seizureflow.rounding import rounded

Entry = dict[str, Any]

_WIDEST = (1 / 60, 60.0)  # ratios; an interval that reaches further ends in an arrow
_NARROWEST = (0.6, 1.6)
_TICKS_APART = 0.09  # of the width of the panel


@dataclass(frozen=True)
class Panel:
    """How one kind of estimate is shown.

    Attributes:
        title: What it is.
        ratio: Turns it into the ratio that the log axis shows.
        ticks: Sets of ticks in its own unit, the finest first; the first that has room is taken.
        tick_label: Writes a tick.
        decimals: In the numbers at the right.
        unit: After the estimate.
        less: What lies to the left of no effect.
        more: What lies to the right of it.
    """

    title: str
    ratio: Callable[[float], float]
    ticks: tuple[tuple[float, ...], ...]
    tick_label: Callable[[float], str]
    decimals: int
    unit: str
    less: str
    more: str


PANELS = {
    "relative_change": Panel(
        "Relative change in seizure frequency",
        lambda percent: 1 + percent / 100,
        (
            (-60, -50, -40, -30, -20, -10, 0, 20, 40, 60, 80, 100),
            (-90, -75, -50, -25, 0, 50, 100, 200, 300),
            (-95, -90, -75, -50, 0, 100, 300, 900),
            (-98, -90, 0, 900, 4900),
        ),
        percent_label,
        1,
        "%",
        "fewer seizures",
        "more seizures",
    ),
    "odds_ratio": Panel(
        "Odds ratio of response",
        lambda ratio: ratio,
        (
            (0.2, 0.3, 0.5, 0.7, 1, 1.5, 2, 3, 5),
            (0.02, 0.05, 0.1, 0.2, 0.5, 1, 2, 5, 10, 20, 50),
        ),
        lambda ratio: f"{ratio:g}",
        2,
        "",
        "fewer responders",
        "more responders",
    ),
}


@dataclass(frozen=True)
class Estimate:
    """One row of the forest.

    Attributes:
        label: Name of the analysis, and of the arm where there are several.
        arm: The arm compared with the reference.
        primary: Whether the analysis is the primary one.
        values: Estimate, lower and upper limit, in their own unit.
    """

    label: str
    arm: str
    primary: bool
    values: tuple[float, float, float]

    @property
    def computed(self) -> bool:
        """Whether there is an estimate."""
        return not math.isnan(self.values[0])


def estimates(
    results: pd.DataFrame, statistic: str, arms: list[Entry], labels: dict[str, str]
) -> list[Estimate]:
    """The rows of a panel: each analysis whose method gives the statistic, for each arm compared.

    Args:
        results: Table ``results``.
        statistic: Name of the statistic.
        arms: The arms, the reference first.
        labels: Label of every analysis.
    """
    analyses = results[results["METHOD"].isin(list(METHODS))].drop_duplicates("ANALYSIS")
    pairs = results[["ANALYSIS", "STATISTIC"]].drop_duplicates()
    given = {str(name): set(own) for name, own in pairs.groupby("ANALYSIS")["STATISTIC"]}
    columns = ["ANALYSIS", "ROLE", "CONVERGED", "METHOD"]
    rows = []
    for analysis, role, converged, method in analyses[columns].to_numpy():
        if _measure(method, given[analysis]) != statistic:
            continue
        for arm in arms[1:]:
            label = labels.get(analysis, analysis)
            if role == "primary":
                label += " (primary)"
            estimate, lower, upper = (
                value_of(results, analysis, statistic + part, group=arm["id"])
                for part in ("", "_lower", "_upper")
            )
            if converged is False and not math.isnan(estimate):
                label += ", did not converge"
            if len(arms) > 2:
                label += f"\n{arm['label']}"
            row = Estimate(label, arm["id"], role == "primary", (estimate, lower, upper))
            rows.append(row)
    return rows


def _measure(method: str, given: set[str]) -> str | None:
    """What a method estimates; where that depends on the endpoint, what it gave.

    One that gave nothing is shown as not computed, in the panel of its first measure.
    """
    estimate = METHODS[method].estimate
    if not isinstance(estimate, Mapping):
        return estimate
    possible = list(estimate.values())
    return next((name for name in possible if name in given), possible[0])


def axis_range(panel: Panel, rows: list[Estimate], limit: float | None) -> tuple[float, float]:
    """Limits of the axis: everything that is not too far out, with room around it."""
    ratios = [panel.ratio(value) for row in rows for value in row.values]
    if limit is not None:
        ratios.append(panel.ratio(limit))
    inside = [min(max(ratio, _WIDEST[0]), _WIDEST[1]) for ratio in ratios if not math.isnan(ratio)]
    lower, upper = min([*inside, _NARROWEST[0]]), max([*inside, _NARROWEST[1]])
    room = (upper / lower) ** 0.06
    return lower / room, upper * room


def axis_ticks(panel: Panel, left: float, right: float) -> list[float]:
    """The ticks on an axis: as many as stand clear of each other."""
    shown: list[float] = []
    for ticks in panel.ticks:
        shown = [tick for tick in ticks if left <= panel.ratio(tick) <= right]
        at = [math.log(panel.ratio(tick)) / math.log(right / left) for tick in shown]
        if all(after - before > _TICKS_APART for before, after in itertools.pairwise(at)):
            break
    return shown


def numbers_text(panel: Panel, row: Estimate) -> str:
    """The estimate and its limits as they are written beside the row."""
    if not row.computed:
        return "not computed"
    estimate, lower, upper = (with_minus(rounded(value, panel.decimals)) for value in row.values)
    return f"{estimate}{panel.unit} ({lower} to {upper})"
