"""Quantiles of the residuals of the primary mixed model against those of a normal distribution."""

from __future__ import annotations

from collections.abc import Mapping

import pandas as pd
from matplotlib.axes import Axes
from matplotlib.figure import Figure

from seizureflow.figures.drawing import Drawing, FigurePlan
from seizureflow.figures.style import (
    FAINT,
    INK,
    QUIET,
    house_style,
    new_figure,
    sentence_figure,
    with_minus,
)
from seizureflow.results import diagnosed_analysis

_TITLE = "Residuals of the primary analysis"
_COLUMNS = [
    "normal_quantile",
    "residual_quantile",
    "normal_quantile_lower",
    "normal_quantile_upper",
]
_POINT = "#01568A"
_MARGIN = 0.3  # around what is drawn, in standard deviations


def draw(plan: FigurePlan, data: Mapping[str, pd.DataFrame]) -> Drawing:
    """Draw the residuals of the primary mixed model: results of mixed models."""
    figure = residuals(
        data["results"],
        confidence_level=plan.confidence_level,
        simulated=plan.simulated,
        dummy=plan.dummy,
    )
    return Drawing(
        figure,
        "Normalised residuals against normal quantiles",
        "Quantile-quantile plot: quantiles of the normalised residuals of the primary analysis "
        "against those of a standard normal distribution, with the line on which they would be "
        f"equal and a band of pointwise {plan.level} intervals around it. The same numbers are in "
        "the table of quantiles.",
        "Where the model holds, the points lie near the line, mostly within the band. Points "
        "below the line on the left and above it on the right: more extreme values than a normal "
        "distribution has; a curve: a skewed distribution. The band is that of as many "
        "independent values; the spread of these was estimated, so it is a guide and no test. "
        "Residuals are normalised within each participant, each with those at earlier visits, so "
        f"that they are uncorrelated with standard deviation 1.{plan.marks}",
    )


@house_style()
def residuals(
    results: pd.DataFrame, *, confidence_level: float, simulated: bool, dummy: bool
) -> Figure:
    """Draw the quantiles of the normalised residuals; say so where the results hold none.

    Args:
        results: Table ``results``.
        confidence_level: Level of the pointwise intervals.
        simulated: Whether the participants are simulated.
        dummy: Whether the arms are dummy ones.
    """
    analysis = diagnosed_analysis(results)
    if analysis is None:
        return sentence_figure(_TITLE, _why_none(results), simulated=simulated, dummy=dummy)
    quantiles = _quantiles(results[results["ANALYSIS"] == analysis])
    figure = new_figure(_TITLE, 5.2, simulated=simulated, dummy=dummy)
    axis = figure.subplots()
    _draw(axis, quantiles, f"{100 * confidence_level:g}%")
    _dress(axis, quantiles)
    return figure


def _why_none(results: pd.DataFrame) -> str:
    primary = results[results["ROLE"] == "primary"]
    if (primary["METHOD"] == "mmrm").any():
        return "The primary analysis was not computed, so there are no residuals to show."
    return (
        "The primary analysis of this study is not a mixed model for repeated measures, whose "
        "residuals this figure shows."
    )


def _quantiles(rows: pd.DataFrame) -> pd.DataFrame:
    """One row per probability, in order, with the quantiles of residuals and normal."""
    chosen = rows[rows["STATISTIC"].isin(_COLUMNS)]
    wide = chosen.pivot(index="LEVEL", columns="STATISTIC", values="VALUE")
    return wide.sort_values("normal_quantile")


def _draw(axis: Axes, quantiles: pd.DataFrame, level: str) -> None:
    normal = quantiles["normal_quantile"]
    axis.fill_between(
        normal,
        quantiles["normal_quantile_lower"],
        quantiles["normal_quantile_upper"],
        color=FAINT,
        alpha=0.5,
        linewidth=0,
        label=f"pointwise {level} interval\nof a normal distribution",
        zorder=1,
    )
    axis.axline((0, 0), slope=1, color=INK, linewidth=0.9, label="equal quantiles", zorder=2)
    axis.plot(
        normal,
        quantiles["residual_quantile"],
        "o",
        color=_POINT,
        markersize=5,
        label="normalised residuals",
        zorder=3,
    )
    axis.legend(loc="upper left", bbox_to_anchor=(1.02, 1), reverse=True)


def _dress(axis: Axes, quantiles: pd.DataFrame) -> None:
    low = float(quantiles.min().min()) - _MARGIN
    high = float(quantiles.max().max()) + _MARGIN
    axis.set_xlim(low, high)
    axis.set_ylim(low, high)
    axis.set_aspect("equal", anchor="W")
    ticks = list(range(int(low), int(high) + 1))
    labels = [with_minus(str(tick)) for tick in ticks]
    axis.set_xticks(ticks, labels)
    axis.set_yticks(ticks, labels)
    axis.set_xlabel("Quantile of a standard normal distribution")
    axis.set_ylabel("Quantile of the normalised residuals")
    axis.set_title(
        f"{len(quantiles)} quantiles, from {_percent(quantiles.index[0])} "
        f"to {_percent(quantiles.index[-1])}",
        loc="left",
        color=QUIET,
    )


def _percent(probability: str) -> str:
    return f"{100 * float(probability):.3g}%"
