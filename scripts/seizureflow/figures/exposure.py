"""Time in the study and on treatment of every participant: a line each, from day 1."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import numpy as np
import pandas as pd
from matplotlib.axes import Axes
from matplotlib.collections import LineCollection
from matplotlib.figure import Figure
from matplotlib.lines import Line2D

from seizureflow.displays.words import count_of, listed, lower_first
from seizureflow.figures.drawing import Drawing, FigurePlan
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
from seizureflow.figures.swimmer_rows import COMPLETED, Swimmer, endings, swimmers
from seizureflow.study_days import ordinal

Entry = dict[str, Any]

_TITLE = "Time in the study and on treatment"
_ROW_HEIGHT = 0.095  # inches
_ENDINGS = ("s", "v", "^", "P", "*", "<", ">")  # marks of reasons for leaving
_SMALLEST_PANEL = 4  # rows


def draw(plan: FigurePlan, data: Mapping[str, pd.DataFrame]) -> Drawing:
    """Draw the lines: tables ``adsl`` and ``adex``, and ``adae`` where there is one."""
    adae = data.get("adae")
    by_arm = {arm["id"]: swimmers(data["adsl"], data["adex"], adae, arm["id"]) for arm in plan.arms}
    figure = exposure(
        by_arm,
        plan.protocol["design"],
        events=adae is not None,
        simulated=plan.simulated,
        dummy=plan.dummy,
    )
    events = (
        ""
        if adae is None
        else (
            " A diamond is the start of a serious adverse event, a cross that of one for which "
            "treatment was withdrawn; both are of events that began under treatment."
        )
    )
    return Drawing(
        figure,
        "Time in the study and on treatment",
        "Swimmer plot with a line for every participant dosed, from the first dose to the end of "
        "the study. " + " ".join(_in_words(arm, by_arm[arm["id"]], adae) for arm in plan.arms),
        "Day 1 is the first dose. The thick line reaches from the first to the last dose, ticks "
        "are doses, the thin line reaches to the end of the study, where a mark says how it came. "
        f"The longest are on top of each arm.{events}{_never_dosed(plan, data['adsl'])}"
        f"{plan.marks}",
    )


@house_style()
def exposure(
    by_arm: Mapping[str, list[Swimmer]],
    design: Entry,
    *,
    events: bool,
    simulated: bool,
    dummy: bool,
) -> Figure:
    """Draw the participants of every arm; say so where nobody was dosed.

    Args:
        by_arm: Participants by id of the arm.
        design: Entry ``design`` of the protocol.
        events: Whether the study has adverse events.
        simulated: Whether the participants are simulated.
        dummy: Whether the arms are dummy ones.
    """
    arms = arms_in_order(design["arms"])
    everyone = [swimmer for arm in arms for swimmer in by_arm[arm["id"]]]
    if not everyone:
        why = "No randomised participant has a recorded dose."
        return sentence_figure(_TITLE, why, simulated=simulated, dummy=dummy)
    shown_as = endings(everyone)
    marks = _marks_of(shown_as)
    rows = [max(len(by_arm[arm["id"]]), _SMALLEST_PANEL) for arm in arms]
    height = float(np.clip(sum(rows) * _ROW_HEIGHT, 1.4, 9.5))
    size = min(height / (sum(rows) * _ROW_HEIGHT), 1.0)  # of lines and marks, where rows are low
    figure = new_figure(_TITLE, 1.9 + height, simulated=simulated, dummy=dummy)
    axes = figure.subplots(
        len(arms), 1, squeeze=False, sharex=True, gridspec_kw={"height_ratios": rows}
    )[:, 0]
    styles = arm_styles(arms)
    for axis, arm in zip(axes, arms, strict=True):
        _draw_arm(axis, by_arm[arm["id"]], styles[arm["id"]], shown_as, marks, size)
        own = count_of(len(by_arm[arm["id"]]), "participant")
        label = f"{wrapped(arm['label'], 20)}\n{own}"
        axis.set_ylabel(label, rotation=0, ha="right", va="center", labelpad=6)
    _dress(axes, design, max(swimmer.duration for swimmer in everyone))
    _add_legend(figure, marks, everyone, events=events)
    return figure


def _marks_of(shown_as: Mapping[str, str]) -> dict[str, str]:
    """The mark of everything that is shown as an ending."""
    shown = list(dict.fromkeys(shown_as.values()))
    return dict(zip(shown, ("o", *_ENDINGS), strict=False))


def _draw_arm(
    axis: Axes,
    people: list[Swimmer],
    style: ArmStyle,
    shown_as: Mapping[str, str],
    marks: Mapping[str, str],
    size: float,
) -> None:
    axis.set_ylim(max(len(people), _SMALLEST_PANEL) - 0.3, -0.7)
    if not people:
        axis.text(0.5, 0.5, "No participants", transform=axis.transAxes, ha="center", va="center")
        return
    study, treated, doses = [], [], []
    for row, swimmer in enumerate(people):
        study.append([(0, row), (swimmer.duration, row)])
        treated.append([(0, row), (swimmer.last_dose, row)])
        doses += [[(day, row - 0.42), (day, row + 0.42)] for day in swimmer.doses]
    for lines, colour, width, order in (
        (study, QUIET, 0.7, 2),
        (treated, style.colour, 2.6, 2),
        (doses, "white", 2.2, 3),  # a halo, to be seen on dark lines
        (doses, INK, 0.8, 3),
    ):
        axis.add_collection(
            LineCollection(lines, colors=colour, linewidths=size * width, zorder=order)
        )
    for shown, mark in marks.items():
        at = [
            (swimmer.duration, row)
            for row, swimmer in enumerate(people)
            if swimmer.ending and shown_as[swimmer.ending] == shown
        ]
        if at:
            look = _sized(_ending_look(shown), size)
            axis.plot(*zip(*at, strict=True), mark, **look, clip_on=False, zorder=4)
    for name, full in _EVENT_LOOKS.items():
        days = [(day, row) for row, who in enumerate(people) for day in getattr(who, name)]
        if days:
            look = _sized(full, size) | {"linestyle": "none", "clip_on": False}
            axis.plot(*zip(*days, strict=True), **look, zorder=5)


def _sized(look: Entry, size: float) -> Entry:
    """The look of a mark where rows are low; never so small that it cannot be seen."""
    return look | {"markersize": look["markersize"] * max(size, 0.6)}


_EVENT_LOOKS: dict[str, Entry] = {
    "serious": {
        "marker": "D",
        "markersize": 5.5,
        "markerfacecolor": "white",
        "markeredgecolor": WARNING,
        "markeredgewidth": 1.1,
    },
    "withdrawing": {
        "marker": "x",
        "markersize": 4,
        "markeredgecolor": WARNING,
        "markeredgewidth": 1.2,
    },
}
_EVENT_WORDS = {
    "serious": "Serious adverse event",
    "withdrawing": "Adverse event, treatment withdrawn",
}


def _ending_look(shown: str) -> Entry:
    if shown == COMPLETED:
        return {
            "markersize": 4,
            "markerfacecolor": "white",
            "markeredgecolor": QUIET,
            "markeredgewidth": 0.9,
        }
    return {"color": INK, "markersize": 5, "markeredgewidth": 0.4, "markeredgecolor": "white"}


def _dress(axes: Any, design: Entry, longest: int) -> None:
    days = [1, *(visit["day"] for visit in design["visits"])]
    shown = sorted(day for day in dict.fromkeys(days) if 0 <= ordinal(day) <= longest)
    for axis in axes:
        axis.set_yticks([])
        axis.set_xlim(-0.01 * longest, 1.03 * longest)
        axis.spines[["left", "bottom"]].set_visible(False)
        axis.tick_params(axis="x", length=0)
        for day in ordinal(shown):
            axis.axvline(day, color="#E3E3E3", linewidth=0.7, zorder=0)
    axes[-1].set_xticks(ordinal(shown), [str(day) for day in shown])
    axes[-1].set_xlabel("Study day (lines at the scheduled visits)")


def _add_legend(
    figure: Figure, marks: Mapping[str, str], everyone: list[Swimmer], *, events: bool
) -> None:
    handles: list[Line2D] = [
        Line2D([], [], color=QUIET, linewidth=3, label="First to last dose"),
        Line2D([], [], color=QUIET, linewidth=0.8, label="In the study"),
        Line2D([], [], color=INK, marker="|", linestyle="none", markersize=7, label="Dose"),
    ]
    handles += [
        Line2D([], [], marker=mark, linestyle="none", label=wrapped(shown, 34))
        for shown, mark in marks.items()
        if any(swimmer.ending for swimmer in everyone)
    ]
    for handle, shown in zip(handles[3:], marks, strict=False):
        handle.update(_ending_look(shown))
    if events:
        handles += [
            Line2D([], [], linestyle="none", label=_EVENT_WORDS[name], **look)
            for name, look in _EVENT_LOOKS.items()
        ]
    figure.legend(handles=handles, loc="outside lower left", ncols=3)


def _in_words(arm: Entry, people: list[Swimmer], adae: pd.DataFrame | None) -> str:
    completed = sum(swimmer.ending == COMPLETED for swimmer in people)
    left = sum(swimmer.ending not in ("", COMPLETED) for swimmer in people)
    ends = [f"{completed} completed", f"{left} left"] if completed + left else []
    if adae is not None:
        ends.append(f"{sum(bool(who.serious) for who in people)} with a serious adverse event")
        ends.append(
            f"{sum(bool(who.withdrawing) for who in people)} with an adverse event for which "
            "treatment was withdrawn"
        )
    told = f": {listed(ends)}" if ends else ""
    return f"{arm['label']}, {count_of(len(people), 'participant')}{told}."


def _never_dosed(plan: FigurePlan, adsl: pd.DataFrame) -> str:
    randomised = adsl[adsl["RANDFL"] == "Y"]
    without = randomised[randomised["DOSEDFL"] != "Y"]["TRT01P"]
    numbers = [
        f"{(without == arm['id']).sum()} of {lower_first(arm['label'])}"
        for arm in plan.arms
        if (without == arm["id"]).any()
    ]
    return f" Randomised, never dosed and not shown: {listed(numbers)}." if numbers else ""
