"""Covariance between visits of the primary mixed model: correlations and standard deviations."""

from __future__ import annotations

import math
from collections.abc import Mapping
from typing import Any

import pandas as pd
from matplotlib.axes import Axes
from matplotlib.colors import LinearSegmentedColormap
from matplotlib.figure import Figure
from matplotlib.patches import Rectangle

from seizureflow.covariance_names import COVARIANCE_WORDS
from seizureflow.displays.words import listed, lower_first
from seizureflow.figures.drawing import Drawing, FigurePlan
from seizureflow.figures.style import (
    FAINT,
    INK,
    QUIET,
    house_style,
    new_figure,
    sentence_figure,
    with_minus,
    wrapped,
)
from seizureflow.results import diagnosed_analysis
from seizureflow.rounding import rounded

Entry = dict[str, Any]

_TITLE = "Covariance between visits of the primary analysis"
_LABEL_WIDTH = 14  # characters
_UPRIGHT_VISITS = 5  # labels of more stand upright under the matrix
_ROOMY_VISITS = 8  # more have smaller numbers in a larger matrix
_ANNOTATED_VISITS = 14  # correlations of more have no room for their numbers
_POINT = "#01568A"
_NEGATIVE, _POSITIVE = "#E69A5B", "#3F86BD"
_SHADES = LinearSegmentedColormap.from_list("correlation", [_NEGATIVE, "white", _POSITIVE])


def draw(plan: FigurePlan, data: Mapping[str, pd.DataFrame]) -> Drawing:
    """Draw the covariance of the primary mixed model: results of mixed models."""
    results = data["results"]
    figure = covariance(results, plan.labels, simulated=plan.simulated, dummy=plan.dummy)
    return Drawing(
        figure,
        "Covariance between visits",
        f"Matrix of the correlations between visits, and standard deviations at each visit. "
        f"{_in_words(results, plan.labels)} The same numbers are in the tables of the primary "
        "analysis.",
        "Estimates of the mixed model, of what participants differ by after its covariates. "
        "Correlations that fall off with the time between visits, or spreads that differ between "
        "visits, are what a covariance must be able to follow. The normalised residuals have a "
        "standard deviation of 1 at every visit where it does; skewness is 0 for a symmetric "
        f"distribution.{plan.marks}",
    )


@house_style()
def covariance(
    results: pd.DataFrame, labels: Mapping[str, str], *, simulated: bool, dummy: bool
) -> Figure:
    """Draw the correlations and standard deviations; say so where the results hold none.

    Args:
        results: Table ``results``.
        labels: Labels of the visits.
        simulated: Whether the participants are simulated.
        dummy: Whether the arms are dummy ones.
    """
    analysis = diagnosed_analysis(results)
    if analysis is None:
        why = "The primary analysis is not a mixed model for repeated measures, or has no result."
        return sentence_figure(_TITLE, why, simulated=simulated, dummy=dummy)
    rows = results[results["ANALYSIS"] == analysis]
    visits = _visits(rows)
    names = [labels.get(visit, visit) for visit in visits]
    many = len(visits) > _ROOMY_VISITS
    height = min(8.0, 2.0 + 0.36 * len(visits)) if many else 4.6
    figure = new_figure(_TITLE, height, simulated=simulated, dummy=dummy)
    grid = figure.add_gridspec(2, 2, width_ratios=[1.7 if many else 1.15, 1])
    matrix = figure.add_subplot(grid[:, 0])
    _draw_correlations(matrix, rows, visits, names)
    spread = figure.add_subplot(grid[0, 1])
    _draw_by_visit(spread, rows, "visit_sd", visits, names, "Standard deviation by visit")
    residual = figure.add_subplot(grid[1, 1])
    title = "Standard deviation of normalised residuals"
    _draw_by_visit(residual, rows, "residual_sd", visits, names, title, expected=1.0)
    figure.supxlabel(_note(rows), x=0.008, ha="left", fontsize=8.5, color=QUIET)
    return figure


def _visits(rows: pd.DataFrame) -> list[str]:
    return [str(visit) for visit in rows.loc[rows["STATISTIC"] == "visit_sd", "VISIT"]]


def _by_visit(rows: pd.DataFrame, statistic: str) -> dict[str, float]:
    own = rows[(rows["STATISTIC"] == statistic) & rows["VISIT"].notna()]
    return dict(zip(own["VISIT"].astype(str), own["VALUE"].astype(float), strict=True))


def _overall(rows: pd.DataFrame, statistic: str) -> float:
    own = rows[(rows["STATISTIC"] == statistic) & rows["VISIT"].isna()]
    return float(own["VALUE"].iloc[0]) if len(own) else math.nan


def _correlations(rows: pd.DataFrame) -> dict[tuple[str, str], float]:
    """Correlations of two different visits, each pair once, the later visit first."""
    own = rows[(rows["STATISTIC"] == "visit_correlation") & (rows["VARIABLE"] != rows["LEVEL"])]
    pairs = zip(own["VARIABLE"].astype(str), own["LEVEL"].astype(str), strict=True)
    return dict(zip(pairs, own["VALUE"].astype(float), strict=True))


