"""Share of each arm free of an event over time, with the participants at risk."""

from __future__ import annotations

import itertools
import math
from collections.abc import Mapping
from typing import Any

import numpy as np
import pandas as pd
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.lines import Line2D

from seizureflow.displays.words import listed, lower_first
from seizureflow.figures.arm_legend import arm_handles, put_above
from seizureflow.figures.drawing import Drawing, FigurePlan
from seizureflow.figures.style import (
    QUIET,
    arm_styles,
    arms_in_order,
    house_style,
    new_figure,
    sentence_figure,
    wrapped,
)
from seizureflow.figures.survival_curve import SurvivalCurve, survival_curves
from seizureflow.rounding import rounded

Entry = dict[str, Any]
Curves = dict[str, SurvivalCurve]

_TITLE = "Time to events"
_PANEL, _LINE = 2.5, 0.19  # inches
_AROUND = 1.1  # inches of a panel for its title, legend and axis
_LABEL_WIDTH = 22  # characters
_TICKS_APART = 0.07  # of the width of the panel


def draw(plan: FigurePlan, data: Mapping[str, pd.DataFrame]) -> Drawing:
    """Draw the curves of every analysis that has them: their results."""
    return drawing_of(plan, data, _TITLE)


def drawing_of(plan: FigurePlan, data: Mapping[str, pd.DataFrame], title: str) -> Drawing:
    """Draw the curves of the plan's analyses, with their words, under a title."""
    labels = {entry["id"]: entry["label"] for entry in plan.analyses}
    panels = {name: survival_curves(data["results"], name, plan.arms) for name in labels}
    panels = {name: curves for name, curves in panels.items() if curves}
    figure = kaplan_meier(
        panels,
        plan.arms,
        labels,
        title,
        confidence_level=plan.confidence_level,
        simulated=plan.simulated,
        dummy=plan.dummy,
    )
    words = [_in_words(curves, plan.arms, labels[name]) for name, curves in panels.items()]
    return Drawing(
        figure,
        title,
        "Kaplan-Meier curves of the share of each arm free of an event over time, with bands of "
        f"{plan.level} intervals and the participants at risk. {' '.join(words)}".rstrip(),
        "A line falls where participants had the event; upright strokes are participants censored "
        f"on a day. Bands are pointwise {plan.level} intervals; they end where nobody is left or "
        "nobody is free of the event. At risk: observed and free of the event when the day begins. "
        "Censoring is taken to be independent of the event. An axis that does not begin at 0% "
        f"says so.{plan.marks}",
    )


@house_style()
def kaplan_meier(
    panels: Mapping[str, Curves],
    arms: list[Entry],
    labels: Mapping[str, str],
    title: str,
    *,
    confidence_level: float,
    simulated: bool,
    dummy: bool,
) -> Figure:
    """Draw one panel per analysis; say so where there is none.

    Args:
        panels: By analysis, the curve of each arm that has one.
        arms: Entry ``design/arms`` of the protocol.
        labels: Label of every analysis.
        title: Title of the figure.
        confidence_level: Level of the intervals.
        simulated: Whether the participants are simulated.
        dummy: Whether the arms are dummy ones.
    """
    if not panels:
        why = "No curve was computed; the report says why."
        return sentence_figure(title, why, simulated=simulated, dummy=dummy)
    arms = arms_in_order(arms)
    lines = sum(_lines(arms)) + 1
    figure = new_figure(
        title,
        0.4 + len(panels) * (_PANEL + _AROUND + _LINE * lines),
        simulated=simulated,
        dummy=dummy,
    )
    axes = figure.subplots(
        2 * len(panels),
        1,
        squeeze=False,
        gridspec_kw={"height_ratios": [_PANEL, _LINE * lines] * len(panels)},
    )[:, 0]
    level = f"{100 * confidence_level:g}%"
    handles = [*arm_handles(arms, markers=False), _stroke()]
    for place, (name, curves) in enumerate(panels.items()):
        axis, table = axes[2 * place : 2 * place + 2]
        for arm in arms:
            if arm["id"] in curves:
                _draw_curve(axis, curves[arm["id"]], arm, arms)
        _dress(axis, curves)
        put_above(axis, handles if place == 0 else [], labels[name])
        _add_at_risk(table, axis, curves, arms)
    figure.supxlabel(
        f"Bands: pointwise {level} intervals.", x=0.008, ha="left", fontsize=8.5, color=QUIET
    )
    return figure


