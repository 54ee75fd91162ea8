"""Share of each arm that reaches each reduction of the seizure frequency."""

from __future__ import annotations

import itertools
import math
from collections.abc import Mapping
from typing import Any

import pandas as pd
from matplotlib.axes import Axes
from matplotlib.figure import Figure

from seizureflow.displays.words import listed, lower_first
from seizureflow.figures.arm_legend import arm_handles, put_above
from seizureflow.figures.drawing import Drawing, FigurePlan
from seizureflow.figures.style import (
    FAINT,
    QUIET,
    arm_styles,
    arms_in_order,
    house_style,
    new_figure,
    sentence_figure,
    with_minus,
    wrapped,
)
from seizureflow.rounding import rounded

Entry = dict[str, Any]

_TITLE = "Cumulative responders"
_STATISTIC = "responders_percent"
_MARKED = (50.0, 75.0, 90.0, 100.0)
_LABEL_WIDTH = 22  # characters
_APART = 0.9  # percentage points between the marks of two arms
_PANEL, _LINE = 3.6, 0.2  # inches


def draw(plan: FigurePlan, data: Mapping[str, pd.DataFrame]) -> Drawing:
    """Draw the cumulative curve of every analysis that has one: their results."""
    labels = {entry["id"]: entry["label"] for entry in plan.analyses}
    results = data["results"]
    figure = cumulative_responders(
        results,
        plan.arms,
        labels,
        confidence_level=plan.confidence_level,
        simulated=plan.simulated,
        dummy=plan.dummy,
    )
    shown = [_in_words(_shares(results, name), plan.arms, labels[name]) for name in labels]
    return Drawing(
        figure,
        "Cumulative responders",
        "Step lines of the share of each arm whose seizure frequency fell by at least each "
        f"reduction. {' '.join(words for words in shown if words)}".rstrip(),
        "Read upwards from a reduction: the height of a line is the share of its arm that reached "
        "it or more. A line further up is a better response. Between the reductions computed, a "
        f"line stands at the share for the next one. Marks: 50, 75, 90 and 100% with {plan.level} "
        f"intervals, each for itself, drawn side by side.{plan.marks}",
    )


@house_style()
def cumulative_responders(
    results: pd.DataFrame,
    arms: list[Entry],
    labels: Mapping[str, str],
    *,
    confidence_level: float,
    simulated: bool,
    dummy: bool,
) -> Figure:
    """Draw the curves of every analysis that has one; say so where none has.

    Args:
        results: Table ``results``.
        arms: Entry ``design/arms`` of the protocol.
        labels: Label of every analysis.
        confidence_level: Level of the intervals.
        simulated: Whether the participants are simulated.
        dummy: Whether the arms are dummy ones.
    """
    arms = arms_in_order(arms)
    curves = {name: _shares(results, name) for name in labels}
    curves = {name: shares for name, shares in curves.items() if len(shares)}
    if not curves:
        why = "The cumulative responders were not computed; the report says why."
        return sentence_figure(_TITLE, why, simulated=simulated, dummy=dummy)
    lines = sum(_label(arm).count("\n") + 1 for arm in arms)
    figure = new_figure(
        _TITLE,
        0.5 + len(curves) * (_PANEL + 0.75 + _LINE * (lines + len(arms))),
        simulated=simulated,
        dummy=dummy,
    )
    axes = figure.subplots(
        2 * len(curves),
        1,
        squeeze=False,
        gridspec_kw={"height_ratios": [_PANEL, _LINE * (lines + 1)] * len(curves)},
    )[:, 0]
    for place, (name, shares) in enumerate(curves.items()):
        axis, table = axes[2 * place], axes[2 * place + 1]
        for rank, arm in enumerate(arms):
            _draw_arm(axis, shares, arm, arms, rank)
        _dress(axis, shares)
        put_above(axis, arm_handles(arms), labels[name] if len(curves) > 1 else "")
        _add_table(table, axis, shares, arms, f"{100 * confidence_level:g}%")
    return figure


def _shares(results: pd.DataFrame, analysis: str) -> pd.DataFrame:
    """One row per arm (``GROUP``) and reduction (``CUT``), with the share and its limits."""
    names = [_STATISTIC, f"{_STATISTIC}_lower", f"{_STATISTIC}_upper"]
    rows = results[
        (results["ANALYSIS"] == analysis)
        & results["STATISTIC"].isin(names)
        & results["LEVEL"].notna()
    ]
    rows = rows.assign(CUT=[float(str(level).rstrip("%")) for level in rows["LEVEL"]])
    wide = rows.pivot(index=["GROUP", "CUT"], columns="STATISTIC", values="VALUE")
    return wide.reindex(columns=names).dropna(subset=[_STATISTIC]).reset_index()