def _draw_correlations(axis: Axes, rows: pd.DataFrame, visits: list[str], names: list[str]) -> None:
    """The lower triangle, one cell per pair of visits."""
    places = {visit: place for place, visit in enumerate(visits)}
    size = 9.0 if len(visits) <= _ROOMY_VISITS else 6.5
    for (later, earlier), value in _correlations(rows).items():
        row, column = sorted((places[later], places[earlier]), reverse=True)
        axis.add_patch(
            Rectangle((column - 0.5, row - 0.5), 1, 1, facecolor=_SHADES((value + 1) / 2),
                      edgecolor="white", linewidth=1)
        )  # fmt: skip
        if len(visits) <= _ANNOTATED_VISITS:
            text = with_minus(rounded(value, 2))
            axis.text(column, row, text, ha="center", va="center", fontsize=size)
    for place in range(len(visits)):
        axis.add_patch(
            Rectangle((place - 0.5, place - 0.5), 1, 1, facecolor="white", edgecolor=FAINT,
                      hatch="////", linewidth=0.6)
        )  # fmt: skip
    axis.set_xlim(-0.5, len(visits) - 0.5)
    axis.set_ylim(len(visits) - 0.5, -0.5)
    axis.set_aspect("equal", anchor="NW")
    axis.set_yticks(range(len(visits)), [wrapped(name, _LABEL_WIDTH) for name in names])
    _name_visits(axis, names)
    axis.tick_params(length=0)
    axis.spines[:].set_visible(False)
    axis.set_title("Correlations", loc="left", weight="bold")


def _name_visits(axis: Axes, names: list[str]) -> None:
    turned = len(names) > _UPRIGHT_VISITS
    axis.set_xticks(
        range(len(names)),
        [wrapped(name, _LABEL_WIDTH if not turned else 20) for name in names],
        rotation=90 if turned else 0,
    )


def _draw_by_visit(
    axis: Axes,
    rows: pd.DataFrame,
    statistic: str,
    visits: list[str],
    names: list[str],
    title: str,
    *,
    expected: float | None = None,
) -> None:
    values = _by_visit(rows, statistic)
    heights = [values.get(visit, math.nan) for visit in visits]
    if expected is not None:
        axis.axhline(expected, color=INK, linewidth=0.9, linestyle=(0, (4, 2)), zorder=1)
    axis.vlines(range(len(visits)), 0, heights, colors=FAINT, linewidth=2, zorder=1)
    axis.plot(heights, "o", color=_POINT, markersize=7, zorder=3, clip_on=False)
    for place, height in enumerate(heights):
        if not math.isnan(height):
            axis.annotate(
                rounded(height, 2),
                (place, height),
                xytext=(0, 7),
                textcoords="offset points",
                ha="center",
                fontsize=8.5 if len(visits) <= _ROOMY_VISITS else 5.5,
            )
    known = [height for height in heights if not math.isnan(height)]
    axis.set_xlim(-0.5, len(visits) - 0.5)
    axis.set_ylim(0, 1.3 * max([*known, expected or 0]) or 1)
    _name_visits(axis, names)
    axis.set_title(wrapped(title, 30), loc="left", weight="bold")


def _note(rows: pd.DataFrame) -> str:
    """The structure, and the shape of the residuals over all visits."""
    used = rows.loc[rows["STATISTIC"] == "covariance_structure", "TEXT"]
    words = []
    if len(used):
        name = str(used.iloc[0])
        words.append(f"Structure: {COVARIANCE_WORDS.get(name, name)}.")
    numbers = {name: _overall(rows, f"residual_{name}") for name in ("sd", "skewness", "largest")}
    if not any(math.isnan(number) for number in numbers.values()):
        sd, skewness, largest = (with_minus(rounded(n, 2)) for n in numbers.values())
        words.append(
            f"Normalised residuals of all visits: standard deviation {sd}, skewness {skewness}, "
            f"largest absolute value {largest}."
        )
    return "\n".join(words)


def _in_words(results: pd.DataFrame, labels: Mapping[str, str]) -> str:
    """The range of the correlations, and the standard deviations."""
    analysis = diagnosed_analysis(results)
    if analysis is None:
        return "There is no mixed model to show."
    rows = results[results["ANALYSIS"] == analysis]
    correlations = list(_correlations(rows).values())
    spreads = [
        f"{rounded(value, 2)} at {lower_first(labels.get(visit, visit))}"
        for visit, value in _by_visit(rows, "visit_sd").items()
    ]
    words = f"Standard deviations: {listed(spreads)}."
    if not correlations:
        return words
    low, high = (rounded(edge(correlations), 2) for edge in (min, max))
    return f"Correlations from {with_minus(low)} to {with_minus(high)}. {words}"
