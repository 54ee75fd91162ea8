"""The estimates of all specifications in their order, over the choices that made each."""

from __future__ import annotations

import math
import textwrap
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np
import pandas as pd
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.lines import Line2D

from seizureflow.array_types import BoolArray, FloatArray
from seizureflow.displays.words import lower_first
from seizureflow.figures.drawing import Drawing, FigurePlan
from seizureflow.figures.forest_rows import PANELS, axis_ticks
from seizureflow.figures.style import (
    FAINT,
    INK,
    QUIET,
    WARNING,
    arms_in_order,
    house_style,
    new_figure,
    percent_label,
    sentence_figure,
    with_minus,
)
from seizureflow.results import value_of
from seizureflow.rounding import p_value, rounded
from seizureflow.specification_curve.choices import CHOICES

Entry = dict[str, Any]

_TITLE = "Choices that could have been made"
_PANEL = PANELS["relative_change"]
_CLEAR, _UNCLEAR = "#01568A", "#8C8C8C"  # of intervals that exclude no effect, and others
_WIDEST = (1 / 20, 20.0)  # ratios; an interval that reaches further is cut at the edge
_ROW = 0.158  # inches
_CURVE = 3.1  # inches
_NOTE_WIDTH = 120  # characters
_LABEL_WIDTH = 52  # characters


@dataclass(frozen=True)
class _Row:
    """A row below the curve: a choice, or one of its levels with who has it."""

    label: str
    choice: str
    holds: BoolArray | None = None


def draw(plan: FigurePlan, data: Mapping[str, pd.DataFrame]) -> Drawing:
    """Draw the first specification curve: table ``specifications`` and its results."""
    reference = lower_first(plan.arms[0]["label"])
    analysis = plan.analyses[0]
    results = data["results"]
    figure = specification_curve(
        data["specifications"],
        results[results["ANALYSIS"] == analysis["id"]],
        _compared(plan.arms, analysis["options"]["arm"]),
        analysis["options"]["relative_reduction"],
        confidence_level=plan.confidence_level,
        simulated=plan.simulated,
        dummy=plan.dummy,
    )
    return Drawing(
        figure,
        "Choices that could have been made",
        f"Specification curve: the estimates against {reference} of all specifications from the "
        f"largest reduction on, with their {plan.level} intervals, over rows that say which "
        "model, window, baseline, covariates, participants and other choices each has. Means by "
        "choice are in the tables of the analysis.",
        "Each place from left to right is one specification, one set of choices. The curve shows "
        "how far the estimate moves with choices alone, the rows below which of them move it. The "
        "diamonds mark the primary analysis. Specifications share their participants; their "
        f"number is no measure of evidence.{plan.marks}",
    )


def _compared(arms: list[Entry], named: str | None) -> list[Entry]:
    """The reference and the arm that the plan names, if it names one."""
    return [arm for arm in arms if named is None or arm["reference"] or arm["id"] == named]


@house_style()
def specification_curve(
    specifications: pd.DataFrame,
    results: pd.DataFrame,
    arms: list[Entry],
    threshold: float,
    *,
    confidence_level: float,
    simulated: bool,
    dummy: bool,
) -> Figure:
    """Draw one curve; say so where no specification was computed.

    Args:
        specifications: Table ``specifications`` of one analysis.
        results: Table ``results`` of the same.
        arms: Of the entry ``design/arms`` of the protocol, the two that are compared.
        threshold: Reduction in percent that estimates are held against.
        confidence_level: Level of the intervals.
        simulated: Whether the participants are simulated.
        dummy: Whether the arms are dummy ones.
    """
    arms = arms_in_order(arms)
    computed = specifications[specifications["STATUS"] == "computed"]
    if computed.empty:
        why = "No specification was computed; the analysis in the report says why."
        return sentence_figure(_TITLE, why, simulated=simulated, dummy=dummy)
    computed = computed.sort_values(["ESTIMATE", "SPECIFICATION"], ignore_index=True)
    rows = _rows(computed)
    title = f"{_TITLE}: {arms[1]['label']} against {arms[0]['label'].lower()}"
    below = _ROW * max(len(rows), 1)
    figure = new_figure(title, _CURVE + below + 1.3, simulated=simulated, dummy=dummy)
    curve, choices = figure.subplots(
        2, 1, sharex=True, gridspec_kw={"height_ratios": [_CURVE, below]}
    )
    _draw_curve(curve, computed, threshold, f"{100 * confidence_level:g}%")
    _draw_choices(choices, rows, len(computed), results, arms[1]["id"])
    _draw_primary(curve, choices, computed, rows)
    figure.supxlabel(
        textwrap.fill(_note(specifications, results, arms[1]["id"], threshold), _NOTE_WIDTH),
        x=0.008,
        ha="left",
        fontsize=8.5,
        color=QUIET,
    )
    return figure


