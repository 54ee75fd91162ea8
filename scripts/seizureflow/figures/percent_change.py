"""Percent change in seizure frequency of every participant: a bar each, sorted, by arm."""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np
import pandas as pd
from matplotlib.axes import Axes
from matplotlib.figure import Figure

from seizureflow.adsl import in_set
from seizureflow.array_types import FloatArray
from seizureflow.displays.values import Results, number
from seizureflow.displays.words import count_of, dashed, listed, lower_first
from seizureflow.figures.drawing import Drawing, FigurePlan
from seizureflow.figures.side_by_side import spread
from seizureflow.figures.style import (
    INK,
    QUIET,
    WARNING,
    ArmStyle,
    arm_styles,
    house_style,
    new_figure,
    percent_label,
    sentence_figure,
)
from seizureflow.figures.text_boxes import FONT_SIZE, broken_lines
from seizureflow.rounding import rounded

Entry = dict[str, Any]

_SUMMARY = "percent_change_summary"
_TITLE = "Percent change of every participant"
_HIGHEST = 100  # percent; more is cut off there
_TICKS = (-100, -75, -50, -25, 0, 25, 50, 75, 100)
_RESPONSE = -50.0  # percent
_FEWEST_BARS = 12  # a panel is as wide as with so many
_STRIP_SHARE = 0.55  # width of the strip of an arm, of that of its panel of bars
_ROOM = 7.8  # inches for all panels
_APART = 0.12  # inches between them
_SEPARATE_BARS = 60  # more have no gaps between them
_BEYOND = _HIGHEST + 3.5  # where the marks of those above stand


@dataclass(frozen=True)
class ArmChange:
    """The changes of one arm.

    Attributes:
        arm: Entry of the arm.
        changes: Percent change of every participant, the largest increase first.
        unknown: Participants of the analysis set without one.
        quartiles: First quartile, median and third quartile, from the results; not numbers
            where they are not in them.
        words: The same for print.
    """

    arm: Entry
    changes: FloatArray
    unknown: int
    quartiles: tuple[float, float, float]
    words: tuple[str, str, str]

    @property
    def above(self) -> int:
        """Participants whose bar is cut off."""
        return int((self.changes > _HIGHEST).sum())


def draw(plan: FigurePlan, data: Mapping[str, pd.DataFrame]) -> Drawing:
    """Draw the changes: tables ``adsl`` and ``adsz``, and the results that describe them."""
    entry = _described(plan)
    arms = changes_by_arm(data["adsl"], data["adsz"], data["results"], entry, plan)
    window = dashed(lower_first(plan.labels.get(str(entry.get("window")), "the treatment")))
    figure = percent_change(arms, window, simulated=plan.simulated, dummy=plan.dummy)
    population = lower_first(plan.labels[entry["population"]])
    return Drawing(
        figure,
        "Percent change of every participant",
        f"Waterfall plot of the percent change in seizure frequency from baseline to {window}, one "
        f"bar for every participant of the {population}, by arm. "
        + " ".join(_in_words(arm) for arm in arms),
        "Each bar is a participant, sorted within arm; below zero is fewer seizures. At the right "
        "the same participants as marks"
        + (", with median and quartiles of each arm" if _has_summary(arms) else "")
        + f".{_what_is_cut(arms)}{_who_is_unknown(arms)}{plan.marks}",
    )


def _described(plan: FigurePlan) -> Entry:
    """The analysis whose window and participants are shown."""
    summaries = [entry for entry in plan.analyses if entry["method"] == _SUMMARY]
    return (summaries or list(plan.analyses))[0]


