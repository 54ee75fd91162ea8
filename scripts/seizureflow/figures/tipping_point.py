"""Maps of the assumptions on unseen outcomes, with the lines where the conclusion turns."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import pandas as pd
from matplotlib.axes import Axes
from matplotlib.colors import LinearSegmentedColormap
from matplotlib.figure import Figure
from matplotlib.lines import Line2D
from matplotlib.patches import Patch, Rectangle

from seizureflow.displays.words import lower_first
from seizureflow.figures.drawing import Drawing, FigurePlan
from seizureflow.figures.style import (
    INK,
    QUIET,
    WARNING,
    arms_in_order,
    house_style,
    new_figure,
    percent_label,
    sentence_figure,
    wrapped,
)
from seizureflow.figures.tipping_cells import Cell, TippingMap, tipping_maps
from seizureflow.rounding import p_value

Entry = dict[str, Any]

_TITLE = "Tipping points"
_ROW = 0.36  # inches
_AROUND = 1.4  # inches of a panel beside its cells
_FEWEST_COLUMNS = 8  # fewer leave room at the right, so that cells are alike in all panels
_SUBTITLE = 29  # points, of two lines above the cells
_ROOMY_COLUMNS = 10  # more have smaller numbers
_BETTER, _WORSE = "#8FBFE0", "#F2AC72"
_DOTS: Any = {"hatch": "...", "edgecolor": "#E3A574", "linewidth": 0}
_SHADES = LinearSegmentedColormap.from_list("tipping", [_BETTER, "white", _WORSE])


def draw(plan: FigurePlan, data: Mapping[str, pd.DataFrame]) -> Drawing:
    """Draw the map of every tipping point analysis: their results."""
    maps = tipping_maps(data["results"], plan.analyses, plan.arms)
    alpha = round(1 - plan.confidence_level, 10)
    figure = tipping_point(maps, plan.arms, alpha=alpha, simulated=plan.simulated, dummy=plan.dummy)
    return Drawing(
        figure,
        "Tipping points",
        "Maps of the estimate and its p, as what was not seen is assumed to be worse or better in "
        f"either arm. {' '.join(_in_words(one, alpha) for one in maps)}".rstrip(),
        f"Every cell is one pair of assumptions, with the estimate that follows and its p; bold "
        f"where p is below {alpha:g}. Blue cells favour the arm compared, orange dotted ones "
        "the reference, the stronger the further. A thick line parts cells on whose sides p lies "
        f"on different sides of {alpha:g}, a dashed one those on whose sides the estimate reaches "
        "the threshold and does not: the conclusion turns somewhere between their centres. The "
        f"framed cell is what the imputation gives unchanged.{plan.marks}",
    )


@house_style()
def tipping_point(
    maps: list[TippingMap],
    arms: list[Entry],
    *,
    alpha: float,
    simulated: bool,
    dummy: bool,
) -> Figure:
    """Draw one panel per map; say so where there is none.

    Args:
        maps: The maps.
        arms: Entry ``design/arms`` of the protocol.
        alpha: Level below which p shows a difference.
        simulated: Whether the participants are simulated.
        dummy: Whether the arms are dummy ones.
    """
    if not maps:
        why = "No tipping point analysis has an assumption to vary; the report says why."
        return sentence_figure(_TITLE, why, simulated=simulated, dummy=dummy)
    labels = {arm["id"]: arm["label"] for arm in arms}
    reference = arms_in_order(arms)[0]["label"]
    heights = [_ROW * len(one.reference_values) + _AROUND for one in maps]
    figure = new_figure(_TITLE, 0.85 + sum(heights), simulated=simulated, dummy=dummy)
    axes = figure.subplots(len(maps), 1, squeeze=False, gridspec_kw={"height_ratios": heights})
    for axis, one in zip(axes[:, 0], maps, strict=True):
        _draw_cells(axis, one, alpha)
        _draw_turns(axis, one, alpha)
        _dress(axis, one, labels[one.arm], reference, alpha, several=len(arms) > 2)
    _add_legend(figure, maps, alpha)
    return figure


def _places(one: TippingMap) -> dict[tuple[float, float], tuple[int, int]]:
    """Column and row of each cell; worse assumptions lie to the right and further up."""
    return {
        (in_reference, in_arm): (column, row)
        for row, in_reference in enumerate(one.reference_values)
        for column, in_arm in enumerate(one.arm_values)
    }


def _draw_cells(axis: Axes, one: TippingMap, alpha: float) -> None:
    for place, (column, row) in _places(one).items():
        cell = one.cells.get(place)
        corner = (column - 0.5, row - 0.5)
        if cell is None or not cell.known:
            axis.add_patch(
                Rectangle(corner, 1, 1, facecolor="white", edgecolor=QUIET, hatch="////",
                          linewidth=0.4)
            )  # fmt: skip
            continue
        shade = _SHADES(0.5 - cell.strength / 2)
        axis.add_patch(Rectangle(corner, 1, 1, facecolor=shade, edgecolor="white", linewidth=1))
        if cell.strength < 0:  # tells the two apart in print without colour
            axis.add_patch(Rectangle(corner, 1, 1, fill=False, **_DOTS))
        axis.text(
            column,
            row,
            f"{one.written(cell.estimate)}\np {_p(cell.p)}",
            ha="center",
            va="center",
            fontsize=7.5 if len(one.arm_values) <= _ROOMY_COLUMNS else 6,
            linespacing=1.15,
            color=INK,
            bbox={"facecolor": shade, "edgecolor": "none", "pad": 0.5},  # keeps the dots off
            weight="bold" if cell.p < alpha else "normal",
        )
        if place == one.unchanged:
            axis.add_patch(
                Rectangle((column - 0.46, row - 0.44), 0.92, 0.88, fill=False, edgecolor=INK,
                          linewidth=1.1, zorder=3)
            )  # fmt: skip


def _p(value: float) -> str:
    printed = p_value(value)
    return printed if printed.startswith("<") else f"= {printed}"


def _draw_turns(axis: Axes, one: TippingMap, alpha: float) -> None:
    """The edges between cells whose conclusion, or whose reaching the threshold, differs."""

    def conclusion(cell: Cell) -> object:
        return cell.p < alpha and cell.strength > 0, cell.p < alpha and cell.strength < 0

    for edge in _edges(one, conclusion):
        axis.plot(*edge, color=INK, linewidth=2.6, solid_capstyle="projecting", zorder=4)
    if one.threshold is not None:
        for edge in _edges(one, lambda cell: cell.reaches):
            axis.plot(*edge, color=WARNING, linewidth=2.2, linestyle=(0, (2, 1)), zorder=5)


def _edges(one: TippingMap, state: Any) -> list[tuple[list[float], list[float]]]:
    """Edges between neighbours of different states, as lines of two points."""
    by_place = {
        at: state(one.cells[place])
        for place, at in _places(one).items()
        if place in one.cells and one.cells[place].known
    }
    edges: list[tuple[list[float], list[float]]] = []
    for (column, row), own in by_place.items():
        right, above = by_place.get((column + 1, row), own), by_place.get((column, row + 1), own)
        if right != own:
            edges.append(([column + 0.5, column + 0.5], [row - 0.5, row + 0.5]))
        if above != own:
            edges.append(([column - 0.5, column + 0.5], [row + 0.5, row + 0.5]))
    return edges


def _dress(
    axis: Axes, one: TippingMap, arm: str, reference: str, alpha: float, *, several: bool
) -> None:
    columns, rows = len(one.arm_values), len(one.reference_values)
    axis.set_xlim(-0.5, max(columns, _FEWEST_COLUMNS) - 0.5)
    axis.set_ylim(-0.5, rows - 0.5)
    axis.set_xticks(range(columns), [one.tick(value) for value in one.arm_values])
    axis.set_yticks(range(rows), [one.tick(value) for value in one.reference_values])
    axis.tick_params(length=0)
    axis.spines[:].set_visible(False)
    axis.set_xlabel(f"{one.assumed}, {arm}", loc="left")
    axis.set_ylabel(wrapped(reference, max(10, round(5 * rows * _ROW / 0.36))))
    title = f"{one.label}: {arm}" if several else one.label
    axis.set_title(wrapped(title, 80), loc="left", weight="bold", pad=_SUBTITLE)
    axis.annotate(
        f"{one.measure}; upwards the same for {lower_first(reference)}.\n{_found(one, alpha)}",
        (0, 1),
        xycoords="axes fraction",
        xytext=(0, 4),
        textcoords="offset points",
        color=QUIET,
        fontsize=8.5,
    )


def _add_legend(figure: Figure, maps: list[TippingMap], alpha: float) -> None:
    handles: list[Any] = [
        Patch(facecolor=_BETTER, label="better in the arm compared"),
        Patch(facecolor=_WORSE, label="worse", **_DOTS | {"edgecolor": "white"}),
        Line2D([], [], color=INK, linewidth=2.6, label=f"p passes {alpha:g}"),
    ]
    thresholds = sorted({one.threshold for one in maps if one.threshold is not None})
    if thresholds:
        at = " or ".join(percent_label(-threshold) for threshold in thresholds)
        handles.append(
            Line2D([], [], color=WARNING, linewidth=2.2, linestyle=(0, (2, 1)),
                   label=f"estimate passes {at}")
        )  # fmt: skip
    if any(one.unchanged in one.cells for one in maps):
        handles.append(Patch(facecolor="none", edgecolor=INK, label="as imputed"))
    figure.legend(handles=handles, loc="outside lower left", ncols=len(handles), fontsize=8.5,
                  columnspacing=1.4)  # fmt: skip


def _found(one: TippingMap, alpha: float) -> str:
    """In how many cells there is a difference, and the threshold is reached."""
    known = [cell for cell in one.cells.values() if cell.known]
    words = f"p below {alpha:g} in {sum(cell.p < alpha for cell in known)} of {len(known)} cells"
    if one.threshold is None:
        return words
    reached = sum(cell.reaches for cell in known)
    return f"{words}, a reduction of at least {one.threshold:g}% in {reached}"


def _in_words(one: TippingMap, alpha: float) -> str:
    """What a map spans, and how often the conclusion holds."""
    estimates = [cell.estimate for cell in one.cells.values() if cell.known]
    if not estimates:
        return f"{one.label}: no pair of assumptions has an estimate."
    low, high = one.written(min(estimates)), one.written(max(estimates))
    return f"{one.label}: estimates from {low} to {high}, {_found(one, alpha)}."