def _ratios(computed: pd.DataFrame, column: str) -> FloatArray:
    values = 1 + computed[column].to_numpy(dtype=np.float64) / 100
    return np.clip(values, *_WIDEST)


def _draw_curve(axis: Axes, computed: pd.DataFrame, threshold: float, level: str) -> None:
    estimate, lower, upper = (_ratios(computed, name) for name in ("ESTIMATE", "LOWER", "UPPER"))
    clear = ((computed["LOWER"] > 0) | (computed["UPPER"] < 0)).to_numpy()
    places = np.arange(len(computed), dtype=np.float64)
    width = float(np.clip(400 / len(computed), 0.35, 2.0))
    axis.set_yscale("log")
    axis.axhline(1, color=INK, linewidth=0.9, zorder=3)
    axis.axhline(
        _PANEL.ratio(-threshold), color=WARNING, linewidth=1.1, linestyle=(0, (4, 2)), zorder=3
    )
    for chosen, colour, marker, words in (
        (~clear, _UNCLEAR, "o", f"{level} interval includes 0%"),
        (clear, _CLEAR, "s", f"{level} interval excludes 0%"),
    ):
        if not chosen.any():
            continue
        lines = _separate(places[chosen], lower[chosen], upper[chosen])
        axis.plot(*lines, color=colour, linewidth=width, alpha=0.35, zorder=1)
        axis.plot(
            places[chosen],
            estimate[chosen],
            marker,
            color=colour,
            markersize=float(np.clip(width * 2, 1.4, 4)),
            markeredgewidth=0,
            zorder=4,
            label=words,
        )
    _dress_curve(axis, [*lower, *upper, _PANEL.ratio(-threshold), 1.0], threshold, level)


def _separate(places: FloatArray, lower: FloatArray, upper: FloatArray) -> tuple[Any, Any]:
    """Upright lines as one broken line, which keeps the file small."""
    gap = np.full(len(places), np.nan)
    return np.repeat(places, 3), np.column_stack([lower, upper, gap]).ravel()


def _dress_curve(axis: Axes, ratios: list[float], threshold: float, level: str) -> None:
    low, high = min(ratios) / 1.05, max(ratios) * 1.05
    axis.set_ylim(low, high)
    ticks = axis_ticks(_PANEL, low, high)
    axis.set_yticks([_PANEL.ratio(tick) for tick in ticks], [percent_label(t) for t in ticks])
    axis.minorticks_off()
    axis.set_ylabel(f"Relative change\nwith {level} interval")
    axis.spines["bottom"].set_visible(False)
    axis.tick_params(axis="x", length=0, labelbottom=False)
    for value, words, colour, side in (
        (1.0, "no effect", INK, "bottom"),
        (_PANEL.ratio(-threshold), f"criterion\n{percent_label(-threshold)}", WARNING, "top"),
    ):
        axis.annotate(
            words,
            (1, value),
            xycoords=axis.get_yaxis_transform(),
            xytext=(5, 0),
            textcoords="offset points",
            va=side,
            color=colour,
            fontsize=8.5,
        )
    legend = axis.legend(loc="lower left", bbox_to_anchor=(0, 1), ncols=2, borderaxespad=0.2)
    for handle in legend.legend_handles:  # marks of many specifications are too small to be known
        if isinstance(handle, Line2D):
            handle.set_markersize(5)


def _draw_primary(curve: Axes, choices: Axes, computed: pd.DataFrame, rows: list[_Row]) -> None:
    """Mark the specification of the primary analysis through both panels."""
    places = np.flatnonzero(computed["ISPRIMARY"].to_numpy(dtype=bool))
    if not len(places):
        return
    place = int(places[0])
    marked: Entry = {"color": "white", "markeredgecolor": INK, "linestyle": "none", "marker": "D"}
    for axis in (curve, choices):
        axis.axvline(place, color=INK, linewidth=0.8, linestyle=(0, (1, 1.5)), zorder=5)
    heights = [h for h, row in enumerate(rows) if row.holds is not None and row.holds[place]]
    choices.plot([place] * len(heights), heights, **marked, markersize=4.5, zorder=6)
    estimate = float(computed["ESTIMATE"].iloc[place])
    curve.plot(
        place,
        _PANEL.ratio(estimate),
        **marked,
        markeredgewidth=1.4,
        markersize=7,
        zorder=6,
    )
    left = place < 0.6 * len(computed)
    curve.annotate(
        f"primary analysis, {with_minus(rounded(estimate, 1))}%",
        (place, 0),
        xycoords=curve.get_xaxis_transform(),
        xytext=(4 if left else -4, 3),
        textcoords="offset points",
        ha="left" if left else "right",
        weight="bold",
        fontsize=8.5,
        bbox={"facecolor": "white", "edgecolor": "none", "pad": 1, "alpha": 0.85},
        zorder=7,
    )


