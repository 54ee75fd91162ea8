"""The estimates in subgroups of the participants, beside that of everyone."""

from __future__ import annotations

import itertools
import math
import textwrap
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

import pandas as pd
from matplotlib.axes import Axes
from matplotlib.figure import Figure

from seizureflow.displays.words import lower_first
from seizureflow.figures.drawing import Drawing, FigurePlan
from seizureflow.figures.forest_rows import (
    PANELS,
    Estimate,
    Panel,
    axis_range,
    axis_ticks,
    numbers_text,
)
from seizureflow.figures.style import (
    FAINT,
    INK,
    QUIET,
    ArmStyle,
    arm_styles,
    arms_in_order,
    house_style,
    new_figure,
    sentence_figure,
    wrapped,
)
from seizureflow.results import value_of
from seizureflow.rounding import p_value

Entry = dict[str, Any]

_TITLE = "Subgroups"
_ROW = 0.235  # inches
_LABEL_WIDTH = 40  # characters
_RIGHT_WIDTH = 28  # characters
_TICKS_APART = 0.12  # of the axis, which is narrower than that of the forest
_COUNTS_SPACE = 62  # points between the labels and the axis
_VALUES = {"Y": "Yes", "N": "No", "F": "Female", "M": "Male"}


@dataclass(frozen=True)
class _Row:
    """A row: a variable, or the estimate of everyone or of a subgroup.

    Attributes:
        label: What stands at the left.
        counts: Participants by arm.
        estimate: The estimate; None in the row of a variable.
        right: What stands at the right, where there is no estimate.
        overall: Whether it is of everyone.
    """

    label: str
    counts: str = ""
    estimate: Estimate | None = None
    right: str = ""
    overall: bool = False

    @property
    def lines(self) -> float:
        """Height of the row in rows of one line."""
        return 1 + 0.7 * max(self.label.count("\n"), self.right.count("\n"))


def draw(plan: FigurePlan, data: Mapping[str, pd.DataFrame]) -> Drawing:
    """Draw the first analysis in subgroups: its results."""
    reference = lower_first(plan.arms[0]["label"])
    results = data["results"]
    figure = subgroups(
        results[results["ANALYSIS"] == plan.analyses[0]["id"]],
        plan.arms,
        plan.labels,
        confidence_level=plan.confidence_level,
        simulated=plan.simulated,
        dummy=plan.dummy,
    )
    return Drawing(
        figure,
        "Subgroups",
        f"Forest plot of the estimates against {reference} in subgroups of the participants, with "
        f"their {plan.level} intervals and numbers of participants, beside that of all. The same "
        "numbers are in the tables of the analysis.",
        "The dotted line is the estimate of all participants. Exploratory: nothing is adjusted "
        "for the number of subgroups; whether the effect differs between them is what p of the "
        f"interaction asks.{plan.marks}",
    )


@house_style()
def subgroups(
    results: pd.DataFrame,
    arms: list[Entry],
    labels: Mapping[str, str],
    *,
    confidence_level: float,
    simulated: bool,
    dummy: bool,
) -> Figure:
    """Draw the subgroups of one analysis; say so where it has no estimate that can be drawn.

    Args:
        results: Table ``results`` of the analysis.
        arms: Entry ``design/arms`` of the protocol.
        labels: Labels of the variables.
        confidence_level: Level of the intervals.
        simulated: Whether the participants are simulated.
        dummy: Whether the arms are dummy ones.
    """
    arms = arms_in_order(arms)
    measure = _measure(results)
    if measure is None:
        why = "The analysis in subgroups gave no estimate; the report says why."
        return sentence_figure(_TITLE, why, simulated=simulated, dummy=dummy)
    rows = list(_rows(results, measure, arms, labels))
    compared = arms[1]["label"] if len(arms) == 2 else "every arm"
    figure = new_figure(
        f"{_TITLE}: {compared} against {arms[0]['label'].lower()}",
        1.9 + _ROW * sum(row.lines for row in rows),
        simulated=simulated,
        dummy=dummy,
    )
    axis = figure.subplots()
    _draw(axis, PANELS[measure], rows, arm_styles(arms))
    _dress(axis, PANELS[measure], rows, arms, f"{100 * confidence_level:g}%")
    figure.supxlabel(
        "Exploratory: not adjusted for the number of subgroups. Whether the effect differs between "
        "subgroups\nis what p of the interaction asks, not whether one interval reaches no effect.",
        x=0.008,
        ha="left",
        fontsize=8.5,
        color=QUIET,
    )
    return figure


def _heights(rows: list[_Row]) -> list[float]:
    """Middle of every row from the top."""
    bottoms = itertools.accumulate(row.lines for row in rows)
    return [bottom - row.lines / 2 for row, bottom in zip(rows, bottoms, strict=True)]


def _measure(results: pd.DataFrame) -> str | None:
    """The estimate of the analysis that was repeated, among those that can be drawn."""
    overall = results[results["VARIABLE"].isna() & results["VALUE"].notna()]
    given = set(overall["STATISTIC"])
    return next((name for name in PANELS if name in given), None)


