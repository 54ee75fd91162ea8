"""The estimates of all analyses with their intervals, side by side."""

from __future__ import annotations

import itertools
import math
from collections.abc import Mapping
from typing import Any

import pandas as pd
from matplotlib.axes import Axes
from matplotlib.figure import Figure

from seizureflow.displays.words import lower_first
from seizureflow.figures.drawing import Drawing, FigurePlan
from seizureflow.figures.forest_rows import (
    GROUPS,
    PANELS,
    Estimate,
    Panel,
    axis_range,
    axis_ticks,
    estimates,
    numbers_text,
)
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
    percent_label,
    sentence_figure,
    wrapped,
)

Entry = dict[str, Any]

_TITLE = "Estimates of all analyses"
_LABEL_WIDTH = 52  # characters
_ROW_GAP = 0.45  # lines of text between rows
_LINE = 0.14  # inches
_FONT_SIZE = 8.0


def draw(plan: FigurePlan, data: Mapping[str, pd.DataFrame]) -> Drawing:
    """Draw the estimates of all analyses that compare the arms: their results."""
    reference = lower_first(plan.arms[0]["label"])
    figure = forest(
        data["results"],
        plan.arms,
        {entry["id"]: entry["label"] for entry in plan.analyses},
        plan.protocol.get("success_criterion"),
        confidence_level=plan.confidence_level,
        simulated=plan.simulated,
        dummy=plan.dummy,
    )
    return Drawing(
        figure,
        "All estimates side by side",
        f"Forest plot of the estimates of all analyses against {reference} with their "
        f"{plan.level} intervals. The same numbers are in the table of all estimates.",
        f"Marks are estimates, lines {plan.level} intervals. An interval that crosses the upright "
        "line does not exclude that there is no effect. Estimates in subgroups have a figure of "
        f"their own.{plan.marks}",
    )


@house_style()
def forest(
    results: pd.DataFrame,
    arms: list[Entry],
    labels: dict[str, str],
    criterion: Entry | None,
    *,
    confidence_level: float,
    simulated: bool,
    dummy: bool,
) -> Figure:
    """Draw the comparison of every analysis that has one, as :data:`METHODS` tells.

    Args:
        results: Table ``results``.
        arms: Entry ``design/arms`` of the protocol.
        labels: Label of every analysis.
        criterion: Entry ``success_criterion`` of the protocol; None where there is none.
        confidence_level: Level of the intervals.
        simulated: Whether the participants are simulated.
        dummy: Whether the arms are dummy ones.
    """
    arms = arms_in_order(arms)
    groups = {name: estimates(results, name, arms, labels) for name in PANELS}
    groups = {name: rows for name, rows in groups.items() if rows}
    if not groups:
        why = "No analysis in the plan of this study compares the arms by an estimate."
        return sentence_figure(_TITLE, why, simulated=simulated, dummy=dummy)
    lines = [sum(map(_row_height, _with_headings(rows))) for rows in groups.values()]
    compared = arms[1]["label"] if len(arms) == 2 else "every arm"
    title = f"{_TITLE}: {compared} against {arms[0]['label'].lower()}"
    figure = new_figure(
        title, 0.6 + 1.05 * len(groups) + _LINE * sum(lines), simulated=simulated, dummy=dummy
    )
    axes = figure.subplots(len(groups), 1, squeeze=False, gridspec_kw={"height_ratios": lines})
    styles = arm_styles(arms)
    for axis, (name, rows) in zip(axes[:, 0], groups.items(), strict=True):
        reduction = criterion["relative_reduction"] if criterion else None
        limit = -float(reduction) if reduction and name == "relative_change" else None
        _draw_panel(axis, PANELS[name], rows, styles, limit, f"{100 * confidence_level:g}%")
    return figure


def _with_headings(rows: list[Estimate]) -> list[Estimate | str]:
    """The rows, each group below its heading where there are several.

    The primary analysis needs none: its label says what it is.
    """
    if len({row.group for row in rows}) == 1:
        return list(rows)
    lines: list[Estimate | str] = []
    for group, own in itertools.groupby(rows, key=lambda row: row.group):
        if group != GROUPS["primary"]:
            lines.append(group)
        lines += own
    return lines


def _row_height(row: Estimate | str) -> float:
    """Height of a row in lines of text."""
    label = row if isinstance(row, str) else row.label
    return wrapped(label, _LABEL_WIDTH).count("\n") + 1 + _ROW_GAP


def _heights(lines: list[Estimate | str]) -> list[float]:
    """Middle of every row in lines of text from the top."""
    bottoms = itertools.accumulate(map(_row_height, lines))
    return [bottom - _row_height(line) / 2 for line, bottom in zip(lines, bottoms, strict=True)]