def _rows(computed: pd.DataFrame) -> list[_Row]:
    """The choices that have several levels, each with its levels in the order of the plan."""
    rows = []
    in_plan = computed.sort_values("SPECIFICATION")
    for column, choice in CHOICES.items():
        levels = in_plan[column].dropna().unique()
        if len(levels) < 2:
            continue
        rows.append(_Row(choice, choice))
        rows += [_Row(str(v), choice, (computed[column] == v).to_numpy()) for v in levels]
    return rows


def _draw_choices(axis: Axes, rows: list[_Row], size: int, results: pd.DataFrame, arm: str) -> None:
    axis.set_xlim(-0.01 * size - 1, 1.01 * size)
    axis.set_ylim(len(rows) - 0.4, -0.6)
    axis.spines[:].set_visible(False)
    axis.set_xticks([])
    for height, row in enumerate(rows):
        if row.holds is not None:
            axis.hlines(height, -0.5, size - 0.5, colors=FAINT, linewidth=0.5, zorder=0)
            axis.broken_barh(_runs(row.holds), (height - 0.36, 0.72), color=INK, linewidth=0)
    axis.set_yticks(range(len(rows)), [_shortened(row.label) for row in rows], fontsize=8)
    means = axis.secondary_yaxis("right")
    means.set_yticks(range(len(rows)), [_mean(results, row, arm) for row in rows], fontsize=8)
    means.spines["right"].set_visible(False)
    for side in (axis, means):
        side.tick_params(axis="y", length=0, pad=4)
    for row, text in zip(rows, axis.get_yticklabels(), strict=True):
        text.set_fontweight("bold" if row.holds is None else "normal")
    axis.annotate(
        "mean",
        (1, 1),
        xycoords="axes fraction",
        xytext=(5, 1),
        textcoords="offset points",
        color=QUIET,
        fontsize=8,
    )


def _shortened(label: str) -> str:
    return label if len(label) <= _LABEL_WIDTH else label[: _LABEL_WIDTH - 1].rstrip() + "…"


def _runs(holds: BoolArray) -> list[tuple[float, float]]:
    """Stretches of specifications side by side, as start and width.

    >>> _runs(np.array([True, True, False, True]))
    [(-0.5, 2.0), (2.5, 1.0)]
    """
    edges = np.flatnonzero(np.diff(np.concatenate([[False], holds, [False]]).astype(int)))
    return [(float(a) - 0.5, float(b - a)) for a, b in zip(edges[::2], edges[1::2], strict=True)]


def _mean(results: pd.DataFrame, row: _Row, arm: str) -> str:
    if row.holds is None:
        return ""
    analysis = str(results["ANALYSIS"].iloc[0]) if len(results) else ""
    mean = value_of(
        results, analysis, "mean_relative_change", group=arm, variable=row.choice, level=row.label
    )
    return "" if math.isnan(mean) else f"{with_minus(rounded(mean, 1))}%"


def _note(specifications: pd.DataFrame, results: pd.DataFrame, arm: str, threshold: float) -> str:
    analysis = str(results["ANALYSIS"].iloc[0]) if len(results) else ""
    status = specifications["STATUS"].value_counts()
    note = (
        f"{status.get('computed', 0)} specifications, ordered by their estimate, of "
        f"{len(specifications)} combinations ({status.get('duplicate', 0)} the same as another, "
        f"{status.get('impossible', 0)} that do not go together, {status.get('failed', 0)} without "
        "an estimate). A dark mark: the specification has the level."
    )
    found = {
        name: value_of(results, analysis, f"permutation_p_{name}", group=arm)
        for name in ("median", "threshold")
    }
    if math.isnan(found["median"]):
        return note
    return (
        f"{note} Under permuted arms a median effect as large has {_p(found['median'])}, a share "
        f"of reductions of at least {threshold:g}% as large {_p(found['threshold'])}."
    )


def _p(value: float) -> str:
    """A p-value with its sign, which no line break parts from it."""
    printed = p_value(value)
    words = f"p {printed[0]} {printed[1:]}" if printed.startswith("<") else f"p = {printed}"
    return words.replace(" ", "\N{NO-BREAK SPACE}")
