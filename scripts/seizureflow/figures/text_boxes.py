"""Boxes of text whose words never leave them: text is measured before it is broken into lines."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from functools import cache

from matplotlib.axes import Axes
from matplotlib.font_manager import FontProperties
from matplotlib.patches import FancyBboxPatch
from matplotlib.textpath import text_to_path

from seizureflow.figures.style import INK, QUIET

FONT_SIZE = 8.0  # points
PITCH = 0.152  # inches from one line to the next
PADDING = 0.075  # inches between a box and its text

_FAMILY = "DejaVu Sans"
_POINTS = 72.0  # in an inch


@dataclass(frozen=True)
class Paragraph:
    """A paragraph of a box.

    Attributes:
        text: Its words; a line is not broken at a no-break space.
        bold: Whether it is the heading of its box.
        indent: How far it is set in, in inches; further lines a little more.
    """

    text: str
    bold: bool = False
    indent: float = 0.0


@dataclass(frozen=True)
class TextBox:
    """A box of a certain width, as high as its lines need.

    Attributes:
        lines: The lines, each with its indent in inches and whether it is bold.
        width: Its width in inches.
    """

    lines: tuple[tuple[str, float, bool], ...]
    width: float

    @property
    def height(self) -> float:
        """Height in inches."""
        return len(self.lines) * PITCH + 2 * PADDING


def text_box(paragraphs: Iterable[Paragraph], width: float) -> TextBox:
    """Break paragraphs into the lines of a box.

    Args:
        paragraphs: The paragraphs.
        width: Width of the box in inches.
    """
    room = width - 2 * PADDING
    lines: list[tuple[str, float, bool]] = []
    for part in paragraphs:
        hang = part.indent + (0.1 if part.indent else 0.0)
        broken = broken_lines(part.text, room - hang, bold=part.bold)
        lines.append((broken[0], part.indent, part.bold))
        lines += [(line, hang, part.bold) for line in broken[1:]]
    return TextBox(tuple(lines), width)


def broken_lines(text: str, room: float, *, bold: bool = False) -> list[str]:
    """Break a text into lines that a width has room for; a word too long for it is parted.

    Args:
        text: The text.
        room: The width in inches; at least a letter goes into a line however narrow it is.
        bold: Whether the text is bold.
    """
    lines = [""]
    for word in text.split(" "):
        longer = f"{lines[-1]} {word}".strip()
        if text_width(longer, bold=bold) <= room:
            lines[-1] = longer
            continue
        parts = _parts(word, room, bold)
        lines += parts
    return [line for line in lines if line] or [""]


def _parts(word: str, room: float, bold: bool) -> list[str]:
    """A word in as many pieces as it needs."""
    pieces = [""]
    for letter in word:
        if pieces[-1] and text_width(pieces[-1] + letter, bold=bold) > room:
            pieces.append("")
        pieces[-1] += letter
    return pieces


@cache
def text_width(text: str, *, bold: bool = False) -> float:
    """Width of a line of text in inches, the same on every device."""
    font = FontProperties(family=_FAMILY, size=FONT_SIZE, weight="bold" if bold else "normal")
    width, _, _ = text_to_path.get_text_width_height_descent(text, font, ismath=False)
    return float(width) / _POINTS


def draw_box(
    axis: Axes, box: TextBox, left: float, top: float, height: float, *, quiet: bool = False
) -> None:
    """Draw a box on axes that are measured in inches from the top.

    Args:
        axis: The axes.
        box: The box.
        left: Its left edge.
        top: Its upper edge.
        height: Its height, which may be more than its text needs.
        quiet: Whether it is of those who left: its edge is dashed.
    """
    axis.add_patch(
        FancyBboxPatch(
            (left, top),
            box.width,
            height,
            boxstyle="round,pad=0,rounding_size=0.04",
            facecolor="white",
            edgecolor=QUIET if quiet else INK,
            linestyle=(0, (4, 2)) if quiet else "-",
            linewidth=0.9,
            zorder=2,
        )
    )
    for number, (text, indent, bold) in enumerate(box.lines, start=1):
        axis.text(
            left + PADDING + indent,
            top + PADDING + number * PITCH - 0.045,
            text,
            fontsize=FONT_SIZE,
            weight="bold" if bold else "normal",
            va="baseline",
            zorder=3,
        )
