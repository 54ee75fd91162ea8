"""Change in log seizure frequency by visit: the means of the arms over every participant.

The means are the LS means of the primary mixed model where the plan has one whose endpoint is the
change in log frequency, else the observed means.
"""

from __future__ import annotations

import math
from collections.abc import Mapping
from typing import Any

import numpy as np
import pandas as pd
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.lines import Line2D

from seizureflow.adsl import in_set
from seizureflow.displays.words import listed, lower_first
from seizureflow.figures.drawing import Drawing, FigurePlan
from seizureflow.figures.style import (
    FAINT,
    QUIET,
    ArmStyle,
    arm_styles,
    arms_in_order,
    house_style,
    new_figure,
    percent_label,
    sentence_figure,
    wrapped,
)
from seizureflow.figures.visit_means import Means, by_visit, last_means, means_shown

Entry = dict[str, Any]

_TITLE = "Change in seizure frequency by visit"
_PERCENTS = (-99.9, -99, -95, -90, -75, -50, 0, 100, 300, 900, 3900)
_LABEL_WIDTH = 22  # characters
_LABELLED_VISITS = 8  # more are named by their weeks alone
_APART = 0.02  # of the time shown, between the means of two arms at a visit


def draw(plan: FigurePlan, data: Mapping[str, pd.DataFrame]) -> Drawing:
    """Draw the change by visit: tables ``adsl`` and ``adsz``, and results by visit."""
    arms = listed([lower_first(arm["label"]) for arm in plan.arms])
    design = plan.protocol["design"]
    visits = listed([lower_first(visit["label"]) for visit in design["visits"]])
    figure = log_frequency(
        data["adsl"],
        data["adsz"],
        data["results"],
        design,
        plan.protocol["endpoints"],
        confidence_level=plan.confidence_level,
        simulated=plan.simulated,
        dummy=plan.dummy,
    )
    means = means_shown(data["results"], plan.protocol["endpoints"])
    words = lower_first(means.words) if means else "mean"
    table = " The same numbers are in the tables of the analysis."
    return Drawing(
        figure,
        "Change in log seizure frequency by visit",
        f"Line chart of the change in log seizure frequency from baseline at "
        f"{visits or 'each visit'}: the {words} of each arm ({arms}) with its {plan.level} "
        f"interval over the lines of all participants.{last_means(means, plan)}{table}",
        f"Below zero is fewer seizures than in the baseline. Thick lines are the {words} with "
        f"{plan.level} intervals, thin lines participants; numbers below are participants with a "
        f"value at the visit.{plan.marks}",
    )


@house_style()
def log_frequency(
    adsl: pd.DataFrame,
    adsz: pd.DataFrame,
    results: pd.DataFrame,
    design: Entry,
    endpoints: list[Entry],
    *,
    confidence_level: float,
    simulated: bool,
    dummy: bool,
) -> Figure:
    """Draw the means of :func:`means_shown` over every participant; say so where there are none.

    Args:
        adsl: Table ``adsl``.
        adsz: Table ``adsz``.
        results: Table ``results``.
        design: Entry ``design`` of the protocol.
        endpoints: Entry ``endpoints`` of the protocol.
        confidence_level: Level of the intervals.
        simulated: Whether the participants are simulated.
        dummy: Whether the arms are dummy ones.
    """
    means = means_shown(results, endpoints)
    if means is None:
        why = (
            "The plan of this study has no analysis of the change by visit."
            if results.empty
            else "The analysis of the change by visit was not computed."
        )
        return sentence_figure(_TITLE, why, simulated=simulated, dummy=dummy)
    endpoint = next(entry for entry in endpoints if entry["id"] == means.endpoint)
    people = in_set(adsl, means.population)
    lines = _changes(adsz, people, endpoint["id"], design["visits"])
    arms = arms_in_order(design["arms"])

    table_lines = sum(wrapped(arm["label"], _LABEL_WIDTH).count("\n") + 1 for arm in arms)
    figure = new_figure(_TITLE, 5.6 + 0.2 * table_lines, simulated=simulated, dummy=dummy)
    axis, counts = figure.subplots(
        2, 1, sharex=True, gridspec_kw={"height_ratios": [22, table_lines]}
    )
    for rank, arm in enumerate(arms):
        style = arm_styles(arms)[arm["id"]]
        own = _of_arm(lines, people, arm["id"])
        _draw_participants(axis, own, design["visits"], style)
        shift = _APART * (rank - (len(arms) - 1) / 2)
        _draw_means(axis, means, arm["id"], design["visits"], style, shift)
    _dress(axis, endpoint, design["visits"])
    _add_percent_axis(axis)
    sizes = {arm["id"]: _of_arm(lines, people, arm["id"]).count() for arm in arms}
    _add_counts(counts, sizes, arms, design["visits"])
    _add_legend(axis, arms, means, confidence_level)
    figure.supxlabel(
        _note(endpoint, means, design["visits"]), x=0.008, ha="left", fontsize=8.5, color=QUIET
    )
    return figure


def _changes(
    adsz: pd.DataFrame, people: pd.DataFrame, endpoint: str, visits: list[Entry]
) -> pd.DataFrame:
    """The change of every participant (rows) at every visit (columns)."""
    chosen = adsz[(adsz["PARAMCD"] == endpoint) & adsz["USUBJID"].isin(people["USUBJID"])]
    wide = chosen.pivot(index="USUBJID", columns="AVISIT", values="CHG")
    return wide.reindex(columns=[visit["id"] for visit in visits])


