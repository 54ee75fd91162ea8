"""Published numbers as targets: the statistic that answers to each, and how far off it is."""

from __future__ import annotations

import math
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from seizureflow.analysis import Statistic
from seizureflow.simulation.rounding_intervals import Interval

Entry = dict[str, Any]
StatisticKey = tuple[str, str | None, str | None, str | None, str | None]


@dataclass(frozen=True)
class Target:
    """One published number or date and the statistic that has to print as it.

    Attributes:
        analysis: the analysis of the protocol that gives the statistic.
        key: name, group, variable, level and visit of the statistic.
        interval: the values that print as the number; None for a text.
        text: the text; None for a number.
        is_ratio: whether the number multiplies rather than adds (odds ratios, p values).
    """

    id: str
    analysis: str
    key: StatisticKey
    interval: Interval | None
    text: str | None
    is_ratio: bool = False

    def distance(self, statistics: Mapping[StatisticKey, Statistic]) -> float:
        """Return how far off the statistic is, in units of the last printed digit; 0 if it agrees.

        Infinite where the statistic does not exist or has no value.
        """
        statistic = statistics.get(self.key)
        if statistic is None:
            return math.inf
        if self.interval is None:
            return 0.0 if statistic.text == self.text else math.inf
        return self.interval.distance(statistic.value)


def read_targets(published: Entry) -> list[Target]:
    """Return the aggregates of a ``published.yaml`` that a statistic answers to."""
    return [_target(entry) for entry in published["aggregates"] if entry.get("compare")]


def by_key(statistics: Iterable[Statistic]) -> dict[StatisticKey, Statistic]:
    """Return the statistics of one analysis by name, group, variable, level and visit."""
    return {(s.name, s.group, s.variable, s.level, s.visit): s for s in statistics}


def _target(entry: Entry) -> Target:
    place = entry["compare"]
    value = entry["value"]
    number = isinstance(value, int | float)
    return Target(
        id=entry["id"],
        analysis=place["analysis"],
        key=(
            place["statistic"],
            place.get("group"),
            place.get("variable"),
            place.get("level"),
            place.get("visit"),
        ),
        interval=Interval.of(value, entry.get("decimals", 0)) if number else None,
        text=None if number else str(value),
        is_ratio=number and value > 0 and entry.get("decimals", 0) > 0 and "unit" not in entry,
    )
