"""The legend of a figure whose lines are arms."""

from __future__ import annotations

from typing import Any

from matplotlib.axes import Axes
from matplotlib.lines import Line2D

from seizureflow.figures.style import arm_styles, wrapped

Entry = dict[str, Any]

_LABEL_WIDTH = 44  # characters
_ROOM = 88  # characters that have room in one line above an axis
_TITLE_WIDTH = 76  # characters
_LEGEND_LINE = 14  # points


def arm_handles(arms: list[Entry], *, markers: bool = True) -> list[Line2D]:
    """One entry of a legend for every arm, as :func:`arm_styles` draws it.

    Args:
        arms: The arms, the reference first.
        markers: Whether the arms have markers on their lines.
    """
    styles = arm_styles(arms)
    return [
        Line2D(
            [],
            [],
            color=style.colour,
            linestyle=style.line,
            linewidth=2,
            marker=style.marker if markers else "None",
            markersize=6.5,
            markeredgecolor="white",
            label=wrapped(arm["label"], _LABEL_WIDTH),
        )
        for arm in arms
        for style in [styles[arm["id"]]]
    ]


def put_above(axis: Axes, handles: list[Any], title: str) -> None:
    """Put a title and, under it, a legend above an axis; either may be empty.

    The legend is in one line where there is room, else it has a line for every entry.
    """
    height = 0
    if handles:
        height = _add_legend(axis, handles)
    axis.set_title(wrapped(title, _TITLE_WIDTH), loc="left", weight="bold", pad=8 + height)


def _add_legend(axis: Axes, handles: list[Any]) -> int:
    """Put the legend above an axis; its height in points."""
    labels = [str(handle.get_label()) for handle in handles]
    one_line = sum(len(label) + 6 for label in labels) <= _ROOM
    one_line &= not any("\n" in label for label in labels)
    axis.legend(
        handles=handles,
        loc="lower left",
        bbox_to_anchor=(0, 1),
        ncols=len(handles) if one_line else 1,
        handlelength=3.2,  # long enough to tell the dashes of lines apart
        borderaxespad=0.2,
    )
    lines = 1 if one_line else sum(label.count("\n") + 1 for label in labels)
    return _LEGEND_LINE * lines