def changes_by_arm(
    adsl: pd.DataFrame, adsz: pd.DataFrame, results: pd.DataFrame, entry: Entry, plan: FigurePlan
) -> list[ArmChange]:
    """The changes of every arm.

    Args:
        adsl: Table ``adsl``.
        adsz: Table ``adsz``.
        results: Table ``results``.
        entry: The analysis that names the window and the analysis set.
        plan: Plan of the figure.
    """
    people = in_set(adsl, entry["population"])
    chosen = adsz[(adsz["PARAMCD"] == "SZFREQ") & (adsz["AVISIT"] == entry.get("window"))]
    change = people["USUBJID"].map(chosen.set_index("USUBJID")["PCHG"]).astype("float64")
    rows = Results(results)
    found = []
    for arm in plan.arms:
        own = change[people["TRT01P"] == arm["id"]]
        known = np.sort(own.dropna().to_numpy())[::-1]
        cells = [
            rows.find(entry["id"], name, group=arm["id"])
            for name in ("quartile_1", "median", "quartile_3")
        ]
        low, middle, high = (math.nan if cell is None else cell.value for cell in cells)
        words = tuple("–" if cell is None else number(cell).text for cell in cells)
        quartiles = (low, middle, high)
        found.append(
            ArmChange(arm, known, int(own.isna().sum()), quartiles, (words[0], words[1], words[2]))
        )
    return found


@house_style()
def percent_change(arms: list[ArmChange], window: str, *, simulated: bool, dummy: bool) -> Figure:
    """Draw the changes; say so where there are none.

    Args:
        arms: The changes of every arm, the reference first.
        window: The window within a sentence.
        simulated: Whether the participants are simulated.
        dummy: Whether the arms are dummy ones.
    """
    if not any(len(arm.changes) for arm in arms):
        why = f"No participant has a percent change in seizure frequency in {window}."
        return sentence_figure(_TITLE, why, simulated=simulated, dummy=dummy)
    panel = _ROOM / (len(arms) * (1 + _STRIP_SHARE))  # inches
    titles = [_lines(f"{arm.arm['label']} {_counted(arm)}", panel, bold=True) for arm in arms]
    labels = [_strip_label(arm, panel * _STRIP_SHARE) for arm in arms]
    most_lines = max(map(_number_of_lines, titles)) + max(map(_number_of_lines, labels))
    figure = new_figure(
        f"Percent change in seizure frequency, {window}",
        4.2 + 0.15 * most_lines,
        simulated=simulated,
        dummy=dummy,
    )
    axes = figure.subplots(
        1,
        len(arms) + 1,
        sharey=True,
        gridspec_kw={"width_ratios": [*[1.0] * len(arms), _STRIP_SHARE * len(arms)]},
    )
    styles = arm_styles([arm.arm for arm in arms])
    for axis, arm, title in zip(axes, arms, titles, strict=False):
        axis.set_title(title, loc="left", weight="bold", fontsize=FONT_SIZE, pad=13)
        _draw_bars(axis, arm, styles[arm.arm["id"]])
    _draw_strips(axes[-1], arms, styles)
    axes[-1].set_xticks(range(len(arms)), labels, fontsize=FONT_SIZE)
    _dress(axes, arms)
    return figure


def _counted(arm: ArmChange) -> str:
    return f"(n = {len(arm.changes)})".replace(" ", "\N{NO-BREAK SPACE}")


def _strip_label(arm: ArmChange, width: float) -> str:
    """Name of an arm below its strip, with its median where it has one."""
    label = _lines(arm.arm["label"], width)
    known = not math.isnan(arm.quartiles[1])
    return f"{label}\nmedian\n{arm.words[1]}" if known else label


def _lines(text: str, width: float, *, bold: bool = False) -> str:
    return "\n".join(broken_lines(text, width - _APART, bold=bold))


def _number_of_lines(text: str) -> int:
    return text.count("\n") + 1


def _draw_bars(axis: Axes, arm: ArmChange, style: ArmStyle) -> None:
    bars = len(arm.changes)
    margin = max(_FEWEST_BARS - bars, 0) / 2
    axis.set_xlim(-0.7 - margin, bars - 0.3 + margin)
    axis.set_xticks([])
    if not bars:
        axis.text(0.5, 0.6, "No participants", transform=axis.transAxes, ha="center")
        return
    places = np.arange(bars)
    width = 0.8 if bars <= _SEPARATE_BARS else 1.0
    axis.bar(
        places,
        np.minimum(arm.changes, _HIGHEST),
        width,
        color=style.colour,
        linewidth=0,
        zorder=2,
    )
    same = places[arm.changes == 0]  # a bar of no height would not be seen
    axis.plot(same, 0 * same, "o", color=style.colour, markersize=3, markeredgewidth=0, zorder=4)
    if arm.above:  # an empty line that is not clipped would count in the layout
        beyond = places[: arm.above]
        axis.plot(beyond, 0 * beyond + _BEYOND, "^", color=WARNING, markersize=4, clip_on=False)


