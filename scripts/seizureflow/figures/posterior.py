"""Posterior densities of the reduction, with the probability that it exceeds the threshold."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np
import pandas as pd
from matplotlib.axes import Axes
from matplotlib.figure import Figure

from seizureflow.displays.words import listed, lower_first
from seizureflow.figures.drawing import Drawing, FigurePlan
from seizureflow.figures.style import (
    FAINT,
    INK,
    QUIET,
    WARNING,
    ArmStyle,
    arm_styles,
    arms_in_order,
    house_style,
    new_figure,
    sentence_figure,
    with_minus,
    wrapped,
)
from seizureflow.registry import METHODS
from seizureflow.rounding import rounded

Entry = dict[str, Any]

_TITLE = "Posterior of the reduction"
_DENSITY = "curve_posterior_density"
_PANEL = 0.95  # inches
_LABEL_WIDTH = 20  # characters


@dataclass(frozen=True)
class Posterior:
    """The posterior of an arm's reduction under one prior.

    Attributes:
        label: Name of the prior, and of the arm and analysis where there are several.
        arm: The arm compared.
        density: By reduction in percent, per percentage point, ascending.
        probabilities: That the reduction exceeds each of several.
        values: Median of the relative change in percent, and its credible limits.
    """

    label: str
    arm: str
    density: pd.Series[float]
    probabilities: Mapping[float, float]
    values: tuple[float, float, float]


def draw(plan: FigurePlan, data: Mapping[str, pd.DataFrame]) -> Drawing:
    """Draw the posteriors of every analysis that gives them: their results."""
    found = posteriors(data["results"], plan.analyses, plan.arms)
    criterion = plan.protocol.get("success_criterion")
    threshold = _threshold(found, criterion)
    figure = posterior(
        found,
        plan.arms,
        threshold,
        confidence_level=plan.confidence_level,
        simulated=plan.simulated,
        dummy=plan.dummy,
    )
    words = [f"{one.label.replace(chr(10), ', ')}: {listed(_probabilities(one))}." for one in found]
    return Drawing(
        figure,
        _TITLE,
        f"Posterior densities of the reduction against {lower_first(plan.arms[0]['label'])}, a "
        f"panel for each prior. Probabilities of a reduction: {' '.join(words)}"
        if found
        else "There is no posterior to show.",
        "The area under each curve is 1; the dark part of it is the probability that the reduction "
        f"exceeds {threshold:g}%. Negative reductions are increases. The line under a curve is the "
        f"{plan.level} credible interval, the mark on it the median. A prior is what was believed "
        "before: where the conclusion depends on it, the data do not settle the question."
        f"{plan.marks}",
    )


def _threshold(found: list[Posterior], criterion: Entry | None) -> float:
    """The reduction of the success criterion, where its probability is given; else none at all."""
    wanted = float(criterion["relative_reduction"]) if criterion else 0.0
    given = all(wanted in one.probabilities for one in found)
    return wanted if given else 0.0


def posteriors(
    results: pd.DataFrame, analyses: tuple[Entry, ...], arms: list[Entry]
) -> list[Posterior]:
    """The posteriors of the analyses, in the order of the plan.

    Args:
        results: Table ``results``.
        analyses: Entries of analyses by the method ``posterior_threshold``.
        arms: The arms, the reference first.
    """
    found = []
    for entry in analyses:
        rows = results[results["ANALYSIS"] == entry["id"]]
        names = _names_of_priors(entry)
        for arm in arms[1:]:
            own = rows[(rows["GROUP"] == arm["id"]) & rows["VARIABLE"].notna()]
            for prior in own["VARIABLE"].unique():
                label = names.get(str(prior), str(prior))
                label += f"\n{arm['label']}" * (len(arms) > 2)
                label += f"\n{entry['label']}" * (len(analyses) > 1)
                one = _posterior(own[own["VARIABLE"] == prior], label, arm["id"])
                if len(one.density):
                    found.append(one)
    return found


def _names_of_priors(entry: Entry) -> dict[str, str]:
    """Labels of the priors of an analysis, those of the method where it names none."""
    default: list[Entry] = METHODS["posterior_threshold"].options["priors"]["default"]
    options: Entry = entry.get("options") or {}
    priors = options.get("priors", default)
    return {prior["id"]: prior["label"] for prior in priors}


def _posterior(rows: pd.DataFrame, label: str, arm: str) -> Posterior:
    def by_reduction(statistic: str) -> pd.Series[float]:
        own = rows[rows["STATISTIC"] == statistic]
        reductions = [float(str(level).rstrip("%")) for level in own["LEVEL"]]
        return pd.Series(own["VALUE"].to_numpy(dtype=float), reductions).sort_index()

    values = {
        str(name): float(value)
        for name, value in zip(rows["STATISTIC"], rows["VALUE"], strict=True)
        if str(name).startswith("relative_change")
    }
    median, lower, upper = (
        values.get(f"relative_change{end}", np.nan) for end in ("", "_lower", "_upper")
    )
    beyond = by_reduction("posterior_probability")
    probabilities = dict(zip(map(float, beyond.index), beyond, strict=True))
    return Posterior(label, arm, by_reduction(_DENSITY), probabilities, (median, lower, upper))


@house_style()
def posterior(
    found: list[Posterior],
    arms: list[Entry],
    threshold: float,
    *,
    confidence_level: float,
    simulated: bool,
    dummy: bool,
) -> Figure:
    """Draw one panel per posterior; say so where there is none.

    Args:
        found: The posteriors.
        arms: Entry ``design/arms`` of the protocol.
        threshold: Reduction in percent beyond which the area is dark.
        confidence_level: Level of the credible intervals.
        simulated: Whether the participants are simulated.
        dummy: Whether the arms are dummy ones.
    """
    if not found:
        why = "No posterior was computed; the report says why."
        return sentence_figure(_TITLE, why, simulated=simulated, dummy=dummy)
    arms = arms_in_order(arms)
    compared = arms[1]["label"] if len(arms) == 2 else "every arm"
    figure = new_figure(
        f"{_TITLE}: {compared} against {lower_first(arms[0]['label'])}",
        1.35 + _PANEL * len(found),
        simulated=simulated,
        dummy=dummy,
    )
    axes = figure.subplots(len(found), 1, squeeze=False, sharex=True)[:, 0]
    highest = max(float(one.density.max()) for one in found)
    styles = arm_styles(arms)
    for axis, one in zip(axes, found, strict=True):
        axis.set_ylim(-0.2 * highest, 1.08 * highest)
        _draw(axis, one, threshold, styles[one.arm], highest)
        _dress(axis, one)
    _dress_all(axes, found, threshold, f"{100 * confidence_level:g}%")
    return figure


def _draw(axis: Axes, one: Posterior, threshold: float, style: ArmStyle, highest: float) -> None:
    reductions, density = one.density.index.to_numpy(dtype=float), one.density.to_numpy()
    axis.fill_between(reductions, 0, density, color=FAINT, alpha=0.6, linewidth=0, zorder=1)
    beyond = reductions >= threshold
    axis.fill_between(
        reductions[beyond], 0, density[beyond], color=style.colour, alpha=0.85, linewidth=0,
        zorder=2,
    )  # fmt: skip
    axis.plot(reductions, density, color=INK, linewidth=1.2, zorder=3)
    axis.axhline(0, color=QUIET, linewidth=0.8, zorder=1)
    axis.axvline(0, color=INK, linewidth=0.9, zorder=2)
    if threshold:
        axis.axvline(threshold, color=WARNING, linewidth=1.1, linestyle=(0, (4, 2)), zorder=4)
    median, lower, upper = (-value for value in one.values)
    low, high = reductions[0], reductions[-1]
    height = -0.1 * highest
    axis.hlines(height, max(upper, low), min(lower, high), colors=style.colour, linewidth=2)
    for beyond_axis, end, marker in ((upper < low, low, "<"), (lower > high, high, ">")):
        if beyond_axis:
            axis.plot(end, height, marker, color=style.colour, markersize=6, clip_on=False)
    if low <= median <= high:
        axis.plot(median, height, style.marker, color=style.colour, markersize=6)


def _dress(axis: Axes, one: Posterior) -> None:
    axis.set_yticks([0], ["\n".join(wrapped(line, _LABEL_WIDTH) for line in one.label.split("\n"))])
    axis.tick_params(axis="y", length=0, pad=8)
    for text in axis.get_yticklabels():
        text.set_verticalalignment("bottom")
    axis.spines["left"].set_visible(False)
    axis.spines["bottom"].set_visible(False)
    axis.tick_params(axis="x", length=0)
    axis.annotate(
        "\n".join(_probabilities(one)),
        (1, 0.17),
        xycoords="axes fraction",
        xytext=(10, 0),
        textcoords="offset points",
        va="bottom",
        fontsize=8.5,
        linespacing=1.35,
    )


def _probabilities(one: Posterior) -> list[str]:
    """Each probability with the reduction that is exceeded."""
    return [
        f"more than {reduction:g}%: {_probability(probability)}"
        for reduction, probability in one.probabilities.items()
    ]


def _probability(value: float) -> str:
    """A probability in print; one that is neither 0 nor 1 is not written as such."""
    if 0 < value < 0.001:
        return "<0.001"
    return ">0.999" if 0.999 < value < 1 else rounded(value, 3)


def _dress_all(axes: Any, found: list[Posterior], threshold: float, level: str) -> None:
    bottom, top = axes[-1], axes[0]
    low = min(one.density.index[0] for one in found)
    high = max(one.density.index[-1] for one in found)
    bottom.set_xlim(low, high)
    step = 10 if high - low <= 90 else 25
    ticks = [tick for tick in range(-150, 101, step) if low <= tick <= high]
    bottom.set_xticks(ticks, [with_minus(f"{tick}%") for tick in ticks])
    bottom.tick_params(axis="x", length=3)
    bottom.spines["bottom"].set_visible(True)
    bottom.set_xlabel(
        f"Reduction of the seizure frequency; median with {level} credible interval below"
    )
    top.annotate(
        "Probability of a reduction",
        (1, 1),
        xycoords="axes fraction",
        xytext=(10, 3),
        textcoords="offset points",
        color=QUIET,
        fontsize=8.5,
    )
    if threshold:
        top.annotate(
            f"{threshold:g}%",
            (threshold, 1),
            xycoords=top.get_xaxis_transform(),
            xytext=(0, 3),
            textcoords="offset points",
            ha="center",
            color=WARNING,
            fontsize=8.5,
        )