def _stroke() -> Line2D:
    """The entry of the legend for those censored."""
    return Line2D([], [], color=QUIET, marker="|", markersize=8, linestyle="None", label="censored")


def _lines(arms: list[Entry]) -> list[int]:
    """Lines of text of the labels of the arms."""
    return [wrapped(arm["label"], _LABEL_WIDTH).count("\n") + 1 for arm in arms]


def _draw_curve(axis: Axes, curve: SurvivalCurve, arm: Entry, arms: list[Entry]) -> None:
    style = arm_styles(arms)[arm["id"]]
    days, shares = curve.corners()
    axis.step(
        days,
        shares,
        where="post",
        color=style.colour,
        linestyle=style.line,
        linewidth=2,
        zorder=3,
    )
    days, lower, upper = curve.band()
    axis.fill_between(
        days, lower, upper, step="post", color=style.colour, alpha=0.14, linewidth=0, zorder=1
    )
    for edge in (lower, upper):  # bands of two arms lie on each other: edges tell them apart
        axis.step(days, edge, where="post", color=style.colour, linewidth=0.6,
                  linestyle=style.line, alpha=0.7, zorder=2)  # fmt: skip
    if curve.censored:
        axis.plot(
            curve.censored,
            [curve.share_on(day) for day in curve.censored],
            "|",
            color=style.colour,
            markersize=8,
            markeredgewidth=1.3,
            clip_on=False,
            zorder=4,
        )


def _dress(axis: Axes, curves: Curves) -> None:
    last = max(curve.longest for curve in curves.values())
    axis.set_xlim(0, last * 1.02 or 1)
    lowest = min(curve.lowest for curve in curves.values())
    bottom = 0 if lowest < 50 else 10 * math.floor((lowest - 5) / 10)
    axis.set_ylim(bottom, 100 + 0.02 * (100 - bottom))
    step = 20 if bottom < 40 else 10
    ticks = [tick for tick in range(0, 101, step) if tick >= bottom]
    axis.set_yticks(ticks, [f"{tick}%" for tick in ticks])
    axis.set_ylabel("Free of the event" + (f"\n(from {bottom}% on)" if bottom else ""))
    days = _ticks(curves, last)
    axis.set_xticks([0, *days], [f"{day:g}" for day in (0, *days)])
    axis.set_xlabel("Day")


def _ticks(curves: Curves, last: float) -> list[float]:
    """Days on which the participants at risk are known, as many as stand clear of each other."""
    known = sorted({day for curve in curves.values() for day in curve.at_risk})
    days = [0.0]
    for day in known:
        if day <= last * 1.02 and day - days[-1] > _TICKS_APART * last:
            days.append(day)
    return days[1:]


def _add_at_risk(axis: Axes, above: Axes, curves: Curves, arms: list[Entry]) -> None:
    """Participants at risk under the ticks of the panel above."""
    heights = _lines(arms)
    middles = [
        bottom - own / 2 for bottom, own in zip(itertools.accumulate(heights), heights, strict=True)
    ]
    axis.set_xlim(above.get_xlim())
    axis.set_ylim(sum(heights), 0)
    axis.set_yticks(middles, [wrapped(arm["label"], _LABEL_WIDTH) for arm in arms])
    axis.set_xticks([])
    axis.tick_params(axis="both", length=0)
    axis.spines[:].set_visible(False)
    axis.set_title("At risk", loc="left", color=QUIET, pad=3, fontsize=8.5)
    for arm, middle in zip(arms, middles, strict=True):
        counts = curves[arm["id"]].at_risk if arm["id"] in curves else {}
        for day in above.get_xticks()[1:]:
            text = f"{counts[day]:.0f}" if day in counts else "–"
            axis.text(float(day), middle, text, ha="center", va="center", fontsize=8.5)


def _in_words(curves: Curves, arms: list[Entry], label: str) -> str:
    """Events and median of each arm in a sentence."""
    parts = []
    for arm in arms:
        if arm["id"] in curves:
            curve = curves[arm["id"]]
            median = (
                "median not reached"
                if np.isnan(curve.median)
                else f"median {rounded(curve.median, 1)} days"
            )
            parts.append(
                f"{lower_first(arm['label'])} {curve.events:.0f} of {curve.participants:.0f} with "
                f"the event, {median}"
            )
    return f"{label}: {listed(parts, last='and') if len(parts) < 2 else '; '.join(parts)}."