def _draw_strips(axis: Axes, arms: list[ArmChange], styles: dict[str, ArmStyle]) -> None:
    """Every participant as a mark, over median and quartiles."""
    axis.set_xlim(-0.6, len(arms) - 0.4)
    for rank, arm in enumerate(arms):
        style = styles[arm.arm["id"]]
        low, middle, high = (min(value, _HIGHEST) for value in arm.quartiles)
        if not math.isnan(middle):
            axis.bar(
                rank, high - low, 0.66, low, facecolor="none", edgecolor=INK, linewidth=1, zorder=3
            )
            axis.hlines(middle, rank - 0.33, rank + 0.33, color=INK, linewidth=2.2, zorder=5)
        inside = arm.changes[arm.changes <= _HIGHEST]
        axis.plot(
            rank + 0.28 * spread(inside, 4.0),
            inside,
            style.marker,
            color=style.colour,
            markersize=3.4,
            markeredgewidth=0,
            alpha=0.8,
            zorder=2,
        )
        if arm.above:
            axis.plot(rank, _BEYOND, "^", color=WARNING, markersize=4, clip_on=False)
            axis.annotate(
                str(arm.above),
                (rank, _BEYOND),
                xytext=(5, 0),
                textcoords="offset points",
                va="center",
                fontsize=FONT_SIZE,
                color=WARNING,
                annotation_clip=False,
            )


def _dress(axes: Any, arms: list[ArmChange]) -> None:
    axes[0].set_ylim(-102, _HIGHEST)
    axes[0].set_yticks(_TICKS, [_tick_label(tick, arms) for tick in _TICKS])
    axes[0].set_ylabel("Change from baseline")
    for axis in axes:
        axis.spines["bottom"].set_visible(False)
        axis.axhline(0, color=INK, linewidth=0.9, zorder=3)
        axis.axhline(_RESPONSE, color=QUIET, linewidth=0.9, linestyle=(0, (4, 2)), zorder=1)
    for axis in axes[1:]:
        axis.spines["left"].set_visible(False)
        axis.tick_params(axis="y", length=0)
    named = "Median and quartiles" * _has_summary(arms)
    axes[-1].set_title(named, loc="left", color=QUIET, fontsize=FONT_SIZE, pad=13)
    axes[-1].tick_params(axis="x", length=0)


def _tick_label(tick: float, arms: list[ArmChange]) -> str:
    """A tick's label; the highest says where bars were cut off there."""
    cut = tick == _HIGHEST and any(arm.above for arm in arms)
    return f"{percent_label(tick)}\nor more" if cut else percent_label(tick)


def _has_summary(arms: list[ArmChange]) -> bool:
    return any(not math.isnan(arm.quartiles[1]) for arm in arms)


def _in_words(arm: ArmChange) -> str:
    """What the bars of an arm show, in a sentence."""
    fewer = int((arm.changes < 0).sum())
    low, middle, high = arm.words
    summary = (
        "" if math.isnan(arm.quartiles[1]) else f", median {middle} (quartiles {low} and {high})"
    )
    return (
        f"{arm.arm['label']}: {count_of(len(arm.changes), 'participant')}{summary}, {fewer} with a "
        "decrease."
    )


def _what_is_cut(arms: list[ArmChange]) -> str:
    cut = [
        f"{arm.above} with {lower_first(arm.arm['label'])} "
        f"(the largest +{rounded(float(arm.changes[0]), 0)}%)"
        for arm in arms
        if arm.above
    ]
    return f" Bars are cut off at +100%, with a triangle: {listed(cut)}." if cut else ""


def _who_is_unknown(arms: list[ArmChange]) -> str:
    unknown = [f"{arm.unknown} with {lower_first(arm.arm['label'])}" for arm in arms if arm.unknown]
    if not unknown:
        return ""
    return f" Not shown, without seizures in the baseline or recorded days: {listed(unknown)}."