def _of_arm(lines: pd.DataFrame, people: pd.DataFrame, arm: str) -> pd.DataFrame:
    return lines[lines.index.isin(people.loc[people["TRT01P"] == arm, "USUBJID"])]


def _weeks(visits: list[Entry]) -> list[float]:
    return [visit["week"] for visit in visits]


def _span(visits: list[Entry]) -> float:
    weeks = _weeks(visits)
    return max(weeks) - min(weeks) or 1.0


def _draw_participants(
    axis: Axes, lines: pd.DataFrame, visits: list[Entry], style: ArmStyle
) -> None:
    """One thin line per participant, broken where a visit has no value."""
    for values in lines.to_numpy():
        axis.plot(
            _weeks(visits),
            values,
            color=style.colour,
            linewidth=0.6,
            alpha=0.35,
            marker="o",
            markersize=1.5,
            markeredgewidth=0,
            zorder=2,
        )


def _draw_means(
    axis: Axes, means: Means, arm: str, visits: list[Entry], style: ArmStyle, shift: float
) -> None:
    names = tuple(means.statistic + end for end in ("", "_lower", "_upper"))
    middle, lower, upper = by_visit(means.rows[means.rows["GROUP"] == arm], visits, names).values()
    weeks = np.array(_weeks(visits)) + shift * _span(visits)
    for colour, width in (("white", 4.5), (style.colour, 2.2)):  # a halo over the thin lines
        axis.vlines(
            weeks,
            lower,
            upper,
            colors=colour,
            linewidth=width,
            zorder=4,
        )
    axis.plot(weeks, middle, color="white", linewidth=4, zorder=3)
    axis.plot(
        weeks,
        middle,
        color=style.colour,
        linestyle=style.line,
        linewidth=2,
        marker=style.marker,
        markersize=7,
        markeredgecolor="white",
        zorder=5,
    )


def _dress(axis: Axes, endpoint: Entry, visits: list[Entry]) -> None:
    axis.axhline(0, color=QUIET, linewidth=0.8, zorder=1)
    axis.set_ylabel(f"{endpoint['label']} from baseline")
    axis.set_xlim(
        min(_weeks(visits)) - 0.06 * _span(visits), max(_weeks(visits)) + 0.06 * _span(visits)
    )
    many = len(visits) > _LABELLED_VISITS
    labels = [f"{visit['week']:g}" if many else visit["label"] for visit in visits]
    axis.set_xticks(_weeks(visits), labels)
    axis.tick_params(axis="x", labelbottom=True)
    axis.set_xlabel("Week" if many else "")


def _note(endpoint: Entry, means: Means, visits: list[Entry]) -> str:
    """What a reader must know of the heights, above all of those far down."""
    note = "Each visit stands for the time since the one before."
    note = f"{_visits_of_the_model(means, visits)}{note}"
    before, after = endpoint["baseline_offset"], endpoint["post_offset"]
    if after and before == after:
        return f"{note} {after:g} is added to every frequency, so that zero has a logarithm."
    if after:
        note += f" {after:g} is added to frequencies after baseline, so that zero has a logarithm."
    return note


def _visits_of_the_model(means: Means, visits: list[Entry]) -> str:
    """Which visits have means, where it is not all of them."""
    having = set(means.rows.loc[means.rows["STATISTIC"] == means.statistic, "VISIT"].dropna())
    shown = [lower_first(visit["label"]) for visit in visits if visit["id"] in having]
    if means.statistic != "lsmean" or len(shown) == len(visits):
        return ""
    return f"The model is of {listed(shown)}.\n"


def _add_percent_axis(axis: Axes) -> None:
    """A second axis that gives the same heights as percent change."""
    lower, upper = axis.get_ylim()
    percents = [p for p in _PERCENTS if lower <= math.log1p(p / 100) <= upper]
    right = axis.secondary_yaxis("right")
    right.set_yticks(
        [math.log1p(percent / 100) for percent in percents],
        [percent_label(percent) for percent in percents],
    )
    right.set_ylabel("As percent change")


def _add_counts(
    axis: Axes, sizes: Mapping[str, pd.Series[int]], arms: list[Entry], visits: list[Entry]
) -> None:
    """Participants with a value by visit and arm, in a table under the figure."""
    axis.set_ylim(len(arms) - 0.5, -0.5)
    axis.set_yticks(range(len(arms)), [wrapped(arm["label"], _LABEL_WIDTH) for arm in arms])
    axis.tick_params(axis="both", length=0, labelbottom=False)
    axis.spines[:].set_visible(False)
    axis.set_title("Participants", loc="left", color=QUIET, pad=3, fontsize=8.5)
    for rank, arm in enumerate(arms):
        for week, size in zip(_weeks(visits), sizes[arm["id"]], strict=True):
            axis.text(week, rank, str(size), ha="center", va="center", fontsize=8.5)


def _add_legend(axis: Axes, arms: list[Entry], means: Means, confidence_level: float) -> None:
    handles = [
        Line2D(
            [],
            [],
            color=style.colour,
            linestyle=style.line,
            linewidth=2,
            marker=style.marker,
            markersize=7,
            markeredgecolor="white",
            label=arm["label"],
        )
        for arm in arms
        for style in [arm_styles(arms)[arm["id"]]]
    ]
    handles.append(Line2D([], [], color=FAINT, linewidth=0.8, label="one participant"))
    axis.legend(
        handles=handles,
        title=f"{means.words}, with {100 * confidence_level:g}% interval",
        loc="lower left",
        bbox_to_anchor=(0, 1),
        ncols=len(handles) if sum(len(arm["label"]) for arm in arms) < 60 else 2,
        alignment="left",
    )
