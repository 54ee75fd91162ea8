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
from seizureflow.results import select, value_of
from seizureflow.rounding import rounded

Entry = dict[str, Any]

_WIDEST = (1 / 60, 60.0)  # ratios; an interval that reaches further ends in an arrow
_NARROWEST = (0.6, 1.6)
_TICKS_APART = 0.09  # of the width of the panel
_WIDEST_POINTS = (-100.0, 100.0)
_NARROWEST_POINTS = (-20.0, 20.0)
# The roles that a forest shows, in order; subgroups have a figure of their own.
GROUPS = {
    "primary": "Primary",
    "secondary": "Secondary",
    "safety": "Safety",
    "sensitivity": "Sensitivity",
    "descriptive": "Descriptive",
}
OTHER_OUTCOMES = "Other endpoints, seizure types and windows"


@dataclass(frozen=True)
class Panel:
    """How one kind of estimate is shown.

    Attributes:
        title: What it is.
        ratio: Turns it into what the axis shows: a ratio on a log axis, points on a linear one.
        ticks: Sets of ticks in its own unit, the finest first; the first that has room is taken.
        tick_label: Writes a tick.
        decimals: In the numbers at the right.
        unit: After the estimate.
        less: What lies to the left of no effect.
        more: What lies to the right of it.
        linear: Whether the axis is linear, with no effect at 0 rather than at 1.
    """

    title: str
    ratio: Callable[[float], float]
    ticks: tuple[tuple[float, ...], ...]
    tick_label: Callable[[float], str]
    decimals: int
    unit: str
    less: str
    more: str
    linear: bool = False

    @property
    def no_effect(self) -> float:
        """Where there is no effect on the axis."""
        return 0.0 if self.linear else 1.0


_RATIO_TICKS = (
    (0.2, 0.3, 0.5, 0.7, 1, 1.5, 2, 3, 5),
    (0.02, 0.05, 0.1, 0.2, 0.5, 1, 2, 5, 10, 20, 50),
)
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
        _RATIO_TICKS,
        lambda ratio: f"{ratio:g}",
        2,
        "",
        "fewer responders",
        "more responders",
    ),
    "risk_difference": Panel(
        "Difference of the shares of responders, percentage points",
        lambda points: points,
        (
            tuple(range(-100, 101, 10)),
            tuple(range(-100, 101, 20)),
            (-100, -50, 0, 50, 100),
        ),
        lambda points: with_minus(f"{points:+g}") if points else "0",
        1,
        "",
        "fewer responders",
        "more responders",
        linear=True,
    ),
    "hazard_ratio": Panel(
        "Hazard ratio",
        lambda ratio: ratio,
        _RATIO_TICKS,
        lambda ratio: f"{ratio:g}",
        2,
        "",
        "later or fewer events",
        "sooner or more events",
    ),
}


@dataclass(frozen=True)
class Estimate:
    """One row of the forest.

    Attributes:
        label: Name of the analysis, and of the arm where there are several.
        arm: The arm compared with the reference.
        primary: Whether the analysis is the primary one.
        values: Estimate, lower and upper limit, in the unit of its panel.
        group: What it stands under: its role, or that its outcome is another one than the primary
            analysis's.
    """

    label: str
    arm: str
    primary: bool
    values: tuple[float, float, float]
    group: str = ""

    @property
    def computed(self) -> bool:
        """Whether there is an estimate."""
        return not math.isnan(self.values[0])


def estimates(
    results: pd.DataFrame, statistic: str, arms: list[Entry], labels: dict[str, str]
) -> list[Estimate]:
    """The rows of a panel: each analysis whose method gives the statistic, for each arm compared.

    They are sorted by role, the primary first; those of another outcome than the primary
    analysis's come last, where its panel is this one.

    Args:
        results: Table ``results``.
        statistic: Name of the statistic.
        arms: The arms, the reference first.
        labels: Label of every analysis.
    """
    analyses = results[
        results["METHOD"].isin(list(METHODS)) & results["ROLE"].isin(list(GROUPS))
    ].drop_duplicates("ANALYSIS")
    pairs = results[["ANALYSIS", "STATISTIC"]].drop_duplicates()
    given = {str(name): set(own) for name, own in pairs.groupby("ANALYSIS")["STATISTIC"]}
    chosen = [
        record
        for record in analyses.to_dict("records")
        if _measure(record["METHOD"], given[record["ANALYSIS"]]) == statistic
    ]
    primary = next((record for record in chosen if record["ROLE"] == "primary"), None)
    rows = [
        _estimate(results, record, statistic, arm, labels, _group(record, primary), len(arms))
        for record in chosen
        for arm in arms[1:]
    ]
    order = [*GROUPS.values(), OTHER_OUTCOMES]
    return sorted(rows, key=lambda row: order.index(row.group))


