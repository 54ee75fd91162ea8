"""Places the boxes of a flow diagram and joins them by arrows."""

from __future__ import annotations

import itertools
from dataclasses import dataclass

from matplotlib.axes import Axes

from seizureflow.figures.style import INK, QUIET, WIDTH
from seizureflow.figures.text_boxes import Paragraph, TextBox, draw_box, text_box

_MARGIN = 0.09  # inches at both sides
_TAG = 0.86  # inches, the names of the stages at the left
_GAP = 0.3  # inches between boxes, for the arrows
_BETWEEN = 0.22  # inches between the arms
_WIDEST = 3.6  # inches, of the box of an arm
_TRUNK = 2.4  # inches, of a box of all participants
_TAG_COLOUR = "#E4E9EE"


@dataclass(frozen=True)
class Stage:
    """A stage after the arms parted: its name, and the paragraphs of every arm's box."""

    name: str
    arms: tuple[tuple[Paragraph, ...], ...]


@dataclass(frozen=True)
class _Placed:
    """A box with its place in inches from the left and from the top."""

    box: TextBox
    left: float
    top: float
    height: float
    leaves: bool = False

    @property
    def middle(self) -> float:
        return self.left + self.box.width / 2

    @property
    def bottom(self) -> float:
        return self.top + self.height


@dataclass(frozen=True)
class Diagram:
    """The boxes in their places.

    Attributes:
        trunk: Boxes before the arms part, from above, those of who leaves at the side.
        stages: Name and boxes of every stage; None for an arm that has none.
        height: Height of the whole in inches.
    """

    trunk: tuple[_Placed, ...]
    stages: tuple[tuple[str, tuple[_Placed | None, ...]], ...]
    height: float

    @classmethod
    def of(cls, trunk: list[tuple[list[Paragraph], bool]], stages: list[Stage]) -> Diagram:
        """Place boxes.

        Args:
            trunk: Paragraphs of the boxes before the arms part, and whether they leave there.
            stages: What follows for every arm.
        """
        above, top = _placed_trunk(trunk)
        placed = []
        for stage in stages:
            boxes = _placed_stage(stage, top + _GAP)
            placed.append((stage.name, boxes))
            top = max(box.bottom for box in boxes if box is not None)
        return cls(tuple(above), tuple(placed), top + _MARGIN)


def _placed_trunk(trunk: list[tuple[list[Paragraph], bool]]) -> tuple[list[_Placed], float]:
    centre = (_TAG + _BETWEEN + WIDTH) / 2  # that of the arms
    top, bottom, placed = _MARGIN, 0.0, []
    for paragraphs, leaves in trunk:
        if leaves:  # at the side, between the boxes above and below
            left = centre + _GAP
            box = text_box(paragraphs, WIDTH - _MARGIN - left)
            placed.append(_Placed(box, left, top - _GAP / 2, box.height, leaves=True))
            top += box.height
        else:
            box = text_box(paragraphs, _TRUNK)
            placed.append(_Placed(box, centre - box.width / 2, top, box.height))
            bottom = top + box.height
            top = bottom + _GAP
    return placed, bottom


def _placed_stage(stage: Stage, top: float) -> tuple[_Placed | None, ...]:
    """The boxes of a stage beside each other, all as high as the highest."""
    arms = len(stage.arms)
    left = _MARGIN + _TAG + _BETWEEN
    column = (WIDTH - _MARGIN - left - _BETWEEN * (arms - 1)) / arms
    width = min(column, _WIDEST)
    boxes = [text_box(paragraphs, width) for paragraphs in stage.arms]
    height = max(box.height for box in boxes)
    return tuple(
        _Placed(box, left + rank * (column + _BETWEEN) + (column - width) / 2, top, height)
        if paragraphs
        else None
        for rank, (box, paragraphs) in enumerate(zip(boxes, stage.arms, strict=True))
    )


def draw_diagram(axis: Axes, diagram: Diagram) -> None:
    """Draw a diagram on axes that fill its width and height."""
    axis.set(xlim=(0, WIDTH), ylim=(diagram.height, 0))
    axis.axis("off")
    for place in diagram.trunk:
        draw_box(axis, place.box, place.left, place.top, place.height, quiet=place.leaves)
    _join_trunk(axis, diagram.trunk)
    if diagram.trunk:
        last = [place for place in diagram.trunk if not place.leaves][-1]
        _tag(axis, "Enrolment", diagram.trunk[0].top, last.bottom)
        if diagram.stages:
            _part(axis, last, [box for box in diagram.stages[0][1] if box is not None])
    above: tuple[_Placed | None, ...] = ()
    for name, boxes in diagram.stages:
        shown = [place for place in boxes if place is not None]
        for place in shown:
            draw_box(axis, place.box, place.left, place.top, place.height)
        for upper, lower in zip(above, boxes, strict=False):
            if upper is not None and lower is not None:
                _arrow(axis, (upper.middle, upper.bottom), (lower.middle, lower.top))
        _tag(axis, name, shown[0].top, shown[0].bottom)
        above = boxes


def _join_trunk(axis: Axes, trunk: tuple[_Placed, ...]) -> None:
    stays = [place for place in trunk if not place.leaves]
    for upper, lower in itertools.pairwise(stays):
        _arrow(axis, (upper.middle, upper.bottom), (lower.middle, lower.top))
    for place in trunk:
        if place.leaves:
            height = place.top + place.height / 2
            _arrow(axis, (stays[0].middle, height), (place.left, height))


def _part(axis: Axes, last: _Placed, first: list[_Placed]) -> None:
    """Lead from the last box of all participants to the first of every arm."""
    fork = (last.bottom + first[0].top) / 2 - 0.03
    axis.plot([last.middle] * 2, [last.bottom, fork], color=INK, linewidth=0.9, zorder=1)
    ends = [last.middle, *(place.middle for place in first)]
    axis.plot([min(ends), max(ends)], [fork, fork], color=INK, linewidth=0.9, zorder=1)
    for place in first:
        _arrow(axis, (place.middle, fork), (place.middle, place.top))


def _arrow(axis: Axes, start: tuple[float, float], end: tuple[float, float]) -> None:
    axis.annotate(
        "",
        end,
        xytext=start,
        arrowprops={
            "arrowstyle": "-|>,head_width=0.18,head_length=0.36",
            "color": INK,
            "linewidth": 0.9,
            "shrinkA": 0,
            "shrinkB": 0,
        },
        zorder=1,
    )


def _tag(axis: Axes, name: str, top: float, bottom: float) -> None:
    """Name a stage at the left of its boxes."""
    axis.fill_between([_MARGIN, _MARGIN + _TAG], top, bottom, color=_TAG_COLOUR, linewidth=0)
    axis.text(
        _MARGIN + _TAG / 2,
        (top + bottom) / 2,
        name,
        ha="center",
        va="center",
        fontsize=8,
        color=QUIET,
        weight="bold",
    )