def _rows(
    results: pd.DataFrame, measure: str, arms: list[Entry], labels: Mapping[str, str]
) -> Iterator[_Row]:
    yield from _estimates(results, measure, arms, "All participants", None, None)
    known = results[results["VARIABLE"].notna()]
    for variable, own in known.groupby("VARIABLE", sort=False):
        tests = [
            (arm, value_of(own, str(own["ANALYSIS"].iloc[0]), "interaction_p", group=arm["id"],
                           variable=str(variable)))
            for arm in arms[1:]
        ]  # fmt: skip
        known_tests = [(arm, _p(value)) for arm, value in tests if not math.isnan(value)]
        if len(arms) == 2:
            lines = [f"interaction {p}" for _, p in known_tests]
        else:
            lines = [wrapped(f"{arm['label']}: {p}", _RIGHT_WIDTH) for arm, p in known_tests]
            lines = ["interaction", *lines] if lines else []
        yield _Row(
            wrapped(labels.get(str(variable), str(variable)), _LABEL_WIDTH), right="\n".join(lines)
        )
        for level in own["LEVEL"].dropna().unique():
            words = str(_VALUES.get(level, level))
            yield from _estimates(own, measure, arms, words, str(variable), str(level))


def _estimates(
    results: pd.DataFrame,
    measure: str,
    arms: list[Entry],
    label: str,
    variable: str | None,
    level: str | None,
) -> Iterator[_Row]:
    """The estimate of each arm compared, in a row of its own."""
    analysis = str(results["ANALYSIS"].iloc[0])

    def number(statistic: str, arm: str) -> float:
        return value_of(results, analysis, statistic, group=arm, variable=variable, level=level)

    sizes = [number("participants", arm["id"]) for arm in arms]
    counts = " / ".join("–" if math.isnan(size) else f"{size:.0f}" for size in sizes)
    for arm in arms[1:]:
        point, lower, upper = (number(measure + end, arm["id"]) for end in ("", "_lower", "_upper"))
        estimate = Estimate(label, arm["id"], variable is None, (point, lower, upper))
        words = label if len(arms) == 2 else wrapped(f"{label}, {arm['label']}", _LABEL_WIDTH)
        yield _Row(words, counts, estimate, overall=variable is None)


def _p(value: float) -> str:
    printed = p_value(value)
    return f"p {printed[0]} {printed[1:]}" if printed.startswith("<") else f"p = {printed}"


def _draw(axis: Axes, panel: Panel, rows: list[_Row], styles: dict[str, ArmStyle]) -> None:
    shown = [row.estimate for row in rows if row.estimate is not None]
    axis.set_ylim(sum(row.lines for row in rows), 0)
    axis.set_xscale("log")
    axis.set_xlim(*axis_range(panel, shown, None))
    left, right = axis.get_xlim()
    axis.axvline(1, color=INK, linewidth=0.9, zorder=1)
    for height, row in zip(_heights(rows), rows, strict=True):
        if row.estimate is None:
            continue
        axis.axhline(height, color=FAINT, linewidth=0.4, zorder=0)  # leads the eye to the numbers
        if not row.estimate.computed:
            continue
        style = styles[row.estimate.arm]
        point, lower, upper = (panel.ratio(value) for value in row.estimate.values)
        if row.overall:
            axis.axvline(point, color=style.colour, linewidth=1, linestyle=(0, (1, 1.5)), zorder=1)
        ends = max(lower, left), min(upper, right)
        width = 2.4 if row.overall else 1.5
        axis.hlines(height, *ends, colors=style.colour, linewidth=width, zorder=2)
        for beyond, end, marker in ((lower < left, left, "<"), (upper > right, right, ">")):
            if beyond:
                axis.plot(end, height, marker, color=style.colour, markersize=6, clip_on=False)
        if left <= point <= right:
            size = 9 if row.overall else 6
            axis.plot(point, height, style.marker, color=style.colour, markersize=size, zorder=3)


def _dress(axis: Axes, panel: Panel, rows: list[_Row], arms: list[Entry], level: str) -> None:
    ticks = axis_ticks(panel, *axis.get_xlim(), apart=_TICKS_APART)
    axis.set_xticks([panel.ratio(tick) for tick in ticks], [panel.tick_label(t) for t in ticks])
    axis.minorticks_off()
    axis.set_xlabel(panel.title)
    axis.spines["left"].set_visible(False)
    heights = _heights(rows)
    axis.set_yticks(heights, [row.label for row in rows])
    axis.tick_params(axis="y", length=0, pad=_COUNTS_SPACE)
    numbers = axis.secondary_yaxis("right")
    numbers.set_yticks(heights, [_at_right(panel, row) for row in rows])
    numbers.spines["right"].set_visible(False)
    numbers.tick_params(axis="y", length=0, pad=8)
    for row, text in zip(rows, axis.get_yticklabels(), strict=True):
        text.set_fontweight("bold" if row.overall or row.estimate is None else "normal")
    for row, text in zip(rows, numbers.get_yticklabels(), strict=True):
        text.set_fontweight("bold" if row.overall else "normal")
        if row.estimate is None:
            text.set_color(QUIET)
    for height, row in zip(heights, rows, strict=True):
        axis.annotate(
            row.counts,
            (0, height),
            xycoords=axis.get_yaxis_transform(),
            xytext=(-10, 0),
            textcoords="offset points",
            ha="right",
            va="center",
            fontsize=8.5,
        )
    named = textwrap.fill(f"Participants: {' / '.join(arm['label'] for arm in arms)}", 46)
    for words, place, shift, side in (
        (named, (0, 1), -6, "right"),
        (f"Estimate ({level} CI)", (1, 1), 8, "left"),
    ):
        axis.annotate(
            words,
            place,
            xycoords="axes fraction",
            xytext=(shift, 3),
            textcoords="offset points",
            ha=side,
            color=QUIET,
            fontsize=8.5,
        )


def _at_right(panel: Panel, row: _Row) -> str:
    return row.right if row.estimate is None else numbers_text(panel, row.estimate)