def _draw_arm(axis: Axes, shares: pd.DataFrame, arm: Entry, arms: list[Entry], rank: int) -> None:
    style = arm_styles(arms)[arm["id"]]
    own = shares[shares["GROUP"] == arm["id"]].sort_values("CUT")
    axis.plot(
        own["CUT"],
        own[_STATISTIC],
        color=style.colour,
        linestyle=style.line,
        linewidth=2,
        drawstyle="steps-pre",
        zorder=3,
    )
    marked = own[own["CUT"].isin(_MARKED)]
    if marked.empty:  # what is empty and not clipped would take room in the layout
        return
    at = marked["CUT"] + _APART * (rank - (len(arms) - 1) / 2)
    axis.vlines(
        at,
        marked[f"{_STATISTIC}_lower"],
        marked[f"{_STATISTIC}_upper"],
        colors=style.colour,
        linewidth=1.3,
        clip_on=False,
        zorder=4,
    )
    axis.plot(
        at,
        marked[_STATISTIC],
        style.marker,
        color=style.colour,
        markersize=7,
        markeredgecolor="white",
        clip_on=False,  # marks at 0% lie on the axis
        zorder=5,
    )


def _dress(axis: Axes, shares: pd.DataFrame) -> None:
    low, high = float(shares["CUT"].min()), float(shares["CUT"].max())
    room = 0.02 * (high - low or 1)
    axis.set_xlim(low - room, high + room)
    axis.set_ylim(0, 100)
    axis.set_yticks(range(0, 101, 20), [f"{tick}%" for tick in range(0, 101, 20)])
    ticks = [tick for tick in (-100, -75, -50, -25, 0, 25, *_MARKED) if low <= tick <= high]
    axis.set_xticks(ticks, [with_minus(f"{tick:g}%") for tick in ticks])
    for cut in _MARKED:
        if low <= cut <= high:
            axis.axvline(cut, color=FAINT, linewidth=0.8, linestyle=(0, (2, 2)), zorder=1)
    axis.set_ylabel("Participants who reach it")
    axis.set_xlabel("Reduction of the seizure frequency of at least")


def _add_table(
    axis: Axes, above: Axes, shares: pd.DataFrame, arms: list[Entry], level: str
) -> None:
    """The shares at the marked reductions, in columns."""
    cuts = [cut for cut in _MARKED if (shares["CUT"] == cut).any()]
    values = {(g, c): v for g, c, *v in shares.itertuples(index=False)}
    heights = [_label(arm).count("\n") + 1 for arm in arms]
    middles = [
        bottom - own / 2 for bottom, own in zip(itertools.accumulate(heights), heights, strict=True)
    ]
    axis.set_xlim(0, max(len(cuts), 1))
    axis.set_ylim(sum(heights), -1)
    axis.set_yticks(middles, [_label(arm) for arm in arms])
    axis.set_xticks([])
    axis.tick_params(axis="both", length=0)
    axis.spines[:].set_visible(False)
    for column, cut in enumerate(cuts):
        axis.text(
            column + 0.5, -0.5, f"{cut:g}% or more", ha="center", va="center", color=QUIET,
            fontsize=8.5,
        )  # fmt: skip
        for arm, middle in zip(arms, middles, strict=True):
            text = _with_interval(values.get((arm["id"], cut)))
            axis.text(column + 0.5, middle, text, ha="center", va="center", fontsize=8.5)
    above.figure.align_ylabels([above])
    axis.set_title(
        f"Participants who reach it ({level} interval)", loc="left", color=QUIET, fontsize=8.5
    )


def _with_interval(values: list[float] | None) -> str:
    if values is None:
        return "–"
    share, lower, upper = (rounded(value, 1) for value in values)
    return share + "%" if math.isnan(values[1]) else f"{share}% ({lower} to {upper})"


def _label(arm: Entry) -> str:
    return wrapped(arm["label"], _LABEL_WIDTH)


def _in_words(shares: pd.DataFrame, arms: list[Entry], label: str) -> str:
    """The shares at the marked reductions in a sentence; empty without any."""
    parts = []
    for arm in arms:
        own = shares[(shares["GROUP"] == arm["id"]) & shares["CUT"].isin(_MARKED)]
        numbers = [
            f"{rounded(share, 1)}% reach {cut:g}%"
            for cut, share in zip(own["CUT"], own[_STATISTIC], strict=True)
        ]
        if numbers:
            parts.append(f"of {lower_first(arm['label'])} {listed(numbers)}")
    return f"{label}: {'; '.join(parts)}." if parts else ""
