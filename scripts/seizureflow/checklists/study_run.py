"""A study's plan and results, and the questions that evidence asks of them."""

from __future__ import annotations

import math
from collections.abc import Mapping
from typing import Any

import pandas as pd

from seizureflow.blinding import is_dummy
from seizureflow.displays.labels import Labels
from seizureflow.displays.values import Number, Piece, Result, Results, number

Entry = dict[str, Any]


class StudyRun:
    """The validated protocol of a study with the results of its analyses."""

    def __init__(self, protocol: Entry, labels: Mapping[str, str], results: pd.DataFrame) -> None:
        self.protocol = protocol
        self.labels = Labels(protocol, labels)
        self.results = Results(results)

    @property
    def dummy(self) -> bool:
        """Whether the arms are dummies, so that no result by arm says anything of the trial."""
        return is_dummy(self.protocol["treatment"])

    @property
    def primary(self) -> Entry | None:
        """The primary analysis; None where the plan has none."""
        return next(iter(self.with_role("primary")), None)

    @property
    def estimands(self) -> list[Entry]:
        """Estimands of the plan, in its order."""
        return list(self.protocol.get("estimands", []))

    @property
    def compared_arms(self) -> list[Entry]:
        """The arms that are compared with the reference."""
        return self.labels.arms[1:]

    def with_role(self, *roles: str) -> list[Entry]:
        """Analyses of the plan with one of some roles."""
        return [entry for entry in self.protocol["analyses"] if entry["role"] in roles]

    def with_method(self, method: str) -> list[Entry]:
        """Analyses of the plan by a method that gave results."""
        return [
            entry
            for entry in self.protocol["analyses"]
            if entry["method"] == method and self.has_results(entry)
        ]

    def has_results(self, analysis: Entry) -> bool:
        """Whether an analysis gave at least one number or text besides notes."""
        return any(_present(row) for row in self.results.of(analysis["id"]))

    def plain(self, analysis: str, statistic: str, arm: str | None) -> Result | None:
        """The row of a statistic of an arm, of no visit, variable or level; None where none is."""
        for row in self.results.having(analysis, statistic):
            about = (row.variable, row.level, row.visit)
            if row.group == arm and about == (None, None, None) and _present(row):
                return row
        return None

    def by_arm(self, analysis: str, statistic: str) -> tuple[Piece, ...]:
        """A number of every arm with its label; empty where any arm has none."""
        found = [(arm, self.plain(analysis, statistic, arm["id"])) for arm in self.labels.arms]
        pieces: list[Piece] = []
        for arm, row in found:
            if row is None:
                return ()
            pieces += [", " if pieces else "", f"{arm['label']} ", number(row)]
        return tuple(pieces)

    def estimate(self, analysis: Entry) -> tuple[Piece, ...]:
        """The estimate with its interval of every compared arm; empty where any lacks one."""
        measure = self.labels.measure(analysis)
        pieces: list[Piece] = []
        for arm in self.compared_arms:
            numbers = self._with_limits(analysis["id"], measure, arm["id"])
            if not numbers:
                return ()
            if len(self.compared_arms) > 1:
                pieces.append(f"{', ' if pieces else ''}{arm['label']} ")
            value, lower, upper = numbers
            pieces += [value, " (", lower, " to ", upper, ")"]
        return tuple(pieces)

    def _with_limits(self, analysis: str, measure: str | None, arm: str) -> list[Number]:
        if measure is None:
            return []
        names = (measure, f"{measure}_lower", f"{measure}_upper")
        rows = [self.plain(analysis, name, arm) for name in names]
        return [number(row) for row in rows if row is not None] if all(rows) else []


def _present(row: Result) -> bool:
    return row.text is not None or not math.isnan(row.value)