def _group(record: dict[Any, Any], primary: dict[Any, Any] | None) -> str:
    """What an analysis stands under: its role, or that it is of another outcome.

    A sensitivity analysis is one of the primary result, though it may define the outcome anew.
    """
    if primary is not None and record["ROLE"] not in ("primary", "sensitivity"):
        for column in ("ENDPOINT", "WINDOW"):
            own, main = record.get(column), primary.get(column)
            if not (pd.isna(own) or pd.isna(main) or own == main):
                return OTHER_OUTCOMES
    return GROUPS[record["ROLE"]]


def _estimate(
    results: pd.DataFrame,
    record: dict[Any, Any],
    statistic: str,
    arm: Entry,
    labels: dict[str, str],
    group: str,
    arms: int,
) -> Estimate:
    analysis, primary = record["ANALYSIS"], record["ROLE"] == "primary"
    label = labels.get(analysis, analysis)
    if primary:
        label += " (primary)"
    estimate, lower, upper = (
        _points(results, analysis, statistic + part, arm["id"])
        if PANELS[statistic].linear
        else value_of(results, analysis, statistic + part, group=arm["id"])
        for part in ("", "_lower", "_upper")
    )
    if record["CONVERGED"] is False and not math.isnan(estimate):
        label += ", did not converge"
    if arms > 2:
        label += f"\n{arm['label']}"
    return Estimate(label, arm["id"], primary, (estimate, lower, upper), group)


def _points(results: pd.DataFrame, analysis: str, statistic: str, arm: str) -> float:
    """A difference of shares in percentage points, whether it is given in them or in 1."""
    rows = select(results, analysis, statistic, group=arm)
    if rows.empty:
        return math.nan
    row = rows.iloc[0]
    return float(row["VALUE"]) * (1 if row.get("UNIT") == "%" else 100)


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
    if panel.linear:
        return _range_of_points([value for row in rows for value in row.values])
    ratios = [panel.ratio(value) for row in rows for value in row.values]
    if limit is not None:
        ratios.append(panel.ratio(limit))
    inside = [min(max(ratio, _WIDEST[0]), _WIDEST[1]) for ratio in ratios if not math.isnan(ratio)]
    lower, upper = min([*inside, _NARROWEST[0]]), max([*inside, _NARROWEST[1]])
    room = (upper / lower) ** 0.06
    return lower / room, upper * room


def _range_of_points(values: list[float]) -> tuple[float, float]:
    inside = [
        min(max(v, _WIDEST_POINTS[0]), _WIDEST_POINTS[1]) for v in values if not math.isnan(v)
    ]
    lower, upper = min([*inside, _NARROWEST_POINTS[0]]), max([*inside, _NARROWEST_POINTS[1]])
    room = 0.06 * (upper - lower)
    return lower - room, upper + room


def axis_ticks(panel: Panel, left: float, right: float, apart: float = _TICKS_APART) -> list[float]:
    """The ticks on an axis: as many as stand clear of each other, in shares of its width."""
    shown: list[float] = []
    for ticks in panel.ticks:
        shown = [tick for tick in ticks if left <= panel.ratio(tick) <= right]
        if panel.linear:
            at = [tick / (right - left) for tick in shown]
        else:
            at = [math.log(panel.ratio(tick)) / math.log(right / left) for tick in shown]
        if all(after - before > apart for before, after in itertools.pairwise(at)):
            break
    return shown


def numbers_text(panel: Panel, row: Estimate) -> str:
    """The estimate and its limits as they are written beside the row."""
    if not row.computed:
        return "not computed"
    estimate, lower, upper = (with_minus(rounded(value, panel.decimals)) for value in row.values)
    return f"{estimate}{panel.unit} ({lower} to {upper})"
