"""Every participant's seizures by day or period, aligned at day 1."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import matplotlib as mpl
import numpy as np
import pandas as pd
from matplotlib.axes import Axes
from matplotlib.cm import ScalarMappable
from matplotlib.collections import LineCollection, PolyCollection
from matplotlib.colors import Colormap, ListedColormap, LogNorm
from matplotlib.figure import Figure
from matplotlib.patches import Patch

from seizureflow.array_types import FloatArray
from seizureflow.displays.words import listed, lower_first
from seizureflow.figures.drawing import Drawing, FigurePlan
from seizureflow.figures.style import (
    FAINT,
    INK,
    QUIET,
    arms_in_order,
    house_style,
    new_figure,
    with_minus,
    wrapped,
)
from seizureflow.seizure_frequency import countable_intervals
from seizureflow.study_days import ordinal

Entry = dict[str, Any]

_NO_SEIZURES = "#EAF0F4"
# Hatched, so that it can be told from a colour without colour.
_NOT_RECORDED: dict[str, Any] = {
    "facecolor": "white",
    "edgecolor": "#4A4A4A",
    "hatch": "/" * 8,
    "linewidth": 0.4,
}
_ROW_HEIGHT = 0.086  # inches
_SEPARATED_ROWS = 120  # with more rows the lines between them would hide the cells


@dataclass(frozen=True)
class Diaries:
    """The diaries of one arm as cells.

    Attributes:
        people: Participants, one per row, the highest baseline frequency first.
        rates: Seizures per day, by row and day; not a number where nothing is known.
        missing: Row, first day and day after the last of every stretch that was not recorded.
        borders: Row and last day of every period longer than a day.
    """

    people: list[str]
    rates: FloatArray
    missing: list[tuple[int, int, int]]
    borders: list[tuple[int, int]]


def draw(plan: FigurePlan, data: Mapping[str, pd.DataFrame]) -> Drawing:
    """Draw the diaries of a study: tables ``adsl``, ``intervals`` and ``seizures``."""
    arms = listed([lower_first(arm["label"]) for arm in plan.arms])
    design = plan.protocol["design"]
    start = design["baseline"]["days"][0]
    lengths = ordinal(data["intervals"]["END"]) - ordinal(data["intervals"]["START"])
    daily = bool((lengths <= 1).all())
    unit = "day" if daily else "period"
    figure = diary_heatmap(
        data["adsl"],
        data["intervals"],
        data["seizures"],
        plan.protocol["diary"],
        design,
        simulated=plan.simulated,
        dummy=plan.dummy,
    )
    return Drawing(
        figure,
        "Every participant's seizures",
        f"Heatmap of countable seizures by {unit}: one row per participant, grouped by arm "
        f"({arms}), from day −{abs(start)} on, aligned at day 1.",
        f"Each row is a participant, each column a {unit}, darker with more seizures. A {unit} "
        f"that was not recorded is hatched: it is not a zero. Day 1 is the first dose, or the day "
        f"of randomisation where there is none.{plan.marks}",
    )


@house_style()
def diary_heatmap(
    adsl: pd.DataFrame,
    intervals: pd.DataFrame,
    seizures: pd.DataFrame,
    diary: Entry,
    design: Entry,
    *,
    simulated: bool,
    dummy: bool,
) -> Figure:
    """Draw the diaries of all randomised participants.

    Args:
        adsl: Table ``adsl``.
        intervals: Table ``intervals``.
        seizures: Table ``seizures``.
        diary: Entry ``diary`` of the protocol.
        design: Entry ``design`` of the protocol.
        simulated: Whether the participants are simulated.
        dummy: Whether the arms are dummy ones.
    """
    randomised = adsl[adsl["RANDFL"] == "Y"]
    kept = intervals[intervals["USUBJID"].isin(randomised["USUBJID"])]
    counted = countable_intervals(kept, seizures, diary)
    counted["RATE"] = counted["COUNT"] / counted["DAYS"]
    first, last = _extent(kept, design)
    arms = arms_in_order(design["arms"])
    blocks = [
        _diaries(randomised[randomised["TRT01P"] == arm["id"]], kept, counted, first, last)
        for arm in arms
    ]
    rows = sum(len(block.people) for block in blocks)
    figure = new_figure(
        "Seizures of every randomised participant",
        1.6 + float(np.clip(rows * _ROW_HEIGHT, 2.2, 9)),
        simulated=simulated,
        dummy=dummy,
    )
    axes = figure.subplots(
        len(arms),
        1,
        squeeze=False,
        gridspec_kw={"height_ratios": [max(len(block.people), 3) for block in blocks]},
    )[:, 0]
    norm, colours = _scale(counted["RATE"])
    for axis, arm, block in zip(axes, arms, blocks, strict=True):
        _draw_block(axis, arm, block, first, norm, colours, separate=rows <= _SEPARATED_ROWS)
        _dress(axis, design, first, last, bottom=axis is axes[-1])
    axes[0].set_title(
        "One row per participant, by baseline seizure frequency within arm, the highest on top",
        loc="left",
        color=QUIET,
        pad=16,
    )
    axes[0].text(
        0, 1.01, "Day 1", transform=axes[0].get_xaxis_transform(), ha="center", va="bottom"
    )
    _add_keys(figure, axes, blocks, norm, colours, periods=bool((counted["DAYS"] > 1).any()))
    return figure


def _extent(intervals: pd.DataFrame, design: Entry) -> tuple[int, int]:
    """First day and day after the last that the figure shows, numbered without a gap."""
    days = np.concatenate(
        [
            ordinal(design["baseline"]["days"]),
            ordinal(intervals["START"]),
            ordinal(intervals["END"]),
        ]
    )
    return int(days.min()), max(int(days.max()), 1)


def _diaries(
    people: pd.DataFrame, intervals: pd.DataFrame, counted: pd.DataFrame, first: int, last: int
) -> Diaries:
    order = people.sort_values(["BSFREQ", "USUBJID"], ascending=[False, True], kind="stable")
    row_of = {person: row for row, person in enumerate(order["USUBJID"])}
    rates = np.full((len(row_of), last - first), np.nan)
    cells = _cells(counted, row_of)
    length = (cells["TO"] - cells["FROM"]).to_numpy()
    within = np.arange(length.sum()) - np.repeat(np.cumsum(length) - length, length)
    day = np.repeat(cells["FROM"].to_numpy(), length) + within
    rates[np.repeat(cells["ROW"].to_numpy(), length), day - first] = np.repeat(
        cells["RATE"].to_numpy(), length
    )
    periods = cells[length > 1]
    borders = [(int(row), int(end)) for row, end in periods[["ROW", "TO"]].to_numpy()]
    unknown = _not_recorded(_cells(intervals, row_of))
    stretch = ((unknown["ROW"] != unknown["ROW"].shift()) | _gap(unknown)).cumsum()
    merged = unknown.groupby(stretch).agg({"ROW": "first", "FROM": "first", "TO": "last"})
    missing = [(int(row), int(start), int(end)) for row, start, end in merged.to_numpy()]
    return Diaries(list(row_of), rates, missing, borders)


def _cells(intervals: pd.DataFrame, row_of: dict[str, int]) -> pd.DataFrame:
    """The intervals of an arm with their rows and gapless days, in order."""
    own = intervals[intervals["USUBJID"].isin(list(row_of))]
    return own.assign(
        ROW=own["USUBJID"].map(row_of).astype("int64"),
        FROM=ordinal(own["START"]),
        TO=ordinal(own["END"]),
    ).sort_values(["ROW", "FROM"])


def _not_recorded(cells: pd.DataFrame) -> pd.DataFrame:
    """What was not recorded: rows of the diary that say so, and what lies between rows."""
    before = cells.groupby("ROW")["TO"].shift()
    between = cells.assign(FROM=before, TO=cells["FROM"])[before < cells["FROM"]]
    unknown = pd.concat([cells[~cells["RECORDED"]], between.astype({"FROM": "int64"})])
    return unknown[["ROW", "FROM", "TO"]].sort_values(["ROW", "FROM"])


def _gap(cells: pd.DataFrame) -> pd.Series[bool]:
    return cells["FROM"] != cells["TO"].shift()


def _scale(rates: pd.Series[Any]) -> tuple[LogNorm, Colormap]:
    """A log scale of seizures per day; no seizures lie below it, in a colour of their own."""
    positive = rates[rates > 0]
    lowest = float(positive.min()) if len(positive) else 1.0
    highest = max(float(positive.max()) if len(positive) else 1.0, 2 * lowest)
    shades = mpl.colormaps["magma_r"](np.linspace(0.15, 1.0, 256))
    colours = ListedColormap(shades).with_extremes(under=_NO_SEIZURES, bad=(0, 0, 0, 0))
    return LogNorm(lowest, highest), colours


def _draw_block(
    axis: Axes,
    arm: Entry,
    block: Diaries,
    first: int,
    norm: LogNorm,
    colours: Colormap,
    *,
    separate: bool,
) -> None:
    rows, days = block.rates.shape
    label = f"{wrapped(arm['label'], 20)}\n{rows} participant{'s' * (rows != 1)}"
    axis.set_ylabel(label, rotation=0, ha="right", va="center", labelpad=6)
    axis.set_ylim(max(rows, 1), 0)
    if not rows:
        axis.text(0.5, 0.5, "No participants", transform=axis.transAxes, ha="center", va="center")
        return
    below = norm.vmin / 2 if norm.vmin else 0.0  # where "no seizures" stands on the log scale
    shown = np.ma.masked_invalid(np.where(block.rates == 0, below, block.rates))
    edges = np.arange(first, first + days + 1), np.arange(rows + 1)
    axis.pcolormesh(*edges, shown, norm=norm, cmap=colours, rasterized=True, zorder=1)
    if separate:
        axis.hlines(range(1, rows), first, first + days, colors="white", linewidth=0.5, zorder=2)
    ends = [[(day, row), (day, row + 1)] for row, day in block.borders]
    axis.add_collection(LineCollection(ends, colors="white", linewidths=0.8, zorder=2))
    gaps = [_corners(row, start, end) for row, start, end in block.missing]
    axis.add_collection(PolyCollection(gaps, **_NOT_RECORDED, zorder=3))


def _corners(row: int, start: int, end: int) -> list[tuple[float, float]]:
    """A stretch of days of a row, a little lower than the row, so that rows stay apart."""
    top, bottom = row + 0.08, row + 0.92
    return [(start, top), (end, top), (end, bottom), (start, bottom)]


def _dress(axis: Axes, design: Entry, first: int, last: int, *, bottom: bool) -> None:
    axis.set_xlim(first, last)
    axis.set_yticks([])
    axis.spines[["left", "bottom"]].set_visible(False)
    axis.axvline(0, color=INK, linewidth=1, zorder=4)
    days = [design["baseline"]["days"][0], 1, *(visit["day"] for visit in design["visits"])]
    shown = sorted(day for day in dict.fromkeys(days) if first <= ordinal(day) <= last)
    axis.set_xticks(ordinal(shown), [with_minus(str(day)) for day in shown] if bottom else [])
    axis.tick_params(axis="x", length=3.5 if bottom else 0)
    if bottom:
        axis.set_xlabel("Study day (ticks at the scheduled visits)")


def _add_keys(
    figure: Figure,
    axes: Any,
    blocks: list[Diaries],
    norm: LogNorm,
    colours: Colormap,
    *,
    periods: bool,
) -> None:
    bar = figure.colorbar(
        ScalarMappable(norm, colours), ax=list(axes), aspect=35, pad=0.015, fraction=0.05
    )
    bar.set_label(f"Countable seizures per day\n({'mean of the period, ' * periods}log scale)")
    bar.outline.set_visible(False)
    ticks = _one_two_five(float(norm.vmin or 1), float(norm.vmax or 1))
    bar.set_ticks(ticks, labels=[f"{tick:g}" for tick in ticks])
    bar.minorticks_off()
    handles: list[Any] = [Patch(facecolor=_NO_SEIZURES, label="No countable seizures")]
    if any(block.missing for block in blocks):
        handles.append(Patch(**_NOT_RECORDED, label="Not recorded"))
    if any(np.isnan(block.rates[:, -1]).any() for block in blocks):
        handles.append(
            Patch(
                facecolor="white", edgecolor=FAINT, linewidth=0.6, label="After the last diary day"
            )
        )
    figure.legend(handles=handles, loc="outside lower left", ncols=3)


def _one_two_five(lowest: float, highest: float) -> list[float]:
    """The numbers 1, 2 and 5 times a power of ten within limits.

    >>> _one_two_five(0.3, 4)
    [0.5, 1.0, 2.0]
    """
    powers = range(int(np.floor(np.log10(lowest))), int(np.ceil(np.log10(highest))) + 1)
    candidates = [round(digit * 10.0**power, 12) for power in powers for digit in (1, 2, 5)]
    return [number for number in candidates if lowest <= number <= highest]