def _draw_panel(
    axis: Axes,
    panel: Panel,
    rows: list[Estimate],
    styles: dict[str, ArmStyle],
    limit: float | None,
    level: str,
) -> None:
    lines = _with_headings(rows)
    heights = _heights(lines)
    axis.set_ylim(sum(map(_row_height, lines)), 0)
    axis.set_xscale("linear" if panel.linear else "log")
    axis.set_xlim(*axis_range(panel, rows, limit))
    axis.axvline(panel.no_effect, color=INK, linewidth=0.9, zorder=1)
    if limit is not None:
        _draw_criterion(axis, panel, limit)
    for line, height in zip(lines, heights, strict=True):
        if isinstance(line, str):
            _draw_heading(axis, line, height)
        else:
            _draw_estimate(axis, panel, line, height, styles[line.arm])
    at = {id(line): height for line, height in zip(lines, heights, strict=True)}
    _dress(axis, panel, rows, [at[id(row)] for row in rows], level)


def _draw_heading(axis: Axes, words: str, height: float) -> None:
    """Write what the rows below are, at the edge of the panel, out of the way of its lines."""
    axis.annotate(
        words,
        (0, height),
        xycoords=axis.get_yaxis_transform(),
        xytext=(-8, 0),
        textcoords="offset points",
        ha="right",
        va="center",
        color=QUIET,
        fontsize=_FONT_SIZE,
        fontweight="bold",
    )


def _draw_criterion(axis: Axes, panel: Panel, limit: float) -> None:
    axis.axvline(panel.ratio(limit), color=WARNING, linewidth=1.1, linestyle=(0, (4, 2)), zorder=1)
    axis.annotate(
        f"Criterion {percent_label(limit)}",
        (panel.ratio(limit), 1),
        xycoords=axis.get_xaxis_transform(),
        xytext=(-2, 3),
        textcoords="offset points",
        ha="right",
        color=WARNING,
        fontsize=8.5,
    )


def _draw_estimate(axis: Axes, panel: Panel, row: Estimate, height: float, style: ArmStyle) -> None:
    axis.axhline(height, color=FAINT, linewidth=0.4, zorder=0)  # leads the eye to the numbers
    if not row.computed:
        return
    left, right = axis.get_xlim()
    estimate, lower, upper = (panel.ratio(value) for value in row.values)
    if not math.isnan(lower + upper):
        ends = max(lower, left), min(upper, right)
        axis.hlines(
            height, *ends, colors=style.colour, linewidth=2.4 if row.primary else 1.5, zorder=2
        )
        for beyond, end, marker in ((lower < left, left, "<"), (upper > right, right, ">")):
            if beyond:
                axis.plot(end, height, marker, color=style.colour, markersize=6, clip_on=False)
    if left <= estimate <= right:
        axis.plot(
            estimate,
            height,
            style.marker,
            color=style.colour,
            markersize=9 if row.primary else 6,
            zorder=3,
        )


def _dress(
    axis: Axes, panel: Panel, rows: list[Estimate], heights: list[float], level: str
) -> None:
    ticks = axis_ticks(panel, *axis.get_xlim())
    axis.set_xticks(
        [panel.ratio(tick) for tick in ticks], [panel.tick_label(tick) for tick in ticks]
    )
    axis.minorticks_off()
    _say_directions(axis, panel)
    axis.spines["left"].set_visible(False)
    axis.set_yticks(heights, [wrapped(row.label, _LABEL_WIDTH) for row in rows])
    numbers = axis.secondary_yaxis("right")
    numbers.set_yticks(heights, [numbers_text(panel, row) for row in rows])
    numbers.spines["right"].set_visible(False)
    for side in (axis, numbers):
        side.tick_params(axis="y", length=0, pad=8, labelsize=_FONT_SIZE)
        for row, text in zip(rows, side.get_yticklabels(), strict=True):
            text.set_fontweight("bold" if row.primary else "normal")
    axis.set_title(panel.title, loc="left", weight="bold", pad=18)
    axis.annotate(
        f"Estimate ({level} CI)",
        (1, 1),
        xycoords="axes fraction",
        xytext=(8, 3),
        textcoords="offset points",
        color=QUIET,
        fontsize=8.5,
    )


def _say_directions(axis: Axes, panel: Panel) -> None:
    """Say on either side of no effect what lies there."""
    for text, shift, side in (
        (f"\N{LEFTWARDS ARROW} {panel.less}", -6, "right"),
        (f"{panel.more} \N{RIGHTWARDS ARROW}", 6, "left"),
    ):
        axis.annotate(
            text,
            (panel.no_effect, 0),
            xycoords=axis.get_xaxis_transform(),
            xytext=(shift, -20),
            textcoords="offset points",
            ha=side,
            va="top",
            color=QUIET,
        )
