"""Adverse events by term: the share of each arm, and the differences between the arms."""

from __future__ import annotations

import math
from collections.abc import Mapping
from typing import Any

import pandas as pd
from matplotlib.axes import Axes
from matplotlib.figure import Figure

from seizureflow.displays.words import count_of, lower_first
from seizureflow.figures.arm_legend import arm_handles
from seizureflow.figures.drawing import Drawing, FigurePlan
from seizureflow.figures.event_rows import EventTerm, event_terms, most_frequent
from seizureflow.figures.style import (
    FAINT,
    INK,
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

_TITLE = "Adverse events by term"
_ROW = 0.235  # inches for each line of a row
_LABEL_WIDTH = 34  # characters
_WIDEST = 60.0  # percentage points; an interval that reaches further ends in an arrow
_BETWEEN_MARKS = 0.24  # lines of a row between the marks of two arms, which may have one share
_BETWEEN_INTERVALS = 0.7


def draw(plan: FigurePlan, data: Mapping[str, pd.DataFrame]) -> Drawing:
    """Draw the most frequent adverse events: results of their summary and comparison."""
    found = event_terms(data["results"], plan.analyses, plan.arms)
    shown = most_frequent(found)
    figure = adverse_events(
        shown,
        len(found) - len(shown),
        plan.arms,
        confidence_level=plan.confidence_level,
        simulated=plan.simulated,
        dummy=plan.dummy,
    )
    reference = lower_first(plan.arms[0]["label"])
    flagged = " A star marks terms that the double false discovery rate flags." * any(
        term.flagged for term in shown
    )
    compared = any(term.differences for term in shown)
    alt = "Dot plot of the share of each arm with an adverse event, by preferred term"
    if compared:
        alt += (
            f", and of the risk differences against {reference} with their {plan.level} intervals"
        )
    order = (
        f"Terms with the largest excess over {reference} stand first. Intervals are not adjusted "
        "for the number of terms: some will exclude no difference by chance."
        if compared
        else "The most frequent terms stand first."
    )
    return Drawing(
        figure,
        _TITLE,
        f"{alt}. {_in_words(shown, len(found) - len(shown), plan.arms)}".rstrip(),
        f"Participants count once for each term. {order}{flagged}{plan.marks}",
    )


@house_style()
def adverse_events(
    terms: list[EventTerm],
    left_out: int,
    arms: list[Entry],
    *,
    confidence_level: float,
    simulated: bool,
    dummy: bool,
) -> Figure:
    """Draw a row per term; say so where there is none.

    Args:
        terms: The terms, in order.
        left_out: How many are not shown.
        arms: Entry ``design/arms`` of the protocol.
        confidence_level: Level of the intervals.
        simulated: Whether the participants are simulated.
        dummy: Whether the arms are dummy ones.
    """
    if not terms:
        why = "No adverse event was counted by term."
        return sentence_figure(_TITLE, why, simulated=simulated, dummy=dummy)
    arms = arms_in_order(arms)
    lines = max(1, len(arms) - 1)
    heights = [max(lines, 0.75 * (_label(term).count("\n") + 1)) for term in terms]
    figure = new_figure(_TITLE, 1.75 + _ROW * sum(heights), simulated=simulated, dummy=dummy)
    compared = any(term.differences for term in terms)
    ends = pd.Series(heights).cumsum()
    middles = [float(end) - own / 2 for end, own in zip(ends, heights, strict=True)]
    if compared:
        left, right = figure.subplots(1, 2, sharey=True, width_ratios=[1, 1.25])
    else:
        left, right = figure.subplots(), None
    left.set_ylim(sum(heights), 0)
    _draw_shares(left, terms, middles, arms)
    if right is not None:
        _draw_differences(right, terms, middles, arms)
        _write_numbers(right, terms, middles, arms, f"{100 * confidence_level:g}%")
    _add_legend(left, arms)
    figure.supxlabel(_note(terms, left_out), x=0.008, ha="left", fontsize=8.5, color=QUIET)
    return figure


def _label(term: EventTerm) -> str:
    return wrapped(term.label + " *" * term.flagged, _LABEL_WIDTH)


def _note(terms: list[EventTerm], left_out: int) -> str:
    note = (
        f"The {count_of(len(terms), 'most frequent term')}; {left_out} less frequent not shown."
        if left_out
        else f"All terms that were counted ({len(terms)})."
    )
    if any(term.flagged for term in terms):
        note += " *: flagged by the double false discovery rate."
    compared = [bool(term.differences) for term in terms]
    if any(compared) and not all(compared):
        note += "\nNot compared: rarer than the plan asks of a comparison."
    return note


def _draw_shares(
    axis: Axes, terms: list[EventTerm], middles: list[float], arms: list[Entry]
) -> None:
    styles = arm_styles(arms)
    for term, middle in zip(terms, middles, strict=True):
        known = [share for share in term.percents.values() if not math.isnan(share)]
        if known:
            axis.hlines(middle, min(known), max(known), colors=FAINT, linewidth=2, zorder=1)
        heights = _heights(middle, len(arms), _BETWEEN_MARKS)
        for arm, height in zip(arms, heights, strict=True):
            share = term.percents.get(arm["id"], math.nan)
            if not math.isnan(share):
                style = styles[arm["id"]]
                axis.plot(share, height, style.marker, color=style.colour, markersize=6.5,
                          markeredgecolor="white", markeredgewidth=0.6, clip_on=False,
                          zorder=3)  # fmt: skip
    axis.set_yticks(middles, [_label(term) for term in terms])
    axis.tick_params(axis="y", length=0, pad=8)
    axis.spines["left"].set_visible(False)
    axis.grid(axis="y", color=FAINT, linewidth=0.4)
    axis.set_axisbelow(True)
    most = max((s for t in terms for s in t.percents.values() if not math.isnan(s)), default=0)
    axis.set_xlim(0, 1.05 * most or 1)
    axis.xaxis.set_major_formatter(lambda value, _: f"{value:g}%")
    axis.set_xlabel("Participants with the event")


def _draw_differences(
    axis: Axes, terms: list[EventTerm], middles: list[float], arms: list[Entry]
) -> None:
    styles = arm_styles(arms)
    low, high = _range(terms)
    axis.set_xlim(low, high)
    axis.axvline(0, color=INK, linewidth=0.9, zorder=1)
    for term, middle in zip(terms, middles, strict=True):
        for arm, height in zip(
            arms[1:], _heights(middle, len(arms) - 1, _BETWEEN_INTERVALS), strict=True
        ):
            if arm["id"] not in term.differences:
                continue
            style = styles[arm["id"]]
            estimate, lower, upper = term.differences[arm["id"]]
            if not math.isnan(lower + upper):
                ends = max(lower, low), min(upper, high)
                axis.hlines(height, *ends, colors=style.colour, linewidth=1.5, zorder=2)
                for beyond, end, marker in ((lower < low, low, "<"), (upper > high, high, ">")):
                    if beyond:
                        axis.plot(end, height, marker, color=style.colour, markersize=5.5,
                                  clip_on=False)  # fmt: skip
            if low <= estimate <= high:
                axis.plot(estimate, height, style.marker, color=style.colour, markersize=6,
                          markeredgecolor="white", markeredgewidth=0.6, zorder=3)  # fmt: skip
    axis.spines["left"].set_visible(False)
    axis.tick_params(axis="y", length=0, labelleft=False)
    axis.grid(axis="y", color=FAINT, linewidth=0.4)
    axis.set_axisbelow(True)
    axis.xaxis.set_major_formatter(lambda value, _: with_minus(f"{value:+g}") if value else "0")
    axis.set_xlabel("Risk difference, percentage points")
    reference = arms[0]["label"]
    axis.set_title(wrapped(f"more than {lower_first(reference)} \N{RIGHTWARDS ARROW}", 30),
                   loc="right", color=QUIET, fontsize=8.5)  # fmt: skip


def _range(terms: list[EventTerm]) -> tuple[float, float]:
    """Limits of the axis of differences: everything that is not too far out."""
    values = [v for t in terms for triple in t.differences.values() for v in triple]
    inside = [min(max(v, -_WIDEST), _WIDEST) for v in values if not math.isnan(v)]
    low, high = min([*inside, -5.0]), max([*inside, 5.0])
    room = 0.04 * (high - low)
    return low - room, high + room


def _heights(middle: float, number: int, apart: float) -> list[float]:
    """Where what belongs to each of several arms lies around the middle of a row."""
    return [middle + apart * (rank - (number - 1) / 2) for rank in range(number)]


def _write_numbers(
    axis: Axes, terms: list[EventTerm], middles: list[float], arms: list[Entry], level: str
) -> None:
    for term, middle in zip(terms, middles, strict=True):
        for arm, height in zip(
            arms[1:], _heights(middle, len(arms) - 1, _BETWEEN_INTERVALS), strict=True
        ):
            values = term.differences.get(arm["id"])
            axis.annotate(
                "not compared" if values is None else _numbers(values),
                (1, height),
                xycoords=axis.get_yaxis_transform(),
                xytext=(8, 0),
                textcoords="offset points",
                va="center",
                fontsize=8,
                color=QUIET if values is None else INK,
            )
    axis.annotate(
        f"Difference ({level} CI)",
        (1, 1),
        xycoords="axes fraction",
        xytext=(8, 4),
        textcoords="offset points",
        color=QUIET,
        fontsize=8.5,
    )


def _numbers(values: tuple[float, float, float]) -> str:
    estimate, lower, upper = (with_minus(rounded(value, 1)) for value in values)
    return f"{estimate} ({lower} to {upper})"


def _add_legend(axis: Axes, arms: list[Entry]) -> None:
    """The arms, markers alone, above the shares; one a line where their names are long."""
    handles = arm_handles(arms)
    for handle in handles:
        handle.set_linestyle("None")
    long = sum(len(str(arm["label"])) + 6 for arm in arms) > 42
    axis.legend(
        handles=handles,
        loc="lower left",
        bbox_to_anchor=(0, 1),
        ncols=1 if long else len(arms),
        handletextpad=0.1,
        borderaxespad=0.1,
    )


def _in_words(terms: list[EventTerm], left_out: int, arms: list[Entry]) -> str:
    """The first terms with their numbers."""
    parts = []
    for term in terms[:5]:
        shares = [
            f"{rounded(term.percents[arm['id']], 1)}% of {lower_first(arm['label'])}"
            for arm in arms
            if arm["id"] in term.percents
        ]
        if shares:
            parts.append(f"{term.label}: {', '.join(shares)}.")
    hidden = f" {left_out} less frequent terms are not shown." if left_out else ""
    return f"The first {len(parts)} of {len(terms)}: {' '.join(parts)}{hidden}" if parts else ""
