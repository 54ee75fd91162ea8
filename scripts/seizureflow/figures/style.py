"""The house style of all figures, and how they are saved.

The same inputs give the same bytes on every machine: the fonts are those that matplotlib ships, no
setting of the user enters, and no date or version is written into a file.
"""

from __future__ import annotations

import textwrap
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Literal

import matplotlib as mpl
import seaborn as sns
from matplotlib.backends.backend_agg import FigureCanvasAgg
from matplotlib.figure import Figure

from seizureflow.blinding import DUMMY_TREATMENT
from seizureflow.whole_files import whole_file

Entry = dict[str, Any]

WIDTH = 9.0  # inches; about 110 pixels each where a report is 1000 pixels wide
DPI = 300  # of the raster; journals ask for it

INK = "#222222"
QUIET = "#5F5F5F"
FAINT = "#C4C4C4"
WARNING = "#A33B00"

_TITLE_WIDTH = 68  # characters
_STAMP_WIDTH = 18  # characters of the title
_SIMULATED_SPACE = 1.95  # inches from the right edge

_SETTINGS: Any = {
    "font.family": "DejaVu Sans",
    "font.size": 9,
    "axes.titlesize": 9,
    "axes.labelsize": 9,
    "xtick.labelsize": 8.5,
    "ytick.labelsize": 8.5,
    "legend.fontsize": 8.5,
    "legend.frameon": False,
    "figure.titlesize": 11,
    "figure.titleweight": "bold",
    "text.parse_math": False,  # a dollar sign in a label is one
    "text.color": INK,
    "axes.labelcolor": INK,
    "axes.edgecolor": QUIET,
    "xtick.color": QUIET,
    "ytick.color": QUIET,
    "xtick.labelcolor": INK,
    "ytick.labelcolor": INK,
    "axes.linewidth": 0.8,
    "axes.spines.top": False,
    "axes.spines.right": False,
    "figure.constrained_layout.h_pad": 0.06,
    "figure.constrained_layout.w_pad": 0.06,
    "svg.fonttype": "path",
    "svg.hashsalt": "seizureflow",
    "pdf.fonttype": 42,
}


@dataclass(frozen=True)
class ArmStyle:
    """How an arm is drawn: marker and line tell arms apart where colour does not."""

    colour: str
    marker: str
    line: Literal["-", "--", "-.", ":"]


_BLUE, _, _GREEN, _VERMILION, _PINK, *_, _SKY = sns.color_palette("colorblind").as_hex()

# Grey for the reference; the others are of the colour-blind palette, the blue darkened so that it
# differs from the grey in print without colour.
_ARM_STYLES = (
    ArmStyle("#7A7A7A", "o", "-"),
    ArmStyle(sns.dark_palette(_BLUE, n_colors=5).as_hex()[3], "s", "--"),
    ArmStyle(_VERMILION, "^", "-."),
    ArmStyle(_GREEN, "D", ":"),
    ArmStyle(_PINK, "v", "-"),
    ArmStyle(_SKY, "P", "--"),
)


def arms_in_order(arms: list[Entry]) -> list[Entry]:
    """The arms of a protocol, the reference first."""
    return sorted(arms, key=lambda arm: not arm.get("reference", False))


def arm_styles(arms: list[Entry]) -> dict[str, ArmStyle]:
    """The style of every arm, the same in all figures of a study."""
    ids = [arm["id"] for arm in arms_in_order(arms)]
    return {arm: _ARM_STYLES[rank % len(_ARM_STYLES)] for rank, arm in enumerate(ids)}


@contextmanager
def house_style() -> Iterator[None]:
    """Draw in the house style, whatever the user's own settings; also usable as a decorator."""
    with mpl.rc_context():
        mpl.rcdefaults()
        mpl.rcParams.update(_SETTINGS)
        yield


