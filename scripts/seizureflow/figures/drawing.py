"""What a figure is drawn by, and the figure with its words."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from matplotlib.figure import Figure

from seizureflow.blinding import DUMMY_TREATMENT, is_dummy
from seizureflow.displays.values import percent_level
from seizureflow.figures.style import arms_in_order

Entry = dict[str, Any]


@dataclass(frozen=True)
class FigurePlan:
    """What a figure takes from the plan of its study.

    Attributes:
        protocol: Those entries of the protocol that the catalogue names for the figure.
        analyses: The analyses whose results it reads, in the order of the plan.
        labels: Labels of variables, endpoints, windows, visits, arms and seizure types by id.
        confidence_level: Level of the intervals.
    """

    protocol: Entry
    analyses: tuple[Entry, ...]
    labels: Mapping[str, str]
    confidence_level: float

    @property
    def arms(self) -> list[Entry]:
        """The arms, the reference first."""
        return arms_in_order(self.protocol["design"]["arms"])

    @property
    def level(self) -> str:
        """The confidence level in words."""
        return percent_level(self.confidence_level)

    @property
    def simulated(self) -> bool:
        """Whether the participants are simulated."""
        return bool(self.protocol["simulated"])

    @property
    def dummy(self) -> bool:
        """Whether the arms are dummy ones."""
        return is_dummy(self.protocol["treatment"])

    @property
    def marks(self) -> str:
        """What a caption must end with: that participants are simulated, or arms are dummies."""
        return " Simulated participants." * self.simulated + f" {DUMMY_TREATMENT}." * self.dummy


@dataclass(frozen=True)
class Drawing:
    """A figure with its words.

    Attributes:
        figure: The figure.
        title: Its title in the report.
        alt: What it shows, for those who cannot see it.
        caption: How to read it.
    """

    figure: Figure
    title: str
    alt: str
    caption: str


def build_plan(entries: Entry) -> FigurePlan:
    """The plan of a figure, from :func:`seizureflow.figures.plans.figure_plan`."""
    return FigurePlan(
        entries["protocol"],
        tuple(entries["analyses"]),
        entries["labels"],
        entries["confidence_level"],
    )
