"""The legend of a figure whose lines are arms."""

from __future__ import annotations

from typing import Any

from matplotlib.axes import Axes
from matplotlib.lines import Line2D

from seizureflow.figures.style import arm_styles, wrapped

Entry = dict[str, Any]

_LABEL_WIDTH = 44  # characters
_ROOM = 84  # characters that have room in one line above an axis


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


def put_above(axis: Axes, handles: list[Any]) -> None:
    """Put a legend above an axis: in one line where there is room, else one entry a line."""
    room = sum(len(str(handle.get_label())) + 5 for handle in handles)
    one_line = room <= _ROOM and not any("\n" in str(h.get_label()) for h in handles)
    axis.legend(
        handles=handles,
        loc="lower left",
        bbox_to_anchor=(0, 1),
        ncols=len(handles) if one_line else 1,
        handlelength=3.2,  # long enough to tell the dashes of lines apart
        borderaxespad=0.2,
    )