def new_figure(title: str, height: float, *, simulated: bool, dummy: bool) -> Figure:
    """Begin a figure with its title and, where it is so, with what its people or arms are not.

    Args:
        title: Short title.
        height: Height in inches.
        simulated: Whether the participants are simulated.
        dummy: Whether the arms are dummy ones; the title then says so too.
    """
    figure = Figure(figsize=(WIDTH, height), dpi=DPI, layout="constrained")
    FigureCanvasAgg(figure)
    titled = f"{DUMMY_TREATMENT}: {title}" if dummy else title
    width = _TITLE_WIDTH - _STAMP_WIDTH * dummy * simulated
    figure.suptitle(textwrap.fill(titled, width), x=0.008, ha="left")
    if dummy:
        right = 1 - (_SIMULATED_SPACE if simulated else 0.09) / WIDTH
        _stamp(figure, DUMMY_TREATMENT, right, color="white", facecolor=WARNING)
    if simulated:
        _stamp(figure, "Simulated participants", 0.99, color=WARNING, facecolor="none")
    return figure


def _stamp(figure: Figure, words: str, right: float, *, color: str, facecolor: str) -> None:
    """Put words in a box into the line of the title, ending at a share of the width."""
    figure.text(
        right,
        1 - 0.11 / figure.get_figheight(),
        words,
        ha="right",
        va="top",
        color=color,
        weight="bold",
        bbox={"boxstyle": "round,pad=0.3", "edgecolor": WARNING, "facecolor": facecolor},
    )


def sentence_figure(title: str, sentence: str, *, simulated: bool, dummy: bool) -> Figure:
    """A figure that says in a sentence why there is nothing to draw."""
    figure = new_figure(title, 1.0, simulated=simulated, dummy=dummy)
    figure.text(0.008, 0.4, textwrap.fill(sentence, 110), va="center")
    return figure


def save_figure(figure: Figure, svg: str | Path, png: str | Path, pdf: str | Path) -> None:
    """Write a figure as SVG, its letters as outlines, as PNG, and as PDF with embedded fonts.

    Args:
        figure: The figure, drawn in :func:`house_style`.
        svg: Path of the SVG file; its title, for screen readers, is that of the figure.
        png: Path of the PNG file.
        pdf: Path of the PDF file.
    """
    with house_style():
        _settle(figure)
        title = figure.get_suptitle() or None
        about = {"Title": title, "Date": None, "Creator": None}
        undated = {"Title": title, "CreationDate": None, "Creator": None, "Producer": None}
        with whole_file(svg) as partial:
            figure.savefig(partial, format="svg", dpi=DPI, metadata=about)
        with whole_file(png) as partial:
            figure.savefig(partial, format="png", dpi=DPI, metadata={"Software": None})
        with whole_file(pdf) as partial:
            figure.savefig(partial, format="pdf", dpi=DPI, metadata=undated)


def _settle(figure: Figure) -> None:
    """Lay the figure out once, and round where the solver put each panel.

    Its last bits differ between processes, and the names of clip paths are made from them: without
    this the same results would not give the same file.
    """
    figure.draw_without_rendering()
    figure.set_layout_engine("none")
    for axes in figure.axes:
        left, bottom, width, height = (round(float(p), 9) for p in axes.get_position().bounds)
        axes.set_position((left, bottom, width, height))


def wrapped(text: str, width: int) -> str:
    r"""Break a text into as few lines as a width allows, and those about equally long.

    >>> wrapped("Negative binomial regression of the counts", 38)
    'Negative binomial\nregression of the counts'
    """
    return "\n".join(_wrapped_line(line, width) for line in text.split("\n"))


def _wrapped_line(text: str, width: int) -> str:
    lines = len(textwrap.wrap(text, width))
    narrowest = next(w for w in range(1, width + 1) if len(textwrap.wrap(text, w)) <= lines)
    return textwrap.fill(text, narrowest)


def with_minus(number: str) -> str:
    """Write a number's sign as a minus rather than a hyphen."""
    return number.replace("-", "\N{MINUS SIGN}")


def percent_label(percent: float) -> str:
    """A percent change with its sign, for the ticks of an axis.

    >>> percent_label(100), percent_label(0), percent_label(-50)
    ('+100%', '0%', '−50%')
    """
    return with_minus(f"{percent:+g}%") if percent else "0%"
