"""How completely every participant kept the diary: by period and arm."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np
import pandas as pd
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.lines import Line2D

from seizureflow.array_types import FloatArray
from seizureflow.displays.words import count_of, dashed, upper_first
from seizureflow.figures.drawing import Drawing, FigurePlan
from seizureflow.figures.side_by_side import spread
from seizureflow.figures.style import (
    INK,
    QUIET,
    WARNING,
    ArmStyle,
    arm_styles,
    arms_in_order,
    house_style,
    new_figure,
    sentence_figure,
    wrapped,
)
from seizureflow.figures.text_boxes import FONT_SIZE, broken_lines
from seizureflow.rounding import rounded
from seizureflow.study_days import ordinal

Entry = dict[str, Any]

_TITLE = "Diary days recorded by every participant"
_LABEL_WIDTH = 22  # characters
_ROOM = 6.4  # inches for all periods
_BAND = 1.5  # percent, within which marks stand beside each other
_PLACES = 0.8  # of the width of a period, for the marks of all arms


@dataclass(frozen=True)
class Kept:
    """The diaries of one arm in one period.

    Attributes:
        percent: Percent of the expected days that each participant recorded.
        marked: Days of all participants that they marked as not recorded.
        absent: Days of all participants without an entry.
    """

    percent: FloatArray
    marked: int
    absent: int

    @property
    def middle(self) -> float:
        """Median percent; not a number of nobody."""
        return float(np.median(self.percent)) if len(self.percent) else float("nan")


def draw(plan: FigurePlan, data: Mapping[str, pd.DataFrame]) -> Drawing:
    """Draw the share of days recorded: tables ``adsl`` and ``compliance``."""
    design = plan.protocol["design"]
    least = float(plan.protocol["diary_quality"]["minimum_compliance"])
    periods = periods_shown(design)
    kept = kept_diaries(data["adsl"], data["compliance"], periods, plan.arms)
    figure = recording_compliance(
        kept, periods, design, least, simulated=plan.simulated, dummy=plan.dummy
    )
    return Drawing(
        figure,
        "Diary days recorded",
        "Strip chart with boxes of the percent of expected diary days that every randomised "
        "participant recorded. "
        + " ".join(_in_words(arm, periods, kept, least) for arm in plan.arms),
        "Each mark is a participant; boxes are median and quartiles of the marks. A day is "
        "expected in the period from screening to the end of the study of the participant. The "
        "dashed line is the least that the plan of the data checks asks for. Numbers below are "
        "participants / days marked as not recorded / days without an entry; neither is taken for "
        f"a day without seizures.{plan.marks}",
    )


def periods_shown(design: Entry) -> list[Entry]:
    """The baseline and the windows of the plan that no earlier one overlaps."""
    shown: list[Entry] = []
    baseline = {"id": "baseline", "label": "Baseline", "days": design["baseline"]["days"]}
    for period in (baseline, *design["windows"]):
        start, end = ordinal(period["days"])
        others = [ordinal(other["days"]) for other in shown]
        if all(end <= first or last <= start for first, last in others):
            shown.append(period)
    return sorted(shown, key=lambda period: int(period["days"][0]))


def kept_diaries(
    adsl: pd.DataFrame, compliance: pd.DataFrame, periods: list[Entry], arms: list[Entry]
) -> dict[tuple[str, str], Kept]:
    """The diaries by period and arm, of the randomised of whom any day is expected.

    Args:
        adsl: Table ``adsl``.
        compliance: Table ``compliance``.
        periods: The periods.
        arms: The arms.
    """
    randomised = adsl[adsl["RANDFL"] == "Y"].set_index("USUBJID")["TRT01P"]
    expected = compliance[compliance["EXPECTED"] > 0]
    arm_of = expected["USUBJID"].map(randomised)
    kept = {}
    for period in periods:
        for arm in arms:
            own = expected[(expected["PERIOD"] == period["id"]) & (arm_of == arm["id"])]
            kept[period["id"], arm["id"]] = Kept(
                own["PERCENT"].to_numpy(dtype=np.float64),
                int(own["MARKED"].sum()),
                int(own["ABSENT"].sum()),
            )
    return kept


@house_style()
def recording_compliance(
    kept: Mapping[tuple[str, str], Kept],
    periods: list[Entry],
    design: Entry,
    least: float,
    *,
    simulated: bool,
    dummy: bool,
) -> Figure:
    """Draw the diaries by period and arm; say so where no day was expected of anybody.

    Args:
        kept: The diaries by id of the period and of the arm.
        periods: The periods, from left to right.
        design: Entry ``design`` of the protocol.
        least: Percent of days that the plan asks for.
        simulated: Whether the participants are simulated.
        dummy: Whether the arms are dummy ones.
    """
    if not any(len(diaries.percent) for diaries in kept.values()):
        why = "No diary day is expected of any randomised participant."
        return sentence_figure(_TITLE, why, simulated=simulated, dummy=dummy)
    arms = arms_in_order(design["arms"])
    styles = arm_styles(arms)
    lines = sum(wrapped(arm["label"], _LABEL_WIDTH).count("\n") + 1 for arm in arms)
    figure = new_figure(_TITLE, 4.2 + 0.2 * lines, simulated=simulated, dummy=dummy)
    axis, numbers = figure.subplots(2, 1, sharex=True, gridspec_kw={"height_ratios": [17, lines]})
    for column, period in enumerate(periods):
        for rank, arm in enumerate(arms):
            place = column + _PLACES * ((rank + 0.5) / len(arms) - 0.5)
            diaries = kept[period["id"], arm["id"]]
            _draw_marks(axis, diaries, place, _PLACES / len(arms), styles[arm["id"]])
    _dress(axis, periods, least)
    _add_numbers(numbers, kept, periods, arms)
    _add_legend(axis, arms, styles)
    return figure


def _draw_marks(axis: Axes, diaries: Kept, place: float, width: float, style: ArmStyle) -> None:
    if not len(diaries.percent):
        return
    low, middle, high = np.quantile(diaries.percent, (0.25, 0.5, 0.75))
    box = 0.86 * width
    axis.bar(place, high - low, box, low, facecolor="none", edgecolor=INK, linewidth=0.9, zorder=3)
    axis.hlines(middle, place - box / 2, place + box / 2, color=INK, linewidth=2, zorder=4)
    axis.plot(
        place + 0.38 * width * spread(diaries.percent, _BAND),
        diaries.percent,
        style.marker,
        color=style.colour,
        markersize=3.4,
        markeredgewidth=0,
        alpha=0.8,
        clip_on=False,
        zorder=2,
    )


def _dress(axis: Axes, periods: list[Entry], least: float) -> None:
    axis.set_ylim(-2, 102)
    axis.set_yticks(range(0, 101, 20), [f"{percent}%" for percent in range(0, 101, 20)])
    axis.set_ylabel("Expected days recorded")
    axis.set_xlim(-0.5, len(periods) - 0.5)
    axis.axhline(least, color=WARNING, linewidth=0.9, linestyle=(0, (4, 2)), zorder=1)
    room = _ROOM / len(periods) - 0.15
    labels = [upper_first(dashed(period["label"])) for period in periods]
    axis.set_xticks(
        range(len(periods)),
        ["\n".join(broken_lines(label, room)) for label in labels],
        fontsize=FONT_SIZE,
    )
    axis.tick_params(axis="x", length=0, labelbottom=True)
    for edge in range(1, len(periods)):
        axis.axvline(edge - 0.5, color="#E3E3E3", linewidth=0.8, zorder=0)


def _add_numbers(
    axis: Axes, kept: Mapping[tuple[str, str], Kept], periods: list[Entry], arms: list[Entry]
) -> None:
    """Participants and days that were not recorded, in a table under the figure."""
    axis.set_ylim(len(arms) - 0.5, -0.5)
    axis.set_yticks(range(len(arms)), [wrapped(arm["label"], _LABEL_WIDTH) for arm in arms])
    axis.tick_params(axis="both", length=0, labelbottom=False)
    axis.spines[:].set_visible(False)
    axis.set_title(
        "Participants / days marked as not recorded / days without an entry",
        loc="left", color=QUIET, pad=3, fontsize=8.5,
    )  # fmt: skip
    for column, period in enumerate(periods):
        for rank, arm in enumerate(arms):
            own = kept[period["id"], arm["id"]]
            words = f"{len(own.percent)} / {own.marked} / {own.absent}"
            axis.text(column, rank, words, ha="center", va="center", fontsize=8.5)


def _add_legend(axis: Axes, arms: list[Entry], styles: Mapping[str, ArmStyle]) -> None:
    handles = [
        Line2D(
            [], [], color=styles[arm["id"]].colour, marker=styles[arm["id"]].marker,
            linestyle="none", markersize=5, label=wrapped(arm["label"], 44),
        )
        for arm in arms
    ]  # fmt: skip
    one_line = sum(len(arm["label"]) + 5 for arm in arms) < 84
    axis.legend(
        handles=handles,
        loc="lower left",
        bbox_to_anchor=(0, 1.01),
        ncols=len(handles) if one_line else 1,
        borderaxespad=0.2,
    )


def _in_words(
    arm: Entry, periods: list[Entry], kept: Mapping[tuple[str, str], Kept], least: float
) -> str:
    """The numbers of an arm in a sentence."""
    told = []
    for period in periods:
        own = kept[period["id"], arm["id"]]
        if not len(own.percent):
            continue
        below = int((own.percent < least).sum())
        told.append(
            f"{upper_first(dashed(period['label']))} {count_of(len(own.percent), 'participant')}, "
            f"median {rounded(own.middle, 1)}%, {below} below {least:g}%"
        )
    return f"{arm['label']}: {'; '.join(told) or 'no diary days'}."
