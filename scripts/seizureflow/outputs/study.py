"""A study as the builders of outputs see it: its plan, results and datasets."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import pandas as pd

from seizureflow.blinding import DUMMY_TREATMENT, is_dummy
from seizureflow.displays.labels import Labels
from seizureflow.displays.values import Result, Results

Entry = dict[str, Any]


@dataclass(frozen=True)
class Study:
    """A study.

    Attributes:
        labels: Labels of its plan, and the plan.
        results: Its results.
        datasets: Its analysis datasets by name, and ``published`` where it has that comparison.
        confidence_level: Level of the intervals.
    """

    labels: Labels
    results: Results
    datasets: Mapping[str, pd.DataFrame]
    confidence_level: float

    @property
    def protocol(self) -> Entry:
        """The validated protocol."""
        return self.labels.protocol

    @property
    def warnings(self) -> tuple[str, ...]:
        """What must stand on every output."""
        found = []
        if is_dummy(self.protocol["treatment"]):
            found.append(f"{DUMMY_TREATMENT}: arms were assigned at random")
        if self.protocol["simulated"]:
            found.append("SIMULATED: the participants of this study are simulated")
        return tuple(found)

    def analyses(self, *methods: str, role: str | None = None) -> list[Entry]:
        """Analyses of the plan by any of some methods, or of a role, that gave results."""
        return [
            entry
            for entry in self.protocol["analyses"]
            if (not methods or entry["method"] in methods)
            and role in (None, entry["role"])
            and self.results.of(entry["id"])
        ]

    def sizes(self, analysis: str, statistic: str = "participants") -> dict[str | None, Result]:
        """Participants of each arm, and of all arms where the analysis gives that too."""
        return {
            row.group: row
            for row in self.results.having(analysis, statistic)
            if (row.reference, row.variable, row.level, row.visit) == (None, None, None, None)
        }

    def population(self, analysis: Entry) -> str:
        """Label of the analysis set of an analysis."""
        return self.labels.population(analysis["population"])


def make_study(
    protocol: Entry,
    labels: Mapping[str, str],
    results: pd.DataFrame,
    datasets: Mapping[str, pd.DataFrame],
    confidence_level: float,
) -> Study:
    """Put a study together.

    Args:
        protocol: The validated protocol.
        labels: Labels of the names that the protocol uses.
        results: Table ``results`` of the study.
        datasets: Analysis datasets by name, and table ``published`` where the study has one.
        confidence_level: Level of the intervals.
    """
    return Study(Labels(protocol, labels), Results(results), datasets, confidence_level)
